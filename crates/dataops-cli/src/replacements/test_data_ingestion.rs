//! `test-data-ingestion`, in place of `test-data-ingestion.py`.

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use clap::builder::NonEmptyStringValueParser;
use dataops_core::connection::{Access, Connection};
use dataops_core::ingestion::{IngestionTest, Input};
use dataops_solution::environment::{AzureFactory, Environment};

use crate::args::Manner;
use crate::commands::test::{Tested, container_and_blob, named_input};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::process::{self, Threads};

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
    /// Where the training data are, such as /mnt/training.
    #[arg(long, value_name = "MOUNT")]
    training_mount_point_name: String,
    /// Where the testing data are, such as /mnt/testing.
    #[arg(long, value_name = "MOUNT")]
    testing_mount_point_name: String,
    /// The pipeline run whose folders are tested.
    #[arg(value_parser = NonEmptyStringValueParser::new(),
        long,
        value_name = "ID",
        env = "ADFPIPELINE_RUNID",
        hide_env_values = true
    )]
    run_id: String,
    /// The storage account of the containers.
    #[arg(
        long,
        value_name = "NAME",
        env = "AZURE_STORAGE_ACCOUNT",
        hide_env_values = true
    )]
    storage_account: Option<String>,
    /// The input that was split; without it, the rows are not added up.
    #[arg(long, value_name = "CONTAINER/BLOB", value_parser = container_and_blob)]
    input: Option<(String, String)>,
    #[command(flatten)]
    manner: Manner,
}

pub(super) fn main(args: impl IntoIterator<Item = OsString>) -> Result<Exit, clap::Error> {
    let args = Args::try_parse_from(args.into_iter().map(option))?;
    let context = Context::new("test-data-ingestion", &args.manner, Path::new("."));
    let command = process::report(&context, test(&context, args));
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
    match name.is_empty() {
        true => Err(Failure::usage(format!("`{mount}` is no mount point"))
            .hint("a mount point is written as /mnt/training")),
        false => Ok(name.to_owned()),
    }
}

async fn test(context: &Context, args: Args) -> Result<Tested, Failure> {
    let access = match context.emulator()? {
        Some(address) => Access::Emulator(address),
        None => Access::Azure(context.credential()?),
    };
    let factory = AzureFactory::new("", "", "");
    let mut environment = Environment::of_factory("storage", factory);
    if let Some(account) = &args.storage_account {
        environment = environment.with_storage_account(account);
    } else if matches!(access, Access::Azure(_)) {
        let error = Failure::usage("the storage account is not known");
        return Err(error.hint("name it by --storage-account or AZURE_STORAGE_ACCOUNT"));
    }
    let connection = Connection::new(environment, access, context.variables.clone());
    let storage = connection.storage().map_err(Failure::service)?;
    let test = IngestionTest {
        training: container(&args.training_mount_point_name)?,
        testing: container(&args.testing_mount_point_name)?,
        run_id: args.run_id,
        input: args.input.map_or(Input::NotAsked, named_input),
    };
    let report = test.run(&storage).await.map_err(Failure::service)?;
    Ok(Tested(report))
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
        assert!(container("/").is_err());
    }
}
