//! `blusynergy run`: the daily run by hand.

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use billing::Billing;
use billing::runs::{self, Watch};
use clap::Args;
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::organizations::Organization;
use domain::runs::{Counts, RunStep};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::say;
use crate::config::Config;
use crate::database;

/// Between two frames of the bar.
const FRAME: Duration = Duration::from_millis(120);

#[derive(Args)]
pub struct Arguments {
    /// The day to work, YYYY-MM-DD [default: the organization's today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// The subdomain of one organization [default: all]
    #[arg(long, value_name = "SUB")]
    organization: Option<String>,
    /// Only customers that a run could not serve before
    #[arg(long, conflicts_with = "as_of")]
    failed: bool,
}

fn date(text: &str) -> Result<Date, String> {
    wire::reader::date("it", text).map(Date).map_err(|problem| problem.message)
}

/// Works a day of each organization, one line for each; fails when one of them can't be worked, after the others.
pub async fn run(config: &Config, arguments: &Arguments) -> Result<()> {
    let billing = database::billing(config, database::open(config).await?)?;
    let organizations = organizations(&billing, arguments.organization.as_deref()).await?;
    let mut failed = Vec::new();
    for (id, subdomain) in organizations {
        match work(&billing, id, arguments).await {
            Ok((day, counts)) => say(&format!("{subdomain}: {day}: {}", summary(counts)))?,
            Err(error) => failed.push(format!("{subdomain}: {error:#}")),
        }
    }
    billing.db.close().await;
    ensure!(failed.is_empty(), "{}", failed.join("; "));
    Ok(())
}

async fn organizations(billing: &Billing, subdomain: Option<&str>) -> Result<Vec<(OrganizationId, String)>> {
    let mut conn = billing.db.read().await.context("the database can't be read")?;
    let mut all = store::organizations::list(&mut conn).await.context("the organizations can't be read")?;
    if let Some(subdomain) = subdomain {
        all.retain(|(_, name)| name == subdomain);
        ensure!(!all.is_empty(), "there is no organization {subdomain}");
    }
    Ok(all)
}

async fn work(billing: &Billing, id: OrganizationId, arguments: &Arguments) -> Result<(Date, Counts)> {
    let organization = store::organizations::get(&mut billing.db.read().await?, id).await?;
    let day = day(billing, &organization, arguments.as_of)?;
    let bar = bar(&organization.subdomain, day);
    let show = |step: RunStep, done: i64| {
        bar.set_message(step.to_string());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    };
    let watch = Watch::shown(&show);
    let worked = if arguments.failed {
        runs::retry(billing, id, watch).await
    } else {
        runs::day(&billing.as_of(day), id, day, watch).await
    };
    bar.finish_and_clear();
    Ok((day, worked.map_err(|error| anyhow!("{error}"))?))
}

/// A live organization lives in the present: nothing is billed or charged ahead of its day.
fn day(billing: &Billing, organization: &Organization, as_of: Option<Date>) -> Result<Date> {
    let today = billing.today(organization);
    let day = as_of.unwrap_or(today);
    ensure!(organization.is_test() || day <= today, "as-of must not be after today, {today}, in a live organization");
    Ok(day)
}

/// Seen on a terminal only.
fn bar(subdomain: &str, day: Date) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {prefix} {msg}: {pos} customers, {per_sec}, {elapsed}");
    let bar = ProgressBar::new_spinner().with_prefix(format!("{subdomain} {day}"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(FRAME);
    bar
}

fn summary(counts: Counts) -> String {
    let Counts { billed, installments, charged, declined, transitions, failed } = counts;
    format!(
        "{billed} customers billed, {installments} installments, {charged} charged, {declined} declined, \
         {transitions} changes of status, {failed} failed"
    )
}
