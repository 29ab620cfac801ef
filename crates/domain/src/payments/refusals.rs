//! Why a processor said no, as far as the customer is told: never its own words, which are for the merchant, and never that
//! a bank suspects fraud.

use super::{Answer, Verdict};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Funds,
    Expired,
    SecurityCode,
    Address,
    /// Of the card or the account.
    Number,
    Limit,
    /// A kind of card or payment that is not taken.
    Kind,
    /// Whatever else banks have in mind.
    Unsaid,
    /// Nobody decided: the processor could not handle it.
    Technical,
}

impl Refusal {
    /// By the codes of the Test Processor, of Stripe (words) and of Authorize.Net (numbers).
    pub fn of(answer: &Answer) -> Refusal {
        match answer.error_code.as_str() {
            "insufficient_funds" => Refusal::Funds,
            "EXPIRED" | "expired_card" | "invalid_expiry_month" | "invalid_expiry_year" | "7" | "8" => Refusal::Expired,
            "incorrect_cvc" | "invalid_cvc" | "44" | "65" | "78" => Refusal::SecurityCode,
            "incorrect_address" | "incorrect_zip" | "27" | "45" | "127" => Refusal::Address,
            "incorrect_number" | "invalid_number" | "invalid_account" | "6" | "9" | "10" | "37" => Refusal::Number,
            "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" | "amount_too_large" | "49" => Refusal::Limit,
            "NO_TEST_CARD"
            | "card_not_supported"
            | "currency_not_supported"
            | "transaction_not_allowed"
            | "17"
            | "28" => Refusal::Kind,
            _ if answer.verdict == Verdict::Error => Refusal::Technical,
            _ => Refusal::Unsaid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_bank_suspects_is_not_told() {
        let said = |verdict, code: &str| {
            Refusal::of(&Answer { verdict, error_code: code.to_owned(), ..Answer::never_received() })
        };
        for (code, refusal) in [
            ("insufficient_funds", Refusal::Funds),
            ("EXPIRED", Refusal::Expired),
            ("65", Refusal::SecurityCode),
            ("stolen_card", Refusal::Unsaid),
            ("fraudulent", Refusal::Unsaid),
            ("merchant_blacklist", Refusal::Unsaid),
            ("DECLINED", Refusal::Unsaid),
            ("2", Refusal::Unsaid),
        ] {
            assert_eq!(said(Verdict::Declined, code), refusal, "{code}");
        }
        assert_eq!(said(Verdict::Error, "PROCESSOR_ERROR"), Refusal::Technical);
        assert_eq!(said(Verdict::Error, "6"), Refusal::Number);
    }
}
