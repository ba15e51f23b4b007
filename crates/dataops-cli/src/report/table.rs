//! Tables for a terminal.

use azure_core::time::OffsetDateTime;
use comfy_table::{ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use dataops_core::ingestion::{Check, CheckOutcome};
use dataops_core::run::RunReport;
use terminal_size::{Width, terminal_size_of};

use crate::terminal::{duration, harmless};

/// A line below the header, and no others.
const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE);
    match terminal_size_of(std::io::stdout()) {
        Some((Width(width), _)) => table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    table.set_header(header);
    table
}

/// The table's lines, without the blanks at their ends.
fn text(table: &Table) -> String {
    let lines = table.lines().map(|line| line.trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

/// Rows below a header.
#[must_use]
pub(crate) fn rows<const N: usize>(
    header: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    text(&filled(header, rows))
}

/// The same where each row begins with an id that is copied: it is never broken into lines.
#[must_use]
pub(crate) fn rows_by_id<const N: usize>(
    header: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = filled(header, rows);
    if let Some(ids) = table.column_mut(0) {
        ids.set_constraint(ColumnConstraint::ContentWidth);
    }
    text(&table)
}

fn filled<const N: usize>(
    header: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Table {
    let mut table = table(header);
    for row in rows {
        table.add_row(row);
    }
    table
}

/// A run's activities; empty when it has none.
#[must_use]
pub(crate) fn runs(run: &RunReport) -> String {
    if run.activities.is_empty() {
        return String::new();
    }
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
    text(&table)
}

/// The checks of a test.
#[must_use]
pub(crate) fn checks(checks: &[Check]) -> String {
    let mut table = table(&["", "check", "found"]);
    for check in checks {
        let mark = match check.outcome {
            CheckOutcome::Passed => "✔",
            CheckOutcome::Failed => "✘",
            CheckOutcome::Skipped => "–",
        };
        table.add_row([
            mark.to_owned(),
            harmless(&check.name),
            harmless(&check.found),
        ]);
    }
    text(&table)
}

/// Why activities failed: the service's code and text, and what the work itself said. Empty when none did.
#[must_use]
pub(crate) fn failures(run: &RunReport) -> String {
    let mut text = String::new();
    for activity in &run.activities {
        let Some(error) = &activity.error else {
            continue;
        };
        text.push_str(&format!("\n{} failed", harmless(&activity.name)));
        if !error.code.is_empty() {
            text.push_str(&format!(" ({})", harmless(&error.code)));
        }
        let said = activity.trace().unwrap_or(&error.message);
        for line in harmless(said).trim_end().lines() {
            text.push_str("\n  ");
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}
