//! `dataops validate`.

mod explain;
mod fix;
mod selection;
mod solution;

use std::path::PathBuf;

use dataops_check::Finding;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::findings::{Covered, Findings, Form, Threshold};
use crate::report::write;
use selection::Selection;
use solution::Loaded;

/// Find what is wrong with a solution, without Azure: in Data Factory documents, environments, notebooks, and between them.
///
/// Every finding has a rule, a file, a line and a column. In GitHub Actions and Azure Pipelines, the text on stdout is followed by
/// annotations for the first findings, unless `--format` names a form.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A Data Factory git folder, where there is no dataops.yaml.
    #[arg(long, value_name = "DIR")]
    adf: Option<PathBuf>,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Only these rules: ids, names, or the beginnings of ids, such as ADF2.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// All but these rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The least severity that makes the command fail.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    fail_on: Threshold,
    /// Mend what can be mended without changing what a document means, and report the rest.
    #[arg(long)]
    fix: bool,
    /// Say why a rule exists, with a wrong and a right example.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["adf", "select", "ignore", "fix", "format"])]
    explain: Option<String>,
    /// List all rules.
    #[arg(long, conflicts_with_all = ["adf", "fix", "format", "explain"])]
    rules: bool,
}

/// Looks at the solution, and writes what was found.
pub(crate) fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let selection = Selection::new(&args.select, &args.ignore)?;
    if let Some(rule) = &args.explain {
        return context.print(&explain::explain(rule)?);
    }
    if args.rules {
        return context.print(&explain::list(&selection));
    }
    let mut loaded = Loaded::read(context, args.adf.as_deref())?;
    let (mut found, mut covered) = check(&loaded, &selection);
    let mut fixed = 0;
    if args.fix {
        fixed = fix::fix(&loaded, &found)?;
        if fixed > 0 {
            loaded = Loaded::read(context, args.adf.as_deref())?;
            (found, covered) = check(&loaded, &selection);
        }
    }
    let findings = Findings {
        found,
        fixed,
        fail_on: args.fail_on,
        files: loaded.files.iter().count(),
        folder: loaded.shown(),
        texts: loaded.texts(),
        covered,
    };
    report(context, args, &findings)
}

/// The findings that are asked for, and the places of all secrets.
fn check(loaded: &Loaded, selection: &Selection) -> (Vec<Finding>, Covered) {
    let mut found = dataops_check::check(&loaded.subject());
    let covered = Covered::of(&found);
    found.retain(|finding| selection.has(finding.rule));
    (found, covered)
}

fn report(context: &Context, args: &Args, findings: &Findings<'_>) -> Result<Exit, Failure> {
    let form = args.format.unwrap_or_else(|| context.form());
    write(&form.render(findings)?)?;
    if args.format.is_none()
        && let Some(ci) = context.ci
    {
        for annotation in findings.first_annotations(ci) {
            context.command(&annotation);
        }
    }
    Ok(match findings.holds() {
        true => Exit::Ok,
        false => Exit::Failed,
    })
}
