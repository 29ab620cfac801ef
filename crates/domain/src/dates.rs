//! Dates, times, periods, and the calendar that billing counts by.
//!
//! Periods are half-open and counted from their anchor, never from the period before: the 31st
//! survives February.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, Unit, civil};

/// A calendar day, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub civil::Date);

impl Date {
    pub const fn new(year: i16, month: i8, day: i8) -> Date {
        Date(civil::date(year, month, day))
    }

    pub fn add_days(self, days: i64) -> Date {
        Date(self.0.saturating_add(Span::new().days(days.clamp(-SPAN_DAYS_MAX, SPAN_DAYS_MAX))))
    }

    /// The same day of another month, or that month's last.
    pub fn add_months(self, months: i64) -> Date {
        Date(self.0.saturating_add(Span::new().months(months.clamp(-SPAN_MONTHS_MAX, SPAN_MONTHS_MAX))))
    }

    /// Days from `self` until `later`; negative when it is earlier.
    pub fn days_until(self, later: Date) -> i64 {
        i64::from((later.0 - self.0).get_days())
    }

    pub fn previous(self) -> Date {
        self.add_days(-1)
    }

    /// 00:00 of this day in `zone`, or the first instant after it where a clock change skips that.
    pub fn midnight(self, zone: &TimeZone) -> Timestamp {
        let start = self.0.to_zoned(zone.clone()).expect("dates are within the years 1900 to 2999");
        Timestamp(start.timestamp())
    }
}

const SPAN_DAYS_MAX: i64 = 4_000_000;
const SPAN_MONTHS_MAX: i64 = 120_000;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Date)
    }
}

/// An instant, to the microsecond, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub jiff::Timestamp);

impl Timestamp {
    /// The databases keep microseconds; so does everything else.
    pub fn truncated(instant: jiff::Timestamp) -> Timestamp {
        Timestamp(jiff::Timestamp::from_microsecond(instant.as_microsecond()).expect("it was in range before"))
    }

    pub fn date_in(self, zone: &TimeZone) -> Date {
        Date(zone.to_datetime(self.0).date())
    }

    pub fn add_seconds(self, seconds: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(jiff::Timestamp::MAX))
    }

    /// `None`: no time that there is.
    pub fn of_seconds(seconds: i64) -> Option<Timestamp> {
        jiff::Timestamp::from_second(seconds).ok().map(Timestamp)
    }

    /// Whole seconds since 1970.
    pub fn as_seconds(self) -> i64 {
        self.0.as_second()
    }

    /// To the second, `2011-09-20T12:00:00Z`, as the wire shows it.
    pub fn to_wire(self) -> String {
        self.0.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// Always as wide as the next, so that the text sorts as time does.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Timestamp::truncated)
    }
}

/// Days from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    pub start: Date,
    pub end: Date,
}

impl Period {
    pub fn days(self) -> i64 {
        self.start.days_until(self.end)
    }

    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    pub fn contains(self, date: Date) -> bool {
        self.start <= date && date < self.end
    }

    /// The last day within, as documents show it.
    pub fn last_day(self) -> Date {
        self.end.previous()
    }

    /// What both have in common; `None` when that is not a day.
    pub fn intersect(self, other: Period) -> Option<Period> {
        let common = Period { start: self.start.max(other.start), end: self.end.min(other.end) };
        (common.start < common.end).then_some(common)
    }
}

/// How long a time is: `30 Days` (`api.md` §2.1, §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    Days,
    Weeks,
    Months,
    Quarters,
    Years,
}

crate::names!(TimeUnit {
    Days => "Days",
    Weeks => "Weeks",
    Months => "Months",
    Quarters => "Quarters",
    Years => "Years",
});

impl TimeUnit {
    /// The date `count` units after `date`.
    pub fn after(self, date: Date, count: i64) -> Date {
        match self {
            TimeUnit::Days => date.add_days(count),
            TimeUnit::Weeks => date.add_days(count.saturating_mul(7)),
            TimeUnit::Months => date.add_months(count),
            TimeUnit::Quarters => date.add_months(count.saturating_mul(3)),
            TimeUnit::Years => date.add_months(count.saturating_mul(12)),
        }
    }
}

/// How often a plan bills (`api.md` §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillingPeriod {
    Daily,
    Weekly,
    BiWeekly,
    Monthly,
    Quarterly,
    BiAnnual,
    Yearly,
    FiveYearly,
    TenYearly,
    TwentyYearly,
    TwentyFiveYearly,
}

crate::names!(BillingPeriod {
    Daily => "Daily",
    Weekly => "Weekly",
    BiWeekly => "BiWeekly",
    Monthly => "Monthly",
    Quarterly => "Quarterly",
    BiAnnual => "BiAnnual",
    Yearly => "Yearly",
    FiveYearly => "5-Yearly",
    TenYearly => "10-Yearly",
    TwentyYearly => "20-Yearly",
    TwentyFiveYearly => "25-Yearly",
});

/// The length of one period.
#[derive(Clone, Copy)]
enum Step {
    Days(i64),
    Months(i64),
}

impl BillingPeriod {
    fn step(self) -> Step {
        match self {
            BillingPeriod::Daily => Step::Days(1),
            BillingPeriod::Weekly => Step::Days(7),
            BillingPeriod::BiWeekly => Step::Days(14),
            BillingPeriod::Monthly => Step::Months(1),
            BillingPeriod::Quarterly => Step::Months(3),
            BillingPeriod::BiAnnual => Step::Months(6),
            BillingPeriod::Yearly => Step::Months(12),
            BillingPeriod::FiveYearly => Step::Months(60),
            BillingPeriod::TenYearly => Step::Months(120),
            BillingPeriod::TwentyYearly => Step::Months(240),
            BillingPeriod::TwentyFiveYearly => Step::Months(300),
        }
    }

    /// Where the fixed calendar of this period begins: a Monday for weeks, else the first day of
    /// a month, quarter, half-year or year.
    fn calendar_anchor(self) -> Date {
        match self.step() {
            Step::Days(_) => Date::new(2000, 1, 3),
            Step::Months(_) => Date::new(2000, 1, 1),
        }
    }
}

/// Which day a plan's periods start on (`api.md` §3, found F12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BillingAlignment {
    /// Anniversary billing: periods count from the order's start.
    StartDate,
    /// The first bill runs to the end of the calendar period, then a fixed day.
    NextBillingPeriod,
}

crate::names!(BillingAlignment { StartDate => "StartDate", NextBillingPeriod => "NextBillingPeriod" });

/// The periods of an order: every day belongs to exactly one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    anchor: Date,
    period: BillingPeriod,
}

impl Schedule {
    pub fn new(period: BillingPeriod, alignment: BillingAlignment, start: Date) -> Schedule {
        let anchor = match alignment {
            BillingAlignment::StartDate => start,
            BillingAlignment::NextBillingPeriod => period.calendar_anchor(),
        };
        Schedule { anchor, period }
    }

    /// Periods counted from a fixed day, wherever an order began.
    pub fn counted_from(period: BillingPeriod, anchor: Date) -> Schedule {
        Schedule { anchor, period }
    }

    /// The end of the `count`th period, the one that contains `date` being the first.
    pub fn end_of(self, date: Date, count: i64) -> Date {
        self.boundary(self.number(date) + count)
    }

    /// The whole period that `date` lies in.
    pub fn containing(self, date: Date) -> Period {
        let n = self.number(date);
        Period { start: self.boundary(n), end: self.boundary(n + 1) }
    }

    /// The number of the period that `date` lies in, counted from the anchor.
    fn number(self, date: Date) -> i64 {
        let mut n = self.estimate(date);
        while self.boundary(n) > date {
            n -= 1;
        }
        while self.boundary(n + 1) <= date {
            n += 1;
        }
        n
    }

    /// The start of the `n`th period, counted from the anchor.
    fn boundary(self, n: i64) -> Date {
        match self.period.step() {
            Step::Days(days) => self.anchor.add_days(n * days),
            Step::Months(months) => self.anchor.add_months(n * months),
        }
    }

    /// Near the number of the period that `date` lies in.
    fn estimate(self, date: Date) -> i64 {
        match self.period.step() {
            Step::Days(days) => self.anchor.days_until(date) / days,
            Step::Months(months) => {
                let span = self.anchor.0.until((Unit::Month, date.0));
                span.map_or(0, |span| i64::from(span.get_months()) / months)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thirty_first_survives_february() {
        let schedule = Schedule::new(BillingPeriod::Monthly, BillingAlignment::StartDate, Date::new(2011, 1, 31));
        let period = schedule.containing(Date::new(2011, 3, 15));
        assert_eq!((period.start, period.end), (Date::new(2011, 2, 28), Date::new(2011, 3, 31)));
    }

    #[test]
    fn the_next_billing_period_is_the_calendars() {
        let of = |period| Schedule::new(period, BillingAlignment::NextBillingPeriod, Date::new(2011, 9, 20));
        for (period, start, end) in [
            (BillingPeriod::Monthly, Date::new(2011, 9, 1), Date::new(2011, 10, 1)),
            (BillingPeriod::Quarterly, Date::new(2011, 7, 1), Date::new(2011, 10, 1)),
            (BillingPeriod::Yearly, Date::new(2011, 1, 1), Date::new(2012, 1, 1)),
            (BillingPeriod::Weekly, Date::new(2011, 9, 19), Date::new(2011, 9, 26)),
            (BillingPeriod::Daily, Date::new(2011, 9, 20), Date::new(2011, 9, 21)),
            (BillingPeriod::FiveYearly, Date::new(2010, 1, 1), Date::new(2015, 1, 1)),
        ] {
            assert_eq!(of(period).containing(Date::new(2011, 9, 20)), Period { start, end }, "{period}");
        }
    }

    #[test]
    fn timestamps_sort_as_their_text_does() {
        let whole: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let half: Timestamp = "2026-01-01T00:00:00.5Z".parse().unwrap();
        assert!(whole.to_string() < half.to_string());
        assert_eq!(half.to_string().parse::<Timestamp>().unwrap(), half);
    }

    #[test]
    fn midnight_is_that_of_the_zone() {
        let zone = TimeZone::get("America/New_York").unwrap();
        assert_eq!(Date::new(2026, 1, 5).midnight(&zone).to_wire(), "2026-01-05T05:00:00Z");
        assert_eq!(Date::new(2026, 1, 5).midnight(&zone).date_in(&zone), Date::new(2026, 1, 5));
    }
}
