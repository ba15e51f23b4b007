//! What guards a repository, and what differs from what ought to: for people, for pull requests and for programs.

mod human;
mod markdown;

use std::collections::BTreeMap;
use std::io::{self, Write};

use branch_policy::{Action, Change, Counts, Plan, Step, Target};
use serde::Serialize;
use serde_json::Value;

use super::Report;
use crate::commands::policy::Codeowners;
use crate::hosting::Host;

pub(crate) use markdown::markdown;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Asked {
    /// What would be done.
    Plan,
    /// That it is done.
    Apply,
    /// Whether there is nothing to do.
    Check,
}

/// What guards a repository, and what differs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyReport {
    command: Asked,
    host: &'static str,
    repository: String,
    counts: Counts,
    #[serde(flatten)]
    pub(crate) plan: Plan,
    #[serde(skip_serializing_if = "Option::is_none")]
    codeowners: Option<Codeowners>,
    /// What differs although it was just written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unsettled: Vec<Step>,
    #[serde(skip)]
    names: Vec<(String, String)>,
}

impl PolicyReport {
    pub(crate) fn new(
        command: Asked,
        host: Host,
        repository: String,
        plan: Plan,
        names: Vec<(String, String)>,
        codeowners: Option<Codeowners>,
    ) -> Self {
        Self {
            command,
            host: host.name(),
            repository,
            counts: plan.counts(),
            plan,
            codeowners,
            unsettled: Vec::new(),
            names,
        }
    }

    /// Notes what differs after it was written.
    pub(crate) fn settle(&mut self, after: &Plan) {
        let differs = |step: &&Step| !matches!(step.action, Action::Keep | Action::Leave);
        self.unsettled = after.steps.iter().filter(differs).cloned().collect();
    }

    /// What a target is called.
    pub(crate) fn target(target: &Target) -> String {
        match target {
            Target::Branch(name) => format!("branch {name}"),
            Target::Environment(name) => format!("environment {name}"),
            Target::Connection(name) => format!("service connection {name}"),
            Target::VariableGroup(name) => format!("variable group {name}"),
            _ => String::new(),
        }
    }

    /// The targets, with the steps of each, in order; those too that are only told about.
    fn by_target(&self) -> BTreeMap<&Target, Vec<&Step>> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for step in &self.plan.steps {
            groups.entry(&step.target).or_default().push(step);
        }
        for note in &self.plan.notes {
            groups.entry(&note.target).or_default();
        }
        groups
    }

    /// How many gaps CODEOWNERS has.
    fn gaps(&self) -> usize {
        self.codeowners.as_ref().map_or(0, |it| it.gaps.len())
    }

    /// A value as people read it, with names in the place of ids.
    fn shown(&self, value: Option<&Value>) -> String {
        match value {
            None => "not set".to_owned(),
            Some(Value::Array(items)) => {
                let items: Vec<_> = items.iter().map(|item| self.shown(Some(item))).collect();
                items.join(", ")
            }
            Some(Value::Bool(true)) => "yes".to_owned(),
            Some(Value::String(text)) => {
                let known = self.names.iter().find(|(id, _)| id == text);
                known.map_or_else(|| text.clone(), |(_, name)| name.clone())
            }
            Some(other) => other.to_string(),
        }
    }

    /// What differs, with the words that say nothing left out.
    fn place(change: &Change) -> &str {
        let place = &change.place;
        place.strip_prefix("settings.").unwrap_or(place)
    }

    /// `2 to create, 1 to change`, or that everything is as it ought to be.
    fn sum(&self) -> String {
        let done = self.command == Asked::Apply;
        let word = |count: usize, verb: &str, participle: &str| match (count, done) {
            (0, _) => None,
            (count, false) => Some(format!("{count} to {verb}")),
            (count, true) => Some(format!("{count} {participle}")),
        };
        let Counts {
            create,
            change,
            delete,
            keep,
            leave,
        } = self.counts;
        let mut parts: Vec<_> = [
            word(create, "create", "created"),
            word(change, "change", "changed"),
            word(delete, "delete", "deleted"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            parts.push("nothing to do".to_owned());
        }
        if keep > 0 {
            parts.push(format!("{keep} as they ought to be"));
        }
        if leave > 0 {
            parts.push(format!("{leave} left alone"));
        }
        parts.join(", ")
    }
}

impl Report for PolicyReport {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write_human(out)
    }

    fn holds(&self) -> bool {
        match self.command {
            Asked::Plan => true,
            Asked::Apply => self.unsettled.is_empty(),
            Asked::Check => self.plan.is_settled() && self.gaps() == 0,
        }
    }

    fn complaint(&self) -> String {
        match self.command {
            Asked::Apply => "the host has not taken over everything that was written".to_owned(),
            _ => format!("what guards {} differs from the file", self.repository),
        }
    }

    fn advice(&self) -> Option<String> {
        let advice = match (self.command, self.plan.is_settled()) {
            (Asked::Apply, _) => "run `dataops policy plan`, and look at what differs",
            (_, true) => "write the lines into CODEOWNERS",
            (_, false) => "`dataops policy apply` brings the file there; or change the file",
        };
        Some(advice.to_owned())
    }
}
