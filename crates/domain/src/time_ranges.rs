//! Ranges of time that are given in minutes of an organization's wall, and ranges of days (`api.md` §1.7).

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, civil};

use crate::dates::{Date, Timestamp};

/// Both ends belong to it; an end that is absent is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeRange {
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
}

impl TimeRange {
    /// From the start of one minute to the end of another, in `zone`. A start without an end lasts until `now`.
    pub fn of_minutes(
        start: Option<civil::DateTime>,
        end: Option<civil::DateTime>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> TimeRange {
        let last = match end {
            Some(end) => Some(end_of(end, zone)),
            None => start.map(|_| now),
        };
        TimeRange { first: start.map(|start| start_of(start, zone)), last }
    }

    /// From the start of a day on, in `zone`.
    pub fn since(day: Date, zone: &TimeZone) -> TimeRange {
        TimeRange { first: Some(start_of(day.0.at(0, 0, 0, 0), zone)), last: None }
    }

    pub fn is_open(self) -> bool {
        self.first.is_none() && self.last.is_none()
    }

    pub fn contains(self, time: Timestamp) -> bool {
        self.first.is_none_or(|first| first <= time) && self.last.is_none_or(|last| time <= last)
    }
}

/// Days, both ends included; an end that is absent is open. The first after the last: no day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateRange {
    pub first: Option<Date>,
    pub last: Option<Date>,
}

impl DateRange {
    /// The days before `day`.
    pub fn before(day: Date) -> DateRange {
        DateRange { first: None, last: Some(day.previous()) }
    }

    /// No day is in it: a list by it is empty, and nothing has to be asked.
    pub fn is_empty(self) -> bool {
        self.first.zip(self.last).is_some_and(|(first, last)| first > last)
    }

    pub fn contains(self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}

/// Of two minutes with the same name the first one; for one that is skipped, when it is skipped.
fn start_of(minute: civil::DateTime, zone: &TimeZone) -> Timestamp {
    at(minute, zone, |[earlier, _]| earlier, SignedDuration::ZERO)
}

/// Of two minutes with the same name the second one, to its last microsecond.
fn end_of(minute: civil::DateTime, zone: &TimeZone) -> Timestamp {
    at(minute, zone, |[_, later]| later, SignedDuration::from_micros(59_999_999))
}

fn at(
    minute: civil::DateTime,
    zone: &TimeZone,
    choose: fn([jiff::tz::Offset; 2]) -> jiff::tz::Offset,
    after: SignedDuration,
) -> Timestamp {
    let instant = |offset: jiff::tz::Offset| offset.to_timestamp(minute);
    let found = match zone.to_ambiguous_timestamp(minute).offset() {
        AmbiguousOffset::Unambiguous { offset } => instant(offset).and_then(|time| time.checked_add(after)),
        AmbiguousOffset::Fold { before, after: later } => {
            instant(choose([before, later])).and_then(|time| time.checked_add(after))
        }
        // By the later offset the skipped minute is before the change.
        AmbiguousOffset::Gap { after: later, .. } => {
            instant(later).map(|time| zone.following(time).next().map_or(time, |change| change.timestamp()))
        }
    };
    Timestamp::truncated(found.expect("minutes are of the years 1900 to 2999"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: &str = "2026-06-01T12:00:30.5Z";

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn new_york() -> TimeZone {
        TimeZone::get("America/New_York").unwrap()
    }

    fn minute(text: &str) -> civil::DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn c_lst_20_the_last_minute_belongs_to_the_range() {
        let range = TimeRange::of_minutes(None, Some(minute("2011-09-20T10:30")), time(NOW), &TimeZone::UTC);
        for (at, is_in) in [
            ("1900-01-01T00:00:00Z", true),
            ("2011-09-20T10:30:45Z", true),
            ("2011-09-20T10:30:59.999999Z", true),
            ("2011-09-20T10:31:00Z", false),
        ] {
            assert_eq!(range.contains(time(at)), is_in, "{at}");
        }
    }

    #[test]
    fn a_start_lasts_until_now_and_nothing_at_all_is_open() {
        let range = TimeRange::of_minutes(Some(minute("2026-01-01T00:00")), None, time(NOW), &TimeZone::UTC);
        assert_eq!(range.last, Some(time(NOW)));
        assert!(range.contains(time(NOW)) && range.contains(time("2026-01-01T00:00:00Z")));
        assert!(!range.contains(time("2025-12-31T23:59:59.999999Z")));
        assert!(TimeRange::of_minutes(None, None, time(NOW), &TimeZone::UTC).is_open());
    }

    #[test]
    fn where_the_clock_goes_back_both_hours_belong_to_the_range() {
        let range = TimeRange::of_minutes(
            Some(minute("2025-11-02T01:30")),
            Some(minute("2025-11-02T01:30")),
            time(NOW),
            &new_york(),
        );
        assert_eq!(range.first, Some(time("2025-11-02T05:30:00Z")));
        assert_eq!(range.last, Some(time("2025-11-02T06:30:59.999999Z")));
    }

    #[test]
    fn what_the_clock_skips_begins_and_ends_when_it_is_skipped() {
        let skipped = Some(minute("2025-03-09T02:30"));
        let range = TimeRange::of_minutes(skipped, skipped, time(NOW), &new_york());
        assert_eq!(range.first, Some(time("2025-03-09T07:00:00Z")));
        assert_eq!(range.last, range.first);
    }

    #[test]
    fn one_day_alone_leaves_the_other_end_open_and_inverted_days_hold_none() {
        let [early, middle, late] = [Date::new(1900, 1, 1), Date::new(2026, 2, 28), Date::new(2999, 12, 31)];
        for (first, last, expected, is_empty) in [
            (None, None, [true, true, true], false),
            (Some(middle), None, [false, true, true], false),
            (None, Some(middle), [true, true, false], false),
            (Some(middle), Some(middle), [false, true, false], false),
            (Some(late), Some(early), [false, false, false], true),
        ] {
            let range = DateRange { first, last };
            assert_eq!([early, middle, late].map(|day| range.contains(day)), expected, "{range:?}");
            assert_eq!(range.is_empty(), is_empty, "{range:?}");
        }
        let before = DateRange::before(middle);
        assert!(before.contains(Date::new(2026, 2, 27)) && !before.contains(middle));
    }

    #[test]
    fn since_a_day_begins_at_its_first_instant_in_the_zone() {
        let since = TimeRange::since(Date::new(2026, 1, 31), &new_york());
        assert_eq!((since.first, since.last), (Some(time("2026-01-31T05:00:00Z")), None));
    }

    proptest! {
        #[test]
        fn what_the_wall_shows_between_the_minutes_is_in_the_range(
            seconds in 1_700_000_000_i64..1_800_000_000,
            before in 0_i64..10_000,
            after in 0_i64..10_000,
        ) {
            let zone = new_york();
            let instant = jiff::Timestamp::from_second(seconds).unwrap();
            let shown = zone.to_datetime(instant).with().second(0).subsec_nanosecond(0).build().unwrap();
            let start = shown - SignedDuration::from_mins(before);
            let end = shown + SignedDuration::from_mins(after);
            let range = TimeRange::of_minutes(Some(start), Some(end), time(NOW), &zone);
            prop_assert!(range.contains(Timestamp(instant)), "{} is between {} and {}", instant, start, end);
        }
    }
}
