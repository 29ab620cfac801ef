//! Keys of sign-in tokens, and how the portal looks.

use domain::branding::{Branding, Logo, Theme};
use domain::changes::Change;
use domain::dates::Timestamp;
use domain::sso_keys::{KeyAlgorithm, SsoKey};
use wire::{branding, sso_keys};

use crate::samples::{element, lines, messages};

#[test]
fn a_key_comes_in_and_goes_out_without_what_it_is() {
    let secret = "a-secret-of-acme-that-is-long-enough";
    let xml = format!("<ssoKey><kid>shop</kid><algorithm>HS256</algorithm><secret>{secret}</secret></ssoKey>");
    let read = sso_keys::read(&element(&xml)).unwrap();
    assert_eq!(
        (read.kid.as_str(), read.algorithm, read.public_key, read.expires_at),
        ("shop", KeyAlgorithm::Hs256, None, None)
    );
    assert_eq!(read.secret.as_ref().map(domain::contacts::Password::expose), Some(secret));
    assert!(!format!("{:?}", sso_keys::read(&element(&xml))).contains(secret));
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let (kid, algorithm) = ("shop".to_owned(), KeyAlgorithm::Hs256);
    let (expires_at, created_at) = (Some(at("2027-01-31T00:00:00Z")), at("2026-01-05T10:30:00.5Z"));
    insta::assert_snapshot!(lines(&sso_keys::write_list(&[SsoKey { kid, algorithm, expires_at, created_at }])), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <list>
    <ssoKey>
    <kid>shop</kid>
    <algorithm>HS256</algorithm>
    <expiresAt>2027-01-31T00:00:00Z</expiresAt>
    <createdAt>2026-01-05T10:30:00Z</createdAt>
    </ssoKey>
    </list>
    "#);
}

#[test]
fn every_problem_of_a_key_is_told() {
    let xml = "<ssoKey><kid/><algorithm>none</algorithm><expiresAt>soon</expiresAt></ssoKey>";
    let expected = [
        "kid is required.",
        "algorithm must be one of HS256, RS256, EdDSA.",
        "expiresAt must be a time in UTC of the years 1900 to 2999 written like 2011-10-01T12:00:00Z.",
    ];
    assert_eq!(messages(sso_keys::read(&element(xml))), expected);
}

#[test]
fn looks_that_are_absent_stay_and_empty_ones_are_ours_again() {
    let read = |inside: &str| branding::read(&element(&format!("<branding>{inside}</branding>"))).unwrap();
    let nothing = read("<other/>");
    assert!(nothing.accent.is_keep() && nothing.radius.is_keep() && nothing.font.is_keep() && nothing.theme.is_keep());
    let cleared = read("<accent/><radius/><font/><theme/>");
    assert_eq!(
        (cleared.accent, cleared.radius, cleared.font, cleared.theme),
        (Change::Clear, Change::Clear, Change::Clear, Change::Clear)
    );
    assert_eq!(read("<radius>24</radius><theme>dark</theme>").theme, Change::To(Theme::Dark));
}

#[test]
fn looks_are_written_with_their_files_and_warnings() {
    let looks = Branding {
        accent: Some("#ffee00".parse().unwrap()),
        logo: Some(Logo { hash: "abc".to_owned(), width: 640, height: 128 }),
        theme: Theme::Light,
        ..Branding::default()
    };
    insta::assert_snapshot!(lines(&branding::write(&looks, Some("/brand/abc.png"), &["/brand/def.css".to_owned()])), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <branding>
    <accent>#ffee00</accent>
    <radius/>
    <font/>
    <theme>light</theme>
    <logo>
    <url>/brand/abc.png</url>
    <width>640</width>
    <height>128</height>
    </logo>
    <stylesheets>
    <url>/brand/def.css</url>
    </stylesheets>
    <warnings>
    <warning>accent #ffee00 has a contrast of 1.20:1 with the light page; buttons need 3:1 to be seen by all (WCAG 2.2, 1.4.11).</warning>
    </warnings>
    </branding>
    "#);
}
