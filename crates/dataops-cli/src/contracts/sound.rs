//! Whether contracts may be held against data: what they say wrongly is told before any of the data is read.
//!
//! A rule that is not understood would else be one that is not made, and the data would seem to be right.

use data_contract::lint::{Finding, faults};
use dataops_contracts::server::choose;

use super::Named;
use crate::context::Context;
use crate::failure::Failure;
use crate::terminal::Place;

/// So many errors are told of each contract.
const MOST: usize = 20;

/// Makes sure that nothing is wrong in contracts; what is wrong is told.
///
/// # Errors
///
/// When something is.
pub(super) fn sound(
    context: &Context,
    contracts: &[Named],
    (server, environment): (Option<&str>, Option<&str>),
) -> Result<(), Failure> {
    let mut counts = Vec::new();
    for named in contracts {
        // A variable without a value is told when the contract is compiled; what its text breaks is no error of the contract.
        if !named.contract.unset().is_empty() {
            continue;
        }
        let chosen = choose(&named.contract, server, environment).ok();
        let found = faults(&named.contract, chosen);
        for finding in found.iter().take(MOST) {
            context.report(&failure(named, finding));
        }
        let path = named.path.display();
        counts.extend(match found.len() {
            0 => None,
            1 => Some(format!("{path} has an error")),
            many => Some(format!("{path} has {many} errors")),
        });
    }
    match counts.is_empty() {
        true => Ok(()),
        false => {
            let error = format!("{}; no data were read", counts.join(", "));
            Err(Failure::usage(error).hint("`dataops contract lint` tells more of it"))
        }
    }
}

fn failure(named: &Named, finding: &Finding) -> Failure {
    let (line, column) = (finding.line, finding.column);
    let path = named.path.display();
    let failure = Failure::usage(format!(
        "{path}:{line}:{column}: {} ({})",
        finding.message, finding.rule
    ));
    let failure = failure.at(Place {
        path: named.path.clone(),
        line: line as u64,
        column: column as u64,
    });
    match &finding.hint {
        Some(hint) => failure.hint(hint.clone()),
        None => failure,
    }
}
