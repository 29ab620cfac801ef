//! Usage and what was charged for it; the rows of before there was any.

use domain::dates::Date;
use domain::ids::{ActivityBatchId, ActivityId, CustomerId, InvoiceChargeId, InvoiceId, OrderId, OrderLineId};
use domain::invoices::ChargeKind;
use domain::money::{Amount, Quantity};
use domain::usage::{Activity, Rated};
use store::activities::{NewActivity, Processed, insert, late, process, unbilled};
use store::is_unique_violation;
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, customer, everything, invoice, line, new_invoice, now, organizations};

const LINE: OrderLineId = OrderLineId(401);
const DAY: Date = Date::new(2011, 9, 25);

fn activity(id: i64, quantity: &str) -> NewActivity {
    let quantity = quantity.parse().unwrap();
    let ended = Some(DAY.add_days(1));
    NewActivity {
        activity: Activity { id: ActivityId(id), order_line: LINE, quantity, charged_on: DAY, charge_ended_on: ended },
        batch: Some(ActivityBatchId(70)),
        customer: CustomerId(100),
        order: OrderId(400),
        ext_ref_id: Some(format!("ref-{id}")),
        invoice_text: Some("Calls".to_owned()),
        is_late: id % 2 == 0,
    }
}

fn rated(id: i64) -> Processed {
    let rated = Rated { activity: ActivityId(id), unit_price: "0.0000000001".parse().unwrap(), amount: Amount(-5) };
    Processed { rated, charge: InvoiceChargeId(511), invoice: Some(InvoiceId(500)) }
}

on_both! {
    async fn usage_waits_until_it_is_processed_once(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let new = [activity(801, "1.000001"), activity(802, "2")];
        let mut tx = db.begin().await.unwrap();
        assert_eq!(insert(&mut tx, ACME, &new, now()).await.unwrap(), 2);
        let waiting = unbilled(&mut tx, ACME, &[john, CustomerId(1)]).await.unwrap();
        assert_eq!(waiting[&john], [new[0].activity.clone(), new[1].activity.clone()]);
        assert_eq!(unbilled(&mut tx, RIVAL, &[john]).await.unwrap().len(), 0);
        assert_eq!(late(&mut tx, ACME, CustomerId(0), 9).await.unwrap(), [], "the order has not begun");
        let both = [rated(801), rated(802)];
        assert_eq!(process(&mut tx, RIVAL, &both, now()).await.unwrap(), 0);
        assert_eq!(process(&mut tx, ACME, &both[..1], now()).await.unwrap(), 1);
        assert_eq!(process(&mut tx, ACME, &both, now()).await.unwrap(), 1, "one was processed before");
        assert!(unbilled(&mut tx, ACME, &[john]).await.unwrap().is_empty());
    }

    async fn usage_of_an_order_without_days_left_is_late(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let order = store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap().unwrap();
        let status = domain::orders::OrderStatus::Complete;
        let over = domain::orders::Order { status, next_billable_on: None, ..order };
        store::orders::save(&mut tx, ACME, &over).await.unwrap();
        insert(&mut tx, ACME, &[activity(801, "1"), activity(802, "2")], now()).await.unwrap();
        assert_eq!(late(&mut tx, ACME, CustomerId(0), 9).await.unwrap(), [(john, OrderId(400))]);
        assert_eq!(late(&mut tx, RIVAL, CustomerId(0), 9).await.unwrap(), []);
        process(&mut tx, ACME, &[rated(802)], now()).await.unwrap();
        assert_eq!(late(&mut tx, ACME, CustomerId(0), 9).await.unwrap(), []);
    }

    async fn a_reference_of_usage_is_used_once(db: TestDb) {
        organizations(&db).await;
        everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let none = |id| NewActivity { ext_ref_id: None, ..activity(id, "1") };
        insert(&mut tx, ACME, &[activity(801, "1"), none(803), none(805)], now()).await.unwrap();
        let again = NewActivity { ext_ref_id: Some("ref-801".to_owned()), ..activity(807, "1") };
        assert!(is_unique_violation(&insert(&mut tx, ACME, &[again], now()).await.unwrap_err()));
    }

    async fn usage_may_be_charged_again_in_a_period_and_sums(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        for (id, number) in [(700, "1020"), (800, "1021")] {
            let (order, mut of) = line(id + 10, DAY);
            of.charges[0].kind = ChargeKind::Usage;
            store::invoices::insert(&mut tx, ACME, &new_invoice(&invoice(id, number, john), (order, of))).await.unwrap();
        }
        let billed = store::billed_charges::of_usage(&mut tx, ACME, &[LINE, OrderLineId(1)], DAY).await.unwrap();
        let quantity: Quantity = "2.000002".parse().unwrap();
        assert_eq!((billed.len(), billed[0].period_start, billed[0].quantity), (1, DAY, quantity));
        assert_eq!(billed[0].amount, Amount(12_100));
        let after = DAY.add_days(11);
        assert!(store::billed_charges::of_usage(&mut tx, ACME, &[LINE], after).await.unwrap().is_empty());
        assert!(store::billed_charges::of_usage(&mut tx, RIVAL, &[LINE], DAY).await.unwrap().is_empty());
        let of_order = store::billed_charges::of_order(&mut tx, ACME, OrderId(400), DAY).await.unwrap();
        assert_eq!((of_order.len(), of_order[0].kind, of_order[0].amount), (1, ChargeKind::Arrears, Amount(6050)));
        assert!(store::billed_charges::of_order(&mut tx, ACME, OrderId(400), after).await.unwrap().is_empty());
    }

    async fn charges_on_no_invoice_count_like_others(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let period = domain::dates::Period { start: DAY, end: DAY.add_days(30) };
        let charge = |kind| domain::invoices::DraftCharge {
            charge: domain::ids::ChargeId(310),
            order_line: LINE,
            tier: domain::ids::TierId(311),
            text: "Calls".to_owned(),
            kind,
            accounting_code: Some("4711".to_owned()),
            period,
            quantity: "3".parse().unwrap(),
            unit_of_measure: Some("call".to_owned()),
            unit_price: "1".parse().unwrap(),
            is_percent: true,
            amount: Amount(-300),
            tax: Amount(-1),
            activities: Vec::new(),
            explanation: "given back".to_owned(),
        };
        let (usage, advance) = (charge(ChargeKind::Usage), charge(ChargeKind::Advance));
        let new = |id, charge| store::uninvoiced_charges::NewCharge {
            id: InvoiceChargeId(id), customer: john, order: OrderId(400), payment: Some(domain::ids::PaymentId(600)), charge
        };
        let mut tx = db.begin().await.unwrap();
        let both = [new(901, &usage), new(902, &advance)];
        assert_eq!(store::uninvoiced_charges::insert(&mut tx, ACME, &both, now()).await.unwrap(), 2);
        let billed = store::billed_charges::of_usage(&mut tx, ACME, &[LINE], DAY).await.unwrap();
        assert_eq!((billed.len(), billed[0].amount), (1, Amount(-300)));
        let of_order = store::billed_charges::of_order(&mut tx, ACME, OrderId(400), DAY).await.unwrap();
        assert_eq!(of_order.iter().map(|it| it.kind).collect::<Vec<_>>(), [ChargeKind::Arrears, ChargeKind::Advance]);
        let why = store::uninvoiced_charges::of_credit(&mut tx, ACME, domain::ids::PaymentId(600)).await.unwrap();
        assert_eq!(why, [("given back".to_owned(), Amount(-300)), ("given back".to_owned(), Amount(-300))]);
        let again = store::uninvoiced_charges::insert(&mut tx, ACME, &[new(903, &advance)], now()).await;
        assert!(is_unique_violation(&again.unwrap_err()), "charged once before a period");
    }

    async fn many_orders_are_read_like_one_and_only_payers_that_may_be_billed(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        let one = store::orders::find(&mut tx, ACME, OrderId(400)).await.unwrap().unwrap();
        let many = store::orders::lock_all(&mut tx, ACME, &[OrderId(400), OrderId(1)]).await.unwrap();
        let expected = domain::orders::Order { invoices: Vec::new(), ..one };
        assert_eq!(format!("{many:?}"), format!("{:?}", [expected]));
        assert!(store::orders::lock_all(&mut tx, RIVAL, &[OrderId(400)]).await.unwrap().is_empty());
        let payers = store::financials::lock_payers(&mut tx, ACME, &[john, CustomerId(1)]).await.unwrap();
        assert_eq!((payers.len(), payers[0].id, payers[0].currency.code()), (1, john, "JPY"));
        assert!(store::financials::lock_payers(&mut tx, RIVAL, &[john]).await.unwrap().is_empty());
        let status = domain::customers::CustomerStatus::Suspended1;
        let suspended = domain::customers::Customer { status, ..customer(100, "JOHN") };
        store::transitions::save_status(&mut tx, ACME, &suspended).await.unwrap();
        assert!(store::financials::lock_payers(&mut tx, ACME, &[john]).await.unwrap().is_empty());
    }
}
