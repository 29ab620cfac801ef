//! How an amount came about, in the customer's language. It is stored as `domain` says it, in English: a calculation,
//! some fixed words around it, and nothing else. What is not that, is shown as it is.

use crate::{Language, Texts};

/// Around a calculation: it runs from left to right everywhere (UAX #9).
const CALCULATION: (char, char) = ('\u{2066}', '\u{2069}');
/// Behind words in it that run the other way.
const LEFT_TO_RIGHT: char = '\u{200e}';

impl Texts {
    /// `165,00 × 1 × 11/30 Tage = 60,50`
    pub fn explanation(self, stored: &str) -> String {
        let english = self.language == Language::English;
        let said = if english { None } else { self.whole(stored) };
        said.unwrap_or_else(|| stored.to_owned())
    }

    fn whole(self, stored: &str) -> Option<String> {
        let (prefix, rest) = if let Some(rest) = stored.strip_prefix("given back: ") {
            (Some(self.explained_given_back()), rest)
        } else if let Some(rest) = stored.strip_prefix("included: ") {
            (Some(self.explained_included()), rest)
        } else {
            (None, stored)
        };
        let fitted = rest.strip_suffix(", so that the parts of the period sum to the whole");
        let clauses = fitted.unwrap_or(rest).split("; ").map(|clause| self.clause(clause));
        let mut said = prefix.map(|prefix| format!("{prefix}: ")).unwrap_or_default();
        said.push_str(&clauses.collect::<Option<Vec<String>>>()?.join("; "));
        if fitted.is_some() {
            said.push_str(", ");
            said.push_str(self.explained_fitted());
        }
        Some(said)
    }

    fn clause(self, clause: &str) -> Option<String> {
        if let Some(bounded) = clause.strip_suffix(" are billed") {
            if let Some((used, billed)) = bounded.split_once(" used, at least ") {
                return Some(self.explained_at_least(self.figure(billed)?, self.figure(used)?));
            }
            let (used, billed) = bounded.split_once(" used, at most ")?;
            return Some(self.explained_at_most(self.figure(billed)?, self.figure(used)?));
        }
        if let Some((before, amount)) = clause.split_once(" of it was billed before: ") {
            return Some(self.explained_billed_before(self.figure(amount)?, self.figure(before)?));
        }
        if let Some(amount) = clause.strip_suffix(", as given") {
            return Some(self.explained_as_given(self.figure(amount)?));
        }
        let calculation = self.calculation(clause)?;
        let (before, after) = CALCULATION;
        let is_right_to_left = self.language.is_right_to_left();
        Some(if is_right_to_left { format!("{before}{calculation}{after}") } else { calculation })
    }

    /// `2.9% × 1234.56 = 35.80 (rounded from 35.80224)`
    fn calculation(self, text: &str) -> Option<String> {
        let (text, exact) = match text.split_once(" (rounded from ") {
            Some((text, exact)) => (text, Some(self.figure(exact.strip_suffix(')')?)?)),
            None => (text, None),
        };
        let text = text.replace("% of ", "% × ");
        let mut said: Vec<String> = Vec::new();
        for word in text.split(' ') {
            let shown = match word {
                "×" | "+" | "=" => word.to_owned(),
                "days" => {
                    let fraction = said.pop()?;
                    self.days(&fraction)?
                }
                fraction if fraction.contains('/') => fraction.to_owned(),
                number => self.figure(number)?,
            };
            said.push(shown);
        }
        said.extend(exact.map(|exact| self.words(self.explained_rounded(exact))));
        Some(said.join(" "))
    }

    fn days(self, fraction: &str) -> Option<String> {
        let (days, of) = fraction.split_once('/')?;
        Some(self.words(self.explained_days(self.figure(days)?, self.figure(of)?)))
    }

    fn words(self, words: String) -> String {
        if self.language.is_right_to_left() { format!("{words}{LEFT_TO_RIGHT}") } else { words }
    }

    /// A decimal number, maybe a percentage.
    fn figure(self, text: &str) -> Option<String> {
        let number = text.strip_suffix('%').unwrap_or(text);
        let digits = number.strip_prefix('-').unwrap_or(number);
        let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.matches('.').count() <= 1;
        let shown = is_number.then(|| self.decimal(number))?;
        Some(if number.len() < text.len() { self.percent(number) } else { shown })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calculation_is_said_in_the_customers_language() {
        let german = |stored: &str| Texts::of(["de"]).explanation(stored).replace('\u{a0}', " ");
        for (stored, said) in [
            ("165.00 × 1 × 11/30 days = 60.50", "165,00 × 1 × 11/30 Tage = 60,50"),
            ("2.9% × 1234.56 = 35.80 (rounded from 35.80224)", "2,9 % × 1.234,56 = 35,80 (gerundet von 35,80224)"),
            ("given back: 9.00 × 2 = 18.00", "zurückgegeben: 9,00 × 2 = 18,00"),
            ("5.00, as given", "5,00, wie angegeben"),
            ("19.5% of 10 = 1.95", "19,5 % × 10 = 1,95"),
            (
                "included: 119.00 × 19/119 = 19.00; 100.00 + 19.00 = 119.00",
                "enthalten: 119,00 × 19/119 = 19,00; 100,00 + 19,00 = 119,00",
            ),
            (
                "1.00 × 20 = 20.00; 12 used, at least 20 are billed; 5.00 of it was billed before: 15.00",
                "1,00 × 20 = 20,00; 12 verbraucht, mindestens 20 werden berechnet; davon wurden 5,00 bereits berechnet: 15,00",
            ),
            (
                "0.01 × 1 × 14/28 days = 0.00 (rounded from 0.005), so that the parts of the period sum to the whole",
                "0,01 × 1 × 14/28 Tage = 0,00 (gerundet von 0,005), damit die Teile des Zeitraums das Ganze ergeben",
            ),
        ] {
            assert_eq!(german(stored), said);
        }
    }

    #[test]
    fn what_is_no_calculation_is_shown_as_it_is() {
        for text in ["", "Per phone call", "1.00 × 2 = 2.00 approximately", "1 days", "a/b days = 1", "5 of it"] {
            assert_eq!(Texts::of(["de"]).explanation(text), text);
            assert_eq!(Texts::english().explanation(text), text);
        }
    }

    #[test]
    fn a_calculation_runs_from_left_to_right_in_arabic_too() {
        let said = Texts::of(["ar"]).explanation("1.00 × 11/30 days = 0.37");
        assert!(said.starts_with('\u{2066}') && said.ends_with("\u{200e} = 0.37\u{2069}"), "{said:?}");
    }
}
