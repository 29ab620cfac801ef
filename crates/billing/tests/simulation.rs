//! Months of business with everything that can go wrong: declines, time-outs, duplicates, late answers, cancellations,
//! changed plans, clock jumps. After each day money must be where it belongs.
//!
//! A run follows from its seed, which is printed when something does not hold. `BLUSYNERGY_SIMULATION=200x24` says how
//! many customers and months, `BLUSYNERGY_SIMULATION_SEED=7` that only this seed is run.

use billing::credits::{self, CreditRequest};
use billing::invoice_updates::{self, Orders};
use std::io::Write;

use billing::orders::Invoicing;
use billing::payment_methods::{self, SaveRequest};
use billing::payments::{self, PayRequest};
use billing::refunds::{self, RefundRequest};
use billing::{Error, change_orders, order_actions, payment_plans, transitions};
use domain::access::Actor;
use domain::dates::{Date, TimeUnit};
use domain::ids::{CustomerId, OrderId};
use domain::invoices::Invoice;
use domain::orders::{NewOrder, OrderStatus};
use domain::payment_methods::{NewMethod, Secret};
use domain::payments::{Payment, PaymentStatus};
use domain::transitions::CustomerAction;
use rust_decimal::Decimal;
use testkit::organization::ACME;
use testkit::scene::{amount_by_card, by_card, card, new_order};
use testkit::{Scene, invariants};
use wire::payment_plans::PaymentPlanRequest;

const BY: &Actor = &Actor::System;
/// The seeds of one test; there are ten tests.
const SEEDS_EACH: u64 = 5;
/// What takes longer is asked for after so many steps.
const THOROUGH_EVERY: u64 = 25;
const PAGE: store::Page = store::Page { offset: 0, max: 1_000 };

/// More dunning than `acme` has by itself.
const RULES: &str = "\n[[organization.overdue_rule]]\ndays_late = 45\nstatus = \"Overdue2\"\n\
    [[organization.overdue_rule]]\ndays_late = 120\nstatus = \"Suspended1\"\n";

struct Size {
    customers: u64,
    months: i64,
}

impl Size {
    fn wanted() -> Size {
        let Ok(text) = std::env::var("BLUSYNERGY_SIMULATION") else { return Size { customers: 6, months: 24 } };
        let (customers, months) = text.split_once('x').expect("BLUSYNERGY_SIMULATION is CUSTOMERSxMONTHS");
        Size { customers: customers.parse().expect("a number"), months: months.parse().expect("a number") }
    }
}

/// Numbers that follow from a seed (xorshift64*).
struct Chance(u64);

impl Chance {
    fn of(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// 0 to `below` - 1.
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn of_all<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index = self.below(u64::try_from(all.len().max(1)).unwrap_or(1));
        all.get(usize::try_from(index).unwrap_or_default())
    }
}

/// Says which seed it was when something does not hold.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = writeln!(std::io::stderr(), "the seed was {0}: BLUSYNERGY_SIMULATION_SEED={0}", self.0);
        }
    }
}

struct World {
    scene: Scene,
    chance: Chance,
    customers: Vec<CustomerId>,
    today: Date,
}

/// A use case may refuse what chance wants; it must not fail in any other way.
fn or_refused<T>(outcome: billing::Result<T>) -> Option<T> {
    match outcome {
        Ok(value) => Some(value),
        Err(Error::Refused(_) | Error::Invalid(_) | Error::Conflict(_) | Error::NotFound(_)) => None,
        Err(error) => panic!("{error:?}"),
    }
}

impl World {
    async fn new(seed: u64, size: &Size) -> World {
        let scene = Scene::new(testkit::scene::seeded(dbx::Engine::Sqlite, &format!("{ACME}{RULES}")).await).await;
        let mut world = World { scene, chance: Chance::of(seed), customers: Vec::new(), today: Date::new(2011, 9, 20) };
        world.scene.gateway.be_moody(seed);
        for n in 0..size.customers {
            let customer = world.scene.customer(&format!("C{n:04}")).await;
            world.customers.push(customer);
            if !world.chance.one_in(5) {
                world.keep_card(customer).await;
            }
            world.order(customer).await;
        }
        world
    }

    async fn keep_card(&mut self, customer: CustomerId) {
        let preference = 1 + i64::try_from(self.chance.below(3)).unwrap_or_default();
        let org = self.scene.organization("acme").await;
        let new = NewMethod { preference, secret: Secret::Card(Box::new(card())) };
        let request = SaveRequest { customer, new, validate: false };
        or_refused(payment_methods::save(&self.scene.billing, &org, BY, request).await);
    }

    fn any_order(&mut self) -> NewOrder {
        let mut order = match self.chance.below(3) {
            0 => new_order("WHITE-LBL-A", &[]),
            1 => new_order("FIXED-10", &[("FLAT", "2"), ("SETUP", "1")]),
            _ => new_order("FIXED-10", &[("FLAT", "1")]),
        };
        order.is_auto_pay = self.chance.one_in(6).then_some(false);
        order
    }

    async fn order(&mut self, customer: CustomerId) {
        let order = self.any_order();
        let invoicing = if self.chance.one_in(2) { Invoicing::Now } else { Invoicing::Later };
        or_refused(self.scene.place(customer, order, invoicing).await);
    }

    async fn orders(&self, customer: CustomerId) -> Vec<OrderId> {
        let sql = "SELECT id FROM orders WHERE customer_id = ";
        let mut conn = self.scene.db.read().await.expect("a connection to read with");
        let mut builder = conn.build(sql);
        builder.push_bind(customer);
        let rows: Vec<(OrderId,)> = builder.build().fetch_all().await.expect("orders can be read");
        rows.into_iter().map(|(id,)| id).collect()
    }

    async fn open(&self, customer: CustomerId) -> Vec<Invoice> {
        let mut conn = self.scene.db.read().await.expect("a connection to read with");
        store::invoices::open(&mut conn, self.scene.org, customer).await.expect("invoices can be read")
    }

    async fn payments(&self, customer: CustomerId) -> Vec<Payment> {
        let mut conn = self.scene.db.read().await.expect("a connection to read with");
        store::payments::list(&mut conn, self.scene.org, customer, PAGE).await.expect("payments can be read").0
    }

    /// Somebody does something.
    async fn event(&mut self) {
        let customer = *self.chance.of_all(&self.customers).expect("there are customers");
        match self.chance.below(16) {
            0 => self.order(customer).await,
            1 => self.keep_card(customer).await,
            2 => self.change_status(customer).await,
            3 => self.act_on_order(customer).await,
            4 => self.change_order(customer).await,
            5 => self.agree_on_instalments(customer).await,
            6 | 7 => Box::pin(self.pay_twice_at_once(customer)).await,
            8 => self.pay_some(customer).await,
            9 => self.give_back(customer).await,
            10 => self.cancel_payment(customer).await,
            11 => self.credit(customer).await,
            12 => self.cancel_invoice(customer).await,
            13 => self.take_card_away(customer).await,
            _ => {
                // Late answers arrive.
                self.scene.settle().await;
            }
        }
    }

    async fn take_card_away(&mut self, customer: CustomerId) {
        let preference = 1 + i64::try_from(self.chance.below(3)).unwrap_or_default();
        or_refused(payment_methods::delete(&self.scene.billing, self.scene.org, BY, customer, preference).await);
    }

    async fn change_status(&mut self, customer: CustomerId) {
        let action = if self.chance.one_in(4) { CustomerAction::Suspend } else { CustomerAction::Activate };
        or_refused(transitions::act(&self.scene.billing, self.scene.org, BY, customer, action).await);
    }

    async fn act_on_order(&mut self, customer: CustomerId) {
        let Some(order) = self.chance.of_all(&self.orders(customer).await).copied() else { return };
        let to = [OrderStatus::Suspended, OrderStatus::Active, OrderStatus::Active, OrderStatus::Canceled];
        let to = *self.chance.of_all(&to).expect("there are some");
        let (billing, org) = (&self.scene.billing, self.scene.org);
        or_refused(billing.unit(org, BY, async |unit| order_actions::act(unit, order, to).await).await);
    }

    async fn change_order(&mut self, customer: CustomerId) {
        let Some(order) = self.chance.of_all(&self.orders(customer).await).copied() else { return };
        let new = &self.any_order();
        let (billing, org) = (&self.scene.billing, self.scene.org);
        or_refused(billing.unit(org, BY, async |unit| change_orders::change(unit, order, None, new).await).await);
    }

    async fn agree_on_instalments(&mut self, customer: CustomerId) {
        let request = &PaymentPlanRequest {
            id: None,
            charge_only_if_balance_owed: Some(!self.chance.one_in(4)),
            charge_amount: Some((10 + i64::try_from(self.chance.below(90)).unwrap_or_default()).into()),
            start_on: Some(self.today.add_days(i64::try_from(self.chance.below(20)).unwrap_or_default())),
            total_installments: Some(1 + i64::try_from(self.chance.below(4)).unwrap_or_default()),
            frequency_value: Some(1),
            frequency_units: Some(if self.chance.one_in(2) { TimeUnit::Weeks } else { TimeUnit::Months }),
            is_enabled: None,
            is_offered: false,
        };
        let (billing, org) = (&self.scene.billing, self.scene.org);
        or_refused(billing.unit(org, BY, async |unit| payment_plans::save(unit, customer, request).await).await);
    }

    /// The customer has pressed the button twice, in two windows.
    async fn pay_twice_at_once(&mut self, customer: CustomerId) {
        let open = self.open(customer).await;
        let Some(invoice) = self.chance.of_all(&open) else { return };
        let pay = || payments::pay(&self.scene.billing, self.scene.org, BY, by_card(&[invoice.id]));
        let (one, other) = tokio::join!(pay(), pay());
        let paid = [or_refused(one), or_refused(other)];
        let paid = paid.iter().flatten().filter(|payment| payment.head.status == PaymentStatus::Paid).count();
        assert!(paid <= 1, "an invoice is paid twice");
    }

    async fn pay_some(&mut self, customer: CustomerId) {
        let amount = format!("{}.{:02}", 1 + self.chance.below(120), self.chance.below(100));
        let request: PayRequest = amount_by_card(customer, &amount);
        or_refused(payments::pay(&self.scene.billing, self.scene.org, BY, request).await);
    }

    async fn check(&self, is_thorough: bool) {
        if is_thorough {
            self.scene.check().await;
        } else {
            invariants::check_charges(&self.scene.db, self.scene.org, &self.scene.gateway).await;
        }
    }

    /// Days pass: mostly one, sometimes many at once.
    async fn pass(&mut self) {
        let days = match self.chance.below(20) {
            0 => 25 + self.chance.below(20),
            1..=5 => 2 + self.chance.below(6),
            _ => 1,
        };
        self.today = self.today.add_days(i64::try_from(days).unwrap_or(1));
        let noon = format!("{}T12:00:00Z", self.today);
        self.scene.advance(&noon).await.expect("the days are worked");
    }
}

impl World {
    async fn give_back(&mut self, customer: CustomerId) {
        let Some(payment) = self.chance.of_all(&self.payments(customer).await).map(|payment| payment.id) else {
            return;
        };
        let request = &RefundRequest {
            payment,
            customer: None,
            amount: None,
            currency: None,
            applies_house_credit: self.chance.one_in(3),
            effective_on: None,
        };
        or_refused(refunds::refund(&self.scene.billing, self.scene.org, BY, request).await);
    }

    async fn cancel_payment(&mut self, customer: CustomerId) {
        let Some(id) = self.chance.of_all(&self.payments(customer).await).map(|payment| payment.id) else { return };
        let (billing, org) = (&self.scene.billing, self.scene.org);
        or_refused(billing.unit(org, BY, async |unit| payments::cancel(unit, id).await).await);
    }

    async fn credit(&mut self, customer: CustomerId) {
        let amount = Decimal::from(self.chance.below(40)) - Decimal::from(15);
        let request = &CreditRequest { customer, amount, currency: None, notes: None };
        let (billing, org) = (&self.scene.billing, self.scene.org);
        or_refused(billing.unit(org, BY, async |unit| credits::create(unit, request).await).await);
    }

    async fn cancel_invoice(&mut self, customer: CustomerId) {
        let Some(id) = self.chance.of_all(&self.open(customer).await).map(|invoice| invoice.id) else { return };
        let orders = if self.chance.one_in(3) { Orders::AreSuspended } else { Orders::Stay };
        or_refused(invoice_updates::cancel(&self.scene.billing, self.scene.org, BY, id, orders).await);
    }

    /// Whatever is uncertain becomes certain.
    async fn settle_all(&self) {
        self.scene.gateway.be_good();
        for _ in 0..5 {
            self.scene.clock.advance_seconds(4_000);
            self.scene.settle().await;
        }
        for customer in &self.customers {
            let pending = self.payments(*customer).await.into_iter().filter(|it| it.status == PaymentStatus::Pending);
            assert_eq!(pending.count(), 0, "a payment stays pending");
        }
    }
}

async fn simulate(seed: u64, size: &Size) {
    let _seed = Seed(seed);
    let mut world = World::new(seed, size).await;
    let end = world.today.add_days(size.months * 30);
    let mut steps = 0;
    while world.today < end {
        for _ in 0..=world.chance.below(2 + size.customers / 20) {
            world.event().await;
        }
        world.pass().await;
        steps += 1;
        world.check(steps % THOROUGH_EVERY == 0).await;
    }
    world.settle_all().await;
    world.check(true).await;
}

async fn seeds(from: u64) {
    let size = Size::wanted();
    if let Ok(only) = std::env::var("BLUSYNERGY_SIMULATION_SEED") {
        let only = only.parse().expect("a number");
        if (from..from + SEEDS_EACH).contains(&only) {
            simulate(only, &size).await;
        }
        return;
    }
    for seed in from..from + SEEDS_EACH {
        simulate(seed, &size).await;
    }
}

macro_rules! tests {
    ($($name:ident: $from:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            seeds($from).await;
        }
    )*};
}

tests! {
    simulation_of_seeds_1_to_5: 1;
    simulation_of_seeds_6_to_10: 6;
    simulation_of_seeds_11_to_15: 11;
    simulation_of_seeds_16_to_20: 16;
    simulation_of_seeds_21_to_25: 21;
    simulation_of_seeds_26_to_30: 26;
    simulation_of_seeds_31_to_35: 31;
    simulation_of_seeds_36_to_40: 36;
    simulation_of_seeds_41_to_45: 41;
    simulation_of_seeds_46_to_50: 46;
}
