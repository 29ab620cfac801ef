//! Payment plans as they come in and go out.

use domain::dates::{Date, TimeUnit};
use domain::ids::{CustomerId, PaymentPlanId};
use domain::money::Amount;
use domain::payment_plans::{Frequency, PaymentPlan};
use jiff::tz::TimeZone;
use wire::payment_plans::{read, read_change, write};

use crate::samples::{element, lines, messages};

const B5: &str = "<paymentPlan><chargeAmount>199.00</chargeAmount><startDate>2016-11-01</startDate>\
    <totalNumberOfInstallments>4</totalNumberOfInstallments><frequencyValue>1</frequencyValue>\
    <frequencyUnits>Months</frequencyUnits></paymentPlan>";

/// One instalment is used.
fn plan() -> PaymentPlan {
    PaymentPlan {
        id: PaymentPlanId(123),
        customer: CustomerId(366),
        sequence: 1,
        currency: "USD".parse().expect("a currency"),
        charge_only_if_balance_owed: true,
        charge_amount: Amount(19_900),
        start_on: Date::new(2016, 11, 1),
        frequency: Frequency { value: 1, units: TimeUnit::Months },
        total_installments: 4,
        remaining_installments: 3,
        is_enabled: true,
        is_offered: false,
        created_at: "2016-10-20T12:00:00Z".parse().expect("a time"),
        updated_at: "2016-11-01T12:00:00Z".parse().expect("a time"),
    }
}

#[test]
fn a_plan_is_written_as_the_reference_shows_it() {
    insta::assert_snapshot!(lines(&write(&plan(), &TimeZone::UTC)), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <paymentPlan id="123">
    <chargeOnlyIfBalanceOwed>true</chargeOnlyIfBalanceOwed>
    <chargeAmount>199.00</chargeAmount>
    <startDate>2016-11-01</startDate>
    <nextPaymentDate>2016-12-01</nextPaymentDate>
    <totalNumberOfInstallments>4</totalNumberOfInstallments>
    <remainingInstallments>3</remainingInstallments>
    <frequencyValue>1</frequencyValue>
    <frequencyUnits>Months</frequencyUnits>
    <isEnabled>true</isEnabled>
    <status>Active</status>
    <dateCreated>2016-10-20</dateCreated>
    <lastUpdated>2016-11-01</lastUpdated>
    </paymentPlan>
    "#);
}

#[test]
fn what_is_got_can_be_sent_back() {
    let request = read(&element(&write(&plan(), &TimeZone::UTC))).unwrap();
    assert_eq!((request.id, request.total_installments, request.is_enabled), (Some(123), Some(4), Some(true)));
    let inside =
        "<paymentPlan><id>123</id><isEnabled/><chargeOnlyIfBalanceOwed>False</chargeOnlyIfBalanceOwed></paymentPlan>";
    let request = read(&element(inside)).unwrap();
    assert_eq!((request.id, request.charge_amount), (Some(123), None));
    assert_eq!((request.is_enabled, request.charge_only_if_balance_owed), (Some(true), Some(false)));
}

#[test]
fn an_offer_is_asked_for_by_its_status_and_the_other_statuses_are_only_told() {
    let with = |inside: &str| B5.replace("<chargeAmount>", &format!("{inside}<chargeAmount>"));
    let is_offered = |inside: &str| read(&element(&with(inside))).map(|request| request.is_offered);
    assert_eq!(is_offered("<status>Offered</status>"), Ok(true));
    assert_eq!(is_offered("<status>Offered</status><isEnabled>false</isEnabled>"), Ok(true));
    for told in ["", "<status/>", "<status>Active</status>", "<status>Ended</status>"] {
        assert_eq!(is_offered(told), Ok(false), "{told}");
    }
    let both = with("<status>Offered</status><isEnabled>true</isEnabled>");
    assert!(messages(read(&element(&both)))[0].contains("exclude each other"));
    assert!(messages(read(&element(&with("<status>offered</status>"))))[0].starts_with("status"));
}

#[test]
fn a_new_plan_needs_all_but_the_switches() {
    let request = read(&element(B5)).unwrap();
    assert_eq!((request.start_on, request.frequency_units), (Some(Date::new(2016, 11, 1)), Some(TimeUnit::Months)));
    assert_eq!((request.id, request.is_enabled, request.charge_only_if_balance_owed), (None, None, None));
    assert_eq!(
        messages(read(&element("<paymentPlan/>"))),
        ["chargeAmount", "startDate", "totalNumberOfInstallments", "frequencyValue", "frequencyUnits"]
            .map(|name| format!("{name} is required."))
    );
    assert!(read_change(&element("<paymentPlan/>")).is_ok());
    assert!(messages(read(&element("<plan/>")))[0].contains("paymentPlan"));
}

#[test]
fn c_pln_15_what_is_wrong_is_named_all_at_once() {
    for read in [read, read_change] {
        let found = messages(read(&element(
            "<paymentPlan><chargeAmount>0</chargeAmount><startDate>2016-02-30</startDate>\
             <totalNumberOfInstallments>0</totalNumberOfInstallments><frequencyValue>0</frequencyValue>\
             <frequencyUnits>months</frequencyUnits><isEnabled>maybe</isEnabled></paymentPlan>",
        )));
        let starts = ["isEnabled", "chargeAmount", "startDate", "totalNumber", "frequencyValue", "frequencyUnits"];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        assert!(starts.iter().all(|start| found.iter().any(|message| message.starts_with(start))), "{found:?}");
    }
    let cleared = messages(read_change(&element("<paymentPlan><chargeAmount/><frequencyUnits/></paymentPlan>")));
    assert_eq!(cleared.len(), 2, "{cleared:?}");
}
