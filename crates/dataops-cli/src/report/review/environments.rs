//! The section about environments.

use std::fmt::Write as _;

use super::{EnvironmentWork, Environments};
use crate::report::cells::{cell, code};

/// The most reasons of an environment, and the most settings.
const REASONS: usize = 4;
const SETTINGS: usize = 30;
/// The longest value, in characters.
const VALUE: usize = 120;

impl Environments {
    /// Where the change goes when it is merged, for the head of the comment.
    pub(super) fn summary(&self) -> Option<String> {
        let works = self.works.iter();
        let deployed = works.filter(|it| it.work.deploy && !it.is_local);
        let names: Vec<_> = deployed.map(|it| code(&it.name)).collect();
        (!names.is_empty()).then(|| format!("🔵 deploys to {}", names.join(", ")))
    }

    /// The section; nothing where no environment has anything to do.
    pub(super) fn markdown(&self) -> String {
        let mut text = String::new();
        if !self.works.is_empty() {
            text.push_str(
                "\n### Environments\n\n| environment | to do | because of |\n|---|---|---|\n",
            );
            self.works
                .iter()
                .for_each(|work| text.push_str(&of_environment(work)));
        }
        if !self.settings.is_empty() {
            text.push_str(
                "\n### Settings of dataops.yaml\n\n| setting | before | after |\n|---|---|---|\n",
            );
            for setting in self.settings.iter().take(SETTINGS) {
                let place = code(&setting.place);
                let (before, after) = (&setting.before, &setting.after);
                let after = match before == after {
                    true => "another secret".to_owned(),
                    false => value(after.as_deref()),
                };
                let _ = writeln!(text, "| {place} | {} | {after} |", value(before.as_deref()));
            }
            let more = self.settings.len().saturating_sub(SETTINGS);
            if more > 0 {
                let _ = writeln!(text, "| and {more} more | | |");
            }
        }
        text
    }
}

fn of_environment(environment: &EnvironmentWork) -> String {
    let what = match environment.work.deploy {
        true => "deploy and test",
        false => "test",
    };
    let why = &environment.work.why;
    let mut reasons: Vec<_> = why.iter().take(REASONS).map(|it| reason(it)).collect();
    if let Some(more) = why.len().checked_sub(REASONS).filter(|more| *more > 0) {
        reasons.push(format!("{more} more"));
    }
    let name = code(&environment.name);
    format!("| {name} | {what} | {} |\n", reasons.join(", "))
}

/// A place of `dataops.yaml`, a part or a file; or a sentence.
fn reason(why: &str) -> String {
    let place = why.strip_prefix("dataops.yaml: ").unwrap_or(why);
    match place.contains(' ') {
        true => cell(why),
        false => code(place),
    }
}

fn value(value: Option<&str>) -> String {
    let Some(value) = value else {
        return "not set".to_owned();
    };
    match value.char_indices().nth(VALUE) {
        Some((end, _)) => code(&format!("{}…", &value[..end])),
        None if value.trim().is_empty() => "empty".to_owned(),
        None => code(value),
    }
}
