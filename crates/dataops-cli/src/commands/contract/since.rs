//! All contracts of a solution, against what they were where a change began.

use std::io::{self, Write};

use data_contract::compare::Comparison;
use serde::Serialize;

use super::diff::{STRICT, changes};
use crate::commands::review;
use crate::context::Context;
use crate::failure::Failure;
use crate::report::Report;
use crate::report::review::{ContractChange, ContractOutcome};
use crate::terminal::harmless;

/// What became of the contracts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Since {
    /// What is compared with.
    base: String,
    contracts: Vec<ContractChange>,
    #[serde(skip)]
    is_strict: bool,
}

impl Since {
    /// Compares the contracts of the working tree; a strict one takes no version for an excuse.
    pub(super) async fn of(
        context: &Context,
        base: Option<&str>,
        is_strict: bool,
    ) -> Result<Self, Failure> {
        let (base, contracts) = review::contracts_since(context, base).await?;
        Ok(Self {
            base,
            contracts,
            is_strict,
        })
    }

    /// The contracts that break those who rely on them, each with what it lacks.
    fn broken(&self) -> Vec<String> {
        let lacks = |contract: &ContractChange| match &contract.outcome {
            ContractOutcome::Changed(it) if it.breaks_unannounced() => Some(wanted(it)),
            ContractOutcome::Gone => Some("it is gone, and was not deprecated before".to_owned()),
            outcome => {
                let why = || "no version is an excuse with --fail-on-breaking".to_owned();
                (self.is_strict && outcome.breaks()).then(why)
            }
        };
        let broken = self.contracts.iter().filter_map(|contract| {
            let path = &contract.path;
            lacks(contract).map(|why| format!("{path} breaks those who rely on it: {why}"))
        });
        broken.collect()
    }
}

/// The version that a contract has, and ought to have.
fn wanted(comparison: &Comparison) -> String {
    let is = &comparison.new_version;
    match (comparison.unordered(), comparison.suggested()) {
        (Some(open), Some(suggested)) => format!("{open}; it ought to be {suggested}"),
        (None, Some(suggested)) => format!("its version is {is}, and ought to be {suggested}"),
        (Some(open), None) => open,
        (None, None) => format!("its version is `{is}` as before"),
    }
}

impl Report for Since {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "compared with {}", harmless(&self.base))?;
        if self.contracts.is_empty() {
            return writeln!(out, "\nno contract promises anything otherwise");
        }
        for contract in &self.contracts {
            let path = harmless(&contract.path);
            match &contract.outcome {
                ContractOutcome::New => writeln!(out, "\n{path}: new")?,
                ContractOutcome::Gone => writeln!(out, "\n{path}: gone")?,
                ContractOutcome::Ended(status) => {
                    writeln!(out, "\n{path}: gone, and was {} before", harmless(status))?;
                }
                ContractOutcome::Unread(why) => {
                    writeln!(out, "\n{path}: cannot be compared: {}", harmless(why))?;
                }
                ContractOutcome::Changed(comparison) => {
                    let versions = [&comparison.old_version, &comparison.new_version];
                    let [old, new] = versions.map(|version| harmless(version));
                    writeln!(out, "\n{path}: {old} → {new}")?;
                    let before = format!("{} before", contract.path);
                    changes(out, comparison, "  ", [&before, &contract.path])?;
                    if let Some(open) = comparison.unordered() {
                        writeln!(out, "  {}", harmless(&open))?;
                    }
                    if comparison.breaks_by_word() && !self.is_strict {
                        writeln!(out, "  {STRICT}")?;
                    }
                }
            }
        }
        Ok(())
    }

    fn holds(&self) -> bool {
        self.broken().is_empty()
    }

    fn complaint(&self) -> String {
        let broken = self.broken();
        match broken.split_first() {
            Some((first, [])) => first.clone(),
            Some((first, more)) => format!("{first}; so {} more", more.len()),
            None => "no contract is broken".to_owned(),
        }
    }

    fn advice(&self) -> Option<String> {
        let hint = "raise its version, keep what it promised, or deprecate it first";
        Some(hint.to_owned())
    }
}
