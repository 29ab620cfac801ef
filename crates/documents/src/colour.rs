//! Colours shared by the PDF and the HTML page.

use crate::invoice::{Organization, StatusKind};

/// A colour without transparency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

pub const INK: Colour = Colour(0x16, 0x1a, 0x23);
pub const MUTED: Colour = Colour(0x69, 0x70, 0x7d);
pub const RULE: Colour = Colour(0xdd, 0xe0, 0xe5);
pub const FAINT_RULE: Colour = Colour(0xee, 0xf0, 0xf3);
pub const WHITE: Colour = Colour(0xff, 0xff, 0xff);
const DEFAULT_ACCENT: Colour = Colour(0x3f, 0x4f, 0xb8);

/// The organization's colour if it is a valid one.
pub fn accent(organization: &Organization) -> Colour {
    organization.accent_colour.as_deref().and_then(Colour::parse).unwrap_or(DEFAULT_ACCENT)
}

/// Text and background of a status.
pub fn status(kind: StatusKind) -> (Colour, Colour) {
    match kind {
        StatusKind::Draft | StatusKind::Cancelled => (Colour(0x55, 0x5c, 0x69), Colour(0xef, 0xf1, 0xf4)),
        StatusKind::Outstanding => (Colour(0x8a, 0x4b, 0x06), Colour(0xfd, 0xf2, 0xdc)),
        StatusKind::Overdue => (Colour(0xa5, 0x1d, 0x24), Colour(0xfd, 0xe9, 0xe9)),
        StatusKind::Paid => (Colour(0x11, 0x66, 0x3c), Colour(0xe3, 0xf5, 0xea)),
    }
}

impl Colour {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?;
        if digits.len() != 6 || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let part = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// The colour in which text on this one is readable.
    pub fn text_on(self) -> Self {
        let brightness = (u32::from(self.0) * 299 + u32::from(self.1) * 587 + u32::from(self.2) * 114) / 1000;
        if brightness > 150 { INK } else { WHITE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_hexadecimal_digits_are_a_colour() {
        assert_eq!(Colour::parse("#0A7f33"), Some(Colour(0x0a, 0x7f, 0x33)));
        for wrong in ["", "#fff", "red", "#12345g", "#1234567", "#+1+2+3", "#é1234", "} body{display:none"] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn text_on_a_light_accent_is_dark() {
        assert_eq!(Colour(0xff, 0xe0, 0x40).text_on(), INK);
        assert_eq!(DEFAULT_ACCENT.text_on(), WHITE);
    }
}
