//! Whatever a body holds, reading it gives a value or problems.

use domain::dates::{Date, TimeUnit};
use domain::ids::{CustomerId, OrderId};
use domain::invoices::Making;
use domain::money::Amount;
use domain::orders::Existing;
use domain::organizations::Terms;
use proptest::prelude::*;
use wire::activities::Implied;
use wire::element::Element;
use wire::{activities, change_orders, invoice_requests, invoice_updates, order_batches, order_updates, orders};

use crate::samples::{invoice, order, plan, start, usd};

const NAMES: &str = "list subscriptionOrder subscriptionOrders order changeOrder newOrder effectiveDate activity invoice \
    activities customer id extCustomerRef orderNumber contractCode priceCode quantity startDate endDate orderStatus \
    currency orderLineItems orderLineItem invoiceLineItems invoiceLineItem invoiceLineItemCharges \
    invoiceLineItemCharge invoiceText unitPrice amount isPercent billingStartDate billingEndDate chargeDate \
    chargeEndDate invoiceDate dueDate status totalDue currentAmountDue outstandingBalance invoicePayments \
    isSeparateInvoice separateInvoice dueDateValue dueDateUnits isAutoRenew billingPeriod";
const TEXTS: &str = "1 0 -1 1.5 999999999999.99 -999999999999.99 0.000001 79228162514264337593543950335 100 366 381 \
    1154 3001 4001 2011-09-20 2011-10-01 1900-01-01 2999-12-31 2011-02-30 true false Active Draft Outstanding Canceled \
    Superseded USD JPY Days Monthly WHITE-LBL-A MNTHLY x";

fn words(text: &'static str) -> impl Strategy<Value = String> {
    prop::sample::select(text.split_whitespace().collect::<Vec<_>>()).prop_map(str::to_owned)
}

fn id() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::option::of(words(TEXTS)).prop_map(|id| id.map(|id| ("id".to_owned(), id)).into_iter().collect())
}

/// Elements that look enough like bodies to reach every branch.
fn body() -> impl Strategy<Value = Element> {
    let text = prop_oneof![5 => words(TEXTS), 1 => "\\PC{0,8}", 1 => Just(String::new())];
    let leaf = (words(NAMES), id(), text).prop_map(|(name, attributes, text)| Element {
        name,
        attributes,
        text,
        children: Vec::new(),
    });
    leaf.prop_recursive(5, 80, 10, move |inner| {
        (words(NAMES), id(), prop::collection::vec(inner, 0..10)).prop_map(|(name, attributes, children)| Element {
            name,
            attributes,
            children,
            text: String::new(),
        })
    })
}

fn renamed(body: &Element, root: &str) -> Element {
    Element { name: root.to_owned(), ..body.clone() }
}

fn invoice_of(texts: &[String]) -> Element {
    let leaf = |name: &str, text: &String| Element { text: text.clone(), ..Element::new(name) };
    let wrap = |name: &str, children| Element { children, ..Element::new(name) };
    let names = ["invoiceText", "quantity", "unitPrice", "amount", "isPercent", "billingStartDate", "billingEndDate"];
    let fields = names.iter().zip(texts).filter(|(_, text)| !text.is_empty()).map(|(name, text)| leaf(name, text));
    let charges = wrap("invoiceLineItemCharges", vec![wrap("invoiceLineItemCharge", fields.collect())]);
    wrap("invoice", vec![wrap("invoiceLineItems", vec![wrap("invoiceLineItem", vec![charges])])])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn orders_changes_and_activities(body in body()) {
        let _ = orders::read(&renamed(&body, "subscriptionOrder"));
        let _ = order_batches::read(&renamed(&body, "list"));
        let _ = change_orders::read(&renamed(&body, "changeOrder"));
        let _ = activities::read(&renamed(&body, "list"));
        let implied = Implied { order: OrderId(381), number: "1007", customer: CustomerId(366), ext_customer_ref: None };
        let _ = activities::read_of_order(&renamed(&body, "list"), implied);
        if let Ok(update) = order_updates::read(&renamed(&body, "subscriptionOrder")) {
            let (order, plan) = (order(), plan());
            let existing = Existing { order: &order, plan: &plan, ext_customer_ref: None };
            let _ = update.applied_to(existing, Date::new(2011, 10, 5));
        }
    }

    #[test]
    fn invoices(body in body(), texts in prop::collection::vec(prop_oneof![words(TEXTS), Just(String::new())], 7)) {
        let terms = Terms { value: 30, units: TimeUnit::Days };
        let making = Making { currency: usd(), terms, today: start(), previous_balance: Amount(99_999_999_999_999) };
        for body in [renamed(&body, "invoice"), invoice_of(&texts)] {
            if let Ok(read) = invoice_requests::read(&body) {
                let _ = read.invoice.made(&making);
            }
            if let Ok(update) = invoice_updates::read(&body) {
                let _ = update.applied_to(&invoice(), None);
            }
        }
        let _ = invoice_requests::read_all(&renamed(&body, "list"));
    }
}
