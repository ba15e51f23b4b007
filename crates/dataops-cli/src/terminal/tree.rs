//! A run as it goes on, on a terminal.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Duration;

use azure_core::time::OffsetDateTime;
use dataops_core::run::{ActivityReport, RunReport, is_final};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use terminal_size::{Width, terminal_size_of};
use unicode_width::UnicodeWidthStr;

use super::{duration, harmless, padded, shortened};

/// A live tree: the run, and below it an entry for each activity, in columns.
pub(crate) struct Tree {
    screen: MultiProgress,
    run: Option<ProgressBar>,
    activities: BTreeMap<String, ProgressBar>,
    painted: bool,
    /// Whether the result repeats the last picture on the same terminal.
    repeated: bool,
    ended: bool,
}

/// The widths of an activity's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Columns {
    name: usize,
    /// Nothing where there is no room for it.
    kind: usize,
    screen: usize,
}

impl Tree {
    /// A tree that makes way for the result where that goes to the same terminal.
    pub(crate) fn new(result_for_people: bool) -> Self {
        Self {
            screen: MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(12)),
            run: None,
            activities: BTreeMap::new(),
            painted: anstream::AutoStream::choice(&stderr()) != anstream::ColorChoice::Never,
            repeated: result_for_people && stdout().is_terminal(),
            ended: false,
        }
    }

    pub(crate) fn update(&mut self, run: &RunReport) {
        self.ended = run.is_final();
        let columns = Columns::of(run, width());
        let painted = self.painted;
        let bar = self.run.get_or_insert_with(|| spinner(&self.screen));
        let text = format!("{}  {}", harmless(&run.pipeline), harmless(&run.status));
        let text = columns.title(&text);
        show(bar, "", &text, &run.status, run.start, run.end, painted);
        for activity in &run.activities {
            let bar = self
                .activities
                .entry(activity.id.clone())
                .or_insert_with(|| spinner(&self.screen));
            let text = columns.row(activity);
            show(
                bar,
                "  ",
                &text,
                &activity.status,
                activity.start,
                activity.end,
                painted,
            );
            bar.set_message(columns.error(activity));
        }
    }
}

impl Drop for Tree {
    /// Makes way for a result that repeats the picture. Of a run that goes on, the last picture is left as it stands: drawing
    /// it again would miss the line that the terminal's echo of Ctrl-C has taken.
    fn drop(&mut self) {
        if self.ended && self.repeated {
            let _ = self.screen.clear();
        }
        if !self.ended && self.run.is_some() {
            self.screen.set_draw_target(ProgressDrawTarget::hidden());
            let _ = writeln!(stderr());
        }
    }
}

impl Columns {
    fn of(run: &RunReport, screen: usize) -> Self {
        let widest = |text: fn(&ActivityReport) -> &str| {
            let widths = run.activities.iter().map(|activity| text(activity).width());
            widths.max().unwrap_or(0)
        };
        let (name, kind) = (
            widest(|activity| &activity.name),
            widest(|activity| &activity.kind),
        );
        let is_repeated = run
            .activities
            .iter()
            .any(|activity| activity.retry.is_some());
        // Indent, symbol, gaps and a duration; and the number of an attempt.
        let room = screen.saturating_sub(if is_repeated { 28 } else { 16 });
        let kind = if room.saturating_sub(kind) >= name.min(24) {
            kind
        } else {
            0
        };
        Self {
            name: name.min(room.saturating_sub(kind)).max(8),
            kind,
            screen,
        }
    }

    /// The run's row, so that its duration stands above those of its activities.
    fn title(self, text: &str) -> String {
        let gap = if self.kind == 0 { 0 } else { 2 };
        let below = 2 + self.name + gap + self.kind;
        let most = self.screen.saturating_sub(12);
        padded(text, below.max(text.width()).min(most))
    }

    fn row(self, activity: &ActivityReport) -> String {
        let retry = activity
            .retry
            .map(|retry| format!("  attempt {}", retry + 1))
            .unwrap_or_default();
        let name = padded(&harmless(&activity.name), self.name);
        match self.kind {
            0 => format!("{name}{retry}"),
            kind => format!("{name}  {}{retry}", padded(&harmless(&activity.kind), kind)),
        }
    }

    /// The first line of what went wrong, below the row.
    fn error(self, activity: &ActivityReport) -> String {
        let said = activity
            .error
            .as_ref()
            .map(|error| harmless(&error.message));
        let first = said.as_deref().and_then(|text| text.lines().next());
        first.map_or_else(String::new, |line| {
            format!("\n    {}", shortened(line, self.screen.saturating_sub(5)))
        })
    }
}

fn width() -> usize {
    terminal_size_of(stderr()).map_or(80, |(Width(width), _)| usize::from(width))
}

fn spinner(screen: &MultiProgress) -> ProgressBar {
    let bar = screen.add(ProgressBar::new_spinner());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Shows a row; its duration goes on between two looks at the run.
fn show(
    bar: &ProgressBar,
    indent: &str,
    text: &str,
    status: &str,
    start: Option<OffsetDateTime>,
    end: Option<OffsetDateTime>,
    painted: bool,
) {
    let is_final = is_final(status);
    let symbol = match (is_final, painted) {
        (true, _) => symbol(status, painted),
        (false, true) => "{spinner:.cyan}".to_owned(),
        (false, false) => "{spinner}".to_owned(),
    };
    let took = move |_: &ProgressState, out: &mut dyn fmt::Write| {
        let took = start.map(|start| end.unwrap_or_else(OffsetDateTime::now_utc) - start);
        let text = took.map(duration).unwrap_or_default();
        // The buffer is a string.
        let _ = write!(out, "{text:>8}");
    };
    let template = format!("{indent}{symbol} {{prefix}}{{took}}{{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.with_key("took", took));
    }
    bar.set_prefix(text.to_owned());
    if is_final && !bar.is_finished() {
        bar.abandon();
    }
}

fn symbol(status: &str, painted: bool) -> String {
    let (symbol, color) = match status {
        "Succeeded" => ("✔", 32),
        "Failed" => ("✘", 31),
        "Cancelled" => ("■", 33),
        _ => ("–", 2),
    };
    match painted {
        true => format!("\u{1b}[{color}m{symbol}\u{1b}[0m"),
        false => symbol.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn activity(name: &str, kind: &str, error: Option<&str>) -> ActivityReport {
        let error = error.map(|message| dataops_core::run::ActivityError {
            code: "1".into(),
            message: message.into(),
        });
        ActivityReport {
            id: name.into(),
            name: name.into(),
            kind: kind.into(),
            status: "Failed".into(),
            start: None,
            end: None,
            input: Value::Null,
            output: Value::Null,
            error,
            retry: None,
        }
    }

    fn columns(names: &[&str], screen: usize) -> (Columns, Vec<String>) {
        let run = RunReport {
            factory: "f".into(),
            pipeline: "p".into(),
            run_id: "r".into(),
            status: "InProgress".into(),
            message: String::new(),
            invoked_by: String::new(),
            parameters: serde_json::Map::new(),
            start: None,
            end: None,
            activities: names
                .iter()
                .map(|name| activity(name, "DatabricksNotebook", None))
                .collect(),
            url: None,
        };
        let columns = Columns::of(&run, screen);
        let rows = run.activities.iter().map(|activity| columns.row(activity));
        (columns, rows.collect())
    }

    #[test]
    fn rows_are_as_wide_as_each_other_and_fit_the_screen() {
        let long = "train the model with a name that is longer than all others";

        for screen in [30, 50, 80, 120] {
            let (_, rows) = columns(&["数据准备", "copy", long], screen);
            let widths: Vec<_> = rows.iter().map(|row| row.width()).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{rows:?}");
            assert!(widths[0] + 12 <= screen, "{screen}: {rows:?}");
        }
        let (_, rows) = columns(&["copy", "data-prepare"], 80);
        assert_eq!(
            rows,
            [
                "copy          DatabricksNotebook",
                "data-prepare  DatabricksNotebook"
            ]
            .map(str::to_owned)
        );
    }

    #[test]
    fn an_error_is_one_line_that_fits_the_screen() {
        let (columns, _) = columns(&["copy"], 30);

        let said = columns.error(&activity(
            "a",
            "Copy",
            Some("no such file in the container\nmore"),
        ));

        assert_eq!(said, "\n    no such file in the cont…");
    }
}
