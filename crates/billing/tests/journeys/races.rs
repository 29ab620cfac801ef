//! Many at once: each thing happens once.

use billing::customer_lists::{Filter, list};
use std::sync::atomic::{AtomicBool, Ordering};

use billing::orders::Invoicing;
use billing::transitions::act;
use billing::{customer_updates, customers};
use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::payments::PaymentStatus;
use domain::transitions::CustomerAction;
use futures_util::future::join_all;
use testkit::clock::timestamp;
use testkit::organization::ACME;
use testkit::scene::{WALL, amount_by_card, by_card, new_customer, new_order, place, with_login};
use testkit::scenes;

use crate::refusal;

/// `count` times the same work, each in a task of its own.
#[expect(clippy::disallowed_methods, reason = "the test waits for all of them")]
async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    count: usize,
    work: impl Fn(usize) -> F,
) -> Vec<T> {
    let tasks: Vec<_> = (0..count).map(|n| tokio::spawn(work(n))).collect();
    join_all(tasks).await.into_iter().map(|task| task.expect("the task does not panic")).collect()
}

scenes! {
    parallel async fn an_order_placed_while_its_plan_changes_keeps_one_price(scene: Scene) {
        let dearer = ACME.replace("price = \"165.00\"", "price = \"170.00\"");
        let seed = billing::seed::parse(&dearer, timestamp(WALL)).unwrap();
        let mut customers = Vec::new();
        for n in 0..12 {
            customers.push(scene.customer(&format!("JOHN{n}")).await);
        }
        let (billing, org) = (scene.billing.clone(), scene.org);
        let placed = at_once(13, |n| {
            let (billing, seed) = (billing.clone(), seed.clone());
            let customer = customers.get(n).copied();
            async move {
                match customer {
                    Some(customer) => {
                        let order = new_order("WHITE-LBL-A", &[]);
                        place(&billing, org, customer, order, Invoicing::Now).await.map(drop)
                    }
                    None => billing::seed::apply(&billing, &seed).await,
                }
            }
        }).await;
        assert!(placed.iter().all(Result::is_ok), "{placed:?}");
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        for customer in customers {
            let totals: Vec<i64> = scene.invoices(customer).await.iter().map(|invoice| invoice.head.total.0).collect();
            assert!([vec![6050, 16500], vec![6233, 17000]].contains(&totals), "{totals:?}");
        }
        scene.check().await;
    }

    parallel async fn customers_made_suspended_and_deleted_at_the_same_time_are_counted_each(scene: Scene) {
        let (billing, org) = (scene.billing.clone(), scene.org);
        let made = at_once(40, |n| {
            let billing = billing.clone();
            async move {
                let new = new_customer(&format!("JOHN{n}"));
                let id = customers::create(&billing, org, &Actor::System, new).await.unwrap().customer.id;
                match n % 4 {
                    0 => act(&billing, org, &Actor::System, id, CustomerAction::Suspend).await.map(drop).unwrap(),
                    1 => customer_updates::delete(&billing, org, &Actor::System, id).await.unwrap(),
                    _ => {}
                }
            }
        }).await;
        assert_eq!(made.len(), 40);
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        for (status, total) in [(None, 30), (Some(CustomerStatus::Active), 20), (Some(CustomerStatus::Suspended1), 10)] {
            let filter = Filter { status, ..Filter::default() };
            let page = store::Page { offset: 0, max: 5 };
            assert_eq!(list(&mut view, &filter, page).await.unwrap().1, total, "{status:?}");
        }
        scene.check().await;
    }

    parallel async fn payments_at_the_same_time_charge_an_invoice_once(scene: Scene) {
        for round in 0..20 {
            let john = scene.customer(&format!("JOHN{round}")).await;
            let invoice = scene.invoice(john).await.head.id;
            let (billing, org) = (scene.billing.clone(), scene.org);
            let outcomes = at_once(4, |_| {
                let billing = billing.clone();
                async move {
                    billing::payments::pay(&billing, org, &domain::access::Actor::System, by_card(&[invoice])).await
                }
            }).await;
            let (paid, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(paid.len(), 1);
            for outcome in refused {
                let message = refusal(outcome);
                assert!(message.contains("already paid") || message.contains("being paid"), "{message}");
            }
            assert_eq!(scene.gateway.charges(), round + 1);
            assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        }
        scene.check().await;
    }

    parallel async fn payments_in_parts_at_the_same_time_add_up(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await.head.id;
        let (billing, org) = (scene.billing.clone(), scene.org);
        let outcomes = at_once(12, |_| {
            let billing = billing.clone();
            async move {
                billing::payments::pay(&billing, org, &domain::access::Actor::System, amount_by_card(john, "10")).await
            }
        }).await;
        assert!(outcomes.iter().all(|paid| paid.as_ref().unwrap().head.status == PaymentStatus::Paid));
        assert_eq!(scene.find_invoice(invoice).await.head.status, InvoiceStatus::Paid);
        assert_eq!(scene.balance(john).await, Amount(6050 - 12000), "the rest is credit");
        scene.check().await;
    }

    parallel async fn orders_at_the_same_time_have_numbers_without_gaps(scene: Scene) {
        let customers = [scene.customer("A").await, scene.customer("B").await];
        let (billing, org) = (scene.billing.clone(), scene.org);
        let placed = at_once(16, |n| {
            let billing = billing.clone();
            let customer = customers[n % 2];
            let order = new_order("WHITE-LBL-A", &[]);
            async move { place(&billing, org, customer, order, Invoicing::Now).await }
        }).await;
        let placed = placed.into_iter().map(Result::unwrap);
        let mut numbers: Vec<(String, String)> =
            placed.map(|p| (p.order.number, p.invoices[0].head.number.clone())).collect();
        numbers.sort();
        let orders: Vec<&str> = numbers.iter().map(|(order, _)| order.as_str()).collect();
        let expected: Vec<String> = (1007..1023).map(|n| n.to_string()).collect();
        assert_eq!(orders, expected);
        scene.check().await;
    }

    parallel async fn of_twenty_customers_of_one_reference_one_is_created(scene: Scene) {
        let (billing, org) = (scene.billing.clone(), scene.org);
        let created = at_once(20, |_| {
            let billing = billing.clone();
            async move {
                let actor = domain::access::Actor::System;
                billing::customers::create(&billing, org, &actor, new_customer("BJ444")).await
            }
        }).await;
        let (created, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
        assert_eq!(created.len(), 1);
        for outcome in refused {
            assert!(refusal(outcome).contains("extCustomerRef is already used"));
        }
        scene.check().await;
    }

    parallel async fn of_several_customers_of_one_user_name_one_is_created(scene: Scene) {
        let (billing, org) = (scene.billing.clone(), scene.org);
        let created = at_once(6, |n| {
            let billing = billing.clone();
            async move {
                let new = with_login(new_customer(&format!("C{n}")), "johndoe", "Sachxwe001");
                billing::customers::create(&billing, org, &domain::access::Actor::System, new).await
            }
        }).await;
        let (created, refused): (Vec<_>, Vec<_>) = created.into_iter().partition(Result::is_ok);
        assert_eq!(created.len(), 1);
        for outcome in refused {
            assert!(refusal(outcome).contains("username is already used"));
        }
        scene.check().await;
    }

    parallel async fn ids_of_two_processes_never_meet(scene: Scene) {
        let other = scene.process();
        let (billing, org) = (scene.billing.clone(), scene.org);
        let created = at_once(12, |n| {
            let billing = if n % 2 == 0 { billing.clone() } else { other.clone() };
            async move {
                let new = new_customer(&format!("C{n}"));
                billing::customers::create(&billing, org, &domain::access::Actor::System, new).await.unwrap().customer
            }
        }).await;
        let mut ids: Vec<i64> = created.iter().flat_map(|c| [c.id.0, c.billing_contact.id.0, c.financials_id]).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 36);
    }

    parallel async fn a_hundred_payments_of_one_invoice_at_the_same_time_are_one_charge(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let invoice = scene.invoice(john).await.head.id;
        let processes = [scene.billing.clone(), scene.process()];
        let org = scene.org;
        let outcomes = at_once(100, |n| {
            let billing = processes[n % 2].clone();
            async move { billing::payments::pay(&billing, org, &domain::access::Actor::System, by_card(&[invoice])).await }
        }).await;
        let paid = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!((paid, scene.gateway.charges(), scene.gateway.charged()), (1, 1, Amount(6050)));
        scene.check().await;
    }

    parallel async fn two_processes_that_work_the_same_night_come_to_one_result(scene: Scene) {
        let day = Date::new(2011, 9, 21);
        let mut customers = Vec::new();
        for n in 0..12 {
            let customer = scene.customer(&format!("JOHN{n}")).await;
            crate::nightly::keep(&scene, customer, 1, testkit::scene::card()).await;
            scene.place(customer, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
            customers.push(customer);
        }
        let processes = [scene.process(), scene.process(), scene.process()];
        let org = scene.org;
        let worked = at_once(3, |n| {
            let billing = processes[n].as_of(day);
            async move { billing::runs::day(&billing, org, day, billing::runs::Watch::none()).await }
        }).await;
        for outcome in worked {
            outcome.unwrap();
        }
        assert_eq!((scene.gateway.charges(), scene.gateway.charged()), (12, Amount(12 * 6050)));
        for customer in customers {
            assert_eq!((scene.invoices(customer).await.len(), scene.balance(customer).await), (1, Amount::ZERO));
        }
        scene.check().await;
    }
}

/// The server ends all connections in the middle of a night, time and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_goes_on_when_postgresql_has_thrown_everybody_out() {
    let scene = testkit::Scene::postgres().await;
    let day = Date::new(2011, 9, 21);
    let mut customers = Vec::new();
    for n in 0..40 {
        let customer = scene.customer(&format!("JOHN{n}")).await;
        crate::nightly::keep(&scene, customer, 1, testkit::scene::card()).await;
        scene.place(customer, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
        customers.push(customer);
    }
    let (mut interruptions, mut round) = (0, 0);
    loop {
        round += 1;
        assert!(round < 200, "it never gets to the end");
        let billing = scene.process().as_of(day);
        let is_done = AtomicBool::new(false);
        let work = async {
            let worked = billing::runs::day(&billing, scene.org, day, billing::runs::Watch::none()).await;
            is_done.store(true, Ordering::Release);
            worked
        };
        let throw_out = async {
            // After some more payments than last time, unless the night is over before.
            while round < 20 && scene.gateway.calls() < 2 * round && !is_done.load(Ordering::Acquire) {
                tokio::task::yield_now().await;
            }
            if round < 20 {
                scene.throw_everybody_out().await;
            }
        };
        match tokio::join!(work, throw_out).0 {
            Ok(_) if round >= 20 => break,
            Ok(_) => {}
            Err(billing::Error::Unavailable(_)) => interruptions += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(interruptions > 0, "nobody was thrown out in the middle");
    scene.settle().await;
    for day in [day.add_days(1), day.add_days(2)] {
        let billing = scene.billing.as_of(day);
        billing::runs::day(&billing, scene.org, day, billing::runs::Watch::none()).await.unwrap();
    }
    for customer in customers {
        assert_eq!((scene.invoices(customer).await.len(), scene.balance(customer).await), (1, Amount::ZERO));
    }
    assert_eq!(scene.gateway.charged(), Amount(40 * 6050));
    scene.check().await;
}
