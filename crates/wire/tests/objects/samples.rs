//! John Doe, his order, invoice and payment, as in the reference representations (`api.md`, appendix A).

use domain::checks::Problems;
use domain::contacts::{Address, AddressFields, Contact};
use domain::customers::{Customer, CustomerStatus, Financials};
use domain::dates::{BillingAlignment, BillingPeriod, Date, Period, TimeUnit, Timestamp};
use domain::ids::{
    AddressId, AllocationId, ChargeId, ContactId, CustomerId, InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId,
    OrderLineId, PaymentId, PlanId, ProcessorResultId, TierId,
};
use domain::invoices::{ChargeKind, FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::{Amount, Currency, Price, Quantity};
use domain::orders::{Order, OrderLine, OrderStatus};
use domain::organizations::Terms;
use domain::payments::{
    Allocation, Answer, FullPayment, Match, MethodType, Payment, PaymentStatus, PaymentType, Processor,
    ProcessorResult, RequestKind, Verdict,
};
use domain::plans::{Charge, ChargeType, Plan, PricingType, Tier};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use wire::element::{Element, Limits};

pub fn element(xml: &str) -> Element {
    Element::parse(xml.as_bytes(), Limits::DEFAULT).expect("the test's document is well-formed")
}

pub fn messages<T>(read: Result<T, Problems>) -> Vec<String> {
    match read {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.message.clone()).collect(),
    }
}

/// Every element on a line of its own.
pub fn lines(xml: &str) -> String {
    xml.replace("><", ">\n<")
}

pub fn usd() -> Currency {
    "USD".parse().expect("ISO 4217 has it")
}

/// Already the next day in UTC.
pub fn created_at() -> Timestamp {
    "2011-09-21T02:30:00Z".parse().expect("it is an instant")
}

pub fn zone() -> TimeZone {
    TimeZone::get("America/Chicago").expect("the zones are bundled")
}

pub fn start() -> Date {
    Date::new(2011, 9, 20)
}

pub fn customer() -> Customer {
    Customer {
        id: CustomerId(366),
        name: "John Doe".to_owned(),
        status: CustomerStatus::Active,
        ext_customer_ref: Some("JOHNDOE001".to_owned()),
        crm_customer_id: None,
        erp_customer_id: None,
        locale: "en_US".to_owned(),
        is_business_account: true,
        terms: Terms { value: 30, units: TimeUnit::Days },
        currency: usd(),
        billing_contact: contact(),
        sales_contact: None,
        financials_id: 701,
        financials: Financials::default().invoiced(Amount(6050), start()),
        created_at: created_at(),
        updated_at: created_at(),
    }
}

pub fn contact() -> Contact {
    let fields = AddressFields {
        street1: Some("43 Main Av".to_owned()),
        street2: None,
        city: Some("Chicago".to_owned()),
        state: Some("IL".to_owned()),
        zip: Some("12345".to_owned()),
        country: Some("United States".to_owned()),
        country_code: Some("usa".to_owned()),
    };
    Contact {
        id: ContactId(501),
        username: Some("jdoe001".to_owned()),
        account_locked: true,
        first_name: "John".to_owned(),
        last_name: "Doe".to_owned(),
        email_primary: "johndoe@example.com".to_owned(),
        work_phone: Some("555 555 5555".to_owned()),
        cell_phone: None,
        address: Address { id: AddressId(601), fields },
    }
}

pub fn plan() -> Plan {
    let tier = Tier { id: TierId(14), ..Tier::flat(Price(Decimal::new(165, 0))) };
    let charge = Charge {
        id: ChargeId(10),
        invoice_text: "Monthly fee".to_owned(),
        is_prorated: true,
        tiers: vec![tier],
        ..Charge::new("MNTHLY", ChargeType::Recurring, PricingType::Flat)
    };
    Plan {
        id: PlanId(7),
        invoice_text: "White label hosting".to_owned(),
        charges: vec![charge],
        ..Plan::new("WHITE-LBL-A", "White label A", BillingPeriod::Monthly, BillingAlignment::NextBillingPeriod)
    }
}

pub fn order() -> Order {
    Order {
        id: OrderId(381),
        customer: CustomerId(366),
        plan: PlanId(7),
        plan_version: None,
        number: "1007".to_owned(),
        status: OrderStatus::Active,
        start_on: start(),
        end_on: None,
        next_billable_on: Some(Date::new(2011, 10, 1)),
        billed_until: Date::new(2011, 10, 1),
        anchor_on: None,
        change: None,
        pauses: Vec::new(),
        is_separate_invoice: false,
        currency: usd(),
        is_auto_pay: true,
        job_code: None,
        notes: None,
        invoice_notes: None,
        lifetime_value: Amount(6050),
        lines: vec![OrderLine {
            id: OrderLineId(1154),
            position: 1,
            charge: ChargeId(10),
            price_code: "MNTHLY".to_owned(),
            quantity: Quantity::ONE,
            lifetime_value: Amount(6050),
        }],
        invoices: vec![InvoiceId(2396)],
        created_at: created_at(),
        updated_at: created_at(),
    }
}

fn period() -> Period {
    Period { start: start(), end: Date::new(2011, 10, 1) }
}

pub fn invoice() -> FullInvoice {
    let head = Invoice {
        id: InvoiceId(2396),
        customer: CustomerId(366),
        number: "1019".to_owned(),
        crm_id: None,
        erp_id: None,
        status: InvoiceStatus::Outstanding,
        currency: usd(),
        billing_period: BillingPeriod::Monthly,
        invoiced_on: start(),
        due_on: start(),
        period: period(),
        total: Amount(6050),
        previous_balance: Amount::ZERO,
        applied: Amount::ZERO,
        reserved: Amount::ZERO,
        notes: None,
        created_at: created_at(),
        updated_at: created_at(),
    };
    FullInvoice { head, orders: vec![OrderId(381)], lines: vec![invoice_line()], allocations: Vec::new() }
}

fn invoice_line() -> InvoiceLine {
    let charge = InvoiceCharge {
        id: InvoiceChargeId(4001),
        position: 1,
        charge: Some(ChargeId(10)),
        order_line: Some(OrderLineId(1154)),
        tier: Some(TierId(14)),
        text: "Monthly fee".to_owned(),
        kind: ChargeKind::Advance,
        accounting_code: None,
        charged_on: None,
        period: period(),
        quantity: Quantity::ONE,
        unit_of_measure: None,
        unit_price: Price(Decimal::new(165, 0)),
        is_percent: false,
        amount: Amount(6050),
        tax: Amount::ZERO,
        explanation: "11 of 30 days".to_owned(),
    };
    InvoiceLine {
        id: InvoiceLineId(3001),
        position: 1,
        text: "White label hosting".to_owned(),
        period: period(),
        charges: vec![charge],
    }
}

pub fn payment() -> FullPayment {
    let head = Payment {
        id: PaymentId(213),
        customer: CustomerId(366),
        number: "501".to_owned(),
        status: PaymentStatus::Paid,
        payment_type: PaymentType::Payment,
        method_type: MethodType::CreditCard,
        method_context: "Visa: 1111".to_owned(),
        currency: usd(),
        amount: Amount(6050),
        balance: Amount::ZERO,
        effective_on: start(),
        is_system_payment: true,
        processor: Some(Processor::Test),
        is_processed_by_billing_run: false,
        collection: None,
        reverses: None,
        grants_credit: false,
        notes: None,
        created_at: created_at(),
        updated_at: created_at(),
    };
    let answer = Answer {
        verdict: Verdict::Approved,
        transaction_id: "TST-000192".to_owned(),
        approval_code: "0S33CM".to_owned(),
        status_message: "This transaction has been approved.".to_owned(),
        error_code: String::new(),
        error_message: String::new(),
        avs: Match::Yes,
        cvv: Match::Yes,
        response_time_ms: 2,
    };
    let result =
        ProcessorResult { id: ProcessorResultId(192), request: RequestKind::Sale, answer, created_at: created_at() };
    FullPayment { head, result: Some(result), allocations: vec![allocation()] }
}

pub fn allocation() -> Allocation {
    Allocation {
        id: AllocationId(171),
        payment: PaymentId(213),
        invoice: InvoiceId(2396),
        customer: CustomerId(366),
        amount: Amount(6050),
        balance: Amount::ZERO,
        created_at: created_at(),
    }
}
