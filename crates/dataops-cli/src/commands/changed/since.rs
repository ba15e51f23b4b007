//! What is compared with: a commit that somebody names, or the one that is deployed.

use dataops_ledger::{Cause, Chain, Deployment, Outcome, Record};
use dataops_solution::environment::Needs;

use super::side::Head;
use crate::context::Context;
use crate::failure::Failure;
use crate::in_force::{InForce, RecordsPlace};
use crate::ledger;
use crate::repository::{Git, SHALLOW, short};
use crate::terminal::harmless;

/// What is compared with.
pub(super) enum Base {
    /// A commit, and what it is called.
    Commit { id: String, name: String },
    /// Nothing: everything is touched, and why.
    Nothing { why: String },
}

/// The commit that is named, or the branch that the change is for.
pub(super) async fn base(
    context: &Context,
    head: &Head,
    named: Option<&str>,
    is_exact: bool,
) -> Result<Base, Failure> {
    let git = &head.git;
    let (name, id) = match named {
        Some(name) if Git::is_nothing(name) => {
            let why = match name.trim() {
                "" => "no base was given",
                _ => "there was nothing before: the first push of a branch",
            };
            return Ok(Base::Nothing {
                why: why.to_owned(),
            });
        }
        Some(name) => (name.to_owned(), git.commit(name).await?),
        None => git.target(context).await?,
    };
    if is_exact {
        let name = format!("{} ({})", harmless(&name), short(&id));
        return Ok(Base::Commit { id, name });
    }
    let common = git.merge_base(&id, &head.id).await?;
    Ok(Base::Commit {
        name: format!(
            "the merge base with {} ({})",
            harmless(&name),
            short(&common)
        ),
        id: common,
    })
}

/// The commit that is deployed in an environment.
pub(super) async fn deployed(
    context: &Context,
    head: &Head,
    records: &RecordsPlace,
    name: &str,
) -> Result<Base, Failure> {
    let in_force = InForce::of_solution(context, context.solution()?);
    let session = context
        .visit(in_force.knowing(name), name, Needs::Records)
        .await?;
    let connection = &session.connection;
    let reading = async {
        let place = in_force.records(context, records, name, connection)?;
        ledger::told_chain(context, &ledger::open(&place, connection)?).await
    };
    let chain = Box::pin(reading).await;
    session.close().await;
    let (record, commit) = match standing(&chain?) {
        Ok(standing) => standing,
        Err(why) => return Ok(Base::Nothing { why }),
    };
    match head.git.find(&commit).await? {
        Some(id) => Ok(Base::Commit {
            name: format!("record {record} ({})", short(&id)),
            id,
        }),
        None if head.git.is_shallow().await? => Err(Failure::usage(format!(
            "git does not have the commit {} that is deployed in `{name}`",
            short(&commit)
        ))
        .hint(SHALLOW)),
        None => {
            let why = format!(
                "git does not know the commit {} that is there",
                short(&commit)
            );
            let text = format!("{name}: {why}; everything counts as changed");
            context.warn("warning", &text, None);
            Ok(Base::Nothing { why })
        }
    }
}

/// The number of the record of what stands in an environment, and the commit that it came from; or why nobody can tell.
fn standing(chain: &Chain) -> Result<(u64, String), String> {
    // What brought only ids says nothing of the rest.
    let mut deployments = chain
        .deployments()
        .filter(|(_, it)| it.cause != Cause::Binding);
    let Some(last) = deployments.next_back() else {
        return Err("nothing was deployed yet".to_owned());
    };
    if last.1.cause == Cause::Removal {
        return Err("what was deployed there was removed".to_owned());
    }
    ended_well(last)?;
    // Nor does what was limited to some resources.
    let whole = [last]
        .into_iter()
        .chain(deployments.rev())
        .find(|(_, it)| it.is_whole());
    let Some((record, deployment)) = whole else {
        return Err("only a part was deployed yet".to_owned());
    };
    ended_well((record, deployment))?;
    match &deployment.source.commit {
        Some(_) if deployment.source.dirty => {
            Err("what is deployed was changed after it was committed".to_owned())
        }
        Some(commit) => Ok((record.number, commit.clone())),
        None => Err("the record of what is deployed names no commit".to_owned()),
    }
}

fn ended_well((record, deployment): (&Record, &Deployment)) -> Result<(), String> {
    let number = record.number;
    match deployment.outcome {
        Outcome::Deployed | Outcome::DeployedButTriggers => Ok(()),
        Outcome::Begun => Err(format!("the last deployment (record {number}) did not end")),
        Outcome::NotBegun => Err(format!(
            "the last deployment (record {number}) was never begun"
        )),
        Outcome::Failed | Outcome::RolledBack => {
            Err(format!("the last deployment (record {number}) failed"))
        }
    }
}
