//! Payments as they are written and read.

use domain::dates::Date;
use domain::ids::{InvoiceId, PaymentId};
use domain::money::Amount;
use domain::payment_methods::Secret;
use domain::payments::{Match, MethodType, PaymentStatus, RequestKind, Verdict};
use domain::wallet::{Brand, Card, Expiry};
use wire::customers::CustomerRef;
use wire::payment_methods::TYPE_SENTENCE;
use wire::payments::{self, InvoiceRef, PaymentRequest};

use crate::samples::{element, lines, messages, payment, zone};

const B6: &str = "<payment><action>processPayment</action><amount>60.50</amount><invoices><invoice id=\"2396\"/></invoices>\
    <paymentMethodDTO type=\"CreditCard\"><creditCardPaymentMethod><cardNumber>4111111111111111</cardNumber>\
    <expiry>2035-12-31</expiry><cvv>123</cvv></creditCardPaymentMethod></paymentMethodDTO></payment>";

const CARD: &str = "paymentMethodDTO/creditCardPaymentMethod";

fn read(xml: &str) -> PaymentRequest {
    payments::read(&element(xml)).unwrap_or_else(|problems| panic!("{xml}: {problems}"))
}

fn wrong(xml: &str) -> Vec<String> {
    messages(payments::read(&element(xml)))
}

fn card_of(request: PaymentRequest) -> (Card, Option<i64>) {
    let method = request.method.expect("a method was sent");
    let Secret::Card(card) = method.secret else { panic!("a card was sent") };
    (*card, method.autopay_preference)
}

fn secret(xml: &str) -> Secret {
    read(xml).method.expect("a method was sent").secret
}

/// The reference's payment with something else as its method.
fn by(dto: &str) -> String {
    let start = B6.find("<paymentMethodDTO").expect("it has a method");
    format!("{}{dto}</payment>", &B6[..start])
}

#[test]
#[expect(clippy::too_many_lines, reason = "a whole document, one element a line")]
fn a_payment_is_written_as_the_reference_shows_it() {
    insta::assert_snapshot!(lines(&payments::write(&payment(), &zone())), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <payment id="213">
    <paymentNumber>501</paymentNumber>
    <isSystemPayment>true</isSystemPayment>
    <customer id="366"/>
    <paymentMethodType>CreditCard</paymentMethodType>
    <currency id="USD"/>
    <amount>60.50</amount>
    <balance>0.00</balance>
    <effectiveDate>2011-09-20</effectiveDate>
    <status>Paid</status>
    <paymentType>Payment</paymentType>
    <isProcessedByBillingRun>false</isProcessedByBillingRun>
    <processorResult id="192">
    <customer id="366"/>
    <payment id="213"/>
    <amount>60.50</amount>
    <currencyCode>USD</currencyCode>
    <isSuccess>true</isSuccess>
    <isError>false</isError>
    <statusCode/>
    <avsCode>Y</avsCode>
    <cvvCode>Y</cvvCode>
    <transactionId>TST-000192</transactionId>
    <approvalCode>0S33CM</approvalCode>
    <statusMessage>This transaction has been approved.</statusMessage>
    <errorCode/>
    <errorMessage/>
    <batchIndicator/>
    <secondaryAmount/>
    <otherMsg1/>
    <otherMsg2/>
    <otherMsg3/>
    <processorRequestType>sale</processorRequestType>
    <responseTimeMilliSec>2</responseTimeMilliSec>
    <paymentProcessor id="6"/>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </processorResult>
    <paymentMethodContext>Visa: 1111</paymentMethodContext>
    <paymentProcessor id="6">
    <name>Test Processor</name>
    </paymentProcessor>
    <invoicePayments>
    <invoicePayment id="171">
    <payment id="213"/>
    <invoice id="2396"/>
    <customer id="366"/>
    <amountApplied>60.50</amountApplied>
    <balance>0.00</balance>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </invoicePayment>
    </invoicePayments>
    <dateCreated>2011-09-20</dateCreated>
    <lastUpdated>2011-09-20</lastUpdated>
    </payment>
    "#);
}

#[test]
fn what_the_processor_said_is_a_success_a_decline_or_an_error() {
    for (verdict, is_success, is_error) in
        [(Verdict::Approved, "true", "false"), (Verdict::Declined, "false", "false"), (Verdict::Error, "false", "true")]
    {
        let mut payment = payment();
        payment.head.status = PaymentStatus::from(verdict);
        let answer = &mut payment.result.as_mut().unwrap().answer;
        (answer.verdict, answer.avs, answer.cvv) = (verdict, Match::No, Match::Unsupported);
        let xml = element(&payments::write(&payment, &zone()));
        let result = xml.child("processorResult").unwrap();
        let shown =
            ["isSuccess", "isError", "avsCode", "cvvCode"].map(|name| result.child(name).unwrap().text.as_str());
        assert_eq!(shown, [is_success, is_error, "N", "X"]);
    }
}

#[test]
fn a_payment_in_cash_has_no_processor() {
    let mut payment = payment();
    (payment.result, payment.head.is_system_payment, payment.head.method_type) = (None, false, MethodType::Cash);
    payment.head.processor = None;
    payment.head.method_context = String::new();
    let xml = element(&payments::write(&payment, &zone()));
    assert!(xml.child("processorResult").is_none());
    assert!(xml.child("paymentProcessor").unwrap().is_empty() && xml.child("paymentMethodContext").unwrap().is_empty());
}

#[test]
fn the_payment_of_the_reference_is_read() {
    let request = read(B6);
    assert_eq!(request.amount, Some("60.50".parse().unwrap()));
    assert_eq!(request.invoices, [InvoiceRef::Id(InvoiceId(2396))]);
    assert!(request.customer.is_none() && request.currency.is_none() && !request.generate_invoice);
    let (card, autopay_preference) = card_of(request);
    assert_eq!(card.number.expose(), "4111111111111111");
    assert_eq!(card.expiry, Expiry { year: 2035, month: 12 });
    assert_eq!(card.cvv.unwrap().expose(), "123");
    assert!(autopay_preference.is_none() && card.holder.is_none() && card.billing_address.is_none());
}

#[test]
fn every_field_of_a_card_is_read() {
    let xml = B6.replace("4111111111111111", "4111 1111-1111 1111").replace(
        "<cvv>123</cvv>",
        "<cvv>1234</cvv><autopayPreference>2</autopayPreference><cardType>Visa</cardType>\
         <cardholderName>John Villanova</cardholderName><billingAddress><street1>9872 Central St</street1>\
         <city>Anytown</city><state>AK</state><zip>11001</zip><country>USA</country></billingAddress>",
    );
    let (card, autopay_preference) = card_of(read(&xml));
    assert_eq!((card.number.brand(), card.context().as_str()), (Brand::Visa, "Visa: 1111"));
    assert_eq!(card.cvv.unwrap().expose(), "1234");
    assert_eq!(card.holder.as_deref(), Some("John Villanova"));
    assert_eq!(card.billing_address.unwrap().zip.as_deref(), Some("11001"));
    assert_eq!(autopay_preference, Some(2));
    let misspelt = xml.replace("autopayPreference", "autopayPreferance");
    assert_eq!(card_of(read(&misspelt)).1, Some(2));
}

#[test]
fn everything_but_the_method_may_be_left_to_the_rest() {
    let request = read("<payment/>");
    assert!(request.amount.is_none() && request.method.is_none() && request.invoices.is_empty());
    let request = read(
        "<payment><customer id='366'/><extCustomerRef>J1</extCustomerRef><currency id='USD'/>\
         <generateInvoice>true</generateInvoice><amount/><invoices><invoice><invoiceNumber>1019</invoiceNumber>\
         </invoice><invoice id='5'><invoiceNumber>1020</invoiceNumber></invoice></invoices></payment>",
    );
    assert_eq!(request.customer, Some(CustomerRef { id: Some(366), ext_customer_ref: Some("J1".to_owned()) }));
    assert_eq!(request.currency.unwrap().code(), "USD");
    assert!(request.generate_invoice && request.amount.is_none());
    assert_eq!(request.invoices, [InvoiceRef::Number("1019".to_owned()), InvoiceRef::Id(InvoiceId(5))]);
}

#[test]
fn cash_and_checks_are_methods() {
    let dto = "<paymentMethodDTO type='Cash'><cashPaymentMethod/></paymentMethodDTO>";
    assert!(matches!(secret(&by(dto)), Secret::Cash));
    let dto = "<paymentMethodDTO type='Check'><checkPaymentMethod/></paymentMethodDTO>";
    assert!(matches!(secret(&by(dto)), Secret::Check));
    let dto = "<paymentMethodDTO type='Check'><checkPaymentMethod><checkNumber>77</checkNumber></checkPaymentMethod>\
               </paymentMethodDTO>";
    let method = read(&by(dto)).method.unwrap();
    assert_eq!((method.check_number.as_deref(), method.autopay_preference), (Some("77"), None));
}

#[test]
fn the_type_stands_in_any_of_three_places() {
    for stated in ["<type>Cash</type>", "<paymentMethod><type> Cash </type></paymentMethod>"] {
        let dto = format!("<paymentMethodDTO>{stated}<cashPaymentMethod/></paymentMethodDTO>");
        assert!(matches!(secret(&by(&dto)), Secret::Cash), "{dto}");
        let dto = dto.replace("<paymentMethodDTO>", "<paymentMethodDTO type='Cash'>");
        assert!(matches!(secret(&by(&dto)), Secret::Cash), "{dto}");
    }
}

#[test]
fn a_type_that_is_missing_unknown_or_contradicted_is_refused_in_the_fixed_words() {
    assert_eq!(
        TYPE_SENTENCE,
        "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check"
    );
    for dto in [
        "<paymentMethodDTO/>",
        "<paymentMethodDTO><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO type=''><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO type='cash'><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO type='PayPal'><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO type='Check'><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO type='Cash'><type>Check</type><cashPaymentMethod/></paymentMethodDTO>",
        "<paymentMethodDTO><type>Cash</type><paymentMethod><type>Check</type></paymentMethod><cashPaymentMethod/>\
         </paymentMethodDTO>",
    ] {
        assert_eq!(wrong(&by(dto)), [TYPE_SENTENCE], "{dto}");
    }
}

#[test]
fn there_is_exactly_one_method() {
    let expected = "paymentMethodDTO must hold exactly one of creditCardPaymentMethod, achPaymentMethod, \
                    tokenPaymentMethod, checkPaymentMethod, cashPaymentMethod.";
    for inside in ["", "<cashPaymentMethod/><checkPaymentMethod/>", "<cashPaymentMethod/><cashPaymentMethod/>"] {
        let dto = format!("<paymentMethodDTO type='Cash'>{inside}</paymentMethodDTO>");
        assert_eq!(wrong(&by(&dto)), [expected], "{dto}");
    }
    let twice = by("<paymentMethodDTO type='Cash'/><paymentMethodDTO type='Cash'/>");
    assert_eq!(wrong(&twice), ["paymentMethodDTO appears twice; it may appear only once."]);
}

#[test]
fn each_mistake_in_a_payment_has_its_own_message() {
    let number = "cardNumber must be a card number: 12 to 19 digits with a right check digit.";
    let expiry = "expiry must be a month written YYYY-MM-DD or YYYY-MM, for example 2030-12.";
    let preference = "autopayPreference must be a whole number from 1 to 3.";
    for (from, to, message) in [
        ("4111111111111111", "4111111111111112", number),
        ("4111111111111111", "41111111111", number),
        ("4111111111111111", "41111111111111111111", number),
        ("<cardNumber>4111111111111111</cardNumber>", "", "cardNumber is required."),
        ("<expiry>2035-12-31</expiry>", "", "expiry is required."),
        ("2035-12-31", "2035-13-01", expiry),
        ("2035-12-31", "soon", expiry),
        ("<cvv>123</cvv>", "<cvv>12</cvv>", "cvv must have 3 or 4 digits."),
        ("<cvv>123</cvv>", "<cvv>12a</cvv>", "cvv must have 3 or 4 digits."),
        ("<cvv>", "<cardType>visa</cardType><cvv>", "cardType must be one of Visa, MasterCard, Amex, Discover."),
        ("<cvv>", "<cardType>Amex</cardType><cvv>", "cardType contradicts cardNumber."),
        ("<cvv>", "<autopayPreference>0</autopayPreference><cvv>", preference),
        ("<cvv>", "<autopayPreference>4</autopayPreference><cvv>", preference),
        ("<cvv>", "<autopayPreference>first</autopayPreference><cvv>", preference),
        (
            "<cvv>",
            "<autopayPreferance>4</autopayPreferance><cvv>",
            "autopayPreferance must be a whole number from 1 to 3.",
        ),
        (
            "<cvv>",
            "<autopayPreference>1</autopayPreference><autopayPreferance>2</autopayPreferance><cvv>",
            "autopayPreference is given twice, which must agree.",
        ),
    ] {
        assert_eq!(wrong(&B6.replace(from, to)), [format!("{CARD}/{message}")], "{to}");
    }
    for (from, to, message) in [
        ("60.50", "-5", "amount must be greater than 0."),
        ("60.50", "0", "amount must be greater than 0."),
        ("60.50", "1000000000000", "amount must be at most 999999999999.99."),
        ("processPayment", "pay", "action must be one of processPayment, processCredit, processRefund."),
        ("<invoice id=\"2396\"/>", "<invoice/>", "invoices/invoice[1] must have an id or an invoiceNumber."),
        ("2396", "abc", "invoices/invoice[1]/id must be a whole number from 1 to 9223372036854775807."),
        (
            "<invoice id=\"2396\"/>",
            "<invoice id='1'/><invoice id='1'/>",
            "invoices/invoice[2] is named twice; each invoice may appear only once.",
        ),
        ("<amount>", "<generateInvoice>1</generateInvoice><amount>", "generateInvoice must be true or false."),
    ] {
        assert_eq!(wrong(&B6.replace(from, to)), [message], "{to}");
    }
}

#[test]
fn a_payment_may_have_any_of_six_roots() {
    for root in ["payment", "processPayment"] {
        let xml = B6.replace("<payment>", &format!("<{root}>")).replace("</payment>", &format!("</{root}>"));
        assert!(read(&xml).method.is_some());
    }
    let roots = "The root element must be payment or processPayment or processCredit or processRefund or credit or \
                 refund.";
    assert_eq!(wrong("<invoice/>"), [roots]);
}

#[test]
fn root_action_and_url_may_not_contradict_each_other() {
    let expected = "action must not contradict the root element or the URL.";
    for root in ["processCredit", "processRefund", "credit", "refund"] {
        assert_eq!(wrong(&format!("<{root}/>")), [expected], "{root}");
    }
    assert_eq!(wrong(&B6.replace("processPayment", "processRefund")), [expected]);
    let refund = "<refund><action>processRefund</action></refund>";
    assert_eq!(wrong(refund), [expected]);
    let refused = messages(payments::read_credit(&element(B6)));
    assert!(refused.contains(&expected.to_owned()), "{refused:?}");
    let refused = messages(payments::read_refund(&element("<credit><payment id='1'/></credit>")));
    assert_eq!(refused, [expected]);
}

#[test]
fn accounts_and_tokens_are_methods_that_may_be_kept() {
    let dto = "<paymentMethodDTO type='ACH'><achPaymentMethod><autopayPreference>3</autopayPreference>\
        <routingNumber>021000021</routingNumber><accountNumber>12345678</accountNumber></achPaymentMethod></paymentMethodDTO>";
    let method = read(&by(dto)).method.unwrap();
    assert_eq!((method.secret.context().as_str(), method.autopay_preference), ("Checking: 5678", Some(3)));
    let dto = "<paymentMethodDTO type='Token'><tokenPaymentMethod><token>tok-7</token></tokenPaymentMethod></paymentMethodDTO>";
    let method = read(&by(dto)).method.unwrap();
    assert_eq!((method.secret.context().as_str(), method.autopay_preference), ("Token", None));
}

#[test]
fn a_refund_names_its_payment_and_perhaps_amount_credit_and_day() {
    let refund = |xml: &str| payments::read_refund(&element(xml));
    let least = refund("<refund><payment id='213'/></refund>").unwrap();
    assert_eq!((least.payment, least.amount, least.applies_house_credit), (PaymentId(213), None, false));
    let all = refund(
        "<payment><action>processRefund</action><payment><id>213</id></payment><amount>60.50</amount>\
         <applyHouseCredit>true</applyHouseCredit><effectiveDate>2011-09-20</effectiveDate></payment>",
    );
    let all = all.unwrap();
    assert_eq!((all.amount, all.applies_house_credit), (Some("60.50".parse().unwrap()), true));
    assert_eq!(all.effective_on, Some(Date::new(2011, 9, 20)));
    let wrong = "<refund><payment id='abc'/><amount>-1</amount><applyHouseCredit>no</applyHouseCredit>\
                 <effectiveDate>soon</effectiveDate></refund>";
    let messages_of = |xml: &str| messages(refund(xml));
    let fields = ["payment/id", "amount", "applyHouseCredit", "effectiveDate"];
    let found = messages_of(wrong);
    assert!(fields.iter().zip(&found).all(|(field, message)| message.starts_with(field)), "{found:?}");
    assert_eq!(messages_of("<refund/>"), ["payment is required."]);
    assert_eq!(messages_of("<refund><payment>213</payment></refund>"), ["payment must hold elements, not a text."]);
}

#[test]
fn a_credit_is_an_amount_of_either_sign() {
    let credit = |xml: &str| payments::read_credit(&element(xml));
    let given = credit("<credit><amount>10.00</amount><notes>sorry</notes></credit>").unwrap();
    assert_eq!((given.amount, given.notes.as_deref()), ("10".parse().unwrap(), Some("sorry")));
    assert_eq!(credit("<processCredit><amount>-10</amount></processCredit>").unwrap().amount, "-10".parse().unwrap());
    assert_eq!(messages(credit("<credit/>")), ["amount is required."]);
    let long = format!("<credit><amount>1e3</amount><notes>{}</notes></credit>", "x".repeat(256));
    let found = messages(credit(&long));
    assert!(found[0].starts_with("amount") && found[1].starts_with("notes"), "{found:?}");
}

#[test]
fn what_takes_a_payment_back_names_it_and_what_the_processor_was_asked() {
    let mut refund = payment();
    (refund.head.amount, refund.head.reverses) = (Amount(-6050), Some(PaymentId(212)));
    refund.head.notes = Some("sorry".to_owned());
    refund.result.as_mut().unwrap().request = RequestKind::Void;
    let xml = element(&payments::write(&refund, &zone()));
    assert_eq!(xml.child("amount").unwrap().text, "-60.50");
    assert_eq!(xml.child("reversedPayment").unwrap().attribute("id"), Some("212"));
    assert_eq!(xml.child("notes").unwrap().text, "sorry");
    let result = xml.child("processorResult").unwrap();
    assert_eq!(result.child("processorRequestType").unwrap().text, "void");
    assert_eq!(result.child("amount").unwrap().text, "-60.50");
}

#[test]
fn neither_number_nor_security_code_stands_in_a_message() {
    let (number, code) = ("4111111111111112", "98765");
    let card = |extra: &str| {
        format!(
            "<paymentMethodDTO type='{number}'>{extra}<creditCardPaymentMethod><cardNumber>{number}</cardNumber>\
             <expiry>{number}</expiry><cvv>{code}</cvv><cardType>{number}</cardType>\
             <autopayPreference>{number}</autopayPreference></creditCardPaymentMethod></paymentMethodDTO>"
        )
    };
    for dto in [card(""), card(&format!("<type>{number}</type>")), card("<cashPaymentMethod/>")] {
        let found = wrong(&by(&dto).replace("60.50", number).replace("2396", number).replace("processPayment", code));
        assert!(found.len() >= 3, "{found:?}");
        assert!(found.iter().all(|message| !message.contains(number) && !message.contains(code)), "{found:?}");
    }
    let shown = format!("{:?}", read(B6));
    assert!(!shown.contains("4111") && !shown.contains("123"), "{shown}");
}
