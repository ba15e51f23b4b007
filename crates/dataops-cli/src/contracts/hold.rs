//! Holding contracts against data, one after the other.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use adf_model::secret::is_secret_name;
use data_contract::model::Variables;
use data_contract::verdict::Status;
use data_contract::{Contract, Verdict};
use data_scan::{Options, Progress};
use dataops_contracts::databricks::{Databricks, Told};
use dataops_contracts::server::choose;
use dataops_contracts::{Checked, Request, Signature};
use dataops_core::connection::Connection;
use dataops_core::workspace::Going;

use super::chosen::{Chosen, chosen};
use super::failure::at_server;
use super::progress::Shown;
use super::sound::sound;
use super::{ContractArgs, Named};
use crate::context::Context;
use crate::failure::Failure;
use crate::report::verdict::{About, Held, Verdicts};
use crate::repository::Git;

/// What contracts are held against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Against<'a> {
    /// The folder that local paths begin in.
    pub(crate) folder: &'a Path,
    /// The environment whose servers are meant.
    pub(crate) environment: Option<&'a str>,
    /// The way to Azure or an emulator.
    pub(crate) connection: Option<&'a Connection>,
    /// The run that wrote the data, where it is known.
    pub(crate) run_id: Option<&'a str>,
}

impl ContractArgs {
    /// The variables of contracts: what is given here, the run, and the process's environment.
    pub(crate) fn contract_variables(&self, context: &Context, run_id: Option<&str>) -> Variables {
        let run = run_id.map(|run_id| ("RUN_ID".to_owned(), run_id.to_owned()));
        // What a contract says is shown in reports.
        let process = context
            .variables
            .iter()
            .filter(|(name, _)| !is_secret_name(name));
        let process = process.map(|(name, value)| (name.to_owned(), value.to_owned()));
        process
            .chain(run)
            .chain(self.variables().iter().cloned())
            .collect()
    }
}

/// What a person is told of a contract and its test.
async fn about(
    context: &Context,
    args: &ContractArgs,
    (path, contract): (&Path, &Contract),
    against: Against<'_>,
) -> About {
    let server = choose(contract, args.server(), against.environment).ok();
    let environment = against.environment.map(str::to_owned).or_else(|| {
        let of_server = server?.field("environment")?;
        Some(of_server.into_owned())
    });
    About {
        environment,
        server: server.map(|server| format!("{} ({})", server.name(), server.kind())),
        run_id: against.run_id.map(str::to_owned),
        commit: match args.is_for_people() {
            true => commit(context, path).await,
            false => None,
        },
        ..About::of(contract)
    }
}

/// The commit that a CI system works on, or that is checked out where the contract lies.
async fn commit(context: &Context, contract: &Path) -> Option<String> {
    let variables = ["BUILD_SOURCEVERSION", "GITHUB_SHA"];
    let told = variables
        .iter()
        .find_map(|name| context.variables.get(name));
    if let Some(told) = told.filter(|told| !told.is_empty()) {
        return Some(told.to_owned());
    }
    let folder = contract
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let git = Git::of(folder.unwrap_or_else(|| Path::new(".")))
        .await
        .ok()?;
    git.find("HEAD").await.ok()?
}

/// Says of files that are not there that they are beside the contract, where local paths do not begin.
fn beside(contract: &Path, verdict: &mut Verdict) {
    let folder = contract.parent();
    let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
        return;
    };
    for object in &verdict.objects {
        let base = object.location.split(['*', '?', '[']).next();
        let base = base.unwrap_or_default();
        let id = format!("{}.files", object.name);
        let checks = verdict.checks.iter_mut();
        let files = checks
            .filter(|check| check.id == id && check.status == Status::Failed && check.line == 0)
            .filter(|check| check.value.is_none());
        let is_beside =
            !base.is_empty() && Path::new(base).is_relative() && folder.join(base).exists();
        for reason in files
            .filter_map(|check| check.reason.as_mut())
            .filter(|_| is_beside)
        {
            reason.push_str(
                "; it is beside the contract, but paths begin in the working directory, and in the solution's folder where \
                 dataops.yaml names the contract",
            );
        }
    }
}

/// A file as people name it where they stand.
pub(super) fn named_here(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let shown = here.and_then(|here| path.strip_prefix(here).ok());
    shown.unwrap_or(path).display().to_string()
}

/// What a contract without an id is called: its file, without folder and endings.
fn unnamed(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Makes the checks of each contract.
///
/// # Errors
///
/// When one says wrongly what is checked, or cannot be held against its data at all: then nothing is said of the others either.
pub(crate) async fn hold(
    context: &Context,
    args: &ContractArgs,
    contracts: &[Named],
    against: Against<'_>,
) -> Result<Verdicts, Failure> {
    sound(context, contracts, (args.server(), against.environment))?;
    let chosen = chosen(context, &args.selection(), contracts, against.folder)?;
    let variable = |name: &str| context.variables.get(name);
    let signature = Signature::from_variables(variable, jiff::Timestamp::now());
    let signature = signature.map_err(Failure::usage)?;
    let going = Going::default();
    context.standing.has_in_databricks(going.clone());
    let mut contracts = Vec::new();
    for chosen in &chosen {
        let with = (signature.as_ref(), &going);
        contracts.push(Box::pin(held(context, args, chosen, against, with)).await?);
    }
    Ok(Verdicts {
        contracts,
        fail_on: args.fail_on,
        all: context.verbose > 0,
    })
}

/// Makes the checks of one contract.
async fn held(
    context: &Context,
    args: &ContractArgs,
    chosen: &Chosen<'_>,
    against: Against<'_>,
    (signature, going): (Option<&Signature>, &Going),
) -> Result<Held, Failure> {
    let Named { path, contract } = chosen.named;
    let tell = |text: &str| context.say(text);
    let request = Request {
        contract,
        server: args.server(),
        environment: against.environment,
        selection: &chosen.selection,
        settings: &chosen.settings,
        options: Options {
            samples: args.samples.into(),
            metadata_only: args.metadata_only,
            ..Options::default()
        },
        limits: args.limits(),
        folder: against.folder,
        connection: against.connection,
        signature,
        profiled: args.wants_profile(),
        backend: args.backend(),
        databricks: Databricks {
            compute: args.compute(),
            limit: args.limit(),
            going: going.clone(),
            told: Told::by(&tell),
        },
    };
    let progress = Arc::new(Progress::new());
    let shown = Shown::start(context, Arc::clone(&progress), &contract.name());
    let begun = Instant::now();
    let checked = Box::pin(request.check(&progress)).await;
    drop(shown);
    let Checked {
        mut verdict,
        profiles,
        took,
    } = checked.map_err(|error| {
        let server = choose(contract, args.server(), against.environment).ok();
        at_server(chosen.named, server, error)
    })?;
    beside(path, &mut verdict);
    if verdict.contract.is_empty() {
        verdict.contract = unnamed(path);
    }
    Ok(Held {
        file: named_here(path),
        about: about(context, args, (path, contract), against).await,
        seconds: begun.elapsed().as_secs_f64(),
        verdict,
        profiles,
        databricks: took,
    })
}
