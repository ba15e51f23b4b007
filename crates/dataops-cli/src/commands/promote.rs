//! `dataops promote`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dataops_core::ledger::now;
use dataops_ledger::{Cause, Chain, Decision, Promotion, render};
use dataops_solution::Solution;
use dataops_solution::environment::Environment;
use dataops_solution::period::Period;

use super::deploy::{How, Order, bring};
use crate::bundles::{self, Brought};
use crate::context::{Context, Session};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::ledger;
use crate::process::unless_interrupted;
use crate::report::Written;

/// Bring the bundle that has passed in the environment before this one, if it has passed all that it must have passed there.
///
/// `after` in dataops.yaml names the environment before, `promote` the tests that the bundle must have passed there since it was
/// deployed, and how long ago that may be. The records of that environment decide; the same bundle is deployed as `deploy` does it.
///
/// The exit code is 3 when the bundle may not go there; each reason is told with what helps. Otherwise it is that of `deploy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The environment of dataops.yaml that the bundle goes to.
    #[arg(
        long,
        visible_alias = "to",
        value_name = "ENV",
        env = "DATAOPS_ENV",
        hide_env_values = true
    )]
    env: String,
    /// The environment that the bundle comes from; otherwise the one that `after` names.
    #[arg(long, value_name = "ENV")]
    from: Option<String>,
    /// The folder of the bundle; otherwise the one that was deployed last where it comes from, kept beside the records.
    #[arg(long, value_name = "DIR")]
    bundle: Option<PathBuf>,
    /// Say whether the bundle may go there, and deploy nothing.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    how: How,
}

/// Promotes.
pub(crate) async fn run(context: &Context, args: Args) -> Result<Exit, Failure> {
    let solution = context.solution()?;
    let target = solution.environment(&args.env, &context.variables)?;
    let before = before(&target, args.from.as_deref())?;
    let deciding = Box::pin(decide(context, &args, &solution, &target, &before));
    let (decision, brought) = unless_interrupted(context, deciding).await?;
    if !decision.allowed || args.check {
        let exit = match decision.allowed {
            true => Exit::Ok,
            false => Exit::Refused,
        };
        let lines = render::decision(&decision);
        let complaint = "the bundle may not go there";
        return context.print(&Written::new(lines, &decision, exit, complaint));
    }
    for line in render::decision(&decision) {
        context.say(&line.text);
    }
    let from = before[0].clone();
    let source = brought.source(context)?;
    let session = context.reach(&source, &args.env).await?;
    let deploying = async {
        let ledger = args
            .how
            .carrying
            .records
            .open(&context.home(), &session.connection)?;
        let order = Order {
            source: &source,
            connection: &session.connection,
            ledger: &ledger,
            cause: Cause::Promotion { from },
            written: None,
            binding: None,
        };
        bring(context, &args.how, order).await
    };
    let exit = Box::pin(deploying).await;
    session.close().await;
    exit
}

/// The environments that the bundle must have passed in; it comes from the first one.
fn before(target: &Environment, from: Option<&str>) -> Result<Vec<String>, Failure> {
    let named = from.into_iter().chain(target.after.as_deref());
    let mut before: Vec<String> = Vec::new();
    for name in named {
        if !before.iter().any(|there| there == name) {
            before.push(name.to_owned());
        }
    }
    match before.is_empty() {
        false => Ok(before),
        true => Err(
            Failure::usage(format!("no environment comes before `{}`", target.name))
                .hint("name it by `after` in dataops.yaml, or by --from"),
        ),
    }
}

async fn decide(
    context: &Context,
    args: &Args,
    solution: &Solution,
    target: &Environment,
    before: &[String],
) -> Result<(Decision, Brought), Failure> {
    let mut chains = BTreeMap::new();
    let mut sessions = Vec::new();
    for name in before {
        let session = context.visit(solution, name).await?;
        let ledger = args
            .how
            .carrying
            .records
            .open(&context.home(), &session.connection)?;
        chains.insert(name.clone(), ledger::chain(&ledger).await?);
        sessions.push((session, ledger));
    }
    let wanted = match &args.bundle {
        Some(folder) => bundles::Wanted::Folder(folder.clone()),
        None => bundles::Wanted::Digest(deployed(&before[0], &chains)?),
    };
    let digest = wanted.digest()?;
    let tests = target.promote.tests.clone().unwrap_or_default();
    let promotion = Promotion {
        bundle: &digest,
        to: &target.name,
        after: before,
        tests: &tests,
        max_age: target.promote.max_age.map(Period::length),
        now: now(),
    };
    let decision = promotion.decide(&chains);
    let is_brought = decision.allowed && !args.check;
    let brought = match is_brought {
        true => wanted.bring(&sessions[0].1).await,
        false => Ok(Brought::Nothing),
    };
    for (session, _) in sessions {
        Session::close(session).await;
    }
    Ok((decision, brought?))
}

/// The bundle that was deployed last in an environment.
fn deployed(environment: &str, chains: &BTreeMap<String, Chain>) -> Result<String, Failure> {
    let last = chains
        .get(environment)
        .and_then(Chain::last_deployment)
        .map(|(_, deployment)| deployment.bundle.clone());
    let (text, hint) = match last {
        Some(Some(bundle)) => return Ok(bundle),
        Some(None) => (
            format!(
                "the last deployment of `{environment}` is that of a folder, and a promotion is that of a bundle"
            ),
            format!(
                "dataops build --out DIR, then dataops deploy --env {environment} --bundle DIR"
            ),
        ),
        None => (
            format!("nothing was deployed to `{environment}` yet"),
            format!("dataops deploy --env {environment} --bundle DIR"),
        ),
    };
    Err(Failure::new(Exit::Refused, text).hint(hint))
}
