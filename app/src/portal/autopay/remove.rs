//! Whether a method is really to be taken off the file, and what follows from that.

use billing::portal::{Autopay, CannotKeep, CannotPay, OnFile};
use billing::{Error, Result};
use domain::ids::PaymentMethodId;
use leptos::prelude::*;

use super::{done, refusal};
use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::{Asked, Page};
use crate::ui::{Fact, Facts, Place, Tab, TokenField};

pub const HERE: Place = Place::new(Tab::Account, "autopay/remove");

pub async fn load(portal: Portal, asked: &Asked) -> Result<Page> {
    let autopay = portal.me.autopay().await?;
    let id = asked.number("method").map(PaymentMethodId);
    let found = autopay.methods.iter().find(|on_file| Some(on_file.method.id) == id).cloned();
    let found = found.ok_or(Error::NotFound("autopay method"))?;
    let title = portal.texts.remove_question();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &autopay, &found)))
}

fn content(portal: &Portal, autopay: &Autopay, found: &OnFile) -> impl IntoView + use<> {
    let t = portal.texts;
    let is_last = autopay.is_last(found);
    let stays = is_last && autopay.keeps_one;
    let name = t.method(&found.method.context());
    let text = match (stays, is_last) {
        (true, _) => t.last_method_stays(),
        (false, true) => t.remove_last_text(),
        (false, false) => t.remove_text(),
    };
    let facts: Vec<Fact> = vec![(t.column_method(), name.into()), (t.kept_by(), portal.me.org.name.as_str().into())];
    let remove = (!stays).then(|| view! { <button class="button button-primary button-large">{t.remove()}</button> });
    view! {
        <form class="card confirm narrow" method="post">
            <TokenField token=portal.form_token.clone()/>
            <input type="hidden" name="method" value=found.method.id.to_string()/>
            <h1>{t.remove_question()}</h1>
            <p class="page-intro">{text}</p>
            <Facts class="facts facts-ends" facts/>
            <div class="checkout-actions">
                {remove}
                <a class="button button-large" href=HERE.to("autopay")>{t.back()}</a>
            </div>
        </form>
    }
}

pub async fn remove(portal: &Portal, form: &Form) -> Result<Answer> {
    let id = form.get("method").and_then(|id| id.parse().ok()).map(PaymentMethodId);
    let removed = match id {
        Some(id) => portal.me.remove_method(id).await,
        None => Err(CannotKeep::Gone),
    };
    match removed {
        Ok(()) => Ok(Answer::to("autopay").saying(done(portal.texts.method_removed()))),
        Err(CannotKeep::Pay(CannotPay::Failed(error))) => Err(error),
        Err(why) => Ok(Answer::to("autopay").saying(refusal(portal, &why)?)),
    }
}
