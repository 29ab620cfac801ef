//! What is looked for in a list: the fields of its form as they were typed, and as they are understood.

mod form;

use std::str::FromStr;

use domain::dates::Date;
use domain::time_ranges::DateRange;
use texts::Texts;

use crate::page::Asked;
use crate::ui::pair;

pub use form::SearchForm;

pub const NUMBER: &str = "number";
pub const STATUS: &str = "status";
pub const FROM: &str = "from";
pub const TO: &str = "to";

/// Years that dates may have here.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;

/// As it was typed; what is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    pub number: String,
    pub status: String,
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search<State> {
    pub typed: Typed,
    pub number: Option<String>,
    pub state: Option<State>,
    pub days: DateRange,
    /// Which fields can't be understood, and why.
    pub wrong: Vec<(&'static str, Wrong)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Status,
    Date,
    /// The last day is before the first.
    Backwards,
}

impl Wrong {
    /// `today`: an example of a date.
    pub fn message(self, t: Texts, today: Date) -> String {
        match self {
            Wrong::Status => t.status_not_known().to_owned(),
            Wrong::Date => t.date_not_read(today),
            Wrong::Backwards => t.days_backwards().to_owned(),
        }
    }
}

impl<State: FromStr> Search<State> {
    pub fn of(asked: &Asked) -> Search<State> {
        let text = |name| asked.get(name).unwrap_or_default().to_owned();
        Search::read(Typed { number: text(NUMBER), status: text(STATUS), from: text(FROM), to: text(TO) })
    }

    fn read(typed: Typed) -> Search<State> {
        let mut wrong = Vec::new();
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let state = given(&typed.status).and_then(|status| status.parse().ok());
        if state.is_none() && !typed.status.is_empty() {
            wrong.push((STATUS, Wrong::Status));
        }
        let mut day = |name, text: &str| match date(text) {
            Ok(date) => date,
            Err(problem) => {
                wrong.push((name, problem));
                None
            }
        };
        let days = DateRange { first: day(FROM, &typed.from), last: day(TO, &typed.to) };
        if days.is_empty() {
            wrong.push((TO, Wrong::Backwards));
        }
        Search { number: given(&typed.number), state, days, wrong, typed }
    }

    /// Everything is looked for.
    pub fn is_open(&self) -> bool {
        self.typed == Typed::default()
    }

    /// The same again, as the beginning of a query.
    pub fn query(&self) -> String {
        let Typed { number, status, from, to } = &self.typed;
        let fields = [(NUMBER, number), (STATUS, status), (FROM, from), (TO, to)];
        fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| pair(name, value)).collect()
    }
}

/// A date as browsers send it, and as it is written where they have no field for dates.
pub fn date(text: &str) -> Result<Option<Date>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    let date: Date = text.parse().map_err(|_| Wrong::Date)?;
    if YEARS.contains(&date.0.year()) { Ok(Some(date)) } else { Err(Wrong::Date) }
}

#[cfg(test)]
mod tests {
    use domain::invoices::InvoiceState;

    use super::*;

    fn read([number, status, from, to]: [&str; 4]) -> Search<InvoiceState> {
        let [number, status, from, to] = [number, status, from, to].map(str::to_owned);
        Search::read(Typed { number, status, from, to })
    }

    #[test]
    fn what_is_typed_is_understood_and_kept_for_the_next_page() {
        let search = read(["INV/1 &", "paid", "2011-09-01", "2011-09-30"]);
        assert_eq!(search.wrong, []);
        assert_eq!((search.number.as_deref(), search.state), (Some("INV/1 &"), Some(InvoiceState::Paid)));
        let days = DateRange { first: Some(Date::new(2011, 9, 1)), last: Some(Date::new(2011, 9, 30)) };
        assert_eq!(search.days, days);
        assert_eq!(search.query(), "number=INV%2F1%20%26&status=paid&from=2011-09-01&to=2011-09-30&");
        let nothing = read([""; 4]);
        assert!(nothing.is_open() && nothing.query().is_empty() && nothing.wrong.is_empty());
    }

    #[test]
    fn every_field_that_is_not_understood_is_named() {
        let wrong = |fields| read(fields).wrong;
        assert_eq!(
            wrong(["", "unpaid", "yesterday", "2011-02-30"]),
            [(STATUS, Wrong::Status), (FROM, Wrong::Date), (TO, Wrong::Date)]
        );
        assert_eq!(wrong(["", "", "2011-09-02", "2011-09-01"]), [(TO, Wrong::Backwards)]);
        for date in ["0000-01-01", "9999-12-31", "2011-9-1", "1.9.2011", "\u{fffd}"] {
            assert_eq!(wrong(["", "", date, ""]), [(FROM, Wrong::Date)], "{date}");
        }
    }
}
