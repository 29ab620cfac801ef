//! The story: customer, order, invoice 1019, link, payment, paid.

use std::sync::Arc;

use billing::documents;
use billing::portal::CannotPay;
use billing::sessions::{self, CheckoutMethod, Credential, LinkRequest, Redeemed};
use domain::access::Actor;
use domain::invoices::{InvoiceSearch, InvoiceStatus};
use domain::money::Amount;
use domain::payments::{PaymentSearch, PaymentStatus};
use testkit::scene::CLIENT;
use testkit::scenes;
use texts::Texts;

use crate::portal_paying::{in_hand, me, wish};

scenes! {
    async fn a_customer_pays_the_first_invoice_in_the_portal(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await;
        assert_eq!((invoice.head.number.as_str(), invoice.head.total), ("1019", Amount(6050)));
        assert_eq!(scene.balance(john).await, Amount(6050));

        let request = LinkRequest::default();
        let minted = scene.billing.unit(scene.org, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await.unwrap();
        let Redeemed::Session(session) = sessions::redeem(&scene.billing, scene.org, Credential::Token(&minted.token), &CLIENT).await.unwrap() else {
            panic!("a new link opens a session");
        };
        assert_eq!((session.customer, session.page.as_str()), (john, "home"));
        assert!(matches!(
            sessions::redeem(&scene.billing, scene.org, Credential::Token(&minted.token), &CLIENT).await.unwrap(),
            Redeemed::Used { key, .. } if key == session.key
        ));

        let me = me(&scene, session.customer).await;
        let home = me.home().await.unwrap();
        assert_eq!(me.account.balances.outstanding_balance, Amount(6050));
        assert_eq!(home.open.iter().map(|i| i.number.as_str()).collect::<Vec<_>>(), ["1019"]);
        let checkout = me.check_out(&wish("1019"), in_hand()).await.unwrap();
        assert_eq!((checkout.amount_minor, checkout.method.context()), (6050, "Visa: 1111"));
        assert!(matches!(&checkout.method, CheckoutMethod::New { token_sealed, .. } if !token_sealed.contains("token")));
        let paid = me.confirm(&checkout).await.unwrap();
        assert_eq!((paid.head.status, paid.head.amount, paid.head.balance), (PaymentStatus::Paid, Amount(6050), Amount(0)));

        assert_eq!(scene.balance(john).await, Amount::ZERO);
        assert_eq!(scene.find_invoice(invoice.head.id).await.head.status, InvoiceStatus::Paid);
        assert_eq!(scene.gateway.charged(), Amount(6050));
        let receipt = me.payment(&paid.head.number, None).await.unwrap();
        assert_eq!(receipt.invoices, [("1019".to_owned(), Amount(6050))]);
        let pdf = me.invoice_pdf(Texts::english(), "1019").await.unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        let mut view = scene.billing.view(&Arc::clone(&me.org)).await.unwrap();
        let key = billing::invoices::InvoiceKey { id: Some(invoice.head.id), number: Some("1019".to_owned()) };
        let document = documents::invoice(&mut view, &key, home.today, documents::Explained::Yes).await.unwrap();
        assert_eq!((document.status.as_str(), document.amount_due.as_str()), ("Paid", "$0.00"));
        scene.check().await;
    }

    async fn a_link_is_over_after_half_an_hour_of_the_organizations_clock(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let request = LinkRequest::default();
        let minted = scene.billing.unit(scene.org, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await.unwrap();
        scene.clock.advance_seconds(100_000);
        scene.advance("2011-09-20T12:30:00Z").await.unwrap();
        let redeemed = sessions::redeem(&scene.billing, scene.org, Credential::Token(&minted.token), &CLIENT).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Expired { .. }), "{redeemed:?}");
        let redeemed = sessions::redeem(&scene.billing, scene.org, Credential::Token("nonsense"), &CLIENT).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Unknown), "{redeemed:?}");
    }

    async fn a_link_is_the_same_by_its_token_and_by_its_id(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let request = LinkRequest::default();
        let minted = scene.billing.unit(scene.org, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await.unwrap();
        let first = sessions::redeem(&scene.billing, scene.org, Credential::Id(minted.id), &CLIENT).await.unwrap();
        let Redeemed::Session(first) = first else { panic!("a new link opens a session") };
        let second = sessions::redeem(&scene.billing, scene.org, Credential::Token(&minted.token), &CLIENT).await.unwrap();
        assert!(matches!(second, Redeemed::Used { key, .. } if key == first.key));
        let rival = scene.rival().await;
        let foreign = sessions::redeem(&scene.billing, rival, Credential::Id(minted.id), &CLIENT).await.unwrap();
        assert!(matches!(foreign, Redeemed::Unknown), "{foreign:?}");
    }

    async fn a_link_of_another_organization_opens_nothing(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let rival = scene.rival().await;
        let request = LinkRequest::default();
        let minted = scene.billing.unit(scene.org, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await.unwrap();
        let redeemed = sessions::redeem(&scene.billing, rival, Credential::Token(&minted.token), &CLIENT).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Unknown), "{redeemed:?}");
        let foreign = scene.billing.unit(rival, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await;
        assert!(matches!(foreign, Err(billing::Error::NotFound(_))));
    }

    parallel async fn a_link_opened_by_many_at_once_makes_one_session(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let request = LinkRequest::default();
        let minted = scene.billing.unit(scene.org, &Actor::System, async |unit| {
            sessions::mint(unit, john, &request).await
        }).await.unwrap();
        let redeems = (0..50).map(|_| sessions::redeem(&scene.billing, scene.org, Credential::Token(&minted.token), &CLIENT));
        let redeemed = futures_util::future::join_all(redeems).await;
        let sessions = redeemed.iter().filter(|r| matches!(r, Ok(Redeemed::Session(_)))).count();
        let used = redeemed.iter().filter(|r| matches!(r, Ok(Redeemed::Used { .. }))).count();
        assert_eq!((sessions, used), (1, 49));
    }

    async fn what_belongs_to_another_customer_does_not_exist_in_the_portal(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let jane = scene.customer("JANE").await;
        let invoice = scene.invoice(john).await;
        let paid = scene.pay(testkit::scene::by_card(&[invoice.head.id])).await.unwrap();
        let me = me(&scene, jane).await;
        assert!(matches!(me.invoice("1019").await, Err(billing::Error::NotFound(_))));
        assert!(matches!(me.invoice_pdf(Texts::english(), "1019").await, Err(billing::Error::NotFound(_))));
        assert!(matches!(me.payment(&paid.head.number, None).await, Err(billing::Error::NotFound(_))));
        assert!(matches!(me.check_out(&wish("1019"), in_hand()).await, Err(CannotPay::Amount(_))));
        let invoices = me.invoices(&InvoiceSearch::default(), 1).await.unwrap();
        let payments = me.payments(PaymentSearch::default(), 1).await.unwrap();
        assert_eq!((invoices.extent.total, payments.extent.total), (0, 0));
    }

    async fn what_was_confirmed_is_not_charged_when_it_has_changed(scene: Scene) {
        let john = scene.customer("JOHNDOE001").await;
        let invoice = scene.invoice(john).await;
        let me = me(&scene, john).await;
        let checkout = me.check_out(&wish("1019"), in_hand()).await.unwrap();
        let mut part = testkit::scene::by_card(&[invoice.head.id]);
        part.amount = Some("10".parse().unwrap());
        scene.pay(part).await.unwrap();
        assert!(matches!(me.confirm(&checkout).await, Err(CannotPay::Changed)));
        assert_eq!(scene.gateway.charged(), Amount(1000));
        scene.check().await;
    }
}
