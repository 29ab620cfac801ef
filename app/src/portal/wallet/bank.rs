//! A bank account, as American banks have them (ACH).

use billing::sessions::Flash;
use domain::checks::Problems;
use domain::wallet::{AccountNumber, AccountType, BankAccount, RoutingNumber};
use leptos::prelude::*;
use texts::Texts;

use super::holder;
use crate::forms::Form;
use crate::ui::{Choice, Field, Input, Select};

#[component]
pub fn BankFields(t: Texts, flash: Option<Flash>) -> impl IntoView {
    let holder = Input { length_max: Some(255), ..Input::text("account_holder", t.account_holder(), "name") };
    let routing = Input {
        is_number: true,
        length_max: Some(11),
        hint: Some(t.routing_number_hint()),
        ..Input::text("routing_number", t.routing_number(), "off")
    };
    let number =
        Input { is_number: true, length_max: Some(20), ..Input::text("account_number", t.account_number(), "off") };
    let kind = Input::text("account_type", t.account_type(), "off");
    let chosen = flash.as_ref().and_then(|flash| flash.value("account_type")).unwrap_or("Checking").to_owned();
    let choice = |kind: AccountType, label: &'static str| Choice::new(kind.as_str(), label, chosen == kind.as_str());
    let kinds =
        vec![choice(AccountType::Checking, t.checking_account()), choice(AccountType::Savings, t.savings_account())];
    view! {
        <Field input=holder flash=flash.clone()/>
        <Select input=kind options=kinds flash=flash.clone()/>
        <div class="field-row">
            <Field input=routing flash=flash.clone()/>
            <Field input=number flash/>
        </div>
        <p class="field-hint">{t.ach_authorization()}</p>
    }
}

/// The account, or everything that is wrong with it.
pub fn read(t: Texts, form: &Form) -> Result<BankAccount, Problems> {
    let mut problems = Problems::new();
    let holder = holder(t, form, "account_holder", &mut problems);
    let account_type = form.get("account_type").unwrap_or_default().parse::<AccountType>().ok();
    if account_type.is_none() {
        problems.add("account_type", t.account_type_missing());
    }
    let routing = RoutingNumber::parse(&digits(form, "routing_number"));
    if routing.is_none() {
        problems.add("routing_number", t.routing_number_wrong());
    }
    let number = AccountNumber::parse(&digits(form, "account_number"));
    if number.is_none() {
        problems.add("account_number", t.account_number_wrong());
    }
    match (account_type, routing, number) {
        (Some(account_type), Some(routing), Some(number)) => {
            let holder = Some(holder.to_owned());
            problems.result(BankAccount {
                routing,
                number,
                account_type,
                holder,
                bank_name: None,
                billing_address: None,
            })
        }
        _ => Err(problems),
    }
}

/// Without the blanks and dashes that people put between.
fn digits(form: &Form, field: &str) -> zeroize::Zeroizing<String> {
    let text = form.get(field).unwrap_or_default();
    zeroize::Zeroizing::new(text.chars().filter(|c| *c != ' ' && *c != '-').collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::wallet::again;

    #[test]
    fn an_account_is_read_and_what_is_wrong_is_told_without_its_number() {
        let form = |text: &str| Form::parse(text.as_bytes());
        let t = Texts::english();
        let good = form("account_holder=Ann&account_type=Savings&routing_number=021000021&account_number=1234-5678");
        assert_eq!(read(t, &good).unwrap().context(), "Savings: 5678");
        let bad =
            form("account_holder=&account_type=Gold&routing_number=123456789&account_number=99887766554433221100");
        let problems = read(t, &bad).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["account_holder", "account_type", "routing_number", "account_number"]);
        let flash = again(t, &bad, &problems);
        assert!(!format!("{flash:?}").contains("998877") && !format!("{flash:?}").contains("123456789"), "{flash:?}");
        let misplaced = form("account_holder=12345678&account_type=Checking");
        assert!(!format!("{:?}", again(t, &misplaced, &read(t, &misplaced).unwrap_err())).contains("12345678"));
    }
}
