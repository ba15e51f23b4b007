//! `dataops diff`.

mod merge;

use std::path::{Path, PathBuf};

use adf_diff::compare;

use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::dialect::Dialect;
use crate::report::difference::{Review, human, json, markdown};
use crate::report::{document, write};
use crate::repository::{AdfFolder, Git, Place, Read};
use crate::terminal::without_commands;

/// Show what a change of a factory means: resource by resource, with risks and with what it reaches.
///
/// A side is a commit, branch or tag of git, a folder, or `env:NAME` for the factory of an environment. What means nothing, such as
/// times of publishing or an order without a meaning, is left out. Secrets are never shown.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    dataops diff                                  the working tree against the branch that it will be merged into\n  \
    dataops diff --base v1.2 --head v1.3\n  \
    dataops diff --base env:qa                    what a deployment would change\n  \
    dataops diff --format markdown > comment.md   for a pull request\n  \
    dataops diff --merge feature-a feature-b      whether two branches fit together; 1 when they do not")]
pub(crate) struct Args {
    /// A Data Factory git folder, where there is no dataops.yaml.
    #[arg(long, value_name = "DIR")]
    adf: Option<PathBuf>,
    /// What is compared with; by default the merge base of the head and the branch that it will be merged into.
    #[arg(long, value_name = "REF|DIR|env:NAME")]
    base: Option<String>,
    /// What is compared; by default the working tree.
    #[arg(long, value_name = "REF|DIR|env:NAME")]
    head: Option<String>,
    /// Compare with the merge base of `--base` and `--head` instead of `--base` itself.
    #[arg(long, requires = "base")]
    merge_base: bool,
    /// Tell what would break if two branches were merged, even where git merges them without a conflict: references and parameters
    /// that one side takes away and the other uses, places that both change, and whatever `validate` finds in what git makes of both
    /// and in neither alone. Nothing is checked out or written. `--base` is what both began with; by default their merge base.
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["head", "merge_base", "all", "exit_code"])]
    merge: Option<Vec<String>>,
    /// Show what means nothing too.
    #[arg(long)]
    all: bool,
    /// The form of the result; by default as `--output` says.
    #[arg(long, value_enum, value_name = "FORM")]
    format: Option<Form>,
    /// End with 1 when something differs that means something, or may differ because a file cannot be read.
    #[arg(long)]
    exit_code: bool,
}

/// The form of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// For a terminal.
    Human,
    /// One JSON document.
    Json,
    /// For a comment on a pull request.
    Markdown,
}

impl Args {
    /// The folder that is compared, where both sides are folders: then no solution is needed.
    fn two_folders(&self) -> Option<&Path> {
        let (base, head) = (self.base.as_ref()?, self.head.as_ref()?);
        let (base, head) = (Path::new(base), Path::new(head));
        (base.is_dir() && head.is_dir()).then_some(head)
    }
}

/// Compares both sides, and writes what differs.
pub(crate) async fn run(context: &Context, args: &Args) -> Result<Exit, Failure> {
    let adf = AdfFolder::find(context, args.adf.as_deref())
        .or_else(|failure| args.two_folders().map(AdfFolder::at).ok_or(failure))?;
    if let Some([one, other]) = args.merge.as_deref() {
        return merge::run(context, args, &adf, one, other).await;
    }
    let (base, head) = places(context, args, &adf).await?;
    let mut base_side = base.read_base(context, &adf).await?;
    let mut head_side = head.read(context, &adf).await?;
    Read::adapt(
        context,
        &adf,
        (&base, &head),
        (&mut base_side, &mut head_side),
    )?;
    let difference = compare(&base_side.repository, &head_side.repository);
    let review = Review {
        base: base_side,
        head: head_side,
        difference,
        with_noise: args.all,
    };
    let text = match form(context, args) {
        Form::Human => without_commands(&human(&review)),
        Form::Json => document(&json(&review))?,
        Form::Markdown => without_commands(&markdown(&review, Dialect::of(None, context.ci))),
    };
    write(&text)?;
    let differs = review
        .difference
        .changes
        .iter()
        .any(|change| !change.is_noise());
    // What cannot be read may differ: nobody may take that for the same.
    Ok(
        match args.exit_code && (differs || review.is_incomplete()) {
            true => Exit::Failed,
            false => Exit::Ok,
        },
    )
}

fn form(context: &Context, args: &Args) -> Form {
    args.format.unwrap_or(match context.wants_json() {
        true => Form::Json,
        false => Form::Human,
    })
}

async fn places(
    context: &Context,
    args: &Args,
    adf: &AdfFolder,
) -> Result<(Place, Place), Failure> {
    let head = match &args.head {
        Some(head) => Place::parse(head, adf).await?,
        None => Place::Working,
    };
    let base = match &args.base {
        Some(base) => Place::parse(base, adf).await?,
        None => {
            let git = Git::of(&adf.path).await?;
            let (name, target) = git.target(context).await?;
            return Ok((common(&git, &name, &target, &head).await?, head));
        }
    };
    if !args.merge_base {
        return Ok((base, head));
    }
    let Place::Commit { name, id } = &base else {
        return Err(Failure::usage("--merge-base needs a commit as --base"));
    };
    let git = Git::of(&adf.path).await?;
    Ok((common(&git, name, id, &head).await?, head))
}

/// The merge base of a branch and the head.
async fn common(git: &Git, name: &str, branch: &str, head: &Place) -> Result<Place, Failure> {
    let tip = match head {
        Place::Commit { id, .. } => id.clone(),
        Place::Working => git.commit("HEAD").await?,
        Place::Folder(_) | Place::Environment(_) => {
            let failure = Failure::usage(format!(
                "{} has no commit in common with a branch",
                head.name()
            ));
            return Err(failure.hint("name what it is compared with by --base"));
        }
    };
    let id = git.merge_base(branch, &tip).await?;
    // On the branch itself nothing but the last commit is in common.
    let name = if id == tip {
        "HEAD".to_owned()
    } else {
        format!("merge base with {name}")
    };
    Ok(Place::Commit { name, id })
}
