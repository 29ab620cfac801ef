//! What a customer is told of itself: its contacts and its methods on file, each once.

use domain::ids::PaymentMethodId;
use domain::payment_methods::PaymentMethod;
use store::payment_methods::{Stored, replace};
use store::profiles::{Profile, find};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, add_customer, customer, method_on_file, organizations};

on_both! {
    async fn a_profile_has_each_contact_and_each_method_once(db: TestDb) {
        organizations(&db).await;
        let john = customer(100, "JOHN");
        let mut jane = customer(200, "JANE");
        jane.sales_contact = None;
        add_customer(&db, ACME, &john).await.unwrap();
        add_customer(&db, ACME, &jane).await.unwrap();
        let second = method_on_file(700, john.id);
        let first = PaymentMethod { id: PaymentMethodId(701), preference: 1, ..second.method.clone() };
        let context = first.context();
        let mut tx = db.begin().await.unwrap();
        replace(&mut tx, ACME, &second).await.unwrap();
        replace(&mut tx, ACME, &Stored { method: first, ..second }).await.unwrap();
        let expected = Profile {
            ext_customer_ref: john.ext_customer_ref,
            created_at: john.created_at,
            billing_contact: john.billing_contact,
            sales_contact: john.sales_contact,
            methods: vec![context.clone(), context],
        };
        assert_eq!(find(&mut tx, ACME, john.id).await.unwrap(), Some(expected));
        let found = find(&mut tx, ACME, jane.id).await.unwrap().unwrap();
        assert_eq!((found.billing_contact, found.sales_contact), (jane.billing_contact, None));
        assert!(found.methods.is_empty());
        assert_eq!(find(&mut tx, RIVAL, john.id).await.unwrap(), None);
    }
}
