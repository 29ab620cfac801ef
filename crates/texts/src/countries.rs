//! Countries as a language calls them, by CLDR, in the order in which it sorts them. `countries/<language>.txt` were made
//! by Node's `Intl.DisplayNames` and `Intl.Collator` of the codes of ISO 3166-1.

use std::sync::LazyLock;

use domain::countries::alpha2;

use crate::{Language, Texts};

/// A code of two letters, and the name.
pub type Country = (&'static str, &'static str);

static NAMES: LazyLock<[Vec<Country>; 10]> = LazyLock::new(|| Language::ALL.map(|language| read(file(language))));

fn file(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../countries/en.txt"),
        Language::German => include_str!("../countries/de.txt"),
        Language::French => include_str!("../countries/fr.txt"),
        Language::Spanish => include_str!("../countries/es.txt"),
        Language::Portuguese => include_str!("../countries/pt.txt"),
        Language::Italian => include_str!("../countries/it.txt"),
        Language::Dutch => include_str!("../countries/nl.txt"),
        Language::Polish => include_str!("../countries/pl.txt"),
        Language::Japanese => include_str!("../countries/ja.txt"),
        Language::Arabic => include_str!("../countries/ar.txt"),
    }
}

fn read(file: &'static str) -> Vec<Country> {
    file.lines().filter_map(|line| line.split_once(' ')).collect()
}

impl Texts {
    pub fn countries(self) -> &'static [Country] {
        let place = Language::ALL.iter().position(|language| *language == self.language);
        place.map_or(&[], |place| &NAMES[place])
    }

    /// Of the country that a code of two or three letters means.
    pub fn country(self, code: &str) -> Option<Country> {
        let meant = alpha2(code)?;
        self.countries().iter().find(|(code, _)| *code == meant).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_every_country_once() {
        let codes = |language| {
            let mut codes: Vec<&str> = read(file(language)).into_iter().map(|(code, _)| code).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let all = codes(Language::English);
        assert_eq!(all.len(), 249);
        assert!(all.iter().all(|code| alpha2(code) == Some(*code)));
        for language in Language::ALL {
            assert_eq!(codes(language), all, "{language:?}");
            assert!(read(file(language)).iter().all(|(code, name)| code != name && !name.is_empty()), "{language:?}");
        }
    }

    #[test]
    fn a_country_is_found_by_either_code() {
        let german = Texts::of(["de"]);
        assert_eq!(german.country("aut"), Some(("AT", "Österreich")));
        assert_eq!(german.country("AT"), german.country("AUT"));
        assert_eq!(german.country("XX"), None);
        assert_eq!(german.countries()[1], ("EG", "Ägypten"), "sorted as Germans sort");
    }
}
