//! `test-data-ingestion`, in place of `test-data-ingestion.py`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;
use clap::{CommandFactory as _, Parser};
use dataops_contracts::{Backend, count_rows};
use dataops_core::connection::{Access, Connection};
use dataops_core::ingestion::{IngestionReport, IngestionTest, Input};
use dataops_solution::environment::{AzureFactory, Environment};

use crate::args::Manner;
use crate::commands::test::{container_and_blob, named_input};
use crate::context::Context;
use crate::contracts::{self, Against, ContractArgs, Named};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::{self, Threads};
use crate::report::verdict::Held;

/// The parameters of the notebook.
const PARAMETERS: [(&str, &str); 4] = [
    ("training_mount_point_name", "--training-mount-point-name"),
    ("testing_mount_point_name", "--testing-mount-point-name"),
    ("adf_run_id", "--run-id"),
    ("run_id", "--run-id"),
];

/// Test that a run has written training and testing data.
///
/// Takes the parameters of the notebook test-data-ingestion as NAME=VALUE (training_mount_point_name,
/// testing_mount_point_name, run_id) as well as the options below. A mount point such as /mnt/training stands for the
/// container of the same name.
#[derive(Debug, Parser)]
#[command(
    name = "test-data-ingestion",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 it holds · 1 it does not hold · 2 usage · 3 refused · 4 unreachable or timed out"
)]
struct Args {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    manner: Manner,
}

/// What is tested.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Asked {
    /// Where the training data are, such as /mnt/training.
    #[arg(
        long,
        value_name = "MOUNT",
        required_unless_present = "contracts",
        requires = "testing_mount_point_name"
    )]
    pub(crate) training_mount_point_name: Option<String>,
    /// Where the testing data are, such as /mnt/testing.
    #[arg(
        long,
        value_name = "MOUNT",
        required_unless_present = "contracts",
        requires = "training_mount_point_name"
    )]
    pub(crate) testing_mount_point_name: Option<String>,
    /// A data contract that the data have to keep. Where its server is local, nothing else is needed. Can be given more than once.
    #[arg(long = "contract", id = "contracts", value_name = "FILE")]
    pub(crate) contracts: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) of_contracts: ContractArgs,
    /// The pipeline run whose folders are tested, and the value of `${RUN_ID}` in contracts.
    #[arg(value_parser = NonEmptyStringValueParser::new(),
        long,
        value_name = "ID",
        env = "ADFPIPELINE_RUNID",
        hide_env_values = true
    )]
    pub(crate) run_id: Option<String>,
    /// The storage account of the containers.
    #[arg(
        long,
        value_name = "NAME",
        env = "AZURE_STORAGE_ACCOUNT",
        hide_env_values = true
    )]
    pub(crate) storage_account: Option<String>,
    /// The input that was split; without it, the rows are not added up.
    #[arg(long, value_name = "CONTAINER/BLOB", value_parser = container_and_blob)]
    pub(crate) input: Option<(String, String)>,
}

/// The arguments.
pub(super) fn command() -> clap::Command {
    Args::command()
}

pub(super) fn main(args: impl IntoIterator<Item = OsString>) -> Result<Exit, clap::Error> {
    let args = Args::try_parse_from(args.into_iter().map(option))?;
    let context = Context::new("test-data-ingestion", &args.manner, Path::new("."));
    let command = process::interruptible(
        &context,
        Box::pin(test(&context, args.asked, Path::new("."))),
    );
    Ok(process::block_on(&context, Threads::One, command))
}

/// Rewrites `training_mount_point_name=/mnt/training` to an option.
fn option(argument: OsString) -> OsString {
    let rewritten = argument.to_str().and_then(|text| {
        let (name, value) = text.split_once('=')?;
        let (_, option) = PARAMETERS.iter().find(|(known, _)| *known == name)?;
        Some(OsString::from(format!("{option}={value}")))
    });
    rewritten.unwrap_or(argument)
}

/// The container behind a mount point.
fn container(mount: &str) -> Result<String, Failure> {
    let name = mount
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    // https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
    let is_container = (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    match is_container && !mount.contains("://") {
        true => Ok(name.to_owned()),
        false => Err(
            Failure::usage(format!("`{mount}` is no mount point of a container"))
                .hint("it is written as /mnt/training, in the letters of the container's name"),
        ),
    }
}

/// Tests; local paths of contracts begin in the folder.
pub(crate) async fn test(context: &Context, args: Asked, folder: &Path) -> Result<Exit, Failure> {
    let needs_run = args.training_mount_point_name.is_some() && !args.of_contracts.dry_run;
    if needs_run && args.run_id.is_none() {
        return Err(Failure::usage("nobody says which run is tested").hint(WHICH_RUN));
    }
    if args.contracts.is_empty() {
        args.of_contracts
            .without_contracts("name one by --contract FILE")?;
    }
    contracts::prepare(&args.of_contracts)?;
    if args.contracts.is_empty() {
        let tested = ingestion(context, &connection(context, &args)?, &args).await?;
        let exit = contracts::report_folders(context, &args.of_contracts, tested)?;
        context.say(STRONGER);
        return Ok(exit);
    }
    // What would be checked is the same for each run.
    let any_run = args.of_contracts.dry_run.then_some(ANY_RUN);
    let run_id = args.run_id.as_deref().or(any_run);
    let variables = args.of_contracts.contract_variables(context, run_id);
    let contracts = args
        .contracts
        .iter()
        .map(|path| contracts::read(path, &variables));
    let contracts = contracts.collect::<Result<Vec<_>, _>>()?;
    if args.of_contracts.dry_run {
        let against = Against {
            folder,
            environment: None,
            connection: None,
            run_id: None,
        };
        return contracts::dry_run(context, &args.of_contracts, &contracts, against);
    }
    let reached = match args.needs_connection(context, &contracts)? {
        true => Some(connection(context, &args)?),
        false => None,
    };
    let against = Against {
        folder,
        environment: None,
        connection: reached.as_ref(),
        run_id: args.run_id.as_deref(),
    };
    let mut verdicts = Box::pin(contracts::hold(
        context,
        &args.of_contracts,
        &contracts,
        against,
    ))
    .await?;
    if let (Some(connection), Some(_)) = (&reached, &args.training_mount_point_name) {
        let tested = ingestion(context, connection, &args).await?;
        verdicts.contracts.insert(0, Held::of_ingestion(&tested));
    }
    contracts::report(context, &args.of_contracts, &verdicts)
}

/// The run of which nobody reads data.
const ANY_RUN: &str = "RUN_ID";

/// The ways to name a run.
const WHICH_RUN: &str = "name it by run_id=ID, by --run-id ID, or by the variable ADFPIPELINE_RUNID, which is what the variable AdfPipeline.RunId \
    of invoke-adf-pipeline is to later steps";

/// What the folders alone do not show.
const STRONGER: &str = "A data contract would also check columns and their types, required and unique values, ranges and value sets, \
    leakage between training and testing data, and drift: `dataops contract init FILE` writes a first one, `--contract FILE` checks it.";

impl Asked {
    /// Whether anything is read from Azure or from an emulator.
    fn needs_connection(&self, context: &Context, contracts: &[Named]) -> Result<bool, Failure> {
        let mounts = self.training_mount_point_name.is_some();
        let is_local = |named: &Named| {
            let server = named.contract.server(self.of_contracts.server());
            server.is_none_or(|server| server.kind() == "local")
        };
        let elsewhere = self.of_contracts.backend() == Some(Backend::Databricks);
        Ok(mounts || elsewhere || context.emulator()?.is_some() || !contracts.iter().all(is_local))
    }
}

fn connection(context: &Context, args: &Asked) -> Result<Connection, Failure> {
    let access = match context.emulator()? {
        Some(address) => Access::Emulator(address),
        None => Access::Azure(context.credential()?),
    };
    let factory = AzureFactory::new("", "", "");
    let mut environment = Environment::of_factory("storage", factory);
    if let Some(account) = &args.storage_account {
        environment = environment.with_storage_account(account);
    }
    Ok(Connection::new(
        environment,
        access,
        context.variables.clone(),
    ))
}

async fn ingestion(
    context: &Context,
    connection: &Connection,
    args: &Asked,
) -> Result<IngestionReport, Failure> {
    if connection.storage_account().is_none() {
        let error = Failure::usage("the storage account is not known");
        return Err(error.hint("name it by --storage-account or AZURE_STORAGE_ACCOUNT"));
    }
    let storage = connection.storage().map_err(Failure::service)?;
    let missing = || {
        Failure::new(
            Exit::Bug,
            "the mount points and the run are required together",
        )
    };
    let (Some(training), Some(testing), Some(run_id)) = (
        &args.training_mount_point_name,
        &args.testing_mount_point_name,
        &args.run_id,
    ) else {
        return Err(missing());
    };
    let test = IngestionTest {
        training: container(training)?,
        testing: container(testing)?,
        run_id: run_id.clone(),
        input: args.input.clone().map_or(Input::NotAsked, named_input),
        counting: count_rows,
    };
    context.explain("the folders of the run are looked at");
    test.run(&storage).await.map_err(Failure::service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_the_notebook_are_options() {
        let option = |text: &str| super::option(text.into()).into_string().unwrap();

        assert_eq!(
            option("training_mount_point_name=/mnt/t"),
            "--training-mount-point-name=/mnt/t"
        );
        assert_eq!(option("adf_run_id=1"), "--run-id=1");
        assert_eq!(option("other=1"), "other=1");
    }

    #[test]
    fn a_mount_point_stands_for_a_container() {
        assert_eq!(container("/mnt/training/").unwrap(), "training");
        assert_eq!(container("/mnt/lake/training").unwrap(), "training");
        for other in [
            "/",
            "/mnt/Training",
            "/mnt/a",
            "abfss://c@a.dfs.core.windows.net/training",
        ] {
            assert!(container(other).is_err(), "{other}");
        }
    }
}
