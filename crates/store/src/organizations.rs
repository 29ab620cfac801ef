//! Organizations and their settings.

use dbx::{Conn, Result, Tx, q};
use domain::branding::{Branding, Colour, FontStack, Logo, Theme};
use domain::dates::{Date, TimeUnit, Timestamp};
use domain::ids::OrganizationId;
use domain::money::Currency;
use domain::organizations::{
    AddressValidation, CardSaving, Mode, Organization, PortalMethod, PortalProfile, SecondFactor, Terms,
};
use domain::payments::Processor;

use crate::corrupt;

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganizationId,
    subdomain: String,
    name: String,
    currency: Currency,
    currencies: String,
    time_zone: String,
    locale: String,
    clock: Option<Timestamp>,
    terms_value: i64,
    terms_units: TimeUnit,
    address_validation: AddressValidation,
    embed_origins: String,
    notifications: String,
    processor: Option<Processor>,
    allow_payments: bool,
    show_payments: bool,
    portal_methods: String,
    free_amount: bool,
    pay_all: bool,
    card_saving: CardSaving,
    allow_autopay_off: bool,
    page_url: Option<String>,
    success_url: Option<String>,
    stylesheet: Option<String>,
    second_factor: SecondFactor,
    brand_theme: Theme,
    brand_accent: Option<Colour>,
    brand_radius: Option<i64>,
    brand_font: Option<FontStack>,
    brand_logo: Option<String>,
    brand_logo_width: Option<i64>,
    brand_logo_height: Option<i64>,
    brand_stylesheet: Option<String>,
}

impl TryFrom<Row> for Organization {
    type Error = dbx::Error;
    fn try_from(row: Row) -> Result<Organization> {
        let zone = jiff::tz::TimeZone::get(&row.time_zone).map_err(|e| corrupt(e.to_string()))?;
        let notifications = row.notifications.split_whitespace().map(|name| name.parse().map_err(corrupt));
        let methods = row.portal_methods.split_whitespace().map(|name| name.parse::<PortalMethod>().map_err(corrupt));
        let currencies = row.currencies.split(',').map(|code| code.parse().map_err(|_| corrupt("a currency")));
        Ok(Organization {
            id: row.id,
            subdomain: row.subdomain,
            name: row.name,
            currency: row.currency,
            currencies: currencies.collect::<Result<_>>()?,
            time_zone: zone,
            locale: row.locale,
            mode: row.clock.map_or(Mode::Live, |clock| Mode::Test { clock }),
            processor: if row.clock.is_some() { Some(Processor::Test) } else { row.processor },
            terms: Terms { value: row.terms_value, units: row.terms_units },
            address_validation: row.address_validation,
            embed_origins: row.embed_origins.split_whitespace().map(str::to_owned).collect(),
            notifications: notifications.collect::<Result<_>>()?,
            portal: PortalProfile {
                allow_payments: row.allow_payments,
                show_payments: row.show_payments,
                methods: methods.collect::<Result<_>>()?,
                free_amount: row.free_amount,
                pay_all: row.pay_all,
                card_saving: row.card_saving,
                allow_autopay_off: row.allow_autopay_off,
                page_url: row.page_url,
                success_url: row.success_url,
                stylesheet: row.stylesheet,
                second_factor: row.second_factor,
            },
            branding: Branding {
                accent: row.brand_accent,
                radius: row.brand_radius,
                font: row.brand_font,
                theme: row.brand_theme,
                logo: logo(row.brand_logo, row.brand_logo_width, row.brand_logo_height),
                stylesheet: row.brand_stylesheet,
            },
        })
    }
}

fn logo(hash: Option<String>, width: Option<i64>, height: Option<i64>) -> Option<Logo> {
    Some(Logo { hash: hash?, width: width?, height: height? })
}

pub async fn find_by_subdomain(conn: &mut Conn, subdomain: &str) -> Result<Option<Organization>> {
    let row: Option<Row> = q!(
        conn,
        "SELECT id, subdomain, name, currency, currencies, time_zone, locale, clock, terms_value, terms_units,
                address_validation, embed_origins, notifications, processor, allow_payments, show_payments,
                portal_methods, free_amount, pay_all, card_saving, allow_autopay_off, page_url, success_url, stylesheet,
                second_factor, brand_theme, brand_accent, brand_radius, brand_font, brand_logo, brand_logo_width, brand_logo_height, brand_stylesheet
         FROM organizations WHERE subdomain = $1",
        subdomain
    )
    .fetch_optional()
    .await?;
    row.map(Organization::try_from).transpose()
}

/// As it stands now; its clock may have moved since it was last read.
pub async fn get(conn: &mut Conn, org: OrganizationId) -> Result<Organization> {
    let row: Row = q!(
        conn,
        "SELECT id, subdomain, name, currency, currencies, time_zone, locale, clock, terms_value, terms_units,
                address_validation, embed_origins, notifications, processor, allow_payments, show_payments,
                portal_methods, free_amount, pay_all, card_saving, allow_autopay_off, page_url, success_url, stylesheet,
                second_factor, brand_theme, brand_accent, brand_radius, brand_font, brand_logo, brand_logo_width, brand_logo_height, brand_stylesheet
         FROM organizations WHERE id = $1",
        org
    )
    .fetch_one()
    .await?;
    row.try_into()
}

/// All of them, by name of the subdomain.
pub async fn list(conn: &mut Conn) -> Result<Vec<(OrganizationId, String)>> {
    q!(conn, "SELECT id, subdomain FROM organizations ORDER BY subdomain").fetch_all().await
}

/// The settings of a seed file that are no part of [`Organization`].
#[derive(Clone, Debug)]
pub struct Settings {
    pub account_id: Option<i64>,
    pub probe_limit: i64,
    /// After a declined autopay.
    pub retry_days: Vec<i64>,
}

pub async fn insert(tx: &mut Tx, new: &Organization, settings: &Settings, now: Timestamp) -> Result<()> {
    let clock = match new.mode {
        Mode::Live => None,
        Mode::Test { clock } => Some(clock),
    };
    q!(
        tx,
        "INSERT INTO organizations (id, subdomain, name, currency, currencies, time_zone, locale, mode, clock,
            terms_value, terms_units, address_validation, embed_origins, notifications, probe_limit,
            allow_payments, show_payments, free_amount, pay_all, card_saving, allow_autopay_off, run_on, created_at,
            updated_at)
         VALUES ($1, $2, '', 'USD', 'USD', 'UTC', '', $3, $4, 0, 'Days', 'off', '', '', 0,
            FALSE, FALSE, FALSE, FALSE, 'never', FALSE, $5, $6, $6)",
        new.id,
        &new.subdomain,
        if clock.is_some() { "test" } else { "live" },
        clock,
        // What happened before it was here is none of its business.
        new.today(now),
        now
    )
    .execute()
    .await?;
    save(tx, new, settings, now).await
}

/// Every setting but the clock, which only [`set_clock`] moves. A processor that is not named stays.
pub async fn save(tx: &mut Tx, org: &Organization, settings: &Settings, now: Timestamp) -> Result<()> {
    let notifications = org.notifications.iter().map(|event| event.as_str()).collect::<Vec<_>>().join(" ");
    let currencies = org.currencies.iter().map(|c| c.code()).collect::<Vec<_>>().join(",");
    let retry_days = settings.retry_days.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
    q!(
        tx,
        "UPDATE organizations SET name = $2, currency = $3, currencies = $4, time_zone = $5, locale = $6,
            terms_value = $7, terms_units = $8, address_validation = $9, embed_origins = $10, notifications = $11,
            account_id = $12, probe_limit = $13, retry_days = $14, updated_at = $15,
            processor = COALESCE($16, processor)
         WHERE id = $1",
        org.id,
        &org.name,
        org.currency,
        &currencies,
        org.time_zone.iana_name().unwrap_or("UTC"),
        &org.locale,
        org.terms.value,
        org.terms.units,
        org.address_validation,
        &org.embed_origins.join(" "),
        &notifications,
        settings.account_id,
        settings.probe_limit,
        &retry_days,
        now,
        org.processor.filter(|_| !org.is_test())
    )
    .execute()
    .await?;
    save_portal(tx, org).await
}

async fn save_portal(tx: &mut Tx, org: &Organization) -> Result<()> {
    let portal = &org.portal;
    let methods = portal.methods.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(" ");
    q!(
        tx,
        "UPDATE organizations SET allow_payments = $2, show_payments = $3, free_amount = $4, pay_all = $5,
            card_saving = $6, allow_autopay_off = $7, page_url = $8, stylesheet = $9, second_factor = $10,
            portal_methods = $11, success_url = $12
         WHERE id = $1",
        org.id,
        portal.allow_payments,
        portal.show_payments,
        portal.free_amount,
        portal.pay_all,
        portal.card_saving,
        portal.allow_autopay_off,
        &portal.page_url,
        &portal.stylesheet,
        portal.second_factor,
        &methods,
        &portal.success_url
    )
    .execute()
    .await
    .map(drop)
}

/// Moves the clock of a test organization, and locks its row until the transaction ends.
pub async fn set_clock(tx: &mut Tx, org: OrganizationId, clock: Timestamp) -> Result<u64> {
    q!(tx, "UPDATE organizations SET clock = $2 WHERE id = $1 AND mode = 'test'", org, clock).execute().await
}

/// The last day whose work is done.
pub async fn run_on(conn: &mut Conn, org: OrganizationId) -> Result<Date> {
    q!(conn, "SELECT run_on FROM organizations WHERE id = $1", org).scalar().await
}

/// Never backwards: another process may be a day ahead.
pub async fn set_run_on(tx: &mut Tx, org: OrganizationId, day: Date) -> Result<u64> {
    q!(tx, "UPDATE organizations SET run_on = $2 WHERE id = $1 AND run_on < $2", org, day).execute().await
}

/// An address that wants to be told of events; its secret is sealed already.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Callback {
    pub id: i64,
    pub url: String,
    pub secret_sealed: Option<String>,
    pub events: String,
}

pub async fn find_callback(conn: &mut Conn, org: OrganizationId, url: &str) -> Result<Option<Callback>> {
    q!(conn, "SELECT id, url, secret_sealed, events FROM callbacks WHERE org_id = $1 AND url = $2", org, url)
        .fetch_optional()
        .await
}

pub async fn save_callback(tx: &mut Tx, org: OrganizationId, callback: &Callback) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO callbacks (org_id, id, url, secret_sealed, events) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, url) DO UPDATE SET secret_sealed = excluded.secret_sealed, events = excluded.events",
        org,
        callback.id,
        &callback.url,
        &callback.secret_sealed,
        &callback.events
    )
    .execute()
    .await
}
