//! `/rest/widget/keys`: what merchants sign their own tokens with (`api.md` §8.1).

use billing::sso_keys::{self, KeyRequest};
use domain::sso_keys::SsoKey;
use wire::{sso_keys as xml, status};

use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

pub async fn list(api: Api) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let keys = sso_keys::list(&mut api.billing.view(&api.access.org).await?).await?;
    Ok(Reply::ok(xml::write_list(&keys)))
}

pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let xml::SsoKeyRequest { kid, algorithm, secret, public_key, expires_at } = xml::read(&body)?;
    let request = &KeyRequest { kid, algorithm, secret, public_key, expires_at };
    let vault = &api.billing.vault;
    let work = async |unit: &mut billing::Unit| sso_keys::register(unit, vault, request).await;
    api.unit(work, |key: &SsoKey| Reply::created(xml::write(key))).await
}

pub async fn delete(api: Api) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let Some(kid) = api.params.get("kid") else {
        return Err(Refusal::bad_request("kid is required: the name of the key."));
    };
    api.unit(async |unit| sso_keys::remove(unit, kid).await, |(): &()| Reply::ok(status::success())).await
}
