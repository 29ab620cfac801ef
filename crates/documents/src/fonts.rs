//! The bundled fonts, parsed once per process, and which of them can show a character.

use std::sync::OnceLock;

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

/// Index into [`Fonts::faces`].
pub type FaceIndex = usize;

/// One font, parsed for shaping and for embedding.
pub struct Face {
    pub embedded: krilla::text::Font,
    pub shaped: harfrust::Font,
}

/// Noto Sans in two weights, and Noto Sans CJK for what it lacks.
pub struct Fonts {
    pub faces: [Face; 3],
}

/// How a character is shown: by which face, and as which character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    pub face: FaceIndex,
    pub character: char,
}

const REGULAR: FaceIndex = 0;
const SEMI_BOLD: FaceIndex = 1;
const EAST_ASIAN: FaceIndex = 2;

/// Stands for a character that no font has, so that the reader sees that something is missing.
const REPLACEMENT: char = '\u{fffd}';

/// The parsed fonts.
pub fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts {
        faces: [
            face(include_bytes!("../fonts/NotoSans-Regular.ttf")),
            face(include_bytes!("../fonts/NotoSans-SemiBold.ttf")),
            face(include_bytes!("../fonts/NotoSansCJKjp-Regular.otf")),
        ],
    })
}

impl Fonts {
    /// Chooses a face for a character; `previous` is the face of the one before it.
    /// `None` for characters without a shape of their own.
    pub fn show(&self, character: char, weight: Weight, previous: Option<FaceIndex>) -> Option<Shown> {
        if is_invisible(character) {
            return None;
        }
        let own = match weight {
            Weight::Regular => REGULAR,
            Weight::SemiBold => SEMI_BOLD,
        };
        // an accent is drawn by the font of its letter, or it would float beside it
        let preferred = if is_combining(character) { previous.unwrap_or(own) } else { own };
        let wanted = look_alike(character);
        let face = [preferred, own, EAST_ASIAN].into_iter().find(|face| self.has(*face, wanted));
        Some(match face {
            Some(face) => Shown { face, character: wanted },
            None => Shown { face: own, character: REPLACEMENT },
        })
    }

    fn has(&self, face: FaceIndex, character: char) -> bool {
        self.faces[face].shaped.charmap().map_unicode(character).is_some()
    }
}

fn face(bytes: &'static [u8]) -> Face {
    Face {
        embedded: krilla::text::Font::new(bytes.into(), 0).expect("a bundled font is valid"),
        shaped: harfrust::Font::new(bytes, 0).expect("a bundled font is valid"),
    }
}

/// Noto Sans has no minus sign, and one from another font would differ in weight; its figure dash looks the same
/// and is as wide as a figure.
/// The text that is copied or searched stays what it was.
fn look_alike(character: char) -> char {
    match character {
        '\u{2212}' => '\u{2012}',
        other => other,
    }
}

/// Joiners, variation selectors and marks of direction.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face_of(character: char) -> FaceIndex {
        fonts().show(character, Weight::Regular, None).expect("visible").face
    }

    #[test]
    fn each_script_finds_a_font_that_has_it() {
        for character in "AzëŁğΩЖ€₹₿0123456789–…“”".chars() {
            let shown = fonts().show(character, Weight::SemiBold, None).expect("visible");
            assert_eq!(shown, Shown { face: SEMI_BOLD, character });
        }
        for character in "山田太郎カな한국國国、。→≤".chars() {
            assert_eq!(face_of(character), EAST_ASIAN, "{character}");
        }
    }

    #[test]
    fn what_no_font_has_becomes_a_visible_replacement() {
        for character in ['🦀', 'क', '\u{10ffff}', '\u{e000}'] {
            let shown = fonts().show(character, Weight::Regular, None).expect("visible");
            assert_eq!(shown, Shown { face: REGULAR, character: REPLACEMENT });
        }
    }

    #[test]
    fn an_accent_stays_in_the_font_of_its_letter() {
        let shown = fonts().show('\u{3099}', Weight::Regular, Some(EAST_ASIAN)).expect("visible");
        assert_eq!(shown.face, EAST_ASIAN);
        assert_eq!(fonts().show('\u{200d}', Weight::Regular, None), None);
    }
}
