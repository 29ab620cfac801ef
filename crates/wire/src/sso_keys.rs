//! Keys that a merchant signs its own tokens with (`api.md` §8.1). What a key is comes in, and never goes out.

use domain::checks::Problems;
use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::sso_keys::{KeyAlgorithm, SsoKey};

use crate::element::Element;
use crate::reader;
use crate::test_clock::instant;
use crate::writer::Writer;

/// Characters of a public key, as PEM or as a JWK.
const PUBLIC_KEY_MAX: usize = 4096;
const SECRET_MAX: usize = 1024;
const KID_MAX: usize = 255;
/// Bytes that one key takes.
const KEY_BYTES: usize = 256;

/// What a body says of a key; what belongs to which algorithm is checked elsewhere.
#[derive(Clone, Debug)]
pub struct SsoKeyRequest {
    pub kid: String,
    pub algorithm: KeyAlgorithm,
    pub secret: Option<Password>,
    pub public_key: Option<String>,
    pub expires_at: Option<Timestamp>,
}

pub fn read(key: &Element) -> Result<SsoKeyRequest, Problems> {
    reader::expect_root(key, &["ssoKey"])?;
    reader::read(key, |key| {
        let kid = key.required_text("kid", KID_MAX);
        let algorithm = key.required("algorithm", key.parsed("algorithm", str::parse));
        let secret = key.text("secret", SECRET_MAX).value().map(Password::new);
        let public_key = key.text("publicKey", PUBLIC_KEY_MAX).value();
        let expires_at = key.parsed("expiresAt", instant).value();
        Some(SsoKeyRequest { kid: kid?, algorithm: algorithm?, secret, public_key, expires_at })
    })
}

pub fn write(key: &SsoKey) -> String {
    let mut writer = Writer::with_capacity(KEY_BYTES);
    write_into(&mut writer, key);
    writer.finish()
}

pub fn write_list(keys: &[SsoKey]) -> String {
    let mut writer = Writer::with_capacity(KEY_BYTES * (keys.len() + 1));
    writer.element("list", |writer| keys.iter().for_each(|key| write_into(writer, key)));
    writer.finish()
}

fn write_into(writer: &mut Writer, key: &SsoKey) {
    writer.element("ssoKey", |writer| {
        writer.text("kid", &key.kid);
        writer.value("algorithm", key.algorithm);
        writer.optional_text("expiresAt", key.expires_at.map(Timestamp::to_wire).as_deref());
        writer.text("createdAt", &key.created_at.to_wire());
    });
}
