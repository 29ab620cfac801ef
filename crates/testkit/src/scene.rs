//! A merchant on a fresh database, with everything that use cases need, and the moves that most tests make.
//!
//! The organization's clock stands on 20 September 2011, the wall clock in January 2026: whatever takes one for the
//! other is seen.

use std::sync::Arc;

use billing::customers;
use billing::invoices::InvoiceKey;
use billing::orders::{self, Invoicing, Placed};
use billing::organizations::Entry;
use billing::passwords::{Cost, Passwords};
use billing::payments::{self, Method, PayRequest};
use billing::secrets::Vault;
use billing::sessions::Client;
use billing::{Billing, Parts, Result, activities, clock, jobs, seed};
use dbx::{Engine, Faults};
use domain::access::Actor;
use domain::activities::{FullActivity, NewActivity};
use domain::contacts::{AddressFields, NewContact, NewLogin, Password};
use domain::customers::{Customer, NewCustomer};
use domain::devices::{Browser, Device, System};
use domain::ids::{CustomerId, InvoiceId, OrganizationId, PaymentId};
use domain::invoices::FullInvoice;
use domain::money::Amount;
use domain::orders::{NewOrder, NewOrderLine, Order};
use domain::organizations::Organization;
use domain::payments::FullPayment;
use domain::wallet::{Card, CardNumber, Expiry, SecurityCode};
use sqlx::{Connection, PgConnection};
use wire::activities::ActivityRequest;
use wire::customers::CustomerRef;
use wire::orders::OrderRef;

use crate::clock::timestamp;
use crate::gateway::FakeConnections;
use crate::{FakeGateway, ManualClock, NoAddressService, TestDb, invariants, organization};

/// Where the wall clock stands when a scene begins.
pub const WALL: &str = "2026-01-05T09:00:00Z";
/// The key file of every test.
pub const VAULT_KEY: [u8; 32] = [7; 32];
/// Who comes into the portal.
pub static CLIENT: Client =
    Client { device: Device { browser: Browser::Firefox, system: System::Linux }, address: String::new() };
/// After this a payment whose outcome is unknown is asked for.
const CHECK_AFTER_SECONDS: i64 = 61;
const JOBS_MAX: usize = 1_000;

/// `async fn name(scene: Scene) {…}` becomes two tests: `name::sqlite` and `name::postgres`, each with the
/// organization `acme` on a database of its own. `parallel` before `async` gives it two threads.
#[macro_export]
macro_rules! scenes {
    () => {};
    ($(#[$meta:meta])* parallel async fn $name:ident($scene:ident: Scene) $body:block $($rest:tt)*) => {
        $crate::scenes!(@ $(#[$meta])* (flavor = "multi_thread", worker_threads = 2) $name $scene $body);
        $crate::scenes!($($rest)*);
    };
    ($(#[$meta:meta])* async fn $name:ident($scene:ident: Scene) $body:block $($rest:tt)*) => {
        $crate::scenes!(@ $(#[$meta])* (flavor = "current_thread") $name $scene $body);
        $crate::scenes!($($rest)*);
    };
    (@ $(#[$meta:meta])* ($($flavor:tt)*) $name:ident $scene:ident $body:block) => {
        $(#[$meta])*
        #[cfg(test)]
        async fn $name($scene: $crate::Scene) $body

        #[cfg(test)]
        mod $name {
            #[tokio::test($($flavor)*)]
            async fn sqlite() {
                super::$name($crate::Scene::sqlite().await).await;
            }

            #[tokio::test($($flavor)*)]
            async fn postgres() {
                super::$name($crate::Scene::postgres().await).await;
            }
        }
    };
}

pub struct Scene {
    pub billing: Billing,
    /// `acme`.
    pub org: OrganizationId,
    pub clock: Arc<ManualClock>,
    pub gateway: Arc<FakeGateway>,
    /// Of all transactions of `billing` and all calls of `gateway`; they fail nothing unless told to.
    pub faults: Arc<Faults>,
    /// Without faults.
    pub db: TestDb,
}

impl Scene {
    pub async fn sqlite() -> Scene {
        Scene::new(acme(Engine::Sqlite).await).await
    }

    pub async fn postgres() -> Scene {
        Scene::new(acme(Engine::Postgres).await).await
    }

    /// On a database that holds `acme`.
    pub async fn new(db: TestDb) -> Scene {
        let faults = Arc::new(Faults::new());
        let gateway = Arc::new(FakeGateway::with_faults(faults.clone()));
        let clock = Arc::new(ManualClock::at(WALL));
        let billing = process(&db, &faults, &clock, &gateway);
        let mut scene = Scene { billing, org: OrganizationId(0), clock, gateway, faults, db };
        scene.org = scene.organization("acme").await.id;
        scene
    }

    /// Another process on the same database, with empty caches.
    pub fn process(&self) -> Billing {
        process(&self.db, &self.faults, &self.clock, &self.gateway)
    }

    pub async fn seed(&self, text: &str) -> Result<()> {
        let seed = seed::parse(text, self.now())?;
        seed::apply(&self.billing, &seed).await
    }

    /// The other merchant.
    pub async fn rival(&self) -> OrganizationId {
        self.seed(organization::RIVAL).await.expect("the seed of rival is good");
        self.organization("rival").await.id
    }

    pub async fn organization(&self, subdomain: &str) -> Arc<Organization> {
        self.entry(subdomain).await.organization
    }

    /// As it is now, not as it is remembered.
    pub async fn entry(&self, subdomain: &str) -> Entry {
        let mut conn = self.db.read().await.expect("a connection to read with");
        let found = store::organizations::find_by_subdomain(&mut conn, subdomain).await;
        let organization = found.expect("organizations can be read").expect("the organization is seeded");
        let staff_changed_at = store::staff::changed_at(&mut conn, organization.id).await;
        let staff_changed_at = staff_changed_at.expect("staff can be read");
        Entry { organization: Arc::new(organization), staff_changed_at }
    }

    /// A customer without a login.
    pub async fn customer(&self, reference: &str) -> CustomerId {
        self.customer_of(self.org, reference).await
    }

    pub async fn customer_of(&self, org: OrganizationId, reference: &str) -> CustomerId {
        self.create(org, new_customer(reference)).await.expect("the customer is new")
    }

    /// A customer whose billing contact has a login.
    pub async fn customer_with_login(&self, reference: &str, username: &str, password: &str) -> CustomerId {
        let new = with_login(new_customer(reference), username, password);
        self.create(self.org, new).await.expect("the customer is new")
    }

    pub async fn create(&self, org: OrganizationId, new: NewCustomer) -> Result<CustomerId> {
        Ok(customers::create(&self.billing, org, &Actor::System, new).await?.customer.id)
    }

    pub async fn place(&self, customer: CustomerId, order: NewOrder, invoicing: Invoicing) -> Result<Placed> {
        place(&self.billing, self.org, customer, order, invoicing).await
    }

    /// An order of WHITE-LBL-A from the present day on, invoiced at once: 60.50 on 20 September.
    pub async fn invoice(&self, customer: CustomerId) -> FullInvoice {
        let placed = self.place(customer, new_order("WHITE-LBL-A", &[]), Invoicing::Now).await;
        placed.expect("the order is good").invoices.remove(0)
    }

    pub async fn pay(&self, request: PayRequest) -> Result<FullPayment> {
        payments::pay(&self.billing, self.org, &Actor::System, request).await
    }

    /// Moves the organization's clock.
    pub async fn advance(&self, to: &str) -> Result<()> {
        clock::advance(&self.billing, self.org, &Actor::System, timestamp(to)).await.map(drop)
    }

    /// PostgreSQL ends every connection to the database but this one, as when it is restarted.
    pub async fn throw_everybody_out(&self) {
        let mut conn = PgConnection::connect(self.db.url()).await.expect("the server answers");
        let others = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::query(others).execute(&mut conn).await.expect("connections can be ended");
    }

    /// Does the jobs that are due now.
    pub async fn run_jobs(&self) -> usize {
        jobs::run_due(&self.billing, JOBS_MAX).await.expect("jobs can be claimed")
    }

    /// Lets the janitor's minute pass, and does what is due then.
    pub async fn settle(&self) -> usize {
        self.clock.advance_seconds(CHECK_AFTER_SECONDS);
        self.run_jobs().await
    }

    pub async fn find_customer(&self, id: CustomerId) -> Customer {
        let mut conn = self.db.read().await.expect("a connection to read with");
        let found = store::customers::find(&mut conn, self.org, id).await;
        found.expect("customers can be read").expect("the customer is there")
    }

    pub async fn balance(&self, id: CustomerId) -> Amount {
        self.find_customer(id).await.financials.outstanding_balance
    }

    pub async fn find_invoice(&self, id: InvoiceId) -> FullInvoice {
        let mut conn = self.db.read().await.expect("a connection to read with");
        let found = store::invoices::full(&mut conn, self.org, id).await;
        found.expect("invoices can be read").expect("the invoice is there")
    }

    pub async fn find_payment(&self, id: PaymentId) -> FullPayment {
        let mut conn = self.db.read().await.expect("a connection to read with");
        let found = store::payments::full(&mut conn, self.org, id).await;
        found.expect("payments can be read").expect("the payment is there")
    }

    /// A customer's invoices, oldest first.
    pub async fn invoices(&self, customer: CustomerId) -> Vec<FullInvoice> {
        let mut conn = self.db.read().await.expect("a connection to read with");
        let page = store::Page { offset: 0, max: i64::MAX };
        let listed = store::invoices::list(&mut conn, self.org, customer, page).await;
        drop(conn);
        let mut invoices = Vec::new();
        for head in listed.expect("invoices can be read").0.into_iter().rev() {
            invoices.push(self.find_invoice(head.id).await);
        }
        invoices
    }

    /// Everything that must hold, always.
    pub async fn check(&self) {
        invariants::check(&self.db, self.org).await;
        invariants::check_charges(&self.db, self.org, &self.gateway).await;
    }

    fn now(&self) -> domain::dates::Timestamp {
        billing::ports::Clock::now(&*self.clock)
    }
}

/// A migrated database with the organization `acme`.
pub async fn acme(engine: Engine) -> TestDb {
    seeded(engine, organization::ACME).await
}

/// A migrated database with the organizations of a seed file, seeded at [`WALL`] with the keys of every scene.
pub async fn seeded(engine: Engine, text: &str) -> TestDb {
    crate::database::prepared(engine, store::MIGRATIONS, text, async |db| {
        let clock = Arc::new(ManualClock::at(WALL));
        let gateway = Arc::new(FakeGateway::with_faults(Arc::new(Faults::new())));
        let vault = Vault::new(VAULT_KEY);
        let (db, avalara) = (db.clone(), Arc::new(NoAddressService));
        let connect = Arc::new(FakeConnections(gateway.clone()));
        let passwords = passwords();
        let billing = Billing::new(Parts { db, clock, gateway, connect, avalara, vault, passwords });
        let seed = seed::parse(text, billing.clock.now()).expect("the seed can be read");
        seed::apply(&billing, &seed).await.expect("the seed is good");
    })
    .await
}

fn process(db: &TestDb, faults: &Arc<Faults>, clock: &Arc<ManualClock>, gateway: &Arc<FakeGateway>) -> Billing {
    Billing::new(Parts {
        db: db.with_faults(faults.clone()),
        clock: clock.clone(),
        gateway: gateway.clone(),
        connect: Arc::new(FakeConnections(gateway.clone())),
        avalara: Arc::new(NoAddressService),
        vault: Vault::new(VAULT_KEY),
        passwords: passwords(),
    })
}

/// Quick to hash: everybody may know the passwords of tests.
pub fn passwords() -> Passwords {
    Passwords::new(Cost::LEAST)
}

/// Places an order in a unit of its own, as a request does.
pub async fn place(
    billing: &Billing,
    org: OrganizationId,
    customer: CustomerId,
    order: NewOrder,
    invoicing: Invoicing,
) -> Result<Placed> {
    let order = &order;
    billing.unit(org, &Actor::System, async |unit| orders::place(unit, customer, order, invoicing).await).await
}

pub fn new_customer(reference: &str) -> NewCustomer {
    NewCustomer {
        name: "John Doe".to_owned(),
        status: None,
        ext_customer_ref: Some(reference.to_owned()),
        crm_customer_id: None,
        erp_customer_id: None,
        locale: None,
        is_business_account: false,
        payment_terms_value: None,
        payment_terms_units: None,
        currency: None,
        billing_contact: new_contact(),
        sales_contact: None,
    }
}

pub fn with_login(mut new: NewCustomer, username: &str, password: &str) -> NewCustomer {
    let login = NewLogin { username: username.to_owned(), password: Password::new(password) };
    new.billing_contact.login = Some(login);
    new
}

pub fn new_contact() -> NewContact {
    NewContact {
        login: None,
        account_locked: false,
        first_name: "John".to_owned(),
        last_name: "Doe".to_owned(),
        email_primary: "johndoe@example.com".to_owned(),
        work_phone: None,
        cell_phone: None,
        address: AddressFields { street1: Some("43 Main Av".to_owned()), ..AddressFields::default() },
    }
}

/// From the present day on; lines are (price code, quantity).
pub fn new_order(contract_code: &str, lines: &[(&str, &str)]) -> NewOrder {
    let line = |(price_code, quantity): &(&str, &str)| NewOrderLine {
        price_code: (*price_code).to_owned(),
        quantity: quantity.parse().expect("a quantity"),
    };
    NewOrder { contract_code: contract_code.to_owned(), lines: lines.iter().map(line).collect(), ..NewOrder::default() }
}

/// Pages of an order, as they come in.
pub fn used(order: &Order, quantity: &str, day: &str, reference: Option<&str>) -> ActivityRequest {
    ActivityRequest {
        customer: CustomerRef { id: Some(order.customer.0), ext_customer_ref: None },
        order: OrderRef { id: Some(order.id), number: None },
        activity: NewActivity {
            price_code: "PAGES".to_owned(),
            quantity: quantity.parse().expect("a quantity"),
            charged_on: Some(day.parse().expect("a day")),
            charge_ended_on: None,
            ext_ref_id: reference.map(str::to_owned),
            invoice_text: None,
        },
    }
}

/// Stores usage in a unit of its own, as a request does.
pub async fn record(billing: &Billing, org: OrganizationId, requests: &[ActivityRequest]) -> Result<Vec<FullActivity>> {
    billing.unit(org, &Actor::System, async |unit| activities::record(unit, requests).await).await
}

/// Everything that the invoices owe, by card.
pub fn by_card(invoices: &[InvoiceId]) -> PayRequest {
    let key = |id: &InvoiceId| InvoiceKey { id: Some(*id), number: None };
    PayRequest {
        customer: None,
        amount: None,
        currency: None,
        invoices: invoices.iter().map(key).collect(),
        method: Method::Card(card()),
        keep: None,
        generate_invoice: false,
        once: None,
    }
}

/// An amount for whatever is open, by card.
pub fn amount_by_card(customer: CustomerId, amount: &str) -> PayRequest {
    PayRequest { customer: Some(customer), amount: Some(amount.parse().expect("an amount")), ..by_card(&[]) }
}

/// A Visa card that is good until 2035.
pub fn card() -> Card {
    Card {
        number: CardNumber::parse("4111111111111111").expect("the check digit is right"),
        expiry: Expiry { year: 2035, month: 12 },
        cvv: SecurityCode::parse("123"),
        holder: None,
        billing_address: None,
    }
}
