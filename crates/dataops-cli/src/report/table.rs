//! Tables for a terminal.

use azure_core::time::OffsetDateTime;
use comfy_table::{ContentArrangement, Table, presets};
use dataops_core::ingestion::{Check, CheckOutcome};
use dataops_core::run::RunReport;

use crate::terminal::{duration, harmless};

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table
}

/// A run's activities.
#[must_use]
pub(crate) fn runs(run: &RunReport) -> String {
    let mut table = table(&["activity", "type", "status", "duration"]);
    let now = OffsetDateTime::now_utc();
    for activity in &run.activities {
        table.add_row([
            harmless(&activity.name),
            harmless(&activity.kind),
            harmless(&activity.status),
            activity.duration(now).map(duration).unwrap_or_default(),
        ]);
    }
    table.to_string()
}

/// The checks of a test.
#[must_use]
pub(crate) fn checks(checks: &[Check]) -> String {
    let mut table = table(&["", "check", "found"]);
    for check in checks {
        let mark = match check.outcome {
            CheckOutcome::Passed => "✔",
            CheckOutcome::Failed => "✘",
        };
        table.add_row([
            mark.to_owned(),
            harmless(&check.name),
            harmless(&check.found),
        ]);
    }
    table.to_string()
}
