//! Tables for spreadsheets: CSV as RFC 4180 has it, with a byte order mark, without which Excel reads it in the encoding of
//! its country. No text of it is a formula, whoever wrote it.

use csv::{Terminator, WriterBuilder};
use domain::dates::Date;

/// A value of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// Digits with a point, as `-3.50` or `5%`: ours, never somebody's text.
    Number(String),
    Date(Date),
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub fn csv<const COLUMNS: usize>(headings: [&str; COLUMNS], rows: Vec<[Cell; COLUMNS]>) -> Vec<u8> {
    const IN_MEMORY: &str = "writing to memory does not fail, and all rows are of one length";
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(headings.map(harmless)).expect(IN_MEMORY);
    for row in rows {
        writer.write_record(row.map(written)).expect(IN_MEMORY);
    }
    writer.into_inner().expect(IN_MEMORY)
}

fn written(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(&text),
        Cell::Number(number) => number,
        Cell::Date(date) => date.to_string(),
    }
}

/// What spreadsheets take for the start of a formula, also in the wide letters of East Asia.
const STARTS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Behind an apostrophe everything is text; blanks before it do not hide a formula from every program.
fn harmless(text: &str) -> String {
    let is_formula = text.trim_start().starts_with(STARTS) || text.starts_with(['\t', '\r', '\n']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn a_table_is_written_as_rfc_4180_says() {
        let rows = vec![
            [
                text("Fee, \"monthly\"\r\n2nd line"),
                Cell::Number("-39.50".to_owned()),
                Cell::Date(Date::new(2011, 9, 20)),
            ],
            [text("Zoë 山田"), Cell::Number("5%".to_owned()), text("")],
        ];
        let written = String::from_utf8(csv(["Text", "Amount", "From"], rows)).unwrap();
        let expected =
            "\u{feff}Text,Amount,From\r\n\"Fee, \"\"monthly\"\"\r\n2nd line\",-39.50,2011-09-20\r\nZoë 山田,5%,\r\n";
        assert_eq!(written, expected);
    }

    #[test]
    fn no_text_becomes_a_formula() {
        for evil in ["=1+1", "+49 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "＝1", "＠x"] {
            assert_eq!(harmless(evil), format!("'{evil}"));
        }
        for good in ["", "Fee - monthly", "a=b", "'quoted", "5"] {
            assert_eq!(harmless(good), good);
        }
    }
}
