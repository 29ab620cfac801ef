//! What an authenticator says, checked: Web Authentication Level 3, §7.1 and §7.2, as far as passkeys need it. No
//! attestation is asked for, so none is believed; the user must have been verified.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature as EcSignature, VerifyingKey as EcKey};
use rsa::pkcs1v15::{Signature as RsaSignature, VerifyingKey as RsaKey};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Of COSE, in the order of our preference: ES256, EdDSA and, for Windows Hello, RS256.
pub const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];
const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
const RSA_BITS_MIN: usize = 2048;

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const HAS_CREDENTIAL: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// Hash of the relying party's id, flags, counter.
const HEAD_BYTES: usize = 32 + 1 + 4;
const AAGUID_BYTES: usize = 16;
const CREDENTIAL_ID_BYTES_MAX: usize = 1023;

/// What is not as it must be; for the log, nobody else learns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(&'static str);

/// What must be true of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// As it was sent, in base64url.
    pub challenge: &'a str,
    pub origin: &'a str,
    /// The host.
    pub rp_id: &'a str,
    /// Whose pages may frame ours.
    pub embed_origins: &'a [String],
}

/// A credential that was just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    pub id: Vec<u8>,
    /// In COSE's form.
    pub public_key: Vec<u8>,
    pub sign_count: u32,
}

#[derive(Deserialize)]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default, rename = "crossOrigin")]
    is_framed: bool,
    #[serde(rename = "topOrigin")]
    top_origin: Option<String>,
}

/// The hash that is signed with the rest.
fn client_data(json: &[u8], kind: &str, expected: &Expected<'_>) -> Result<[u8; 32], Wrong> {
    let data: ClientData = serde_json::from_slice(json).map_err(|_| Wrong("client data is no JSON"))?;
    if data.r#type != kind {
        return Err(Wrong("client data is of another ceremony"));
    }
    if !crate::secrets::same(&data.challenge, expected.challenge) {
        return Err(Wrong("the challenge is another one"));
    }
    if data.origin != expected.origin {
        return Err(Wrong("the origin is another one"));
    }
    if data.is_framed && data.top_origin.is_some_and(|top| !expected.embed_origins.contains(&top)) {
        return Err(Wrong("the page that frames ours may not"));
    }
    Ok(Sha256::digest(json).into())
}

struct AuthenticatorData<'a> {
    flags: u8,
    sign_count: u32,
    rest: &'a [u8],
}

fn authenticator_data<'a>(bytes: &'a [u8], expected: &Expected<'_>) -> Result<AuthenticatorData<'a>, Wrong> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES).ok_or(Wrong("authenticator data is too short"))?;
    let (rp_id_hash, head) = head.split_at(32);
    if rp_id_hash != Sha256::digest(expected.rp_id.as_bytes()).as_slice() {
        return Err(Wrong("the relying party is another one"));
    }
    let (flags, sign_count) = (head[0], u32::from_be_bytes([head[1], head[2], head[3], head[4]]));
    if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
        return Err(Wrong("the user was not verified"));
    }
    Ok(AuthenticatorData { flags, sign_count, rest })
}

/// A registration: the credential, if it answers what was asked.
pub fn registered(
    client_data_json: &[u8],
    attestation: &[u8],
    expected: &Expected<'_>,
) -> Result<NewCredential, Wrong> {
    client_data(client_data_json, "webauthn.create", expected)?;
    let object = cbor(attestation)?.0;
    let data = map_entry(&object, &Value::from("authData")).and_then(Value::as_bytes);
    let data = authenticator_data(data.ok_or(Wrong("the attestation has no data"))?, expected)?;
    if data.flags & HAS_CREDENTIAL == 0 {
        return Err(Wrong("there is no credential"));
    }
    let rest = data.rest.get(AAGUID_BYTES..).ok_or(Wrong("the credential is cut off"))?;
    let (length, rest) = rest.split_at_checked(2).ok_or(Wrong("the credential is cut off"))?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    let (id, rest) = rest.split_at_checked(length).ok_or(Wrong("the credential is cut off"))?;
    if id.is_empty() || id.len() > CREDENTIAL_ID_BYTES_MAX {
        return Err(Wrong("the credential's id is of no length that there is"));
    }
    let (_, left) = cbor(rest)?;
    let public_key = &rest[..rest.len() - left];
    if left > 0 && data.flags & HAS_EXTENSIONS == 0 {
        return Err(Wrong("something follows the key"));
    }
    PublicKey::read(public_key)?;
    Ok(NewCredential { id: id.to_vec(), public_key: public_key.to_vec(), sign_count: data.sign_count })
}

/// What an authenticator signs with a credential.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub client_data_json: &'a [u8],
    pub authenticator_data: &'a [u8],
    pub signature: &'a [u8],
}

/// An assertion: the counter, if the key has signed what was asked.
pub fn asserted(signed: Signed<'_>, public_key: &[u8], expected: &Expected<'_>) -> Result<u32, Wrong> {
    let hash = client_data(signed.client_data_json, "webauthn.get", expected)?;
    let data = authenticator_data(signed.authenticator_data, expected)?;
    let message = [signed.authenticator_data, &hash].concat();
    PublicKey::read(public_key)?.verify(&message, signed.signature)?;
    Ok(data.sign_count)
}

enum PublicKey {
    Es256(EcKey),
    EdDsa(EdKey),
    Rs256(Box<RsaKey<rsa::sha2::Sha256>>),
}

impl PublicKey {
    /// COSE, RFC 9053 and RFC 8230.
    fn read(bytes: &[u8]) -> Result<PublicKey, Wrong> {
        let key = cbor(bytes)?.0;
        let number = |label: i64| map_entry(&key, &Value::from(label)).and_then(Value::as_integer).map(i128::from);
        let part = |label: i64| map_entry(&key, &Value::from(label)).and_then(Value::as_bytes);
        let point = |label: i64| part(label).and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        let wrong = Wrong("the key is none that we know");
        let of = |algorithm: i64| number(3) == Some(algorithm.into());
        if of(ES256) && number(1) == Some(2) && number(-1) == Some(1) {
            let (x, y) = point(-2).zip(point(-3)).ok_or(wrong)?;
            let uncompressed = [&[4][..], &x, &y].concat();
            return EcKey::from_sec1_bytes(&uncompressed).map(PublicKey::Es256).map_err(|_| wrong);
        }
        if of(EDDSA) && number(1) == Some(1) && number(-1) == Some(6) {
            let x = point(-2).ok_or(wrong)?;
            return EdKey::from_bytes(&x).map(PublicKey::EdDsa).map_err(|_| wrong);
        }
        if of(RS256) && number(1) == Some(3) {
            let (n, e) = part(-1).zip(part(-2)).ok_or(wrong)?;
            let key = RsaPublicKey::new(BigUint::from_bytes_be(n), BigUint::from_bytes_be(e)).map_err(|_| wrong)?;
            if key.n().bits() < RSA_BITS_MIN {
                return Err(Wrong("the key is too short"));
            }
            return Ok(PublicKey::Rs256(Box::new(RsaKey::new(key))));
        }
        Err(wrong)
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Wrong> {
        let is_right = match self {
            PublicKey::Es256(key) => {
                EcSignature::from_der(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
            PublicKey::EdDsa(key) => {
                EdSignature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
            }
            PublicKey::Rs256(key) => {
                RsaSignature::try_from(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
            }
        };
        if is_right { Ok(()) } else { Err(Wrong("the signature is not right")) }
    }
}

/// The first value, and how many bytes are left after it.
fn cbor(bytes: &[u8]) -> Result<(Value, usize), Wrong> {
    let mut rest = bytes;
    let value = ciborium::from_reader(&mut rest).map_err(|_| Wrong("it is no CBOR"))?;
    Ok((value, rest.len()))
}

fn map_entry<'v>(map: &'v Value, key: &Value) -> Option<&'v Value> {
    map.as_map()?.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

/// base64url without padding, as browsers' pages send it; longer ones are cut off by the form's bound.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Vector {
        credential_id: &'static str,
        attestation: &'static str,
        created: &'static str,
        authenticator_data: &'static str,
        asserted: &'static str,
        signature: &'static str,
    }

    /// Made with python-fido2 1.2 and pyca/cryptography: another implementation of all of it.
    const VECTORS: [Vector; 3] = [
        // es256
        Vector {
            credential_id: "VFKkc1ERqI3OW_Y5pcvSAXSTT7nk2mHzR2qNVB37-xY",
            attestation: "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikMirXzdn_XlN79AZrG88w3lloWKGoqlaBGOiGL4rDLTZFAAAAAAAAAAAAAAAAAAAAAAAAAAAAIFRSpHNREaiNzlv2OaXL0gF0k0-55Nph80dqjVQd-_sWpQECAyYgASFYIPO4gFS8YMiWe1NIFfLQVVM2Ppmmf6zFALf92Icc7nKbIlggYGUbXBK4CASu3m8NbqHuiFtrzsc3gfUNSKJJlCXbFjg",
            created: "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdOeVpXRjBaUSIsIm9yaWdpbiI6Imh0dHBzOi8vYWNtZS5leGFtcGxlLmNvbSIsImNyb3NzT3JpZ2luIjpmYWxzZX0",
            authenticator_data: "MirXzdn_XlN79AZrG88w3lloWKGoqlaBGOiGL4rDLTYFAAAABw",
            asserted: "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdkbGRBIiwib3JpZ2luIjoiaHR0cHM6Ly9hY21lLmV4YW1wbGUuY29tIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ",
            signature: "MEUCICkgRCPPeXmNVU5qQhhu_GagC8oo3N_hduriDaLB-FcuAiEAlJfQ2gCqV_e1oGvrF7tTN2hMIhtANp5GEDQmEFVVC9Q",
        },
        // eddsa
        Vector {
            credential_id: "HdledfBLs_4zZ0UKnJEOA3zzDlQO6VPwJX3hdBWhDtg",
            attestation: "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViBMirXzdn_XlN79AZrG88w3lloWKGoqlaBGOiGL4rDLTZFAAAAAAAAAAAAAAAAAAAAAAAAAAAAIB3ZXnXwS7P-M2dFCpyRDgN88w5UDulT8CV94XQVoQ7YpAEBAycgBiFYIKFeBlzr-YUQLx4e7-RwgQnjKAuePK9rSToSuRy9zE5p",
            created: "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdOeVpXRjBaUSIsIm9yaWdpbiI6Imh0dHBzOi8vYWNtZS5leGFtcGxlLmNvbSIsImNyb3NzT3JpZ2luIjpmYWxzZX0",
            authenticator_data: "MirXzdn_XlN79AZrG88w3lloWKGoqlaBGOiGL4rDLTYFAAAABw",
            asserted: "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdkbGRBIiwib3JpZ2luIjoiaHR0cHM6Ly9hY21lLmV4YW1wbGUuY29tIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ",
            signature: "B9tWAuwInXtVrtO6FLC2eA9GxmeFkEnXUblm1LldHLsINWGgDOl1meW-vlg1OPPDvSOl4N9frRE3ayBFRorEAw",
        },
        // rs256
        Vector {
            credential_id: "ojK98X4PKWn2xtYXaJr-yNVnh4_rjbx8EypzkLEqGv8",
            attestation: "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBZzIq183Z_15Te_QGaxvPMN5ZaFihqKpWgRjohi-Kwy02RQAAAAAAAAAAAAAAAAAAAAAAAAAAACCiMr3xfg8pafbG1hdomv7I1WeHj-uNvHwTKnOQsSoa_6QBAwM5AQAgWQEAo-PgLhueW62Gx_aLS7QtxQ_bgM50JxFo3zJutMAB0cSY-oFwbZF9KIlV8JVSvT-mp_Ra5HzAbMTC7BInuYFD-iHIJkBdT5EZSNeJAhcg_HjETvcwi7jGbFDc_AWQvq6iS0LN02aiFhJ6-6eWEKIEGHmod4d7ecRzz_i2vGnJc3T-wi-5PStigFAliElS6K3u3tDTij690F-1W-E4nCpGgfIPGThEnnh820uuEWUyD85URfsLFhgHYZgbYXwr_FusP1_O25jEiqhjCVm0KywemWrIennF_wC-b0AeEIY2C-O2Llv71pcz3Hl6jvWxN_4VCSFLRiUmLyG0c26-H0vA9SFDAQAB",
            created: "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdOeVpXRjBaUSIsIm9yaWdpbiI6Imh0dHBzOi8vYWNtZS5leGFtcGxlLmNvbSIsImNyb3NzT3JpZ2luIjpmYWxzZX0",
            authenticator_data: "MirXzdn_XlN79AZrG88w3lloWKGoqlaBGOiGL4rDLTYFAAAABw",
            asserted: "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiWTJoaGJHeGxibWRsTFdkbGRBIiwib3JpZ2luIjoiaHR0cHM6Ly9hY21lLmV4YW1wbGUuY29tIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ",
            signature: "Z3ARbTkRJzLThYLWBLQu4INzdTi0Z8Asyplk5MiPREUOEXewjwOfDcCjx9JSWSw5HW8A9Cnc4va71PLxNal8ZFK1Ui458qkdDvHDhfxhuWzuk1VjrwIRFzfcl-ikCwTymBHHpZ25Zc8OZwIvz3kDv9U9XP7vncMzuwGw-Z1U2SFCBOioZjnxzTE8VYzDySOaPNS_2dqfsAvy34j69mUm1U1pAcQT99MnRYkg5HgrlQ8phNKg97w3jXM4oMTgfUrNV4wiNufw6BkCagIHKf3TaX6OXY6_xv138vE2t8Oyj0qHPPSDZEilg3HbAhKFZQuLUnVocSlE_ZgTuE_8KTyGog",
        },
    ];

    fn expected(challenge: &str) -> Expected<'_> {
        Expected { challenge, origin: "https://acme.example.com", rp_id: "acme.example.com", embed_origins: &[] }
    }

    const CREATE: &str = "Y2hhbGxlbmdlLWNyZWF0ZQ";
    const GET: &str = "Y2hhbGxlbmdlLWdldA";

    fn key(vector: &Vector) -> NewCredential {
        let (created, attestation) = (bytes(vector.created).unwrap(), bytes(vector.attestation).unwrap());
        registered(&created, &attestation, &expected(CREATE)).unwrap()
    }

    fn assert_with(
        vector: &Vector,
        change: impl FnOnce(&mut [Vec<u8>; 3]),
        expected: &Expected<'_>,
    ) -> Result<u32, Wrong> {
        let mut parts = [vector.asserted, vector.authenticator_data, vector.signature].map(|part| bytes(part).unwrap());
        change(&mut parts);
        let [client_data_json, authenticator_data, signature] = &parts;
        asserted(Signed { client_data_json, authenticator_data, signature }, &key(vector).public_key, expected)
    }

    #[test]
    fn what_another_implementation_has_made_is_understood() {
        for vector in &VECTORS {
            assert_eq!(text(&key(vector).id), vector.credential_id);
            assert_eq!(assert_with(vector, |_| (), &expected(GET)), Ok(7));
        }
    }

    #[test]
    fn whatever_is_changed_is_refused() {
        for vector in &VECTORS {
            for part in 0..3 {
                for at in [0, 20, 33] {
                    let outcome = assert_with(vector, |parts| parts[part][at] ^= 1, &expected(GET));
                    assert!(outcome.is_err(), "part {part}, byte {at}");
                }
            }
            assert!(assert_with(vector, |parts| parts[2].truncate(10), &expected(GET)).is_err());
            assert!(assert_with(vector, |parts| parts[1].truncate(36), &expected(GET)).is_err());
            assert!(assert_with(vector, |parts| parts[2].clear(), &expected(GET)).is_err());
            for wrong in [
                expected(CREATE),
                Expected { origin: "https://evil.example.com", ..expected(GET) },
                Expected { rp_id: "example.com", ..expected(GET) },
            ] {
                assert!(assert_with(vector, |_| (), &wrong).is_err(), "{wrong:?}");
            }
            let (created, attestation) = (bytes(vector.created).unwrap(), bytes(vector.attestation).unwrap());
            assert!(registered(&created, &attestation, &expected(GET)).is_err());
            for end in 0..attestation.len() {
                assert!(registered(&created, &attestation[..end], &expected(CREATE)).is_err(), "{end}");
            }
            // Not verified, no credential.
            for flags in [0x41, 0x44, 0x05] {
                let at = attestation.windows(5).position(|window| window == [0x45, 0, 0, 0, 0]).unwrap();
                let mut other = attestation.clone();
                other[at] = flags;
                assert!(registered(&created, &other, &expected(CREATE)).is_err(), "{flags:x}");
            }
        }
    }

    #[test]
    fn a_frame_is_good_in_pages_that_may_frame_ours() {
        let json = |more: &str| {
            format!(
                "{{\"type\":\"webauthn.get\",\"challenge\":\"{GET}\",\"origin\":\"https://acme.example.com\"{more}}}"
            )
        };
        let origins = ["https://shop.example".to_owned()];
        let expected = Expected { embed_origins: &origins, ..expected(GET) };
        let is_good = |more: &str| client_data(json(more).as_bytes(), "webauthn.get", &expected).is_ok();
        assert!(is_good("") && is_good(",\"crossOrigin\":false") && is_good(",\"crossOrigin\":true"));
        assert!(is_good(",\"crossOrigin\":true,\"topOrigin\":\"https://shop.example\""));
        assert!(!is_good(",\"crossOrigin\":true,\"topOrigin\":\"https://evil.example\""));
    }
}
