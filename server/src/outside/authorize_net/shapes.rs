//! The shapes of what Authorize.Net is asked; the order of the fields is the order in which they are written.

use serde::Serialize;
use zeroize::Zeroizing;

/// Goes into the request and nowhere else.
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: &str) -> Secret {
        Secret(Zeroizing::new(text.to_owned()))
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// By its only field it says what it is.
#[derive(Serialize)]
pub enum Body<'a> {
    #[serde(rename = "createTransactionRequest")]
    Transact(TransactionQuestion<'a>),
    #[serde(rename = "createCustomerProfileRequest")]
    CreateProfile(ProfileQuestion<'a>),
    #[serde(rename = "getTransactionDetailsRequest")]
    Details(DetailsQuestion<'a>),
    #[serde(rename = "getUnsettledTransactionListRequest")]
    Unsettled(ListQuestion<'a>),
    #[serde(rename = "getTransactionListRequest")]
    Batch(ListQuestion<'a>),
    #[serde(rename = "getSettledBatchListRequest")]
    Batches(BatchesQuestion<'a>),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authentication<'a> {
    pub name: &'a str,
    pub transaction_key: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionQuestion<'a> {
    pub merchant_authentication: Authentication<'a>,
    pub ref_id: String,
    pub transaction_request: TransactionRequest<'a>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TransactionRequest<'a> {
    pub transaction_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment: Option<Payment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileToCharge<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ref_trans_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_to: Option<BillTo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_settings: Option<Settings>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Payment {
    CreditCard(CreditCard),
    BankAccount(AccountToCharge),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreditCard {
    pub card_number: Secret,
    pub expiration_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_code: Option<Secret>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountToCharge {
    pub account_type: &'static str,
    pub routing_number: String,
    pub account_number: Secret,
    pub name_on_account: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileToCharge<'a> {
    pub customer_profile_id: &'a str,
    pub payment_profile: PaymentProfile<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentProfile<'a> {
    pub payment_profile_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub invoice_number: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BillTo {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub zip: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

#[derive(Serialize)]
pub struct Settings {
    pub setting: [Setting; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Setting {
    pub setting_name: &'static str,
    pub setting_value: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileQuestion<'a> {
    pub merchant_authentication: Authentication<'a>,
    pub profile: NewProfile,
    pub validation_mode: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewProfile {
    pub merchant_customer_id: String,
    pub payment_profiles: NewPaymentProfile,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewPaymentProfile {
    pub customer_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_to: Option<BillTo>,
    pub payment: Payment,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailsQuestion<'a> {
    pub merchant_authentication: Authentication<'a>,
    pub trans_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListQuestion<'a> {
    pub merchant_authentication: Authentication<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<&'a str>,
    pub sorting: Sorting,
    pub paging: Paging,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sorting {
    pub order_by: &'static str,
    pub order_descending: bool,
}

#[derive(Serialize)]
pub struct Paging {
    pub limit: usize,
    pub offset: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchesQuestion<'a> {
    pub merchant_authentication: Authentication<'a>,
    pub first_settlement_date: String,
    pub last_settlement_date: String,
}
