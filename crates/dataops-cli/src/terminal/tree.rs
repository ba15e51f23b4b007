//! A run as it goes on: a live tree on a terminal, plain lines in a log.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{IsTerminal, Write};
use std::time::Duration;

use azure_core::time::OffsetDateTime;
use dataops_core::run::{ActivityReport, RunReport, is_final};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{duration, harmless};

/// Shows a run while it goes on, on stderr.
pub(crate) enum Progress {
    /// A live tree.
    Tree(Tree),
    /// A line for each change.
    Lines(Lines),
    /// Nothing.
    Quiet,
}

impl Progress {
    /// A tree on a terminal, lines elsewhere, nothing when `quiet`.
    #[must_use]
    pub(crate) fn new(quiet: bool, ci: bool) -> Self {
        match () {
            () if quiet => Self::Quiet,
            () if std::io::stderr().is_terminal() && !ci => Self::Tree(Tree::default()),
            () => Self::Lines(Lines::default()),
        }
    }

    /// Shows where the run stands.
    pub(crate) fn update(&mut self, run: &RunReport) {
        match self {
            Self::Tree(tree) => tree.update(run),
            Self::Lines(lines) => {
                for line in lines.changes(run, OffsetDateTime::now_utc()) {
                    // A log that cannot be written to is no reason to end a run.
                    let _ = writeln!(std::io::stderr(), "{line}");
                }
            }
            Self::Quiet => {}
        }
    }

    /// Leaves the last picture standing.
    pub(crate) fn finish(&mut self) {
        if let Self::Tree(tree) = self {
            tree.finish();
        }
    }
}

/// A live tree: the run, and below it an entry for each activity.
pub(crate) struct Tree {
    screen: MultiProgress,
    run: Option<ProgressBar>,
    activities: BTreeMap<String, ProgressBar>,
}

impl Default for Tree {
    fn default() -> Self {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(12));
        Self {
            screen,
            run: None,
            activities: BTreeMap::new(),
        }
    }
}

impl Tree {
    fn update(&mut self, run: &RunReport) {
        let now = OffsetDateTime::now_utc();
        let bar = self.run.get_or_insert_with(|| spinner(&self.screen, ""));
        let took = run.duration(now).map(duration).unwrap_or_default();
        bar.set_message(format!(
            "{}  {}  {took}",
            harmless(&run.pipeline),
            paint(&run.status)
        ));
        for activity in &run.activities {
            let key = format!(
                "{} {:?} {:?}",
                activity.name, activity.retry, activity.start
            );
            let bar = self
                .activities
                .entry(key)
                .or_insert_with(|| spinner(&self.screen, "  "));
            let mut text = line(activity, now, true);
            if let Some(error) = &activity.error {
                text = format!(
                    "{text}  {}",
                    harmless(error.message.lines().next().unwrap_or_default())
                );
            }
            if is_final(&activity.status) && !bar.is_finished() {
                bar.set_style(style("  ", symbol(&activity.status)));
                bar.finish_with_message(text);
            } else if !bar.is_finished() {
                bar.set_message(text);
            }
        }
    }

    fn finish(&mut self) {
        for bar in self.activities.values().chain(&self.run) {
            bar.abandon();
        }
    }
}

fn spinner(screen: &MultiProgress, indent: &str) -> ProgressBar {
    let bar = screen.add(ProgressBar::new_spinner().with_style(style(indent, "{spinner:.cyan}")));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn style(indent: &str, symbol: &str) -> ProgressStyle {
    let template = format!("{indent}{symbol} {{wide_msg}}");
    ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn symbol(status: &str) -> &'static str {
    match status {
        "Succeeded" => "\u{1b}[32m✔\u{1b}[0m",
        "Failed" => "\u{1b}[31m✘\u{1b}[0m",
        "Cancelled" => "\u{1b}[33m■\u{1b}[0m",
        _ => "\u{1b}[2m–\u{1b}[0m",
    }
}

fn paint(status: &str) -> String {
    let color = match status {
        "Succeeded" => 32,
        "Failed" => 31,
        "Cancelled" | "Canceling" => 33,
        _ => 36,
    };
    format!("\u{1b}[{color}m{}\u{1b}[0m", harmless(status))
}

fn line(activity: &ActivityReport, now: OffsetDateTime, painted: bool) -> String {
    let status = if painted {
        paint(&activity.status)
    } else {
        harmless(&activity.status)
    };
    let retry = activity
        .retry
        .map(|retry| format!(" (attempt {})", retry + 1))
        .unwrap_or_default();
    let took = activity.duration(now).map(duration).unwrap_or_default();
    format!(
        "{}{retry}  {}  {status}  {took}",
        harmless(&activity.name),
        harmless(&activity.kind)
    )
}

/// A line for each change.
#[derive(Default)]
pub(crate) struct Lines {
    said: BTreeSet<String>,
}

impl Lines {
    /// What has changed since the last look, in the order of a log: the run starts before its activities and ends after them.
    fn changes(&mut self, run: &RunReport, now: OffsetDateTime) -> Vec<String> {
        let clock = format!("{:02}:{:02}:{:02}", now.hour(), now.minute(), now.second());
        let mut activities = Vec::new();
        for activity in &run.activities {
            activities.extend(self.of_activity(activity, now));
        }
        let of_run = self.of_run(run, now);
        let lines: Vec<_> = match run.is_final() {
            true => activities.into_iter().chain(of_run).collect(),
            false => of_run.into_iter().chain(activities).collect(),
        };
        lines
            .into_iter()
            .map(|line| format!("{clock} {line}"))
            .collect()
    }

    fn of_run(&mut self, run: &RunReport, now: OffsetDateTime) -> Option<String> {
        if !self.said.insert(format!("run {}", run.status)) {
            return None;
        }
        let took = run
            .duration(now)
            .filter(|_| run.is_final())
            .map(duration)
            .unwrap_or_default();
        let line = format!(
            "{}  {}  {took}",
            harmless(&run.pipeline),
            harmless(&run.status)
        );
        Some(line.trim_end().to_owned())
    }

    fn of_activity(&mut self, activity: &ActivityReport, now: OffsetDateTime) -> Vec<String> {
        let key = format!(
            "{} {:?} {:?} {}",
            activity.name, activity.retry, activity.start, activity.status
        );
        if !self.said.insert(key) {
            return Vec::new();
        }
        let shown = match is_final(&activity.status) {
            true => line(activity, now, false),
            false => format!(
                "{}  {}  {}",
                harmless(&activity.name),
                harmless(&activity.kind),
                harmless(&activity.status)
            ),
        };
        let reason = activity.error.iter().flat_map(|error| {
            let text = harmless(&error.message);
            text.lines()
                .map(|line| format!("    {line}"))
                .collect::<Vec<_>>()
        });
        [format!("  {}", shown.trim_end())]
            .into_iter()
            .chain(reason)
            .collect()
    }
}
