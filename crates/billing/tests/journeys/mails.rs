//! The outbox: a mail that is queued goes out once, whatever fails.

use std::sync::Mutex;

use billing::mails::{Letter, Mailer, NotDelivered, deliver_due, notify};
use billing::ports::Answering;
use domain::access::Actor;
use domain::events::EventType;
use domain::ids::InvoiceId;
use testkit::{Scene, scenes};
use wire::customers::CustomerRef;
use wire::notifications::{NotificationRequest, ObjectRef};

/// Answers as told, from the first on; then it accepts.
#[derive(Default)]
struct Postman {
    answers: Mutex<Vec<NotDelivered>>,
    letters: Mutex<Vec<Letter>>,
}

impl Postman {
    fn with(answers: Vec<NotDelivered>) -> Postman {
        Postman { answers: Mutex::new(answers), ..Postman::default() }
    }

    fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }
}

impl Mailer for Postman {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>> {
        self.letters.lock().unwrap().push(letter.clone());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() { Ok(()) } else { Err(answers.remove(0)) };
        Box::pin(async move { answer })
    }
}

async fn queue(scene: &Scene) -> InvoiceId {
    let john = scene.customer("JOHNDOE001").await;
    let invoice = scene.invoice(john).await.head.id;
    let request = &NotificationRequest {
        event: EventType::NewInvoice,
        object: ObjectRef { id: Some(invoice.0), number: None },
        customer: CustomerRef { id: Some(john.0), ext_customer_ref: None },
    };
    scene.billing.unit(scene.org, &Actor::System, async |unit| notify(unit, request).await).await.unwrap();
    invoice
}

async fn deliver(scene: &Scene, postman: &Postman) -> usize {
    deliver_due(&scene.billing, postman, 10).await.unwrap()
}

scenes! {
    async fn a_queued_mail_goes_out_once(scene: Scene) {
        queue(&scene).await;
        let postman = Postman::default();
        assert_eq!((deliver(&scene, &postman).await, deliver(&scene, &postman).await), (1, 0));
        scene.clock.advance_seconds(100_000);
        assert_eq!(deliver(&scene, &postman).await, 0);
        let letters = postman.letters();
        assert_eq!(letters.len(), 1);
        let letter = &letters[0];
        assert_eq!((letter.recipient.as_str(), letter.recipient_name.as_str()), ("johndoe@example.com", "John Doe"));
        assert_eq!((letter.subdomain.as_str(), letter.subject.as_str()), ("acme", "Invoice 1019 – Acme Hosting"));
        assert_eq!(letter.written_at.to_wire(), "2011-09-20T12:00:00Z");
        let attached = letter.attachment.as_ref().unwrap();
        assert!(attached.pdf.starts_with(b"%PDF-") && attached.file_name == "invoice-1019.pdf");
        assert!(letter.text.contains("https://www.acme.example/account"), "{}", letter.text);
    }

    async fn what_is_not_taken_is_tried_again_later_under_the_same_id(scene: Scene) {
        queue(&scene).await;
        let postman = Postman::with(vec![NotDelivered::Yet("busy".to_owned()), NotDelivered::Yet("busy".to_owned())]);
        assert_eq!((deliver(&scene, &postman).await, deliver(&scene, &postman).await), (1, 0));
        scene.clock.advance_seconds(30);
        assert_eq!((deliver(&scene, &postman).await, deliver(&scene, &postman).await), (1, 0));
        scene.clock.advance_seconds(59);
        assert_eq!(deliver(&scene, &postman).await, 0, "the delay doubles");
        scene.clock.advance_seconds(1);
        assert_eq!((deliver(&scene, &postman).await, deliver(&scene, &postman).await), (1, 0));
        let letters = postman.letters();
        assert!(letters.len() == 3 && letters.iter().all(|letter| letter == &letters[0]), "always the same");
    }

    async fn what_is_refused_for_good_is_not_tried_again(scene: Scene) {
        queue(&scene).await;
        let postman = Postman::with(vec![NotDelivered::Ever("no such mailbox".to_owned())]);
        assert_eq!(deliver(&scene, &postman).await, 1);
        scene.clock.advance_seconds(1_000_000);
        assert_eq!(deliver(&scene, &postman).await, 0);
    }

    async fn a_mail_whose_sender_died_is_sent_again_when_its_lease_is_over(scene: Scene) {
        queue(&scene).await;
        store::mails::claim(&scene.db, billing::ports::Clock::now(&*scene.clock)).await.unwrap().unwrap();
        let postman = Postman::default();
        assert_eq!(deliver(&scene, &postman).await, 0, "it may still be at it");
        scene.clock.advance_seconds(300);
        assert_eq!((deliver(&scene, &postman).await, deliver(&scene, &postman).await), (1, 0));
    }

    parallel async fn two_processes_send_each_mail_once(scene: Scene) {
        queue(&scene).await;
        let (postman, other) = (Postman::default(), scene.process());
        let (one, two) = tokio::join!(deliver_due(&scene.billing, &postman, 10), deliver_due(&other, &postman, 10));
        assert_eq!((one.unwrap() + two.unwrap(), postman.letters().len()), (1, 1));
    }
}
