//! In which direction the parts of a text run, and what that makes of their order (UAX #9).

use unicode_bidi::{BidiInfo, Direction, get_base_direction_full};

/// How deep a part is embedded: even ones run from left to right, odd ones from right to left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Level(u8);

impl Level {
    pub fn base(is_right_to_left: bool) -> Self {
        Self(u8::from(is_right_to_left))
    }

    pub fn is_right_to_left(self) -> bool {
        !self.0.is_multiple_of(2)
    }
}

/// The level of each byte of a text.
pub struct Levels {
    /// Of the text as a whole.
    pub base: Level,
    /// `None`: all of it is at `base`.
    parts: Option<Vec<unicode_bidi::Level>>,
}

/// From here on characters may run from right to left, or change the direction.
const FIRST_OF_OTHER_DIRECTION: char = '\u{590}';

impl Levels {
    /// A text runs as its first letter does; one without letters, as the `document` does.
    pub fn of(text: &str, document: Level) -> Self {
        let left_to_right = Level::base(false);
        if document == left_to_right && text.chars().all(|character| character < FIRST_OF_OTHER_DIRECTION) {
            return Self { base: left_to_right, parts: None };
        }
        let base = match get_base_direction_full(text) {
            Direction::Ltr => left_to_right,
            Direction::Rtl => Level::base(true),
            Direction::Mixed => document,
        };
        let level = if base.is_right_to_left() { unicode_bidi::Level::rtl() } else { unicode_bidi::Level::ltr() };
        Self { base, parts: Some(BidiInfo::new(text, Some(level)).levels) }
    }

    pub fn at(&self, byte: usize) -> Level {
        let part = self.parts.as_ref().and_then(|parts| parts.get(byte));
        part.map_or(self.base, |level| Level(level.number()))
    }
}

/// From the order of reading to the order from left to right: each stretch at or above a level is turned around, from
/// the deepest level up (rule L2).
pub fn reorder<T>(items: &mut [T], level: impl Fn(&T) -> Level) {
    let deepest = items.iter().map(&level).max().unwrap_or_default();
    for turned in (1..=deepest.0).rev().map(Level) {
        for stretch in items.chunk_by_mut(|one, next| (level(one) >= turned) == (level(next) >= turned)) {
            if stretch.first().is_some_and(|first| level(first) >= turned) {
                stretch.reverse();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str, document: Level) -> String {
        let levels = Levels::of(text, document);
        let mut characters: Vec<(usize, char)> = text.char_indices().collect();
        reorder(&mut characters, |(byte, _)| levels.at(*byte));
        characters.into_iter().map(|(_, character)| character).collect()
    }

    #[test]
    fn a_text_runs_as_its_first_letter_does() {
        let (left, right) = (Level::base(false), Level::base(true));
        assert_eq!(seen("Acme שלום 12", left), "Acme 12 םולש");
        assert_eq!(seen("Acme שלום 12", right), "Acme 12 םולש");
        assert_eq!(seen("שלום Acme 12", left), "Acme 12 םולש");
        assert_eq!(seen("12.50", right), "12.50");
        assert_eq!(seen("(12) – (13)", right), "(13) – (12)".replace('(', "<").replace(')', "(").replace('<', ")"));
        assert_eq!(seen("(12) – (13)", left), "(12) – (13)");
    }

    #[test]
    fn what_only_runs_from_left_to_right_is_not_looked_at() {
        assert!(Levels::of("Zoë 12.50 €", Level::base(false)).parts.is_some());
        assert!(Levels::of("Zoë 12.50", Level::base(false)).parts.is_none());
    }
}
