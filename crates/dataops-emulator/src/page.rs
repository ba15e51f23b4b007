//! The page at `/`: factories, their triggers, and a Gantt chart of each run; `/?run=ID` shows one run in full.

mod run;

use std::cmp::Reverse;
use std::sync::Arc;

use adf_model::Kind;
use axum::extract::{RawQuery, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::adf::store::{FactoryRow, RunRow};
use crate::auth::COOKIE_NAME;
use crate::state::State;

/// How many runs are shown, newest first.
const RUNS: usize = 50;

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; } a { color: inherit; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
details.run { border-top: 1px solid #8884; padding: .4rem 0; } summary { cursor: pointer; overflow-wrap: anywhere; }
.chart { display: grid; grid-template-columns: 16rem 1fr 5rem; gap: .15rem .6rem; margin: .5rem 0 .5rem 1rem; }
.chart > * { min-width: 0; overflow-wrap: anywhere; } .wide { grid-column: 1 / -1; }
.lane { background: #8882; border-radius: 3px; position: relative; min-height: 1.2rem; }
.bar { position: absolute; top: 0; bottom: 0; border-radius: 3px; min-width: 3px; background: #777; }
.Succeeded { background: #2e7d32; } .Failed { background: #c62828; } .Cancelled, .Canceling { background: #b35309; }
.InProgress { background: #1565c0; } .Queued, .Inactive { background: #777; }
.mark { color: #fff; border-radius: 3px; padding: 0 .4rem; } .quiet { opacity: .65; }
.error, pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.4 ui-monospace, monospace; margin: .2rem 0 .4rem 1rem; }
.error { border-left: 3px solid #c62828; padding-left: .6rem; }
@media (max-width: 45rem) { .chart { grid-template-columns: 1fr 4rem; margin-left: 0; } .chart > .name { grid-column: 1 / -1; } }
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
    let mut parameters = url::form_urlencoded::parse(query.as_bytes());
    let wanted = parameters.find(|(name, _)| name == "run");
    let page = match wanted.map(|(_, id)| state.adf.runs.get(&id.to_lowercase())) {
        None => overview(&state),
        Some(Some(row)) => one_run(&state, &row),
        Some(None) => {
            let page = shell(false, &html! { p { "There is no such run. " (back()) } });
            return (StatusCode::NOT_FOUND, headers, page.into_string()).into_response();
        }
    };
    (headers, page.into_string()).into_response()
}

/// A whole page, which loads itself again while something is `going` on.
fn shell(going: bool, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "dataops emulator" }
                @if going { meta http-equiv="refresh" content="3"; }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "dataops emulator" }
                (body)
            }
        }
    }
}

fn back() -> Markup {
    html! { a href="/" { "All runs" } }
}

fn one_run(state: &State, row: &RunRow) -> Markup {
    let body = html! { p { (back()) } (run::in_full(state, &row.record)) };
    shell(!row.record.status.is_final(), &body)
}

fn overview(state: &State) -> Markup {
    let rows = state.adf.runs.list().into_iter();
    let mut runs: Vec<RunRow> = rows.map(|(_, row)| row).collect();
    // What waits for its turn has not started yet, and is the newest.
    runs.sort_by_key(|row| {
        (
            row.record.run_start.is_some(),
            Reverse(row.record.run_start),
        )
    });
    let going = runs.iter().any(|row| !row.record.status.is_final());
    let body = html! {
        p { "Storage account " code { (state.account) } ", data in " code { (state.dir().display()) } }
        h2 { "Factories" }
        @let factories = state.adf.factories.list();
        @if factories.is_empty() { p { "There are none yet." } }
        @for (_, row) in &factories { (factory(state, row)) }
        h2 { "Pipeline runs" }
        @if runs.is_empty() { p { "There are none yet." } }
        @if runs.len() > RUNS { p { "The newest " (RUNS) " of " (runs.len()) "." } }
        @for row in runs.iter().take(RUNS) { (run::in_short(state, &row.record)) }
    };
    shell(going, &body)
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
