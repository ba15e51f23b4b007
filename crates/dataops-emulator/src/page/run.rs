//! A pipeline run on the page: what became of it, and when which of its activities ran.

use adf_runtime::{ActivityRunRecord, InvokedBy, PipelineRunRecord, RunStatus, Timestamp};
use maud::{Markup, html};
use serde_json::Value;
use time::OffsetDateTime;

use crate::adf::runs::activities;
use crate::state::State;

/// How many characters of an input or output are shown.
const LONGEST: usize = 20_000;

/// A run among others; open when it needs to be looked at.
pub(super) fn in_short(state: &State, record: &PipelineRunRecord) -> Markup {
    let open = !record.status.is_final() || record.status == RunStatus::Failed;
    html! {
        details.run open[open] {
            summary { (title(record)) }
            (message(record))
            (chart(state, record, false))
        }
    }
}

/// A run alone, with what it and its activities were given and gave.
pub(super) fn in_full(state: &State, record: &PipelineRunRecord) -> Markup {
    html! {
        p { (title(record)) }
        (message(record))
        @if !record.parameters.is_empty() {
            table {
                @for (name, value) in &record.parameters {
                    tr { td { (name) } td { code { (text(value)) } } }
                }
            }
        }
        (chart(state, record, true))
    }
}

fn title(record: &PipelineRunRecord) -> Markup {
    let status = format!("{:?}", record.status);
    html! {
        b { (record.pipeline_name) } " "
        span class={ "mark " (status) } { (status) } " "
        @if let Some(start) = record.run_start { (moment(start)) ", " }
        (duration(record.duration_in_ms, record.run_start)) ", " (started_by(&record.invoked_by)) " "
        a.quiet href={ "/?run=" (record.run_id) } { code { (record.run_id) } }
    }
}

fn started_by(by: &InvokedBy) -> Markup {
    match (&by.pipeline_name, &by.pipeline_run_id) {
        (Some(pipeline), Some(run)) => {
            html! { "by pipeline " a href={ "/?run=" (run) } { (pipeline) } }
        }
        _ if by.invoked_by_type == "Manual" => html! { "by hand" },
        _ => html! { "by trigger " (by.name) },
    }
}

fn message(record: &PipelineRunRecord) -> Markup {
    html! { @if !record.message.is_empty() { div.error { (record.message) } } }
}

fn chart(state: &State, record: &PipelineRunRecord, full: bool) -> Markup {
    let start = record.run_start.map(|start| start.0);
    let end = record
        .run_end
        .map_or_else(OffsetDateTime::now_utc, |end| end.0);
    html! {
        div.chart {
            @for activity in activities(state, &record.run_id) {
                (bar(&activity, start, end))
                @if full { (exchanged("input", &activity.input)) (exchanged("output", &activity.output)) }
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
        div.name {
            (activity.activity_name) " " span.quiet { (activity.activity_type) }
            @if let Some(attempt) = activity.retry_attempt { span.quiet { ", retry " (attempt) } }
        }
        div.lane {
            div class={ "bar " (status) } style={ "left:" (format!("{left:.2}")) "%;width:" (format!("{width:.2}")) "%" } title=(status) {}
        }
        div { (duration(activity.duration_in_ms, activity.activity_run_start)) }
        @if !activity.error.message.is_empty() {
            div.error.wide { (activity.error.error_code) ": " (activity.error.message) }
        }
    }
}

fn exchanged(what: &str, value: &Value) -> Markup {
    let empty = match value {
        Value::Null => true,
        Value::Object(object) => object.is_empty(),
        _ => false,
    };
    html! {
        @if !empty { details.wide { summary.quiet { (what) } pre { (text(value)) } } }
    }
}

fn text(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    let seconds = text.split('.').next().unwrap_or_default();
    format!("{} UTC", seconds.replace('T', " "))
}

fn duration(milliseconds: Option<i64>, start: Option<Timestamp>) -> String {
    let so_far = |start: Timestamp| OffsetDateTime::now_utc() - start.0;
    match (milliseconds, start) {
        (Some(milliseconds @ ..1000), _) => format!("{milliseconds} ms"),
        (Some(milliseconds), _) => spoken(milliseconds / 1000, milliseconds % 1000 / 100),
        (None, Some(start)) => {
            format!("{} so far", spoken(so_far(start).whole_seconds().max(0), 0))
        }
        (None, None) => "waiting".to_owned(),
    }
}

fn spoken(seconds: i64, tenths: i64) -> String {
    match seconds {
        ..60 => format!("{seconds}.{tenths} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_as_exact_as_a_reader_needs() {
        for (milliseconds, text) in [
            (7, "7 ms"),
            (1_250, "1.2 s"),
            (61_999, "1 min 1 s"),
            (7_380_000, "2 h 3 min"),
        ] {
            assert_eq!(duration(Some(milliseconds), None), text);
        }
        assert_eq!(duration(None, None), "waiting");
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let long = Value::String("é".repeat(LONGEST + 1));

        assert_eq!(text(&long).chars().count(), LONGEST + 1);
        assert!(text(&long).ends_with('…'));
    }
}
