//! Whether a seed file makes sense: every mistake, with its line.

mod branding;
mod dunning;
mod outside;
mod sso_keys;

use std::collections::HashSet;
use std::hash::Hash;
use std::ops::Range;
use std::str::FromStr;

use domain::access::Role;
use domain::branding::Branding;
use domain::checks::Problems;
use domain::contacts::{Password, is_email};
use domain::dates::{TimeUnit, Timestamp};
use domain::events::EventType;
use domain::ids::OrganizationId;
use domain::money::Currency;
use domain::organizations::{
    AddressValidation, CardSaving, Mode, Organization, PortalMethod, PortalProfile, SecondFactor, Terms,
};
use domain::payments::Processor;
use toml::Spanned;

use super::file::{self, File, Text};
use super::{Seed, SeedOrganization, SeedStaff};
use crate::checks::{is_locale, is_origin, is_web_url};

const NAME_MAX: usize = 255;
/// No organization's names: used by the program itself or by the web.
const RESERVED: [&str; 3] = ["www", "admin", "api"];

pub fn check(file: &File, text: &str, now: Timestamp) -> Result<Seed, Problems> {
    let mut checker = Checker { text, now, problems: Problems::new() };
    checker.unique(file.organization.iter().map(|o| &o.subdomain), "subdomain");
    let organizations = file.organization.iter().map(|o| checker.organization(o)).collect();
    checker.problems.result(Seed { organizations })
}

pub(super) struct Checker<'t> {
    text: &'t str,
    now: Timestamp,
    pub problems: Problems,
}

impl Checker<'_> {
    pub fn wrong(&mut self, span: Range<usize>, field: &str, what: &str) {
        self.problems.add(field, format!("line {}: {field} {what}", self.line(span)));
    }

    /// From 1.
    pub fn line(&self, span: Range<usize>) -> usize {
        file::line(self.text, span.start)
    }

    fn parsed<T: FromStr>(&mut self, value: &Text, field: &str, allowed: &str) -> Option<T> {
        let parsed = value.get_ref().parse().ok();
        if parsed.is_none() {
            self.wrong(value.span(), field, allowed);
        }
        parsed
    }

    pub fn text(&mut self, value: &Text, field: &str, max: usize) -> String {
        let text = value.get_ref().trim();
        if text.is_empty() || text.chars().count() > max {
            self.wrong(value.span(), field, &format!("must have 1 to {max} characters"));
        }
        text.to_owned()
    }

    pub fn optional(&mut self, value: Option<&Text>, field: &str, max: usize) -> Option<String> {
        value.map(|value| self.text(value, field, max))
    }

    pub fn at_least(&mut self, value: &Spanned<i64>, field: &str, least: i64) -> i64 {
        if *value.get_ref() < least {
            self.wrong(value.span(), field, &format!("must be at least {least}"));
        }
        *value.get_ref()
    }

    pub fn unique<'a, T: Eq + Hash + 'a>(&mut self, values: impl Iterator<Item = &'a Spanned<T>>, field: &str) {
        let mut seen = HashSet::new();
        for value in values {
            if !seen.insert(value.get_ref()) {
                self.wrong(value.span(), field, "appears twice");
            }
        }
    }

    fn organization(&mut self, org: &file::Organization) -> SeedOrganization {
        self.unique(org.staff.iter().map(|s| &s.username), "username");
        self.unique(org.plan.iter().map(|p| &p.contract_code), "contract_code");
        self.unique(org.callback.iter().map(|c| &c.url), "callback.url");
        self.unique(org.sso_key.iter().map(|key| &key.get_ref().kid), "sso_key.kid");
        let processor = self.processor(org);
        let mut organization = self.settings_of_rules(org);
        if !organization.is_test() {
            organization.processor = processor.as_ref().map(|account| account.processor);
        }
        SeedOrganization {
            invoice_number_start: self.at_least(&org.invoice_number_start, "invoice_number_start", 1),
            order_number_start: self.at_least(&org.order_number_start, "order_number_start", 1),
            settings: self.settings(org),
            staff: org.staff.iter().map(|staff| self.staff(staff)).collect(),
            products: self.products(org),
            plans: org.plan.iter().map(|plan| self.plan(plan, &organization.currencies)).collect(),
            overdue_rules: self.overdue_rules(&org.overdue_rule),
            callbacks: org.callback.iter().map(|callback| self.callback(callback)).collect(),
            avalara: self.avalara(org),
            processor,
            sso_keys: self.sso_keys(org),
            branding: self.branding(&org.branding),
            stylesheet_file: org.portal.stylesheet.as_ref().map(|file| file.get_ref().clone()),
            organization,
        }
    }

    fn settings_of_rules(&mut self, org: &file::Organization) -> Organization {
        let currency = self.currency(&org.currency);
        let mut currencies: Vec<Currency> = org.currencies.iter().flatten().map(|c| self.currency(c)).collect();
        if !currencies.contains(&currency) {
            currencies.insert(0, currency);
        }
        let mode = self.mode(org);
        let locale = org.locale.as_ref().map_or("en_US", |locale| locale.get_ref().as_str());
        if let Some(given) = org.locale.as_ref().filter(|_| !is_locale(locale)) {
            self.wrong(given.span(), "locale", "must have the form en_US");
        }
        Organization {
            id: OrganizationId(0),
            subdomain: self.subdomain(&org.subdomain),
            name: self.text(&org.name, "name", NAME_MAX),
            currency,
            currencies,
            time_zone: self.time_zone(&org.time_zone),
            locale: locale.to_owned(),
            mode,
            terms: Terms {
                value: self.at_least(&org.payment_terms_value, "payment_terms_value", 0),
                units: self.named(org.payment_terms_units.as_ref(), "payment_terms_units", TimeUnit::Days),
            },
            address_validation: self.named(
                org.address_validation.as_ref(),
                "address_validation",
                AddressValidation::Off,
            ),
            embed_origins: org.embed_origins.iter().map(|origin| self.origin(origin)).collect(),
            notifications: org.notifications.iter().filter_map(|name| self.notification(name)).collect(),
            processor: match mode {
                Mode::Test { .. } => Some(Processor::Test),
                Mode::Live => None,
            },
            portal: self.portal(&org.portal),
            branding: Branding::default(),
        }
    }

    fn notification(&mut self, name: &Text) -> Option<EventType> {
        let found = EventType::MAILED.into_iter().find(|event| event.as_str() == name.get_ref());
        if found.is_none() {
            self.wrong(name.span(), "notifications", "must be among newInvoice, newOrder, paymentReceived");
        }
        found
    }

    pub fn currency(&mut self, code: &Text) -> Currency {
        let currency = self.parsed(code, "currency", "must be a currency of ISO 4217, such as USD");
        currency.unwrap_or_else(|| "USD".parse().expect("USD is a currency"))
    }

    fn subdomain(&mut self, subdomain: &Text) -> String {
        let name = subdomain.get_ref().as_str();
        let well_formed = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && !name.starts_with('-')
            && !name.ends_with('-')
            && (1..=63).contains(&name.len());
        if !well_formed {
            self.wrong(subdomain.span(), "subdomain", "must be a label of a host name: a–z, 0–9 and inner dashes");
        }
        if RESERVED.contains(&name) {
            self.wrong(subdomain.span(), "subdomain", "is reserved");
        }
        name.to_owned()
    }

    fn time_zone(&mut self, name: &Text) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(name.get_ref()).unwrap_or_else(|_| {
            self.wrong(name.span(), "time_zone", "must be a name of the time zone database, such as Europe/Berlin");
            jiff::tz::TimeZone::UTC
        })
    }

    /// A value of an enum by its name, or the default.
    pub fn named<T: FromStr<Err = String>>(&mut self, value: Option<&Text>, field: &str, default: T) -> T {
        let Some(value) = value else { return default };
        match value.get_ref().parse() {
            Ok(value) => value,
            Err(allowed) => {
                self.wrong(value.span(), field, &allowed);
                default
            }
        }
    }

    fn mode(&mut self, org: &file::Organization) -> Mode {
        match (org.mode.as_ref().map(|mode| mode.get_ref().as_str()), &org.clock) {
            (None | Some("live"), None) => Mode::Live,
            (None | Some("live"), Some(clock)) => {
                self.wrong(clock.span(), "clock", "is only for mode = \"test\"");
                Mode::Live
            }
            (Some("test"), None) => Mode::Test { clock: self.now },
            (Some("test"), Some(clock)) => {
                let parsed = self.parsed(clock, "clock", "must be a time in UTC, such as 2011-09-20T12:00:00Z");
                Mode::Test { clock: parsed.unwrap_or(self.now) }
            }
            (Some(_), _) => {
                let span = org.mode.as_ref().map_or(0..0, Spanned::span);
                self.wrong(span, "mode", "must be one of live, test");
                Mode::Live
            }
        }
    }

    fn origin(&mut self, origin: &Text) -> String {
        if !is_origin(origin.get_ref()) {
            self.wrong(origin.span(), "embed_origins", "must be origins, such as https://www.acme.example");
        }
        origin.get_ref().clone()
    }

    fn portal(&mut self, portal: &file::Portal) -> PortalProfile {
        for (name, url) in [("page_url", &portal.page_url), ("success_url", &portal.success_url)] {
            if let Some(url) = url.as_ref().filter(|url| !is_web_url(url.get_ref())) {
                self.wrong(url.span(), name, "must be an absolute http or https address");
            }
        }
        let stylesheet = portal.stylesheet.as_ref().map(|file| {
            let name = file.get_ref().rsplit('/').next().unwrap_or_default();
            let stem = name.strip_suffix(".css").unwrap_or_default();
            let good =
                !stem.is_empty() && stem.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
            if !good {
                self.wrong(file.span(), "stylesheet", "must be the path of a .css file beside the seed file");
            }
            format!("/css/{name}")
        });
        PortalProfile {
            allow_payments: portal.allow_payments.unwrap_or(true),
            show_payments: portal.show_payments.unwrap_or(true),
            methods: self.methods(portal.methods.as_ref()),
            free_amount: portal.free_amount.unwrap_or(false),
            pay_all: portal.pay_all.unwrap_or(false),
            card_saving: self.named(portal.card_saving.as_ref(), "card_saving", CardSaving::Offer),
            allow_autopay_off: portal.allow_autopay_off.unwrap_or(true),
            second_factor: self.named(portal.second_factor.as_ref(), "second_factor", SecondFactor::Optional),
            page_url: portal.page_url.as_ref().map(|url| url.get_ref().clone()),
            success_url: portal.success_url.as_ref().map(|url| url.get_ref().clone()),
            stylesheet,
        }
    }

    /// Both, where none is named.
    fn methods(&mut self, methods: Option<&Spanned<Vec<Text>>>) -> Vec<PortalMethod> {
        let Some(named) = methods else { return vec![PortalMethod::Card, PortalMethod::Ach] };
        if named.get_ref().is_empty() {
            self.wrong(named.span(), "methods", "must name one at least; allow_payments = false takes no payments");
        }
        let mut methods = Vec::new();
        for name in named.get_ref() {
            let method = self.named(Some(name), "methods", PortalMethod::Card);
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        methods
    }

    fn settings(&mut self, org: &file::Organization) -> store::organizations::Settings {
        store::organizations::Settings {
            account_id: org.account_id,
            probe_limit: self.at_least(&org.probe_limit, "probe_limit", 1),
            retry_days: self.retry_days(org.retry_days.as_ref()),
        }
    }

    fn staff(&mut self, staff: &file::Staff) -> SeedStaff {
        if let Some(email) = staff.email.as_ref().filter(|email| !is_email(email.get_ref())) {
            self.wrong(email.span(), "email", "must be an e-mail address");
        }
        if staff.username.get_ref().contains(':') {
            self.wrong(staff.username.span(), "username", "must not contain a colon");
        }
        if staff.password.get_ref().chars().count() < 8 {
            self.wrong(staff.password.span(), "password", "must have at least 8 characters");
        }
        SeedStaff {
            username: self.text(&staff.username, "username", 100),
            password: Password::new(staff.password.get_ref().clone()),
            role: self.named(Some(&staff.role), "role", Role::Staff),
            email: staff.email.as_ref().map(|email| email.get_ref().clone()),
        }
    }
}
