//! What may still become of an invoice.

use domain::changes::Change;
use domain::checks::Problems;
use domain::dates::{Date, Period, Timestamp};
use domain::ids::{CustomerId, InvoiceChargeId, InvoiceLineId, OrderId, OrderLineId};
use domain::invoices::{
    CannotCancel, CannotChange, Changing, ChargeKind, FullInvoice, Invoice, InvoiceCharge, InvoiceFilter, InvoiceLine,
    InvoiceStatus, InvoiceUpdate, NewInvoiceCharge, NewInvoiceLine, StatusFilter, Updated,
};
use domain::money::{Amount, Quantity};
use domain::time_ranges::{DateRange, TimeRange};

use crate::samples::{invoice, price};

const DAY: Date = Date::new(2011, 9, 20);

fn with(status: InvoiceStatus, applied: i64, reserved: i64) -> Invoice {
    Invoice { status, applied: Amount(applied), reserved: Amount(reserved), ..invoice(1, 6050) }
}

fn full(head: Invoice) -> FullInvoice {
    let charge = InvoiceCharge {
        id: InvoiceChargeId(31),
        position: 1,
        charge: None,
        order_line: None,
        tier: None,
        text: "Hours".into(),
        kind: ChargeKind::Advance,
        accounting_code: None,
        charged_on: None,
        period: head.period,
        quantity: Quantity::ONE,
        unit_of_measure: None,
        unit_price: price("60.50"),
        is_percent: false,
        amount: Amount(6050),
        tax: Amount::ZERO,
        explanation: String::new(),
    };
    let line = InvoiceLine {
        id: InvoiceLineId(21),
        position: 1,
        text: "Work".into(),
        period: head.period,
        charges: vec![charge],
    };
    FullInvoice { head, orders: Vec::new(), lines: vec![line], allocations: Vec::new() }
}

fn line(each: &str) -> NewInvoiceLine {
    let charge = NewInvoiceCharge {
        id: Some(InvoiceChargeId(31)),
        text: "Hours".into(),
        unit_price: Some(price(each)),
        ..NewInvoiceCharge::default()
    };
    NewInvoiceLine {
        id: Some(InvoiceLineId(21)),
        text: "Work".into(),
        charges: vec![charge],
        ..NewInvoiceLine::default()
    }
}

fn applied(update: &InvoiceUpdate, head: Invoice) -> Result<Updated, Vec<String>> {
    update
        .applied_to(&full(head), Some("J1"))
        .map_err(|problems: Problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn an_invoice_is_edited_until_a_payment_touches_it() {
    use InvoiceStatus::{Cancelled, CarriedOver, Draft, Error, Outstanding, Paid};
    let closed = |status| Err(CannotChange::Closed(status));
    for (head, terms, substance) in [
        (with(Outstanding, 0, 0), Ok(()), Ok(())),
        (with(Draft, 0, 0), Ok(()), Ok(())),
        (with(Outstanding, 1, 0), Ok(()), Err(CannotChange::Paid)),
        (with(Outstanding, 0, 1), Ok(()), Err(CannotChange::BeingPaid)),
        (with(Paid, 6050, 0), Ok(()), Err(CannotChange::Paid)),
        (with(Cancelled, 0, 0), closed(Cancelled), closed(Cancelled)),
        (with(Error, 0, 0), closed(Error), closed(Error)),
        (with(CarriedOver, 0, 0), closed(CarriedOver), closed(CarriedOver)),
    ] {
        assert_eq!(head.may_change(Changing::Terms), terms, "{head:?}");
        assert_eq!(head.may_change(Changing::Substance), substance, "{head:?}");
    }
}

#[test]
fn c_inv_17_an_invoice_is_cancelled_once_and_only_unpaid() {
    use InvoiceStatus::{Cancelled, CarriedOver, Draft, Outstanding, Paid};
    for head in [with(Outstanding, 0, 0), with(Draft, 0, 0)] {
        let cancelled = head.cancelled().unwrap();
        assert_eq!((cancelled.status, cancelled.outstanding()), (Cancelled, Amount::ZERO));
        assert_eq!(cancelled.cancelled().unwrap_err(), CannotCancel::Already);
    }
    for (head, reason) in [
        (with(Paid, 6050, 0), CannotCancel::Paid),
        (with(Outstanding, 1, 0), CannotCancel::Paid),
        (with(Outstanding, 0, 1), CannotCancel::BeingPaid),
        (with(CarriedOver, 0, 0), CannotCancel::CarriedOver),
    ] {
        assert_eq!(head.cancelled().unwrap_err(), reason);
    }
}

#[test]
fn new_lines_change_what_is_owed_and_keep_the_ids() {
    let update = InvoiceUpdate { lines: Some(vec![line("70.00")]), ..InvoiceUpdate::default() };
    let updated = applied(&update, with(InvoiceStatus::Outstanding, 0, 0)).unwrap();
    assert_eq!((updated.head.total, updated.posted), (Amount(7000), Amount(950)));
    assert_eq!(updated.lines.unwrap().lines[0].charges[0].id, Some(InvoiceChargeId(31)));
    let draft = applied(&update, with(InvoiceStatus::Draft, 0, 0)).unwrap();
    assert_eq!((draft.head.total, draft.posted), (Amount(7000), Amount::ZERO));
}

#[test]
fn the_same_lines_are_no_change_even_of_a_paid_invoice() {
    let update = InvoiceUpdate { lines: Some(vec![line("60.50")]), ..InvoiceUpdate::default() };
    assert_eq!(applied(&update, with(InvoiceStatus::Paid, 6050, 0)).unwrap().lines, None);
}

#[test]
fn once_a_payment_is_applied_only_due_date_and_notes_change() {
    let paid = || with(InvoiceStatus::Outstanding, 1000, 0);
    let terms =
        InvoiceUpdate { due_on: Some(DAY.add_days(30)), notes: Change::To("n".into()), ..InvoiceUpdate::default() };
    let updated = applied(&terms, paid()).unwrap();
    assert_eq!((updated.head.due_on, updated.head.notes.as_deref()), (DAY.add_days(30), Some("n")));
    let message =
        "invoice can't change: a payment is applied to the invoice; only dueDate and invoiceNotes may change.";
    for update in [
        InvoiceUpdate { lines: Some(vec![line("70")]), ..InvoiceUpdate::default() },
        InvoiceUpdate { invoiced_on: Some(DAY.previous()), ..InvoiceUpdate::default() },
        InvoiceUpdate { ends_on: Some(DAY.add_days(5)), ..InvoiceUpdate::default() },
    ] {
        assert_eq!(applied(&update, paid()).unwrap_err(), [message], "{update:?}");
    }
    let cancelled = with(InvoiceStatus::Cancelled, 0, 0);
    assert_eq!(applied(&terms, cancelled).unwrap_err(), ["status: the invoice is Cancelled; it can't change."]);
}

#[test]
fn a_draft_is_issued_by_its_status_and_nothing_else_is() {
    let to = |status| InvoiceUpdate { status: Some(status), ..InvoiceUpdate::default() };
    let issued = applied(&to(InvoiceStatus::Outstanding), with(InvoiceStatus::Draft, 0, 0)).unwrap();
    assert_eq!((issued.head.status, issued.posted), (InvoiceStatus::Outstanding, Amount(6050)));
    for status in [InvoiceStatus::Paid, InvoiceStatus::Cancelled, InvoiceStatus::Draft, InvoiceStatus::CarriedOver] {
        let refused = applied(&to(status), with(InvoiceStatus::Outstanding, 0, 0)).unwrap_err();
        assert!(refused.len() == 1 && refused[0].starts_with("status of this invoice can't be made"), "{refused:?}");
    }
}

#[test]
fn what_an_invoice_is_of_can_be_sent_back_and_not_changed() {
    let update = InvoiceUpdate {
        number: Some("2".into()),
        customer: Some(CustomerId(2)),
        currency: Some("EUR".parse().unwrap()),
        due_on: Some(DAY.previous()),
        ends_on: Some(DAY.previous()),
        lines: Some(vec![NewInvoiceLine { id: Some(InvoiceLineId(9)), ..line("60.50") }]),
        ..InvoiceUpdate::default()
    };
    assert_eq!(
        applied(&update, with(InvoiceStatus::Outstanding, 0, 0)).unwrap_err(),
        [
            "invoiceNumber of an invoice can't change.",
            "customer of an invoice can't change.",
            "currency of an invoice can't change.",
            "invoiceLineItems/invoiceLineItem[1]/id names no line of the invoice.",
            "invoiceLineItems/invoiceLineItem[1]/invoiceLineItemCharges/invoiceLineItemCharge[1]/id \
         names no charge of the line.",
            "billingEndDate must not be before billingStartDate.",
            "dueDate must not be before invoiceDate.",
        ]
    );
}

#[test]
fn a_list_shows_what_meets_every_filter() {
    let invoice = with(InvoiceStatus::Outstanding, 0, 0);
    let none = InvoiceFilter::default;
    let later: Timestamp = "2011-09-21T00:00:00Z".parse().unwrap();
    for (filter, matches) in [
        (none(), true),
        (InvoiceFilter { status: Some(StatusFilter::Unpaid), ..none() }, true),
        (InvoiceFilter { status: Some(StatusFilter::Is(InvoiceStatus::Paid)), ..none() }, false),
        (InvoiceFilter { customer: Some(CustomerId(1)), order: Some(OrderId(7)), ..none() }, true),
        (InvoiceFilter { order: Some(OrderId(8)), ..none() }, false),
        (InvoiceFilter { number: Some("1".into()), ..none() }, true),
        (InvoiceFilter { number: Some("2".into()), ..none() }, false),
        (InvoiceFilter { invoiced: DateRange { first: Some(DAY), last: None }, ..none() }, true),
        (InvoiceFilter { due_before: Some(DAY), ..none() }, false),
        (InvoiceFilter { due_before: Some(DAY.add_days(1)), ..none() }, true),
        (InvoiceFilter { updated: TimeRange { first: Some(later), last: None }, ..none() }, false),
    ] {
        assert_eq!(filter.matches(&invoice, &[OrderId(7)]), matches, "{filter:?}");
    }
}

#[test]
fn unpaid_is_a_status_to_ask_by() {
    assert_eq!("unpaid".parse(), Ok(StatusFilter::Unpaid));
    assert_eq!("Paid".parse(), Ok(StatusFilter::Is(InvoiceStatus::Paid)));
    assert_eq!(StatusFilter::Is(InvoiceStatus::Draft).statuses(), [InvoiceStatus::Draft]);
    assert_eq!(
        "paid".parse::<StatusFilter>().unwrap_err(),
        "must be one of Outstanding, Paid, Cancelled, Draft, Error, CarriedOver, unpaid"
    );
}

/// The invoice of the others, with a tax of 10 % on it: added, or contained in the 60.50.
fn taxed(kind: ChargeKind, amount: i64, tax: i64) -> FullInvoice {
    let mut invoice = full(with(InvoiceStatus::Outstanding, 0, 0));
    let charge = invoice.lines[0].charges[0].clone();
    let tax = InvoiceCharge {
        id: InvoiceChargeId(32),
        position: 2,
        kind,
        amount: Amount(amount),
        tax: Amount(tax),
        unit_price: price("0"),
        ..charge
    };
    invoice.head.total += tax.amount;
    invoice.lines[0].charges.push(tax);
    invoice
}

/// The charge at another price, with the tax as given.
fn retaxed(invoice: &FullInvoice, each: &str, tax: &str) -> Updated {
    let mut given = line(each);
    given.charges.push(NewInvoiceCharge {
        id: Some(InvoiceChargeId(32)),
        text: "Tax".into(),
        quantity: Some(Quantity::ONE),
        unit_price: Some(price(tax)),
        period: Some(invoice.head.period),
        ..NewInvoiceCharge::default()
    });
    let update = InvoiceUpdate { lines: Some(vec![given]), ..InvoiceUpdate::default() };
    update.applied_to(invoice, None).unwrap()
}

#[test]
fn what_is_posted_is_split_into_revenue_and_tax() {
    let added = taxed(ChargeKind::Tax, 605, 605);
    let updated = retaxed(&added, "50.00", "5.00");
    assert_eq!((updated.posted, updated.posted_tax), (Amount(-1155), Amount(-105)));
    let contained = taxed(ChargeKind::Tax, 0, 550);
    let updated = retaxed(&contained, "30.25", "0");
    assert_eq!(
        (updated.posted, updated.posted_tax),
        (Amount(-3025), Amount(-275)),
        "half the price contains half of it"
    );
    let update = InvoiceUpdate { lines: Some(vec![line("60.50")]), ..InvoiceUpdate::default() };
    let without = update.applied_to(&added, None).unwrap();
    assert_eq!((without.posted, without.posted_tax), (Amount(-605), Amount(-605)), "the tax is taken off");
    let draft = FullInvoice { head: Invoice { status: InvoiceStatus::Draft, ..added.head.clone() }, ..added.clone() };
    let issue = InvoiceUpdate { status: Some(InvoiceStatus::Outstanding), ..InvoiceUpdate::default() };
    let issued = issue.applied_to(&draft, None).unwrap();
    assert_eq!((issued.posted, issued.posted_tax), (Amount(6655), Amount(605)));
}

#[test]
fn usage_keeps_its_figures_and_what_was_billed_its_days() {
    let mut invoice = full(with(InvoiceStatus::Outstanding, 0, 0));
    invoice.lines[0].charges[0].order_line = Some(OrderLineId(5));
    let days = Period { start: DAY, end: DAY.add_days(3) };
    let mut moved = line("60.50");
    moved.charges[0].period = Some(days);
    let update = |lines| InvoiceUpdate { lines: Some(vec![lines]), ..InvoiceUpdate::default() };
    assert!(update(moved).applied_to(&invoice, None).is_err());
    assert!(update(line("50.00")).applied_to(&invoice, None).is_ok());
    invoice.lines[0].charges[0].kind = ChargeKind::Usage;
    assert!(update(line("50.00")).applied_to(&invoice, None).is_err());
    let mut gone = line("60.50");
    gone.charges[0].id = None;
    assert!(update(gone).applied_to(&invoice, None).is_err());
}
