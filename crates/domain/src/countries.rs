//! Countries, by the codes of ISO 3166-1.

use rust_iso3166::CountryCode;

/// The code in three capital letters of the country that is meant by two or three letters in any case.
pub fn alpha3(code: &str) -> Option<&'static str> {
    country(code).map(|country| country.alpha3)
}

/// The same in two letters.
pub fn alpha2(code: &str) -> Option<&'static str> {
    country(code).map(|country| country.alpha2)
}

fn country(code: &str) -> Option<CountryCode> {
    let capitals = code.to_ascii_uppercase();
    match capitals.len() {
        2 => rust_iso3166::from_alpha2(&capitals),
        3 => rust_iso3166::from_alpha3(&capitals),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_two_or_three_letters_in_any_case() {
        for (code, country) in
            [("usa", "USA"), ("US", "USA"), ("uS", "USA"), ("de", "DEU"), ("AUT", "AUT"), ("at", "AUT")]
        {
            assert_eq!(alpha3(code), Some(country), "{code}");
        }
    }

    #[test]
    fn what_the_standard_does_not_list_is_no_country() {
        for code in ["", "u", "xx", "UK", "EU", "XKX", "ZZZ", "usaa", "840", "u1", "ÄT", " us"] {
            assert_eq!(alpha3(code), None, "{code}");
        }
    }
}
