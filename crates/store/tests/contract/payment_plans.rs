//! Payment plans: every field comes back, the last one is the current one, one alone is enabled.

use domain::dates::{Date, TimeUnit};
use domain::ids::PaymentPlanId;
use domain::money::Amount;
use domain::payment_plans::{Frequency, PaymentPlan};
use store::is_unique_violation;
use store::payment_plans::{current, insert, save};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, add_customer, at, customer, now, organizations};

fn plan(id: i64, sequence: i64) -> PaymentPlan {
    PaymentPlan {
        id: PaymentPlanId(id),
        customer: customer(100, "JOHN").id,
        sequence,
        currency: "JPY".parse().expect("a currency"),
        charge_only_if_balance_owed: false,
        charge_amount: Amount(99_999_999_999_999),
        start_on: Date::new(2012, 2, 29),
        frequency: Frequency { value: 3, units: TimeUnit::Quarters },
        total_installments: 4,
        remaining_installments: 3,
        is_enabled: true,
        is_offered: false,
        created_at: now(),
        updated_at: at("2011-09-21T12:00:00.5Z"),
    }
}

on_both! {
    async fn a_payment_plan_comes_back_as_it_was(db: TestDb) {
        organizations(&db).await;
        add_customer(&db, ACME, &customer(100, "JOHN")).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(current(&mut tx, ACME, plan(1, 1).customer).await.unwrap(), None);
        insert(&mut tx, ACME, &plan(1, 1)).await.unwrap();
        assert_eq!(current(&mut tx, ACME, plan(1, 1).customer).await.unwrap(), Some(plan(1, 1)));
        let over = PaymentPlan {
            charge_only_if_balance_owed: true, charge_amount: Amount(1), start_on: Date::new(2013, 1, 1),
            frequency: Frequency { value: 1, units: TimeUnit::Days }, total_installments: 1, remaining_installments: 0,
            is_enabled: false, updated_at: now(), ..plan(1, 1)
        };
        assert_eq!(save(&mut tx, RIVAL, &over).await.unwrap(), 0, "of another organization");
        assert_eq!(current(&mut tx, RIVAL, over.customer).await.unwrap(), None);
        assert_eq!(save(&mut tx, ACME, &over).await.unwrap(), 1);
        assert_eq!(current(&mut tx, ACME, over.customer).await.unwrap(), Some(over));
        insert(&mut tx, ACME, &plan(2, 2)).await.unwrap();
        assert_eq!(current(&mut tx, ACME, plan(2, 2).customer).await.unwrap(), Some(plan(2, 2)));
        tx.commit().await.unwrap();
    }

    async fn two_enabled_plans_of_a_customer_can_not_be_stored(db: TestDb) {
        organizations(&db).await;
        add_customer(&db, ACME, &customer(100, "JOHN")).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        insert(&mut tx, ACME, &plan(1, 1)).await.unwrap();
        let error = insert(&mut tx, ACME, &plan(2, 2)).await.unwrap_err();
        assert!(is_unique_violation(&error), "{error}");
    }
}
