//! The language that a customer is addressed in, and the formats that go with it.

use billing::sessions::Flash;
use billing::{Error, Result};
use leptos::prelude::*;
use texts::{LOCALES, Texts, locale_name};

use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Choice, Input, Place, Select, Tab, TokenField};

pub const HERE: Place = Place::new(Tab::Account, "account/language");

pub fn load(portal: Portal) -> Page {
    let title = portal.texts.details_language();
    Page::signed_in(portal, HERE, title, content)
}

fn content(portal: &Portal) -> impl IntoView + use<> {
    let (t, flash) = (portal.texts, portal.flash.clone());
    let chosen = offered(&portal.me.account.locale);
    let choices: Vec<Choice> =
        LOCALES.iter().map(|value| Choice::new(*value, locale_name(value), *value == chosen)).collect();
    let input = Input::text("locale", t.details_language(), "language");
    let example = example(portal, t);
    view! {
        <div class="page-head"><h1>{t.details_language()}</h1></div>
        <form class="card form-card" method="post" novalidate>
            <TokenField token=portal.form_token.clone()/>
            <p>{t.details_language_text()}</p>
            <Select input options=choices flash/>
            <p class="field-hint">{format!("{}: {example}", t.details_example())}</p>
            <div class="cluster cluster-wide">
                <button class="button button-primary">{t.save()}</button>
                <a class="button" href=HERE.to("account")>{t.cancel()}</a>
            </div>
        </form>
    }
}

/// The one of the list that a stored locale means.
fn offered(locale: &str) -> &'static str {
    let known = LOCALES.iter().find(|offered| **offered == locale.replace('-', "_"));
    let alike = || LOCALES.iter().find(|offered| texts::Language::of(offered) == Some(Texts::of([locale]).language));
    known.or_else(alike).copied().unwrap_or(LOCALES[0])
}

/// `Sep 20, 2011, 2:05 PM · $1,234.50`, as these pages are written now.
fn example(portal: &Portal, t: Texts) -> String {
    let me = &portal.me;
    let now = t.moment(me.billing.now(&me.org), &me.org.time_zone);
    format!("{now} · {}", t.money(me.account.currency, domain::money::Amount(123_450)))
}

pub async fn change(portal: &Portal, form: &Form) -> Result<Answer> {
    let chosen = form.get("locale").unwrap_or_default();
    match portal.me.change_language(chosen).await {
        Ok(()) => {
            let t = Texts::of([chosen]);
            let flash = Flash { title: t.details_language_saved().to_owned(), ..Flash::default() };
            Ok(Answer { locale: Some(chosen.to_owned()), ..Answer::to("account").saying(flash) })
        }
        Err(Error::Invalid(_)) => {
            let t = portal.texts;
            let messages = vec![("locale".to_owned(), t.details_unknown_language().to_owned())];
            let flash = Flash { is_error: true, title: t.correct_fields(1), messages, values: Vec::new() };
            Ok(Answer::to(HERE.page).saying(flash))
        }
        Err(error) => Err(error),
    }
}
