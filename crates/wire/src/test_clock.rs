//! The clock of an organization (`operations.md` §4).

use domain::checks::Problems;
use domain::dates::Timestamp;

use crate::element::Element;
use crate::reader;
use crate::writer::Writer;

pub fn write(now: Timestamp) -> String {
    let mut writer = Writer::with_capacity(128);
    writer.element("testClock", |writer| writer.text("now", &now.to_wire()));
    writer.finish()
}

pub fn read(clock: &Element) -> Result<Timestamp, Problems> {
    reader::expect_root(clock, &["testClock"])?;
    reader::read(clock, |clock| clock.required("now", clock.parsed("now", instant)))
}

pub(crate) fn instant(text: &str) -> Result<Timestamp, &'static str> {
    let time = is_shaped(text).then(|| text.parse::<Timestamp>().ok()).flatten();
    time.ok_or("must be a time in UTC of the years 1900 to 2999 written like 2011-10-01T12:00:00Z")
}

/// Exactly `YYYY-MM-DDTHH:MM:SSZ`, whatever else a lenient parser would take.
fn is_shaped(text: &str) -> bool {
    const SHAPE: &[u8; 20] = b"0000-00-00T00:00:00Z";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    text.len() == SHAPE.len() && text.bytes().zip(SHAPE).all(fits) && ("1900".."3000").contains(&&text[..4])
}
