//! Keys that a merchant signs its own tokens with: registered, listed without what they are, removed (`api.md` §8.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::checks::Problems;
use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::sso_keys::{KEYS_MAX, KID_MAX, KeyAlgorithm, RSA_BITS, SECRET_BYTES, SsoKey, is_kid};
use ed25519_dalek::VerifyingKey;
use ed25519_dalek::pkcs8::DecodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};
use serde_json::{Value, json};
use store::sso_keys::{Material, StoredKey};

use crate::secrets::Vault;
use crate::{Error, Result, Unit, View};

/// A key as somebody registers it; nothing of it is checked.
#[derive(Clone, Debug)]
pub struct KeyRequest {
    pub kid: String,
    pub algorithm: KeyAlgorithm,
    /// Of HS256.
    pub secret: Option<Password>,
    /// Of the others: PEM or JWK.
    pub public_key: Option<String>,
    pub expires_at: Option<Timestamp>,
}

/// A key that may be stored.
#[derive(Clone, Debug)]
pub struct NewKey {
    pub kid: String,
    pub algorithm: KeyAlgorithm,
    pub material: NewMaterial,
    pub expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub enum NewMaterial {
    Secret(Password),
    /// A JWK with what verifying needs, and nothing else.
    Public(String),
}

/// What is wrong with a field: `kid`, `must be …`.
pub type Fault = (&'static str, String);

/// Everything that is wrong with a key, field by field.
pub fn check(request: &KeyRequest) -> Result<NewKey, Vec<Fault>> {
    let mut faults = Vec::new();
    if !is_kid(&request.kid) {
        faults.push(("kid", format!("must have 1 to {KID_MAX} of the characters A–Z a–z 0–9 . - _ :")));
    }
    match material(request) {
        Ok(material) if faults.is_empty() => {
            let KeyRequest { kid, algorithm, expires_at, .. } = request.clone();
            return Ok(NewKey { kid, algorithm, material, expires_at });
        }
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    Err(faults)
}

fn material(request: &KeyRequest) -> Result<NewMaterial, Fault> {
    let is_shared = request.algorithm == KeyAlgorithm::Hs256;
    match (&request.secret, &request.public_key) {
        (Some(secret), None) if is_shared => secret_of(secret),
        (None, Some(text)) if !is_shared => public_key(request.algorithm, text),
        (_, Some(_)) if is_shared => Err(("publicKey", "is not for HS256, which has a secret".to_owned())),
        (Some(_), _) => Err(("secret", format!("is only for HS256; {} has a publicKey", request.algorithm))),
        (None, _) if is_shared => Err(("secret", "is required for HS256".to_owned())),
        (None, _) => Err(("publicKey", format!("is required for {}", request.algorithm))),
    }
}

fn secret_of(secret: &Password) -> Result<NewMaterial, Fault> {
    let text = secret.expose();
    if SECRET_BYTES.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(NewMaterial::Secret(secret.clone()));
    }
    let (least, most) = (SECRET_BYTES.start(), SECRET_BYTES.end());
    Err(("secret", format!("must have {least} to {most} printable ASCII characters and no blank")))
}

fn public_key(algorithm: KeyAlgorithm, text: &str) -> Result<NewMaterial, Fault> {
    let text = text.trim();
    if text.contains("PRIVATE KEY") {
        return Err(("publicKey", PRIVATE.to_owned()));
    }
    let jwk = if text.starts_with('{') { from_jwk(algorithm, text) } else { from_pem(algorithm, text) };
    jwk.map(|jwk| NewMaterial::Public(jwk.to_string())).map_err(|what| ("publicKey", what))
}

const PRIVATE: &str = "must be the public half: this key has a private one, which must not leave your server";

/// As programs write PEM: lines between BEGIN PUBLIC KEY and END PUBLIC KEY.
fn from_pem(algorithm: KeyAlgorithm, text: &str) -> Result<Value, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let pem = lines.join("\n") + "\n";
    match algorithm {
        KeyAlgorithm::Rs256 => match RsaPublicKey::from_public_key_pem(&pem) {
            Ok(key) => rsa_jwk(&key),
            Err(_) => Err(not_a_key("an RSA")),
        },
        KeyAlgorithm::EdDsa => match VerifyingKey::from_public_key_pem(&pem) {
            Ok(key) => ed25519_jwk(&key),
            Err(_) => Err(not_a_key("an Ed25519")),
        },
        KeyAlgorithm::Hs256 => Err(not_a_key("no")),
    }
}

fn not_a_key(kind: &str) -> String {
    format!("must be {kind} public key, as PEM (BEGIN PUBLIC KEY) or as a JWK")
}

fn from_jwk(algorithm: KeyAlgorithm, text: &str) -> Result<Value, String> {
    let wanted = match algorithm {
        KeyAlgorithm::Rs256 => not_a_key("an RSA"),
        KeyAlgorithm::EdDsa | KeyAlgorithm::Hs256 => not_a_key("an Ed25519"),
    };
    let jwk: Value = serde_json::from_str(text).map_err(|_| wanted.clone())?;
    if ["d", "p", "q", "k"].iter().any(|name| jwk.get(name).is_some()) {
        return Err(PRIVATE.to_owned());
    }
    let member = |name: &str| jwk.get(name).and_then(Value::as_str);
    if member("alg").is_some_and(|alg| alg != algorithm.as_str()) || member("use").is_some_and(|to| to != "sig") {
        return Err(format!("must be a JWK whose alg is {algorithm} and whose use is sig, where it has them"));
    }
    let bytes = |name: &str| member(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    match (algorithm, member("kty"), member("crv")) {
        (KeyAlgorithm::Rs256, Some("RSA"), _) => {
            let (modulus, exponent) = bytes("n").zip(bytes("e")).ok_or_else(|| wanted.clone())?;
            let (modulus, exponent) = (BigUint::from_bytes_be(&modulus), BigUint::from_bytes_be(&exponent));
            rsa_jwk(&RsaPublicKey::new(modulus, exponent).map_err(|_| wanted)?)
        }
        (KeyAlgorithm::EdDsa, Some("OKP"), Some("Ed25519")) => {
            let point = bytes("x").and_then(|x| <[u8; 32]>::try_from(x).ok()).ok_or_else(|| wanted.clone())?;
            ed25519_jwk(&VerifyingKey::from_bytes(&point).map_err(|_| wanted)?)
        }
        _ => Err(wanted),
    }
}

fn rsa_jwk(key: &RsaPublicKey) -> Result<Value, String> {
    if !RSA_BITS.contains(&key.n().bits()) {
        return Err(format!("must have {} to {} bits", RSA_BITS.start(), RSA_BITS.end()));
    }
    let text = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    Ok(json!({ "kty": "RSA", "n": text(key.n()), "e": text(key.e()) }))
}

fn ed25519_jwk(key: &VerifyingKey) -> Result<Value, String> {
    // A point of small order verifies what nobody signed.
    if key.is_weak() {
        return Err(not_a_key("an Ed25519"));
    }
    Ok(json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.as_bytes()) }))
}

/// The place that a secret is sealed for.
pub(crate) fn place(org: OrganizationId, kid: &str) -> String {
    format!("sso key {kid} of organization {org}")
}

/// Registers a key under a name that is free.
pub async fn register(unit: &mut Unit, vault: &Vault, request: &KeyRequest) -> Result<SsoKey> {
    let new = check(request).map_err(|faults| {
        let mut problems = Problems::new();
        for (field, what) in faults {
            problems.add(field, format!("{field} {what}."));
        }
        problems
    })?;
    let keys = store::sso_keys::list(&mut unit.tx, unit.org.id).await?;
    if keys.iter().any(|stored| stored.key.kid == new.kid) {
        return Err(Error::invalid("kid", "kid is used by another key; remove that one first, or give this another."));
    }
    if new.expires_at.is_some_and(|end| end <= unit.now) {
        return Err(Error::invalid("expiresAt", "expiresAt must be in the future."));
    }
    check_count(keys.len() + 1)?;
    save(unit, vault, &new).await
}

pub(crate) fn check_count(count: usize) -> Result<()> {
    if count > KEYS_MAX {
        let message = format!("There may be at most {KEYS_MAX} keys; remove those that are not used any more.");
        return Err(Error::refused(message));
    }
    Ok(())
}

/// New, or instead of the key of that name. One that is the same stays as it is, though sealing gives another text.
pub(crate) async fn save(unit: &mut Unit, vault: &Vault, new: &NewKey) -> Result<SsoKey> {
    let found = store::sso_keys::find(&mut unit.tx, unit.org.id, &new.kid).await?;
    let place = place(unit.org.id, &new.kid);
    let material = match (&new.material, found.as_ref().map(|found| &found.material)) {
        (NewMaterial::Public(jwk), _) => Material::Public(jwk.clone()),
        (NewMaterial::Secret(secret), Some(Material::Sealed(sealed)))
            if vault.open(&place, sealed).as_deref() == Some(secret.expose()) =>
        {
            Material::Sealed(sealed.clone())
        }
        (NewMaterial::Secret(secret), _) => Material::Sealed(vault.seal(&place, secret.expose())?),
    };
    let created_at = found.as_ref().map_or(unit.now, |found| found.key.created_at);
    let key = SsoKey { kid: new.kid.clone(), algorithm: new.algorithm, expires_at: new.expires_at, created_at };
    let stored = StoredKey { key, material };
    if found.as_ref() != Some(&stored) {
        store::sso_keys::save(&mut unit.tx, unit.org.id, &stored).await?;
        unit.audit("registered a key for sign-in tokens", &format!("key {}", new.kid)).await?;
    }
    Ok(stored.key)
}

/// By name.
pub async fn list(view: &mut View) -> Result<Vec<SsoKey>> {
    let keys = store::sso_keys::list(&mut view.conn, view.org.id).await?;
    Ok(keys.into_iter().map(|stored| stored.key).collect())
}

/// From now on it opens nothing. Sessions that it has opened go on.
pub async fn remove(unit: &mut Unit, kid: &str) -> Result<()> {
    // No name has a NUL, and PostgreSQL takes none.
    if !is_kid(kid) || store::sso_keys::delete(&mut unit.tx, unit.org.id, kid).await? == 0 {
        return Err(Error::NotFound("key"));
    }
    unit.audit("removed a key for sign-in tokens", &format!("key {kid}")).await
}
