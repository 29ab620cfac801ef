//! `/rest/gatewayEvents`: what processors reported that fits no payment, for a person to look at.

use axum::response::Response;
use billing::gateway_events;
use store::gateway_events::Quarantined;
use wire::gateway_events as xml;

use super::input::Api;
use super::lists::{self, Asked};
use super::reply::Refusal;

pub async fn quarantined(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    asked.result(())?;
    let (found, total) = gateway_events::quarantined(&mut api.billing.view(&api.access.org).await?, page).await?;
    let events: Vec<xml::Event<'_>> = found.iter().map(shown).collect();
    Ok(lists::reply(xml::write(&events), page, total))
}

/// Nothing that the processor wrote but what tells an event from others.
fn shown(event: &Quarantined) -> xml::Event<'_> {
    xml::Event {
        processor: event.processor,
        id: &event.event_id,
        event_type: &event.event_type,
        payment: event.key.as_deref().and_then(gateway_events::named_by),
        reason: &event.quarantined_because,
        received_at: event.received_at,
    }
}
