//! Customers: made, changed, taken away, alone and in numbers.

use std::sync::Arc;

use billing::customer_batches::{create, create_with_orders};
use billing::customer_updates::{add_sales_contact, delete, remove_sales_contact, update, update_sales_contact};
use billing::portal::Me;
use billing::transitions::act;
use billing::unipay;
use domain::access::Actor;
use domain::changes::{Change, ContactChange, CustomerChange};
use domain::customers::{Account, CustomerStatus};
use domain::details::{DetailField, Details};
use domain::organizations::Organization;
use domain::transitions::CustomerAction;
use domain::unipay::{NewProfile, Profile, ProfileChange};
use testkit::scene::{new_contact, new_customer, new_order};
use testkit::{Scene, scenes};

use crate::walk::{Again, name, walk};

const BY: &Actor = &Actor::System;

/// The reference of the customer that is made on the way through this step.
async fn reference(_: &Scene, step: usize) -> String {
    name(step)
}

async fn customer(scene: &Scene, step: usize) -> domain::ids::CustomerId {
    scene.customer(&name(step)).await
}

async fn visitor(scene: &Scene, step: usize) -> (Arc<Organization>, Account) {
    let id = customer(scene, step).await;
    (scene.organization("acme").await, Account::from(&scene.find_customer(id).await))
}

async fn with_sales_contact(scene: &Scene, step: usize) -> domain::ids::CustomerId {
    let id = customer(scene, step).await;
    add_sales_contact(&scene.billing, scene.org, BY, id, new_contact()).await.expect("there is none yet");
    id
}

fn to(text: &str) -> Change<String> {
    Change::To(text.to_owned())
}

fn profile(code: &str) -> NewProfile {
    NewProfile {
        code: Some(code.to_owned()),
        account_id: Some(7),
        profile: Profile {
            first_name: "Ann".to_owned(),
            last_name: "Lee".to_owned(),
            organization_name: None,
            email: None,
            phone: None,
            street: Some("1 Road".to_owned()),
            city: None,
            state: None,
            zip_code: None,
            country_code: None,
        },
    }
}

scenes! {
    async fn a_customer_is_made_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, reference, async |scene, reference| {
            scene.create(scene.org, new_customer(reference)).await
        }).await;
    }

    async fn a_customer_is_changed_with_its_contacts_and_its_status_or_not_at_all(scene: Scene) {
        walk(scene, Again::ChangesNothing, customer, async |scene, id| {
            let contact = ContactChange { email_primary: to("new@example.com"), ..ContactChange::default() };
            let change = CustomerChange {
                name: to("Jane Doe"),
                status: Change::To(CustomerStatus::Suspended1),
                billing_contact: Some(contact),
                sales_contact: Change::To(new_contact().into()),
                ..CustomerChange::default()
            };
            update(&scene.billing, scene.org, BY, *id, change).await
        }).await;
    }

    async fn a_customer_changes_its_own_details_and_that_is_written_down_or_neither(scene: Scene) {
        walk(scene, Again::ChangesNothing, visitor, async |scene, (org, account)| {
            let me = Me::new(scene.billing.clone(), org.clone(), account.clone(), None)?;
            let stored = Details::of(&me.profile().await?.billing_contact);
            let details = Details::read(|field| match field {
                DetailField::City => "Wien".to_owned(),
                other => stored.get(other).to_owned(),
            });
            me.change_details(&details, |_| None).await
        }).await;
    }

    async fn a_sales_contact_is_added_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, customer, async |scene, id| {
            add_sales_contact(&scene.billing, scene.org, BY, *id, new_contact()).await
        }).await;
    }

    async fn a_sales_contact_is_changed_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_sales_contact, async |scene, id| {
            let change = ContactChange { first_name: to("Sal"), ..ContactChange::default() };
            update_sales_contact(&scene.billing, scene.org, BY, *id, change).await
        }).await;
    }

    async fn a_sales_contact_is_removed_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_sales_contact, async |scene, id| {
            remove_sales_contact(&scene.billing, scene.org, BY, *id).await
        }).await;
    }

    async fn a_customer_goes_with_everything_of_it_or_stays(scene: Scene) {
        walk(scene, Again::ChangesNothing, with_sales_contact, async |scene, id| {
            delete(&scene.billing, scene.org, BY, *id).await
        }).await;
    }

    async fn a_customer_is_activated_once(scene: Scene) {
        let suspended = async |scene: &Scene, step| {
            let id = customer(scene, step).await;
            act(&scene.billing, scene.org, BY, id, CustomerAction::Suspend).await.expect("it is active");
            id
        };
        walk(scene, Again::ChangesNothing, suspended, async |scene, id| {
            act(&scene.billing, scene.org, BY, *id, CustomerAction::Activate).await
        }).await;
    }

    async fn of_a_list_of_customers_all_are_made_or_none(scene: Scene) {
        walk(scene, Again::ChangesNothing, reference, async |scene, reference| {
            let list = ["A", "B"].map(|name| new_customer(&format!("{reference}{name}"))).to_vec();
            create(&scene.billing, scene.org, BY, list).await
        }).await;
    }

    async fn a_customer_is_made_with_its_orders_or_not_at_all(scene: Scene) {
        walk(scene, Again::ChangesNothing, reference, async |scene, reference| {
            let orders = vec![new_order("WHITE-LBL-A", &[]), new_order("FIXED-10", &[("FLAT", "1")])];
            create_with_orders(&scene.billing, scene.org, BY, new_customer(reference), orders).await
        }).await;
    }

    async fn a_customer_is_made_once_by_way_of_unipay(scene: Scene) {
        walk(scene, Again::ChangesNothing, reference, async |scene, code| {
            unipay::create(&scene.billing, scene.org, BY, profile(code)).await
        }).await;
    }

    async fn a_customer_is_changed_once_by_way_of_unipay(scene: Scene) {
        let made = async |scene: &Scene, step: usize| {
            let found = unipay::create(&scene.billing, scene.org, BY, profile(&name(step))).await;
            found.expect("the code is free").id
        };
        walk(scene, Again::ChangesNothing, made, async |scene, id| {
            let change = ProfileChange { last_name: to("Lea"), city: to("Rome"), ..ProfileChange::default() };
            unipay::modify(&scene.billing, scene.org, BY, *id, change).await
        }).await;
    }
}
