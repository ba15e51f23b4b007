//! `dataops diff --merge`: whether two branches fit together.

use adf_diff::check;
use dataops_check::{Sides, Subject, check_merge};

use super::{Args, Form, form};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::report::merge::{MergeReport, Outcome, Torn};
use crate::report::{Output, write};
use crate::repository::{AdfFolder, Blobs, Git, MergedTree, Place, Read, Tree};
use crate::terminal::without_commands;

/// Tells what breaks when two branches are merged.
pub(super) async fn run(
    context: &Context,
    args: &Args,
    adf: &AdfFolder,
    one: &str,
    other: &str,
) -> Result<Exit, Failure> {
    let (one, other) = (
        Place::parse(one, adf).await?,
        Place::parse(other, adf).await?,
    );
    let base = match &args.base {
        Some(base) => Place::parse(base, adf).await?,
        None => common(adf, &one, &other).await?,
    };
    let report = match (&base, &one, &other) {
        (Place::Commit { .. }, Place::Commit { .. }, Place::Commit { .. }) => {
            let is_given = args.base.is_some();
            of_commits(context, adf, [&base, &one, &other], is_given).await?
        }
        _ => of_documents(context, adf, [&base, &one, &other]).await?,
    };
    match form(context, args) {
        Form::Human => context.print_as(&report, Output::Human),
        Form::Json => context.print_as(&report, Output::Json),
        Form::Markdown => {
            write(&without_commands(&report.markdown()))?;
            Ok(context.judge(&report))
        }
    }
}

/// What two commits began with.
async fn common(adf: &AdfFolder, one: &Place, other: &Place) -> Result<Place, Failure> {
    let (Place::Commit { id: one, .. }, Place::Commit { id: other, .. }) = (one, other) else {
        let failure = Failure::usage("only commits have something in common that git knows");
        return Err(failure.hint("name what both began with by --base DIR"));
    };
    let git = Git::of(&adf.path).await?;
    Ok(Place::Commit {
        name: "merge base".to_owned(),
        id: git.merge_base(one, other).await?,
    })
}

/// Commits are merged by git, and all that the solution holds is looked at.
async fn of_commits(
    context: &Context,
    adf: &AdfFolder,
    places: [&Place; 3],
    is_base_given: bool,
) -> Result<MergeReport, Failure> {
    let git = Git::of(&adf.path).await?;
    let [base, one, other] = places.map(|place| match place {
        Place::Commit { name, id } => (name.as_str(), id.as_str()),
        _ => ("", ""),
    });
    // Git names the sides as they are named here.
    let given = is_base_given.then_some(base.1);
    let merged = git.merge(one.0, other.0, given).await?;
    let solution = solution_folder(adf, &git).await;
    let mut blobs = Blobs::default();
    let mut trees = Vec::new();
    for (name, id) in [base, one, other, ("the merge", merged.tree.as_str())] {
        let tree = merged.git.read_tree(id, solution.as_deref(), &mut blobs);
        trees.push(
            tree.await?
                .ok_or_else(|| Place::lacks(name, git.prefix()))?,
        );
    }
    drop(blobs);
    let [base, one, other, result] = trees
        .try_into()
        .unwrap_or_else(|_| unreachable!("a tree was read for each of four names"));
    let root = git.folder_of(solution.as_deref());
    let torn = torn(&merged).await;
    let unmerged: Vec<_> = torn
        .iter()
        .filter_map(|torn| torn.path.strip_prefix(&root).map(str::to_owned))
        .collect();
    let reads = places.map(|place| place.describe(git.prefix()));
    for (read, tree) in reads.iter().zip([&base, &one, &other]) {
        crate::repository::warn(context, &read.name, &tree.repository);
    }
    Ok(judged(
        &reads,
        [&base, &one, &other].map(Tree::subject),
        &Outcome {
            subject: result.subject(),
            root,
            unmerged,
            torn,
            has_lines: true,
        },
    ))
}

/// Folders and environments have no history: their documents are merged by what they mean.
async fn of_documents(
    context: &Context,
    adf: &AdfFolder,
    [base, one, other]: [&Place; 3],
) -> Result<MergeReport, Failure> {
    let base = base.read(context, adf).await?;
    let one = one.read(context, adf).await?;
    let other = other.read(context, adf).await?;
    let merged = adf_diff::merge(&base.repository, &one.repository, &other.repository);
    let reads = [&base, &one, &other].map(Read::without_documents);
    Ok(judged(
        &reads,
        [&base, &one, &other].map(|read| Subject::new(&read.repository, "")),
        &Outcome {
            subject: Subject::new(&merged.repository, ""),
            root: String::new(),
            unmerged: Vec::new(),
            torn: Vec::new(),
            has_lines: false,
        },
    ))
}

fn judged(
    reads: &[Read; 3],
    [base, one, other]: [Subject<'_>; 3],
    result: &Outcome<'_>,
) -> MergeReport {
    let found = check(base.repository, one.repository, other.repository);
    let breaches = check_merge(&Sides {
        base,
        one,
        other,
        result: result.subject,
        unmerged: &result.unmerged,
    });
    MergeReport::new(reads, [&one, &other], result, &found, breaches)
}

/// The folder of `dataops.yaml` from the root of the git repository, where the documents are below it.
async fn solution_folder(adf: &AdfFolder, git: &Git) -> Option<String> {
    let solution = adf.solution.as_ref()?;
    let folder = Git::of(&solution.root).await.ok()?;
    let is_above = git
        .folder_of(None)
        .starts_with(&git.folder_of(Some(folder.prefix())));
    is_above.then(|| folder.prefix().to_owned())
}

/// The files that git cannot merge, with the first conflict in each.
async fn torn(merged: &MergedTree) -> Vec<Torn> {
    let mut torn = Vec::new();
    for conflict in &merged.conflicts {
        for path in &conflict.paths {
            // Git says it of each name that a file has had.
            if torn.iter().all(|torn: &Torn| torn.path != *path) {
                torn.push(Torn {
                    line: merged.git.conflict_line(&merged.tree, path).await,
                    text: conflict.text.clone(),
                    path: path.clone(),
                });
            }
        }
    }
    torn
}
