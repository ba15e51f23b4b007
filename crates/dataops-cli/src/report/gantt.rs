//! A run as a Gantt chart, in SVG.

use azure_core::time::OffsetDateTime;
use dataops_core::run::RunReport;
use maud::{Markup, PreEscaped, html};

use crate::terminal::duration;

/// Pixels of one bar, the space for names, and the whole width.
const ROW: usize = 30;
const NAMES: f64 = 200.0;
const WIDTH: f64 = 960.0;
const DURATIONS: f64 = 70.0;

struct Bar<'r> {
    name: &'r str,
    kind: &'r str,
    status: &'r str,
    start: f64,
    length: f64,
    label: String,
}

/// The chart; nothing when the run has not started.
#[must_use]
pub(crate) fn chart(run: &RunReport, now: OffsetDateTime) -> Markup {
    let Some(start) = run.start else {
        return html! { p { "The run has not started." } };
    };
    let total = (run.end.unwrap_or(now) - start).as_seconds_f64().max(0.001);
    let scale = (WIDTH - NAMES - DURATIONS) / total;
    let bars: Vec<_> = run
        .activities
        .iter()
        .filter_map(|activity| {
            let begins = activity.start?;
            let took = activity.end.unwrap_or(now) - begins;
            Some(Bar {
                name: &activity.name,
                kind: &activity.kind,
                status: &activity.status,
                start: NAMES + (begins - start).as_seconds_f64().max(0.0) * scale,
                length: (took.as_seconds_f64() * scale).max(3.0),
                label: duration(took),
            })
        })
        .collect();
    let ticks = ticks(total);
    let height = (bars.len() + 1) * ROW + 8;
    html! {
        svg viewBox=(format!("0 0 {WIDTH} {height}")) role="img" aria-label="Gantt chart of the run" xmlns="http://www.w3.org/2000/svg" {
            @for tick in &ticks {
                @let x = NAMES + tick * scale;
                line x1=(x) x2=(x) y1="22" y2=(height) class="tick" {}
                text x=(x) y="14" class="axis" { (axis(*tick)) }
            }
            @for (at, bar) in bars.iter().enumerate() {
                @let y = (at + 1) * ROW;
                g class=(format!("bar {}", class(bar.status))) {
                    title { (bar.name) " (" (bar.kind) "): " (bar.status) ", " (bar.label) }
                    text x="0" y=(y + 14) class="name" { (shorten(bar.name)) }
                    rect x=(px(bar.start)) y=(y) width=(px(bar.length)) height=(ROW - 10) rx="4" {}
                    text x=(px(bar.start + bar.length + 6.0)) y=(y + 14) class="took" { (bar.label) }
                }
            }
        }
    }
}

/// The class that colours a status.
#[must_use]
pub(crate) fn class(status: &str) -> &'static str {
    match status {
        "Succeeded" => "succeeded",
        "Failed" => "failed",
        "Cancelled" | "Canceling" => "cancelled",
        "InProgress" | "Queued" => "running",
        _ => "skipped",
    }
}

fn px(value: f64) -> PreEscaped<String> {
    PreEscaped(format!("{value:.1}"))
}

fn shorten(name: &str) -> String {
    const LONGEST: usize = 26;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

fn axis(seconds: f64) -> String {
    if seconds >= 60.0 {
        format!("{}m{:02}", seconds as u64 / 60, seconds as u64 % 60)
    } else {
        format!("{seconds}s")
    }
}

/// At most eight round times.
fn ticks(total: f64) -> Vec<f64> {
    let steps = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0,
        10_800.0, 43_200.0,
    ];
    let step = steps
        .into_iter()
        .find(|step| total / step <= 8.0)
        .unwrap_or(86_400.0);
    // Room for what is lost when tenths are divided.
    let count = (total / step + 1e-9).min(64.0) as u32;
    (0..=count)
        .map(|tick| (f64::from(tick) * step * 10.0).round() / 10.0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(ticks(14.2), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]);
        assert_eq!(ticks(0.3), [0.0, 0.1, 0.2, 0.3]);
        assert!(ticks(1e9).len() <= 65);
        assert_eq!(axis(90.0), "1m30");
    }
}
