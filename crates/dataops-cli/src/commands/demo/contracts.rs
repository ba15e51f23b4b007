//! The contracts of the example, held against what the run has written.

use std::fs;
use std::path::{Path, PathBuf};

use dataops_core::connection::Connection;
use dataops_core::run::RunReport;
use dataops_solution::Solution;

use crate::context::Context;
use crate::contracts::{self, Against, ContractArgs};
use crate::failure::Failure;
use crate::report::verdict::{Form, Verdicts};

/// Holds the solution's contracts against what the run has written.
pub(super) async fn keep(
    context: &Context,
    solution: &Solution,
    connection: &Connection,
    run: &RunReport,
) -> Result<Verdicts, Failure> {
    let args = ContractArgs::default();
    let variables = args.contract_variables(context, Some(&run.run_id));
    let files = contracts::of_solution(solution)?;
    let contracts = files.iter().map(|file| contracts::read(file, &variables));
    let contracts = contracts.collect::<Result<Vec<_>, _>>()?;
    let against = Against {
        folder: &solution.root,
        environment: Some("local"),
        connection: Some(connection),
        run_id: Some(&run.run_id),
    };
    Box::pin(contracts::hold(context, &args, &contracts, against)).await
}

/// The page of the contracts.
pub(super) fn write(dir: &Path, verdicts: Option<&Verdicts>) -> Result<Option<PathBuf>, Failure> {
    let Some(verdicts) = verdicts else {
        return Ok(None);
    };
    let path = dir.join("contracts.html");
    fs::write(&path, verdicts.render(Form::Html)?)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(Some(path.canonicalize().unwrap_or(path)))
}
