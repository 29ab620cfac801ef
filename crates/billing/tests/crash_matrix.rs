//! The process dies at every statement, commit and gateway call in turn; then it starts again, the janitor works, the
//! client repeats its request, and everything is as if nothing had happened.

#[path = "crash_matrix/access.rs"]
mod access;
#[path = "crash_matrix/activities.rs"]
mod activities;
#[path = "crash_matrix/agreements.rs"]
mod agreements;
#[path = "crash_matrix/customers.rs"]
mod customers;
#[path = "crash_matrix/gateway_events.rs"]
mod gateway_events;
#[path = "crash_matrix/idempotency.rs"]
mod idempotency;
#[path = "crash_matrix/invoices.rs"]
mod invoices;
#[path = "crash_matrix/mails.rs"]
mod mails;
#[path = "crash_matrix/nightly.rs"]
mod nightly;
#[path = "crash_matrix/orders.rs"]
mod orders;
#[cfg(test)]
#[path = "crash_matrix/payments.rs"]
mod payments;
#[path = "crash_matrix/walk.rs"]
mod walk;

use std::sync::Arc;

use billing::orders::{Invoicing, Placed};
use billing::payment_methods::{self, SaveRequest};
use billing::payments::{Method, PayRequest, pay};
use billing::probes::missed;
use billing::transitions::{act, list};
use billing::{Billing, Error, Result};
use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId};
use domain::invoices::InvoiceStatus;
use domain::money::Amount;
use domain::orders::NewOrder;
use domain::payment_methods::{NewMethod, PaymentMethod, Secret};
use domain::payments::{FullPayment, PaymentStatus};
use domain::transitions::{CustomerAction, Days};
use testkit::organization::ACME;
use testkit::scene::{by_card, card, new_order, place};
use testkit::{Scene, Script, scenes};

/// More than any of the use cases has, so that a matrix that never ends is seen.
const STEPS_MAX: usize = 200;

/// The process of a scene is dead: its memory is gone, a new one takes over.
fn restart(scene: &mut Scene) {
    scene.faults.reset();
    scene.billing = scene.process();
}

/// The steps of `work`, counted on a run without faults, in which it did what it should.
async fn steps<T>(scene: &mut Scene, work: impl AsyncFnOnce(&Scene) -> Result<T>) -> usize {
    restart(scene);
    work(scene).await.expect("it works when nothing fails");
    let steps = scene.faults.steps();
    assert!((10..STEPS_MAX).contains(&steps), "{steps} steps: {:#?}", scene.faults.trace());
    steps
}

/// Was it an injected fault that the caller saw?
fn assert_crashed<T>(outcome: Result<T>, step: usize) {
    match outcome {
        Ok(_) => panic!("step {step} failed, and nobody noticed"),
        Err(Error::Unavailable(_)) => {}
        Err(other) => panic!("step {step} is reported as {other:?}"),
    }
}

fn numbered(number: &str) -> NewOrder {
    NewOrder { number: Some(number.to_owned()), ..new_order("WHITE-LBL-A", &[]) }
}

async fn order(scene: &Scene, customer: CustomerId, number: &str) -> Result<Placed> {
    place(&scene.billing, scene.org, customer, numbered(number), Invoicing::Now).await
}

async fn pay_with(billing: &Billing, scene: &Scene, invoice: InvoiceId, method: Option<Method>) -> Result<FullPayment> {
    let mut request: PayRequest = by_card(&[invoice]);
    request.method = method.unwrap_or(request.method);
    pay(billing, scene.org, &Actor::System, request).await
}

/// Pays what is still open, as a client that never heard of the first attempt does.
async fn pay_again(scene: &Scene, invoice: InvoiceId, method: Option<Method>, step: usize) {
    match pay_with(&scene.billing, scene, invoice, method).await {
        Ok(payment) => assert_eq!(payment.head.status, PaymentStatus::Paid, "step {step}"),
        Err(Error::Refused(message)) => assert!(message.contains("already paid"), "step {step}: {message}"),
        Err(other) => panic!("step {step}: {other:?}"),
    }
}

/// An invoice of 60.50 for a customer of its own.
async fn invoice(scene: &Scene, name: &str) -> (CustomerId, InvoiceId) {
    let customer = scene.customer(name).await;
    (customer, scene.invoice(customer).await.head.id)
}

/// Everything about this one invoice is resolved: paid, once, with nothing held.
async fn assert_paid_once(scene: &Scene, customer: CustomerId, invoice: InvoiceId, step: usize) {
    let head = scene.find_invoice(invoice).await.head;
    assert_eq!(
        (head.status, head.applied, head.reserved),
        (InvoiceStatus::Paid, Amount(6050), Amount(0)),
        "step {step}"
    );
    assert_eq!(scene.balance(customer).await, Amount::ZERO, "step {step}");
    let mut conn = scene.db.read().await.expect("a connection to read with");
    let page = store::Page { offset: 0, max: 100 };
    let payments = store::payments::list(&mut conn, scene.org, customer, page).await.expect("payments can be read").0;
    drop(conn);
    let paid = payments.iter().filter(|payment| payment.status == PaymentStatus::Paid).count();
    let pending = payments.iter().filter(|payment| payment.status == PaymentStatus::Pending).count();
    assert_eq!((paid, pending), (1, 0), "step {step}");
    scene.check().await;
}

/// Dies at each step of paying an invoice, and each time comes back.
async fn crash_while_paying(mut scene: Scene, method: Option<Method>, charges: usize) {
    let (customer, first) = invoice(&scene, "FIRST").await;
    let counted = {
        let method = method.clone();
        steps(&mut scene, async |scene| pay_with(&scene.billing, scene, first, method).await).await
    };
    assert_paid_once(&scene, customer, first, 0).await;
    for step in 1..=counted {
        let (customer, invoice) = invoice(&scene, &format!("C{step}")).await;
        restart(&mut scene);
        scene.faults.crash_at(step);
        assert_crashed(pay_with(&scene.billing, &scene, invoice, method.clone()).await, step);
        restart(&mut scene);
        scene.check().await;
        scene.settle().await;
        scene.check().await;
        pay_again(&scene, invoice, method.clone(), step).await;
        assert_paid_once(&scene, customer, invoice, step).await;
    }
    assert_eq!(scene.gateway.charges(), (counted + 1) * charges, "each invoice was charged once");
    assert_eq!(scene.settle().await, 0, "no job is left");
}

/// Keeps a card in the second place, validated.
async fn keep_card(scene: &Scene, customer: CustomerId) -> Result<PaymentMethod> {
    let org = scene.organization("acme").await;
    let new = NewMethod { preference: 2, secret: Secret::Card(Box::new(card())) };
    payment_methods::save(&scene.billing, &org, &Actor::System, SaveRequest { customer, new, validate: true }).await
}

/// (methods on file, times that the customer was updated): they belong together.
async fn kept(scene: &Scene, customer: CustomerId) -> (usize, usize) {
    let mut conn = scene.db.read().await.expect("a connection to read with");
    let methods = store::payment_methods::list(&mut conn, scene.org, customer).await.expect("methods can be read");
    drop(conn);
    let stored = testkit::dump::dump(&scene.db, &["id", "org_id"]).await;
    let count = |table: &str, text: &str| stored[table].iter().filter(|row| row.contains(text)).count();
    let events = count("events", &format!("customerUpdated|{customer}|"));
    assert_eq!(events, count("audit", &format!("|customer {customer}|")), "an event has its line in the audit");
    (methods.len(), events)
}

scenes! {
    async fn a_method_is_kept_whole_or_not_at_all_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let john = scene.customer("FIRST").await;
        let counted = steps(&mut scene, async |scene| keep_card(scene, john).await).await;
        for step in 1..=counted {
            let john = scene.customer(&format!("C{step}")).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(keep_card(&scene, john).await, step);
            restart(&mut scene);
            let stored = usize::from(step == counted);
            assert_eq!(kept(&scene, john).await, (stored, stored), "step {step}: whole or not at all");
            keep_card(&scene, john).await.unwrap();
            assert_eq!(kept(&scene, john).await, (1, stored + 1), "step {step}");
            scene.check().await;
        }
    }

    async fn an_order_with_its_invoice_is_placed_whole_or_not_at_all_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let john = scene.customer("FIRST").await;
        let counted = steps(&mut scene, async |scene| order(scene, john, "A-0").await).await;
        for step in 1..=counted {
            let john = scene.customer(&format!("C{step}")).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            let number = format!("A-{step}");
            assert_crashed(order(&scene, john, &number).await, step);
            restart(&mut scene);
            let stored = scene.invoices(john).await.len();
            assert_eq!(stored, usize::from(step == counted), "step {step}: whole or not at all");
            scene.check().await;
            match order(&scene, john, &number).await {
                Ok(placed) => assert_eq!((stored, placed.invoices.len()), (0, 1), "step {step}"),
                Err(Error::Invalid(problems)) => {
                    assert_eq!(stored, 1, "step {step}: {problems}");
                    assert!(problems.to_string().contains("orderNumber"));
                }
                Err(other) => panic!("step {step}: {other:?}"),
            }
            let invoices = scene.invoices(john).await;
            assert_eq!(invoices.len(), 1, "step {step}");
            let next = 1019 + step;
            assert_eq!((invoices[0].head.number.clone(), invoices[0].head.total), (next.to_string(), Amount(6050)));
            assert_eq!(scene.balance(john).await, Amount(6050), "step {step}");
            scene.check().await;
        }
    }

    async fn a_days_work_is_done_once_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let mut customers = Vec::new();
        for name in ["A", "B"] {
            let customer = scene.customer(name).await;
            place(&scene.billing, scene.org, customer, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
            customers.push(customer);
        }
        let midnight = |month: usize| {
            let (year, month) = (2012 + month / 12, 1 + month % 12);
            format!("{year}-{month:02}-01T00:00:00Z")
        };
        scene.advance("2011-12-01T00:00:00Z").await.unwrap();
        let counted = {
            let to = midnight(0);
            steps(&mut scene, async |scene| scene.advance(&to).await).await
        };
        for step in 1..=counted {
            let before = scene.invoices(customers[0]).await.len();
            restart(&mut scene);
            scene.faults.crash_at(step);
            drop(scene.advance(&midnight(step)).await);
            restart(&mut scene);
            scene.advance(&midnight(step)).await.unwrap();
            for customer in &customers {
                assert_eq!(scene.invoices(*customer).await.len(), before + 1, "step {step}");
            }
            scene.check().await;
        }
    }

    async fn the_very_first_order_gets_1019_wherever_the_process_dies_before(mut_scene: Scene) {
        let mut scene = mut_scene;
        let john = scene.customer("JOHNDOE001").await;
        for step in 1..STEPS_MAX {
            restart(&mut scene);
            scene.faults.crash_at(step);
            let outcome = order(&scene, john, "A-1").await;
            let is_done = scene.faults.steps() >= step && !scene.invoices(john).await.is_empty();
            assert_crashed(outcome, step);
            if is_done {
                break;
            }
        }
        restart(&mut scene);
        let invoices = scene.invoices(john).await;
        assert_eq!((invoices.len(), invoices[0].head.number.as_str()), (1, "1019"));
        scene.check().await;
    }

    async fn an_invoice_is_charged_once_wherever_the_process_dies(scene: Scene) {
        crash_while_paying(scene, None, 1).await;
    }

    async fn an_invoice_is_paid_in_cash_once_wherever_the_process_dies(scene: Scene) {
        crash_while_paying(scene, Some(Method::Cash), 0).await;
    }

    async fn a_payment_is_settled_once_wherever_the_janitor_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let (customer, first) = invoice(&scene, "FIRST").await;
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.pay(by_card(&[first])).await.unwrap();
        let counted = steps(&mut scene, async |scene| { scene.settle().await; Ok(()) }).await;
        assert_paid_once(&scene, customer, first, 0).await;
        for step in 1..=counted {
            let (customer, invoice) = invoice(&scene, &format!("C{step}")).await;
            scene.gateway.next(Script::ApproveAndTimeOut);
            scene.pay(by_card(&[invoice])).await.unwrap();
            restart(&mut scene);
            scene.faults.crash_at(step);
            scene.clock.advance_seconds(61);
            drop(billing::jobs::run_due(&scene.billing, 10).await);
            restart(&mut scene);
            scene.check().await;
            // The dead one's lease has to run out.
            scene.settle().await;
            assert_paid_once(&scene, customer, invoice, step).await;
        }
        assert_eq!(scene.gateway.charges(), counted + 1);
    }

    async fn a_status_changes_with_its_transition_and_event_or_not_at_all_wherever_the_process_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let suspend = async |scene: &Scene, john| {
            act(&scene.billing, scene.org, &Actor::System, john, CustomerAction::Suspend).await
        };
        let first = scene.customer("FIRST").await;
        restart(&mut scene);
        suspend(&scene, first).await.unwrap();
        let counted = scene.faults.steps();
        assert!((6..STEPS_MAX).contains(&counted), "{:#?}", scene.faults.trace());
        for step in 1..=counted {
            let john = scene.customer(&format!("C{step}")).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(suspend(&scene, john).await, step);
            restart(&mut scene);
            scene.check().await;
            assert_eq!(suspend(&scene, john).await.unwrap().status, CustomerStatus::Suspended1, "step {step}");
            scene.check().await;
        }
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        let days = Days::new(None, None, None, Date::new(2011, 9, 20));
        let listed = list(&mut view, days, store::Page { offset: 0, max: 500 }).await.unwrap();
        assert_eq!(usize::try_from(listed.total), Ok(counted + 1), "each changed once");
    }

    async fn a_crash_anywhere_while_a_prober_is_locked_locks_it_once(mut_scene: Scene) {
        let mut scene = mut_scene;
        let rival = scene.rival().await;
        let foreign = scene.customer_of(rival, "R").await;
        let limited = ACME.replace("mode = \"test\"", "mode = \"test\"\nprobe_limit = 1");
        let user = |step: usize| format!("prober{step}");
        // Misses once, so that the next time is too often.
        let begin = async |scene: &Scene, step: usize| {
            scene.seed(&limited.replace("staff-acme", &user(step))).await.unwrap();
            let mut conn = scene.db.read().await.unwrap();
            let id = store::staff::find(&mut conn, scene.org, &user(step)).await.unwrap().unwrap().id;
            drop(conn);
            missed(&scene.billing, scene.org, id, vec![foreign.0]).await.unwrap();
            id
        };
        let first = begin(&scene, 0).await;
        restart(&mut scene);
        missed(&scene.billing, scene.org, first, vec![foreign.0]).await.unwrap();
        let counted = scene.faults.steps();
        assert!((5..STEPS_MAX).contains(&counted), "{:#?}", scene.faults.trace());
        for step in 1..=counted {
            let id = begin(&scene, step).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            assert_crashed(missed(&scene.billing, scene.org, id, vec![foreign.0]).await, step);
            restart(&mut scene);
            missed(&scene.billing, scene.org, id, vec![foreign.0]).await.unwrap();
            let audit = &testkit::dump::dump(&scene.db, &[]).await["audit"];
            let name = format!("staff {id}|");
            let locks = audit.iter().filter(|row| row.contains("locked for probing") && row.contains(&name)).count();
            assert_eq!(locks, 1, "step {step}");
        }
    }

    async fn a_single_failed_step_is_survived_by_the_same_process(mut_scene: Scene) {
        let mut scene = mut_scene;
        let (customer, first) = invoice(&scene, "FIRST").await;
        let counted = steps(&mut scene, async |scene| pay_with(&scene.billing, scene, first, None).await).await;
        assert_paid_once(&scene, customer, first, 0).await;
        let faults = Arc::clone(&scene.faults);
        for step in 1..=counted {
            let (customer, invoice) = invoice(&scene, &format!("C{step}")).await;
            restart(&mut scene);
            faults.fail_at(step);
            let outcome = pay_with(&scene.billing, &scene, invoice, None).await;
            assert!(matches!(outcome, Ok(_) | Err(Error::Unavailable(_))), "step {step}: {outcome:?}");
            faults.reset();
            scene.settle().await;
            scene.check().await;
            pay_again(&scene, invoice, None, step).await;
            assert_paid_once(&scene, customer, invoice, step).await;
        }
    }
}
