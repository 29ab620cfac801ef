//! A day's work that is cut off at each of its steps in turn: working it again finishes it, and nothing is done twice.

use billing::orders::Invoicing;
use billing::payment_methods::{self, SaveRequest};
use billing::runs::{self, Watch};
use billing::{Error, Result, payment_plans};
use domain::access::Actor;
use domain::customers::CustomerStatus;
use domain::dates::{Date, TimeUnit};
use domain::ids::CustomerId;
use domain::money::Amount;
use domain::orders::NewOrder;
use domain::payment_methods::{NewMethod, Secret};
use domain::payments::PaymentStatus;
use domain::runs::Counts;
use testkit::scene::{card, new_order};
use testkit::{Scene, Script, scenes};
use wire::payment_plans::PaymentPlanRequest;

use crate::restart;
use crate::walk::name;

const BY: &Actor = &Actor::System;
/// More than a day's work has.
const MAX: usize = 600;
/// Everything that must hold is asked for after so many steps: it takes longer than they do.
const CHECK_EVERY: usize = 10;

/// Who has something to be done on a day.
struct People {
    /// Is billed 25.00 and charged for it, with the second method: the first is declined.
    payer: CustomerId,
    /// Pays 10.00 of it as an instalment.
    debtor: CustomerId,
    /// Becomes overdue.
    late: CustomerId,
}

async fn keep(scene: &Scene, customer: CustomerId, preference: i64) {
    let org = scene.organization("acme").await;
    let new = NewMethod { preference, secret: Secret::Card(Box::new(card())) };
    let request = SaveRequest { customer, new, validate: false };
    payment_methods::save(&scene.billing, &org, BY, request).await.expect("the card is good");
}

/// An order that is billed 25.00 once, on this day.
async fn order(scene: &Scene, customer: CustomerId, day: Date) {
    let order = NewOrder { start_on: Some(day), ..new_order("FIXED-10", &[("SETUP", "1")]) };
    scene.place(customer, order, Invoicing::Later).await.expect("the order is good");
}

async fn people(scene: &Scene, step: usize, day: Date) -> People {
    let [payer, debtor, late] = ["P", "D", "L"].map(|kind| format!("{kind}{}", name(step)));
    let people = People {
        payer: scene.customer(&payer).await,
        debtor: scene.customer(&debtor).await,
        late: scene.customer(&late).await,
    };
    for preference in [1, 2] {
        keep(scene, people.payer, preference).await;
    }
    keep(scene, people.debtor, 1).await;
    let plan = &PaymentPlanRequest {
        id: None,
        charge_only_if_balance_owed: None,
        charge_amount: Some(10.into()),
        start_on: Some(day),
        total_installments: Some(1),
        frequency_value: Some(1),
        frequency_units: Some(TimeUnit::Months),
        is_enabled: None,
        is_offered: false,
    };
    let debtor = people.debtor;
    scene
        .billing
        .unit(scene.org, BY, async |unit| payment_plans::save(unit, debtor, plan).await)
        .await
        .expect("a plan");
    for customer in [people.payer, people.debtor] {
        order(scene, customer, day).await;
    }
    // Invoiced fifteen days before the day's work.
    let early = scene.billing.as_of(day.add_days(-15));
    let bill = NewOrder { start_on: Some(day.add_days(-15)), ..new_order("FIXED-10", &[("SETUP", "1")]) };
    testkit::scene::place(&early, scene.org, people.late, bill, Invoicing::Now).await.expect("the order is good");
    people
}

async fn work(scene: &Scene, day: Date) -> Result<Counts> {
    runs::day(&scene.billing.as_of(day), scene.org, day, Watch::none()).await
}

async fn payments(scene: &Scene, customer: CustomerId) -> Vec<(PaymentStatus, i64)> {
    let mut conn = scene.db.read().await.expect("a connection to read with");
    let page = store::Page { offset: 0, max: 100 };
    let listed = store::payments::list(&mut conn, scene.org, customer, page).await.expect("payments can be read").0;
    listed.into_iter().map(|payment| (payment.status, payment.amount.0)).collect()
}

async fn assert_done(scene: &Scene, people: &People, step: usize) {
    let paid = |payments: &[(PaymentStatus, i64)]| -> Vec<i64> {
        payments.iter().filter(|(status, _)| *status == PaymentStatus::Paid).map(|(_, amount)| *amount).collect()
    };
    let of_payer = payments(scene, people.payer).await;
    assert_eq!(paid(&of_payer), [2500], "step {step}: {of_payer:?}");
    let of_debtor = payments(scene, people.debtor).await;
    let mut paid = paid(&of_debtor);
    paid.sort_unstable();
    assert_eq!(paid, [1000, 1500], "step {step}: {of_debtor:?}: the instalment, and the rest when the plan is over");
    assert_eq!(scene.find_customer(people.late).await.status, CustomerStatus::Overdue1, "step {step}");
    for (customer, owed) in [(people.payer, 0), (people.debtor, 0), (people.late, 2500)] {
        assert_eq!(scene.invoices(customer).await.len(), 1, "step {step}");
        assert_eq!(scene.balance(customer).await, Amount(owed), "step {step}");
    }
}

scenes! {
    async fn a_day_that_is_cut_off_anywhere_is_finished_by_working_it_again(scene: Scene) {
        let mut scene = scene;
        let mut day = Date::new(2011, 10, 10);
        for step in 1..MAX {
            // The day, and two after it: what was uncertain is tried again, and what it held up is done.
            day = day.add_days(3);
            let people = people(&scene, step, day).await;
            restart(&mut scene);
            scene.gateway.next(Script::Approve);
            scene.gateway.next(Script::Decline);
            scene.faults.crash_at(step);
            let outcome = work(&scene, day).await;
            let is_over = scene.faults.steps() < step;
            match outcome {
                Ok(_) => {}
                Err(Error::Unavailable(_)) => assert!(!is_over, "step {step}"),
                Err(error) => panic!("step {step}: {error:?}"),
            }
            restart(&mut scene);
            scene.gateway.forget_scripts();
            if step % CHECK_EVERY == 0 {
                scene.check().await;
            }
            work(&scene, day).await.expect("it is worked again");
            scene.settle().await;
            for later in [1, 2] {
                work(&scene, day.add_days(later)).await.expect("the next days are worked");
            }
            assert_done(&scene, &people, step).await;
            if is_over {
                assert!(step > 60, "a day has more than {step} steps");
                scene.check().await;
                return;
            }
        }
        panic!("it never came to an end");
    }
}
