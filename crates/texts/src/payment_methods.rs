//! Methods of payment as they are called.

use crate::Texts;

/// Digits of a number that are shown.
const SHOWN: usize = 4;

impl Texts {
    /// `Visa •••• 1111`, of what a payment keeps of its method: `Visa: 1111`.
    pub fn method(self, context: &str) -> String {
        match context.split_once(": ") {
            Some((name, digits)) if digits.len() == SHOWN => format!("{} •••• {digits}", self.method_name(name)),
            _ => self.method_name(context).to_owned(),
        }
    }

    /// Brands are called the same everywhere.
    fn method_name(self, name: &str) -> &str {
        match name {
            "Card" | "CreditCard" => self.method_card(),
            "Checking" => self.method_checking(),
            "Savings" => self.method_savings(),
            "ACH" => self.method_bank_account(),
            "Token" => self.method_stored(),
            "Check" => self.method_check(),
            "Cash" => self.method_cash(),
            "Credit" => self.method_credit(),
            "Debit" => self.method_debit(),
            brand => brand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::payments::MethodType;
    use domain::wallet::{AccountType, Brand};

    #[test]
    fn a_method_is_called_by_its_name_and_its_last_digits() {
        let german = Texts::of(["de"]);
        assert_eq!(german.method("Visa: 1111"), "Visa •••• 1111");
        assert_eq!(german.method("Checking: 5678"), "Girokonto •••• 5678");
        assert_eq!(german.method("Cash"), "Barzahlung");
        assert_eq!(german.method("Bill: Smith & Sons"), "Bill: Smith & Sons");
    }

    #[test]
    fn only_brands_have_one_name_in_all_languages() {
        let names =
            MethodType::ALL.iter().map(ToString::to_string).chain(AccountType::ALL.iter().map(ToString::to_string));
        for name in names {
            assert_ne!(Texts::of(["ja"]).method(&name), name);
        }
        for brand in Brand::ALL.iter().filter(|brand| **brand != Brand::Other) {
            assert_eq!(Texts::of(["ja"]).method(&brand.to_string()), brand.to_string());
        }
    }
}
