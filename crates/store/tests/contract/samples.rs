//! Two organizations, and what they may hold: every field set, so that a column that is forgotten is seen.

use domain::branding::Branding;
use domain::contacts::{Address, AddressFields, Contact};
use domain::customers::{Customer, CustomerStatus, Financials};
use domain::dates::{BillingAlignment, BillingPeriod, Date, Period, TimeUnit, Timestamp};
use domain::events::EventType;
use domain::ids::{
    AddressId, AllocationId, ChargeId, ContactId, CustomerId, InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId,
    OrderLineId, OrganizationId, PaymentId, PaymentMethodId, PlanId, ProductId, TierId,
};
use domain::invoices::{ChargeKind, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::money::Amount;
use domain::orders::{Change, Order, OrderLine, OrderStatus, Pause};
use domain::organizations::{AddressValidation, CardSaving, Mode, Organization, PortalMethod, PortalProfile, Terms};
use domain::payment_methods::{PaymentMethod, Shown};
use domain::payments::{Allocation, MethodType, Payment, PaymentStatus, PaymentType, Processor};
use domain::plans::{Charge, ChargeType, OrderType, Plan, PricingType, Product, Tax, Tier};
use domain::wallet::Expiry;
use jiff::tz::TimeZone;
use store::customer_counts::SLOTS;
use store::invoices::NewInvoice;
use store::numbers::Counter;
use store::organizations::Settings;
use store::payment_methods::Stored;
use store::sealed::Sealed;
use store::{Db, Tx};

pub const ACME: OrganizationId = OrganizationId(1);
pub const RIVAL: OrganizationId = OrganizationId(2);
pub const UNICODE: &str = "Zoë Łukasz 山田 🦀 '\"<&>\\ \u{0301}";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// To the microsecond.
pub fn now() -> Timestamp {
    at("2011-09-20T12:00:00.123456Z")
}

pub fn organization(id: OrganizationId) -> Organization {
    Organization {
        id,
        subdomain: format!("org{id}"),
        name: UNICODE.to_owned(),
        currency: "USD".parse().unwrap(),
        currencies: vec!["USD".parse().unwrap(), "JPY".parse().unwrap()],
        time_zone: TimeZone::get("America/New_York").unwrap(),
        locale: "en_US".to_owned(),
        mode: Mode::Test { clock: now() },
        terms: Terms { value: 30, units: TimeUnit::Weeks },
        address_validation: AddressValidation::Test,
        embed_origins: vec!["https://a.example".to_owned(), "http://127.0.0.1:8099".to_owned()],
        notifications: vec![EventType::NewInvoice, EventType::PaymentReceived],
        processor: Some(Processor::Test),
        portal: PortalProfile {
            allow_payments: true,
            show_payments: false,
            methods: vec![PortalMethod::Ach],
            free_amount: true,
            pay_all: false,
            card_saving: CardSaving::Force,
            allow_autopay_off: true,
            page_url: Some("https://a.example/account".to_owned()),
            success_url: Some("https://a.example/thanks".to_owned()),
            stylesheet: Some("/css/a.css".to_owned()),
            second_factor: domain::organizations::SecondFactor::Required,
        },
        branding: Branding::default(),
    }
}

pub fn settings() -> Settings {
    Settings { account_id: Some(2001), probe_limit: 100, retry_days: vec![3, 5, 7] }
}

/// Both organizations, with their counters.
pub async fn organizations(db: &Db) {
    db.transact(async |tx: &mut Tx| {
        for id in [ACME, RIVAL] {
            store::organizations::insert(tx, &organization(id), &settings(), now()).await?;
            for counter in [Counter::Invoice, Counter::Order, Counter::Payment] {
                store::numbers::start(tx, id, counter, 1019).await?;
            }
        }
        Ok::<(), store::Error>(())
    })
    .await
    .unwrap();
}

pub fn contact(id: i64, username: Option<&str>) -> Contact {
    let text = |name: &str| Some(format!("{name} {UNICODE}"));
    Contact {
        id: ContactId(id),
        username: username.map(str::to_owned),
        account_locked: true,
        first_name: UNICODE.to_owned(),
        last_name: "Doe".to_owned(),
        email_primary: "zoë@exämple.de".to_owned(),
        work_phone: text("work"),
        cell_phone: text("cell"),
        address: Address {
            id: AddressId(id + 1),
            fields: AddressFields {
                street1: text("street1"),
                street2: text("street2"),
                city: text("city"),
                state: text("state"),
                zip: text("zip"),
                country: text("country"),
                country_code: Some("usa".to_owned()),
            },
        },
    }
}

pub fn customer(id: i64, reference: &str) -> Customer {
    Customer {
        id: CustomerId(id),
        name: UNICODE.to_owned(),
        status: CustomerStatus::Overdue2,
        ext_customer_ref: Some(reference.to_owned()),
        crm_customer_id: Some("crm".to_owned()),
        erp_customer_id: Some("erp".to_owned()),
        locale: "de_DE".to_owned(),
        is_business_account: true,
        terms: Terms { value: 2, units: TimeUnit::Quarters },
        currency: "JPY".parse().unwrap(),
        billing_contact: contact(id * 10, Some(&format!("user{id}"))),
        sales_contact: Some(contact(id * 10 + 5, None)),
        financials_id: id + 7,
        financials: Financials::default(),
        created_at: now(),
        updated_at: now(),
    }
}

pub async fn add_customer(db: &Db, org: OrganizationId, customer: &Customer) -> store::Result<()> {
    db.transact(async |tx: &mut Tx| {
        store::customers::insert(tx, org, customer, [Some("$hash"), None]).await?;
        store::customer_counts::add(tx, org, customer.status, customer.id.0 % SLOTS, 1).await.map(drop)
    })
    .await
}

pub fn financials() -> Financials {
    Financials {
        outstanding_balance: Amount(-99_999_999_999_999),
        previous_balance: Amount(2),
        current_balance: Amount(3),
        last_payment_amount: Amount(4),
        last_payment_on: Some(Date::new(2012, 2, 29)),
        last_invoice_amount: Amount(5),
        last_invoiced_on: Some(Date::new(1999, 12, 31)),
        lifetime_payments: Amount(6),
        lifetime_value: Amount(99_999_999_999_999),
    }
}

pub fn product() -> Product {
    Product {
        id: ProductId(299),
        name: "Hosting".to_owned(),
        sku: "HOST".to_owned(),
        notes: Some(UNICODE.to_owned()),
        invoice_text: Some("Hosting and mail".to_owned()),
    }
}

pub fn plan() -> Plan {
    let tier = |id: i64, from: &str, to: Option<&str>, price: &str| Tier {
        id: TierId(id),
        is_overage: to.is_none(),
        currency: to.map(|_| "KWD".parse().unwrap()),
        percent: to.is_none().then(|| "2.9999".parse().unwrap()),
        ..Tier::new(from.parse().unwrap(), to.map(|to| to.parse().unwrap()), price.parse().unwrap())
    };
    let charge = Charge {
        id: ChargeId(310),
        position: 1,
        notes: Some(UNICODE.to_owned()),
        invoice_text: UNICODE.to_owned(),
        accounting_code: Some("4711".to_owned()),
        min_quantity: Some("0.0000001".parse().unwrap()),
        standard_quantity: Some("0.000001".parse().unwrap()),
        max_quantity: Some("999999999999.99".parse().unwrap()),
        is_prepaid: true,
        is_prorated: true,
        is_mandatory: true,
        is_penalty: true,
        is_separate_invoice: true,
        tax: Some(Tax::Inclusive),
        tax_codes: vec!["VAT, full".to_owned(), UNICODE.to_owned()],
        unit_of_measure: Some("page".to_owned()),
        tiers: vec![tier(311, "0", Some("100.5"), "0.0000000001"), tier(312, "100.6", None, "165.00")],
        ..Charge::new("PAGES", ChargeType::Usage, PricingType::Tiered)
    };
    Plan {
        id: PlanId(300),
        product: ProductId(299),
        notes: Some(UNICODE.to_owned()),
        invoice_text: "Hosting".to_owned(),
        start_on: Some(Date::new(2011, 1, 1)),
        end_on: Some(Date::new(2012, 2, 29)),
        due: Terms { value: 5, units: TimeUnit::Days },
        is_auto_renew: true,
        initial_term: Some(Terms { value: 1, units: TimeUnit::Years }),
        renewal_term: Some(Terms { value: 6, units: TimeUnit::Months }),
        order_type: OrderType::Installment,
        number_of_installments: Some(12),
        interest_rate: Some("4.2500".parse().unwrap()),
        fixed_charges_reduce_payoff: true,
        accounting_code: Some("4712".to_owned()),
        use_accounting_code_for_each_installment: true,
        linked_contract_code: Some("OTHER".to_owned()),
        charges: vec![charge],
        ..Plan::new("WHITE-LBL-A", UNICODE, BillingPeriod::TwentyFiveYearly, BillingAlignment::NextBillingPeriod)
    }
}

pub async fn add_plan(db: &Db, org: OrganizationId, plan: &Plan) {
    db.transact(async |tx: &mut Tx| {
        let product = store::plan_updates::save_product(tx, org, &product()).await?;
        let plan = Plan { product, ..plan.clone() };
        let id = store::plan_updates::save(tx, org, &plan, now()).await?;
        for charge in &plan.charges {
            store::plan_updates::save_charge(tx, org, id, charge).await?;
        }
        Ok::<(), store::Error>(())
    })
    .await
    .unwrap();
}

pub fn order(customer: CustomerId) -> Order {
    Order {
        id: OrderId(400),
        customer,
        plan: PlanId(300),
        plan_version: None,
        number: "1007".to_owned(),
        status: OrderStatus::Provisioning,
        start_on: Date::new(2011, 9, 20),
        end_on: Some(Date::new(2999, 12, 31)),
        next_billable_on: Some(Date::new(2012, 2, 29)),
        billed_until: Date::new(2012, 3, 1),
        anchor_on: Some(Date::new(2011, 1, 31)),
        change: Some(Change {
            of: OrderId(399),
            since: Date::new(2011, 9, 1),
            paid_once: vec![ChargeId(308), ChargeId(309)],
        }),
        pauses: vec![
            Pause { from: Date::new(2011, 10, 1), until: Some(Date::new(2011, 10, 9)) },
            Pause { from: Date::new(2011, 12, 24), until: None },
        ],
        is_separate_invoice: true,
        currency: "KWD".parse().unwrap(),
        is_auto_pay: true,
        job_code: Some("job".to_owned()),
        notes: Some(UNICODE.to_owned()),
        invoice_notes: Some("for the invoice".to_owned()),
        lifetime_value: Amount(12),
        lines: vec![OrderLine {
            id: OrderLineId(401),
            position: 1,
            charge: ChargeId(310),
            price_code: "PAGES".to_owned(),
            quantity: "1.000001".parse().unwrap(),
            lifetime_value: Amount(11),
        }],
        invoices: Vec::new(),
        created_at: now(),
        updated_at: now(),
    }
}

pub fn invoice(id: i64, number: &str, customer: CustomerId) -> Invoice {
    Invoice {
        id: InvoiceId(id),
        customer,
        number: number.to_owned(),
        crm_id: Some("crm".to_owned()),
        erp_id: Some("erp".to_owned()),
        status: InvoiceStatus::Outstanding,
        currency: "USD".parse().unwrap(),
        billing_period: BillingPeriod::Monthly,
        invoiced_on: Date::new(2011, 9, 20),
        due_on: Date::new(2011, 10, 20),
        period: Period { start: Date::new(2011, 9, 20), end: Date::new(2011, 10, 1) },
        total: Amount(6050),
        previous_balance: Amount(-7),
        applied: Amount(50),
        reserved: Amount(1000),
        notes: Some(UNICODE.to_owned()),
        created_at: now(),
        updated_at: now(),
    }
}

/// The invoice with the line, as the store takes it.
pub fn new_invoice(head: &Invoice, line: (Option<OrderId>, InvoiceLine)) -> [NewInvoice; 1] {
    [NewInvoice { head: head.clone(), lines: vec![line] }]
}

/// A line with one charge, of the order above.
pub fn line(id: i64, start: Date) -> (Option<OrderId>, InvoiceLine) {
    let period = Period { start, end: start.add_days(11) };
    let charge = InvoiceCharge {
        id: InvoiceChargeId(id + 1),
        position: 1,
        charge: Some(ChargeId(310)),
        order_line: Some(OrderLineId(401)),
        tier: Some(TierId(311)),
        text: UNICODE.to_owned(),
        kind: ChargeKind::Arrears,
        accounting_code: Some("4711".to_owned()),
        charged_on: Some(start),
        period,
        quantity: "1.000001".parse().unwrap(),
        unit_of_measure: Some("page".to_owned()),
        unit_price: "165.0000000001".parse().unwrap(),
        is_percent: true,
        amount: Amount(6050),
        tax: Amount(50),
        explanation: "165.00 × 1 × 11/30 days = 60.50".to_owned(),
    };
    let line =
        InvoiceLine { id: InvoiceLineId(id), position: 1, text: "Hosting".to_owned(), period, charges: vec![charge] };
    (Some(OrderId(400)), line)
}

pub fn payment(id: i64, number: &str, customer: CustomerId) -> Payment {
    Payment {
        id: PaymentId(id),
        customer,
        number: number.to_owned(),
        status: PaymentStatus::Pending,
        payment_type: PaymentType::Payment,
        method_type: MethodType::CreditCard,
        method_context: "Visa: 1111".to_owned(),
        currency: "USD".parse().unwrap(),
        amount: Amount(6050),
        balance: Amount(6050),
        effective_on: Date::new(2011, 9, 20),
        is_system_payment: true,
        processor: Some(Processor::Stripe),
        is_processed_by_billing_run: true,
        collection: None,
        reverses: None,
        grants_credit: false,
        notes: None,
        created_at: now(),
        updated_at: now(),
    }
}

pub fn allocation(id: i64, payment: &Payment, invoice: &Invoice) -> Allocation {
    Allocation {
        id: AllocationId(id),
        payment: payment.id,
        invoice: invoice.id,
        customer: payment.customer,
        amount: Amount(1000),
        balance: Amount(5050),
        created_at: now(),
    }
}

/// A card in the second place.
pub fn method_on_file(id: i64, customer: CustomerId) -> Stored {
    let shown = Shown {
        brand: Some("Visa".to_owned()),
        last_digits: Some("1111".to_owned()),
        expiry: Some(Expiry { year: 2035, month: 12 }),
    };
    let method = PaymentMethod {
        id: PaymentMethodId(id),
        customer,
        preference: 2,
        method_type: MethodType::CreditCard,
        shown,
        created_at: now(),
        updated_at: now(),
    };
    let token = Some(Sealed { key_id: "key-1".to_owned(), text: "c0ffee".to_owned() });
    Stored { method, token, refused_on: None }
}

/// A customer with an order, an invoice and a pending payment of it, all in `org`.
pub async fn everything(db: &Db, org: OrganizationId) -> CustomerId {
    let john = customer(100, "JOHN");
    add_customer(db, org, &john).await.unwrap();
    add_plan(db, org, &plan()).await;
    db.transact(async |tx: &mut Tx| {
        store::orders::insert(tx, org, &order(john.id)).await?;
        let head = invoice(500, "1019", john.id);
        store::invoices::insert(tx, org, &new_invoice(&head, line(510, Date::new(2011, 9, 20)))).await?;
        let payment = payment(600, "1001", john.id);
        store::payments::insert(tx, org, &payment).await?;
        store::allocations::reserve(tx, org, &[allocation(610, &payment, &head)]).await.map(drop)
    })
    .await
    .unwrap();
    john.id
}
