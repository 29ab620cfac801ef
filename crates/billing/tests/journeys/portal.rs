//! What customers are told of what comes, what they have mailed, and what the merchant's profile keeps from them.

use billing::orders::Invoicing;
use billing::portal::{FirstOnFile, MAILS_PER_HOUR, Mailed, Me};
use billing::{Error, payment_plans};
use domain::access::Actor;
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::money::Amount;
use domain::next_charge::NextCharge;
use domain::orders::NewOrder;
use domain::payments::PaymentStatus;
use testkit::organization::ACME;
use testkit::scene::{by_card, card, new_order};
use testkit::{Scene, Script, scenes};
use wire::payment_plans::PaymentPlanRequest;

use crate::nightly::keep;

async fn me(scene: &Scene, customer: CustomerId) -> Me {
    let org = scene.organization("acme").await;
    let account = (&scene.find_customer(customer).await).into();
    Me::new(scene.billing.clone(), org, account, None).expect("may enter")
}

async fn autopay(scene: &Scene, customer: CustomerId) -> FirstOnFile {
    me(scene, customer).await.home().await.unwrap().autopay.expect("a method is on file")
}

/// What is charged next, as exactly as can be.
async fn next(scene: &Scene, customer: CustomerId) -> Option<NextCharge> {
    let next = autopay(scene, customer).await.next?;
    assert!(next.is_exact);
    Some(next.charge)
}

async fn last_payment(scene: &Scene, customer: CustomerId) -> (PaymentStatus, Date, Amount) {
    let mut conn = scene.db.read().await.unwrap();
    let page = store::Page { offset: 0, max: 1 };
    let (payments, _) = store::payments::list(&mut conn, scene.org, customer, page).await.unwrap();
    (payments[0].status, payments[0].effective_on, payments[0].amount)
}

fn october(day: i8) -> Date {
    Date::new(2011, 10, day)
}

async fn until(scene: &Scene, day: Date) {
    scene.advance(&format!("{day}T00:00:00Z")).await.unwrap();
}

/// Ten dollars, due on 4 October.
async fn with_terms(scene: &Scene, name: &str) -> CustomerId {
    let terms = "[[organization.plan]]\ncontract_code = \"FIXED-10\"\ndue_date_value = 14";
    scene.seed(&ACME.replace("[[organization.plan]]\ncontract_code = \"FIXED-10\"", terms)).await.unwrap();
    let customer = scene.customer(name).await;
    let order = NewOrder { end_on: Some(october(19)), ..new_order("FIXED-10", &[("FLAT", "1")]) };
    scene.place(customer, order, Invoicing::Now).await.unwrap();
    customer
}

async fn rows(scene: &Scene, table: &str) -> usize {
    testkit::dump::dump(&scene.db, &[]).await[table].len()
}

scenes! {
    async fn home_tells_what_the_daily_run_then_does(scene: Scene) {
        let john = with_terms(&scene, "JOHN").await;
        assert!(me(&scene, john).await.home().await.unwrap().autopay.is_none(), "nothing is on file");
        keep(&scene, john, 1, card()).await;
        assert_eq!(next(&scene, john).await, Some(NextCharge::Due { on: october(4), amount: Amount(1000) }));
        until(&scene, october(3)).await;
        assert_eq!(next(&scene, john).await, Some(NextCharge::Due { on: october(4), amount: Amount(1000) }));
        for (day, again) in [(4, Some(7)), (7, Some(9)), (9, Some(11)), (11, None)] {
            scene.gateway.next(Script::Decline);
            until(&scene, october(day)).await;
            assert_eq!(last_payment(&scene, john).await, (PaymentStatus::Declined, october(day), Amount(1000)));
            let declined_on = october(day);
            let told = match again {
                Some(again) => NextCharge::Retry { on: october(again), amount: Amount(1000), declined_on },
                None => NextCharge::Stopped { declined_on },
            };
            assert_eq!(next(&scene, john).await, Some(told));
        }
        keep(&scene, john, 1, card()).await;
        assert_eq!(next(&scene, john).await, Some(NextCharge::Due { on: october(12), amount: Amount(1000) }));
        until(&scene, october(12)).await;
        assert_eq!(last_payment(&scene, john).await, (PaymentStatus::Paid, october(12), Amount(1000)));
        assert_eq!(next(&scene, john).await, None);
        scene.check().await;
    }

    async fn an_instalment_is_told_instead_of_what_is_due(scene: Scene) {
        let john = scene.customer("JOHN").await;
        keep(&scene, john, 1, card()).await;
        scene.invoice(john).await;
        let request = &PaymentPlanRequest {
            id: None,
            charge_only_if_balance_owed: Some(true),
            charge_amount: Some(50.into()),
            start_on: Some(october(1)),
            is_offered: false,
            total_installments: Some(2),
            frequency_value: Some(1),
            frequency_units: Some(TimeUnit::Months),
            is_enabled: None,
        };
        let save = async |unit: &mut billing::Unit| payment_plans::save(unit, john, request).await;
        scene.billing.unit(scene.org, &Actor::System, save).await.unwrap();
        let told = NextCharge::Installment { on: october(1), amount: Amount(5000), number: 1, of: 2 };
        assert_eq!(next(&scene, john).await, Some(told));
    }

    async fn nothing_is_promised_that_is_not_known(scene: Scene) {
        let john = scene.customer("JOHN").await;
        keep(&scene, john, 1, card()).await;
        assert_eq!(next(&scene, john).await, None);
        let invoice = scene.invoice(john).await;
        scene.gateway.next(Script::ApproveAndTimeOut);
        scene.pay(by_card(&[invoice.head.id])).await.unwrap();
        assert_eq!(autopay(&scene, john).await.next, None, "it is being paid");
        scene.settle().await;
        scene.pay(testkit::scene::amount_by_card(john, "5")).await.unwrap();
        scene.place(john, new_order("FIXED-10", &[("FLAT", "1")]), Invoicing::Now).await.unwrap();
        let on = Date::new(2011, 9, 21);
        assert_eq!(next(&scene, john).await, Some(NextCharge::Due { on, amount: Amount(500) }), "credit was used first");
    }

    async fn an_invoice_and_a_receipt_are_mailed_but_not_too_often(scene: Scene) {
        let (john, jane) = (scene.customer("JOHN").await, scene.customer("JANE").await);
        let invoice = scene.invoice(john).await;
        let me_of = async |customer| me(&scene, customer).await;
        let number = &invoice.head.number;
        let (mails, audits) = (rows(&scene, "mails").await, rows(&scene, "audit").await);
        let to = Mailed::To(scene.find_customer(john).await.billing_contact.email_primary);
        assert_eq!(me_of(john).await.mail_invoice(number).await.unwrap(), to);
        let paid = scene.pay(by_card(&[invoice.head.id])).await.unwrap();
        let receipt = &paid.head.number;
        assert_eq!(me_of(john).await.mail_receipt(receipt, None).await.unwrap(), to);
        for (n, a) in [(number, receipt), (&"4711".to_owned(), &"4711".to_owned())] {
            let foreign = me_of(jane).await;
            assert!(matches!(foreign.mail_invoice(n).await, Err(Error::NotFound("invoice"))));
            assert!(matches!(foreign.mail_receipt(a, None).await, Err(Error::NotFound("payment"))));
        }
        for _ in 2..MAILS_PER_HOUR {
            assert_eq!(me_of(john).await.mail_invoice(number).await.unwrap(), to);
        }
        // Of them one goes out by itself: the payment is received.
        assert_eq!(rows(&scene, "mails").await, mails + usize::try_from(MAILS_PER_HOUR).unwrap() + 1);
        assert_eq!(rows(&scene, "audit").await, audits + usize::try_from(MAILS_PER_HOUR).unwrap());
        assert_eq!(me_of(john).await.mail_receipt(receipt, None).await.unwrap(), Mailed::TooMany);
        assert_eq!(rows(&scene, "audit").await, audits + usize::try_from(MAILS_PER_HOUR).unwrap());
        scene.clock.advance_seconds(3_601);
        assert_eq!(me_of(john).await.mail_receipt(receipt, None).await.unwrap(), to);
    }

    async fn where_no_payments_are_shown_only_who_has_just_paid_sees_the_receipt(scene: Scene) {
        let hidden = "[organization.portal]\nshow_payments = false";
        scene.seed(&ACME.replace("[organization.portal]", hidden)).await.unwrap();
        let john = scene.customer("JOHN").await;
        let invoice = scene.invoice(john).await;
        let paid = scene.pay(by_card(&[invoice.head.id])).await.unwrap().head.number;
        let me = me(&scene, john).await;
        let pass = me.receipt_pass(&paid);
        for wrong in [None, Some(""), Some("0"), Some(me.receipt_pass("4711").as_str())] {
            assert!(matches!(me.payment(&paid, wrong).await, Err(Error::NotFound("payment"))), "{wrong:?}");
            assert!(matches!(me.mail_receipt(&paid, wrong).await, Err(Error::NotFound("payment"))), "{wrong:?}");
        }
        assert_eq!(me.payment(&paid, Some(&pass)).await.unwrap().invoices.len(), 1);
        assert!(matches!(me.mail_receipt(&paid, Some(&pass)).await.unwrap(), Mailed::To(_)));
        assert!(me.invoice(&invoice.head.number).await.unwrap().payments.is_empty());
        assert!(me.home().await.unwrap().payments.is_empty());
    }
}
