//! Events of Authorize.Net: `X-ANET-Signature: sha512=…`, HMAC-SHA512 over the body. There is no time in it: an event
//! that is sent again is known by its id.

use std::str::FromStr;

use billing::gateway_events::{About, Given, Incoming, Sale};
use domain::payments::Processor;
use hmac::{Hmac, KeyInit, Mac};
use rust_decimal::Decimal;
use serde::Deserialize;
use sha2::Sha512;

use super::{Refused, Sent, header, unhex};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    notification_id: String,
    event_type: String,
    payload: Payload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    invoice_number: Option<String>,
    auth_amount: Option<serde_json::Number>,
    response_code: Option<serde_json::Number>,
}

pub fn read(sent: &Sent<'_>) -> Result<Incoming, Refused> {
    let signature = header(sent.headers, "x-anet-signature").ok_or(Refused::Unsigned)?;
    if !is_signed(sent, signature) {
        return Err(Refused::Unsigned);
    }
    let event: Event = serde_json::from_slice(sent.body).map_err(|_| Refused::Unreadable)?;
    let about = about(&event.event_type, event.payload);
    let processor = Processor::AuthorizeNet;
    Ok(Incoming { processor, id: event.notification_id, event_type: event.event_type, about })
}

/// The documentation leaves open whether the key is its text or what its digits stand for; both are secret.
fn is_signed(sent: &Sent<'_>, signature: &str) -> bool {
    let digest = signature.trim().split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("sha512"));
    let Some(digest) = digest.and_then(|(_, digest)| unhex(digest)) else { return false };
    let keys = [Some(sent.key.as_bytes().to_vec()), unhex(sent.key)];
    keys.into_iter().flatten().any(|key| {
        let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(&key) else { return false };
        mac.update(sent.body);
        mac.verify_slice(&digest).is_ok()
    })
}

fn about(event_type: &str, payload: Payload) -> About {
    let is_sale = matches!(
        event_type,
        "net.authorize.payment.authcapture.created"
            | "net.authorize.payment.fraud.approved"
            | "net.authorize.payment.fraud.declined"
    );
    if !is_sale {
        return About::Nothing;
    }
    let is_approved = payload.response_code.and_then(|code| code.as_i64()) == Some(1);
    let amount = payload.auth_amount.and_then(|amount| Decimal::from_str(&amount.to_string()).ok());
    About::Sale(Sale {
        key: payload.invoice_number,
        amount: amount.map_or(Given::Unreadable, Given::Major),
        // The account has one, and no event says it.
        currency: None,
        is_approved: is_approved && event_type != "net.authorize.payment.fraud.declined",
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::HeaderMap;
    use domain::ids::OrganizationId;

    use super::*;

    const KEY: &str = "0123456789ABCDEF";
    /// `printf '%s' '{"notificationId":"n-1"}' | openssl dgst -sha512 -hmac 0123456789ABCDEF`
    const BY_TEXT: &str = "9fc4cd7fde1fbdfab0589deb554f147023d862f40c00a046fb0dd7f167f1f906bb046e974932c7f171efb8b4994d7e32178ddcbe11c85b2f18d61af551421387";
    /// The same with `-mac HMAC -macopt hexkey:0123456789ABCDEF`.
    const BY_DIGITS: &str = "251d564a1b1e8f23ee4212347e35370227f4041b662ef39efc5f33018dd547d9c9827fda63b4858fa7f8985626d7bff5793c22c1cd6248048e104237f68e434e";

    fn is_taken(signature: &str, body: &'static str, key: &str) -> bool {
        let (headers, body) = (HeaderMap::new(), Bytes::from_static(body.as_bytes()));
        let now = "2011-09-20T12:00:00Z".parse().unwrap();
        is_signed(&Sent { headers: &headers, body: &body, key, org: OrganizationId(7), now }, signature)
    }

    #[test]
    fn a_signature_is_of_this_body_with_this_key() {
        let body = r#"{"notificationId":"n-1"}"#;
        for digest in [BY_TEXT.to_owned(), BY_DIGITS.to_owned(), BY_TEXT.to_ascii_uppercase()] {
            assert!(is_taken(&format!("sha512={digest}"), body, KEY), "{digest}");
            assert!(!is_taken(&format!("sha512={digest}"), "{}", KEY));
            assert!(!is_taken(&format!("sha512={digest}"), body, "0123456789ABCDEE"));
        }
        for wrong in ["", "sha512=", "sha512", "sha512=zz", &format!("sha256={BY_TEXT}"), BY_TEXT] {
            assert!(!is_taken(wrong, body, KEY), "{wrong}");
        }
    }
}
