//! The report of contracts: on stdout, in files, and as annotations.

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::verdict::{Form, Verdicts};
use crate::report::write;

use super::ContractArgs;

/// Writes the report, and says whether it holds.
///
/// # Errors
///
/// When a file cannot be written.
pub(crate) fn report(
    context: &Context,
    args: &ContractArgs,
    verdicts: &Verdicts,
) -> Result<Exit, Failure> {
    for file in &args.reports {
        let form = Form::of(file).unwrap_or(Form::Text);
        // A file is no terminal: colours in it are read as what they are.
        let text = verdicts.render(form)?;
        let text = match form {
            Form::Text => anstream::adapter::strip_str(&text).to_string(),
            _ => text,
        };
        std::fs::write(file, text).map_err(|error| {
            Failure::usage(format!(
                "the report {} cannot be written: {error}",
                file.display()
            ))
        })?;
    }
    let exit = match args.format {
        None => context.print(verdicts)?,
        Some(form) => {
            write(&verdicts.render(form)?)?;
            context.judge(verdicts)
        }
    };
    if args.format.is_none()
        && let Some(ci) = context.ci
    {
        for annotation in verdicts.first_annotations(ci) {
            context.command(&annotation);
        }
    }
    Ok(exit)
}
