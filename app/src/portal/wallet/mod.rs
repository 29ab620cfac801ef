//! Methods as forms ask for them: a card, a bank account, and the place where it is kept. Numbers and security codes go to
//! the processor and nowhere else: not into the session, not back into the form, not into a message.

mod bank;
mod card;
mod keep;

use billing::portal::CannotPay;
use billing::sessions::Flash;
use domain::checks::Problems;
use domain::contacts::NAME_MAX;
use domain::dates::Date;
use domain::money::Currency;
use domain::organizations::PortalMethod;
use domain::payment_methods::Secret;
use leptos::prelude::*;
use texts::Texts;

use crate::forms::{Form, complaint};
use crate::ui::Icon;

pub use keep::{KeepSelect, Place as KeepPlace, places};

/// What may be filled in again, of either form.
const REMEMBERED: [&str; 6] = ["cardholder", "expiry", "account_holder", "account_type", "place", "bank_name"];

/// The fields of a kind of method.
#[component]
pub fn MethodFields(t: Texts, kind: PortalMethod, flash: Option<Flash>) -> impl IntoView {
    let fields = match kind {
        PortalMethod::Card => view! { <card::CardFields t flash/> }.into_any(),
        PortalMethod::Ach => view! { <bank::BankFields t flash/> }.into_any(),
    };
    view! {
        {fields}
        <p class="assurance">
            <Icon name="lock"/>
            " "
            <span>{t.method_assurance()}</span>
        </p>
    }
}

pub fn title(t: Texts, kind: PortalMethod) -> &'static str {
    match kind {
        PortalMethod::Card => t.card_details(),
        PortalMethod::Ach => t.bank_details(),
    }
}

/// The method that a form has, or everything that is wrong with it.
pub fn read(t: Texts, kind: PortalMethod, form: &Form, today: Date) -> Result<Secret, Problems> {
    match kind {
        PortalMethod::Card => card::read(t, form, today).map(|card| Secret::Card(Box::new(card))),
        PortalMethod::Ach => bank::read(t, form).map(|account| Secret::BankAccount(Box::new(account))),
    }
}

/// What to correct, with what was typed; nothing secret.
pub fn again(t: Texts, form: &Form, problems: &Problems) -> Flash {
    let count = i64::try_from(problems.iter().count()).unwrap_or(i64::MAX);
    Flash { values: remembered(form), ..complaint(t.correct_fields(count), problems) }
}

pub fn remembered(form: &Form) -> Vec<(String, String)> {
    REMEMBERED
        .into_iter()
        .filter_map(|name| Some((name, form.get(name)?)))
        .filter(|(_, value)| !is_secret(value) && value.chars().count() <= NAME_MAX)
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Looks like a number of a card or an account in the wrong field: it must not be kept.
fn is_secret(text: &str) -> bool {
    const DIGITS_MAX: usize = 6;
    text.chars().filter(|c| c.is_numeric()).count() > DIGITS_MAX
}

/// A name as it stands on a card or an account, or what is wrong with it.
fn holder<'f>(t: Texts, form: &'f Form, field: &str, problems: &mut Problems) -> &'f str {
    let holder = form.get(field).unwrap_or_default();
    if holder.is_empty() {
        problems.add(field, if field == "cardholder" { t.holder_missing() } else { t.account_holder_missing() });
    } else if holder.chars().count() > NAME_MAX || is_secret(holder) {
        problems.add(field, t.name_without_numbers());
    }
    holder
}

/// Why something is not paid or kept: the field that it is about, or none, and a sentence.
pub fn why(t: Texts, currency: Currency, why: &CannotPay) -> Option<(&'static str, String)> {
    use domain::checkout::NotPayable as No;
    use domain::typed_amounts::NotTyped as Typed;
    let of = |field, text: &str| Some((field, text.to_owned()));
    match why {
        CannotPay::Typed(Typed::Nothing) => of("amount", t.amount_missing()),
        CannotPay::Typed(Typed::NotANumber) => {
            Some(("amount", t.amount_wrong(t.money(currency, domain::money::Amount(123_450)))))
        }
        CannotPay::Typed(Typed::TooPrecise { scale: 0 }) => of("amount", t.amount_whole()),
        CannotPay::Typed(Typed::TooPrecise { scale }) => Some(("amount", t.amount_decimals(scale))),
        CannotPay::Typed(Typed::OutOfRange) => of("amount", t.amount_too_large()),
        CannotPay::Amount(No::NothingChosen) => of("", t.choose_one()),
        CannotPay::Amount(No::NotPositive) => of("amount", t.amount_not_positive()),
        CannotPay::Amount(No::MoreThanDue) => of("amount", t.amount_more_than_due()),
        CannotPay::Amount(No::LessThanDue) => of("amount", t.amount_less_than_due()),
        CannotPay::Amount(No::TooMuch { most }) => Some(("amount", t.amount_at_most(t.money(currency, *most)))),
        CannotPay::Changed => of("", t.due_has_changed()),
        CannotPay::MethodGone => of("", t.method_gone()),
        CannotPay::NotTaken => of("", t.method_not_taken()),
        CannotPay::NotKept => of("place", t.method_not_kept()),
        CannotPay::CardExpired => of("expiry", t.card_expired()),
        CannotPay::MethodRefused(reason) => Some(("", t.method_refused(reason))),
        CannotPay::Failed(_) => None,
    }
}
