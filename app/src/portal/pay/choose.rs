//! Step 1: which invoices.

use billing::Result;
use billing::display::{date, prefix};
use domain::dates::Date;
use domain::invoices::Invoice;
use leptos::prelude::*;

use crate::guard::Portal;
use crate::islands::{Choice, MoneyFormat, PickInvoices};
use crate::page::{Asked, Page};
use crate::portal::pay::Flow;
use crate::ui::{Empty, Place, Tab, amount, invoice_badge};

pub const HERE: Place = Place::new(Tab::Home, "pay");

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let payable = portal.me.payable().await?;
    let today = portal.me.billing.today(&portal.me.org);
    let is_fixed = portal.me.org.portal.pay_all;
    let numbers = asked.invoices();
    // A link may name what is long paid: then all is chosen, as without one.
    let is_named = payable.iter().any(|invoice| numbers.contains(&invoice.number));
    let chosen = |invoice: &Invoice| is_fixed || !is_named || numbers.contains(&invoice.number);
    let choices = payable.iter().map(|invoice| choice(invoice, today, chosen(invoice))).collect();
    let money = payable.first().map(money_format);
    let content = move |_: &Portal| content(is_fixed, choices, money);
    Ok(Page::signed_in(portal, HERE, "Choose invoices", content).with_islands())
}

fn content(is_fixed: bool, choices: Vec<Choice>, money: Option<MoneyFormat>) -> impl IntoView {
    let form = match money {
        Some(money) => view! {
            <form method="get" action=HERE.to("pay/card")>
                <PickInvoices choices money is_fixed/>
            </form>
        }
        .into_any(),
        None => view! {
            <Empty icon="check" title="There is nothing to pay" text="New invoices appear here."/>
        }
        .into_any(),
    };
    view! {
        <Flow step=0>{form}</Flow>
    }
}

fn choice(invoice: &Invoice, today: Date, is_chosen: bool) -> Choice {
    let status = invoice_badge(invoice, today);
    Choice {
        number: invoice.number.clone(),
        status: status.label.to_owned(),
        badge: status.class.to_owned(),
        due: format!("Due {}", date(invoice.due_on)),
        amount: amount(invoice.currency, invoice.payable()),
        amount_minor: invoice.payable().0,
        is_chosen,
    }
}

fn money_format(invoice: &Invoice) -> MoneyFormat {
    MoneyFormat { prefix: prefix(invoice.currency), scale: invoice.currency.scale() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::{Amount, Currency};

    #[test]
    fn the_island_writes_amounts_as_the_server_does() {
        for code in ["USD", "EUR", "JPY", "CHF", "KWD", "GBP"] {
            let currency: Currency = code.parse().unwrap();
            let money = MoneyFormat { prefix: prefix(currency), scale: currency.scale() };
            for minor in
                [0, 1, 9, 10, 99, 100, 999, 1000, 6050, 99_999, 100_000, 123_456_789, 99_999_999_999_999, -1, -3950]
            {
                assert_eq!(money.text(minor), amount(currency, Amount(minor)), "{code} {minor}");
            }
        }
    }
}
