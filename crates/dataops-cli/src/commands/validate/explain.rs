//! Why a rule exists, and the list of all.

use std::io::{self, Write};

use dataops_check::{RULES, Rule, Severity};
use serde::Serialize;

use super::selection::{Selection, unknown};
use crate::failure::Failure;
use crate::report::Report;

/// A rule with its explanation.
#[derive(Debug, Serialize)]
pub(crate) struct Explained {
    #[serde(flatten)]
    rule: Listed,
    explanation: &'static str,
}

/// All rules.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    rules: Vec<Listed>,
}

/// A rule.
#[derive(Clone, Copy, Debug, Serialize)]
struct Listed {
    rule: &'static str,
    name: &'static str,
    severity: Severity,
    summary: &'static str,
}

/// The explanation of a rule that is named by its id or name.
pub(super) fn explain(name: &str) -> Result<Explained, Failure> {
    let rule = dataops_check::rule(name.trim()).ok_or_else(|| unknown(name))?;
    Ok(Explained {
        rule: listed(rule),
        explanation: rule.explanation,
    })
}

/// The rules that are asked for.
pub(super) fn list(selection: &Selection) -> List {
    let rules = RULES.iter().filter(|rule| selection.has(rule));
    List {
        rules: rules.map(|rule| listed(rule)).collect(),
    }
}

fn listed(rule: &'static Rule) -> Listed {
    Listed {
        rule: rule.id,
        name: rule.name,
        severity: rule.severity,
        summary: rule.summary,
    }
}

impl Report for Explained {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let bold = anstyle::Style::new().bold();
        let Listed {
            rule,
            name,
            severity,
            summary,
        } = self.rule;
        let severity = severity.word();
        writeln!(out, "{bold}{rule} {name}{bold:#} ({severity})\n")?;
        writeln!(out, "{summary}.\n\n{}", self.explanation.trim_end())
    }
}

impl Report for List {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let width = self
            .rules
            .iter()
            .map(|rule| rule.name.len())
            .max()
            .unwrap_or(0);
        for rule in &self.rules {
            let severity = rule.severity.word();
            let (id, name, summary) = (rule.rule, rule.name, rule.summary);
            writeln!(out, "{id:<6}  {severity:<7}  {name:<width$}  {summary}")?;
        }
        Ok(())
    }
}
