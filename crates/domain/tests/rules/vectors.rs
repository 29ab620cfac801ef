//! Known answers of another billing system (`../vectors/README.md`): every row is checked, those we answer
//! differently by our own number (`docs/decisions/0008-known-answers-of-another-system.md`).

use domain::dates::{BillingPeriod, Date, Schedule};
use rust_decimal::Decimal;

const VECTORS: &str = include_str!("../vectors/proration-billing-cycles.csv");

#[derive(Clone, Copy)]
struct Row<'a> {
    test: &'a str,
    period: BillingPeriod,
    start: Date,
    end: Option<Date>,
    target: Date,
    cycle_day: i8,
    expected: Decimal,
}

fn rows() -> Vec<(usize, Row<'static>)> {
    let row = |line: &'static str| {
        let fields: Vec<&str> = line.split(',').collect();
        let [period, test, start, end, target, cycle_day, expected] = fields[..] else { panic!("{line}") };
        let period = match period {
            "ANNUAL" => BillingPeriod::Yearly,
            "QUARTERLY" => BillingPeriod::Quarterly,
            "MONTHLY" => BillingPeriod::Monthly,
            other => panic!("{other}"),
        };
        Row {
            test: test.rsplit('.').next().unwrap(),
            period,
            start: start.parse().unwrap(),
            end: (!end.is_empty()).then(|| end.parse().unwrap()),
            target: target.parse().unwrap(),
            cycle_day: cycle_day.parse().unwrap(),
            expected: expected.parse().unwrap(),
        }
    };
    (2..).zip(VECTORS.lines().skip(1).map(row)).collect()
}

/// Where the periods are counted from. A row names a day of the month; of which month, the test it is from knows.
#[derive(Clone, Copy)]
enum Anchor {
    /// The next such day from the start on: what most of the tests mean.
    Next,
    /// The last such day up to the start: the subscription continues an earlier one.
    Before,
}

/// Rows of tests whose subscription continues an earlier one, whose billing day stays.
const CONTINUED: [usize; 6] = [21, 22, 104, 106, 108, 128];

/// Rows that hold the first summand of their test's expectation only: they say that less is billed up to a later day
/// than up to an earlier one (line 4: 1.038356164 up to 2011-01-15, line 5: 0.038356164 a week later).
const FIRST_SUMMAND: [usize; 20] = [5, 6, 7, 8, 9, 10, 33, 34, 35, 36, 37, 38, 75, 87, 88, 89, 90, 91, 92, 128];

/// Rows where our rule differs: the period before the end of a short month begins on the 31st for us, counted from the
/// anchor; on the 28th for them, counted back from the month's last day. With our answer.
const COUNTED_BACK: [(usize, &str); 2] = [(66, "1.5"), (118, "1.155555556")];

fn anchor(row: &Row, anchor: Anchor) -> Date {
    let month = Date::new(row.start.0.year(), row.start.0.month(), 1);
    let in_month = |month: Date| {
        let day = row.cycle_day.min(month.0.days_in_month());
        Date::new(month.0.year(), month.0.month(), day)
    };
    let this = in_month(month);
    let first = match anchor {
        Anchor::Next if this < row.start => in_month(month.add_months(1)),
        Anchor::Before if this > row.start => in_month(month.add_months(-1)),
        Anchor::Next | Anchor::Before => this,
    };
    in_a_month_that_has_the_day(row, first)
}

/// The same day whole periods earlier, in a month that is long enough for it.
fn in_a_month_that_has_the_day(row: &Row, first: Date) -> Date {
    let months = match row.period {
        BillingPeriod::Quarterly => 3,
        BillingPeriod::Yearly => 12,
        _ => 1,
    };
    let month = (0..4).map(|n| first.add_months(-months * n)).find(|m| m.0.days_in_month() >= row.cycle_day).unwrap();
    Date::new(month.0.year(), month.0.month(), row.cycle_day)
}

/// The periods that begin up to the target date, each by its share of days.
fn cycles(row: &Row, from: Anchor) -> Vec<Decimal> {
    let schedule = Schedule::counted_from(row.period, anchor(row, from));
    let mut shares = Vec::new();
    let mut day = row.start;
    while day <= row.target && row.end.is_none_or(|end| day < end) {
        let whole = schedule.containing(day);
        let until = row.end.map_or(whole.end, |end| end.min(whole.end));
        shares.push(Decimal::from(day.days_until(until)) / Decimal::from(whole.days()));
        day = until;
    }
    shares
}

#[test]
fn billing_cycles_are_those_of_the_other_system_where_the_rules_are_the_same() {
    let rows = rows();
    assert_eq!(rows.len(), 135);
    for (line, row) in rows {
        let shares = cycles(&row, if CONTINUED.contains(&line) { Anchor::Before } else { Anchor::Next });
        let counted_back = COUNTED_BACK.iter().find(|(of, _)| *of == line);
        let ours: Decimal = if FIRST_SUMMAND.contains(&line) { *shares.first().unwrap() } else { shares.iter().sum() };
        let expected = counted_back.map_or(row.expected, |(_, own)| own.parse().unwrap());
        // They round each summand to nine decimals.
        assert!((ours - expected).abs() <= Decimal::new(2, 9), "line {line}, {}: {ours} is not {expected}", row.test);
        if counted_back.is_some() {
            assert_ne!(ours.round_dp(9), row.expected, "line {line}: no difference any more");
        }
    }
}

#[test]
fn up_to_a_later_day_no_less_is_billed() {
    for (line, row) in rows() {
        let of = |target: Date| cycles(&Row { target, ..row }, Anchor::Next).iter().sum::<Decimal>();
        let by_day: Vec<Decimal> = (0..800).step_by(7).map(|n| of(row.start.add_days(n))).collect();
        assert!(by_day.is_sorted(), "line {line}");
    }
}
