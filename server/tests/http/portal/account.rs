//! What customers change of themselves (`api.md` §8.3): contact, address and language.

use testkit::organization::ACME;

use crate::harness::Server;
use crate::harness::fixtures::{JOHN, plain_customer_xml};

const FORM: &str = "form.form-card";
const CONTACT: &str = "/rest/customer/billingContact?extCustomerRef=JOHNDOE001";

on_both! {
    async fn a_customer_changes_contact_and_address_and_nothing_else(engine: Engine) {
        let seed = ACME.replace("mode = \"test\"", "mode = \"test\"\naddress_validation = \"test\"");
        let server = Server::with(engine, &seed).await;
        server.post("/rest/customers", plain_customer_xml(JOHN)).gives(200).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let account = browser.get(&format!("{}account", home.root())).await;
        account.is(200).says("43 Main Av").says("Bill Joseph").says("English (United States)");
        let edit = browser.get(&account.link("Edit contact and address")).await;
        assert_eq!(edit.is(200).attribute("select[name=countryCode] option[selected]", "value").as_deref(), Some("US"));
        assert_eq!(edit.count("select[name=countryCode] option"), 250);
        edit.says("To change the email address, write to Acme Hosting.");
        // Everything that is wrong at once, and what was typed is still there; nothing is stored.
        let wrong = [("firstName", ""), ("city", "<b>Wien</b>"), ("zip", &"1".repeat(256)), ("countryCode", "XX")];
        let before = server.get(CONTACT).gives(200).await;
        let again = browser.submit_and_follow(&edit, FORM, &wrong).await;
        again.is(200).says("Please correct 3 fields");
        assert_eq!(again.text("#firstName-error").trim(), "First name: Please fill in this field.");
        assert_eq!(again.text("#zip-error").trim(), "Postal code: This may have at most 255 characters.");
        assert_eq!(again.text("#countryCode-error").trim(), "Country: Choose a country of the list.");
        assert_eq!(again.attribute("input[name=city]", "value").as_deref(), Some("<b>Wien</b>"));
        assert_eq!(server.get(CONTACT).gives(200).await.all("address/city"), before.all("address/city"));
        // A right one, with fields that are not offered.
        let right = [
            ("firstName", "Zoë"), ("lastName", "Łukasz"), ("workPhone", ""), ("cellPhone", "+43 1 234"),
            ("street1", "Lindengasse 12"), ("city", "Wien"), ("state", ""), ("zip", "1070"), ("countryCode", "AT"),
            ("emailPrimary", "thief@example.com"), ("username", "thief001"), ("accountLocked", "true"),
        ];
        let saved = browser.submit_and_follow(&again, FORM, &right).await;
        saved.is(200).says("Your details are saved").says("Zoë Łukasz").says("Lindengasse 12").says("Austria");
        let contact = server.get(CONTACT).gives(200).await;
        contact.has(&[
            ("firstName", "Zoë"), ("cellPhone", "+43 1 234"), ("address/street1", "Lindengasse 12"),
            ("address/zip", "1070"), ("address/country", "Austria"), ("address/countryCode", "AT"),
            ("emailPrimary", &before.at("emailPrimary")), ("accountLocked", "false"),
        ]);
        assert_eq!(["workPhone", "username", "address/state"].map(|path| contact.at(path)), ["", "", ""]);
        // An address that can't be found is kept, and that is said.
        let edit = browser.get(&format!("{}account/details", home.root())).await;
        let doubtful = browser.submit_and_follow(&edit, FORM, &[("street1", "INVALID 1"), ("countryCode", "AT")]).await;
        doubtful.is(200).says("We could not find this address.").says("INVALID 1");
        let stored = server.stored().await;
        assert_eq!(stored["audit"].iter().filter(|row| row.contains("changed by the customer")).count(), 2);
        assert_eq!(stored["events"].iter().filter(|row| row.contains("customerUpdated")).count(), 2);
        // Saved as it is: nothing has changed.
        let edit = browser.get(&format!("{}account/details", home.root())).await;
        browser.submit_and_follow(&edit, FORM, &[("countryCode", "AT")]).await.says("Your details are saved");
        assert_eq!(server.stored().await["events"], stored["events"]);
    }

    async fn p2_a_card_number_is_taken_nowhere_but_where_something_is_paid(server: Server) {
        server.plain_customer(JOHN).await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let edit = browser.get(&format!("{}account/details", home.root())).await;
        let typed = [("street2", "Visa 4111 1111 1111 1111"), ("workPhone", "4111-1111-1111-1111"), ("countryCode", "US")];
        let again = browser.submit_and_follow(&edit, FORM, &typed).await;
        again.is(200).says("Please correct 2 fields");
        assert_eq!(again.text("#street2-error").trim(), "Additional address line: Please type no card number here.");
        for held in [again.answer.text(), format!("{:?}", server.stored().await)] {
            assert!(!held.contains("4111 1111") && !held.contains("4111-1111"), "{held}");
        }
    }

    async fn a_language_is_chosen_for_pages_documents_and_mails(server: Server) {
        server.john().await;
        let browser = server.browser();
        let home = browser.open(&server.link(JOHN, "").await).await;
        let language = browser.get(&format!("{}account/language", home.root())).await;
        assert_eq!(language.is(200).attribute("select option[selected]", "value").as_deref(), Some("en_US"));
        let refused = browser.submit_and_follow(&language, FORM, &[("locale", "xx_XX")]).await;
        assert_eq!(refused.text("#locale-error").trim(), "Choose a language of the list.");
        let account = browser.submit_and_follow(&refused, FORM, &[("locale", "de_AT")]).await;
        account.is(200).says("Die Sprache ist geändert").says("Deutsch (Österreich)");
        assert_eq!(account.attribute("html", "lang").as_deref(), Some("de-AT"));
        let customer = server.get("/rest/customer?extCustomerRef=JOHNDOE001").gives(200).await;
        customer.has(&[("locale", "de_AT")]);
        let printed = server.get("/rest/invoice?invoiceNumber=1019&format=html").send().await;
        assert!(printed.is(200).text().contains("<html lang=\"de-AT\" dir=\"ltr\">"));
        assert!(printed.text().contains("Fällig am") && printed.text().contains("$&nbsp;60,50") || printed.text().contains("$\u{a0}60,50"));
        let account = browser.get(&format!("{}account/language", home.root())).await;
        let arabic = browser.submit_and_follow(&account, FORM, &[("locale", "ar_EG")]).await;
        assert_eq!(arabic.attribute("html", "dir").as_deref(), Some("rtl"));
    }
}
