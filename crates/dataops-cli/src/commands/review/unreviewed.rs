//! A change that cannot be looked at: the comment that is there tells of another one, and has to say so.

use crate::context::Context;
use crate::failure::Failure;
use crate::process::unless_interrupted;
use crate::report::review::{mark, unreviewed};
use crate::repository::Git;

use super::post::Target;
use super::sides;

/// Says in the comment that is there why there is no review of the commit. Whatever becomes of that, the command fails by what it could not
/// look at.
pub(super) async fn tell(context: &Context, target: &Target, failure: &Failure) {
    let telling = Box::pin(told(context, target, failure));
    match unless_interrupted(context, telling).await {
        Ok(Some(text)) => context.say(&text),
        Ok(None) => {}
        Err(failure) => {
            let text = format!("the comment does not tell of it: {}", failure.summary());
            let hint = failure.hints().first().map(String::as_str);
            context.warn("warning", &text, hint);
        }
    }
}

/// What became of the comment, where there is one.
async fn told(
    context: &Context,
    target: &Target,
    failure: &Failure,
) -> Result<Option<String>, Failure> {
    let root = match context.solution_root() {
        Ok(root) => root,
        Err(_) => context.solution_folder().to_owned(),
    };
    let git = Git::of(&root).await?;
    let commit = sides::head(context, &git).await?.name();
    let mark = mark(&git.folder_of(None));
    // Where it is on this machine says nothing to a reader.
    let why = failure
        .summary()
        .replace(&format!("{}/", root.display()), "");
    let text = unreviewed(&mark, &commit, &why);
    let posted = target.post(&mark, &text, false).await?;
    Ok(posted.map(|posted| posted.told()))
}
