//! Every day belongs to exactly one period, whatever it is counted from.

use domain::dates::{BillingAlignment, BillingPeriod, Date, Schedule};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use proptest::sample::select;

use crate::samples::{any_alignment, any_date, any_period, config};

proptest! {
    #![proptest_config(config())]

    #[test]
    fn each_day_lies_in_the_period_that_is_found_for_it(
        period in any_period(), alignment in any_alignment(), start in any_date(), day in any_date()
    ) {
        let found = Schedule::new(period, alignment, start).containing(day);
        prop_assert!(found.start <= day && day < found.end, "{found:?}");
        prop_assert!(found.contains(day) && found.days() >= 1);
    }

    #[test]
    fn periods_follow_one_another_without_gap_or_overlap(
        period in any_period(), alignment in any_alignment(), start in any_date(), day in any_date()
    ) {
        let schedule = Schedule::new(period, alignment, start);
        let mut found = schedule.containing(day);
        for _ in 0..30 {
            let next = schedule.containing(found.end);
            prop_assert_eq!(next.start, found.end);
            prop_assert_eq!(schedule.containing(next.start.previous()), found);
            found = next;
        }
    }

    #[test]
    fn so_many_periods_end_where_as_many_steps_do(
        period in any_period(), anchor in any_date(), day in any_date(), count in 1..40i64
    ) {
        let schedule = Schedule::counted_from(period, anchor);
        let mut end = day;
        for _ in 0..count {
            end = schedule.containing(end).end;
        }
        prop_assert_eq!(schedule.end_of(day, count), end);
    }

    #[test]
    fn all_days_of_a_period_find_the_same_period(
        period in any_period(), alignment in any_alignment(), start in any_date(), day in any_date(), share in 0..=100i64
    ) {
        let schedule = Schedule::new(period, alignment, start);
        let found = schedule.containing(day);
        let other = found.start.add_days((found.days() - 1) * share / 100);
        prop_assert_eq!(schedule.containing(other), found);
        prop_assert_eq!(schedule.containing(found.last_day()), found);
    }

    #[test]
    fn an_anniversary_begins_with_the_order_and_a_calendar_period_no_later(
        period in any_period(), start in any_date()
    ) {
        let of = |alignment| Schedule::new(period, alignment, start).containing(start);
        prop_assert_eq!(of(BillingAlignment::StartDate).start, start);
        prop_assert!(of(BillingAlignment::NextBillingPeriod).start <= start);
    }

    #[test]
    fn months_keep_the_day_of_the_anchor_or_end_with_their_last(
        year in 1980..2080i16, month in 1..=12i8, day in 28..=31i8, later in 1..600i64
    ) {
        let Ok(anchor) = jiff::civil::Date::new(year, month, day) else { return Ok(()) };
        let schedule = Schedule::new(BillingPeriod::Monthly, BillingAlignment::StartDate, Date(anchor));
        let start = schedule.containing(Date(anchor).add_months(later)).start.0;
        prop_assert_eq!(start.day(), day.min(start.days_in_month()), "{}", start);
    }

    #[test]
    fn the_calendars_periods_do_not_depend_on_when_an_order_began(
        period in any_period(), one in any_date(), other in any_date(), day in any_date()
    ) {
        let of = |start| Schedule::new(period, BillingAlignment::NextBillingPeriod, start).containing(day);
        prop_assert_eq!(of(one), of(other));
    }

    #[test]
    fn midnight_is_on_its_day_in_every_zone_whatever_the_clocks_do(
        date in any_date(),
        zone in select(vec!["UTC", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe"]),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let midnight = date.midnight(&zone);
        prop_assert_eq!(midnight.date_in(&zone), date);
        prop_assert_eq!(midnight.add_seconds(-1).date_in(&zone), date.previous());
        prop_assert!(midnight < date.add_days(1).midnight(&zone));
    }

    #[test]
    fn intersecting_gives_the_days_that_both_contain(
        a in any_date(), b in any_date(), days in 1..400i64, other in 1..400i64, probe in any_date()
    ) {
        let one = crate::samples::period(a, a.add_days(days));
        let two = crate::samples::period(b, b.add_days(other));
        let common = one.intersect(two);
        prop_assert_eq!(common, two.intersect(one));
        for day in [probe, a, b, one.last_day(), two.last_day()] {
            prop_assert_eq!(common.is_some_and(|c| c.contains(day)), one.contains(day) && two.contains(day));
        }
    }
}
