//! What Azure Resource Manager expects of a deployment, for people and programs.

use std::io::{self, Write};

use adf_model::Kind;
use anstyle::{AnsiColor, Style};
use dataops_core::apply::{ChangeType, Expected, WhatIfOutcome};
use dataops_plan::{Plan, ResourceKey, change_in_words};
use serde::Serialize;

use crate::report::Report;
use crate::terminal::harmless;

/// What Azure Resource Manager expects of a deployment, and what it does not know of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Expectation {
    #[serde(flatten)]
    outcome: WhatIfOutcome,
    /// The factory, where it is created beforehand: a deployment writes what is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    created: Option<ResourceKey>,
    /// What is deleted beside it: an incremental deployment deletes nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deleted: Vec<ResourceKey>,
    /// The triggers that are stopped meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stopped: Vec<ResourceKey>,
    is_applicable: bool,
}

impl Expectation {
    pub(super) fn new(plan: &Plan, outcome: WhatIfOutcome) -> Self {
        let order = &plan.order;
        let deleted = order.remove.iter().chain(&order.delete).flatten();
        let stopped = order.stop.iter().flatten().map(|each| &each.trigger);
        let mut resources = plan.resources.iter().map(|it| &it.resource);
        let factory = resources.find(|key| key.kind == Kind::Factory);
        Self {
            created: factory.filter(|_| order.create_factory).cloned(),
            deleted: deleted.cloned().collect(),
            stopped: stopped.cloned().collect(),
            is_applicable: plan.is_applicable(),
            outcome,
        }
    }

    fn count(&self, wanted: &ChangeType) -> usize {
        let resources = self.outcome.resources.iter();
        let factory = self
            .created
            .iter()
            .filter(|_| *wanted == ChangeType::Create);
        resources.filter(|it| it.change == *wanted).count() + factory.count()
    }

    fn summary(&self) -> String {
        if self.outcome.has_nothing() && self.deleted.is_empty() && self.created.is_none() {
            return format!(
                "nothing to do: {} unchanged",
                self.count(&ChangeType::NoChange)
            );
        }
        let known = [
            (ChangeType::Create, "to create"),
            (ChangeType::Modify, "to change"),
            (ChangeType::Deploy, "to write"),
            (ChangeType::NoChange, "unchanged"),
        ];
        let others = self.outcome.resources.iter();
        let others = others
            .filter(|it| !known.iter().any(|(kind, _)| it.change == *kind))
            .count();
        let counts = known.iter().map(|(kind, word)| (self.count(kind), *word));
        let more = [
            (others, "not told"),
            (
                self.outcome.silent.len(),
                "left out by Azure Resource Manager",
            ),
            (self.deleted.len(), "to delete beside it"),
        ];
        let counts = counts.chain(more).filter(|(count, _)| *count > 0);
        let counts: Vec<_> = counts
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        counts.join(", ")
    }
}

impl Report for Expectation {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(key) = &self.created {
            let (green, key) = (AnsiColor::Green.on_default(), harmless(&key.to_string()));
            writeln!(
                out,
                "{green}+ {key}{green:#}: created before the deployment, which writes what is in it"
            )?;
        }
        for expected in &self.outcome.resources {
            resource(expected, out)?;
        }
        for key in &self.outcome.silent {
            let key = harmless(&key.to_string());
            writeln!(
                out,
                "? {key}: the plan puts it, and Azure Resource Manager says nothing about it"
            )?;
        }
        let red = AnsiColor::Red.on_default();
        for key in &self.deleted {
            let key = harmless(&key.to_string());
            writeln!(
                out,
                "{red}- {key}{red:#}: deleted beside the deployment, which deletes nothing"
            )?;
        }
        for key in &self.stopped {
            writeln!(out, "  {} is stopped meanwhile", harmless(&key.to_string()))?;
        }
        if self.outcome.only_put {
            let text = "asked only about what is put: all of it is more than a template may have";
            writeln!(out, "  {text}")?;
        }
        let bold = Style::new().bold();
        writeln!(
            out,
            "{bold}Azure Resource Manager expects{bold:#}: {}",
            self.summary()
        )
    }

    fn holds(&self) -> bool {
        self.is_applicable
    }

    fn complaint(&self) -> String {
        "the plan cannot be carried out".to_owned()
    }
}

fn resource(expected: &Expected, out: &mut dyn Write) -> io::Result<()> {
    let (sign, color, note) = match (&expected.change, expected.is_put) {
        (ChangeType::NoChange, false) => return Ok(()),
        (ChangeType::NoChange, true) => (
            "=",
            AnsiColor::White,
            "it is written, and nothing comes of it that shows",
        ),
        (_, false) => (
            "·",
            AnsiColor::White,
            "it is the same by its meaning, and not written",
        ),
        (ChangeType::Create, _) => ("+", AnsiColor::Green, ""),
        (ChangeType::Modify, _) => ("~", AnsiColor::Yellow, ""),
        (ChangeType::Deploy, _) => (
            "~",
            AnsiColor::Yellow,
            "Azure Resource Manager cannot tell what changes; `dataops plan` does",
        ),
        _ => ("?", AnsiColor::Yellow, "Azure Resource Manager cannot tell"),
    };
    let style = color.on_default();
    let key = harmless(&expected.resource.to_string());
    let reason = expected.unsupported.as_deref().map(harmless);
    let note = match (note, reason) {
        ("", _) => String::new(),
        (note, Some(reason)) => format!(": {note}: {reason}"),
        (note, None) => format!(": {note}"),
    };
    writeln!(out, "{style}{sign} {key}{style:#}{note}")?;
    for change in &expected.changes {
        let (sign, text) = change_in_words(change);
        writeln!(out, "    {sign} {}", harmless(&text))?;
    }
    Ok(())
}
