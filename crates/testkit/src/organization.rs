//! Merchants to test with: the fixtures of the designed cases, as seed files.

/// The API user of `acme`.
pub const API_USER: &str = "api-acme";
pub const API_PASSWORD: &str = "Correct-Horse-7";
/// A staff member of `acme` without the right to use the API.
pub const STAFF_USER: &str = "staff-acme";
pub const STAFF_PASSWORD: &str = "Battery-Staple-8";
/// The API user of `rival`.
pub const RIVAL_USER: &str = "api-rival";
pub const RIVAL_PASSWORD: &str = "Paper-Clip-99";

/// A merchant in test mode, on 20 September 2011 at noon; its next invoice is 1019, its next order 1007.
pub const ACME: &str = r#"
[[organization]]
subdomain = "acme"
name = "Acme Hosting"
currency = "USD"
time_zone = "UTC"
locale = "en_US"
mode = "test"
clock = "2011-09-20T12:00:00Z"
payment_terms_value = 30
payment_terms_units = "Days"
invoice_number_start = 1019
order_number_start = 1007
embed_origins = ["https://www.acme.example", "http://127.0.0.1:8099"]
notifications = ["newInvoice", "newOrder", "paymentReceived"]

[organization.portal]
page_url = "https://www.acme.example/account"

[[organization.staff]]
username = "api-acme"
password = "Correct-Horse-7"
role = "ROLE_API"
email = "dev@acme.example"

[[organization.staff]]
username = "staff-acme"
password = "Battery-Staple-8"
role = "ROLE_STAFF"

[[organization.plan]]
contract_code = "WHITE-LBL-A"
name = "White label A"
product = "Hosting"
invoice_text = "White label hosting"
billing_period = "Monthly"
billing_alignment = "NextBillingPeriod"

[[organization.plan.charge]]
price_code = "MNTHLY"
invoice_text = "Monthly fee"
charge_type = "RecurringCharge"
price = "165.00"
is_prorated = true
is_mandatory = true

[[organization.plan.charge]]
price_code = "PAGES"
invoice_text = "Printed pages"
charge_type = "UsageCharge"
pricing_type = "TieredPricing"
is_prepaid = false
unit_of_measure = "page"
tiers = [ { units_from = 0, units_to = 100, price = "0.00" }, { units_from = 101, price = "1.65", is_overage = true } ]

[[organization.plan]]
contract_code = "FIXED-10"
name = "Fixed 10"
product = "Hosting"
billing_period = "Monthly"
billing_alignment = "StartDate"

[[organization.plan.charge]]
price_code = "FLAT"
charge_type = "RecurringCharge"
price = "10.00"

[[organization.plan.charge]]
price_code = "SETUP"
charge_type = "OneTimeCharge"
price = "25.00"

[[organization.overdue_rule]]
days_late = 15
status = "Overdue1"

[[organization.callback]]
url = "http://127.0.0.1:8098/hook"
secret = "s3cret"
events = ["newCustomer", "newInvoice", "paymentReceived"]
"#;

/// Another merchant on the same installation, in test mode, too.
pub const RIVAL: &str = r#"
[[organization]]
subdomain = "rival"
name = "Rival Hosting"
currency = "USD"
mode = "test"
clock = "2011-09-20T12:00:00Z"
invoice_number_start = 1019

[[organization.staff]]
username = "api-rival"
password = "Paper-Clip-99"
role = "ROLE_API"

[[organization.plan]]
contract_code = "RIVAL-20"
name = "Rival 20"
billing_period = "Monthly"

[[organization.plan.charge]]
price_code = "FLAT"
charge_type = "RecurringCharge"
price = "20.00"
is_mandatory = true
"#;
