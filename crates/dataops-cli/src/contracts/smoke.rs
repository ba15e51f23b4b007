//! The contract of a smoke test, held against what its run has written.

use std::path::{Path, PathBuf};

use dataops_core::connection::Connection;
use dataops_core::ingestion::Check;
use dataops_core::smoke::{HeldAgainst, Smoke, SmokeError};
use dataops_solution::Solution;

use super::{Against, ContractArgs, hold, read};
use crate::context::Context;
use crate::failure::Failure;
use crate::report::verdict::Verdicts;

/// A run that is not there yet: that a contract can be read is known before anything is done.
const SOME_RUN: &str = "00000000-0000-0000-0000-000000000000";

/// Has a smoke test count what it wrote, and hold it against the contract that its environment names, if it names one.
///
/// # Errors
///
/// When the contract cannot be read.
pub(crate) fn of_smoke<'s>(
    context: &'s Context,
    solution: &'s Solution,
    connection: &'s Connection,
    smoke: Smoke<'s>,
) -> Result<Smoke<'s>, Failure> {
    let smoke = smoke.counting(dataops_contracts::count_rows);
    let Some(file) = smoke.contract() else {
        return Ok(smoke);
    };
    let args = ContractArgs::default();
    read(&file, &args.contract_variables(context, Some(SOME_RUN)))?;
    Ok(smoke.holding(HeldAgainst::new(move |run_id| {
        let file = file.clone();
        Box::pin(async move {
            let checks = checks(context, solution, connection, &file, &run_id).await;
            checks.map_err(|failure| unheld(file, &failure))
        })
    })))
}

async fn checks(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    file: &Path,
    run_id: &str,
) -> Result<Vec<Check>, Failure> {
    let args = ContractArgs::default();
    let named = read(file, &args.contract_variables(context, Some(run_id)))?;
    let against = Against {
        folder: &solution.root,
        environment: Some(&connection.environment().name),
        connection: Some(connection),
        run_id: Some(run_id),
    };
    let verdicts = Box::pin(hold(context, &args, std::slice::from_ref(&named), against)).await?;
    Ok(told(&named.contract.name(), &verdicts))
}

/// What does not hold, check by check, and how much does. A contract that checks nothing says nothing.
fn told(contract: &str, verdicts: &Verdicts) -> Vec<Check> {
    let mut holding = 0_usize;
    let mut told = Vec::new();
    for (name, holds, found) in verdicts.outcomes() {
        match holds {
            true => holding += 1,
            false => told.push(Check::of(&name, false, found.to_owned())),
        }
    }
    let name = format!("the contract {contract}");
    let first = match (holding, told.len()) {
        (0, 0) => Check::of(&name, false, "it checks nothing".to_owned()),
        (_, 0) if verdicts.decides_nothing() => {
            Check::of(&name, false, "nothing that it says was decided".to_owned())
        }
        (1, 0) => Check::of(&name, true, "1 check holds".to_owned()),
        (holding, 0) => Check::of(&name, true, format!("{holding} checks hold")),
        (holding, broken) => {
            let found = format!("{broken} of {} checks do not hold", holding + broken);
            Check::of(&name, false, found)
        }
    };
    told.insert(0, first);
    told
}

fn unheld(file: PathBuf, failure: &Failure) -> SmokeError {
    SmokeError::Contract {
        file,
        source: failure.summary().into(),
    }
}

#[cfg(test)]
mod tests {
    use data_contract::verdict::{CheckResult, Status, Verdict};
    use dataops_core::ingestion::CheckOutcome;

    use super::*;
    use crate::report::verdict::{About, FailOn, Held};

    fn outcome(statuses: &[(u64, Status)]) -> (CheckOutcome, String) {
        let check = |(line, status): &(u64, Status)| CheckResult {
            line: *line,
            status: *status,
            ..CheckResult::of_files("a", "files", "there are files")
        };
        let held = Held {
            file: "c.yaml".to_owned(),
            seconds: 0.0,
            about: About::default(),
            verdict: Verdict {
                contract: "c".to_owned(),
                version: "1".to_owned(),
                objects: Vec::new(),
                checks: statuses.iter().map(check).collect(),
            },
            profiles: Vec::new(),
            databricks: None,
        };
        let verdicts = Verdicts {
            contracts: vec![held],
            fail_on: FailOn::default(),
            all: false,
        };
        let first = told("c", &verdicts).remove(0);
        (first.outcome, first.found)
    }

    #[test]
    fn a_contract_of_which_nothing_was_decided_does_not_hold() {
        let files = (0, Status::Passed);
        let undecided = outcome(&[files, (7, Status::NotExecutable)]);
        assert_eq!(
            undecided,
            (
                CheckOutcome::Failed,
                "nothing that it says was decided".to_owned()
            )
        );
        let decided = outcome(&[files, (7, Status::Passed)]);
        assert_eq!(decided, (CheckOutcome::Passed, "2 checks hold".to_owned()));
    }
}
