//! `dataops promote`.

use std::path::PathBuf;

use dataops_ledger::{Cause, Chain, Decision, Terms, render};

use super::deploy::{How, Order, Task, bring};
use crate::bundles::{self, Absent, Brought};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::gate::{self, Asked, Standing};
use crate::in_force::{InForce, terms_of};
use crate::ledger;
use crate::planning::{self, Source};
use crate::process::unless_interrupted;
use crate::report::Written;

/// Bring the bundle that has passed in the environment before this one, if it has passed all that it must have passed there.
///
/// `after` in dataops.yaml names the environment before, `promote` the tests that the bundle must have passed there since it was
/// deployed, and how long ago that may be; what the bundle was built with counts too. The records of that environment decide; the same
/// bundle is deployed as `deploy` does it, once all of it is found as it was sealed.
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
    let named = args.bundle.as_deref();
    let named = named.map(|folder| planning::source(context, Some(folder)));
    let in_force = InForce::of_checkout(context, named.transpose()?.as_ref())?;
    let deciding = Box::pin(decide(context, &args, &in_force));
    let (decision, source) = unless_interrupted(context, deciding).await?;
    let (true, false, Some((_kept, source))) = (decision.allowed, args.check, source) else {
        let exit = match decision.allowed {
            true => Exit::Ok,
            false => Exit::Refused,
        };
        let mut lines = render::decision(&decision);
        for line in &mut lines {
            line.text = ledger::advised(context, &line.text);
        }
        let complaint = "the bundle may not go there";
        return context.print(&Written::new(lines, &decision, exit, complaint));
    };
    gate::tell(context, &decision);
    let session = context.reach(&source, &args.env).await?;
    let deploying = async {
        let connection = &session.connection;
        let wanted = (&args.how.carrying.records, &args.how.carrying.journal);
        let places = in_force.places(context, wanted, &args.env, connection)?;
        in_force.tell_of_others(context, &source, connection, &places);
        // The first condition is about the bundle, where it comes from.
        let from = decision.conditions.first();
        let from = from.map(|it| it.environment.clone()).unwrap_or_default();
        let order = Order {
            source: &source,
            connection,
            places: &places,
            cause: Cause::Promotion { from },
            standing: Standing {
                evidence: decision.evidence(),
                overridden: None,
            },
            task: Task::Bring,
        };
        bring(context, &args.how, order).await
    };
    let exit = Box::pin(deploying).await;
    session.close().await;
    exit
}

/// Whether the bundle may go there; and the bundle, as it was sealed.
async fn decide(
    context: &Context,
    args: &Args,
    in_force: &InForce,
) -> Result<(Decision, Option<(Brought, Source)>), Failure> {
    let from = Terms {
        after: args.from.iter().cloned().collect(),
        ..Terms::default()
    };
    let own = from.and(in_force.terms(context, &args.env)?);
    let Some(before) = own.after.first().cloned() else {
        return Err(
            Failure::usage(format!("no environment comes before `{}`", args.env))
                .hint("name it by `after` in dataops.yaml, or by --from"),
        );
    };
    let asked = |terms| Asked {
        in_force,
        records: &args.how.carrying.records,
        to: &args.env,
        terms,
    };
    let wanted = match &args.bundle {
        Some(folder) => bundles::Wanted::Folder(folder.clone()),
        None => {
            let chain = asked(&own).chain(context, &before).await?;
            bundles::Wanted::Digest(deployed(context, &chain)?)
        }
    };
    let digest = wanted.digest()?;
    match asked(&own).bring(context, wanted, &before).await? {
        Err(Absent(why)) => {
            let decision = asked(&own).decide(context, &digest).await?;
            Ok((decision.of_kept_bundle(&before, Err(why)), None))
        }
        Ok(brought) => {
            let source = brought.source(context)?;
            // Who takes conditions out of dataops.yaml has them in the bundle still.
            let terms = own
                .clone()
                .and(terms_of(context, &source.solution, &args.env)?);
            let decision = asked(&terms).decide(context, &digest).await?;
            let kept = match &brought {
                Brought::Back(_) => "kept there as it was sealed".to_owned(),
                Brought::Folder(folder) => format!("as it was sealed in {}", folder.display()),
            };
            let decision = decision.of_kept_bundle(&before, Ok(kept));
            Ok((decision, Some((brought, source))))
        }
    }
}

/// The bundle that was deployed last in an environment.
fn deployed(context: &Context, chain: &Chain) -> Result<String, Failure> {
    let environment = chain.environment();
    let last = chain
        .last_deployment()
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
    Err(Failure::new(Exit::Refused, text).hint(ledger::advised(context, &hint)))
}
