//! `/rest/customers/notification`: a mail to a customer (`api.md` §2.9). Its refusals have a shape of their own.

use billing::{Error, mails};
use domain::ids::MailId;
use wire::notifications as xml;

use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

pub async fn send(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.no_action()?;
    if api.params.get("format").is_some_and(|format| format != "xml") {
        return Ok(refused("format must be xml here."));
    }
    let request = match xml::read(&body) {
        Ok(request) => request,
        Err(problems) => return Ok(refused(&problems.to_string())),
    };
    [request.object.id, request.customer.id].into_iter().flatten().for_each(|id| api.caller.names(id));
    let render = |_: &MailId| Reply::ok(xml::success());
    api.answers_with(&render);
    let (org, actor, request) = (api.access.org.id, api.access.actor(), &request);
    let queued = api.billing.unit(org, &actor, async |unit| mails::notify(unit, request).await).await;
    match queued {
        Ok(id) => Ok(render(&id)),
        Err(error @ (Error::NotFound(_) | Error::Invalid(_) | Error::Refused(_))) => Ok(refused(&error.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn refused(message: &str) -> Reply {
    Reply::bad_request(xml::failure(message))
}
