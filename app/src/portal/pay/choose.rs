//! Step 1: which invoices.

use billing::Result;
use domain::dates::Date;
use domain::invoices::Invoice;
use domain::money::Currency;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::islands::{Choice, Labels, MoneyFormat, PickInvoices};
use crate::page::{Asked, Page};
use crate::portal::pay::Flow;
use crate::ui::{Empty, Place, Tab, invoice_badge};

pub const HERE: Place = Place::new(Tab::Home, "pay");

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let t = portal.texts;
    let payable = portal.me.payable().await?;
    let today = portal.me.billing.today(&portal.me.org);
    let is_fixed = portal.me.org.portal.pay_all;
    let numbers = asked.invoices();
    // A link may name what is long paid: then all is chosen, as without one.
    let is_named = payable.iter().any(|invoice| numbers.contains(&invoice.number));
    let chosen = |invoice: &Invoice| is_fixed || !is_named || numbers.contains(&invoice.number);
    let choices = payable.iter().map(|invoice| choice(t, invoice, today, chosen(invoice))).collect();
    let money = payable.first().map(|first| money_format(t, first.currency));
    let content = move |_: &Portal| content(t, is_fixed, choices, money);
    Ok(Page::signed_in(portal, HERE, t.choose_invoices(), content).with_islands())
}

fn content(t: Texts, is_fixed: bool, choices: Vec<Choice>, money: Option<MoneyFormat>) -> impl IntoView {
    let form = match money {
        Some(money) => view! {
            <form method="get" action=HERE.to("pay/card")>
                <PickInvoices choices money labels=labels(t, is_fixed) is_fixed/>
            </form>
        }
        .into_any(),
        None => view! {
            <Empty icon="check" title=t.nothing_to_pay_title() text=t.new_invoices_appear()/>
        }
        .into_any(),
    };
    view! {
        <Flow t step=0>{form}</Flow>
    }
}

fn choice(t: Texts, invoice: &Invoice, today: Date, is_chosen: bool) -> Choice {
    let status = invoice_badge(t, invoice, today);
    Choice {
        number: invoice.number.clone(),
        title: t.invoice_number(&invoice.number),
        status: status.label.to_owned(),
        badge: status.class.to_owned(),
        due: t.due_on(t.date(invoice.due_on)),
        amount: t.money(invoice.currency, invoice.payable()),
        amount_minor: invoice.payable().0,
        is_chosen,
    }
}

fn labels(t: Texts, is_fixed: bool) -> Labels {
    Labels {
        question: if is_fixed { t.invoices_paid_together() } else { t.choose_invoices_question() }.to_owned(),
        selected: t.selected_invoices().to_owned(),
        go_on: t.go_on().to_owned(),
        update: t.update_total().to_owned(),
    }
}

/// For the browser.
fn money_format(t: Texts, currency: Currency) -> MoneyFormat {
    let texts::MoneyFormat { positive, negative, after, group, decimal, grouped_from, scale } =
        t.money_format(currency);
    MoneyFormat { positive, negative, after, group, decimal, grouped_from, scale }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Amount;

    #[test]
    fn the_island_writes_amounts_as_the_server_does() {
        let codes = ["USD", "EUR", "JPY", "CHF", "KWD", "GBP"];
        let pairs =
            ["en", "de", "de-CH", "fr", "pl", "pt-BR", "nl", "ja", "ar"].map(|locale| codes.map(|code| (locale, code)));
        for (locale, code) in pairs.into_iter().flatten() {
            let (t, currency) = (Texts::of([locale]), code.parse().unwrap());
            let money = money_format(t, currency);
            for minor in
                [0, 1, 9, 10, 99, 100, 999, 1000, 6050, 99_999, 100_000, 123_456_789, 99_999_999_999_999, -1, -3950]
            {
                assert_eq!(money.text(minor), t.money(currency, Amount(minor)), "{locale} {code} {minor}");
            }
        }
    }
}
