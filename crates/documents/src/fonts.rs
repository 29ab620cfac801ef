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

/// Noto Sans in two weights; for what it lacks, Noto Sans Arabic in the same two, and Noto Sans CJK.
pub struct Fonts {
    pub faces: [Face; 5],
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
const ARABIC: FaceIndex = 3;
const ARABIC_SEMI_BOLD: FaceIndex = 4;

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
            face(include_bytes!("../fonts/NotoSansArabic-Regular.ttf")),
            face(include_bytes!("../fonts/NotoSansArabic-SemiBold.ttf")),
        ],
    })
}

impl Fonts {
    /// Chooses a face for a character; `previous` is the face of the one before it.
    /// `None` for characters without a shape of their own.
    pub fn show(&self, character: char, weight: Weight, previous: Option<FaceIndex>) -> Option<Shown> {
        if is_invisible(character) {
            // Arabic letters take another form beside a joiner.
            let joined = previous.filter(|face| is_joiner(character) && [ARABIC, ARABIC_SEMI_BOLD].contains(face));
            return joined.map(|face| Shown { face, character });
        }
        let (own, arabic) = match weight {
            Weight::Regular => (REGULAR, ARABIC),
            Weight::SemiBold => (SEMI_BOLD, ARABIC_SEMI_BOLD),
        };
        // an accent is drawn by the font of its letter, or it would float beside it
        let preferred = if is_combining(character) { previous.unwrap_or(own) } else { own };
        let wanted = look_alike(character);
        let face = [preferred, own, arabic, EAST_ASIAN].into_iter().find(|face| self.has(*face, wanted));
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

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
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
        for character in "العربيةپچگ،؛؟٪".chars() {
            assert_eq!(face_of(character), ARABIC, "{character}");
        }
        for character in "山田太郎カな한국國国、。→≤".chars() {
            assert_eq!(face_of(character), EAST_ASIAN, "{character}");
        }
    }

    #[test]
    fn every_text_of_every_language_can_be_shown() {
        let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../texts/locales")).expect("languages");
        let areas = folders.flat_map(|folder| std::fs::read_dir(folder.expect("a folder").path()).expect("areas"));
        let mut seen = 0;
        for area in areas {
            let path = area.expect("a file").path();
            let text = std::fs::read_to_string(&path).expect("a text");
            for character in text.chars().filter(|character| !character.is_control()) {
                let shown = fonts().show(character, Weight::SemiBold, None);
                let is_shown = shown.is_none_or(|shown| shown.character == look_alike(character));
                assert!(is_shown, "{character} of {}", path.display());
                seen += 1;
            }
        }
        assert!(seen > 10_000, "{seen}");
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
