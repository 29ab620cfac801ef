//! Customers as they are written and read.

use domain::contacts::{Address, AddressFields, Contact, NewContact};
use domain::customers::{Customer, CustomerStatus, NewCustomer};
use domain::dates::TimeUnit;
use domain::ids::{AddressId, ContactId, CustomerId};
use domain::organizations::Terms;
use proptest::prelude::*;
use wire::customers;
use wire::element::Element;
use wire::reader;

use crate::samples::{contact, customer, element, lines, messages, zone};

const B1: &str = "<customer><name>Bill Joseph</name><status>Active</status><extCustomerRef>bj444</extCustomerRef>\
    <locale>en_US</locale><isBusinessAccount>false</isBusinessAccount><paymentTermsValue>30</paymentTermsValue>\
    <paymentTermsUnits>Days</paymentTermsUnits><currency id=\"USD\"/><billingContact><username>bill0004</username>\
    <passwd>Sachxwe001</passwd><firstName>Bill</firstName><lastName>Joseph</lastName>\
    <emailPrimary> Bill@bmontgomery.com</emailPrimary><workPhone>324 555 879</workPhone><address>\
    <street1>43 Main Av</street1><city>Chicago</city><state>IL</state><zip>12345</zip><country>United States</country>\
    <countryCode>usa</countryCode></address></billingContact></customer>";

/// No login, nothing that may be left out.
const LEAST: &str = "<customer><name>Bill</name><billingContact><firstName>Bill</firstName><lastName>Joseph</lastName>\
    <emailPrimary>bill@example.com</emailPrimary></billingContact></customer>";

fn wrong(xml: &str) -> Vec<String> {
    messages(customers::read(&element(xml)))
}

#[test]
fn a_customer_is_written_as_the_reference_shows_it() {
    insta::assert_snapshot!(lines(&customers::write(&customer(), &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <customer id="366">
    <name>John Doe</name>
    <status>Active</status>
    <extCustomerRef>JOHNDOE001</extCustomerRef>
    <crmCustomerId/>
    <erpCustomerId/>
    <locale>en_US</locale>
    <isBusinessAccount>true</isBusinessAccount>
    <paymentTermsValue>30</paymentTermsValue>
    <paymentTermsUnits>Days</paymentTermsUnits>
    <currency id="USD"/>
    <billingContact id="501">
    <username>jdoe001</username>
    <accountLocked>true</accountLocked>
    <firstName>John</firstName>
    <lastName>Doe</lastName>
    <emailPrimary>johndoe@example.com</emailPrimary>
    <workPhone>555 555 5555</workPhone>
    <cellPhone/>
    <address id="601">
    <street1>43 Main Av</street1>
    <street2/>
    <city>Chicago</city>
    <state>IL</state>
    <zip>12345</zip>
    <country>United States</country>
    <countryCode>usa</countryCode>
    </address>
    </billingContact>
    <customerFinancials id="701">
    <outstandingBalance>60.50</outstandingBalance>
    <previousBalance>0.00</previousBalance>
    <currentBalance>60.50</currentBalance>
    <lastPaymentAmount>0.00</lastPaymentAmount>
    <lastPaymentDate/>
    <lastInvoiceAmount>60.50</lastInvoiceAmount>
    <lastInvoicedDate>2011-09-20</lastInvoicedDate>
    <lifetimePayments>0.00</lifetimePayments>
    <lifetimeValue>60.50</lifetimeValue>
    </customerFinancials>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </customer>
    "#);
}

#[test]
fn a_sales_contact_stands_behind_the_billing_contact() {
    let mut customer = customer();
    customer.sales_contact = Some(Contact { id: ContactId(502), username: None, ..contact() });
    let written = element(&customers::write(&customer, &zone()));
    let names: Vec<&str> = written.children.iter().map(|child| child.name.as_str()).collect();
    let at = names.iter().position(|name| *name == "salesContact").unwrap();
    assert_eq!(names[at - 1..=at + 1], ["billingContact", "salesContact", "customerFinancials"]);
    assert_eq!(written.child("salesContact").unwrap().attribute("id"), Some("502"));
}

#[test]
fn a_doubtful_address_is_answered_with_a_warning() {
    let xml = customers::warning(CustomerId(341), Some("cus1001"), ["A & B Street could not be found."]);
    insta::assert_snapshot!(lines(&xml), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <status>
    <success>True</success>
    <customer id="341">
    <id>341</id>
    <extCustomerRef>cus1001</extCustomerRef>
    </customer>
    <errors>
    <error>A &amp; B Street could not be found.</error>
    </errors>
    </status>
    "#);
}

#[test]
fn the_customer_of_the_reference_is_read() {
    let bill = customers::read(&element(B1)).unwrap();
    assert_eq!(bill.name, "Bill Joseph");
    assert_eq!(bill.status, Some(CustomerStatus::Active));
    assert_eq!(bill.ext_customer_ref.as_deref(), Some("bj444"));
    assert_eq!(bill.locale.as_deref(), Some("en_US"));
    assert!(!bill.is_business_account);
    assert_eq!((bill.payment_terms_value, bill.payment_terms_units), (Some(30), Some(TimeUnit::Days)));
    assert_eq!(bill.currency.unwrap().code(), "USD");
    let contact = bill.billing_contact;
    let login = contact.login.unwrap();
    assert_eq!((login.username.as_str(), login.password.expose()), ("bill0004", "Sachxwe001"));
    assert_eq!(contact.email_primary, "Bill@bmontgomery.com");
    assert_eq!(contact.work_phone.as_deref(), Some("324 555 879"));
    assert!(!contact.account_locked);
    assert_eq!(contact.address.street1.as_deref(), Some("43 Main Av"));
    assert_eq!(contact.address.country_code.as_deref(), Some("usa"));
}

#[test]
fn what_is_left_out_is_left_to_the_organization() {
    let least = customers::read(&element(LEAST)).unwrap();
    assert!(least.status.is_none() && least.locale.is_none() && least.currency.is_none());
    assert!(least.payment_terms_value.is_none() && least.payment_terms_units.is_none());
    assert!(least.billing_contact.login.is_none() && least.sales_contact.is_none());
    assert_eq!(least.billing_contact.address, AddressFields::default());
}

#[test]
fn what_only_goes_out_is_ignored_when_it_comes_in() {
    let xml = LEAST.replace("<customer>", "<customer id='x'><dateCreated>x</dateCreated>").replace(
        "</customer>",
        "<customerFinancials><outstandingBalance>x</outstandingBalance></customerFinancials></customer>",
    );
    assert!(customers::read(&element(&xml)).is_ok());
}

/// Each change of the reference's customer is refused with one message.
fn assert_refused(cases: &[(&str, &str, &str)]) {
    for (from, to, message) in cases {
        assert!(B1.contains(from), "{from}");
        assert_eq!(wrong(&B1.replace(from, to)), [*message], "{to}");
    }
}

#[test]
fn each_mistake_in_a_customer_has_its_own_message() {
    let status = "status must be one of Active, Overdue1, Overdue2, Overdue3, Suspended1, Suspended2, Suspended3, \
                  InActive1, InActive2.";
    let terms = "paymentTermsValue must be a whole number from 0 to 9999.";
    let locale = "locale must be a language and a country written like en_US.";
    let currency = "currency must be a currency of ISO 4217, for example USD.";
    let foreign = |name| format!("<{name}>{}</{name}><locale>", "x".repeat(26));
    assert_refused(&[
        ("<name>Bill Joseph</name>", "", "name is required."),
        ("<name>Bill Joseph</name>", "<name> </name>", "name is required."),
        ("Bill Joseph", &"x".repeat(256), "name may have at most 255 characters."),
        (">Active<", ">active<", status),
        ("bj444", &"x".repeat(51), "extCustomerRef may have at most 50 characters."),
        ("<locale>", &foreign("crmCustomerId"), "crmCustomerId may have at most 25 characters."),
        ("<locale>", &foreign("erpCustomerId"), "erpCustomerId may have at most 25 characters."),
        ("en_US", "english", locale),
        ("en_US", "en-US", locale),
        ("en_US", "EN_us", locale),
        (">false<", ">no<", "isBusinessAccount must be true or false."),
        (">30<", ">-1<", terms),
        (">30<", ">30.5<", terms),
        (">Days<", ">Hours<", "paymentTermsUnits must be one of Days, Weeks, Months, Quarters, Years."),
        ("USD", "XXX", currency),
        ("USD", "usd", currency),
    ]);
}

#[test]
fn each_mistake_in_a_contact_has_its_own_message() {
    let strong = "billingContact/passwd must have 8 to 255 characters with an upper-case letter, a lower-case letter \
                  and a digit.";
    let email = "billingContact/emailPrimary must be an e-mail address like ann@example.com.";
    let username = "billingContact/username must have 6 to 100 characters.";
    let locked = "billingContact/accountLocked must be true or false.";
    let country = "billingContact/address/countryCode must be the code of a country in ISO 3166-1, two or three letters \
                   like US or USA.";
    let long = "x".repeat(256);
    assert_refused(&[
        ("<firstName>Bill</firstName>", "", "billingContact/firstName is required."),
        ("<lastName>Joseph</lastName>", "", "billingContact/lastName is required."),
        ("<emailPrimary> Bill@bmontgomery.com</emailPrimary>", "", "billingContact/emailPrimary is required."),
        ("Bill@bmontgomery.com", "nonsense", email),
        ("bill0004", "bill4", username),
        ("bill0004", &"x".repeat(101), username),
        ("Sachxwe001", "Sachxwe", strong),
        ("Sachxwe001", "sachxwe001", strong),
        ("Sachxwe001", &"Aa1".repeat(86), strong),
        ("<passwd>Sachxwe001</passwd>", "", "billingContact/passwd is required together with username."),
        ("<username>bill0004</username>", "", "billingContact/username is required together with passwd."),
        ("<firstName>", "<accountLocked>1</accountLocked><firstName>", locked),
        ("324 555 879", &long, "billingContact/workPhone may have at most 255 characters."),
        ("43 Main Av", &long, "billingContact/address/street1 may have at most 255 characters."),
        (">usa<", ">u1<", country),
        (">usa<", ">usaa<", country),
        (">usa<", ">xx<", country),
        (">usa<", ">zzz<", country),
    ]);
}

#[test]
fn a_customer_has_a_billing_contact() {
    let expected = ["billingContact is required."];
    assert_eq!(wrong("<customer><name>Bill</name></customer>"), expected);
    assert_eq!(wrong("<customer><name>Bill</name><billingContact/></customer>"), expected);
    assert_eq!(wrong("<invoice/>"), ["The root element must be customer."]);
}

#[test]
fn a_wrong_sales_contact_is_told_too() {
    let xml = LEAST.replace("</customer>", "<salesContact><firstName>Sal</firstName></salesContact></customer>");
    assert_eq!(wrong(&xml), ["salesContact/lastName is required.", "salesContact/emailPrimary is required."]);
}

#[test]
fn three_faults_at_once_are_three_messages() {
    let found = wrong("<customer><status>Foo</status></customer>");
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!((found[0].as_str(), found[2].as_str()), ("name is required.", "billingContact is required."));
    assert!(found[1].starts_with("status must be one of "));
}

#[test]
fn the_customers_of_a_bulk_request_are_told_apart() {
    let read = |xml: &str| reader::read_list(&element(xml), "customer", customers::read_from);
    assert_eq!(read(&format!("<list>{LEAST}{B1}</list>")).unwrap().len(), 2);
    let found = messages(read(&format!("<list>{LEAST}{}</list>", LEAST.replace("<name>Bill</name>", ""))));
    assert_eq!(found, ["customer[2]: name is required."]);
}

#[test]
fn no_password_stands_in_a_message_or_an_answer() {
    for weak in ["sachxwe001", "Short1a", "Sachxwe001<b/>"] {
        let found = wrong(&B1.replace("Sachxwe001", weak));
        assert!(!found.is_empty() && found.iter().all(|message| !message.contains(&weak[..5])), "{found:?}");
    }
    let written = customers::write(&customer(), &zone());
    assert!(!written.contains("passw") && !written.contains("PaymentMethod"));
    assert!(!format!("{:?}", customers::read(&element(B1)).unwrap()).contains("Sachxwe001"));
}

/// What can be written and read again: legal characters, no white space around.
fn text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9&<>\"'é山 ._-]{1,40}".prop_map(|text| text.trim().to_owned()).prop_filter("no blank", |t| !t.is_empty())
}

fn optional() -> impl Strategy<Value = Option<String>> {
    prop::option::of(text())
}

fn address() -> impl Strategy<Value = AddressFields> {
    let lines = (optional(), optional(), optional(), optional(), optional(), optional());
    (lines, prop::option::of(prop::sample::select(vec!["US", "usa", "Deu", "at"]).prop_map(str::to_owned))).prop_map(
        |((street1, street2, city, state, zip, country), country_code)| AddressFields {
            street1,
            street2,
            city,
            state,
            zip,
            country,
            country_code,
        },
    )
}

fn any_contact() -> impl Strategy<Value = Contact> {
    let names = (text(), text(), "[a-zé]{1,9}@[a-z]{1,9}\\.[a-z]{2,3}", prop::option::of("[a-z0-9]{6,100}"));
    (names, any::<bool>(), optional(), optional(), address()).prop_map(
        |((first_name, last_name, email_primary, username), account_locked, work_phone, cell_phone, fields)| Contact {
            id: ContactId(501),
            username,
            account_locked,
            first_name,
            last_name,
            email_primary,
            work_phone,
            cell_phone,
            address: Address { id: AddressId(601), fields },
        },
    )
}

fn any_customer() -> impl Strategy<Value = Customer> {
    let names = (text(), optional(), prop::option::of("[A-Z0-9]{1,25}"), prop::option::of("[A-Z0-9]{1,25}"));
    let terms = (0_i64..=9_999, prop::sample::select(TimeUnit::ALL));
    let choices = (prop::sample::select(CustomerStatus::ALL), any::<bool>(), prop::sample::select(vec!["USD", "JPY"]));
    let contacts = (any_contact(), prop::option::of(any_contact()));
    (names, terms, choices, "[a-z]{2,3}_[A-Z]{2}", contacts).prop_map(
        |((name, ext_customer_ref, crm_customer_id, erp_customer_id), (value, units), choices, locale, contacts)| {
            let (status, is_business_account, currency) = choices;
            let (billing_contact, sales_contact) = contacts;
            let (terms, currency) = (Terms { value, units }, currency.parse().expect("ISO 4217 has it"));
            Customer {
                name,
                status,
                ext_customer_ref,
                crm_customer_id,
                erp_customer_id,
                locale,
                is_business_account,
                terms,
                currency,
                billing_contact,
                sales_contact,
                ..customer()
            }
        },
    )
}

/// A password is never written, and a username is not read without one.
fn with_passwords(mut customer: Element) -> Element {
    for contact in customer.children.iter_mut().filter(|child| child.name.ends_with("Contact")) {
        if contact.child("username").is_some_and(|username| !username.text.is_empty()) {
            contact.children.push(Element { text: "Sachxwe001".to_owned(), ..Element::new("passwd") });
        }
    }
    customer
}

/// As if it had been stored.
fn stored(contact: NewContact) -> Contact {
    Contact {
        id: ContactId(501),
        username: contact.login.map(|login| login.username),
        account_locked: contact.account_locked,
        first_name: contact.first_name,
        last_name: contact.last_name,
        email_primary: contact.email_primary,
        work_phone: contact.work_phone,
        cell_phone: contact.cell_phone,
        address: Address { id: AddressId(601), fields: contact.address },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_customer_is_read_as_it_was_written(customer in any_customer()) {
        let written = customers::write(&customer, &zone());
        let read: NewCustomer = customers::read(&with_passwords(element(&written))).expect("what is written is good");
        prop_assert_eq!(read.name, customer.name);
        prop_assert_eq!(read.status, Some(customer.status));
        prop_assert_eq!(read.ext_customer_ref, customer.ext_customer_ref);
        prop_assert_eq!(read.crm_customer_id, customer.crm_customer_id);
        prop_assert_eq!(read.erp_customer_id, customer.erp_customer_id);
        prop_assert_eq!(read.locale, Some(customer.locale));
        prop_assert_eq!(read.is_business_account, customer.is_business_account);
        prop_assert_eq!(read.payment_terms_value, Some(customer.terms.value));
        prop_assert_eq!(read.payment_terms_units, Some(customer.terms.units));
        prop_assert_eq!(read.currency, Some(customer.currency));
        prop_assert_eq!(stored(read.billing_contact), customer.billing_contact);
        prop_assert_eq!(read.sales_contact.map(stored), customer.sales_contact);
    }
}
