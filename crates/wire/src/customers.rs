//! Customers (`api.md` §2.1, §2.3, §2.4).

use domain::checks::Problems;
use domain::contacts::NAME_MAX;
use domain::customers::{Customer, EXT_CUSTOMER_REF_MAX, FOREIGN_ID_MAX, Financials, NewCustomer};
use domain::dates::Date;
use domain::ids::CustomerId;
use domain::money::Currency;
use jiff::tz::TimeZone;

use crate::contacts;
use crate::element::Element;
use crate::fields;
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;

/// Days, weeks, … until an invoice is due; more is a slip.
pub(crate) const TERMS_MAX: i64 = 9_999;

/// How another object names its customer. Both may be given; whoever looks it up checks that they agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRef {
    pub id: Option<i64>,
    pub ext_customer_ref: Option<String>,
}

/// A customer to be made.
pub fn read(customer: &Element) -> Result<NewCustomer, Problems> {
    reader::expect_root(customer, &["customer"])?;
    reader::read(customer, read_from)
}

/// The same inside a larger document.
pub fn read_from(customer: &Reader<'_>) -> Option<NewCustomer> {
    let name = customer.required_text("name", NAME_MAX);
    let status = customer.parsed("status", str::parse).value();
    let ext_customer_ref = customer.text("extCustomerRef", EXT_CUSTOMER_REF_MAX).value();
    let crm_customer_id = customer.text("crmCustomerId", FOREIGN_ID_MAX).value();
    let erp_customer_id = customer.text("erpCustomerId", FOREIGN_ID_MAX).value();
    let locale = customer.parsed("locale", locale).value();
    let is_business_account = customer.boolean("isBusinessAccount").or(false);
    let payment_terms_value = customer.integer("paymentTermsValue", 0..=TERMS_MAX).value();
    let payment_terms_units = customer.parsed("paymentTermsUnits", str::parse).value();
    let currency = fields::currency(customer);
    let billing_contact = customer.required("billingContact", customer.child("billingContact"));
    let billing_contact = billing_contact.and_then(|contact| contacts::read_from(&contact));
    let sales_contact = customer.child("salesContact").value();
    let sales_contact = sales_contact.and_then(|contact| contacts::read_from(&contact));
    Some(NewCustomer {
        name: name?,
        status,
        ext_customer_ref,
        crm_customer_id,
        erp_customer_id,
        locale,
        is_business_account,
        payment_terms_value,
        payment_terms_units,
        currency,
        billing_contact: billing_contact?,
        sales_contact,
    })
}

/// `<customer id="366"/>`, `<extCustomerRef>` inside it, or `<extCustomerRef>` beside it.
pub fn read_reference(object: &Reader<'_>) -> Option<CustomerRef> {
    let beside = object.text("extCustomerRef", EXT_CUSTOMER_REF_MAX).value();
    let (id, inside) = match object.object_or_text("customer") {
        Field::Value(customer) => (read_id(object, &customer), read_ext_customer_ref(&customer)),
        Field::Absent | Field::Cleared => (None, None),
    };
    if beside.as_ref().zip(inside.as_ref()).is_some_and(|(beside, inside)| beside != inside) {
        object.wrong("extCustomerRef", "is given twice, which must agree");
    }
    let ext_customer_ref = beside.or(inside);
    (id.is_some() || ext_customer_ref.is_some()).then_some(CustomerRef { id, ext_customer_ref })
}

pub fn write(customer: &Customer, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, customer, zone);
    writer.finish()
}

pub fn write_into(writer: &mut Writer, customer: &Customer, zone: &TimeZone) {
    writer.object("customer", customer.id, |writer| {
        writer.text("name", &customer.name);
        writer.value("status", customer.status);
        writer.optional_text("extCustomerRef", customer.ext_customer_ref.as_deref());
        writer.optional_text("crmCustomerId", customer.crm_customer_id.as_deref());
        writer.optional_text("erpCustomerId", customer.erp_customer_id.as_deref());
        writer.text("locale", &customer.locale);
        writer.boolean("isBusinessAccount", customer.is_business_account);
        writer.value("paymentTermsValue", customer.terms.value);
        writer.value("paymentTermsUnits", customer.terms.units);
        writer.reference("currency", customer.currency);
        contacts::write_into(writer, "billingContact", &customer.billing_contact);
        if let Some(contact) = &customer.sales_contact {
            contacts::write_into(writer, "salesContact", contact);
        }
        writer.object("customerFinancials", customer.financials_id, |writer| {
            write_financials(writer, &customer.financials, customer.currency);
        });
        fields::write_stamps(writer, customer.created_at, customer.updated_at, zone);
    });
}

/// The customer was stored, but its address is doubtful (`api.md` §2.4). The id stands there twice, for either reading.
pub fn warning<'a>(
    id: CustomerId,
    ext_customer_ref: Option<&str>,
    errors: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut writer = Writer::with_capacity(512);
    writer.element("status", |writer| {
        // With a capital letter only here.
        writer.text("success", "True");
        writer.object("customer", id, |writer| {
            writer.value("id", id);
            writer.optional_text("extCustomerRef", ext_customer_ref);
        });
        writer.element("errors", |writer| errors.into_iter().for_each(|error| writer.text("error", error)));
    });
    writer.finish()
}

fn read_ext_customer_ref(customer: &Reader<'_>) -> Option<String> {
    customer.text("extCustomerRef", EXT_CUSTOMER_REF_MAX).value()
}

/// The id may be left out where the customer is named by the merchant's own.
fn read_id(object: &Reader<'_>, customer: &Reader<'_>) -> Option<i64> {
    if customer.has("extCustomerRef") {
        return customer.id().value();
    }
    let text = object.reference("customer").value()?;
    let id = reader::integer("customer", text, &(1..=i64::MAX)).ok();
    if id.is_none() {
        object.wrong("customer", "must have an id that is a whole number from 1");
    }
    id
}

fn write_financials(writer: &mut Writer, financials: &Financials, currency: Currency) {
    let civil = |date: Option<Date>| date.map(|date| date.0);
    writer.value("outstandingBalance", currency.format(financials.outstanding_balance));
    writer.value("previousBalance", currency.format(financials.previous_balance));
    writer.value("currentBalance", currency.format(financials.current_balance));
    writer.value("lastPaymentAmount", currency.format(financials.last_payment_amount));
    writer.optional_date("lastPaymentDate", civil(financials.last_payment_on));
    writer.value("lastInvoiceAmount", currency.format(financials.last_invoice_amount));
    writer.optional_date("lastInvoicedDate", civil(financials.last_invoiced_on));
    writer.value("lifetimePayments", currency.format(financials.lifetime_payments));
    writer.value("lifetimeValue", currency.format(financials.lifetime_value));
}

/// `en_US`: a language in two or three small letters, a country in two capitals.
pub(crate) fn locale(text: &str) -> Result<String, &'static str> {
    let is_locale = text.split_once('_').is_some_and(|(language, country)| {
        matches!(language.len(), 2 | 3)
            && language.bytes().all(|byte| byte.is_ascii_lowercase())
            && country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    is_locale.then(|| text.to_owned()).ok_or("must be a language and a country written like en_US")
}
