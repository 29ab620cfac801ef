//! A preview is what is issued afterwards: whatever the plan, the order and its usage, the same bytes but for ids.

use billing::orders::{Invoicing, Placed, place};
use billing::{Result, Unit, order_actions};
use domain::access::Actor;
use domain::activities::NewActivity;
use domain::dates::Date;
use domain::invoices::{ChargeKind, FullInvoice};
use domain::orders::{NewOrder, Order};
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testkit::organization::ACME;
use testkit::scene::{new_order, record};
use testkit::{Scene, scenes};
use wire::activities::ActivityRequest;
use wire::customers::CustomerRef;
use wire::orders::OrderRef;

const CASES: usize = 16;
const TODAY: Date = Date::new(2011, 9, 20);

/// A plan in the seed file's words, and what is ordered and used of it.
#[derive(Clone, Debug)]
struct Case {
    head: (&'static str, &'static str),
    charges: Vec<Charge>,
    has_tax: bool,
    days_ago: i64,
    /// (line, quantity, days ago)
    usage: Vec<(usize, u32, i64)>,
}

#[derive(Clone, Debug)]
struct Charge {
    kind: &'static str,
    pricing: &'static str,
    /// In hundredths.
    prices: [u32; 2],
    quantity: u32,
    is_prorated: bool,
    is_prepaid: bool,
    is_separate: bool,
}

fn any_case() -> impl Strategy<Value = Case> {
    let head =
        (select(vec!["Weekly", "Monthly", "Quarterly", "Yearly"]), select(vec!["StartDate", "NextBillingPeriod"]));
    let usage = vec((0..4_usize, 1..500_u32, 0..200_i64), 0..6);
    (head, vec(any_charge(), 1..4), any::<bool>(), 0..200_i64, usage)
        .prop_map(|(head, charges, has_tax, days_ago, usage)| Case { head, charges, has_tax, days_ago, usage })
}

fn any_charge() -> impl Strategy<Value = Charge> {
    let kind = select(vec!["OneTimeCharge", "RecurringCharge", "RecurringCharge", "UsageCharge", "UsageCharge"]);
    let pricing = select(vec!["FlatPricing", "TieredPricing", "VolumePricing"]);
    let switches = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2));
    (kind, pricing, [0..20_000_u32, 0..20_000_u32], 1..20_u32, switches).prop_map(
        |(kind, pricing, prices, quantity, (is_prorated, is_prepaid, is_separate))| {
            let is_recurring = kind == "RecurringCharge";
            let (is_prorated, is_prepaid) = (is_prorated && is_recurring, is_prepaid || !is_recurring);
            Charge { kind, pricing, prices, quantity, is_prorated, is_prepaid, is_separate }
        },
    )
}

fn money(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

impl Case {
    fn plan(&self, code: &str) -> String {
        let (period, alignment) = self.head;
        let mut plan = format!(
            "[[organization.plan]]\ncontract_code = \"{code}\"\nname = \"{code}\"\nbilling_period = \"{period}\"\n\
             billing_alignment = \"{alignment}\"\n"
        );
        for (place, charge) in self.charges.iter().enumerate() {
            plan += &charge.written(place);
        }
        if self.has_tax {
            plan += "[[organization.plan.charge]]\nprice_code = \"VAT\"\ncharge_type = \"RecurringCharge\"\n\
                     percent = \"19\"\nis_tax = true\n";
        }
        plan
    }

    fn order(&self, code: &str) -> NewOrder {
        let codes: Vec<(String, String)> = (self.charges.iter().enumerate())
            .map(|(n, charge)| (format!("C{n}"), charge.quantity.to_string()))
            .collect();
        let mut lines: Vec<(&str, &str)> =
            codes.iter().map(|(code, quantity)| (code.as_str(), quantity.as_str())).collect();
        if self.has_tax {
            lines.push(("VAT", "1"));
        }
        NewOrder { start_on: Some(TODAY.add_days(-self.days_ago)), ..new_order(code, &lines) }
    }

    /// Of lines that are usage, on days of the order.
    fn used(&self, order: &Order) -> Vec<ActivityRequest> {
        let known = self.usage.iter().filter(|(line, _, days)| {
            *days <= self.days_ago && self.charges.get(*line).is_some_and(|charge| charge.kind == "UsageCharge")
        });
        let request = |(line, quantity, days): &(usize, u32, i64)| ActivityRequest {
            customer: CustomerRef { id: Some(order.customer.0), ext_customer_ref: None },
            order: OrderRef { id: Some(order.id), number: None },
            activity: NewActivity {
                price_code: format!("C{line}"),
                quantity: quantity.to_string().parse().unwrap(),
                charged_on: Some(TODAY.add_days(-days)),
                charge_ended_on: None,
                ext_ref_id: None,
                invoice_text: None,
            },
        };
        known.map(request).collect()
    }
}

impl Charge {
    fn written(&self, place: usize) -> String {
        let [first, second] = self.prices.map(money);
        let price = if self.pricing == "FlatPricing" {
            format!("price = \"{first}\"")
        } else {
            format!(
                "tiers = [ {{ units_from = 0, units_to = 10, price = \"{first}\" }}, {{ units_from = 11, price = \"{second}\" }} ]"
            )
        };
        let prepaid =
            if self.kind == "RecurringCharge" { format!("is_prepaid = {}\n", self.is_prepaid) } else { String::new() };
        format!(
            "[[organization.plan.charge]]\nprice_code = \"C{place}\"\ncharge_type = \"{}\"\npricing_type = \"{}\"\n\
             is_prorated = {}\nis_separate_invoice = {}\n{prepaid}{price}\n",
            self.kind, self.pricing, self.is_prorated, self.is_separate
        )
    }
}

/// Without ids, which a preview gives to nothing that stays.
fn masked(xml: &str) -> String {
    let mut parts = xml.split(" id=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (id, rest) = part.split_once('"').unwrap_or_default();
        let id = if id.bytes().all(|byte| byte.is_ascii_digit()) { "…" } else { id };
        format!("{text} id=\"{id}\"{rest}")
    })
}

fn order_xml(placed: &Placed) -> String {
    masked(&wire::orders::write(&placed.order, &placed.plan, &placed.invoices, &TimeZone::UTC))
}

fn invoices_xml(invoices: &[FullInvoice]) -> String {
    masked(&wire::invoices::write_list(invoices.iter(), &TimeZone::UTC))
}

/// What a preview shows is what comes of it, refusals too; and it stores nothing.
async fn as_previewed<T: 'static>(
    scene: &Scene,
    shown: fn(&T) -> String,
    work: impl AsyncFnOnce(&mut Unit) -> Result<T> + Clone,
) -> Result<T> {
    let stored = async || {
        let mut all = testkit::dump::dump(&scene.db, &[]).await;
        all.remove("id_blocks");
        all
    };
    let before = stored().await;
    let preview = scene.billing.preview(scene.org, &Actor::System, work.clone()).await;
    assert_eq!(stored().await, before, "a preview stores nothing");
    let done = scene.billing.unit(scene.org, &Actor::System, work).await;
    let told = |outcome: &Result<T>| outcome.as_ref().map(shown).map_err(ToString::to_string);
    assert_eq!(told(&preview), told(&done));
    done
}

scenes! {
    async fn any_bill_is_as_it_was_previewed(scene: Scene) {
        let mut runner = TestRunner::deterministic();
        let cases: Vec<Case> = (0..CASES).map(|_| any_case().new_tree(&mut runner).unwrap().current()).collect();
        let plans: String = cases.iter().enumerate().map(|(n, case)| case.plan(&format!("P{n}"))).collect();
        scene.seed(&ACME.replacen("[[organization.overdue_rule]]", &format!("{plans}\n[[organization.overdue_rule]]"), 1))
            .await
            .unwrap();
        let (mut billed, mut used) = (0, 0);
        for (n, case) in cases.iter().enumerate() {
            let customer = scene.customer(&format!("CUSTOMER{n}")).await;
            let order = &case.order(&format!("P{n}"));
            let work = async |unit: &mut Unit| place(unit, customer, order, Invoicing::Now).await;
            let Ok(placed) = as_previewed(&scene, order_xml, work).await else { continue };
            billed += placed.invoices.len();
            // Another that is invoiced when it has been used.
            let placed = scene.place(customer, order.clone(), Invoicing::Later).await.unwrap();
            let usage = case.used(&placed.order);
            if !usage.is_empty() {
                record(&scene.billing, scene.org, &usage).await.unwrap();
            }
            let work = async |unit: &mut Unit| order_actions::generate_invoice(unit, placed.order.id).await;
            let again = as_previewed(&scene, |invoices: &Vec<FullInvoice>| invoices_xml(invoices), work).await;
            let activities = again.into_iter().flatten().flat_map(|invoice| invoice.lines).flat_map(|line| line.charges);
            used += activities.filter(|charge| charge.kind == ChargeKind::Usage).count();
        }
        assert!(billed >= CASES / 2 && used > 0, "{billed} invoices and {used} charges for usage are too few to tell anything");
        scene.check().await;
    }
}
