//! Customers, their states, and what they owe (`api.md` §2.1, §2.3).

use crate::contacts::{Contact, NewContact};
use crate::dates::{Date, Timestamp};
use crate::ids::CustomerId;
use crate::money::{Amount, Currency};
use crate::organizations::Terms;

pub const EXT_CUSTOMER_REF_MAX: usize = 50;
pub const FOREIGN_ID_MAX: usize = 25;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub id: CustomerId,
    pub name: String,
    pub status: CustomerStatus,
    /// The merchant's own id; unique in the organization.
    pub ext_customer_ref: Option<String>,
    pub crm_customer_id: Option<String>,
    pub erp_customer_id: Option<String>,
    pub locale: String,
    pub is_business_account: bool,
    pub terms: Terms,
    pub currency: Currency,
    pub billing_contact: Contact,
    pub sales_contact: Option<Contact>,
    pub financials_id: i64,
    pub financials: Financials,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is shown of a customer wherever it is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub customer: CustomerId,
    pub name: String,
    pub status: CustomerStatus,
    /// `de_AT`: the language of what the customer reads.
    pub locale: String,
    pub currency: Currency,
    pub balances: Balances,
}

/// Of its [`Financials`], what every page may show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    pub outstanding_balance: Amount,
    pub last_payment_amount: Amount,
    pub last_payment_on: Option<Date>,
    pub last_invoice_amount: Amount,
    pub last_invoiced_on: Option<Date>,
}

impl From<&Financials> for Balances {
    fn from(financials: &Financials) -> Balances {
        Balances {
            outstanding_balance: financials.outstanding_balance,
            last_payment_amount: financials.last_payment_amount,
            last_payment_on: financials.last_payment_on,
            last_invoice_amount: financials.last_invoice_amount,
            last_invoiced_on: financials.last_invoiced_on,
        }
    }
}

impl From<&Customer> for Account {
    fn from(customer: &Customer) -> Account {
        Account {
            customer: customer.id,
            name: customer.name.clone(),
            status: customer.status,
            locale: customer.locale.clone(),
            currency: customer.currency,
            balances: (&customer.financials).into(),
        }
    }
}

/// A customer as it comes in; what is absent becomes the organization's default.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    pub name: String,
    pub status: Option<CustomerStatus>,
    pub ext_customer_ref: Option<String>,
    pub crm_customer_id: Option<String>,
    pub erp_customer_id: Option<String>,
    pub locale: Option<String>,
    pub is_business_account: bool,
    pub payment_terms_value: Option<i64>,
    pub payment_terms_units: Option<crate::dates::TimeUnit>,
    pub currency: Option<Currency>,
    pub billing_contact: NewContact,
    pub sales_contact: Option<NewContact>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerStatus {
    Active,
    Overdue1,
    Overdue2,
    Overdue3,
    Suspended1,
    Suspended2,
    Suspended3,
    InActive1,
    InActive2,
}

crate::names!(CustomerStatus {
    Active => "Active",
    Overdue1 => "Overdue1",
    Overdue2 => "Overdue2",
    Overdue3 => "Overdue3",
    Suspended1 => "Suspended1",
    Suspended2 => "Suspended2",
    Suspended3 => "Suspended3",
    InActive1 => "InActive1",
    InActive2 => "InActive2",
});

impl CustomerStatus {
    /// Whether runs bill the customer.
    pub fn is_billed(self) -> bool {
        match self {
            CustomerStatus::Active | CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
                true
            }
            CustomerStatus::Suspended1
            | CustomerStatus::Suspended2
            | CustomerStatus::Suspended3
            | CustomerStatus::InActive1
            | CustomerStatus::InActive2 => false,
        }
    }

    /// Whether the daily run charges the methods on file: nobody pays for what is suspended without being asked.
    pub fn is_charged_by_run(self) -> bool {
        match self {
            CustomerStatus::Active | CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
                true
            }
            CustomerStatus::Suspended1
            | CustomerStatus::Suspended2
            | CustomerStatus::Suspended3
            | CustomerStatus::InActive1
            | CustomerStatus::InActive2 => false,
        }
    }

    /// An `InActive*` customer has no portal (`api.md` §8.1).
    pub fn may_enter_portal(self) -> bool {
        !matches!(self, CustomerStatus::InActive1 | CustomerStatus::InActive2)
    }
}

/// What the customer owes and has paid: sums of the ledger, kept beside it (`api.md` §2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Financials {
    /// The ledger's truth; negative: the customer is in credit.
    pub outstanding_balance: Amount,
    /// Owed before the last invoice.
    pub previous_balance: Amount,
    /// The charges of the last invoice.
    pub current_balance: Amount,
    pub last_payment_amount: Amount,
    pub last_payment_on: Option<Date>,
    pub last_invoice_amount: Amount,
    pub last_invoiced_on: Option<Date>,
    /// Without credits and refunds.
    pub lifetime_payments: Amount,
    /// Everything ever invoiced.
    pub lifetime_value: Amount,
}

impl Financials {
    pub fn invoiced(mut self, amount: Amount, on: Date) -> Financials {
        self.previous_balance = self.outstanding_balance;
        self.current_balance = amount;
        self.outstanding_balance += amount;
        self.last_invoice_amount = amount;
        self.last_invoiced_on = Some(on);
        self.lifetime_value += amount;
        self
    }

    /// An invoice was changed or cancelled: the customer owes so much more, or less. What the last invoice came to
    /// when it was made stays.
    pub fn corrected(mut self, amount: Amount) -> Financials {
        self.outstanding_balance += amount;
        self.lifetime_value += amount;
        self
    }

    pub fn paid(mut self, amount: Amount, on: Date) -> Financials {
        self.outstanding_balance = self.outstanding_balance - amount;
        self.last_payment_amount = amount;
        self.last_payment_on = Some(on);
        self.lifetime_payments += amount;
        self
    }

    /// A payment was given back, or never came in: the customer owes it again, and has not paid it.
    pub fn unpaid(mut self, amount: Amount) -> Financials {
        self.outstanding_balance += amount;
        self.lifetime_payments = self.lifetime_payments - amount;
        self
    }

    /// No money moved: the customer owes less; more, where the amount is negative.
    pub fn credited(mut self, amount: Amount) -> Financials {
        self.outstanding_balance = self.outstanding_balance - amount;
        self
    }
}
