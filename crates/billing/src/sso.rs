//! What lets a customer in without a password: links and tokens of ours, and tokens that a merchant signed with one of
//! its keys (`api.md` §8.1). Each is used once.

use std::sync::Arc;

use domain::checks::Problems;
use domain::dates::Timestamp;
use domain::ids::{CustomerId, SsoLinkId};
use domain::organizations::Organization;
use domain::sso_keys::{KeyAlgorithm, Timeliness, TokenTimes, is_kid};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use store::sso_keys::{Material, StoredKey};

use crate::sessions::{CameFrom, LinkRequest, Wishes};
use crate::{Billing, Error, Result, sso_keys};

/// Of a token; ours have a few hundred.
const TOKEN_BYTES_MAX: usize = 8 * 1024;
const JTI_MAX: usize = 255;

/// A token that is good now and was signed by who may; whether it was used before is seen when it is.
#[derive(Clone, Debug)]
pub enum Presented {
    /// Of ours: the other form of a link.
    Link(SsoLinkId),
    Merchant(Box<MerchantToken>),
}

#[derive(Clone, Debug)]
pub struct MerchantToken {
    pub(crate) jti: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) ext_customer_ref: String,
    pub(crate) request: LinkRequest,
}

/// What a token comes to before it is used.
#[derive(Clone, Debug)]
pub enum Read {
    Good(Box<MerchantToken>),
    /// Signed as it should be, too late.
    Over {
        from: CameFrom,
    },
    /// Signed by nobody who may, for nobody here, or no token at all.
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    sub: String,
    jti: String,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
    page: Option<String>,
    invoice_number: Option<String>,
    #[serde(rename = "successURL")]
    success_url: Option<String>,
    locale: Option<String>,
    #[serde(rename = "cssURL")]
    css_url: Option<String>,
    login_url: Option<String>,
    show_navigation: Option<bool>,
}

/// What claims must be, for who sees that theirs are not.
const CLAIMS: &str = "The claims must be sub and jti (texts), iat and exp (whole seconds since 1970), and may be nbf, \
     page, invoiceNumber, successURL, locale, cssURL, loginUrl (texts) and showNavigation (true or false).";

/// Reads a token that a merchant signed for the organization at `host`. What is wrong with one that is signed as it
/// should be is told: only the merchant can have made it.
pub async fn read(billing: &Billing, org: &Arc<Organization>, host: &str, token: &str) -> Result<Read> {
    let Some(kid) = kid(token) else { return Ok(Read::Unknown) };
    let found = store::sso_keys::find(&mut billing.view(org).await?.conn, org.id, &kid).await?;
    let now = billing.now(org);
    let Some(stored) = found.filter(|found| !found.key.is_over(now)) else {
        tracing::info!(org = org.id.0, "a token names no key that is registered and not over");
        return Ok(Read::Unknown);
    };
    let key = decoding_key(billing, org, &stored)?;
    let claims = match decode::<Claims>(token, &key, &validation(stored.key.algorithm, host)) {
        Ok(token) => token.claims,
        Err(error) => return refused(org, host, &kid, error.kind()),
    };
    let times = TokenTimes { issued_at: claims.iat, not_before: claims.nbf, expires_at: claims.exp };
    let timeliness = timeliness(billing, org, times);
    let request = claims.request(org);
    match timeliness {
        Timeliness::Good => good(claims, request).map(|token| Read::Good(Box::new(token))),
        Timeliness::Over => {
            Ok(Read::Over { from: request.map(|request| CameFrom::of(&request.look)).unwrap_or_default() })
        }
        Timeliness::Wrong(claim, message) => Err(Error::invalid(claim, message)),
    }
}

/// Of the merchant's header; tokens of ours have none.
fn kid(token: &str) -> Option<String> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    // What `crit` names we would have to know, and we know none of it.
    let header = decode_header(token).ok().filter(|header| header.crit.is_none())?;
    header.kid.filter(|kid| is_kid(kid))
}

fn decoding_key(billing: &Billing, org: &Organization, stored: &StoredKey) -> Result<DecodingKey> {
    let key = match &stored.material {
        Material::Sealed(sealed) => {
            let secret = billing.vault.open(&sso_keys::place(org.id, &stored.key.kid), sealed);
            secret.map(|secret| DecodingKey::from_secret(secret.as_bytes()))
        }
        Material::Public(jwk) => serde_json::from_str::<Jwk>(jwk).ok().and_then(|jwk| DecodingKey::from_jwk(&jwk).ok()),
    };
    key.ok_or_else(|| Error::bug(format!("the sign-in key {} can't be opened", stored.key.kid)))
}

/// One algorithm, whatever the token says. Times are checked by the organization's clock, afterwards.
fn validation(algorithm: KeyAlgorithm, host: &str) -> Validation {
    let algorithm = match algorithm {
        KeyAlgorithm::Hs256 => Algorithm::HS256,
        KeyAlgorithm::Rs256 => Algorithm::RS256,
        KeyAlgorithm::EdDsa => Algorithm::EdDSA,
    };
    let mut validation = Validation::new(algorithm);
    validation.set_audience(&[host]);
    validation.set_required_spec_claims(&["aud", "sub", "exp"]);
    validation.validate_exp = false;
    validation
}

fn refused(org: &Organization, host: &str, kid: &str, kind: &ErrorKind) -> Result<Read> {
    let (claim, message) = match kind {
        ErrorKind::InvalidAudience => ("aud", format!("aud must be {host}.")),
        ErrorKind::MissingRequiredClaim(name) => (name.as_str(), format!("{name} is required.")),
        ErrorKind::Json(error) => {
            let error = error.to_string();
            let (wrong, _) = error.split_once(" at line ").unwrap_or((&error, ""));
            ("claims", format!("{CLAIMS} Here: {wrong}."))
        }
        other => {
            tracing::info!(org = org.id.0, kid, reason = ?other, "a token is not signed by its key");
            return Ok(Read::Unknown);
        }
    };
    Err(Error::invalid(claim, message))
}

/// By the organization's clock. The clock of an organization in test mode stands still, but its merchant's does not:
/// there a token goes by whichever of the two it is nearer to.
fn timeliness(billing: &Billing, org: &Organization, times: TokenTimes) -> Timeliness {
    let (clock, wall) = (billing.now(org), billing.clock.now());
    let distance = |now: Timestamp| now.as_seconds().abs_diff(times.expires_at);
    let is_by_wall = org.is_test() && distance(wall) < distance(clock);
    times.at(if is_by_wall { wall } else { clock })
}

fn good(claims: Claims, request: Result<LinkRequest, Problems>) -> Result<MerchantToken> {
    if claims.jti.is_empty() || claims.jti.len() > JTI_MAX {
        return Err(Error::invalid("jti", format!("jti must have 1 to {JTI_MAX} bytes.")));
    }
    let expires_at = Timestamp::of_seconds(claims.exp);
    let expires_at = expires_at.ok_or_else(|| Error::invalid("exp", "exp must be seconds since 1970."))?;
    Ok(MerchantToken { jti: claims.jti, expires_at, ext_customer_ref: claims.sub, request: request? })
}

impl Claims {
    fn request(&self, org: &Organization) -> Result<LinkRequest, Problems> {
        LinkRequest::check(
            org,
            Wishes {
                css_url: self.css_url.clone(),
                login_url: self.login_url.clone(),
                success_url: self.success_url.clone(),
                page: self.page.clone(),
                invoice_number: self.invoice_number.clone(),
                locale: self.locale.clone(),
                show_navigation: self.show_navigation,
            },
        )
    }
}

/// What using a token for a session that is there comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    Renewed,
    /// Used before, over, or of somebody else.
    Refused,
}

/// Uses a token up to prolong the session of a customer, who must be the one that it lets in.
pub async fn renew(
    billing: &Billing,
    org: &Organization,
    presented: &Presented,
    customer: CustomerId,
) -> Result<Renewal> {
    crate::sessions::use_up(billing, org.id, presented, customer).await
}
