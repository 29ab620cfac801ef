//! Events of Stripe: `Stripe-Signature: t=…,v1=…`, HMAC-SHA256 over the time and the body.

use std::collections::HashMap;

use billing::gateway_events::{About, Given, Incoming, Sale};
use domain::payments::Processor;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use super::{Refused, Sent, header, unhex};

/// How old a signature may be, and how far ahead of our clock.
const TOLERANCE_SECONDS: i64 = 300;

#[derive(Deserialize)]
struct Event {
    id: String,
    r#type: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    amount: Option<serde_json::Number>,
    currency: Option<String>,
    metadata: Option<HashMap<String, String>>,
}

pub fn read(sent: &Sent<'_>) -> Result<Incoming, Refused> {
    let signature = header(sent.headers, "stripe-signature").ok_or(Refused::Unsigned)?;
    if !is_signed(sent, signature) {
        return Err(Refused::Unsigned);
    }
    let event: Event = serde_json::from_slice(sent.body).map_err(|_| Refused::Unreadable)?;
    let about = about(&event.r#type, event.data.object, sent);
    Ok(Incoming { processor: Processor::Stripe, id: event.id, event_type: event.r#type, about })
}

/// While the key is changed there are two signatures.
fn is_signed(sent: &Sent<'_>, signature: &str) -> bool {
    let parts: Vec<(&str, &str)> = signature.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let Some((_, time)) = parts.iter().find(|(name, _)| *name == "t") else { return false };
    let age = time.parse().ok().and_then(|time: i64| sent.now.0.as_second().checked_sub(time));
    if age.is_none_or(|age| age.abs() > TOLERANCE_SECONDS) {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(sent.key.as_bytes()) else { return false };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(sent.body);
    let is_right = |digest: &str| unhex(digest).is_some_and(|digest| mac.clone().verify_slice(&digest).is_ok());
    parts.iter().filter(|(name, _)| *name == "v1").any(|(_, digest)| is_right(digest))
}

fn about(event_type: &str, object: Object, sent: &Sent<'_>) -> About {
    let is_approved = match event_type {
        "payment_intent.succeeded" => true,
        "payment_intent.payment_failed" | "payment_intent.canceled" => false,
        dispute if dispute.starts_with("charge.dispute.") => return About::Unasked,
        _ => return About::Nothing,
    };
    let mut metadata = object.metadata.unwrap_or_default();
    if !is_approved && metadata.contains_key("closes") {
        // What only used an idempotency key up.
        return About::Nothing;
    }
    let is_ours = metadata.get("organization") == Some(&sent.org.to_string());
    About::Sale(Sale {
        key: metadata.remove("key").filter(|_| is_ours),
        amount: object.amount.and_then(|amount| amount.as_i64()).map_or(Given::Unreadable, Given::Minor),
        currency: Some(object.currency.unwrap_or_default()),
        is_approved,
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;
    use domain::ids::OrganizationId;

    use super::*;

    /// `printf '%s' '1316520000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_test`
    const DIGEST: &str = "1222a744cb59f345fb3ad8b1b10a6f557133f279297c720daba3711fb233d8b1";

    fn is_taken(signature: &str, body: &'static str, key: &str, now: &str) -> bool {
        let (headers, body) = (HeaderMap::new(), Bytes::from_static(body.as_bytes()));
        let sent = Sent { headers: &headers, body: &body, key, org: OrganizationId(7), now: now.parse().unwrap() };
        is_signed(&sent, signature)
    }

    #[test]
    fn a_signature_is_of_this_body_with_this_key_and_not_old() {
        let (body, key, now) = (r#"{"id":"evt_1"}"#, "whsec_test", "2011-09-20T12:00:00Z");
        let right = format!("t=1316520000,v1={DIGEST}");
        assert!(is_taken(&right, body, key, now));
        assert!(is_taken(&format!("t=1316520000,v0=00,v1={},v1={DIGEST}", "0".repeat(64)), body, key, now));
        assert!(is_taken(&right, body, key, "2011-09-20T12:05:00Z"));
        for (signature, body, key, now) in [
            (right.as_str(), r#"{"id":"evt_2"}"#, key, now),
            (&right, body, "whsec_other", now),
            (&right, body, key, "2011-09-20T12:05:01Z"),
            (&right, body, key, "2011-09-20T11:54:59Z"),
            (&right.replace("v1", "v0"), body, key, now),
            (&right.replace("1316520000", "1316520001"), body, key, now),
            (&right.replace("1316520000", "-9223372036854775808"), body, key, now),
            (&format!("v1={DIGEST}"), body, key, now),
            ("t=1316520000,v1=", body, key, now),
            ("t=1316520000,v1=é", body, key, now),
            ("", body, key, now),
        ] {
            assert!(!is_taken(signature, body, key, now), "{signature} {body} {key} {now}");
        }
    }
}
