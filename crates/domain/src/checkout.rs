//! How much a customer may pay at once, by what the merchant allows (`api.md` §8.3).

use crate::money::{Amount, Currency};
use crate::organizations::PortalProfile;

/// Whole units of a currency that may be paid ahead at once: beyond them a slip of the finger is likelier.
const AHEAD_MAX: i64 = 999_999;

/// Why that is not to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPayable {
    NothingChosen,
    NotPositive,
    /// More than the chosen invoices owe, and the merchant takes no more.
    MoreThanDue,
    /// Less than they owe, and the merchant wants all of it.
    LessThanDue,
    TooMuch {
        most: Amount,
    },
}

/// What is to be paid of `due`, which is what the chosen invoices owe. `asked`: an amount of the customer's own.
pub fn amount(
    profile: &PortalProfile,
    currency: Currency,
    due: Amount,
    asked: Option<Amount>,
) -> Result<Amount, NotPayable> {
    let Some(asked) = asked else {
        return if due.is_positive() { Ok(due) } else { Err(NotPayable::NothingChosen) };
    };
    let most = most(currency).max(due);
    if !asked.is_positive() {
        return Err(NotPayable::NotPositive);
    }
    if asked < due && (profile.pay_all || !profile.free_amount) {
        return Err(NotPayable::LessThanDue);
    }
    if asked > due && !profile.free_amount {
        return Err(NotPayable::MoreThanDue);
    }
    if asked > most { Err(NotPayable::TooMuch { most }) } else { Ok(asked) }
}

fn most(currency: Currency) -> Amount {
    Amount(AHEAD_MAX.saturating_mul(10_i64.saturating_pow(currency.scale())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organizations::{CardSaving, SecondFactor};

    fn profile(free_amount: bool, pay_all: bool) -> PortalProfile {
        PortalProfile {
            allow_payments: true,
            show_payments: true,
            methods: Vec::new(),
            free_amount,
            pay_all,
            card_saving: CardSaving::Offer,
            allow_autopay_off: true,
            page_url: None,
            success_url: None,
            stylesheet: None,
            second_factor: SecondFactor::Optional,
        }
    }

    fn pay(free: bool, all: bool, asked: Option<i64>) -> Result<i64, NotPayable> {
        let usd = "USD".parse().unwrap();
        amount(&profile(free, all), usd, Amount(6050), asked.map(Amount)).map(|amount| amount.0)
    }

    #[test]
    fn without_an_amount_of_its_own_what_is_due_is_paid() {
        assert_eq!(pay(false, false, None), Ok(6050));
        let usd = "USD".parse().unwrap();
        assert_eq!(amount(&profile(true, false), usd, Amount::ZERO, None), Err(NotPayable::NothingChosen));
        assert_eq!(amount(&profile(true, false), usd, Amount::ZERO, Some(Amount(5))), Ok(Amount(5)));
    }

    #[test]
    fn each_switch_allows_what_it_says() {
        for (free, all, asked, expected) in [
            (true, false, 2000, Ok(2000)),
            (true, false, 9000, Ok(9000)),
            (true, true, 2000, Err(NotPayable::LessThanDue)),
            (true, true, 9000, Ok(9000)),
            (false, false, 2000, Err(NotPayable::LessThanDue)),
            (false, false, 9000, Err(NotPayable::MoreThanDue)),
            (false, false, 6050, Ok(6050)),
            (true, false, 0, Err(NotPayable::NotPositive)),
            (true, false, -1, Err(NotPayable::NotPositive)),
            (true, false, 99_999_900, Ok(99_999_900)),
            (true, false, 99_999_901, Err(NotPayable::TooMuch { most: Amount(99_999_900) })),
        ] {
            assert_eq!(pay(free, all, Some(asked)), expected, "{free} {all} {asked}");
        }
    }
}
