//! Mails, and the clock that brings most of them.

use std::sync::Mutex;

use billing::mails::{Letter, Mailer, NotDelivered, deliver_due, notify};
use billing::portal::Me;
use billing::ports::Answering;
use domain::access::Actor;
use domain::customers::Account;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, InvoiceId};
use testkit::organization::ACME;
use testkit::{Scene, scenes};
use wire::customers::CustomerRef;
use wire::notifications::{NotificationRequest, ObjectRef};

use crate::walk::{Again, name, walk};
use crate::{STEPS_MAX, assert_crashed, restart};

/// Longer than a dead sender keeps a mail to itself.
const LEASE_SECONDS: i64 = 301;

/// Takes everything.
#[derive(Default)]
struct Postman(Mutex<Vec<Letter>>);

impl Mailer for Postman {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>> {
        self.0.lock().expect("no test panics here").push(letter.clone());
        Box::pin(async { Ok(()) })
    }
}

impl Postman {
    fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut self.0.lock().expect("no test panics here"))
    }
}

async fn invoice(scene: &Scene, step: usize) -> (CustomerId, InvoiceId) {
    let customer = scene.customer(&name(step)).await;
    (customer, scene.invoice(customer).await.head.id)
}

scenes! {
    async fn a_mail_that_is_asked_for_is_queued_or_not_at_all(scene: Scene) {
        walk(scene, Again::Twice, invoice, async |scene, (customer, invoice)| {
            let request = &NotificationRequest {
                event: EventType::NewInvoice,
                object: ObjectRef { id: Some(invoice.0), number: None },
                customer: CustomerRef { id: Some(customer.0), ext_customer_ref: None },
            };
            scene.billing.unit(scene.org, &Actor::System, async |unit| notify(unit, request).await).await
        }).await;
    }

    async fn a_mail_that_a_customer_asks_for_is_queued_or_not_at_all(scene: Scene) {
        let prepare = async |scene: &Scene, step| {
            let (customer, invoice) = invoice(scene, step).await;
            let account = Account::from(&scene.find_customer(customer).await);
            (scene.organization("acme").await, account, scene.find_invoice(invoice).await.head.number)
        };
        walk(scene, Again::Twice, prepare, async |scene, (org, account, number)| {
            Me::new(scene.billing.clone(), org.clone(), account.clone(), None)?.mail_invoice(number).await
        }).await;
    }

    async fn a_mail_goes_out_and_again_only_under_its_name_wherever_its_sender_dies(mut_scene: Scene) {
        let mut scene = mut_scene;
        let only_invoices = ACME.replace(r#""newInvoice", "newOrder", "paymentReceived""#, r#""newInvoice""#);
        scene.seed(&only_invoices).await.unwrap();
        let postman = Postman::default();
        invoice(&scene, 0).await;
        restart(&mut scene);
        assert_eq!(deliver_due(&scene.billing, &postman, 10).await.unwrap(), 1);
        let counted = scene.faults.steps();
        assert!((6..STEPS_MAX).contains(&counted), "{:#?}", scene.faults.trace());
        postman.take();
        let mut went_twice = 0;
        for step in 1..=counted {
            invoice(&scene, step).await;
            restart(&mut scene);
            scene.faults.crash_at(step);
            let outcome = deliver_due(&scene.billing, &postman, 10).await;
            assert_crashed(outcome, step);
            restart(&mut scene);
            scene.check().await;
            scene.clock.advance_seconds(LEASE_SECONDS);
            deliver_due(&scene.billing, &postman, 10).await.unwrap();
            let letters = postman.take();
            assert!(matches!(letters.len(), 1 | 2), "step {step}: {letters:?}");
            assert!(letters.iter().all(|letter| *letter == letters[0]), "step {step}: the very same");
            went_twice += letters.len() - 1;
            scene.clock.advance_seconds(LEASE_SECONDS);
            assert_eq!(deliver_due(&scene.billing, &postman, 10).await.unwrap(), 0, "step {step}");
        }
        assert!(went_twice > 0, "a sender that dies before it has noted a mail's end leaves it to another");
        let sent = testkit::dump::dump(&scene.db, &[]).await["mails"].iter().filter(|row| row.contains("|sent|")).count();
        assert_eq!(sent, counted + 1);
    }

    async fn a_month_of_the_test_clock_happens_once_wherever_the_process_dies(scene: Scene) {
        let john = scene.customer("JOHN").await;
        scene.invoice(john).await;
        // From here on each month is like the other: he is overdue, and stays it.
        scene.advance("2011-10-10T12:00:00Z").await.unwrap();
        let start = Date::new(2011, 11, 15);
        let month = async |_: &Scene, step: usize| {
            start.add_months(i64::try_from(step).expect("there are few steps")).to_string()
        };
        walk(scene, Again::GoesOn, month, async |scene, day| scene.advance(&format!("{day}T12:00:00Z")).await).await;
    }
}
