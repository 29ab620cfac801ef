//! How a merchant's portal looks: colours, corners, letters; and whether people can read it (WCAG 2.2 AA).

use std::fmt;
use std::str::FromStr;

/// Pixels.
pub const RADIUS_MAX: i64 = 24;
const FAMILIES_MAX: usize = 8;
const FAMILY_MAX: usize = 50;
/// Hundredths of the contrast that text needs (1.4.3), and what is not text but must be seen (1.4.11).
const OF_TEXT: u64 = 450;
const OF_CONTROLS: u64 = 300;

/// A colour without transparency: `#14675b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

pub const WHITE: Colour = Colour([255, 255, 255]);
pub const BLACK: Colour = Colour([0, 0, 0]);
/// The page in either theme, and what text stands on there that is nearest to it (`style/00-tokens.css`).
const LIGHT: [Colour; 2] = [WHITE, Colour([0xee, 0xf0, 0xf4])];
const DARK: [Colour; 2] = [Colour([0x10, 0x12, 0x16]), Colour([0x23, 0x28, 0x30])];
/// Steps from a colour to black or white.
const STEPS: u32 = 64;

impl Colour {
    /// Black or white, whichever reads better on it: on every colour one of them has 4.5:1.
    pub fn text_on(self) -> Colour {
        if contrast(self, WHITE) >= contrast(self, BLACK) { WHITE } else { BLACK }
    }

    /// The nearest to it, on the way to black or white, that can be read on each of these.
    fn readable_on(self, grounds: [Colour; 2]) -> Colour {
        let end = grounds[0].text_on();
        let reads = |colour: &Colour| grounds.iter().all(|ground| contrast(*colour, *ground) >= OF_TEXT);
        (0..=STEPS).map(|step| self.mixed(end, step)).find(reads).unwrap_or(end)
    }

    fn mixed(self, end: Colour, step: u32) -> Colour {
        let part = |from: u8, to: u8| {
            let mixed = (u32::from(from) * (STEPS - step) + u32::from(to) * step) / STEPS;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        let ([r, g, b], [end_r, end_g, end_b]) = (self.0, end.0);
        Colour([part(r, end_r), part(g, end_g), part(b, end_b)])
    }

    /// Relative luminance in millionths.
    fn luminance(self) -> u64 {
        let [r, g, b] = self.0.map(|part| u64::from(LINEAR[usize::from(part)]));
        (2126 * r + 7152 * g + 722 * b) / 10_000
    }
}

/// Of two colours, in hundredths: 100 to 2100.
pub fn contrast(one: Colour, other: Colour) -> u64 {
    let (one, other) = (one.luminance() + 50_000, other.luminance() + 50_000);
    one.max(other) * 100 / one.min(other)
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

impl FromStr for Colour {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Colour, &'static str> {
        const WHAT: &str = "must be a colour written like #14675b";
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let digits = digits.filter(|digits| digits.len() == 6).ok_or(WHAT)?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| WHAT);
        Ok(Colour([part(0)?, part(2)?, part(4)?]))
    }
}

crate::text_column!(Colour);

/// Families, the wanted one first: `Georgia, "Times New Roman", serif`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontStack(Vec<String>);

const GENERIC: [&str; 9] = [
    "serif",
    "sans-serif",
    "monospace",
    "system-ui",
    "ui-serif",
    "ui-sans-serif",
    "ui-rounded",
    "ui-monospace",
    "Inter",
];

impl fmt::Display for FontStack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, family) in self.0.iter().enumerate() {
            let quote = if GENERIC.contains(&family.as_str()) { "" } else { "\"" };
            write!(f, "{}{quote}{family}{quote}", if n > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

impl FromStr for FontStack {
    type Err = String;
    fn from_str(text: &str) -> Result<FontStack, String> {
        let families: Vec<String> =
            text.split(',').map(|family| family.trim().trim_matches(['"', '\'']).trim().to_owned()).collect();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let is_family =
            |family: &String| (1..=FAMILY_MAX).contains(&family.chars().count()) && family.chars().all(is_name);
        if families.len() > FAMILIES_MAX || !families.iter().all(is_family) {
            return Err(format!(
                "must be 1 to {FAMILIES_MAX} names of fonts with commas between them, each of at most {FAMILY_MAX} \
                 letters, digits, blanks and dashes"
            ));
        }
        Ok(FontStack(families))
    }
}

crate::text_column!(FontStack);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the customer's device has it.
    #[default]
    Auto,
    Light,
    Dark,
}

crate::names!(Theme { Auto => "auto", Light => "light", Dark => "dark" });

impl Theme {
    /// As CSS names it.
    pub fn scheme(self) -> &'static str {
        match self {
            Theme::Auto => "light dark",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// What a merchant chooses; what it does not choose is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Branding {
    pub accent: Option<Colour>,
    /// Of corners, in pixels.
    pub radius: Option<i64>,
    pub font: Option<FontStack>,
    pub theme: Theme,
    pub logo: Option<Logo>,
    /// The hash of an own stylesheet.
    pub stylesheet: Option<String>,
}

/// A file that pages refer to by the hash of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A PNG, in base64.
    Logo,
    /// CSS.
    Stylesheet,
}

crate::names!(FileKind { Logo => "logo", Stylesheet => "stylesheet" });

/// Where the logo is found, and how large it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    pub hash: String,
    /// Pixels.
    pub width: i64,
    pub height: i64,
}

impl Branding {
    /// The stylesheet of custom properties, after ours; `None` where nothing is chosen. Colours of text are worked out
    /// so that they can be read.
    pub fn sheet(&self) -> Option<String> {
        let mut rules = Vec::new();
        if self.theme != Theme::Auto {
            rules.push(format!("color-scheme:{}", self.theme.scheme()));
        }
        if let Some(accent) = self.accent {
            rules.push(format!("--accent:{accent}"));
            rules.push(format!("--on-accent:{}", accent.text_on()));
            let (light, dark) = (accent.readable_on(LIGHT), accent.readable_on(DARK));
            rules.push(format!("--accent-ink:light-dark({light},{dark})"));
        }
        rules.extend(self.radius.map(|radius| format!("--radius:{radius}px")));
        rules.extend(self.font.as_ref().map(|font| format!("--font:{font}")));
        (!rules.is_empty()).then(|| format!(":root{{{}}}\n", rules.join(";")))
    }

    /// What can't be corrected: a button in the accent may not stand out from the page.
    pub fn warnings(&self) -> Vec<String> {
        let Some(accent) = self.accent else { return Vec::new() };
        let grounds: &[(&str, Colour)] = match self.theme {
            Theme::Auto => &[("light", LIGHT[0]), ("dark", DARK[0])],
            Theme::Light => &[("light", LIGHT[0])],
            Theme::Dark => &[("dark", DARK[0])],
        };
        let warning = |(name, ground): &(&str, Colour)| {
            let found = contrast(accent, *ground);
            (found < OF_CONTROLS).then(|| {
                format!(
                    "accent {accent} has a contrast of {}.{:02}:1 with the {name} page; buttons need 3:1 to be seen by \
                     all (WCAG 2.2, 1.4.11).",
                    found / 100,
                    found % 100
                )
            })
        };
        grounds.iter().filter_map(warning).collect()
    }
}

/// What a part of a colour, 0 to 255, is as light, in millionths (sRGB, IEC 61966-2-1).
const LINEAR: [u32; 256] = [
    0, 304, 607, 911, 1_214, 1_518, 1_821, 2_125, 2_428, 2_732, 3_035, 3_347, 3_677, 4_025, 4_391, 4_777, 5_182, 5_605,
    6_049, 6_512, 6_995, 7_499, 8_023, 8_568, 9_134, 9_721, 10_330, 10_960, 11_612, 12_286, 12_983, 13_702, 14_444,
    15_209, 15_996, 16_807, 17_642, 18_500, 19_382, 20_289, 21_219, 22_174, 23_153, 24_158, 25_187, 26_241, 27_321,
    28_426, 29_557, 30_713, 31_896, 33_105, 34_340, 35_601, 36_889, 38_204, 39_546, 40_915, 42_311, 43_735, 45_186,
    46_665, 48_172, 49_707, 51_269, 52_861, 54_480, 56_128, 57_805, 59_511, 61_246, 63_010, 64_803, 66_626, 68_478,
    70_360, 72_272, 74_214, 76_185, 78_187, 80_220, 82_283, 84_376, 86_500, 88_656, 90_842, 93_059, 95_307, 97_587,
    99_899, 102_242, 104_616, 107_023, 109_462, 111_932, 114_435, 116_971, 119_538, 122_139, 124_772, 127_438, 130_136,
    132_868, 135_633, 138_432, 141_263, 144_128, 147_027, 149_960, 152_926, 155_926, 158_961, 162_029, 165_132,
    168_269, 171_441, 174_647, 177_888, 181_164, 184_475, 187_821, 191_202, 194_618, 198_069, 201_556, 205_079,
    208_637, 212_231, 215_861, 219_526, 223_228, 226_966, 230_740, 234_551, 238_398, 242_281, 246_201, 250_158,
    254_152, 258_183, 262_251, 266_356, 270_498, 274_677, 278_894, 283_149, 287_441, 291_771, 296_138, 300_544,
    304_987, 309_469, 313_989, 318_547, 323_143, 327_778, 332_452, 337_164, 341_914, 346_704, 351_533, 356_400,
    361_307, 366_253, 371_238, 376_262, 381_326, 386_429, 391_572, 396_755, 401_978, 407_240, 412_543, 417_885,
    423_268, 428_690, 434_154, 439_657, 445_201, 450_786, 456_411, 462_077, 467_784, 473_531, 479_320, 485_150,
    491_021, 496_933, 502_886, 508_881, 514_918, 520_996, 527_115, 533_276, 539_479, 545_724, 552_011, 558_340,
    564_712, 571_125, 577_580, 584_078, 590_619, 597_202, 603_827, 610_496, 617_207, 623_960, 630_757, 637_597,
    644_480, 651_406, 658_375, 665_387, 672_443, 679_542, 686_685, 693_872, 701_102, 708_376, 715_694, 723_055,
    730_461, 737_910, 745_404, 752_942, 760_525, 768_151, 775_822, 783_538, 791_298, 799_103, 806_952, 814_847,
    822_786, 830_770, 838_799, 846_873, 854_993, 863_157, 871_367, 879_622, 887_923, 896_269, 904_661, 913_099,
    921_582, 930_111, 938_686, 947_307, 955_973, 964_686, 973_445, 982_251, 991_102, 1_000_000,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        for (one, other, expected) in [
            ("#000000", "#ffffff", 2100),
            ("#ffffff", "#ffffff", 100),
            ("#767676", "#ffffff", 454),
            ("#777777", "#ffffff", 447),
            ("#ff0000", "#ffffff", 399),
            ("#0000ff", "#ffffff", 859),
            ("#ffff00", "#ffffff", 107),
        ] {
            let found = contrast(colour(one), colour(other));
            assert!(found.abs_diff(expected) <= 1, "{one} {other}: {found}");
            assert_eq!(found, contrast(colour(other), colour(one)));
        }
    }

    #[test]
    fn text_can_be_read_on_and_in_every_accent() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let accent = Colour([r, g, b]);
                    assert!(contrast(accent, accent.text_on()) >= OF_TEXT, "{accent}");
                    for grounds in [LIGHT, DARK] {
                        let ink = accent.readable_on(grounds);
                        assert!(grounds.iter().all(|ground| contrast(ink, *ground) >= OF_TEXT), "{accent} {ink}");
                    }
                }
            }
        }
        assert_eq!(colour("#14675b").readable_on(LIGHT), colour("#14675b"), "what can be read stays");
    }

    #[test]
    fn a_sheet_has_what_was_chosen() {
        assert_eq!(Branding::default().sheet(), None);
        let branding = Branding {
            accent: Some(colour("#FFCC00")),
            radius: Some(4),
            font: Some("Georgia, 'Times New Roman',serif".parse().unwrap()),
            theme: Theme::Light,
            ..Branding::default()
        };
        let sheet = branding.sheet().unwrap();
        assert!(
            sheet.starts_with(":root{color-scheme:light;--accent:#ffcc00;--on-accent:#000000;--accent-ink:"),
            "{sheet}"
        );
        assert!(sheet.ends_with(";--radius:4px;--font:\"Georgia\", \"Times New Roman\", serif}\n"), "{sheet}");
    }

    #[test]
    fn a_button_that_can_not_be_seen_is_warned_about() {
        let warnings =
            |accent: &str, theme| Branding { accent: Some(colour(accent)), theme, ..Branding::default() }.warnings();
        assert_eq!(warnings("#14675b", Theme::Light), Vec::<String>::new());
        let yellow = warnings("#ffee00", Theme::Auto);
        assert!(yellow.len() == 1 && yellow[0].contains("1.20:1 with the light page"), "{yellow:?}");
        assert_eq!(warnings("#ffee00", Theme::Dark), Vec::<String>::new());
        assert!(warnings("#101216", Theme::Auto)[0].contains("1.00:1 with the dark page"));
    }

    #[test]
    fn what_is_no_colour_and_no_font_is_none() {
        for bad in ["", "red", "#fff", "#12345", "#1234567", "#12345g", "14675b", "#ääa", "#+12345"] {
            assert!(bad.parse::<Colour>().is_err(), "{bad}");
        }
        for bad in ["", ",", "a;b", "a}", "url(x)", "a\"b", "a\\b", "1,2,3,4,5,6,7,8,9", "a\nb", "<b>"] {
            assert!(bad.parse::<FontStack>().is_err(), "{bad:?}");
        }
    }
}
