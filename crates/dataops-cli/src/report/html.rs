//! Reports as one HTML page that needs nothing else: no script, no network.

use azure_core::time::OffsetDateTime;
use azure_core::time::to_rfc3339;
use dataops_core::ingestion::{CheckOutcome, IngestionReport};
use dataops_core::run::{ActivityReport, RunReport};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::gantt;
use crate::terminal::{duration, grouped, harmless_page};

const STYLE: &str = include_str!("report.css");

/// What a page tells.
pub(crate) struct Page<'p> {
    /// The heading.
    pub(crate) title: &'p str,
    /// The facts below it, by name.
    pub(crate) facts: &'p [(&'p str, String)],
    /// The run.
    pub(crate) run: &'p RunReport,
    /// The test of what it wrote.
    pub(crate) test: Option<&'p IngestionReport>,
}

/// Renders a page.
#[must_use]
pub(crate) fn render(page: &Page<'_>) -> String {
    let now = OffsetDateTime::now_utc();
    let failed = page.run.status != "Succeeded" || page.test.is_some_and(|test| !test.holds());
    let verdict = if failed {
        ("failed", "Failed")
    } else {
        ("succeeded", "Passed")
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (page.title) }
                    p class=(format!("verdict {}", verdict.0)) { (verdict.1) }
                }
                dl {
                    @for (name, value) in page.facts { div { dt { (name) } dd { (value) } } }
                }
                (run(page.run, now))
                @if let Some(test) = page.test { (ingestion(test)) }
                footer { "Made by dataops " (env!("CARGO_PKG_VERSION")) " at " (to_rfc3339(&now.replace_nanosecond(0).unwrap_or(now))) }
            }
        }
    };
    harmless_page(&page.into_string())
}

fn run(run: &RunReport, now: OffsetDateTime) -> Markup {
    html! {
        section {
            h2 { "Run" }
            p {
                code { (run.pipeline) } " in factory " code { (run.factory) } ", run " code { (run.run_id) }
                ", started by " (run.invoked_by) ": "
                span class=(format!("status {}", gantt::class(&run.status))) { (run.status) }
                @if let Some(took) = run.duration(now) { " after " (duration(took)) }
            }
            @if !run.message.is_empty() { pre class="message" { (run.message) } }
            (gantt::chart(run, now))
            table {
                thead { tr { th { "Activity" } th { "Type" } th { "Status" } th class="number" { "Duration" } th { "Output" } } }
                tbody { @for activity in &run.activities { (row(activity, now)) } }
            }
            @if !run.parameters.is_empty() {
                details { summary { "Parameters" } (pretty(&serde_json::Value::Object(run.parameters.clone()))) }
            }
        }
    }
}

fn row(activity: &ActivityReport, now: OffsetDateTime) -> Markup {
    html! {
        tr {
            td { (activity.name) }
            td { (activity.kind) }
            td { span class=(format!("status {}", gantt::class(&activity.status))) { (activity.status) } }
            td class="number" { @if let Some(took) = activity.duration(now) { (duration(took)) } }
            td {
                @if let Some(error) = &activity.error { pre class="message" { (error.code) ": " (error.message) } }
                @if let Some(trace) = activity.trace() { pre { (trace) } }
                @if activity.output.as_object().is_some_and(|output| !output.is_empty()) {
                    details { summary { "output" } (pretty(&activity.output)) }
                }
            }
        }
    }
}

fn pretty(value: &serde_json::Value) -> Markup {
    html! { pre { (format!("{value:#}")) } }
}

fn ingestion(test: &IngestionReport) -> Markup {
    html! {
        section {
            h2 { "Test of the data" }
            (rows(test))
            table {
                thead { tr { th {} th { "Check" } th { "Found" } } }
                tbody {
                    @for check in &test.checks {
                        @let (class, word) = match check.outcome {
                            CheckOutcome::Passed => ("status succeeded", "passed"),
                            CheckOutcome::Failed => ("status failed", "failed"),
                            CheckOutcome::Skipped => ("status skipped", "skipped"),
                        };
                        tr {
                            td { span class=(class) { (word) } }
                            td { (check.name) }
                            td { (check.found) }
                        }
                    }
                }
            }
        }
    }
}

/// The rows in and out, as bars of one scale.
fn rows(test: &IngestionReport) -> Markup {
    let most = test
        .input_rows
        .unwrap_or(0)
        .max(test.written_rows().unwrap_or(0))
        .max(1);
    let bar = |name: &str, rows: Option<u64>| {
        let told = rows.map_or_else(
            || "rows not counted".to_owned(),
            |rows| format!("{} rows", grouped(rows)),
        );
        let width = rows.unwrap_or(0) as f64 / most as f64 * 100.0;
        html! {
            div class="rows" {
                span { (name) }
                span class="track" { span class="fill" style=(format!("width:{width:.1}%")) {} }
                span class="number" { (told) }
            }
        }
    };
    html! {
        @if let Some(input) = test.input_rows { (bar("input", Some(input))) }
        (bar("training", test.training_rows))
        (bar("testing", test.testing_rows))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn a_run() -> RunReport {
        RunReport {
            factory: "f".into(),
            pipeline: "<script>alert(1)</script>".into(),
            run_id: "r".into(),
            status: "Failed".into(),
            message: "a & b\n##vso[task.setvariable variable=x]pwned\n ::error::x\u{1b}[2J\u{202e}"
                .into(),
            invoked_by: "OnDataDrop".into(),
            parameters: serde_json::Map::new(),
            start: Some(OffsetDateTime::UNIX_EPOCH),
            end: Some(OffsetDateTime::UNIX_EPOCH),
            activities: vec![ActivityReport {
                id: "1".into(),
                name: "\"><img src=x>".into(),
                kind: "Copy".into(),
                status: "Failed".into(),
                start: Some(OffsetDateTime::UNIX_EPOCH),
                end: None,
                input: json!({}),
                output: json!({"x": "</pre>"}),
                error: None,
                retry: None,
            }],
            url: None,
        }
    }

    #[test]
    fn text_of_a_service_cannot_become_markup() {
        let page = render(&Page {
            title: "t",
            facts: &[],
            run: &a_run(),
            test: None,
        });

        assert!(!page.contains("<script>") && !page.contains("<img") && page.contains("a &amp; b"));
        assert!(!page.contains("\"</pre>\"") && page.contains("verdict failed"));
        // Where the page is printed, nothing in it is an order.
        assert!(!page.contains("##") && page.contains("\n&#35;&#35;vso[task.setvariable"));
        assert!(page.contains("\n &#58;:error::x[2J") && !page.contains(['\u{1b}', '\u{202e}']));
    }
}
