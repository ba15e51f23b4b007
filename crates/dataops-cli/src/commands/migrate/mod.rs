//! `dataops migrate`.

mod files;
mod migrated;
mod missing;
mod target;

use std::collections::HashSet;
use std::path::PathBuf;

use adf_migrate::{InputError, Note, Severity, migrate};

use self::migrated::Migrated;
use self::target::Target;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::Output;
use crate::repository::{AdfFolder, shortened, warn};
use crate::terminal::harmless;

/// Take over what other tools know of environments: their files become overrides and other settings of dataops.yaml.
///
/// Read are configurations of azure.datafactory.tools (CSV and JSON), its filter rules and publish options, ARM parameter files, and
/// ARM templates that say what parameters stand for. Nothing in them is run. The settings go to stdout as YAML; with --write they are
/// added to dataops.yaml, where everything that somebody has written stays. Secrets become variables.
///
/// What could not be taken over, what the other tool did by accident, and what is worth knowing is told with file, line and column.
/// The exit code is 1 when something could not be taken over, or stands in dataops.yaml with another value.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops migrate --adf adf\n  \
    dataops migrate deployment/config-qa.csv deployment/config-prod.csv --filter rules.txt --write\n  \
    dataops migrate qa=arm/ARMTemplateParametersForFactory.json --write")]
pub(crate) struct Args {
    /// Files or folders; what each is, its ending and content say. `qa=FILE` where its name does not say the environment. Without any
    /// file, the configurations in `deployment` beside or in the Data Factory documents.
    #[arg(value_name = "[ENV=]FILE")]
    files: Vec<String>,
    /// A configuration of azure.datafactory.tools, CSV or JSON.
    #[arg(long, value_name = "[ENV=]FILE")]
    config: Vec<String>,
    /// An ARM parameters file, or the template that it is for.
    #[arg(long, value_name = "[ENV=]FILE")]
    parameters: Vec<String>,
    /// Filter rules of azure.datafactory.tools.
    #[arg(long, value_name = "FILE")]
    filter: Vec<String>,
    /// A script or pipeline that has the publish options.
    #[arg(long, value_name = "FILE")]
    options: Vec<String>,
    /// A Data Factory git folder, where there is no dataops.yaml.
    #[arg(long, value_name = "DIR")]
    adf: Option<PathBuf>,
    /// Write the settings into dataops.yaml.
    #[arg(long)]
    write: bool,
    /// Put them in the place of other values that dataops.yaml has, too.
    #[arg(long, requires = "write")]
    replace: bool,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Output>,
}

/// Takes the files over.
pub(crate) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let mut adf = AdfFolder::find(context, args.adf.as_deref())?;
    adf.path = shortened(&adf.path);
    let repository = adf.read()?;
    warn(context, &adf.path.display().to_string(), &repository);
    let target = Target::of(context, &adf, &repository)?;
    let sources = files::sources(args, &[&adf.path, target.folder()])?;
    let migration = migrate(&repository, &sources).map_err(unreadable)?;
    let output = args.format.unwrap_or_else(|| context.output());
    let outcome = match args.write {
        true => target.write(&migration.environments, args.replace)?,
        false => target.show(&migration.environments)?,
    };
    let migrated = Migrated::new(migration, outcome);
    if output == Output::Human {
        let mut hints = HashSet::new();
        for note in migrated.notes() {
            tell(context, note, &mut hints);
        }
        migrated.summary().iter().for_each(|line| context.say(line));
    }
    context.print_as(&migrated, output)
}

/// The line itself is not shown: what stands in it may be a secret.
fn unreadable(error: InputError) -> Failure {
    let hint = error.hint.clone();
    let failure = Failure::usage(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Tells a note; a hint is given once, however many notes have it.
fn tell<'n>(context: &Context, note: &'n Note, hints: &mut HashSet<&'n str>) {
    let severity = match note.severity {
        Severity::Lost => "error",
        Severity::Accident => "warning",
        Severity::Remark => "note",
    };
    let message = harmless(&format!("{}: {}", note.spot, note.message));
    let hint = note.hint.as_deref().filter(|hint| hints.insert(hint));
    context.warn(severity, &message, hint);
}
