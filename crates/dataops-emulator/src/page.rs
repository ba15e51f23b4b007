//! The page at `/`: factories, their triggers, and a Gantt chart of each run.

use std::cmp::Reverse;
use std::sync::Arc;

use adf_model::Kind;
use adf_runtime::{ActivityRunRecord, PipelineRunRecord};
use axum::extract::{RawQuery, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use time::OffsetDateTime;

use crate::adf::runs::activities;
use crate::adf::store::{FactoryRow, RunRow};
use crate::auth::COOKIE_NAME;
use crate::state::State;

/// How many runs are shown, newest first.
const RUNS: usize = 50;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
details { border-top: 1px solid #8884; padding: .4rem 0; } summary { cursor: pointer; }
.chart { display: grid; grid-template-columns: 16rem 1fr 6rem; gap: .15rem .6rem; margin: .5rem 0 .5rem 1rem; }
.lane { background: #8882; border-radius: 3px; position: relative; min-height: 1.2rem; }
.bar { position: absolute; top: 0; bottom: 0; border-radius: 3px; min-width: 3px; background: #777; }
.Succeeded { background: #2e7d32; } .Failed { background: #c62828; } .Cancelled, .Canceling { background: #ef6c00; }
.InProgress { background: #1565c0; } .Queued, .Inactive { background: #777; }
.mark { color: #fff; border-radius: 3px; padding: 0 .4rem; }
.error { white-space: pre-wrap; font-family: ui-monospace, monospace; margin: .2rem 0 .2rem 1rem; }
";

/// `GET /`. With `?token=…` a browser gets a cookie, and the address without the token.
pub(crate) async fn show(
    Extract(state): Extract<Arc<State>>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    if url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "token") {
        let cookie = format!(
            "{COOKIE_NAME}={}; HttpOnly; SameSite=Strict; Path=/",
            state.cookie()
        );
        let headers = [("set-cookie", cookie), ("location", "/".to_owned())];
        return (StatusCode::SEE_OTHER, headers).into_response();
    }
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ];
    (headers, page(&state).into_string()).into_response()
}

fn page(state: &State) -> Markup {
    let mut runs: Vec<RunRow> = state
        .adf
        .runs
        .list()
        .into_iter()
        .map(|(_, row)| row)
        .collect();
    runs.sort_by_key(|row| Reverse(row.record.run_start));
    let going = runs.iter().any(|row| !row.record.status.is_final());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "dataops emulator" }
                @if going { meta http-equiv="refresh" content="3"; }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "dataops emulator" }
                p { "Storage account " code { (state.account) } ", data in " code { (state.dir().display()) } }
                h2 { "Factories" }
                @let factories = state.adf.factories.list();
                @if factories.is_empty() { p { "There are none yet." } }
                @for (_, row) in &factories { (factory(state, row)) }
                h2 { "Pipeline runs" }
                @if runs.is_empty() { p { "There are none yet." } }
                @if runs.len() > RUNS { p { "The newest " (RUNS) " of " (runs.len()) "." } }
                @for row in runs.iter().take(RUNS) { (run(state, &row.record)) }
            }
        }
    }
}

fn factory(state: &State, row: &FactoryRow) -> Markup {
    let counts = Kind::ALL.into_iter().filter_map(|kind| {
        let count = state.adf.of_kind(&row.path, kind, None).len();
        (count > 0).then(|| format!("{count} {}", kind.arm_segment()))
    });
    let counts: Vec<_> = counts.collect();
    html! {
        p { b { (row.path.name) } " in " (row.path.group) ": " (counts.join(", ")) }
        table {
            @for trigger in state.adf.of_kind(&row.path, Kind::Trigger, None) {
                tr {
                    td { "Trigger " (trigger.name) }
                    td { (trigger.properties["type"].as_str().unwrap_or_default()) }
                    td { (trigger.properties["runtimeState"].as_str().unwrap_or_default()) }
                }
            }
        }
    }
}

fn run(state: &State, record: &PipelineRunRecord) -> Markup {
    let status = format!("{:?}", record.status);
    let start = record.run_start.map(|start| start.0);
    let end = record
        .run_end
        .map_or_else(OffsetDateTime::now_utc, |end| end.0);
    html! {
        details open[!record.status.is_final()] {
            summary {
                b { (record.pipeline_name) } " "
                span class={ "mark " (status) } { (status) } " "
                @if let Some(start) = record.run_start { (start) ", " }
                (seconds(record.duration_in_ms)) ", by " (record.invoked_by.name) ", "
                code { (record.run_id) }
            }
            @if !record.message.is_empty() { div.error { (record.message) } }
            div.chart {
                @for activity in activities(state, &record.run_id) {
                    (bar(&activity, start, end))
                }
            }
        }
    }
}

fn bar(activity: &ActivityRunRecord, start: Option<OffsetDateTime>, end: OffsetDateTime) -> Markup {
    let status = format!("{:?}", activity.status);
    let began = activity.activity_run_start.map(|began| began.0);
    let ended = activity.activity_run_end.map_or(end, |ended| ended.0);
    let whole = start
        .map_or(0.0, |start| (end - start).as_seconds_f64())
        .max(0.001);
    let percent = |from: Option<OffsetDateTime>, to: OffsetDateTime| {
        let span = from.map_or(0.0, |from| (to - from).as_seconds_f64());
        (100.0 * span / whole).clamp(0.0, 100.0)
    };
    let left = began.map_or(0.0, |began| percent(start, began));
    let width = percent(began, ended).min(100.0 - left);
    html! {
        div { (activity.activity_name) " (" (activity.activity_type) ")" }
        div.lane {
            div class={ "bar " (status) } style={ "left:" (format!("{left:.2}")) "%;width:" (format!("{width:.2}")) "%" } title=(status) {}
        }
        div { (seconds(activity.duration_in_ms)) }
        @if !activity.error.message.is_empty() {
            div.error style="grid-column: 1 / -1" { (activity.error.error_code) ": " (activity.error.message) }
        }
    }
}

fn seconds(milliseconds: Option<i64>) -> String {
    match milliseconds {
        Some(milliseconds) => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        None => "going on".to_owned(),
    }
}
