//! Methods on file: they come back as they went in, one a place, and only within their organization.

use domain::ids::PaymentMethodId;
use domain::payment_methods::{PaymentMethod, Shown};
use domain::payments::MethodType;
use store::Tx;
use store::payment_methods::{Stored, delete, list, replace};
use store::sealed::{Sealed, callback_secrets, replace_callback_secret, replace_token, tokens_of_other_keys};
use testkit::dump::{differences, dump};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, at, everything, method_on_file, organizations};

const FROM_THE_FIRST: (PaymentMethodId, i64) = (PaymentMethodId(0), 9);

on_both! {
    async fn a_method_on_file_comes_back_as_it_was(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let card = method_on_file(700, john);
        let cash = Stored {
            method: PaymentMethod {
                id: PaymentMethodId(701),
                preference: 1,
                method_type: MethodType::Cash,
                shown: Shown::default(),
                ..card.method.clone()
            },
            token: None,
            refused_on: None,
        };
        let mut tx = db.begin().await.unwrap();
        assert!(!replace(&mut tx, ACME, &card).await.unwrap());
        assert!(!replace(&mut tx, ACME, &cash).await.unwrap());
        assert_eq!(list(&mut tx, ACME, john).await.unwrap(), [cash.clone(), card.clone()]);
        let other = Stored { method: PaymentMethod { id: PaymentMethodId(702), ..card.method.clone() }, ..card };
        assert!(replace(&mut tx, ACME, &other).await.unwrap());
        assert_eq!(list(&mut tx, ACME, john).await.unwrap(), [cash, other.clone()]);
        assert!(delete(&mut tx, ACME, john, 1).await.unwrap());
        assert!(!delete(&mut tx, ACME, john, 1).await.unwrap());
        assert_eq!(list(&mut tx, ACME, john).await.unwrap(), [other]);
    }

    async fn a_token_is_sealed_anew_only_as_long_as_it_is_the_same(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let mut tx = db.begin().await.unwrap();
        replace(&mut tx, ACME, &method_on_file(700, john)).await.unwrap();
        assert!(tokens_of_other_keys(&mut tx, ACME, "key-1", FROM_THE_FIRST).await.unwrap().is_empty());
        let found = tokens_of_other_keys(&mut tx, ACME, "key-2", FROM_THE_FIRST).await.unwrap();
        assert_eq!((found.len(), found[0].customer_id, found[0].preference), (1, john, 2));
        assert!(tokens_of_other_keys(&mut tx, ACME, "key-2", (PaymentMethodId(700), 9)).await.unwrap().is_empty());
        let new = Sealed { key_id: "key-2".to_owned(), text: "decaf".to_owned() };
        assert_eq!(replace_token(&mut tx, ACME, &found[0], &new).await.unwrap(), 1);
        assert_eq!(replace_token(&mut tx, ACME, &found[0], &new).await.unwrap(), 0);
        assert_eq!(list(&mut tx, ACME, john).await.unwrap()[0].token, Some(new));
    }

    async fn methods_on_file_are_of_one_organization(db: TestDb) {
        organizations(&db).await;
        let john = everything(&db, ACME).await;
        let card = method_on_file(700, john);
        db.transact(async |tx: &mut Tx| replace(tx, ACME, &card).await).await.unwrap();
        let before = dump(&db, &[]).await;
        let mut tx = db.begin().await.unwrap();
        assert!(list(&mut tx, RIVAL, john).await.unwrap().is_empty());
        assert!(!delete(&mut tx, RIVAL, john, 2).await.unwrap());
        assert!(tokens_of_other_keys(&mut tx, RIVAL, "key-2", FROM_THE_FIRST).await.unwrap().is_empty());
        let old = tokens_of_other_keys(&mut tx, ACME, "key-2", FROM_THE_FIRST).await.unwrap().remove(0);
        let new = Sealed { key_id: "key-2".to_owned(), text: "decaf".to_owned() };
        assert_eq!(replace_token(&mut tx, RIVAL, &old, &new).await.unwrap(), 0);
        let later = at("2012-01-01T00:00:00Z");
        assert_eq!(store::payment_methods::touch_customer(&mut tx, RIVAL, john, later).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(differences(&before, &dump(&db, &[]).await), Vec::<String>::new());
        let mut tx = db.begin().await.unwrap();
        assert!(replace(&mut tx, RIVAL, &method_on_file(701, john)).await.is_err(), "the customer is of the other");
    }

    async fn the_secret_of_a_callback_is_sealed_anew_only_as_long_as_it_is_the_same(db: TestDb) {
        organizations(&db).await;
        let callback = store::organizations::Callback {
            id: 800,
            url: "https://a.example".to_owned(),
            secret_sealed: Some("c0ffee".to_owned()),
            events: String::new(),
        };
        let mut tx = db.begin().await.unwrap();
        store::organizations::save_callback(&mut tx, ACME, &callback).await.unwrap();
        assert!(callback_secrets(&mut tx, RIVAL, 0, 9).await.unwrap().is_empty());
        assert!(callback_secrets(&mut tx, ACME, 800, 9).await.unwrap().is_empty());
        let found = callback_secrets(&mut tx, ACME, 0, 9).await.unwrap().remove(0);
        assert_eq!(replace_callback_secret(&mut tx, RIVAL, &found, "decaf").await.unwrap(), 0);
        assert_eq!(replace_callback_secret(&mut tx, ACME, &found, "decaf").await.unwrap(), 1);
        assert_eq!(replace_callback_secret(&mut tx, ACME, &found, "decaf").await.unwrap(), 0);
    }
}
