//! A run as it goes on, in a log.

use std::collections::BTreeSet;

use azure_core::time::{Duration, OffsetDateTime};
use dataops_core::run::{ActivityReport, RunReport, is_final};

use super::{duration, harmless};

/// How long nothing may be said while a run goes on; CI systems take longer silence for a hang.
const SILENCE: Duration = Duration::seconds(60);

/// A line for each change.
#[derive(Default)]
pub(crate) struct Lines {
    said: BTreeSet<String>,
    last: Option<OffsetDateTime>,
}

impl Lines {
    /// What has changed since the last look, in the order of a log: the run starts before its activities and ends after them.
    /// Where nothing has changed for long, that the run goes on.
    pub(super) fn changes(&mut self, run: &RunReport, now: OffsetDateTime) -> Vec<String> {
        let clock = format!("{:02}:{:02}:{:02}", now.hour(), now.minute(), now.second());
        let mut activities = Vec::new();
        for activity in &run.activities {
            activities.extend(self.of_activity(activity, now));
        }
        let of_run = self.of_run(run, now);
        let mut lines: Vec<_> = match run.is_final() {
            true => activities.into_iter().chain(of_run).collect(),
            false => of_run.into_iter().chain(activities).collect(),
        };
        let is_silent = self.last.is_some_and(|last| now - last >= SILENCE);
        if lines.is_empty() && is_silent {
            lines.push(stands(&run.pipeline, &run.status, run.duration(now)));
        }
        if !lines.is_empty() {
            self.last = Some(now);
        }
        lines
            .into_iter()
            .map(|line| format!("{clock} {line}"))
            .collect()
    }

    fn of_run(&mut self, run: &RunReport, now: OffsetDateTime) -> Option<String> {
        if !self.said.insert(format!("run {}", run.status)) {
            return None;
        }
        let took = run.duration(now).filter(|_| run.is_final());
        Some(stands(&run.pipeline, &run.status, took))
    }

    fn of_activity(&mut self, activity: &ActivityReport, now: OffsetDateTime) -> Vec<String> {
        let key = format!(
            "activity {} {:?} {}",
            activity.id, activity.retry, activity.status
        );
        if !self.said.insert(key) {
            return Vec::new();
        }
        let attempt = activity
            .retry
            .map(|retry| format!(" (attempt {})", retry + 1))
            .unwrap_or_default();
        let what = format!("{}{attempt}  {}", activity.name, activity.kind);
        let took = activity
            .duration(now)
            .filter(|_| is_final(&activity.status));
        let shown = stands(&what, &activity.status, took);
        let reason = activity.error.iter().flat_map(|error| {
            let text = harmless(&error.message);
            text.lines()
                .map(|line| format!("    {line}"))
                .collect::<Vec<_>>()
        });
        [format!("  {shown}")].into_iter().chain(reason).collect()
    }
}

fn stands(what: &str, status: &str, took: Option<Duration>) -> String {
    let took = took.map(duration).unwrap_or_default();
    let line = format!("{}  {}  {took}", harmless(what), harmless(status));
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(status: &str) -> RunReport {
        RunReport {
            factory: "f".into(),
            pipeline: "ingest".into(),
            run_id: "r".into(),
            status: status.into(),
            message: String::new(),
            invoked_by: String::new(),
            parameters: serde_json::Map::new(),
            start: Some(OffsetDateTime::UNIX_EPOCH),
            end: None,
            activities: Vec::new(),
            url: None,
        }
    }

    #[test]
    fn a_change_is_said_once_and_long_silence_is_broken() {
        let mut lines = Lines::default();
        let mut at = |seconds, status| {
            let now = OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
            lines.changes(&run(status), now)
        };

        assert_eq!(at(1, "Queued"), ["00:00:01 ingest  Queued"]);
        assert!(at(59, "Queued").is_empty());
        assert_eq!(at(61, "Queued"), ["00:01:01 ingest  Queued  1m 01s"]);
        assert!(at(119, "Queued").is_empty());
        assert_eq!(at(120, "InProgress"), ["00:02:00 ingest  InProgress"]);
        assert!(at(170, "InProgress").is_empty());
        assert_eq!(at(185, "Failed"), ["00:03:05 ingest  Failed  3m 05s"]);
    }
}
