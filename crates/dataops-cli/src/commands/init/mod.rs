//! `dataops init`.

mod asked;
mod branch;
mod ignored;
mod lines;
mod names;
mod place;
mod written;

use std::io;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::example::{self, Adapted, File, Hosts};
use crate::failure::Failure;

use asked::Choice;
use written::{Initiated, Written};

/// Write a new solution: a Data Factory pipeline, notebooks with a tested package, a data contract, sample data, environments that come one
/// after another, and the CI/CD pipelines that bring it through them.
///
/// What is not given is asked for on a terminal; elsewhere defaults are taken. No file that is there is overwritten: .gitignore and
/// .gitattributes get the lines that they do not have, above those that they have. The README that is written leads from there to the last
/// environment, on the local Azure; beside a README.md that is there, it is README.dataops.md.
///
/// The pipelines go by the default branch of the repository, as git knows it. Into an environment whose name begins with prod or
/// prd, or is live with or without a number, they bring no generated data: it has a smoke test, and approvers.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder; it may have a git repository already.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The solution's name: small letters, digits and `-`; by default that of the folder.
    #[arg(long, value_name = "NAME", value_parser = names::solution)]
    name: Option<String>,
    /// The pipelines that are written; by default those of Azure DevOps.
    #[arg(long, value_enum, value_name = "SYSTEM")]
    ci: Option<Ci>,
    /// The environments in their order, small letters and digits; by default dev, qa, uat and prod. `local` is there by itself.
    #[arg(long, value_name = "ENV,…", value_delimiter = ',', value_parser = names::environment)]
    environments: Vec<String>,
}

/// Whose pipelines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ci {
    /// Azure DevOps.
    #[value(name = "azure-devops", alias = "azdo")]
    #[serde(rename = "azure-devops")]
    AzureDevOps,
    /// GitHub Actions.
    #[value(name = "github", alias = "github-actions")]
    #[serde(rename = "github")]
    GitHub,
    /// Of both.
    Both,
    /// None.
    None,
}

impl Ci {
    /// The files that belong to it.
    fn files(self) -> Vec<&'static [File]> {
        match self {
            Self::AzureDevOps => vec![example::CI, example::AZURE_DEVOPS],
            Self::GitHub => vec![example::CI, example::GITHUB],
            Self::Both => vec![example::CI, example::AZURE_DEVOPS, example::GITHUB],
            Self::None => Vec::new(),
        }
    }
}

impl Ci {
    /// Where it is hosted.
    fn hosts(self) -> Hosts {
        Hosts {
            azure_devops: matches!(self, Self::AzureDevOps | Self::Both),
            github: matches!(self, Self::GitHub | Self::Both),
        }
    }
}

/// Writes a solution.
pub(crate) fn run(context: &Context, mut args: Args) -> Result<Initiated, Failure> {
    args.dir = place::without_detours(&args.dir);
    let dir = args.dir.clone();
    place::refuse_within_another(&dir)?;
    let choice = Choice::of(context, args)?;
    names::chain(&choice.environments)?;
    let branch = branch::deployed(context, &dir, choice.ci);
    let adapted = Adapted {
        name: &choice.name,
        environments: &choice.environments,
        hosts: choice.ci.hosts(),
        branch: &branch,
    };
    let mut groups = vec![example::SOLUTION, example::TESTS, example::SMOKE];
    groups.extend(choice.ci.files());
    let mut files: Vec<_> = groups.concat();
    files.retain(|(path, _)| *path != example::DEPENDABOT || !has_dependabot(&dir));
    let readme = readme(&dir, &files);
    let placed = |path: &'static str| if path == README { readme } else { path };
    let (kept, new): (Vec<_>, Vec<_>) =
        files.iter().partition(|(path, _)| lines::takes(&dir, path));
    refuse_what_is_there(&dir, new.iter().map(|(path, _)| placed(path)))?;
    let failed =
        |at: &str, error: io::Error| Failure::usage(format!("{}: {error}", dir.join(at).display()));
    let mut written = Written::default();
    for (path, content) in kept {
        let text = adapted.text(path, &String::from_utf8_lossy(content));
        let added = lines::add(&dir.join(path), &text).map_err(|error| failed(path, error))?;
        written
            .added
            .extend((!added.is_empty()).then(|| ((*path).to_owned(), added)));
    }
    for (path, content) in new {
        let at = placed(path);
        let put = match std::str::from_utf8(content) {
            Ok(text) => example::put(&dir, at, adapted.text(path, text).as_bytes()),
            Err(_) => example::put(&dir, at, content),
        };
        put.map_err(|error| failed(at, error))?;
        written.files.push(at.to_owned());
    }
    place::caution(context, &dir, choice.ci);
    ignored::tell(context, &dir, &written.files);
    written.branch = branch;
    Ok(Initiated::new(dir, choice, written, readme))
}

/// Whether somebody has said already which dependencies are kept up to date.
fn has_dependabot(dir: &Path) -> bool {
    let names = [example::DEPENDABOT, ".github/dependabot.yaml"];
    names
        .iter()
        .any(|name| dir.join(name).symlink_metadata().is_ok())
}

const README: &str = "README.md";
/// What it is called beside one that somebody else has written, as a new repository of a host has one.
const BESIDE: &str = "README.dataops.md";

/// What the README is called. Where something else of a solution is there already, there is no new one that it would belong to.
fn readme(dir: &Path, files: &[File]) -> &'static str {
    let is_there = |path: &str| dir.join(path).symlink_metadata().is_ok();
    let mut others = files
        .iter()
        .filter(|(path, _)| *path != README && !lines::FILES.contains(path));
    match is_there(README) && !others.any(|(path, _)| is_there(path)) {
        true => BESIDE,
        false => README,
    }
}

/// Nothing is written where something of it is there already.
fn refuse_what_is_there(
    dir: &Path,
    files: impl Iterator<Item = &'static str>,
) -> Result<(), Failure> {
    let there: Vec<_> = files
        .filter(|path| dir.join(path).symlink_metadata().is_ok())
        .collect();
    let Some(first) = there.first() else {
        return Ok(());
    };
    let text = match there.len() - 1 {
        0 => format!("{} is there already", dir.join(first).display()),
        more => format!(
            "{} and {more} more are there already",
            dir.join(first).display()
        ),
    };
    Err(Failure::usage(format!("{text}; nothing was written"))
        .hint("name another folder, or move them away"))
}
