//! What lists are asked by: pages, times, days (`api.md` §1.7, §1.8). Every parameter that is wrong is told at once.

use std::fmt::Display;
use std::ops::RangeInclusive;

use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use domain::checks::{Problem, Problems};
use domain::dates::{Date, Timestamp};
use domain::time_ranges::TimeRange;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use store::Page;
use wire::reader;

use super::input::Params;
use super::reply::Reply;

/// Members of a page when nobody says how many, and at most.
const PAGE: i64 = 50;
const PAGE_MAX: i64 = 500;

/// The parameters of a list while they are read.
pub struct Asked<'p> {
    params: &'p Params,
    problems: Problems,
}

impl<'p> Asked<'p> {
    pub fn of(params: &'p Params) -> Asked<'p> {
        Asked { params, problems: Problems::new() }
    }

    /// `value`, when nothing was wrong.
    pub fn result<T>(self, value: T) -> Result<T, Problems> {
        self.problems.result(value)
    }

    /// `offset` and `max`.
    pub fn page(&mut self) -> Page {
        self.page_by("max", PAGE, PAGE_MAX)
    }

    /// The same where the number has another name or limit.
    pub fn page_by(&mut self, name: &'static str, default: i64, limit: i64) -> Page {
        let offset = self.integer("offset", 0..=i64::MAX).unwrap_or(0);
        let max = self.integer(name, 0..=i64::MAX).unwrap_or(default).min(limit);
        Page { offset, max }
    }

    pub fn integer(&mut self, name: &str, allowed: RangeInclusive<i64>) -> Option<i64> {
        self.read(name, |text| reader::integer(name, text, &allowed))
    }

    pub fn decimal(&mut self, name: &str) -> Option<Decimal> {
        self.read(name, |text| reader::decimal(name, text))
    }

    /// `YYYY-MM-DD`
    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.read(name, |text| reader::date(name, text)).map(Date)
    }

    /// From one minute to another, `YYYYMMDDHHmm` in the organization's zone.
    pub fn minutes(&mut self, start: &str, end: &str, now: Timestamp, zone: &TimeZone) -> TimeRange {
        let start = self.read(start, |text| reader::minute(start, text));
        let end = self.read(end, |text| reader::minute(end, text));
        TimeRange::of_minutes(start, end, now, zone)
    }

    pub fn text(&mut self, name: &str, max: usize) -> Option<String> {
        self.read(name, |text| reader::text(name, text, max))
    }

    /// A type of `domain`, whose error says what it must be.
    pub fn parsed<T, E: Display>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let problem = |predicate| Problem { field: name.to_owned(), message: format!("{name} {predicate}.") };
        self.read(name, |text| parse(text).map_err(problem))
    }

    fn read<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, Problem>) -> Option<T> {
        match parse(self.params.get(name)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problems.add(&problem.field, problem.message);
                None
            }
        }
    }
}

/// A page of a list, and how many members the list has.
pub fn reply(xml: String, page: Page, total: i64) -> Response {
    let mut response = Reply::ok(xml).into_response();
    for (name, value) in [("x-total-count", total), ("x-offset", page.offset), ("x-max", page.max)] {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
    response
}
