//! What a deployment of a part says of the state of the factory: what it was not about is as the one before has left it, whatever somebody
//! has made of it since.

use std::collections::BTreeSet;

use dataops_core::apply::{Applied, Status};
use dataops_core::ledger::Ledger;
use dataops_ledger::{Cause, State};
use dataops_plan::{Action, FactoryAddress, Live, Plan, ResourceKey};

use crate::failure::Failure;
use crate::ledger;

/// What a deployment is about that is not about everything.
pub(super) struct Part {
    about: BTreeSet<ResourceKey>,
    /// How the factory was before ids were bound: they are put into what is there, which need not be what was deployed.
    bound: Option<State>,
}

impl Part {
    /// That of a plan; nothing where it is about everything.
    pub(super) fn of(plan: &Plan, cause: &Cause, before: &Live) -> Option<Self> {
        if plan.options.is_whole() {
            return None;
        }
        let binds = *cause == Cause::Binding;
        let resources = plan.resources.iter().filter(|it| match binds {
            true => it.action.changes(),
            false => it.action != Action::Skip,
        });
        Some(Self {
            about: resources.map(|it| it.resource.clone()).collect(),
            bound: binds.then(|| State::of(before)),
        })
    }

    /// The state in which it leaves the factory, which is `now` so and was left by the deployment before as `earlier` says.
    pub(super) fn left(&self, now: State, earlier: &State, applied: &Applied) -> State {
        let skipped = applied.resources.iter();
        let skipped = skipped.filter(|it| it.status == Status::Skipped);
        let skipped: BTreeSet<_> = skipped.map(|it| &it.resource).collect();
        let digest =
            |state: &State, key: &ResourceKey| Some(state.resources.get(key)?.digest.clone());
        let was_ours = |key: &ResourceKey| {
            let before = self.bound.as_ref();
            before.is_none_or(|before| digest(before, key) == digest(earlier, key))
        };
        now.of_part(earlier, |key| {
            self.about.contains(key) && !skipped.contains(key) && was_ours(key)
        })
    }
}

/// The state in which the deployment before has left the factory, where one has told it.
pub(super) async fn earlier(
    ledger: &Ledger,
    factory: Option<&FactoryAddress>,
) -> Result<Option<State>, Failure> {
    let chain = ledger::chain(ledger).await?;
    let mut deployments = chain.deployments().rev();
    let last = deployments.find(|(_, it)| it.state.is_some());
    let here = last.filter(|(_, it)| it.factory.is_none() || it.factory.as_ref() == factory);
    match here.and_then(|(_, deployment)| deployment.state.as_ref()) {
        Some(digest) => {
            let state = ledger.state(digest).await;
            state.map(Some).map_err(ledger::failure)
        }
        None => Ok(None),
    }
}
