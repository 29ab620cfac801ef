//! Creating and naming customers.

use billing::Error;
use billing::customers::{AddressVerdict, CustomerKey, create, get, resolve};
use domain::access::Actor;
use domain::customers::{CustomerStatus, NewCustomer};
use domain::dates::TimeUnit;
use testkit::organization::ACME;
use testkit::scene::{new_contact, new_customer, with_login};
use testkit::scenes;

use crate::refusal;

scenes! {
    async fn what_is_left_out_is_the_organizations_default(scene: Scene) {
        let id = scene.create(scene.org, new_customer("JOHNDOE001")).await.unwrap();
        let john = scene.find_customer(id).await;
        assert_eq!((john.status, john.currency.code(), john.locale.as_str()), (CustomerStatus::Active, "USD", "en_US"));
        assert_eq!((john.terms.value, john.terms.units), (30, TimeUnit::Days));
        assert_eq!(john.created_at.to_wire(), "2011-09-20T12:00:00Z", "of the organization's clock");
        scene.check().await;
    }

    async fn a_name_of_any_script_comes_back_as_it_was(scene: Scene) {
        let name = "Zoë Łukasz 山田 🦀 <&>'\"\u{0301}";
        let new = NewCustomer { name: name.to_owned(), sales_contact: Some(new_contact()), ..new_customer("U") };
        let id = scene.create(scene.org, new).await.unwrap();
        assert_eq!(scene.find_customer(id).await.name, name);
        assert!(scene.find_customer(id).await.sales_contact.is_some());
    }

    async fn a_reference_or_user_name_is_used_once_in_an_organization(scene: Scene) {
        let rival = scene.rival().await;
        let new = || with_login(new_customer("JOHNDOE001"), "johndoe", "Sachxwe001");
        scene.create(scene.org, new()).await.unwrap();
        let message = refusal(scene.create(scene.org, new()).await);
        assert!(message.contains("extCustomerRef is") && message.contains("billingContact/username is"), "{message}");
        scene.create(rival, new()).await.unwrap();
        let mut twice = with_login(new_customer("OTHER"), "samename", "Sachxwe001");
        twice.sales_contact = Some(twice.billing_contact.clone());
        assert!(refusal(scene.create(scene.org, twice).await).contains("salesContact/username"));
        scene.check().await;
    }

    async fn a_customer_is_found_by_id_and_by_reference_and_both_must_agree(scene: Scene) {
        let john = scene.customer("JOHN").await;
        let jane = scene.customer("JANE").await;
        let rival = scene.rival().await;
        let mut view = scene.billing.view(&scene.organization("acme").await).await.unwrap();
        let key = |id, reference: Option<&str>| CustomerKey { id, ext_customer_ref: reference.map(str::to_owned) };
        assert_eq!(resolve(&mut view, &key(None, Some("JOHN"))).await.unwrap(), john);
        assert_eq!(resolve(&mut view, &key(Some(john), Some("JOHN"))).await.unwrap(), john);
        assert!(refusal(resolve(&mut view, &key(Some(jane), Some("JOHN"))).await).contains("another customer"));
        assert!(refusal(resolve(&mut view, &key(None, None)).await).contains("missing"));
        let nobody = resolve(&mut view, &key(None, Some("john"))).await;
        assert!(matches!(nobody, Err(Error::NotFound(_))), "references are as they are written");
        drop(view);
        assert_ne!(rival, scene.org);
        let mut view = scene.billing.view(&scene.organization("rival").await).await.unwrap();
        assert!(matches!(get(&mut view, john).await, Err(Error::NotFound(_))));
        assert!(matches!(resolve(&mut view, &key(None, Some("JOHN"))).await, Err(Error::NotFound(_))));
    }

    async fn an_address_that_cannot_be_found_is_told_and_the_customer_is_there(scene: Scene) {
        scene.seed(&ACME.replace("locale = \"en_US\"", "locale = \"en_US\"\naddress_validation = \"test\"")).await.unwrap();
        let mut new = new_customer("JOHNDOE001");
        new.billing_contact.address.street1 = Some("INVALID street".to_owned());
        let created = create(&scene.billing, scene.org, &Actor::System, new).await.unwrap();
        assert!(matches!(created.address, AddressVerdict::Invalid(_)));
        assert_eq!(scene.find_customer(created.customer.id).await.ext_customer_ref.as_deref(), Some("JOHNDOE001"));
        let good = create(&scene.billing, scene.org, &Actor::System, new_customer("B")).await.unwrap();
        assert_eq!(good.address, AddressVerdict::Valid);
    }
}
