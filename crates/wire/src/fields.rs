//! Fields that several objects have.

use domain::changes::Change;
use domain::dates::{Date, Period, Timestamp};
use domain::money::{Currency, Quantity, within_bounds};
use domain::plans::QUANTITY_SCALE_MAX;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::reader::{Field, Reader};
use crate::writer::Writer;

/// `<currency id="USD"/>`; whether the organization has it is asked elsewhere.
pub fn currency(reader: &Reader<'_>) -> Option<Currency> {
    let code = reader.reference("currency").value()?;
    let currency = code.parse().ok();
    if currency.is_none() {
        reader.wrong("currency", "must be a currency of ISO 4217, for example USD");
    }
    currency
}

/// A number above zero and within what may be stored.
pub fn positive(reader: &Reader<'_>, name: &str) -> Field<Decimal> {
    let field = reader.decimal(name);
    let problem = match field {
        Field::Value(number) if number <= Decimal::ZERO => "must be greater than 0",
        Field::Value(number) if !within_bounds(number) => "must be at most 999999999999.99",
        Field::Value(_) | Field::Cleared | Field::Absent => return field,
    };
    reader.wrong(name, problem);
    Field::Absent
}

/// So many units: above zero.
pub fn quantity(reader: &Reader<'_>) -> Field<Quantity> {
    let field = positive(reader, "quantity");
    of_scale(reader, "quantity", field, QUANTITY_SCALE_MAX).map(Quantity)
}

/// A number of either sign within what may be stored.
pub fn bounded(reader: &Reader<'_>, name: &str, scale_max: u32) -> Field<Decimal> {
    let field = reader.decimal(name);
    if field.value().is_some_and(|number| !within_bounds(number)) {
        reader.wrong(name, "must be between -999999999999.99 and 999999999999.99");
        return Field::Absent;
    }
    of_scale(reader, name, field, scale_max)
}

fn of_scale(reader: &Reader<'_>, name: &str, field: Field<Decimal>, scale_max: u32) -> Field<Decimal> {
    if field.value().is_some_and(|number| number.normalize().scale() > scale_max) {
        reader.wrong(name, format_args!("may have at most {scale_max} decimals"));
        return Field::Absent;
    }
    field
}

/// `billingStartDate` and `billingEndDate`, both days included: both or neither.
pub fn period(reader: &Reader<'_>) -> Option<Period> {
    let names = ["billingStartDate", "billingEndDate"];
    let [start, end] = names.map(|name| reader.date(name).value().map(Date));
    for (given, missing) in [(names[0], names[1]), (names[1], names[0])] {
        if reader.is_given(given) && !reader.is_given(missing) {
            reader.wrong(missing, format_args!("is required together with {given}"));
        }
    }
    let (start, end) = start.zip(end)?;
    if end < start {
        reader.wrong("billingEndDate", "must not be before billingStartDate");
        return None;
    }
    Some(Period { start, end: end.add_days(1) })
}

/// For updating: may stay as it is, but not be emptied.
pub fn required_change<T>(reader: &Reader<'_>, name: &str, field: Field<T>) -> Change<T> {
    reader.not_cleared(name, field).map_or(Change::Keep, Change::To)
}

/// When an object was made and last changed, as days of the organization.
pub fn write_stamps(writer: &mut Writer, created_at: Timestamp, updated_at: Timestamp, zone: &TimeZone) {
    writer.date("dateCreated", created_at.date_in(zone).0);
    writer.date("lastUpdated", updated_at.date_in(zone).0);
}
