//! Signed tokens that let a customer in: the other form of a link, for merchants who want no secret
//! in an address (`api.md` §8.1). Link and token are one credential; whichever comes first uses it up.

use billing::secrets::Purpose;
use billing::sessions::Minted;
use domain::ids::{CustomerId, SsoLinkId};
use domain::organizations::Organization;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::state::State;

const LIFE_SECONDS: i64 = 5 * 60;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    /// The customer's id.
    sub: String,
    /// The link's id.
    jti: String,
    iat: i64,
    exp: i64,
}

pub fn mint(state: &State, org: &Organization, customer: CustomerId, link: &Minted) -> billing::Result<String> {
    let now = state.billing.now(org).as_seconds();
    let host = state.host(&org.subdomain);
    let claims = Claims {
        iss: host.clone(),
        aud: host,
        sub: customer.to_string(),
        jti: link.id.to_string(),
        iat: now,
        exp: now + LIFE_SECONDS,
    };
    let key = EncodingKey::from_secret(&key(state, org));
    encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|error| billing::Error::Bug(error.into()))
}

/// The link that a token stands for: signed by us, for this organization, not too old by its clock.
pub fn verify(state: &State, org: &Organization, token: &str) -> Option<SsoLinkId> {
    let host = state.host(&org.subdomain);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[&host]);
    validation.set_issuer(&[&host]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // Checked below, by the organization's clock.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &DecodingKey::from_secret(&key(state, org)), &validation).ok()?.claims;
    let now = state.billing.now(org).as_seconds();
    (claims.iat <= now && now < claims.exp).then(|| claims.jti.parse().ok())?
}

fn key(state: &State, org: &Organization) -> [u8; 32] {
    state.billing.vault.derive(Purpose::Token, &[b"sso", org.subdomain.as_bytes()])
}
