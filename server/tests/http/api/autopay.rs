//! Methods on file (`api.md` §2.6, group H of the cases).

use crate::harness::answer::Answer;
use crate::harness::fixtures::{APPROVES, DECLINES, JOHN, account_on_file, card_on_file, with, without};
use crate::harness::{Call, Server};

const OF_JOHN: &str = "/rest/customer/autopay?format=xml&extCustomerRef=JOHNDOE001";
const SENTENCE: &str =
    "The paymentMethodDTO/paymentMethod/type element must be set to either Cash, ACH, CreditCard or Check";

/// Seed 002, section 4.1.7, word for word.
const SEED: &str = "<autopay>
<paymentMethodDTO type=\"CreditCard\">
<creditCardPaymentMethod>
<autopayPreference>1</autopayPreference>
<cardNumber>4111111111111111</cardNumber>
<expiry>2010-12-31</expiry>
<cardType>Visa</cardType>
<cardholderName>John Villanova</cardholderName>
<cvv>1234</cvv>
<billingAddress>
<street1>9872 Central St</street1>
<city>Anytown</city>
<state>AK</state>
<zip>11001</zip>
<country>USA</country>
</billingAddress>
</creditCardPaymentMethod>
</paymentMethodDTO>
</autopay>";

const CASH: &str = "<autopay><paymentMethodDTO type=\"Cash\"><cashPaymentMethod/></paymentMethodDTO></autopay>";

/// `SEC` of the cases: what was sent is not in the answer, and no element's name ends in PaymentMethod.
#[track_caller]
fn keeps_secrets(answer: &Answer) {
    let text = answer.text();
    for secret in [APPROVES, "4111111111111112", DECLINES, "9137", "1234<", "12345678", "PaymentMethod>"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

/// Sends what must succeed.
async fn done(call: Call<'_>) {
    let answer = call.send().await;
    keeps_secrets(&answer);
    answer.xml(200).has(&[("success", "true")]);
}

fn put<'s>(server: &'s Server, more: &str, body: &str) -> Call<'s> {
    server.call("PUT", &format!("{OF_JOHN}{more}")).body(body)
}

/// (preference, type, context, is expired) of each method on file.
async fn on_file(server: &Server) -> Vec<[String; 4]> {
    let answer = server.get(OF_JOHN).send().await;
    keeps_secrets(&answer);
    let list = answer.xml(200);
    assert_eq!(list.0.name, "list");
    let all = |name: &str| list.all(&format!("autopay/{name}")).into_iter();
    let names = ["autopayPreference", "paymentMethodType", "paymentMethodContext", "isExpired"];
    let [preference, kind, context, expired] = names.map(all);
    preference.zip(kind).zip(context.zip(expired)).map(|((a, b), (c, d))| [a, b, c, d]).collect()
}

on_both! {
    async fn c_pay_m04_a_card_is_kept_and_shown_masked_by_id_and_by_reference(server: Server) {
        let id = server.plain_customer(JOHN).await;
        let by_id = format!("/rest/customer/{id}/autopay");
        assert!(server.get(&by_id).send().await.is(200).text().ends_with("<list/>"));
        done(server.call("PUT", &format!("{by_id}?format=xml&validate=true")).body(card_on_file(APPROVES))).await;
        let list = server.get(&by_id).gives(200).await;
        list.has(&[
            ("autopay/autopayPreference", "1"),
            ("autopay/paymentMethodType", "CreditCard"),
            ("autopay/paymentMethodContext", "Visa: 1111"),
            ("autopay/isExpired", "false"),
            ("autopay/dateCreated", "2011-09-20"),
            ("autopay/lastUpdated", "2011-09-20"),
        ]);
        assert_eq!(on_file(&server).await, [["1", "CreditCard", "Visa: 1111", "false"]]);
    }

    async fn c_pay_m08_c_pay_m23_c_pay_m24_a_method_finds_its_place_and_replaces_what_is_there(server: Server) {
        server.plain_customer(JOHN).await;
        let card = card_on_file(APPROVES);
        // C-PAY-M08: no preference is the first.
        done(put(&server, "", &without(&card, "autopayPreference"))).await;
        // C-PAY-M23: POST is accepted; C-PAY-M24: so is the spelling of seed 003.
        let second = with(&card_on_file("5555555555554444"), "autopayPreference", "2");
        done(server.post(OF_JOHN, second.replace("autopayPreference", "autopayPreferance"))).await;
        done(put(&server, "", CASH)).await;
        let check = "<autopay><paymentMethodDTO><type>Check</type><checkPaymentMethod><checkNumber>12</checkNumber>\
            <autopayPreference>3</autopayPreference></checkPaymentMethod></paymentMethodDTO></autopay>";
        done(put(&server, "", check)).await;
        assert_eq!(
            on_file(&server).await,
            [
                ["1", "Cash", "Cash", "false"],
                ["2", "CreditCard", "MasterCard: 4444", "false"],
                ["3", "Check", "Check", "false"],
            ]
        );
        let token = "<autopay><paymentMethodDTO><paymentMethod><type>Token</type></paymentMethod><tokenPaymentMethod>\
            <token>tok-4111111111111111</token><cardType>Visa</cardType><expiry>2011-08</expiry>\
            </tokenPaymentMethod></paymentMethodDTO></autopay>";
        done(put(&server, "", token)).await;
        assert_eq!(on_file(&server).await[0], ["1", "Token", "Visa", "true"]);
    }

    async fn c_pay_m11_a_type_that_says_something_else_gives_the_sentence(server: Server) {
        server.plain_customer(JOHN).await;
        let card = card_on_file(APPROVES);
        for kind in [" type=\"ACH\"", " type=\"Bitcoin\"", ""] {
            let body = card.replace(" type=\"CreditCard\"", kind);
            assert_eq!(server.refuses(400, put(&server, "", &body)).await, [SENTENCE], "{kind}");
        }
        let two = card.replace("</creditCardPaymentMethod>", "</creditCardPaymentMethod><cashPaymentMethod/>");
        let messages = server.refuses(400, put(&server, "", &two)).await;
        assert!(messages[0].contains("exactly one of"), "{messages:?}");
        let two = card.replace("</autopay>", "<paymentMethodDTO type=\"Cash\"><cashPaymentMethod/></paymentMethodDTO></autopay>");
        server.refuses(400, put(&server, "", &two)).await;
    }

    async fn c_pay_m14_c_pay_m15_a_bank_account_is_kept_if_its_numbers_are_right(server: Server) {
        server.plain_customer(JOHN).await;
        done(put(&server, "", &account_on_file("021000021", "12345678"))).await;
        assert_eq!(on_file(&server).await, [["1", "ACH", "Checking: 5678", "false"]]);
        for (routing, account, field) in
            [("123456789", "12345678", "routingNumber"), ("021000021", "123", "accountNumber")]
        {
            let answer = put(&server, "", &account_on_file(routing, account)).send().await;
            keeps_secrets(&answer);
            assert!(answer.refused(400)[0].contains(field), "{}", answer.text());
        }
        assert_eq!(on_file(&server).await.len(), 1);
        assert!(!format!("{:?}", server.stored().await).contains("12345678"));
    }

    async fn c_pay_m19_c_pay_m20_the_expired_card_of_the_seed_is_kept_unless_it_is_to_be_validated(server: Server) {
        server.plain_customer(JOHN).await;
        let messages = server.refuses(400, put(&server, "&validate=true", SEED)).await;
        assert!(messages[0].contains("expired"), "{messages:?}");
        assert!(on_file(&server).await.is_empty());
        done(put(&server, "", SEED)).await;
        assert_eq!(on_file(&server).await, [["1", "CreditCard", "Visa: 1111", "true"]]);
    }

    async fn a_card_that_the_processor_declines_is_not_kept_where_it_is_validated(server: Server) {
        server.plain_customer(JOHN).await;
        done(put(&server, "&validate=true", &card_on_file("4000000000000010"))).await;
        for declined in [DECLINES, "4000000000000119"] {
            let call = put(&server, "&validate=true", &card_on_file(declined));
            let messages = server.refuses(400, call).await;
            assert!(messages[0].contains("was not accepted by the processor"), "{messages:?}");
            assert!(!messages[0].contains(declined), "{messages:?}");
        }
        assert_eq!(on_file(&server).await, [["1", "CreditCard", "Visa: 0010", "false"]]);
        done(put(&server, "&validate=false", &card_on_file(DECLINES))).await;
        assert_eq!(on_file(&server).await, [["1", "CreditCard", "Visa: 0002", "false"]]);
        server.refuses(400, put(&server, "&validate=maybe", &card_on_file(APPROVES))).await;
    }

    async fn c_pay_m21_bad_numbers_are_refused_together_and_not_repeated(server: Server) {
        server.plain_customer(JOHN).await;
        let bad = with(&with(&card_on_file("4111111111111112"), "expiry", "soon"), "autopayPreference", "4");
        let before = server.stored().await;
        let answer = put(&server, "", &bad).send().await;
        keeps_secrets(&answer);
        assert_eq!(answer.refused(400).len(), 3, "{}", answer.text());
        assert_eq!(testkit::dump::differences(&before, &server.stored().await), Vec::<String>::new());
    }

    async fn a_method_is_deleted_by_its_preference_once(server: Server) {
        let id = server.plain_customer(JOHN).await;
        done(put(&server, "", CASH)).await;
        done(put(&server, "", &with(&card_on_file(APPROVES), "autopayPreference", "2"))).await;
        let delete = |more: &str| server.call("DELETE", &format!("/rest/customer/{id}/autopay?format=xml{more}"));
        for more in ["", "&autopayPreference=0", "&autopayPreference=4", "&autopayPreference=two"] {
            let messages = server.refuses(400, delete(more)).await;
            assert!(messages[0].contains("autopayPreference"), "{messages:?}");
        }
        server.refuses(404, delete("&autopayPreference=3")).await;
        done(delete("&autopayPreference=1")).await;
        server.refuses(404, delete("&autopayPreference=1")).await;
        assert_eq!(on_file(&server).await, [["2", "CreditCard", "Visa: 1111", "false"]]);
        done(server.call("DELETE", &format!("{OF_JOHN}&autopayPreference=2"))).await;
        assert!(on_file(&server).await.is_empty());
    }

    async fn a_customer_must_be_named_and_be_there(server: Server) {
        let id = server.plain_customer(JOHN).await;
        server.plain_customer("JANE").await;
        for (method, more) in [("PUT", ""), ("POST", ""), ("GET", ""), ("DELETE", "&autopayPreference=1")] {
            let call = |path: &str| {
                let call = server.call(method, &format!("{path}{more}"));
                if matches!(method, "PUT" | "POST") { call.body(card_on_file(APPROVES)) } else { call }
            };
            server.refuses(404, call("/rest/customer/999999999/autopay?format=xml")).await;
            server.refuses(404, call("/rest/customer/abc/autopay?format=xml")).await;
            server.refuses(404, call("/rest/customer/autopay?extCustomerRef=NOBODY")).await;
            server.refuses(400, call("/rest/customer/autopay?format=xml")).await;
            server.refuses(400, call(&format!("/rest/customer/{id}/autopay?extCustomerRef=JANE"))).await;
            server.refuses(400, call(&format!("/rest/customer/{id}/autopay?format=json"))).await;
        }
        server.call("PATCH", &format!("/rest/customer/{id}/autopay")).send().await.refused(405);
        server.refuses(400, put(&server, "", "<payment/>")).await;
        server.refuses(400, put(&server, "", "<autopay>")).await;
        server.refuses(400, put(&server, "&action=explode", CASH)).await;
    }
}
