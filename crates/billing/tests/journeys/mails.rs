//! Customers are told of what happens, once; a mail that is queued goes out once, whatever fails.

use std::sync::Mutex;

use billing::documents;
use billing::invoices::InvoiceKey;
use billing::mails::{Letter, Mailer, NotDelivered, deliver_due, notify};
use billing::payments::{Method, PayRequest};
use billing::ports::Answering;
use domain::access::Actor;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, InvoiceId, MailId};
use testkit::organization::ACME;
use testkit::scene::{amount_by_card, by_card, new_customer};
use testkit::{Scene, Script, scenes};
use wire::customers::CustomerRef;
use wire::notifications::{NotificationRequest, ObjectRef};

const ORDER: &str = "\
Order 1007

Hello John Doe,

Thank you for your order. This is what we have noted.

Order: 1007
Plan: White label A
Start: Sep 20, 2011
What it includes: Monthly fee

Open your account:
https://www.acme.example/account

You receive this mail because you are a customer of Acme Hosting.

Acme Hosting";

const INVOICE: &str = "\
Invoice 1019

Hello John Doe,

Your invoice is attached as a PDF.

Amount due: $60.50
Due Sep 20, 2011

Invoice: 1019
Date: Sep 20, 2011
Billing period: Sep 20 – Sep 30, 2011
Total: $60.50

Open your account:
https://www.acme.example/account

You receive this mail because you are a customer of Acme Hosting.

Acme Hosting";

const PAYMENT: &str = "\
Payment 1001

Hello John Doe,

We have received your payment. Thank you.

Amount received: $60.50
Sep 20, 2011

Payment: 1001
Paid with: Visa •••• 1111

Open your account:
https://www.acme.example/account

You receive this mail because you are a customer of Acme Hosting.

Acme Hosting";

/// Answers as told, from the first on; then it accepts.
#[derive(Default)]
pub struct Postman {
    answers: Mutex<Vec<NotDelivered>>,
    letters: Mutex<Vec<Letter>>,
}

impl Postman {
    fn with(answers: Vec<NotDelivered>) -> Postman {
        Postman { answers: Mutex::new(answers), ..Postman::default() }
    }

    pub fn letters(&self) -> Vec<Letter> {
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

/// An order with its invoice: two mails that nobody asked for.
async fn happen(scene: &Scene) -> (CustomerId, InvoiceId) {
    let john = scene.customer("JOHNDOE001").await;
    (john, scene.invoice(john).await.head.id)
}

/// As [`happen`], where only invoices are told of: one mail.
async fn queue(scene: &Scene) -> (CustomerId, InvoiceId) {
    enable(scene, "newInvoice").await;
    happen(scene).await
}

/// Has customers told of these events only; none where there is no name.
async fn enable(scene: &Scene, event: &str) {
    let names = if event.is_empty() { String::new() } else { format!("\"{event}\"") };
    let all = "\"newInvoice\", \"newOrder\", \"paymentReceived\"";
    scene.seed(&ACME.replace(all, &names)).await.unwrap();
}

async fn ask(scene: &Scene, john: CustomerId, invoice: InvoiceId) -> billing::Result<MailId> {
    let request = &NotificationRequest {
        event: EventType::NewInvoice,
        object: ObjectRef { id: Some(invoice.0), number: None },
        customer: CustomerRef { id: Some(john.0), ext_customer_ref: None },
    };
    scene.billing.unit(scene.org, &Actor::System, async |unit| notify(unit, request).await).await
}

pub async fn deliver(scene: &Scene, postman: &Postman) -> usize {
    deliver_due(&scene.billing, postman, 100).await.unwrap()
}

/// The subjects of all mails that are queued now, as they would arrive.
async fn subjects(scene: &Scene) -> Vec<String> {
    let postman = Postman::default();
    deliver(scene, &postman).await;
    let subject = |letter: Letter| letter.subject.replace(" – Acme Hosting", "");
    postman.letters().into_iter().map(subject).collect()
}

scenes! {
    async fn whatever_happens_is_told_once(scene: Scene) {
        let (john, invoice) = happen(&scene).await;
        assert_eq!(subjects(&scene).await, ["Order 1007", "Invoice 1019"]);
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(subjects(&scene).await, ["Payment 1001"]);
        scene.advance("2011-12-01T00:00:00Z").await.unwrap();
        assert_eq!(subjects(&scene).await, ["Invoice 1020", "Invoice 1021", "Invoice 1022"]);
        scene.pay(PayRequest { method: Method::Cash, ..amount_by_card(john, "1.00") }).await.unwrap();
        assert_eq!(subjects(&scene).await, ["Payment 1002"]);
        scene.run_jobs().await;
        assert_eq!(subjects(&scene).await, [""; 0]);
        scene.check().await;
    }

    async fn a_declined_payment_is_not_told_and_a_pending_one_once_when_it_is_settled(scene: Scene) {
        enable(&scene, "paymentReceived").await;
        let (_, invoice) = happen(&scene).await;
        scene.gateway.next(Script::Decline);
        scene.pay(by_card(&[invoice])).await.unwrap();
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(subjects(&scene).await, [""; 0]);
        assert_eq!(scene.settle().await, 1);
        assert_eq!(subjects(&scene).await, ["Payment 1002"]);
        assert_eq!(scene.settle().await, 0);
        assert_eq!(subjects(&scene).await, [""; 0]);
        scene.check().await;
    }

    async fn what_is_switched_off_is_not_told(scene: Scene) {
        enable(&scene, "").await;
        let (_, invoice) = happen(&scene).await;
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(subjects(&scene).await, [""; 0]);
        scene.check().await;
    }

    async fn a_customer_without_an_address_is_billed_all_the_same(scene: Scene) {
        let mut new = new_customer("ANN");
        new.billing_contact.email_primary = String::new();
        let ann = scene.create(scene.org, new).await.unwrap();
        let invoice = scene.invoice(ann).await.head.id;
        scene.pay(by_card(&[invoice])).await.unwrap();
        assert_eq!(subjects(&scene).await, [""; 0]);
        scene.check().await;
    }

    async fn a_mail_says_what_was_true_when_it_happened(scene: Scene) {
        let (_, invoice) = queue(&scene).await;
        scene.pay(by_card(&[invoice])).await.unwrap();
        scene.seed(&ACME.replace("Acme Hosting", "Renamed")).await.unwrap();
        scene.advance("2011-11-25T12:00:00Z").await.unwrap();
        let postman = Postman::default();
        deliver(&scene, &postman).await;
        let letter = &postman.letters()[0];
        assert_eq!((letter.subject.as_str(), letter.written_at.to_wire().as_str()), ("Invoice 1019 – Acme Hosting", "2011-09-20T12:00:00Z"));
        assert!(letter.text.contains("Amount due: $60.50"), "{}", letter.text);
        let view = &mut scene.billing.view(&scene.organization("acme").await).await.unwrap();
        let key = InvoiceKey { id: Some(invoice), number: None };
        let issued = documents::new_invoice(view, &key, Date::new(2011, 9, 20)).await.unwrap();
        assert_eq!((issued.status.as_str(), issued.amount_due.as_str(), issued.payments.len()), ("Outstanding", "$60.50", 0));
        let attached = letter.attachment.as_ref().unwrap();
        assert_eq!(attached.pdf, documents::render_pdf(issued).await.unwrap());
        let today = documents::invoice(view, &key, Date::new(2011, 9, 20), documents::Explained::Yes).await.unwrap();
        assert_eq!(today.status, "Paid", "as it is shown to whoever asks now");
    }

    async fn the_three_mails_read_like_this(scene: Scene) {
        let (_, invoice) = happen(&scene).await;
        scene.pay(by_card(&[invoice])).await.unwrap();
        let postman = Postman::default();
        deliver(&scene, &postman).await;
        let letters = postman.letters();
        for (letter, expected) in letters.iter().zip([ORDER, INVOICE, PAYMENT]) {
            assert_eq!(letter.text, expected);
            for line in expected.lines() {
                let is_in_html = |words: &str| letter.html.contains(words);
                let words = line.split_once(": ").map_or(vec![line.trim_end_matches(':')], |(label, value)| vec![label, value]);
                assert!(words.into_iter().all(is_in_html), "{line} is not in {}", letter.html);
            }
        }
        assert_eq!(letters.len(), 3);
    }

    async fn a_mail_that_is_asked_for_comes_on_top_each_time(scene: Scene) {
        let (john, invoice) = happen(&scene).await;
        for _ in 0..2 {
            ask(&scene, john, invoice).await.unwrap();
        }
        assert_eq!(subjects(&scene).await, ["Order 1007", "Invoice 1019", "Invoice 1019", "Invoice 1019"]);
        scene.check().await;
    }

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
