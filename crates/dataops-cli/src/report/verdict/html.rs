//! A page that needs nothing else: the checks, and what each column is like.

use data_contract::infer::{ColumnProfile, Profile};
use data_contract::plan::Evidence;
use data_contract::verdict::{CheckResult, ObjectRead, Status};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::words::{details, is_notable, read, summary, word};
use super::{Held, Verdicts, databricks};
use crate::terminal::{grouped, shortened};

/// So wide is a value in a cell at most.
const WIDEST: usize = 24;
const STYLE: &str = concat!(include_str!("../report.css"), include_str!("verdict.css"));

pub(super) fn render(verdicts: &Verdicts) -> String {
    let (class, verdict) = match verdicts.all_hold() {
        true => ("succeeded", "Holds"),
        false => ("failed", "Does not hold"),
    };
    let now = jiff::Timestamp::now();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Data contracts: " (summary(verdicts)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Data contracts" }
                    p class=(format!("verdict {class}")) { (verdict) }
                }
                p class="summary" { (summary(verdicts)) }
                @for held in &verdicts.contracts { (contract(held)) }
                footer { "Made by dataops " (env!("CARGO_PKG_VERSION")) " at " (format!("{now:.0}")) }
            }
        }
    }
    .into_string()
}

fn contract(held: &Held) -> Markup {
    html! {
        h2 class="contract" { (held.verdict.contract) " " (held.verdict.version) " " code { (held.file) } }
        @for read in &held.verdict.objects {
            @let profile = held.profiles.iter().find(|profile| profile.object == read.name);
            (object(held, read, profile))
        }
        @if let Some(took) = &held.databricks { p { (databricks::sentence(took)) } }
    }
}

fn object(held: &Held, object: &ObjectRead, profile: Option<&Profile>) -> Markup {
    let checks = held
        .verdict
        .checks
        .iter()
        .filter(|check| check.object == object.name);
    let mut checks: Vec<_> = checks.collect();
    checks.sort_by_key(|check| std::cmp::Reverse(check.status));
    html! {
        section {
            h2 { (object.name) }
            p { code { (object.location) } " " (read(object)) }
            table {
                thead { tr { th {} th { "Check" } th { "Measured" } th { "Expected" } } }
                tbody { @for check in checks { (row(check)) } }
            }
            @if let Some(profile) = profile { (columns(profile)) }
        }
    }
}

const fn class(status: Status) -> &'static str {
    match status {
        Status::Passed => "succeeded",
        Status::NotExecutable => "skipped",
        Status::Warning => "cancelled",
        Status::Failed | Status::Error => "failed",
    }
}

fn row(check: &CheckResult) -> Markup {
    html! {
        tr {
            td { span class=(format!("status {}", class(check.status))) { (word(check.status)) } }
            td {
                (title(&check.title))
                div class="id" { (check.id) @if check.line > 0 { " · line " (check.line) } }
                @if is_notable(check) {
                    @for detail in details(check) { div class="detail" { (detail) } }
                }
                @if let Evidence::Query(query) = &check.evidence {
                    details { summary { "SQL" } pre { (query) } }
                }
            }
            td { (check.measured.as_deref().unwrap_or_default()) }
            td { (check.expected.as_deref().unwrap_or_default()) }
        }
    }
}

/// A title whose parts between backticks are code.
fn title(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

fn columns(profile: &Profile) -> Markup {
    html! {
        h3 { "Columns" }
        table class="columns" {
            thead { tr { th { "Column" } th { "Type" } th { "NULL" } th class="number" { "Distinct" } th { "Least … greatest" } th { "Values" } } }
            tbody { @for column in &profile.columns { (column_row(column, profile.rows)) } }
        }
    }
}

fn column_row(column: &ColumnProfile, rows: u64) -> Markup {
    let rows = column.all(rows);
    let share = column.nulls as f64 / rows.max(1) as f64 * 100.0;
    let kind = column
        .logical_type
        .as_deref()
        .or(column.physical_type.as_deref());
    html! {
        tr {
            td { (column.name) }
            td { (kind.unwrap_or_default()) }
            td {
                span class="track nulls" title=(format!("{} of {} rows are NULL", grouped(column.nulls), grouped(rows))) {
                    span class="fill" style=(format!("width:{share:.1}%")) {}
                }
                span class="share" { (format!("{share:.1} %")) }
            }
            td class="number" { @if let Some(distinct) = column.distinct { (grouped(distinct)) } }
            td class="range" {
                @if let (Some(least), Some(greatest)) = (&column.least, &column.greatest) { (shortened(least, WIDEST)) " … " (shortened(greatest, WIDEST)) }
            }
            td { (spread(column, rows)) }
        }
    }
}

/// A histogram of numbers, or the most frequent values.
fn spread(column: &ColumnProfile, rows: u64) -> Markup {
    if let Some(histogram) = &column.histogram {
        return bars(&histogram.counts, &histogram.edges);
    }
    html! {
        div class="tops" {
            @for (value, count) in column.top.iter().take(5) {
                @let share = *count as f64 / rows.max(1) as f64 * 100.0;
                div class="top" title=(format!("{value}: {} rows", grouped(*count))) {
                    span class="value" { (shortened(value, WIDEST)) }
                    span class="track" { span class="fill" style=(format!("width:{share:.1}%")) {} }
                    span class="share" { (format!("{share:.1} %")) }
                }
            }
        }
    }
}

/// The width and height of a histogram.
const SIZE: (f64, f64) = (180.0, 36.0);

fn bars(counts: &[u64], edges: &[f64]) -> Markup {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let wide = SIZE.0 / counts.len().max(1) as f64;
    let label = |at: usize| match (
        at.checked_sub(1).and_then(|at| edges.get(at)),
        edges.get(at),
    ) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (None, Some(to)) => format!("less than {to}"),
        (Some(from), None) => format!("{from} and more"),
        (None, None) => String::new(),
    };
    html! {
        svg class="histogram" viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-label="histogram" {
            @for (at, count) in counts.iter().enumerate() {
                @let high = *count as f64 / most * (SIZE.1 - 1.0);
                rect x=(format!("{:.2}", at as f64 * wide)) y=(format!("{:.2}", SIZE.1 - high)) width=(format!("{:.2}", (wide - 1.0).max(0.5)))
                    height=(format!("{high:.2}")) { title { (label(at)) ": " (grouped(*count)) } }
            }
        }
    }
}
