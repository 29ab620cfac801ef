//! Changing customers.

use billing::customer_updates::{Updated, add_sales_contact, remove_sales_contact, update, update_sales_contact};
use billing::customers::AddressVerdict;
use billing::{Error, Result};
use domain::access::Actor;
use domain::changes::{AddressChange, Change, ContactChange, CustomerChange};
use domain::contacts::Password;
use domain::customers::CustomerStatus;
use domain::ids::CustomerId;
use testkit::organization::ACME;
use testkit::scene::{Scene, new_contact, new_customer, with_login};
use testkit::scenes;

use crate::refusal;

async fn change(scene: &Scene, id: CustomerId, change: CustomerChange) -> Result<Updated> {
    update(&scene.billing, scene.org, &Actor::System, id, change).await
}

fn to(text: &str) -> Change<String> {
    Change::To(text.to_owned())
}

fn named(name: &str) -> CustomerChange {
    CustomerChange { name: to(name), ..CustomerChange::default() }
}

fn billing_contact(contact: ContactChange) -> CustomerChange {
    CustomerChange { billing_contact: Some(contact), ..CustomerChange::default() }
}

fn logging_in(username: &str, password: &str) -> ContactChange {
    let password = Change::To(Password::new(password));
    ContactChange { username: to(username), password, ..ContactChange::default() }
}

/// How often each event happened.
async fn events(scene: &Scene) -> Vec<String> {
    let dump = testkit::dump::dump(&scene.db, &[]).await;
    let types = ["newCustomer", "customerUpdated", "customerStatusChange"];
    let count = |name: &&str| format!("{name} {}", dump["events"].iter().filter(|row| row.contains(*name)).count());
    types.iter().map(count).collect()
}

scenes! {
    async fn what_is_not_spoken_of_stays_and_what_is_cleared_goes(scene: Scene) {
        let id = scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        let before = scene.find_customer(id).await;
        let updated = change(&scene, id, CustomerChange {
            crm_customer_id: to("crm-1"),
            payment_terms_value: Change::To(7),
            locale: to("de_DE"),
            ..named("Jane Doe")
        }).await.unwrap();
        assert_eq!(updated.address, AddressVerdict::NotChecked);
        let after = scene.find_customer(id).await;
        assert_eq!(updated.customer, after);
        assert_eq!((after.name.as_str(), after.crm_customer_id.as_deref(), after.terms.value), ("Jane Doe", Some("crm-1"), 7));
        assert_eq!((&after.billing_contact, &after.ext_customer_ref), (&before.billing_contact, &before.ext_customer_ref));
        change(&scene, id, CustomerChange {
            crm_customer_id: Change::Clear,
            ext_customer_ref: Change::Clear,
            payment_terms_value: Change::Clear,
            locale: Change::Clear,
            ..CustomerChange::default()
        }).await.unwrap();
        let cleared = scene.find_customer(id).await;
        assert_eq!((cleared.crm_customer_id, cleared.ext_customer_ref), (None, None));
        assert_eq!((cleared.terms, cleared.locale), (before.terms, before.locale), "the organization's");
        assert_eq!(cleared.name, "Jane Doe");
        scene.check().await;
    }

    async fn last_updated_moves_only_when_something_changed(scene: Scene) {
        let id = scene.customer("JOHN").await;
        let made = scene.find_customer(id).await;
        scene.advance("2011-09-21T12:00:00Z").await.unwrap();
        change(&scene, id, named("John Doe")).await.unwrap();
        assert_eq!(scene.find_customer(id).await, made);
        assert_eq!(events(&scene).await, ["newCustomer 1", "customerUpdated 0", "customerStatusChange 0"]);
        change(&scene, id, named("John D.")).await.unwrap();
        let moved = scene.find_customer(id).await;
        assert_eq!((moved.created_at, moved.updated_at.to_wire().as_str()), (made.created_at, "2011-09-21T12:00:00Z"));
        assert_eq!(events(&scene).await, ["newCustomer 1", "customerUpdated 1", "customerStatusChange 0"]);
    }

    async fn a_change_of_status_is_told_as_such_and_with_another_change_both_are(scene: Scene) {
        let id = scene.customer("JOHN").await;
        let status = Change::To(CustomerStatus::Suspended1);
        change(&scene, id, CustomerChange { status, ..CustomerChange::default() }).await.unwrap();
        assert_eq!(scene.find_customer(id).await.status, CustomerStatus::Suspended1);
        assert_eq!(events(&scene).await, ["newCustomer 1", "customerUpdated 0", "customerStatusChange 1"]);
        let status = Change::To(CustomerStatus::Active);
        change(&scene, id, CustomerChange { status, ..named("Jane") }).await.unwrap();
        assert_eq!(events(&scene).await, ["newCustomer 1", "customerUpdated 1", "customerStatusChange 2"]);
    }

    async fn everything_that_is_wrong_is_said_and_nothing_is_changed(scene: Scene) {
        let id = scene.customer("JOHN").await;
        scene.customer_with_login("JANE", "janedoe", "Sachxwe001").await;
        let before = testkit::dump::dump(&scene.db, &[]).await;
        let contact = ContactChange { first_name: Change::Clear, email_primary: Change::Clear, ..logging_in("john.doe", "Sachxwe001") };
        let message = refusal(change(&scene, id, CustomerChange {
            name: Change::Clear,
            status: Change::Clear,
            currency: Change::To("EUR".parse().unwrap()),
            sales_contact: Change::To(ContactChange { username: to("salsal"), ..ContactChange::default() }),
            ..billing_contact(contact)
        }).await);
        for field in ["name is", "status is", "currency EUR", "billingContact/firstName is", "billingContact/emailPrimary is",
                      "salesContact/passwd is", "salesContact/lastName is"] {
            assert!(message.contains(field), "{field}: {message}");
        }
        let message = refusal(change(&scene, id, CustomerChange {
            ext_customer_ref: to("JANE"),
            ..billing_contact(logging_in("janedoe", "Sachxwe001"))
        }).await);
        assert!(message.contains("extCustomerRef is") && message.contains("billingContact/username is"), "{message}");
        assert_eq!(testkit::dump::differences(&before, &testkit::dump::dump(&scene.db, &[]).await), Vec::<String>::new());
    }

    async fn an_own_reference_and_user_name_may_be_sent_again_and_exchanged_for_free_ones(scene: Scene) {
        let id = scene.customer_with_login("JOHN", "johndoe", "Sachxwe001").await;
        let name = |username| ContactChange { username: to(username), ..ContactChange::default() };
        for (reference, username) in [("JOHN", "johndoe"), ("JOHN2", "johndoe2"), ("JOHN", "johndoe")] {
            change(&scene, id, CustomerChange { ext_customer_ref: to(reference), ..billing_contact(name(username)) }).await.unwrap();
        }
        let twice = CustomerChange {
            sales_contact: Change::To(new_sales("other-name")),
            ..billing_contact(name("other-name"))
        };
        assert!(refusal(change(&scene, id, twice).await).contains("salesContact/username"));
    }

    parallel async fn of_two_changes_to_one_reference_at_once_one_wins(scene: Scene) {
        let [john, jane] = [scene.customer("JOHN").await, scene.customer("JANE").await];
        let rename = |id| change(&scene, id, CustomerChange { ext_customer_ref: to("NEW"), ..CustomerChange::default() });
        let (one, other) = tokio::join!(rename(john), rename(jane));
        let lost = if one.is_ok() { other } else { one };
        assert!(refusal(lost).contains("extCustomerRef is already used"));
    }

    async fn a_login_is_given_changed_and_taken_as_a_whole(scene: Scene) {
        let id = scene.customer("JOHN").await;
        let name = ContactChange { username: to("johndoe"), ..ContactChange::default() };
        let password = ContactChange { password: Change::To(Password::new("Sachxwe001")), ..ContactChange::default() };
        assert!(refusal(change(&scene, id, billing_contact(name)).await).contains("billingContact/passwd is required"));
        assert!(refusal(change(&scene, id, billing_contact(password.clone())).await).contains("billingContact/username is required"));
        change(&scene, id, billing_contact(logging_in("johndoe", "Sachxwe001"))).await.unwrap();
        let without = ContactChange { password: Change::Clear, ..ContactChange::default() };
        assert!(refusal(change(&scene, id, billing_contact(without)).await).contains("billingContact/passwd is required"));
        let row = credentials(&scene, "johndoe").await;
        let attempts = store::staff::Attempts { failed: 5, locked_until: Some(scene.find_customer(id).await.created_at) };
        let mut tx = scene.db.begin().await.unwrap();
        store::customers::record_attempts(&mut tx, scene.org, row.id, attempts).await.unwrap();
        tx.commit().await.unwrap();
        change(&scene, id, billing_contact(password)).await.unwrap();
        let changed = credentials(&scene, "johndoe").await;
        assert_ne!(row.password_hash, changed.password_hash);
        assert_eq!((changed.failed_logins, changed.locked_until), (0, None));
        let none = ContactChange { username: Change::Clear, ..ContactChange::default() };
        change(&scene, id, billing_contact(none)).await.unwrap();
        let dump = testkit::dump::dump(&scene.db, &[]).await;
        assert!(!dump["contacts"].iter().any(|row| row.contains("argon2")), "{:?}", dump["contacts"]);
    }

    async fn a_currency_stays_once_something_was_ordered(scene: Scene) {
        scene.seed(&ACME.replace("currency = \"USD\"", "currency = \"USD\"\ncurrencies = [\"USD\", \"EUR\"]")).await.unwrap();
        let id = scene.customer("JOHN").await;
        let euro = || CustomerChange { currency: Change::To("EUR".parse().unwrap()), ..CustomerChange::default() };
        change(&scene, id, euro()).await.unwrap();
        change(&scene, id, CustomerChange { currency: Change::Clear, ..CustomerChange::default() }).await.unwrap();
        assert_eq!(scene.find_customer(id).await.currency.code(), "USD");
        scene.invoice(id).await;
        assert!(refusal(change(&scene, id, euro()).await).contains("currency can't be changed"));
    }

    async fn a_sales_contact_comes_changes_and_goes(scene: Scene) {
        let id = scene.customer("JOHN").await;
        let (billing, org, actor) = (&scene.billing, scene.org, &Actor::System);
        assert!(matches!(remove_sales_contact(billing, org, actor, id).await, Err(Error::NotFound("salesContact"))));
        assert!(matches!(update_sales_contact(billing, org, actor, id, new_sales("salsal")).await, Err(Error::NotFound("salesContact"))));
        let added = add_sales_contact(billing, org, actor, id, new_contact()).await.unwrap().customer.sales_contact.unwrap();
        assert!(refusal(add_sales_contact(billing, org, actor, id, new_contact()).await).contains("already"));
        update_sales_contact(billing, org, actor, id, new_sales("salsal")).await.unwrap();
        let changed = scene.find_customer(id).await.sales_contact.unwrap();
        assert_eq!((changed.id, changed.username.as_deref()), (added.id, Some("salsal")));
        assert_eq!(changed.address, added.address, "an address that is not spoken of stays");
        remove_sales_contact(billing, org, actor, id).await.unwrap();
        assert_eq!(scene.find_customer(id).await.sales_contact, None);
        // The name is free again, for a sales contact that the change of the customer makes.
        let made = CustomerChange { sales_contact: Change::To(new_sales("salsal")), ..CustomerChange::default() };
        change(&scene, id, made).await.unwrap();
        assert!(scene.find_customer(id).await.sales_contact.is_some());
        scene.check().await;
    }

    async fn a_customer_of_another_organization_is_not_there(scene: Scene) {
        let rival = scene.rival().await;
        let id = scene.create(rival, with_login(new_customer("R"), "rivalrival", "Sachxwe001")).await.unwrap();
        assert!(matches!(change(&scene, id, named("X")).await, Err(Error::NotFound("customer"))));
        let own = scene.customer("JOHN").await;
        change(&scene, own, CustomerChange { ext_customer_ref: to("R"), ..CustomerChange::default() }).await.unwrap();
    }

    async fn a_new_address_is_checked_and_stored_though_doubtful(scene: Scene) {
        scene.seed(&ACME.replace("mode = \"test\"", "mode = \"test\"\naddress_validation = \"test\"")).await.unwrap();
        let id = scene.customer("JOHN").await;
        let street = |street1| {
            let address = AddressChange { street1: to(street1), ..AddressChange::default() };
            billing_contact(ContactChange { address, ..ContactChange::default() })
        };
        let doubtful = change(&scene, id, street("INVALID Road 1")).await.unwrap();
        assert!(matches!(doubtful.address, AddressVerdict::Invalid(_)), "{doubtful:?}");
        assert_eq!(scene.find_customer(id).await.billing_contact.address.fields.street1.as_deref(), Some("INVALID Road 1"));
        assert_eq!(change(&scene, id, named("Jane")).await.unwrap().address, AddressVerdict::NotChecked);
        assert_eq!(change(&scene, id, street("Main Road 1")).await.unwrap().address, AddressVerdict::Valid);
    }
}

fn new_sales(username: &str) -> ContactChange {
    ContactChange {
        first_name: to("Sal"),
        last_name: to("Ship"),
        email_primary: to("sal@example.com"),
        ..logging_in(username, "Sachxwe001")
    }
}

async fn credentials(scene: &Scene, username: &str) -> store::customers::Credentials {
    let mut conn = scene.db.read().await.unwrap();
    store::customers::find_credentials(&mut conn, scene.org, username).await.unwrap().unwrap()
}
