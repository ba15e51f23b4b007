//! `dataops changed`.

mod report;
mod side;
mod since;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::in_force::RecordsPlace;
use crate::process::unless_interrupted;
use crate::repository::Git;

use report::Changed;
use side::Head;

/// Tell what a change touches: what has to be checked, and which environments have to be deployed to or tested.
///
/// Files are told apart by where dataops.yaml says that things are. dataops.yaml itself is compared as what it says: a value of one
/// environment touches that environment, and those that take it from there. Data Factory documents that mean the same are checked, and not
/// deployed. What means nothing to the solution, such as a page of text, touches nothing.
///
/// Azure Pipelines gets output variables of the step, GitHub Actions outputs: `adf`, `notebooks`, `ml`, `contracts`, `python`, `settings` and
/// `ci`, `any` of them, `deploy`, `deploy_ENV` and `test_ENV` are `true` or `false`, and `environments` is a list, as JSON, of those where
/// something has to be done, in the order of dataops.yaml and without local ones. Characters of an environment's name that a variable cannot have become `_`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops changed --base origin/main                    of a pull request: since the branch began\n  \
    dataops changed --base \"$BEFORE\" --exact              of a push, from what was there before; zeros are everything\n  \
    dataops changed --deployed qa,uat,prod                from what is deployed in each environment")]
pub(crate) struct Args {
    /// The commit, branch or tag that is compared with, from where the head has left it; by default the branch that the change will be
    /// merged into. Only zeros, or nothing, stand for no commit: everything is touched then.
    #[arg(long, value_name = "REF")]
    base: Option<String>,
    /// Compare with `--base` itself, not with its merge base with the head: a push may also have taken something away.
    #[arg(long, requires = "base")]
    exact: bool,
    /// The commit, branch or tag that is looked at.
    #[arg(long, value_name = "REF", default_value = "HEAD")]
    head: String,
    /// Compare with what is deployed: for each of these environments with the commit of its last deployment. Where there is none, or it
    /// did not end well, everything has to be deployed there.
    #[arg(
        long,
        value_name = "ENV",
        value_delimiter = ',',
        conflicts_with = "base"
    )]
    deployed: Vec<String>,
    #[command(flatten)]
    records: RecordsPlace,
}

/// Tells what is touched.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let looking = Box::pin(look(context, &args));
    let changed = unless_interrupted(context, looking).await?;
    let exit = context.print(&changed)?;
    if let Some(ci) = context.ci {
        for (name, value) in changed.outputs() {
            let told = ci.put_out(&name, &value, &context.variables);
            let told = told.map_err(|error| {
                Failure::usage(format!(
                    "the outputs of the step cannot be written: {error}"
                ))
                .hint("GITHUB_OUTPUT names their file")
            })?;
            if let Some(command) = told {
                context.command(&command);
            }
        }
    }
    Ok(exit)
}

async fn look(context: &Context, args: &Args) -> Result<Changed, Failure> {
    let root = context.solution_root()?;
    let git = Git::of(&root).await?;
    let id = git.commit(&args.head).await?;
    let head = Head::read(&root, git, id).await?;
    head.warn_of_uncommitted(context).await?;
    if args.deployed.is_empty() {
        let base = since::base(context, &head, args.base.as_deref(), args.exact).await?;
        return Ok(Changed::of(
            &head,
            vec![(None, head.since(context, &base).await?, base)],
        ));
    }
    let mut all = Vec::new();
    for name in &args.deployed {
        head.knows(name)?;
        if all.iter().any(|(known, _, _)| *known == Some(name.clone())) {
            continue;
        }
        let base = since::deployed(context, &head, &args.records, name).await?;
        all.push((Some(name.clone()), head.since(context, &base).await?, base));
    }
    Ok(Changed::of(&head, all))
}
