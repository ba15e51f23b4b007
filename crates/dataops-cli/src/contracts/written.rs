//! The report of contracts: on stdout, in files, and as annotations.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use dataops_core::ingestion::IngestionReport;

use crate::commands::test::Tested;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::verdict::{FailOn, Form, Held, Verdicts};
use crate::report::write;

use super::ContractArgs;

/// Makes sure that the files of the report can be written, before anything is measured; folders that are missing are made.
///
/// # Errors
///
/// When one cannot be.
pub(crate) fn prepare(args: &ContractArgs) -> Result<(), Failure> {
    args.reports.iter().try_for_each(|file| {
        writable(file).map_err(|error| unwritten(file, &error).hint("nothing was measured"))
    })
}

fn writable(file: &Path) -> io::Result<()> {
    if let Ok(there) = std::fs::metadata(file) {
        // A pipe waits for its reader.
        return match there.is_file() || there.is_dir() {
            true => open(file).map(|_| ()),
            false => Ok(()),
        };
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    open(file)?;
    std::fs::remove_file(file)
}

fn open(file: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(file)
}

fn unwritten(file: &Path, error: &io::Error) -> Failure {
    let file = file.display();
    Failure::usage(format!("the report {file} cannot be written: {error}"))
}

/// Writes the report, and says whether it holds.
///
/// # Errors
///
/// When a file cannot be written; the others are, and stdout has the result.
pub(crate) fn report(
    context: &Context,
    args: &ContractArgs,
    verdicts: &Verdicts,
) -> Result<Exit, Failure> {
    let unwritten = files(args, verdicts);
    let exit = match args.format {
        None => context.print(verdicts),
        Some(form) => verdicts.render(form).and_then(|text| {
            write(&text)?;
            Ok(context.judge(verdicts))
        }),
    };
    if args.format.is_none()
        && let Some(ci) = context.ci
    {
        for annotation in verdicts.first_annotations(ci) {
            context.command(&annotation);
        }
    }
    ended(context, exit, unwritten)
}

/// Writes the report of a run's folders alone.
///
/// # Errors
///
/// The same.
pub(crate) fn report_folders(
    context: &Context,
    args: &ContractArgs,
    test: IngestionReport,
) -> Result<Exit, Failure> {
    let verdicts = Verdicts {
        contracts: vec![Held::of_ingestion(&test)],
        fail_on: args.fail_on,
        all: context.verbose > 0,
    };
    if args.format.is_some() || args.fail_on != FailOn::default() {
        return report(context, args, &verdicts);
    }
    let unwritten = files(args, &verdicts);
    let exit = context.print(&Tested(test));
    ended(context, exit, unwritten)
}

/// Writes the files, and says which cannot be written.
fn files(args: &ContractArgs, verdicts: &Verdicts) -> Vec<Failure> {
    let written = args.reports.iter().map(|file| {
        let form = Form::of(file).unwrap_or(Form::Text);
        let text = verdicts.render(form)?;
        // A file is no terminal: colours in it are read as what they are.
        let text = match form {
            Form::Text => anstream::adapter::strip_str(&text).to_string(),
            _ => text,
        };
        std::fs::write(file, text).map_err(|error| unwritten(file, &error))
    });
    written.filter_map(Result::err).collect()
}

/// The exit code, unless something could not be written.
fn ended(
    context: &Context,
    exit: Result<Exit, Failure>,
    mut unwritten: Vec<Failure>,
) -> Result<Exit, Failure> {
    let last = unwritten.pop();
    for failure in &unwritten {
        context.report(failure);
    }
    match (exit, last) {
        (exit, None) => exit,
        (Ok(_), Some(last)) => Err(last),
        (Err(error), Some(last)) => {
            context.report(&last);
            Err(error)
        }
    }
}
