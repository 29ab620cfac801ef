//! The link into the portal, and the clock.

use domain::dates::Timestamp;
use wire::{test_clock, widget};

use crate::samples::{element, lines, messages};

#[test]
fn a_link_is_written_with_its_end_and_its_token() {
    let expires_at: Timestamp = "2026-01-05T10:30:00.5Z".parse().unwrap();
    let id = "f76b5c8e68ae4c2da69bed68845f1bc6";
    let url = "https://acme.localhost/widget/customerHome/f76b?a=1&b=2";
    insta::assert_snapshot!(lines(&widget::write(id, url, expires_at, Some("head.claims.signature"))), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <widget id="f76b5c8e68ae4c2da69bed68845f1bc6">
    <url>https://acme.localhost/widget/customerHome/f76b?a=1&amp;b=2</url>
    <expiresAt>2026-01-05T10:30:00Z</expiresAt>
    <token>head.claims.signature</token>
    </widget>
    "#);
    assert!(!widget::write(id, url, expires_at, None).contains("token"));
}

#[test]
fn the_clock_is_read_as_it_is_written() {
    let now: Timestamp = "2011-09-20T12:00:00Z".parse().unwrap();
    let xml = test_clock::write(now);
    assert!(xml.ends_with("<testClock><now>2011-09-20T12:00:00Z</now></testClock>"), "{xml}");
    assert_eq!(test_clock::read(&element(&xml)), Ok(now));
}

#[test]
fn a_clock_takes_only_instants_in_utc() {
    for wrong in [
        "2011-10-01",
        "2011-10-01T12:00:00",
        "2011-10-01T12:00:00+00:00",
        "2011-10-01t12:00:00z",
        "2011-10-01 12:00:00Z",
        "2011-02-30T12:00:00Z",
        "2011-10-01T24:00:00Z",
        "1899-12-31T23:59:59Z",
        "3000-01-01T00:00:00Z",
        "2011-10-01T12:00:0é",
    ] {
        let found = messages(test_clock::read(&element(&format!("<testClock><now>{wrong}</now></testClock>"))));
        let allowed = "now must be a time in UTC of the years 1900 to 2999 written like 2011-10-01T12:00:00Z.";
        assert_eq!(found, [allowed], "{wrong}");
    }
    assert_eq!(messages(test_clock::read(&element("<testClock/>"))), ["now is required."]);
    assert_eq!(messages(test_clock::read(&element("<clock/>"))), ["The root element must be testClock."]);
}
