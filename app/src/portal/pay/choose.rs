//! Step 1: which invoices, or how much.

use billing::Result;
use billing::portal::Wish;
use billing::sessions::Flash;
use domain::dates::Date;
use domain::invoices::OpenInvoice;
use domain::money::Currency;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::islands::{Choice, Labels, MoneyFormat, PickInvoices};
use crate::page::{Asked, Page};
use crate::portal::pay::{Flow, method, wish};
use crate::ui::{Empty, Field, Input, Place, Problems, Tab, open_badge};

pub const HERE: Place = Place::new(Tab::Home, "pay");

/// Invoices to choose from. Each that is chosen is named by an address, then by a form with the method: both have an end.
const CHOICES_MAX: usize = 500;

pub async fn load(mut portal: Portal, asked: &Asked) -> Result<Page> {
    let wish = wish(portal.texts, portal.me.account.currency, asked.query());
    let flash = portal.flash.take();
    page(portal, HERE, &wish, flash).await
}

/// The page with what was asked for, and what is wrong with it; `place` is where it is shown.
pub async fn page(portal: Portal, place: Place, wish: &Wish, flash: Option<Flash>) -> Result<Page> {
    let t = portal.texts;
    let (all, has_saved) = portal.me.choices().await?;
    let open = all.len();
    let first = method::first(&portal.me, has_saved);
    let (today, profile) = (portal.me.today(), &portal.me.org.portal);
    let (is_fixed, is_free) = (profile.pay_all, profile.free_amount);
    let numbers = &wish.invoices;
    let payable = if is_fixed { all } else { listed(all, numbers) };
    let count = |count: usize| t.number(i64::try_from(count).unwrap_or(i64::MAX));
    let rest = (payable.len() < open).then(|| t.oldest_invoices_listed(count(payable.len()), count(open)));
    // A link may name what is long paid: then all is chosen, as without one; unless an amount says that none is meant.
    let is_named = payable.iter().any(|invoice| numbers.contains(&invoice.number));
    let is_all = is_fixed || (!is_named && wish.amount.is_none());
    let chosen = |invoice: &OpenInvoice| is_all || numbers.contains(&invoice.number);
    let choices: Vec<Choice> = payable.iter().map(|invoice| choice(t, invoice, today, chosen(invoice))).collect();
    let currency = portal.me.account.currency;
    let is_wrong = flash.as_ref().is_some_and(|flash| flash.is_error);
    let typed = wish.amount.clone();
    let content = move |_: &Portal| {
        let amount = is_free.then(|| (typed, flash.clone()));
        let to = place.to(first.unwrap_or("pay/card"));
        let form = match (choices.is_empty(), amount) {
            (true, None) => view! {
                <Empty icon="check" title=t.nothing_to_pay_title() text=t.new_invoices_appear()/>
            }
            .into_any(),
            (true, Some(amount)) => view! { <PayAhead t to currency amount/> }.into_any(),
            (false, amount) => view! { <Choose t place to choices currency is_fixed amount/> }.into_any(),
        };
        view! {
            <Flow t step=0>
                {flash.map(|flash| view! { <Problems flash/> })}
                {rest.map(|rest| view! { <p class="page-intro">{rest}</p> })}
                {form}
            </Flow>
        }
    };
    Ok(Page::signed_in(portal, place, t.choose_invoices(), content).with_islands().wrong(is_wrong))
}

/// Those that are named, and the oldest.
fn listed(payable: Vec<OpenInvoice>, named: &[String]) -> Vec<OpenInvoice> {
    let is_named = |invoice: &OpenInvoice| named.contains(&invoice.number);
    let mut left = CHOICES_MAX.saturating_sub(payable.iter().filter(|invoice| is_named(invoice)).count());
    let mut takes = |invoice: &OpenInvoice| {
        let is_taken = is_named(invoice) || left > 0;
        left -= usize::from(is_taken && !is_named(invoice));
        is_taken
    };
    payable.into_iter().filter(|invoice| takes(invoice)).collect()
}

/// What was typed as an amount, and what is wrong with it.
type Typed = (Option<String>, Option<Flash>);

#[component]
fn Choose(
    t: Texts,
    place: Place,
    to: String,
    choices: Vec<Choice>,
    currency: Currency,
    is_fixed: bool,
    amount: Option<Typed>,
) -> impl IntoView {
    let may_be_none = amount.is_some();
    let money = money_format(t, currency);
    let labels = labels(t, is_fixed, place.to("pay"));
    let typed = amount.as_ref().and_then(|(typed, _)| typed.clone());
    view! {
        <form method="get" action=to novalidate>
            // Before the island: one with children can't be rendered where no script is built.
            {amount.map(|amount| view! { <AmountChoice t currency amount/> })}
            <PickInvoices choices money labels is_fixed may_be_none typed/>
        </form>
    }
}

/// All that is chosen, or another amount: more becomes the customer's credit, less leaves the rest open.
#[component]
fn AmountChoice(t: Texts, currency: Currency, amount: Typed) -> impl IntoView {
    let is_other = amount.0.is_some();
    let radio = |value: &'static str, label: &'static str, is_chosen: bool| {
        view! {
            <label class="choice">
                <input class="check-box" type="radio" name="how" value=value checked=is_chosen/>
                <span class="choice-title">{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="amount-choice">
            <legend class="section-head"><h2>{t.how_much_question()}</h2></legend>
            <div class="choices">
                {radio("total", t.all_that_is_chosen(), !is_other)}
                {radio("other", t.another_amount(), is_other)}
            </div>
            <div class="amount-field"><AmountField t currency amount/></div>
        </fieldset>
    }
}

#[component]
fn AmountField(t: Texts, currency: Currency, amount: Typed) -> impl IntoView {
    let (typed, flash) = amount;
    let input = Input {
        is_decimal: true,
        length_max: Some(40),
        hint: Some(t.amount_hint()),
        suffix: Some(currency.code()),
        ..Input::text("amount", t.column_amount(), "off")
    };
    let mut flash = flash.unwrap_or_default();
    flash.values.extend(typed.map(|typed| ("amount".to_owned(), typed)));
    view! { <Field input flash=Some(flash)/> }
}

/// There is nothing to pay, but something may be paid ahead.
#[component]
fn PayAhead(t: Texts, to: String, currency: Currency, amount: Typed) -> impl IntoView {
    view! {
        <form class="checkout-form" method="get" action=to novalidate>
            <h2>{t.pay_ahead()}</h2>
            <p class="muted">{t.pay_ahead_text()}</p>
            <input type="hidden" name="how" value="other"/>
            <AmountField t currency amount/>
            <div class="checkout-actions">
                <button class="button button-primary button-large">{t.go_on()}</button>
            </div>
        </form>
    }
}

fn choice(t: Texts, invoice: &OpenInvoice, today: Date, is_chosen: bool) -> Choice {
    let status = open_badge(t, invoice, today);
    Choice {
        number: invoice.number.clone(),
        title: t.invoice_number(&invoice.number),
        status: status.label.to_owned(),
        badge: status.class.to_owned(),
        due: t.due_on(t.date(invoice.due_on)),
        amount: t.money(invoice.currency, invoice.payable),
        amount_minor: invoice.payable.0,
        is_chosen,
    }
}

fn labels(t: Texts, is_fixed: bool, update_page: String) -> Labels {
    Labels {
        question: if is_fixed { t.invoices_paid_together() } else { t.choose_invoices_question() }.to_owned(),
        selected: t.selected_invoices().to_owned(),
        other: t.another_amount().to_owned(),
        go_on: t.go_on().to_owned(),
        update: t.update_total().to_owned(),
        update_page,
    }
}

/// For the browser.
fn money_format(t: Texts, currency: Currency) -> MoneyFormat {
    let texts::MoneyFormat { positive, negative, after, group, decimal, grouped_from, scale } =
        t.money_format(currency).clone();
    MoneyFormat { positive, negative, after, group, decimal, grouped_from, scale }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::pay::mark;
    use domain::money::Amount;
    use domain::typed_amounts::parse;

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
    #[test]
    fn the_island_reads_amounts_as_the_server_does_or_not_at_all() {
        let signs = ["", ".", ",", " ", "\u{a0}", "'", "-", "x"];
        let groups = ["", "0", "5", "50", "234", "1234"];
        let mut texts = vec!["$60.50".to_owned(), "60.50 \u{20ac}".to_owned(), "1.234.567,5".to_owned()];
        for (a, b) in signs.iter().flat_map(|a| signs.map(|b| (*a, b))) {
            texts.extend(groups.iter().flat_map(|x| groups.map(|y| format!("{x}{a}234{b}{y}"))));
            texts.extend(groups.iter().map(|x| format!("1{a}{x}{b}")));
        }
        for (locale, code) in
            ["en", "de", "de-CH", "fr", "pl"].iter().flat_map(|l| ["USD", "JPY", "KWD"].map(|c| (l, c)))
        {
            let (t, currency) = (Texts::of([*locale]), code.parse().unwrap());
            let (money, mark) = (money_format(t, currency), mark(t, currency));
            for text in &texts {
                if let (Some(minor), Ok(amount)) = (money.minor(text), parse(text, currency, mark)) {
                    assert_eq!(minor, amount.0, "{locale} {code} {text}");
                }
            }
        }
        let [en, de] = ["en", "de"].map(|locale| money_format(Texts::of([locale]), "USD".parse().unwrap()));
        assert_eq!(
            ["25", "1,234.5", "1,234", "$25.00", ""].map(|text| en.minor(text)),
            [Some(2500), Some(123_450), Some(123_400), Some(2500), None]
        );
        assert_eq!(
            ["25,5", "1.234", "12.50", "1.234,50", "-5"].map(|text| de.minor(text)),
            [Some(2550), Some(123_400), Some(1250), Some(123_450), None]
        );
    }
}
