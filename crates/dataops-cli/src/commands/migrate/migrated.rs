//! What was taken over, as it is shown.

use std::io::{self, Write};

use adf_migrate::yaml::{Sign, difference};
use adf_migrate::{EnvironmentDraft, Migration, Note, Severity, VariableBecause};
use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::missing::{Missing, missing};
use super::target::{Outcome, State};
use crate::report::Report;
use crate::terminal::harmless;

/// What was taken over.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Migrated {
    #[serde(flatten)]
    migration: Migration,
    /// The `dataops.yaml`.
    file: String,
    state: State,
    /// Settings for which it has another value.
    differing: Vec<String>,
    /// Whether those were replaced.
    replaced: bool,
    /// What its environments still lack.
    missing: Vec<Missing>,
    yaml: String,
    #[serde(skip)]
    old: String,
}

impl Migrated {
    pub(super) fn new(migration: Migration, outcome: Outcome) -> Self {
        Self {
            missing: missing(&outcome.whole, &migration.environments),
            migration,
            file: outcome.file.display().to_string(),
            state: outcome.state,
            differing: outcome.differing,
            replaced: outcome.replaced,
            yaml: outcome.yaml,
            old: outcome.old,
        }
    }

    /// What could not be taken over first, then accidents, then remarks.
    pub(super) fn notes(&self) -> impl Iterator<Item = &Note> {
        [Severity::Lost, Severity::Accident, Severity::Remark]
            .into_iter()
            .flat_map(|severity| self.migration.of_severity(severity))
    }

    /// What a person does next, a line each.
    pub(super) fn summary(&self) -> Vec<String> {
        let environments = self.migration.environments.iter();
        let mut lines: Vec<String> = environments.flat_map(of_environment).collect();
        let flags = flags(&self.migration.only, &self.migration.except);
        if !flags.is_empty() {
            let text = format!("what the filter selects: dataops plan --env ENV{flags}");
            lines.push(harmless(&text));
        }
        let count = |severity| self.migration.of_severity(severity).count();
        let counts = [
            (count(Severity::Lost), "could not be taken over"),
            (count(Severity::Accident), "by accident"),
            (count(Severity::Remark), "worth knowing"),
        ];
        let counts = counts.iter().filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        if !counts.is_empty() {
            lines.push(format!("notes: {}", counts.join(", ")));
        }
        if !self.differing.is_empty() {
            let (what, hint) = match (self.replaced, self.state) {
                (true, _) => ("other values were replaced", ""),
                (false, State::Shown) => ("dataops.yaml has other values, which stay", ""),
                (false, State::There) => (
                    "dataops.yaml has other values, which stay",
                    "; `--write --replace` replaces them",
                ),
                (false, _) => (
                    "other values were left as they are",
                    "; `--replace` replaces them",
                ),
            };
            let names = self.differing.join(", ");
            lines.push(harmless(&format!("{what}: {names}{hint}")));
        }
        let file = &self.file;
        match self.state {
            State::Shown => lines.push(format!("nothing was written; --write puts it into {file}")),
            State::There if self.differing.is_empty() => {
                lines.push(format!(
                    "{file} has all of it already; there is nothing to write"
                ));
            }
            State::There => lines.push(format!("{file} has all the rest already")),
            State::New | State::Changed | State::Unchanged => {}
        }
        lines.extend(self.what_is_left());
        lines
    }

    /// What is missing, and the commands that come next.
    fn what_is_left(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if !self.missing.is_empty() {
            lines.push(format!("{} still lacks, for Azure:", self.file));
        }
        for Missing { environment, keys } in &self.missing {
            lines.push(format!("  environments.{environment}: {}", keys.join(", ")));
        }
        if self
            .missing
            .iter()
            .any(|it| it.keys.contains(&"dataFactory"))
        {
            lines.push("  and `location`, where there is no such factory yet".to_owned());
        }
        if self.migration.environments.is_empty() {
            return lines;
        }
        lines.push("next:".to_owned());
        let written = (self.state == State::Shown).then_some("the same with --write");
        lines.extend(written.map(|step| format!("  {step}")));
        lines.push("  dataops validate".to_owned());
        for EnvironmentDraft {
            name, only, except, ..
        } in &self.migration.environments
        {
            lines.push(format!(
                "  dataops plan --env {name}{}",
                flags(only, except)
            ));
        }
        lines.iter().map(|line| harmless(line)).collect()
    }
}

fn of_environment(environment: &EnvironmentDraft) -> Vec<String> {
    let name = &environment.name;
    let settings = match environment.settings() {
        1 => "1 setting".to_owned(),
        several => format!("{several} settings"),
    };
    let mut lines = vec![format!("{name}: {settings}")];
    for (because, what) in [
        (VariableBecause::Taken, "variables as before"),
        (VariableBecause::Secret, "variables in the place of secrets"),
    ] {
        let needs = environment.variables.iter();
        let needs = needs.filter(|need| need.because == because);
        let names: Vec<_> = needs.map(|need| need.name.as_str()).collect();
        if !names.is_empty() {
            lines.push(format!("{name}: {what}: {}", names.join(", ")));
        }
    }
    lines.iter().map(|line| harmless(line)).collect()
}

/// What a filter selects, as `dataops plan` takes it.
fn flags(only: &[String], except: &[String]) -> String {
    let flags = [("--only", only), ("--except", except)];
    let flags = flags.into_iter().flat_map(|(flag, selectors)| {
        let selectors = selectors.iter();
        selectors.map(move |selector| format!(" {flag} '{selector}'"))
    });
    flags.collect()
}

impl Report for Migrated {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let state = match self.state {
            State::Shown | State::There => return out.write_all(harmless(&self.yaml).as_bytes()),
            State::New => "made",
            State::Changed => "changed",
            State::Unchanged => "has all of it",
        };
        writeln!(out, "{}: {state}", self.file)?;
        if self.state != State::Changed {
            return Ok(());
        }
        for line in difference(&self.old, &self.yaml) {
            let (sign, style) = match line.sign {
                Sign::Same => (" ", Style::new()),
                Sign::Added => ("+", AnsiColor::Green.on_default()),
                Sign::Removed => ("-", AnsiColor::Red.on_default()),
                Sign::Gap => ("…", Style::new().dimmed()),
            };
            let text = format!("{sign} {}", harmless(&line.text));
            writeln!(out, "{style}{}{style:#}", text.trim_end())?;
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        let lost = self.migration.of_severity(Severity::Lost).count();
        lost == 0 && (self.differing.is_empty() || self.replaced)
    }

    fn complaint(&self) -> String {
        match self.migration.of_severity(Severity::Lost).count() {
            0 => "dataops.yaml has other values".to_owned(),
            lost => format!("{lost} could not be taken over"),
        }
    }
}
