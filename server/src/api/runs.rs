//! `/rest/runs`: the daily run, for whoever keeps it running; `/rest/jobs`: work that is in trouble.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use billing::runs::Watch;
use billing::{jobs, runs};
use domain::runs::RunAction;
use store::jobs::Shown;
use wire::runs::{self as xml, Foreseen};
use wire::status;

use super::input::{Api, WellFormed};
use super::lists::{self, Asked};
use super::reply::{Refusal, Reply};
use crate::state::State;

pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/runs", get(list).post(act))
        .route("/rest/runs/failures", get(failures))
        .route("/rest/runs/preview", get(preview))
        .route("/rest/jobs", get(troubled).post(revive))
}

async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    asked.result(())?;
    let (runs, total) = runs::list(&mut api.billing.view(&api.access.org).await?, page).await?;
    Ok(lists::reply(xml::write_runs(&runs), page, total))
}

async fn failures(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    asked.result(())?;
    let (failures, total) = runs::failures(&mut api.billing.view(&api.access.org).await?, page).await?;
    Ok(lists::reply(xml::write_failures(&failures), page, total))
}

/// Changes of status that the next run would make.
async fn preview(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    asked.result(())?;
    let org = &api.access.org;
    let day = api.billing.today(org).add_days(1);
    let forecasts = runs::forecast(&mut api.billing.view(org).await?, day).await?;
    let total = i64::try_from(forecasts.len()).unwrap_or(i64::MAX);
    let skip = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let max = usize::try_from(page.max).unwrap_or(usize::MAX);
    let foreseen = forecasts.iter().skip(skip).take(max).map(|forecast| Foreseen {
        customer: forecast.debtor.customer,
        previous_status: forecast.debtor.standing.status,
        new_status: forecast.status,
        days_late: forecast.days_late,
        rule: forecast.rule.as_ref(),
    });
    Ok(lists::reply(xml::write_forecast(&foreseen.collect::<Vec<_>>(), day), page, total))
}

async fn act(api: Api, _: WellFormed) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let action: RunAction = match api.params.action()? {
        Some(name) => name.parse().map_err(|must| Refusal::bad_request(format!("action {must}.")))?,
        None => return Err(Refusal::bad_request(format!("action is required: {}.", RunAction::names()))),
    };
    let (org, actor) = (api.access.org.id, api.access.actor());
    api.answers_with(&|(): &()| done());
    match action {
        RunAction::Pause => runs::pause(&api.billing, org, &actor, true).await?,
        RunAction::Resume => runs::pause(&api.billing, org, &actor, false).await?,
        RunAction::Retry => runs::retry(&api.billing, org, Watch::none()).await.map(drop)?,
    }
    Ok(done())
}

fn done() -> Reply {
    Reply::ok(status::success())
}

async fn troubled(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    asked.result(())?;
    let (troubled, total) = jobs::troubled(&mut api.billing.view(&api.access.org).await?, page).await?;
    let jobs: Vec<xml::Job<'_>> = troubled.iter().map(shown).collect();
    Ok(lists::reply(xml::write_jobs(&jobs), page, total))
}

fn shown(job: &Shown) -> xml::Job<'_> {
    xml::Job {
        id: job.id.0,
        kind: &job.kind,
        object: job.object_id,
        attempts: job.attempts,
        error: job.last_error.as_deref().unwrap_or_default(),
        next_at: job.given_up_at.is_none().then_some(job.run_at),
    }
}

/// `POST /rest/jobs?action=retry`
async fn revive(api: Api, _: WellFormed) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    if api.params.action()? != Some("retry") {
        return Err(Refusal::bad_request("action must be retry."));
    }
    api.answers_with(&|(): &()| done());
    jobs::revive(&api.billing, api.access.org.id, &api.access.actor()).await?;
    Ok(done())
}
