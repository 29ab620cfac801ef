//! An organization: the merchant, and the settings that change rules.

use jiff::tz::TimeZone;

use crate::branding::Branding;
use crate::checks::Problems;
use crate::dates::{Date, TimeUnit, Timestamp};
use crate::events::EventType;
use crate::ids::OrganizationId;
use crate::money::Currency;
use crate::payments::{MethodType, Processor};

#[derive(Clone, Debug)]
pub struct Organization {
    pub id: OrganizationId,
    /// The left-most label of the host it answers at, in lower case.
    pub subdomain: String,
    pub name: String,
    /// The default; [`Organization::currencies`] has all.
    pub currency: Currency,
    pub currencies: Vec<Currency>,
    pub time_zone: TimeZone,
    pub locale: String,
    pub mode: Mode,
    pub terms: Terms,
    pub address_validation: AddressValidation,
    /// Origins that may frame the portal.
    pub embed_origins: Vec<String>,
    /// What customers are told of by mail.
    pub notifications: Vec<EventType>,
    /// Who charges for it; in test mode always the Test Processor.
    pub processor: Option<Processor>,
    pub portal: PortalProfile,
    pub branding: Branding,
}

impl Organization {
    /// Its present time: in test mode the clock that only moves when told to.
    pub fn now(&self, wall: Timestamp) -> Timestamp {
        match self.mode {
            Mode::Live => wall,
            Mode::Test { clock } => clock,
        }
    }

    pub fn today(&self, wall: Timestamp) -> Date {
        self.now(wall).date_in(&self.time_zone)
    }

    /// Whether it takes this currency.
    pub fn check_currency(&self, currency: Currency) -> Problems {
        if self.currencies.contains(&currency) {
            return Problems::new();
        }
        let enabled = self.currencies.iter().map(|c| c.code()).collect::<Vec<_>>().join(", ");
        Problems::one("currency", format!("currency {currency} is not enabled; enabled are {enabled}."))
    }

    /// Without one it records cash and checks only.
    pub fn has_processor(&self) -> bool {
        self.processor.is_some()
    }

    pub fn is_test(&self) -> bool {
        matches!(self.mode, Mode::Test { .. })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Live,
    /// Own clock, test processor only (`operations.md` §4).
    Test {
        clock: Timestamp,
    },
}

/// When an invoice is to be paid after its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub value: i64,
    pub units: TimeUnit,
}

impl Terms {
    pub const AT_ONCE: Terms = Terms { value: 0, units: TimeUnit::Days };

    pub fn due(self, issued: Date) -> Date {
        self.after(issued, 1)
    }

    /// The date so many of these times after `date`.
    pub fn after(self, date: Date, times: i64) -> Date {
        self.units.after(date, self.value.saturating_mul(times))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressValidation {
    Off,
    Test,
    Avalara,
}

crate::names!(AddressValidation { Off => "off", Test => "test", Avalara => "avalara" });

/// What the portal offers (`api.md` §8.3). Each switch hides and refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalProfile {
    pub allow_payments: bool,
    pub show_payments: bool,
    /// What may be paid with, and kept on file.
    pub methods: Vec<PortalMethod>,
    pub free_amount: bool,
    /// Everything that is due must be paid at once.
    pub pay_all: bool,
    pub card_saving: CardSaving,
    pub allow_autopay_off: bool,
    /// The merchant's page that hosts the frame.
    pub page_url: Option<String>,
    /// Where a customer goes on who has paid, unless the session was begun with an address of its own.
    pub success_url: Option<String>,
    /// Path of the organization's stylesheet, `/css/acme.css`.
    pub stylesheet: Option<String>,
    pub second_factor: SecondFactor,
}

impl PortalProfile {
    /// Whether a kind of method is taken for a currency: bank accounts are those of American banks.
    pub fn takes(&self, method: PortalMethod, currency: Currency) -> bool {
        self.methods.contains(&method) && (method == PortalMethod::Card || currency.code() == "USD")
    }
}

/// A kind of method that the portal takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalMethod {
    Card,
    Ach,
}

crate::names!(PortalMethod { Card => "card", Ach => "ach" });

impl PortalMethod {
    /// Of a method that a processor charges; a token is one of a card.
    pub fn of(method_type: MethodType) -> Option<PortalMethod> {
        match method_type {
            MethodType::CreditCard | MethodType::Token => Some(PortalMethod::Card),
            MethodType::Ach => Some(PortalMethod::Ach),
            MethodType::Check | MethodType::Cash | MethodType::Credit => None,
        }
    }
}

/// Whether customers who sign in with a password prove themselves by something else, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondFactor {
    /// Neither offered nor asked for.
    Off,
    /// Those who have set one up are asked.
    Optional,
    /// Whoever has none sets one up before anything else.
    Required,
}

crate::names!(SecondFactor { Off => "off", Optional => "optional", Required => "required" });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardSaving {
    Offer,
    Force,
    Never,
}

crate::names!(CardSaving { Offer => "offer", Force => "force", Never => "never" });
