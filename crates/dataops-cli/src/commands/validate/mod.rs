//! `dataops validate`.

mod explain;
mod fix;
mod lint;
mod selection;
pub(crate) mod solution;

use std::path::PathBuf;

use dataops_check::{Finding, RULES};

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::findings::{Covered, Findings, Form, Threshold};
use crate::report::write;
use crate::terminal::Checkout;
use lint::NotLooked;
use selection::Selection;
use solution::Loaded;

/// Find what is wrong with a solution, without Azure: in Data Factory documents, environments, notebooks, and between them.
///
/// Every finding has a rule, a file, a line and a column. Python code is linted by `ruff` with the solution's own configuration; where
/// there is no `ruff`, it is installed once, and where it cannot be had, the report says so. `--select` with a rule about Python
/// fails then. In GitHub Actions and Azure Pipelines, the text on stdout is followed by annotations for the first findings, unless
/// `--format` names a form.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A Data Factory git folder, where there is no dataops.yaml.
    #[arg(long, value_name = "DIR")]
    adf: Option<PathBuf>,
    /// The form of the result on stdout.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// Only these rules: ids, names, or the beginnings of ids, such as ADF2; a code of ruff stands behind its rule, as in PY101/F821.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,
    /// All but these rules.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,
    /// The least severity that makes the command fail.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t)]
    fail_on: Threshold,
    /// Mend what can be mended without changing what a document means, and report the rest. Python is left to `ruff check --fix`.
    #[arg(long)]
    fix: bool,
    /// Leave out the lint of Python code by ruff.
    #[arg(long)]
    no_python_lint: bool,
    /// Install nothing: ruff, where it is not there, is left out.
    #[arg(long)]
    offline: bool,
    /// Say why a rule exists, with a wrong and a right example.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["adf", "select", "ignore", "fix", "format"])]
    explain: Option<String>,
    /// List all rules.
    #[arg(long, conflicts_with_all = ["adf", "fix", "format", "explain"])]
    rules: bool,
}

/// How often all is mended that was found, until nothing is left that can be.
const MOST_PASSES: usize = 100;

/// Looks at the solution, and writes what was found.
pub(crate) async fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let selection = Selection::new(&args.select, &args.ignore)?;
    if let Some(rule) = &args.explain {
        return context.print(&explain::explain(rule)?);
    }
    if args.rules {
        return context.print(&explain::list(&selection));
    }
    let mut loaded = Loaded::read(context, args.adf.as_deref())?;
    let mut fixed = 0;
    if args.fix {
        // What stands behind many faults of a file is found only when these are gone.
        for _ in 0..MOST_PASSES {
            let mended = fix::fix(&loaded, &check(&loaded, &selection).0)?;
            if mended == 0 {
                break;
            }
            fixed += mended;
            loaded = Loaded::read(context, args.adf.as_deref())?;
        }
    }
    let not_linted = lint::lint(context, args, &selection, &mut loaded).await;
    let (found, covered) = check(&loaded, &selection);
    let rules = RULES.iter().copied().filter(|rule| selection.has(rule));
    let findings = Findings {
        files: loaded.count(&found),
        found,
        fixed,
        fail_on: args.fail_on,
        rules: rules.collect(),
        left_out: not_linted.as_ref().map(NotLooked::left_out),
        folder: loaded.shown(),
        checkout: Checkout::of(&loaded.root),
        texts: loaded.texts(),
        covered,
    };
    let exit = report(context, args, &findings)?;
    // The program is at its end, and to free thousands of documents value by value would be a twentieth of its time.
    drop(findings);
    std::mem::forget(loaded);
    match not_linted.and_then(NotLooked::into_failure) {
        Some(failure) => Err(failure),
        None => Ok(exit),
    }
}

/// The findings that are asked for, and the places of all secrets.
fn check(loaded: &Loaded, selection: &Selection) -> (Vec<Finding>, Covered) {
    let mut found = dataops_check::check(&loaded.subject());
    let covered = Covered::of(&found, &*loaded.texts());
    found.retain(|finding| selection.has_finding(finding));
    (found, covered)
}

fn report(context: &Context, args: &Args, findings: &Findings<'_>) -> Result<Exit, Failure> {
    let form = args.format.unwrap_or_else(|| context.form());
    write(&form.render(findings)?)?;
    if let Some(left_out) = &findings.left_out
        && form.is_for_programs()
    {
        context.warn("warning", &left_out.message, Some(&left_out.hint));
    }
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
