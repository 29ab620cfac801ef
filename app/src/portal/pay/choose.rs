//! Step 1: which invoices.

use billing::display::{date, prefix};
use domain::dates::Date;
use domain::invoices::Invoice;
use leptos::prelude::*;

use crate::guard::{Portal, signed_in};
use crate::islands::{Choice, MoneyFormat, PickInvoices};
use crate::page::page_with_islands;
use crate::portal::pay::Flow;
use crate::portal::query_invoices;
use crate::ui::{Empty, Layout, Place, Tab, amount, invoice_badge};

const HERE: Place = Place::new(Tab::Home, "pay");

#[component]
pub fn ChoosePage() -> impl IntoView {
    let portal = signed_in();
    let numbers = query_invoices();
    page_with_islands(HERE, async move {
        let portal = portal?;
        let payable = portal.me.payable().await?;
        let customer = portal.me.customer().await?;
        let today = portal.me.billing.today(&portal.me.org);
        let is_fixed = portal.me.org.portal.pay_all;
        // A link may name what is long paid: then all is chosen, as without one.
        let is_named = payable.iter().any(|invoice| numbers.contains(&invoice.number));
        let chosen = |invoice: &Invoice| is_fixed || !is_named || numbers.contains(&invoice.number);
        let choices = payable.iter().map(|invoice| choice(invoice, today, chosen(invoice))).collect();
        let money = payable.first().map(money_format);
        Ok(view! { <ChooseView portal name=customer.name choices money/> })
    })
}

#[component]
fn ChooseView(portal: Portal, name: String, choices: Vec<Choice>, money: Option<MoneyFormat>) -> impl IntoView {
    let is_fixed = portal.me.org.portal.pay_all;
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
        <Layout portal place=HERE title="Choose invoices" name>
            <Flow step=0>{form}</Flow>
        </Layout>
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
