//! The work of a day: instalments, autopay, dunning, and what a run that is stopped, cut off or repeated leaves behind.

use billing::orders::{Invoicing, Placed};
use billing::payment_methods::{self, SaveRequest};
use billing::runs::{self, Watch};
use billing::{Error, clock, jobs, payment_plans};
use domain::access::Actor;
use domain::customers::{CustomerStatus, NewCustomer};
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::orders::NewOrder;
use domain::payment_methods::{NewMethod, Secret};
use domain::payment_plans::PaymentPlan;
use domain::payments::{Payment, PaymentStatus};
use domain::runs::{Counts, RunState};
use domain::wallet::{Card, Expiry};
use testkit::organization::ACME;
use testkit::scene::{amount_by_card, card, new_customer, new_order};
use testkit::{Hold, Scene, Script, scenes};
use wire::payment_plans::PaymentPlanRequest;

use crate::refusal;

const BY: &Actor = &Actor::System;
const PAGE: store::Page = store::Page { offset: 0, max: 100 };

pub async fn keep(scene: &Scene, customer: CustomerId, preference: i64, card: Card) {
    let new = NewMethod { preference, secret: Secret::Card(Box::new(card)) };
    let org = scene.organization("acme").await;
    let request = SaveRequest { customer, new, validate: false };
    payment_methods::save(&scene.billing, &org, BY, request).await.unwrap();
}

/// An order that the next run bills: 60.50 on 21 September, 165.00 on the first of each month.
async fn order(scene: &Scene, customer: CustomerId) -> Placed {
    scene.place(customer, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap()
}

/// A customer with a card on file and an order that is billed by the next run.
async fn payer(scene: &Scene, name: &str) -> CustomerId {
    let customer = scene.customer(name).await;
    keep(scene, customer, 1, card()).await;
    order(scene, customer).await;
    customer
}

/// A customer's payments, oldest first: day, status, amount.
async fn payments(scene: &Scene, customer: CustomerId) -> Vec<(String, PaymentStatus, i64)> {
    let all = all_payments(scene, customer).await;
    all.into_iter().map(|payment| (payment.effective_on.to_string(), payment.status, payment.amount.0)).collect()
}

async fn all_payments(scene: &Scene, customer: CustomerId) -> Vec<Payment> {
    let mut conn = scene.db.read().await.unwrap();
    let (mut payments, _) = store::payments::list(&mut conn, scene.org, customer, PAGE).await.unwrap();
    payments.sort_by_key(|payment| payment.id);
    payments
}

async fn status(scene: &Scene, customer: CustomerId) -> CustomerStatus {
    scene.find_customer(customer).await.status
}

async fn day(scene: &Scene, day: &str) -> Counts {
    let day: Date = day.parse().unwrap();
    runs::day(&scene.billing.as_of(day), scene.org, day, Watch::none()).await.unwrap()
}

async fn on_their_way(scene: &Scene, customers: &[CustomerId]) -> usize {
    let mut count = 0;
    for &customer in customers {
        count += payments(scene, customer).await.iter().filter(|(_, status, _)| *status == Pending).count();
    }
    count
}

async fn plan(scene: &Scene, customer: CustomerId, amount: i64, count: i64, only_if_owed: bool) {
    let request = PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: Some(only_if_owed),
        charge_amount: Some(amount.into()),
        start_on: Some(Date::new(2011, 10, 1)),
        total_installments: Some(count),
        frequency_value: Some(1),
        frequency_units: Some(TimeUnit::Months),
        is_enabled: None,
        is_offered: false,
    };
    let request = &request;
    scene.billing.unit(scene.org, BY, async |unit| payment_plans::save(unit, customer, request).await).await.unwrap();
}

async fn current_plan(scene: &Scene, customer: CustomerId) -> PaymentPlan {
    let mut conn = scene.db.read().await.unwrap();
    store::payment_plans::current(&mut conn, scene.org, customer).await.unwrap().unwrap()
}

use PaymentStatus::{Declined, Paid, Pending};

scenes! {
    async fn what_is_due_is_charged_to_the_method_on_file_on_the_day_it_is_billed(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        let jane = scene.customer("JANE").await;
        order(&scene, jane).await;
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        let expected = [("2011-09-21".to_owned(), Paid, 6050), ("2011-10-01".to_owned(), Paid, 16500)];
        assert_eq!(payments(&scene, john).await, expected);
        assert_eq!((scene.balance(john).await, scene.gateway.charges()), (Amount::ZERO, 2));
        assert!(all_payments(&scene, john).await.iter().all(|payment| payment.is_processed_by_billing_run));
        assert_eq!(scene.balance(jane).await, Amount(22550), "she has nothing on file");
        scene.check().await;
    }

    async fn so_many_customers_are_charged_at_once_and_no_more(scene: Scene) {
        const AT_ONCE: usize = 3;
        const PAYERS: usize = 12;
        let mut scene = scene;
        scene.billing.charges_at_once = AT_ONCE;
        for n in 0..PAYERS {
            payer(&scene, &format!("JOHN{n}")).await;
        }
        scene.gateway.hold(Hold::Before);
        let one_after_the_other = async {
            for n in 0..PAYERS {
                scene.gateway.arrived().await;
                // Who is one too many gets to the processor while others are written down.
                scene.customer(&format!("JANE{n}")).await;
                if n + 1 >= AT_ONCE {
                    scene.gateway.release_one();
                }
            }
            scene.gateway.release();
        };
        let (advanced, ()) = tokio::join!(scene.advance("2011-09-21T00:00:00Z"), one_after_the_other);
        advanced.unwrap();
        assert_eq!((scene.gateway.charges(), scene.gateway.most_at_once()), (PAYERS, AT_ONCE));
        scene.check().await;
    }

    async fn as_many_again_are_looked_up_while_the_processor_takes_its_time(scene: Scene) {
        const AT_ONCE: usize = 2;
        let mut scene = scene;
        scene.billing.charges_at_once = AT_ONCE;
        let mut payers = Vec::new();
        for n in 0..3 * AT_ONCE {
            payers.push(payer(&scene, &format!("JOHN{n}")).await);
        }
        scene.gateway.hold(Hold::Before);
        let held = async {
            for _ in 0..AT_ONCE {
                scene.gateway.arrived().await;
            }
            while on_their_way(&scene, &payers).await < 2 * AT_ONCE {
                tokio::task::yield_now().await;
            }
            assert_eq!(scene.gateway.most_at_once(), AT_ONCE);
            scene.gateway.release();
        };
        let (advanced, ()) = tokio::join!(scene.advance("2011-09-21T00:00:00Z"), held);
        advanced.unwrap();
        assert_eq!((scene.gateway.charges(), scene.gateway.most_at_once()), (payers.len(), AT_ONCE));
        scene.check().await;
    }

    async fn an_invoice_is_charged_on_its_due_date_and_not_before(scene: Scene) {
        let terms = "[[organization.plan]]\ncontract_code = \"FIXED-10\"\ndue_date_value = 14";
        let seed = ACME.replace("[[organization.plan]]\ncontract_code = \"FIXED-10\"", terms);
        scene.seed(&seed).await.unwrap();
        let john = scene.customer("JOHN").await;
        keep(&scene, john, 1, card()).await;
        let order = NewOrder { end_on: Some(Date::new(2011, 10, 19)), ..new_order("FIXED-10", &[("FLAT", "1")]) };
        scene.place(john, order, Invoicing::Now).await.unwrap();
        scene.advance("2011-10-03T23:59:59Z").await.unwrap();
        assert!(payments(&scene, john).await.is_empty());
        scene.advance("2011-10-04T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await, [("2011-10-04".to_owned(), Paid, 1000)]);
        scene.check().await;
    }

    async fn the_second_method_is_tried_only_when_the_first_is_declined(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        keep(&scene, john, 3, card()).await;
        scene.gateway.next(Script::Decline);
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        let tried: Vec<_> = all_payments(&scene, john).await.iter().map(|it| (it.status, it.collection.unwrap().preference)).collect();
        assert_eq!(tried, [(Declined, 1), (Paid, 3)]);
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
        let jane = payer(&scene, "JANE").await;
        keep(&scene, jane, 2, card()).await;
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, jane).await, [("2011-09-22".to_owned(), Pending, 5500)], "it may have been charged");
        scene.settle().await;
        assert_eq!(payments(&scene, jane).await, [("2011-09-22".to_owned(), Paid, 5500)]);
        scene.check().await;
    }

    async fn a_declined_autopay_is_tried_again_after_three_five_and_seven_days(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        for _ in 0..4 {
            scene.gateway.next(Script::Decline);
        }
        scene.advance("2011-09-30T12:00:00Z").await.unwrap();
        let days: Vec<String> = payments(&scene, john).await.into_iter().map(|(day, ..)| day).collect();
        assert_eq!(days, ["2011-09-21", "2011-09-24", "2011-09-26", "2011-09-28"]);
        scene.advance("2011-10-01T12:00:00Z").await.unwrap();
        let last = payments(&scene, john).await.pop().unwrap();
        assert_eq!(last, ("2011-10-01".to_owned(), Paid, 22550), "another invoice is due: all is tried again");
        scene.check().await;
    }

    async fn retry_days_are_the_organizations(scene: Scene) {
        scene.seed(&ACME.replace("currency = \"USD\"", "currency = \"USD\"\nretry_days = [2]")).await.unwrap();
        let john = payer(&scene, "JOHN").await;
        for _ in 0..3 {
            scene.gateway.next(Script::Decline);
        }
        scene.advance("2011-09-30T12:00:00Z").await.unwrap();
        let days: Vec<String> = payments(&scene, john).await.into_iter().map(|(day, ..)| day).collect();
        assert_eq!(days, ["2011-09-21", "2011-09-23"]);
        let bad = scene.seed(&ACME.replace("currency = \"USD\"", "currency = \"USD\"\nretry_days = [0]")).await;
        assert!(refusal(bad).contains("retry_days must be days from 1 to 365"));
    }

    async fn another_method_is_tried_the_next_day(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        scene.gateway.next(Script::Decline);
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        keep(&scene, john, 1, card()).await;
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await[1], ("2011-09-22".to_owned(), Paid, 6050));
        scene.check().await;
    }

    async fn a_method_that_is_declined_for_good_is_never_tried_again(scene: Scene) {
        let john = scene.customer("JOHN").await;
        keep(&scene, john, 1, Card { expiry: Expiry { year: 2011, month: 8 }, ..card() }).await;
        order(&scene, john).await;
        scene.gateway.next(Script::DeclineForGood);
        scene.advance("2012-01-15T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await.len(), 1);
        keep(&scene, john, 1, card()).await;
        scene.advance("2012-01-16T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn an_order_without_autopay_is_left_out(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        let without = NewOrder { is_auto_pay: Some(false), ..new_order("FIXED-10", &[("FLAT", "1")]) };
        scene.place(john, without, Invoicing::Later).await.unwrap();
        scene.advance("2011-09-21T00:00:00Z").await.unwrap();
        let invoices = scene.invoices(john).await;
        let seen: Vec<_> = invoices.iter().map(|it| (it.head.total.0, it.head.status)).collect();
        assert_eq!(seen, [(6050, InvoiceStatus::Paid), (1000, InvoiceStatus::Outstanding)], "on invoices of their own");
        scene.advance("2011-12-31T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount(4000));
        scene.check().await;
    }

    async fn a_customer_that_is_suspended_is_neither_billed_nor_charged(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        scene.invoice(john).await;
        billing::transitions::act(&scene.billing, scene.org, BY, john, domain::transitions::CustomerAction::Suspend).await.unwrap();
        scene.advance("2011-11-01T00:00:00Z").await.unwrap();
        assert!(payments(&scene, john).await.is_empty());
        assert_eq!(scene.invoices(john).await.len(), 1);
        billing::transitions::act(&scene.billing, scene.org, BY, john, domain::transitions::CustomerAction::Activate).await.unwrap();
        scene.advance("2011-11-02T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn an_instalment_takes_the_lesser_of_itself_and_the_balance_and_the_plan_ends(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        scene.invoice(john).await;
        plan(&scene, john, 150, 3, true).await;
        scene.advance("2011-09-30T00:00:00Z").await.unwrap();
        assert!(payments(&scene, john).await.is_empty(), "while a plan runs, whole invoices are not charged");
        scene.advance("2011-10-01T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await, [("2011-10-01".to_owned(), Paid, 15000)]);
        assert_eq!(current_plan(&scene, john).await.remaining_installments, 2);
        scene.pay(amount_by_card(john, "250.00")).await.unwrap();
        scene.advance("2011-11-01T00:00:00Z").await.unwrap();
        let owed = 2 * 6050 + 2 * 2 * 16500 - 15000 - 25000;
        assert_eq!(payments(&scene, john).await.pop().unwrap(), ("2011-11-01".to_owned(), Paid, 15000));
        assert_eq!(scene.balance(john).await, Amount(owed - 15000));
        scene.advance("2011-12-01T12:00:00Z").await.unwrap();
        let over = current_plan(&scene, john).await;
        assert_eq!((over.remaining_installments, over.is_enabled), (0, false));
        let last = payments(&scene, john).await.pop().unwrap();
        assert_eq!((last.0.as_str(), last.2), ("2011-12-01", 15000), "and not the rest of the balance on the same day");
        scene.advance("2011-12-02T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(john).await, Amount::ZERO, "after the plan what is due is charged as a whole again");
        scene.check().await;
    }

    async fn an_instalment_of_somebody_who_owes_nothing_is_used_without_a_charge(scene: Scene) {
        let john = scene.customer("JOHN").await;
        keep(&scene, john, 1, card()).await;
        plan(&scene, john, 50, 2, true).await;
        scene.advance("2011-10-15T00:00:00Z").await.unwrap();
        assert_eq!((current_plan(&scene, john).await.remaining_installments, scene.gateway.calls()), (1, 0));
        let jane = scene.customer("JANE").await;
        keep(&scene, jane, 1, card()).await;
        plan(&scene, jane, 50, 1, false).await;
        scene.advance("2011-10-16T00:00:00Z").await.unwrap();
        assert_eq!(scene.balance(jane).await, Amount(-5000), "charged whatever is owed");
        assert!(!current_plan(&scene, jane).await.is_enabled);
        scene.check().await;
    }

    async fn a_declined_instalment_stays_due_and_is_tried_every_day(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        plan(&scene, john, 50, 3, true).await;
        scene.gateway.next(Script::Decline);
        scene.gateway.next(Script::Decline);
        scene.advance("2011-10-04T00:00:00Z").await.unwrap();
        let expected = [
            ("2011-10-01".to_owned(), Declined, 5000),
            ("2011-10-02".to_owned(), Declined, 5000),
            ("2011-10-03".to_owned(), Paid, 5000),
        ];
        assert_eq!(payments(&scene, john).await, expected);
        assert_eq!(current_plan(&scene, john).await.remaining_installments, 2);
        scene.check().await;
    }

    async fn an_instalment_whose_charge_is_unknown_is_used_when_it_turns_out_to_be_charged(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        plan(&scene, john, 50, 3, true).await;
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.advance("2011-10-03T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await, [("2011-10-01".to_owned(), Pending, 5000)], "nothing is tried meanwhile");
        assert_eq!(current_plan(&scene, john).await.remaining_installments, 3);
        scene.settle().await;
        assert_eq!(current_plan(&scene, john).await.remaining_installments, 2);
        scene.check().await;
    }

    async fn a_plan_that_began_in_the_past_charges_one_instalment_a_day(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        plan(&scene, john, 10, 3, true).await;
        scene.advance("2011-09-30T00:00:00Z").await.unwrap();
        let request = PaymentPlanRequest {
            id: Some(current_plan(&scene, john).await.id.0),
            charge_only_if_balance_owed: None,
            charge_amount: None,
            start_on: Some(Date::new(2011, 6, 1)),
            total_installments: None,
            frequency_value: None,
            frequency_units: None,
            is_enabled: None, is_offered: false,
        };
        let request = &request;
        scene.billing.unit(scene.org, BY, async |unit| payment_plans::save(unit, john, request).await).await.unwrap();
        scene.advance("2011-10-10T00:00:00Z").await.unwrap();
        let days: Vec<String> = payments(&scene, john).await.into_iter().map(|(day, ..)| day).collect();
        assert_eq!(days[..3], ["2011-10-01", "2011-10-02", "2011-10-03"]);
        assert_eq!(days[3], "2011-10-04", "then the plan is over, and the rest is due");
        scene.check().await;
    }

    async fn who_has_no_method_for_an_instalment_is_kept_with_the_reason_until_there_is_one(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        plan(&scene, john, 50, 2, true).await;
        scene.advance("2011-10-02T00:00:00Z").await.unwrap();
        let failures = async || {
            runs::failures(&mut scene.billing.view(&scene.organization("acme").await).await.unwrap(), PAGE).await.unwrap().0
        };
        let kept = failures().await;
        assert_eq!((kept.len(), kept[0].customer, kept[0].run_on), (1, john, Date::new(2011, 10, 2)));
        assert!(kept[0].reason.contains("no method on file"), "{}", kept[0].reason);
        keep(&scene, john, 2, card()).await;
        let retried = runs::retry(&scene.billing, scene.org, Watch::none()).await.unwrap();
        assert_eq!((retried.installments, failures().await.len()), (1, 0));
        assert_eq!(payments(&scene, john).await, [("2011-10-02".to_owned(), Paid, 5000)]);
        scene.check().await;
    }

    async fn who_does_not_pay_is_overdue_and_active_again_when_paid(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let invoice = scene.invoice(john).await.head;
        scene.advance("2011-10-04T23:59:59Z").await.unwrap();
        assert_eq!(status(&scene, john).await, CustomerStatus::Active);
        let org = scene.organization("acme").await;
        let tomorrow = Date::new(2011, 10, 5);
        let foreseen = runs::forecast(&mut scene.billing.view(&org).await.unwrap(), tomorrow).await.unwrap();
        assert_eq!((foreseen.len(), foreseen[0].status, foreseen[0].days_late), (1, CustomerStatus::Overdue1, 15));
        scene.advance("2011-10-05T00:00:00Z").await.unwrap();
        assert_eq!(status(&scene, john).await, CustomerStatus::Overdue1);
        assert_eq!(invoice.due_on, Date::new(2011, 9, 20));
        let rest = scene.balance(john).await;
        scene.pay(amount_by_card(john, &domain::money::Currency::format("USD".parse().unwrap(), rest))).await.unwrap();
        assert_eq!(status(&scene, john).await, CustomerStatus::Overdue1, "the next run sees it");
        scene.advance("2011-10-06T00:00:00Z").await.unwrap();
        assert_eq!(status(&scene, john).await, CustomerStatus::Active);
        scene.check().await;
    }

    async fn businesses_may_have_overdue_rules_of_their_own(scene: Scene) {
        let rules = "\n[[organization.overdue_rule]]\ncustomer_group = \"businesses\"\ndays_late = 20\n\
            status = \"Overdue2\"\n";
        scene.seed(&format!("{ACME}{rules}")).await.unwrap();
        let john = scene.customer("JOHN").await;
        let works = NewCustomer { is_business_account: true, ..new_customer("WORKS") };
        let works = scene.create(scene.org, works).await.unwrap();
        for customer in [john, works] {
            scene.invoice(customer).await;
        }
        let statuses = async || (status(&scene, john).await, status(&scene, works).await);
        scene.advance("2011-10-09T12:00:00Z").await.unwrap();
        assert_eq!(statuses().await, (CustomerStatus::Overdue1, CustomerStatus::Active));
        let org = scene.organization("acme").await;
        let tomorrow = Date::new(2011, 10, 10);
        let foreseen = runs::forecast(&mut scene.billing.view(&org).await.unwrap(), tomorrow).await.unwrap();
        assert_eq!((foreseen.len(), foreseen[0].debtor.customer, foreseen[0].status), (1, works, CustomerStatus::Overdue2));
        scene.advance("2011-10-10T12:00:00Z").await.unwrap();
        assert_eq!(statuses().await, (CustomerStatus::Overdue1, CustomerStatus::Overdue2));
        scene.check().await;
    }

    async fn a_year_at_once_makes_the_transitions_of_its_days(scene: Scene) {
        let rules = "\n[[organization.overdue_rule]]\ndays_late = 30\nstatus = \"Overdue2\"\n\
            [[organization.overdue_rule]]\ndays_late = 60\nstatus = \"Suspended1\"\n";
        scene.seed(&format!("{ACME}{rules}")).await.unwrap();
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        scene.advance("2012-09-20T12:00:00Z").await.unwrap();
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        let days = domain::transitions::Days { first: Date::new(2011, 1, 1), last: Date::new(2013, 1, 1) };
        let listed = billing::transitions::list(&mut view, days, PAGE).await.unwrap();
        let seen: Vec<(String, &str)> = listed.transitions.iter().map(|(it, _)| (it.transitioned_on.to_string(), it.new_status.as_str())).collect();
        let expected = [("2011-10-05", "Overdue1"), ("2011-10-20", "Overdue2"), ("2011-11-19", "Suspended1")];
        assert_eq!(seen, expected.map(|(day, status)| (day.to_owned(), status)));
        assert_eq!(scene.invoices(john).await.len(), 3, "who is suspended is billed no more");
        drop(view);
        scene.check().await;
    }

    async fn running_a_day_again_changes_nothing(scene: Scene) {
        for name in ["JOHN", "JANE", "JIM"] {
            payer(&scene, name).await;
        }
        scene.gateway.next(Script::Decline);
        let first = day(&scene, "2011-09-21").await;
        assert_eq!((first.billed, first.charged, first.declined), (3, 2, 1));
        let stored = async || {
            let mut all = testkit::dump::dump(&scene.db, &["updated_at", "ended_at", "started_at"]).await;
            all.retain(|table, _| table != "id_blocks");
            all
        };
        let before = stored().await;
        assert_eq!(day(&scene, "2011-09-21").await, Counts::default());
        assert_eq!(testkit::dump::differences(&before, &stored().await), Vec::<String>::new());
        scene.check().await;
    }

    async fn a_paused_run_does_nothing_more_and_goes_on_when_resumed(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        runs::pause(&scene.billing, scene.org, BY, true).await.unwrap();
        let refused = clock::advance(&scene.billing, scene.org, BY, testkit::clock::timestamp("2011-09-25T00:00:00Z")).await;
        assert!(matches!(&refused, Err(Error::Conflict(reason)) if reason.contains("paused")), "{refused:?}");
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        let (listed, total) = runs::list(&mut view, PAGE).await.unwrap();
        assert_eq!((total, listed[0].state, listed[0].ended_at), (1, RunState::Paused, None));
        drop(view);
        runs::pause(&scene.billing, scene.org, BY, false).await.unwrap();
        scene.advance("2011-09-25T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await, [("2011-09-21".to_owned(), Paid, 6050)]);
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        assert_eq!(runs::list(&mut view, PAGE).await.unwrap().0[0].state, RunState::Done);
        drop(view);
        scene.check().await;
    }

    async fn serving_the_failed_again_does_not_pass_for_the_work_of_a_day(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        runs::pause(&scene.billing, scene.org, BY, true).await.unwrap();
        let to = testkit::clock::timestamp("2011-09-22T00:00:00Z");
        assert!(clock::advance(&scene.billing, scene.org, BY, to).await.is_err(), "cut off after he was billed");
        runs::pause(&scene.billing, scene.org, BY, false).await.unwrap();
        runs::retry(&scene.billing, scene.org, Watch::none()).await.unwrap();
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, john).await, [("2011-09-21".to_owned(), Paid, 6050)]);
        scene.check().await;
    }

    async fn a_day_that_is_worked_ahead_is_worked_again_when_it_comes(scene: Scene) {
        let john = payer(&scene, "JOHN").await;
        day(&scene, "2011-12-01").await;
        let jane = payer(&scene, "JANE").await;
        scene.advance("2011-09-22T00:00:00Z").await.unwrap();
        assert_eq!(payments(&scene, jane).await, [("2011-09-21".to_owned(), Paid, 6050)]);
        assert_eq!(scene.balance(john).await, Amount::ZERO);
        scene.check().await;
    }

    async fn a_live_organizations_day_is_worked_once_by_whoever_sees_it_first(scene: Scene) {
        let seed = "[[organization]]\nsubdomain = \"live\"\nname = \"Live\"\ncurrency = \"USD\"\ntime_zone = \"America/New_York\"\n\
            [[organization.plan]]\ncontract_code = \"P\"\nname = \"P\"\nbilling_period = \"Monthly\"\n\
            [[organization.plan.charge]]\nprice_code = \"C\"\ncharge_type = \"RecurringCharge\"\nprice = \"1\"\nis_mandatory = true";
        scene.seed(seed).await.unwrap();
        let live = scene.organization("live").await.id;
        let customer = scene.customer_of(live, "L").await;
        testkit::scene::place(&scene.billing, live, customer, new_order("P", &[]), Invoicing::Later).await.unwrap();
        let count = async || {
            let mut conn = scene.db.read().await.unwrap();
            store::invoices::list(&mut conn, live, customer, PAGE).await.unwrap().1
        };
        // It is 4 in the morning there.
        runs::schedule(&scene.billing).await.unwrap();
        assert_eq!((scene.run_jobs().await, count().await), (0, 0));
        scene.clock.advance_seconds(20 * 3600 + 1);
        let other = scene.process();
        for billing in [&scene.billing, &other, &scene.billing] {
            runs::schedule(billing).await.unwrap();
        }
        assert_eq!((scene.run_jobs().await, count().await), (1, 1));
        runs::schedule(&other).await.unwrap();
        assert_eq!(jobs::run_due(&other, 10).await.unwrap(), 0);
    }
}
