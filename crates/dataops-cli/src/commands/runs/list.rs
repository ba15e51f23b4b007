//! `dataops runs list`.

use std::io::{self, Write};
use std::time::Duration;

use adf_client::models::PipelineRunStatus;
use azure_core::time::{OffsetDateTime, parse_rfc3339};
use dataops_core::run::{RunQuery, RunSummary, RunsFound};
use dataops_ledger::{Time, TimeError};
use serde::Serialize;

use super::visit;
use crate::args::EnvironmentName;
use crate::commands::run::failure;
use crate::context::Context;
use crate::duration;
use crate::failure::Failure;
use crate::report::{Report, rows_by_id};
use crate::terminal::{self, harmless};

/// List the newest pipeline runs, with who has started them. Debug runs are not among them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops runs list --env qa --status failed --last 7d\n  \
    dataops runs list --env qa --pipeline ingest --limit 5 --output json")]
pub(super) struct Args {
    #[command(flatten)]
    environment: EnvironmentName,
    /// Runs of this pipeline only.
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,
    /// Runs that stand so only: queued, in-progress, succeeded, failed, canceling or cancelled. May be repeated.
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = status)]
    status: Vec<PipelineRunStatus>,
    /// Runs with which something happened within this time, such as 90m, 24h or 7d. Data Factory keeps runs for 45 days.
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = duration::parse)]
    last: Duration,
    /// Runs that began before this time only, such as 2026-11-29T02:26:57Z: what is beyond --limit.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    before: Option<OffsetDateTime>,
    /// How many are listed.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
}

/// Reads a status, written in any of the ways in which people write it.
fn status(text: &str) -> Result<PipelineRunStatus, String> {
    let plain: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    match PipelineRunStatus::from(plain) {
        PipelineRunStatus::Unknown(_) => Err(format!(
            "`{text}` is no status of a run; there are queued, in-progress, succeeded, failed, canceling and cancelled"
        )),
        known => Ok(known),
    }
}

/// The runs, and what was looked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    #[serde(flatten)]
    found: RunsFound,
    /// What tells the next ones apart from these, where there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip)]
    sought: String,
}

pub(super) async fn run(context: &Context, args: Args) -> Result<Listed, Failure> {
    let (session, runs) = visit(context, &args.environment.name).await?;
    let query = RunQuery {
        last: args.last,
        before: args.before,
        limit: args.limit as usize,
        pipeline: args.pipeline,
        statuses: args.status,
    };
    let found = runs.list(&query).await;
    session.close().await;
    let found = found.map_err(failure)?;
    Ok(Listed {
        before: next(&found),
        found,
        sought: sought(&query),
    })
}

/// Reads a point in time, to the last digit where it has some: two runs may have started within a millisecond.
fn moment(text: &str) -> Result<OffsetDateTime, String> {
    if let Ok(time) = parse_rfc3339(text) {
        return Ok(time);
    }
    let time: Time = text.parse().map_err(|error: TimeError| error.to_string())?;
    let nanos = i128::from(time.as_millis()) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanos).map_err(|error| error.to_string())
}

/// The time before which the next runs began.
fn next(found: &RunsFound) -> Option<String> {
    let last = found.runs.last().filter(|_| found.has_more)?;
    Some(azure_core::time::to_rfc3339(&last.start?))
}

/// What was looked for, in words.
fn sought(query: &RunQuery) -> String {
    let mut text = "no runs".to_owned();
    if let Some(pipeline) = &query.pipeline {
        text += &format!(" of pipeline {pipeline}");
    }
    if !query.statuses.is_empty() {
        let statuses: Vec<_> = query
            .statuses
            .iter()
            .map(PipelineRunStatus::as_str)
            .collect();
        text += &format!(" that are {}", statuses.join(" or "));
    }
    text + &format!(" within the last {}", duration::written(query.last))
}

impl Report for Listed {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.found.runs.is_empty() {
            return writeln!(out, "{}", harmless(&self.sought));
        }
        let now = OffsetDateTime::now_utc();
        let header = ["run", "pipeline", "status", "started (UTC)", "took", "by"];
        let lines = self.found.runs.iter().map(|run| cells(run, now));
        writeln!(out, "{}", rows_by_id(&header, lines))?;
        if let Some(before) = &self.before {
            writeln!(
                out,
                "\nthere are more: --before {before}, or a higher --limit"
            )?;
        }
        Ok(())
    }
}

fn cells(run: &RunSummary, now: OffsetDateTime) -> [String; 6] {
    let took = run.start.map(|start| run.end.unwrap_or(now) - start);
    [
        harmless(&run.run_id),
        harmless(&run.pipeline),
        harmless(run.status.as_str()),
        run.start.map(clock).unwrap_or_default(),
        took.map(terminal::duration).unwrap_or_default(),
        harmless(&run.invoked_by),
    ]
}

/// `11-29 02:26:57`: runs are not kept long enough for a year.
fn clock(time: OffsetDateTime) -> String {
    let (month, day) = (u8::from(time.month()), time.day());
    let (hour, minute, second) = time.to_hms();
    format!("{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_read_as_people_write_them() {
        let read = [
            "Failed",
            "in-progress",
            "InProgress",
            "in_progress",
            "canceled",
        ]
        .map(status);

        assert_eq!(
            read,
            [
                PipelineRunStatus::Failed,
                PipelineRunStatus::InProgress,
                PipelineRunStatus::InProgress,
                PipelineRunStatus::InProgress,
                PipelineRunStatus::Cancelled,
            ]
            .map(Ok)
        );
        assert!(
            status("broken")
                .unwrap_err()
                .contains("is no status of a run")
        );
    }
}
