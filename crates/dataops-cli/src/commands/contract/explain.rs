//! What a rule about contracts means, and the list of all.

use std::io::{self, Write};

use data_contract::lint::{RULES, Rule, rule};
use serde::Serialize;

use super::lint::word;
use crate::failure::{Failure, suggestion};
use crate::report::Report;

/// A rule with its explanation.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    #[serde(flatten)]
    rule: &'static Rule,
    explanation: &'static str,
}

/// All rules.
#[derive(Debug, Serialize)]
pub(super) struct List {
    rules: &'static [&'static Rule],
}

/// The explanation of a rule that is named by its id or name.
///
/// # Errors
///
/// When there is no such rule.
pub(super) fn explain(name: &str) -> Result<Explained, Failure> {
    let name = name.trim();
    let found = rule(name).ok_or_else(|| unknown(name))?;
    Ok(Explained {
        rule: found,
        explanation: found.explanation,
    })
}

/// The rules.
pub(super) fn list() -> List {
    List { rules: RULES }
}

fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no rule `{name}`"));
    if dataops_check::rule(name).is_some() {
        return failure.hint(format!(
            "it is none of contracts: `dataops validate --explain {name}` tells of it"
        ));
    }
    let known: Vec<_> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    match suggestion::nearest(name, &known) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint("`dataops contract lint --rules` lists them"),
    }
}

impl Report for Explained {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let bold = anstyle::Style::new().bold();
        let Rule {
            id,
            name,
            level,
            summary,
            ..
        } = self.rule;
        writeln!(out, "{bold}{id} {name}{bold:#} ({})\n", word(*level))?;
        writeln!(out, "{summary}.\n\n{}", self.explanation.trim_end())
    }
}

impl Report for List {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let widths = self.rules.iter().map(|rule| rule.name.len());
        let width = widths.max().unwrap_or(0);
        for rule in self.rules {
            let level = word(rule.level);
            let (id, name, summary) = (rule.id, rule.name, rule.summary);
            writeln!(out, "{id}  {level:<7}  {name:<width$}  {summary}")?;
        }
        Ok(())
    }
}
