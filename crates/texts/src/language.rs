//! The languages that are spoken here.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language_first() {
        assert_eq!(Language::of("pt_BR"), Some(Language::Portuguese));
        assert_eq!(Language::of("JA-jp"), Some(Language::Japanese));
        for unknown in ["", "_", "xx", "english", "sv_SE"] {
            assert_eq!(Language::of(unknown), None, "{unknown}");
        }
    }
}
