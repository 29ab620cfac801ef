//! `/rest/testClock` (`operations.md` §4).

use billing::clock;
use wire::test_clock as xml;

use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

pub async fn get(api: Api) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let now = clock::now(&api.billing, api.access.org.id).await?;
    Ok(Reply::ok(xml::write(now)))
}

pub async fn act(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    if api.params.action()? != Some("advance") {
        return Err(Refusal::bad_request("action must be advance."));
    }
    let to = xml::read(&body)?;
    // Many transactions; what was done of them when it broke off need not be done again, and the rest must be.
    let billing = api.billing.without_key();
    let now = clock::advance(&billing, api.access.org.id, &api.access.actor(), to).await?;
    Ok(Reply::ok(xml::write(now)))
}
