//! Fields that several objects have.

use domain::dates::Timestamp;
use domain::money::{Currency, within_bounds};
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

/// When an object was made and last changed, as days of the organization.
pub fn write_stamps(writer: &mut Writer, created_at: Timestamp, updated_at: Timestamp, zone: &TimeZone) {
    writer.date("dateCreated", created_at.date_in(zone).0);
    writer.date("lastUpdated", updated_at.date_in(zone).0);
}
