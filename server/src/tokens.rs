//! Signed tokens that let a customer in: the other form of a link, for merchants who want no secret
//! in an address (`api.md` §8.1). Link and token are one credential; whichever comes first uses it up.

use std::sync::Arc;

use billing::secrets::Purpose;
use billing::sessions::{CameFrom, Minted};
use billing::sso::{self, Presented};
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

/// What a token comes to that is presented.
pub enum Read {
    Good(Presented),
    /// Too old.
    Over {
        from: CameFrom,
    },
    Unknown,
}

/// Reads a token, whoever signed it.
pub async fn read(state: &State, org: &Arc<Organization>, token: &str) -> billing::Result<Read> {
    match verify(state, org, token) {
        Some((link, true)) => return Ok(Read::Good(Presented::Link(link))),
        Some((_, false)) => return Ok(Read::Over { from: CameFrom::default() }),
        None => {}
    }
    Ok(match sso::read(&state.billing, org, &state.host(&org.subdomain), token).await? {
        sso::Read::Good(token) => Read::Good(Presented::Merchant(token)),
        sso::Read::Over { from } => Read::Over { from },
        sso::Read::Unknown => Read::Unknown,
    })
}

/// The link that a token stands for, signed by us for this organization, and whether it is good by its clock.
fn verify(state: &State, org: &Organization, token: &str) -> Option<(SsoLinkId, bool)> {
    let host = state.host(&org.subdomain);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&[&host]);
    validation.set_issuer(&[&host]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // Checked below, by the organization's clock.
    validation.validate_exp = false;
    let token = decode::<Claims>(token, &DecodingKey::from_secret(&key(state, org)), &validation).ok()?;
    let (header, claims) = (token.header, token.claims);
    let now = state.billing.now(org).as_seconds();
    // Ours name no key: one that does is a merchant's.
    let is_good = claims.iat <= now && now < claims.exp && claims.exp - claims.iat <= LIFE_SECONDS;
    let link = header.kid.is_none().then(|| claims.jti.parse().ok())??;
    Some((link, is_good))
}

fn key(state: &State, org: &Organization) -> [u8; 32] {
    state.billing.vault.derive(Purpose::Token, &[b"sso", org.subdomain.as_bytes()])
}
