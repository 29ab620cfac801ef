//! The reader tells everything that is wrong at once, and what is absent, empty or given.

use domain::checks::Problems;
use jiff::civil::date;
use rust_decimal::Decimal;
use wire::element::{Element, Limits};
use wire::reader::{self, Field, PROBLEMS_MAX, Reader};

fn element(xml: &str) -> Element {
    Element::parse(xml.as_bytes(), Limits::DEFAULT).expect("the test's document is well-formed")
}

fn messages(problems: &Problems) -> Vec<&str> {
    problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// What `build` finds wrong with `xml`.
fn wrong(xml: &str, build: impl FnOnce(&Reader<'_>)) -> Vec<String> {
    let read = reader::read(&element(xml), |reader| {
        build(reader);
        Some(())
    });
    match read {
        Ok(()) => Vec::new(),
        Err(problems) => messages(&problems).into_iter().map(str::to_owned).collect(),
    }
}

fn read<T>(xml: &str, build: impl FnOnce(&Reader<'_>) -> T) -> T {
    reader::read(&element(xml), |reader| Some(build(reader))).expect("nothing is wrong")
}

#[test]
fn every_problem_is_told_at_once_with_the_way_to_its_field() {
    let xml = "<customer><status>Foo</status><isBusinessAccount>maybe</isBusinessAccount>
        <paymentTermsValue>-1</paymentTermsValue><startDate>2026-02-30</startDate><price>1e9</price>
        <billingContact><emailPrimary/><firstName>Ann</firstName><firstName>Bea</firstName>
        <lastName><b>x</b></lastName><address><city>abcdef</city></address></billingContact></customer>";
    let found = wrong(xml, |customer| {
        customer.required_text("name", 255);
        customer.one_of("status", &[("Active", 1), ("Overdue1", 2)]);
        customer.boolean("isBusinessAccount");
        customer.integer::<i64>("paymentTermsValue", 0..=999);
        customer.date("startDate");
        customer.decimal("price");
        let contact = customer.required("billingContact", customer.child("billingContact")).unwrap();
        contact.required_text("emailPrimary", 255);
        contact.required_text("firstName", 255);
        contact.required_text("lastName", 255);
        contact.child("address").value().unwrap().text("city", 5);
        contact.parsed("username", |_| Ok::<_, String>(()));
        customer.required("salesContact", customer.child("salesContact").map(|_| ()));
    });
    assert_eq!(
        found,
        [
            "name is required.",
            "status must be one of Active, Overdue1.",
            "isBusinessAccount must be true or false.",
            "paymentTermsValue must be a whole number from 0 to 999.",
            "startDate must be a date of the years 1900 to 2999 written YYYY-MM-DD, for example 2026-01-31.",
            "price must be a decimal number written like 60.50, of at most 28 digits.",
            "billingContact/emailPrimary is required.",
            "billingContact/firstName appears twice; it may appear only once.",
            "billingContact/lastName must hold a text, not elements.",
            "billingContact/address/city may have at most 5 characters.",
            "salesContact is required.",
        ]
    );
}

#[test]
fn absent_empty_and_given_are_three_things() {
    read("<c><empty/><blank>  </blank><given> x </given></c>", |c| {
        assert_eq!(c.text("absent", 9), Field::Absent);
        assert_eq!(c.text("empty", 9), Field::Cleared);
        assert_eq!(c.text("blank", 9), Field::Cleared);
        assert_eq!(c.text("given", 9), Field::Value("x".to_owned()));
        assert_eq!(c.date("empty"), Field::Cleared);
        assert!(c.child("absent").is_absent() && c.child("empty").is_cleared());
        assert!(c.has("empty") && !c.has("absent"));
    });
    assert_eq!(Field::Absent.applied_to(Some(1)), Some(1));
    assert_eq!(Field::Cleared.applied_to(Some(1)), None);
    assert_eq!(Field::Value(2).applied_to(Some(1)), Some(2));
    assert_eq!(Field::Cleared.or(7), 7);
    assert_eq!(Field::Value(2).map(|n| n + 1).value(), Some(3));
    assert_eq!(Field::Value(2).as_ref(), Field::Value(&2));
}

#[test]
fn values_have_their_types() {
    let xml = "<c id='5'><on>TRUE</on><n>12</n><price>60.50</price><day>2011-09-20</day><units>Days</units></c>";
    read(xml, |c| {
        assert_eq!(c.id(), Field::Value(5));
        assert_eq!(c.boolean("on"), Field::Value(true));
        assert_eq!(c.integer::<u8>("n", 0..=99), Field::Value(12));
        assert_eq!(c.decimal("price"), Field::Value(Decimal::new(6050, 2)));
        assert_eq!(c.date("day"), Field::Value(date(2011, 9, 20)));
        assert_eq!(c.one_of("units", &[("Days", 'd')]), Field::Value('d'));
        assert_eq!(c.parsed("units", |text| Ok::<_, String>(text.len())), Field::Value(4));
    });
}

#[test]
fn a_required_value_may_stay_but_not_be_emptied() {
    assert!(wrong("<c/>", |c| assert_eq!(c.not_cleared("name", c.text("name", 9)), None)).is_empty());
    let found = wrong("<c><name/></c>", |c| assert_eq!(c.not_cleared("name", c.text("name", 9)), None));
    assert_eq!(found, ["name is required and may not be empty."]);
}

#[test]
fn a_required_value_that_is_no_value_is_never_passed_over() {
    for empty in ["<c/>", "<c><name/></c>", "<c><name code='1'/></c>", "<c><name/><name/></c>", "<c name='x'/>"] {
        assert!(!wrong(empty, |c| assert_eq!(c.required_text("name", 9), None)).is_empty(), "{empty}");
        assert!(!wrong(empty, |c| assert_eq!(c.required("name", c.reference("name")), None)).is_empty(), "{empty}");
    }
}

fn id(xml: &str) -> Field<i64> {
    reader::read(&element(xml), |reader| Some(reader.id())).expect("nothing is wrong")
}

#[test]
fn an_id_is_an_attribute_or_a_child() {
    for xml in [
        "<c id='5'/>",
        "<c><id>5</id></c>",
        "<c id=' 5 '><id>5</id></c>",
        "<c id=''><id>5</id></c>",
        "<c id='5'><id/></c>",
    ] {
        assert_eq!(id(xml), Field::Value(5), "{xml}");
    }
    assert_eq!(id("<c/>"), Field::Absent);
    assert_eq!(id("<c id=''/>"), Field::Cleared);
    let found = wrong("<c id='5'><id>6</id></c>", |c| assert_eq!(c.id(), Field::Absent));
    assert_eq!(found, ["id is given as an attribute and as an element, which must agree."]);
    let found = wrong("<c id='abc'/>", |c| assert_eq!(c.required("id", c.id()), None));
    assert_eq!(found, ["id must be a whole number from 1 to 9223372036854775807."]);
}

#[test]
fn a_reference_is_read_however_it_is_written() {
    for xml in ["<currency id='USD'/>", "<currency><id>USD</id></currency>", "<currency> USD </currency>"] {
        read(&format!("<c>{xml}</c>"), |c| assert_eq!(c.reference("currency"), Field::Value("USD"), "{xml}"));
    }
    read("<c/>", |c| assert!(c.reference("currency").is_absent()));
    read("<c><currency/></c>", |c| assert!(c.reference("currency").is_cleared()));
    let found = wrong("<c><currency code='USD'/></c>", |c| assert!(c.reference("currency").is_absent()));
    assert_eq!(found, ["currency must have an id."]);
}

#[test]
fn a_collection_is_left_emptied_or_replaced() {
    read("<o/>", |o| assert!(o.children("orderLineItems", "orderLineItem").is_none()));
    read("<o><orderLineItems/></o>", |o| assert!(o.children("orderLineItems", "orderLineItem").unwrap().is_empty()));
    let xml = "<o><orderLineItems><orderLineItem/><note/>\
               <orderLineItem><quantity>x</quantity></orderLineItem></orderLineItems></o>";
    let found = wrong(xml, |o| {
        for item in o.children("orderLineItems", "orderLineItem").unwrap() {
            item.decimal("quantity");
        }
    });
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("orderLineItems/orderLineItem[2]/quantity must be a decimal number"));
}

#[test]
fn a_misspelt_collection_does_not_empty_what_is_stored() {
    for inside in ["<orderlineitem/>", "x"] {
        let found = wrong(&format!("<o><orderLineItems>{inside}</orderLineItems></o>"), |o| {
            assert!(o.children("orderLineItems", "orderLineItem").is_none());
        });
        assert_eq!(found, ["orderLineItems must hold orderLineItem elements."]);
    }
}

#[test]
fn the_root_must_be_what_was_asked_for() {
    assert!(reader::expect_root(&element("<customer/>"), &["customer", "list"]).is_ok());
    let problems = reader::expect_root(&element("<invoice/>"), &["customer", "list"]).unwrap_err();
    assert_eq!(messages(&problems), ["The root element must be customer or list."]);
}

#[test]
fn the_members_of_a_bulk_request_are_numbered() {
    let build = |customer: &Reader<'_>| customer.required_text("name", 9);
    let good = element("<list><customer><name>A</name></customer><customer><name>B</name></customer></list>");
    assert_eq!(reader::read_list(&good, "customer", build), Ok(vec!["A".to_owned(), "B".to_owned()]));
    let bad = element("<list><customer><name>A</name></customer><customer/><invoice/></list>");
    let problems = reader::read_list(&bad, "customer", build).unwrap_err();
    assert_eq!(messages(&problems), ["customer[2]: name is required.", "list may hold only customer elements."]);
    let problems = reader::read_list(&element("<list/>"), "customer", build).unwrap_err();
    assert_eq!(messages(&problems), ["list must hold at least one customer."]);
}

#[test]
fn problems_of_domain_get_the_way_here() {
    let found = wrong("<c><address><city>x</city></address></c>", |c| {
        c.extend(Problems::one("name", "name is taken."));
        c.child("address").value().unwrap().extend(Problems::one("city", "city is unknown."));
        c.wrong("passwd", "is too weak");
        c.wrong_sentence("type", "The type element must be set.");
    });
    let expected =
        ["name is taken.", "address: city is unknown.", "passwd is too weak.", "The type element must be set."];
    assert_eq!(found, expected);
}

#[test]
fn no_problem_repeats_what_was_sent() {
    let secret = "4111-1111-1111-1112x";
    for field in ["cardNumber", "cvv", "accountNumber", "passwd", "anything"] {
        let xml = format!("<m><{field}>{secret}</{field}><wrapper>{secret}</wrapper></m>");
        let found = wrong(&xml, |m| {
            m.text(field, 3);
            m.boolean(field);
            m.integer::<i64>(field, 0..=9);
            m.decimal(field);
            m.date(field);
            m.one_of(field, &[("Visa", ())]);
            m.parsed(field, |_| Err::<(), _>("must be a card number"));
            m.children("wrapper", "member");
        });
        assert_eq!(found.len(), 8);
        assert!(found.iter().all(|message| !message.contains("4111")), "{found:?}");
        let differing = wrong(&format!("<m {field}='1'><{field}>{secret}</{field}></m>"), |m| {
            m.attribute_or_child(field);
        });
        assert!(differing.len() == 1 && !differing[0].contains("4111"));
    }
}

#[test]
fn an_answer_is_not_larger_than_its_question() {
    let body = format!("<c><items>{}</items></c>", "<item/>".repeat(10_000));
    let found = wrong(&body, |c| {
        for item in c.children("items", "item").unwrap() {
            item.required_text("name", 9);
        }
    });
    assert_eq!(found.len(), PROBLEMS_MAX + 1);
    assert_eq!(found[PROBLEMS_MAX], "There are more problems; they are not listed.");
    let list = element(&format!("<list>{}</list>", "<c/>".repeat(10_000)));
    let problems = reader::read_list(&list, "c", |c| c.required_text("name", 9)).unwrap_err();
    assert_eq!(problems.iter().len(), PROBLEMS_MAX);
}

#[test]
fn a_value_that_was_not_made_is_a_problem_and_not_a_crash() {
    let problems = reader::read(&element("<customer/>"), |_| None::<()>).unwrap_err();
    assert_eq!(messages(&problems), ["customer is incomplete."]);
}

#[test]
fn a_text_where_elements_belong_is_a_problem_and_not_nothing() {
    let address = |xml: &str| wrong(xml, |customer| drop(customer.child("address")));
    assert_eq!(
        address("<customer><address>43 Main Av</address></customer>"),
        ["address must hold elements, not a text."]
    );
    let mixed = "<customer><address>43 Main Av<city>Rome</city></address></customer>";
    assert_eq!(address(mixed), ["address must hold elements, not a text."]);
    assert_eq!(address("<customer>Ann<address/></customer>"), ["customer must hold elements, not a text."]);
    assert!(address("<customer> <address> <city>Rome</city> </address> </customer>").is_empty());
    // A key may stand for its object.
    read("<customer><currency>USD</currency></customer>", |customer| {
        assert_eq!(customer.reference("currency"), Field::Value("USD"));
    });
}
