//! Usage activities (`api.md` §4.1). They come and go in lists.

use domain::activities::{Billed, EXT_REF_ID_MAX, FullActivity, INVOICE_TEXT_MAX, NewActivity};
use domain::checks::Problems;
use domain::contacts::TEXT_MAX;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId};
use domain::usage::ACTIVITIES_MAX;
use jiff::tz::TimeZone;

use crate::customers::{self, CustomerRef};
use crate::element::Element;
use crate::fields;
use crate::orders::{self, OrderRef};
use crate::reader::{self, Reader};
use crate::writer::Writer;

const LIST_ROOTS: [&str; 2] = ["list", "activities"];
/// Room for one activity in an answer.
const ACTIVITY_BYTES: usize = 512;

/// An activity to be recorded, whose it is and of which order.
#[derive(Clone, Debug)]
pub struct ActivityRequest {
    pub customer: CustomerRef,
    pub order: OrderRef,
    pub activity: NewActivity,
}

/// The order that the address names. Its activities need not say it again, and must not say another.
#[derive(Clone, Copy, Debug)]
pub struct Implied<'a> {
    pub order: OrderId,
    pub number: &'a str,
    pub customer: CustomerId,
    pub ext_customer_ref: Option<&'a str>,
}

/// `<list><activity>…</activity>…</list>`, each with its customer and order.
pub fn read(list: &Element) -> Result<Vec<ActivityRequest>, Problems> {
    reader::expect_root(list, &LIST_ROOTS)?;
    reader::read_list_of(list, "activity", ACTIVITIES_MAX, |activity| {
        let customer = customers::read_reference(activity);
        if !["customer", "extCustomerRef"].into_iter().any(|name| activity.is_given(name)) {
            activity.wrong("customer", "is required, with its id or extCustomerRef");
        }
        let order = orders::read_reference(activity);
        if !["order", "subscriptionOrder", "orderNumber"].into_iter().any(|name| activity.is_given(name)) {
            activity.wrong("order", "is required, with its id or orderNumber");
        }
        let new = new_activity(activity);
        Some(ActivityRequest { customer: customer?, order: order?, activity: new? })
    })
}

/// The same for one order.
pub fn read_of_order(list: &Element, implied: Implied<'_>) -> Result<Vec<NewActivity>, Problems> {
    reader::expect_root(list, &LIST_ROOTS)?;
    reader::read_list_of(list, "activity", ACTIVITIES_MAX, |activity| {
        let customer = customers::read_reference(activity);
        if customer.is_some_and(|customer| implied.is_other_customer(&customer)) {
            activity.wrong("customer", "must be the customer of the order in the URL, or be left out");
        }
        let order = orders::read_reference(activity);
        if order.is_some_and(|order| implied.is_other_order(&order)) {
            activity.wrong("order", "must be the order in the URL, or be left out");
        }
        new_activity(activity)
    })
}

impl Implied<'_> {
    fn is_other_customer(&self, given: &CustomerRef) -> bool {
        given.id.is_some_and(|id| id != self.customer.0)
            || given.ext_customer_ref.is_some() && given.ext_customer_ref.as_deref() != self.ext_customer_ref
    }

    fn is_other_order(&self, given: &OrderRef) -> bool {
        given.id.is_some_and(|id| id != self.order) || given.number.as_ref().is_some_and(|number| number != self.number)
    }
}

fn new_activity(activity: &Reader<'_>) -> Option<NewActivity> {
    let price_code = activity.required_text("priceCode", TEXT_MAX);
    let quantity = activity.required("quantity", fields::quantity(activity));
    let charged_on = activity.date("chargeDate").value().map(Date);
    let charge_ended_on = activity.date("chargeEndDate").value().map(Date);
    if charged_on.zip(charge_ended_on).is_some_and(|(first, last)| last < first) {
        activity.wrong("chargeEndDate", "must not be before chargeDate");
    }
    let ext_ref_id = activity.text("extRefId", EXT_REF_ID_MAX).value();
    let invoice_text = activity.text("invoiceText", INVOICE_TEXT_MAX).value();
    Some(NewActivity {
        price_code: price_code?,
        quantity: quantity?,
        charged_on,
        charge_ended_on,
        ext_ref_id,
        invoice_text,
    })
}

pub fn write<'a>(activities: impl ExactSizeIterator<Item = &'a FullActivity>, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(ACTIVITY_BYTES * (activities.len() + 1));
    writer.element("list", |writer| activities.for_each(|activity| write_into(writer, activity, zone)));
    writer.finish()
}

fn write_into(writer: &mut Writer, activity: &FullActivity, zone: &TimeZone) {
    writer.object("activity", activity.id, |writer| {
        writer.optional_reference("activityBatch", activity.batch);
        writer.value("status", activity.status);
        writer.reference("customer", activity.customer);
        writer.reference("order", activity.order);
        writer.reference("orderLineItem", activity.order_line);
        writer.text("priceCode", &activity.price_code);
        writer.date("chargeDate", activity.charged_on.0);
        writer.optional_date("chargeEndDate", activity.charge_ended_on.map(|date| date.0));
        writer.value("quantity", activity.quantity.format(2));
        let unit_price = activity.rated.map(|Billed { unit_price, .. }| unit_price.format(activity.currency));
        writer.optional_text("unitPrice", unit_price.as_deref());
        let amount = activity.rated.map(|Billed { amount, .. }| activity.currency.format(amount));
        writer.optional_text("amount", amount.as_deref());
        writer.optional_text("extRefId", activity.ext_ref_id.as_deref());
        writer.optional_text("invoiceText", activity.invoice_text.as_deref());
        writer.date("dateCreated", activity.created_at.date_in(zone).0);
    });
}
