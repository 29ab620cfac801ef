//! The languages that are spoken here.

use crate::Texts;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Polish,
    Japanese,
    Arabic,
}

impl Language {
    pub const ALL: [Language; 10] = [
        Language::English,
        Language::German,
        Language::French,
        Language::Spanish,
        Language::Portuguese,
        Language::Italian,
        Language::Dutch,
        Language::Polish,
        Language::Japanese,
        Language::Arabic,
    ];

    /// `de`
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
            Language::French => "fr",
            Language::Spanish => "es",
            Language::Portuguese => "pt",
            Language::Italian => "it",
            Language::Dutch => "nl",
            Language::Polish => "pl",
            Language::Japanese => "ja",
            Language::Arabic => "ar",
        }
    }

    /// As its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::German => "Deutsch",
            Language::French => "Français",
            Language::Spanish => "Español",
            Language::Portuguese => "Português",
            Language::Italian => "Italiano",
            Language::Dutch => "Nederlands",
            Language::Polish => "Polski",
            Language::Japanese => "日本語",
            Language::Arabic => "العربية",
        }
    }

    /// Of a locale: `de`, `de-AT`, `de_AT`.
    pub fn of(locale: &str) -> Option<Language> {
        let code = locale.split(['-', '_']).next()?;
        Language::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    pub fn is_right_to_left(self) -> bool {
        self == Language::Arabic
    }
}

/// What a customer may choose among: a language, and the region whose formats go with it. The first of a language is
/// the one that most speak.
pub const LOCALES: [&str; 32] = [
    "en_US", "en_GB", "en_AU", "en_CA", "en_IE", "en_NZ", "en_ZA", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_BE",
    "fr_CA", "fr_CH", "es_ES", "es_MX", "es_US", "es_AR", "es_CO", "es_CL", "pt_BR", "pt_PT", "it_IT", "it_CH",
    "nl_NL", "nl_BE", "pl_PL", "ja_JP", "ar_EG", "ar_SA", "ar_AE", "ar_MA",
];

/// `Deutsch (Österreich)`, as those who want it read it.
pub fn locale_name(locale: &str) -> String {
    let texts = Texts::of([locale]);
    let region = locale.split(['-', '_']).nth(1).and_then(|region| texts.country(region));
    match region {
        Some((_, region)) => format!("{} ({region})", texts.language.own_name()),
        None => texts.language.own_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_choice_is_called_as_its_speakers_call_it() {
        assert_eq!(locale_name("de_AT"), "Deutsch (Österreich)");
        assert_eq!(locale_name("ja_JP"), "日本語 (日本)");
        assert_eq!(locale_name("fr"), "Français");
        for locale in LOCALES {
            assert!(Language::of(locale).is_some() && locale_name(locale).ends_with(')'), "{locale}");
        }
    }

    #[test]
    fn a_locale_names_its_language_first() {
        assert_eq!(Language::of("pt_BR"), Some(Language::Portuguese));
        assert_eq!(Language::of("JA-jp"), Some(Language::Japanese));
        for unknown in ["", "_", "xx", "english", "sv_SE"] {
            assert_eq!(Language::of(unknown), None, "{unknown}");
        }
    }
}
