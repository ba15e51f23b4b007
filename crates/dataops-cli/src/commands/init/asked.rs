//! What a new solution is to be: as arguments say, as somebody answers on a terminal, or by default.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::ValueEnum as _;

use super::{Args, Ci, names};
use crate::context::Context;
use crate::failure::Failure;

/// The default chain.
const ENVIRONMENTS: [&str; 4] = ["dev", "qa", "uat", "prod"];

/// What a new solution is to be.
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) ci: Ci,
    pub(super) environments: Vec<String>,
}

impl Choice {
    pub(super) fn of(context: &Context, args: Args) -> Result<Self, Failure> {
        let is_asked = !context.quiet && io::stdin().is_terminal() && io::stderr().is_terminal();
        let ask = |what: &str, default: &str| match is_asked {
            true => answer(what, default),
            false => Ok(default.to_owned()),
        };
        let name = match args.name {
            Some(name) => name,
            None => {
                let default = names::of_folder(&args.dir);
                let default = default.as_deref().unwrap_or("data-ingestion");
                checked(
                    "name",
                    &ask("The solution's name", default)?,
                    names::solution,
                )?
            }
        };
        let ci = match args.ci {
            Some(ci) => ci,
            None => checked(
                "ci",
                &ask(
                    "Pipelines of azure-devops, github, both or none",
                    "azure-devops",
                )?,
                |it| Ci::from_str(it, true),
            )?,
        };
        let environments = match args.environments.is_empty() {
            false => args.environments,
            true => {
                let text = ask("The environments in their order", &ENVIRONMENTS.join(","))?;
                let names = text.split([',', ' ']).filter(|it| !it.is_empty());
                let names = names.map(|it| checked("environments", it, names::environment));
                names.collect::<Result<_, _>>()?
            }
        };
        Ok(Self {
            name,
            ci,
            environments,
        })
    }
}

fn checked<T>(
    what: &str,
    text: &str,
    check: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    check(text)
        .map_err(|error| Failure::usage(error).hint(format!("--{what} says it without a question")))
}

/// Asks on stderr, so that stdout stays the result. An empty line is the default.
fn answer(what: &str, default: &str) -> Result<String, Failure> {
    let unread = |error: io::Error| Failure::usage(format!("nobody answers: {error}"));
    let mut err = anstream::stderr().lock();
    write!(err, "{what} [{default}]: ")
        .and_then(|()| err.flush())
        .map_err(unread)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(unread)?;
    Ok(match line.trim() {
        "" => default.to_owned(),
        text => text.to_owned(),
    })
}
