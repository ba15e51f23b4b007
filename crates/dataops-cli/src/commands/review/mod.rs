//! `dataops review`.

mod contracts;
mod environments;
mod post;
mod sides;
mod unreviewed;

use std::path::PathBuf;

use adf_diff::compare;
use dataops_check::check_change;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosting::Host;
use crate::in_force::JournalPlace;
use crate::planning::{self, Wishes};
use crate::process::unless_interrupted;
use crate::report::dialect::Dialect;
use crate::report::difference::Review;
use crate::report::review::{ChangeReview, FileChange, Planned};

use super::plan;
pub(crate) use contracts::since as contracts_since;
pub(crate) use post::Posted;
pub(crate) use sides::Differing;
use sides::Sides;

/// Say what a change means, in one comment for a pull request: the environments that it reaches and settings that it gives other values;
/// what differs and what that reaches, drawn; contracts that it breaks; findings of `validate` that are new with it; and, with --env, what
/// a deployment would do.
///
/// With --post the comment is kept on the pull request: it is found by a mark that nobody sees, and updated in place. Where the change means
/// nothing to the solution, or the solution cannot be read, none is begun.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops review                                   the working tree against the branch that it will be merged into\n  \
    dataops review --base main --out review.md\n  \
    dataops review --env qa --post azure-devops      in Azure Pipelines, with SYSTEM_ACCESSTOKEN\n  \
    dataops review --post github                     in GitHub Actions, with GITHUB_TOKEN")]
pub(crate) struct Args {
    /// What the change is compared with; by default its merge base with the branch that it will be merged into.
    #[arg(long, value_name = "REF")]
    base: Option<String>,
    /// Tell what a deployment to this environment would do, too.
    #[arg(long = "env", value_name = "ENV")]
    environment: Option<String>,
    /// Keep the comment on the pull request of this host.
    #[arg(long, value_enum, value_name = "HOST")]
    post: Option<Host>,
    /// The pull request; by default the one that CI builds.
    #[arg(long, value_name = "N", requires = "post")]
    pull_request: Option<u64>,
    /// Write the comment to a file instead of stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// End with 1 when the change brings errors, or breaks a contract.
    #[arg(long)]
    exit_code: bool,
}

/// Looks at the change, and says what it means.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let target = args
        .post
        .map(|host| post::Target::find(context, host, args.pull_request));
    let target = target.transpose()?;
    let reviewing = Box::pin(review(context, &args));
    let reviewed = unless_interrupted(context, reviewing).await;
    let (mut review, unplanned) = match (reviewed, &target) {
        (Ok(reviewed), _) => reviewed,
        (Err(failure), Some(target)) if failure.exit == Exit::Usage => {
            unreviewed::tell(context, target, &failure).await;
            return Err(failure);
        }
        (Err(failure), _) => return Err(failure),
    };
    if let Some(target) = &target {
        let text = review.markdown(target.most());
        let mark = review.mark();
        let posting = target.post(&mark, &text, !review.says_nothing());
        review.posted = unless_interrupted(context, posting).await?;
        match &review.posted {
            Some(posted) => context.say(&posted.told()),
            None => context.say("there is nothing to tell, and no comment that tells otherwise"),
        }
    }
    let exit = match &args.out {
        Some(file) => {
            std::fs::write(file, review.text()).map_err(|error| {
                Failure::usage(format!("{} cannot be written: {error}", file.display()))
            })?;
            context.judge(&review)
        }
        None => context.print(&review)?,
    };
    match unplanned {
        Some(failure) => Err(failure),
        None => Ok(exit),
    }
}

/// The review, and why there is no plan in it although one was asked for.
async fn review(
    context: &Context,
    args: &Args,
) -> Result<(ChangeReview, Option<Failure>), Failure> {
    let sides = Sides::read(context, args.base.as_deref()).await?;
    let findings = check_change(&sides.before.subject(), &sides.after.subject());
    let difference = compare(&sides.before.repository, &sides.after.repository);
    let contracts = contracts::compared(&sides);
    let environments = environments::touched(&sides, &difference);
    let files = sides.files();
    let files: Vec<_> = files.into_iter().map(FileChange::of).collect();
    let (planned, unplanned) = match &args.environment {
        None => (None, None),
        Some(name) => match planned(context, name).await {
            Ok(plan) => (Some(Planned::Plan(Box::new(plan))), None),
            Err(failure) => (
                Some(Planned::Not(name.clone(), failure.summary())),
                Some(failure),
            ),
        },
    };
    let (name, folder) = (sides.name.clone(), sides.folder.clone());
    let (base, head) = sides.reads();
    let review = ChangeReview {
        name,
        folder,
        change: Review {
            base,
            head,
            difference,
            with_noise: false,
        },
        environments,
        files,
        contracts,
        findings,
        planned,
        posted: None,
        dialect: Dialect::of(args.post, context.ci),
        exit_code: args.exit_code,
    };
    Ok((review, unplanned))
}

async fn planned(context: &Context, environment: &str) -> Result<dataops_plan::Plan, Failure> {
    let source = planning::source(context, None)?;
    let asked = plan::Asked {
        environment,
        wishes: &Wishes::default(),
        journal: &JournalPlace::default(),
    };
    Box::pin(plan::made(context, &source, asked)).await
}
