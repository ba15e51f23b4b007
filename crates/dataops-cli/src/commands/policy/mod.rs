//! `dataops policy`.

mod azure_devops;
mod file;
mod github;

use std::path::PathBuf;

use branch_policy::{Action, File, Plan, Step};
use clap::Subcommand;

use crate::commands::schema::Schema;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosting::Host;
use crate::process::unless_interrupted;
use crate::report::policy::{Asked, PolicyReport, markdown};
use crate::report::{Output, document, write};
use crate::terminal::{Ci, without_commands};

/// Guard branches and environments as branch-policy.yaml says: who reviews what, what has to pass, who approves a deployment.
///
/// On Azure DevOps these are policies of branches, locks, and checks of environments; on GitHub rulesets, CODEOWNERS, and protections of
/// environments. Only what is of the same type and scope as something in the file is changed; everything else stays, and is told.
///
/// Azure DevOps is signed in to by AZURE_DEVOPS_EXT_PAT, SYSTEM_ACCESSTOKEN or as Azure is, GitHub by GH_TOKEN or GITHUB_TOKEN.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show what differs from the file, setting by setting.
    Plan(Where),
    /// Bring the file to the host, and look whether it is so. Doing it twice does nothing.
    Apply(Where),
    /// End with 1 when something differs from the file.
    Check(Where),
    /// Print the JSON Schema of branch-policy.yaml, by which editors complete and check it.
    Schema,
}

/// Which file, which host, and the form of the result.
#[derive(Debug, clap::Args)]
struct Where {
    /// The file; by default branch-policy.yaml beside dataops.yaml.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// The host; by default the one that the file names, or whose CI runs.
    #[arg(long, value_enum, value_name = "HOST")]
    host: Option<Host>,
    /// Remove what guards a branch or an environment of the file, and nothing else, and is not in the file.
    #[arg(long)]
    prune: bool,
    /// The form of the result; by default as `--output` says.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
}

/// The form of a policy report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// For a terminal.
    Human,
    /// One JSON document.
    Json,
    /// For a comment on a pull request, or the summary of a run.
    Markdown,
}

/// A repository where it is hosted.
enum Hosted {
    AzureDevOps(Box<azure_devops::Hosted>),
    GitHub(Box<github::Hosted>),
}

/// What was seen at the host.
pub(crate) struct Seen {
    pub(crate) plan: Plan,
    /// What ids are called, in the differences.
    pub(crate) names: Vec<(String, String)>,
    /// What CODEOWNERS lacks, on GitHub.
    pub(crate) codeowners: Option<file::Codeowners>,
}

pub(crate) use file::Codeowners;

impl Hosted {
    async fn see(&self, file: &File) -> Result<Seen, Failure> {
        match self {
            Self::AzureDevOps(hosted) => hosted.see(file).await,
            Self::GitHub(hosted) => hosted.see(file).await,
        }
    }

    async fn perform(&self, step: &Step) -> Result<(), Failure> {
        match self {
            Self::AzureDevOps(hosted) => hosted.perform(step).await,
            Self::GitHub(hosted) => hosted.perform(step).await,
        }
    }

    fn shown(&self) -> &str {
        match self {
            Self::AzureDevOps(hosted) => &hosted.repository.shown,
            Self::GitHub(hosted) => &hosted.repository.shown,
        }
    }
}

/// Does it.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let (place, asked) = match args.action {
        Act::Plan(place) => (place, Asked::Plan),
        Act::Apply(place) => (place, Asked::Apply),
        Act::Check(place) => (place, Asked::Check),
        Act::Schema => return context.print(&Schema::of(branch_policy::schema::SCHEMA)?),
    };
    let file = file::read(context, place.file.as_deref())?;
    let host = host(context, &file, place.host)?;
    let hosted = match host {
        Host::AzureDevOps => {
            let hosted = azure_devops::Hosted::of(context, &file)?;
            Hosted::AzureDevOps(Box::new(hosted))
        }
        Host::GitHub => Hosted::GitHub(Box::new(github::Hosted::of(context, &file)?)),
    };
    let look = || {
        let seen = seen(&hosted, host, &file, &place, asked);
        Box::pin(unless_interrupted(context, seen))
    };
    let mut report = look().await?;
    if asked == Asked::Apply {
        apply(context, &hosted, &mut report).await?;
        let after = look().await?;
        report.settle(&after.plan);
    }
    print(context, &report, place.format)
}

async fn seen(
    hosted: &Hosted,
    host: Host,
    file: &File,
    place: &Where,
    asked: Asked,
) -> Result<PolicyReport, Failure> {
    let Seen {
        plan,
        names,
        codeowners,
    } = hosted.see(file).await?;
    let plan = match place.prune {
        true => plan.pruned(),
        false => plan,
    };
    let repository = hosted.shown().to_owned();
    Ok(PolicyReport::new(
        asked, host, repository, plan, names, codeowners,
    ))
}

/// Carries a plan out, step by step. What was done before a step fails stays, and is told.
async fn apply(
    context: &Context,
    hosted: &Hosted,
    report: &mut PolicyReport,
) -> Result<(), Failure> {
    let steps = report.plan.steps.clone();
    let mut done = 0;
    for step in &steps {
        if matches!(step.action, Action::Keep | Action::Leave) {
            continue;
        }
        context.stands(format!(
            "{done} changes are made; `dataops policy apply` goes on"
        ));
        let performed = unless_interrupted(context, hosted.perform(step)).await;
        performed.map_err(|failure| {
            failure.hint(format!(
                "this was `{}` of {}; {done} changes before it are made, and `dataops policy apply` goes on",
                step.title,
                PolicyReport::target(&step.target),
            ))
        })?;
        done += 1;
    }
    Ok(())
}

fn print(context: &Context, report: &PolicyReport, format: Option<Form>) -> Result<Exit, Failure> {
    match format {
        None => context.print(report),
        Some(Form::Human) => context.print_as(report, Output::Human),
        Some(Form::Json) => {
            write(&document(report)?)?;
            Ok(context.judge(report))
        }
        Some(Form::Markdown) => {
            write(&without_commands(&markdown(report)))?;
            Ok(context.judge(report))
        }
    }
}

/// The host that is meant.
fn host(context: &Context, file: &File, asked: Option<Host>) -> Result<Host, Failure> {
    let settings = file.settings();
    let named = (settings.azure_dev_ops.is_some(), settings.github.is_some());
    let running = context.ci.map(|ci| match ci {
        Ci::AzurePipelines => Host::AzureDevOps,
        Ci::GitHub => Host::GitHub,
    });
    let only = match named {
        (true, false) => Some(Host::AzureDevOps),
        (false, true) => Some(Host::GitHub),
        _ => running,
    };
    asked.or(only).ok_or_else(|| {
        let failure = match named {
            (true, true) => Failure::usage("the file is for Azure DevOps and for GitHub"),
            _ => Failure::usage("the file names neither `azureDevOps` nor `github`"),
        };
        failure.hint("say which by --host azure-devops or --host github")
    })
}
