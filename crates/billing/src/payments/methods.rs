//! What a payment is made with: a card or an account in hand, what the processor keeps, or the merchant's own till.

use domain::payment_methods::{Secret, Shown};
use domain::payments::MethodType;
use domain::wallet::{BankAccount, Card, Expiry, GatewayToken};

use super::PayRequest;
use crate::Result;
use crate::ports::{Gateway, Instrument, StandsFor};

#[derive(Clone, Debug)]
pub enum Method {
    Card(Card),
    Account(BankAccount),
    /// What the processor keeps: a card, an account, or whatever the token stands for.
    Token {
        method_type: MethodType,
        token: GatewayToken,
        /// `Visa: 1111`
        context: String,
        expiry: Option<Expiry>,
    },
    /// Taken by the merchant: paid at once, no processor.
    Cash,
    Check {
        number: Option<String>,
    },
}

impl Method {
    pub(super) fn method_type(&self) -> MethodType {
        match self {
            Method::Card(_) => MethodType::CreditCard,
            Method::Account(_) => MethodType::Ach,
            Method::Token { method_type, .. } => *method_type,
            Method::Cash => MethodType::Cash,
            Method::Check { .. } => MethodType::Check,
        }
    }

    pub(super) fn context(&self) -> String {
        match self {
            Method::Card(card) => card.context(),
            Method::Account(account) => account.context(),
            Method::Token { context, .. } => context.clone(),
            Method::Cash => "Cash".to_owned(),
            Method::Check { number: Some(number) } => format!("Check: {number}"),
            Method::Check { number: None } => "Check".to_owned(),
        }
    }

    /// What may be shown of it once it is kept on file.
    pub(super) fn shown(&self) -> Shown {
        match self {
            Method::Card(card) => Secret::Card(Box::new(card.clone())).shown(),
            Method::Account(account) => Secret::BankAccount(Box::new(account.clone())).shown(),
            Method::Token { method_type, context, expiry, .. } => {
                // `Visa`, `Visa: 1111`, or nothing but the type.
                let (brand, digits) = context.split_once(": ").map_or((context.as_str(), None), |(b, d)| (b, Some(d)));
                let brand = (brand != method_type.as_str()).then(|| brand.to_owned());
                Shown { brand, last_digits: digits.map(str::to_owned), expiry: *expiry }
            }
            Method::Cash | Method::Check { .. } => Shown::default(),
        }
    }

    /// Whether a processor is asked; else the merchant has the money already.
    pub(super) fn is_processed(&self) -> bool {
        match self {
            Method::Card(_) | Method::Account(_) | Method::Token { .. } => true,
            Method::Cash | Method::Check { .. } => false,
        }
    }

    /// What the processor is to charge; `None` where none is asked. Accounts are charged by `token`.
    pub(super) fn instrument(&self, token: Option<&GatewayToken>) -> Option<Instrument> {
        let by = |token: &GatewayToken, stands_for| Instrument::Token { token: token.expose().to_owned(), stands_for };
        match self {
            Method::Card(card) => Some(Instrument::Card(Box::new(card.clone()))),
            Method::Account(_) => {
                Some(by(token.expect("the processor was asked for a token before"), StandsFor::BankAccount))
            }
            Method::Token { method_type: MethodType::Ach, token, .. } => Some(by(token, StandsFor::BankAccount)),
            Method::Token { token, expiry, .. } => Some(by(token, StandsFor::Card { expiry: *expiry })),
            Method::Cash | Method::Check { .. } => None,
        }
    }
}

/// The processor's token for a method that is charged by one, or kept. Asked for before anything is stored: a token moves no
/// money.
pub(super) async fn token(gateway: &dyn Gateway, request: &PayRequest) -> Result<Option<GatewayToken>> {
    let token = match &request.method {
        Method::Account(account) => gateway.tokenize_account(account).await,
        Method::Card(card) if request.keep.is_some() => gateway.tokenize(card).await,
        Method::Token { token, .. } => return Ok(Some(token.clone())),
        Method::Card(_) | Method::Cash | Method::Check { .. } => return Ok(None),
    };
    Ok(Some(GatewayToken::new(&token?)))
}

impl From<(Secret, Option<String>)> for Method {
    /// A method as it came in; a check brings its number.
    fn from((secret, check_number): (Secret, Option<String>)) -> Method {
        let context = secret.context();
        match secret {
            Secret::Card(card) => Method::Card(*card),
            Secret::BankAccount(account) => Method::Account(*account),
            Secret::Token { token, expiry, .. } => {
                Method::Token { method_type: MethodType::Token, token, context, expiry }
            }
            Secret::Check => Method::Check { number: check_number },
            Secret::Cash => Method::Cash,
        }
    }
}
