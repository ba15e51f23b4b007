//! What is done while the lease is held, step by step.

use dataops_bundle::Bundle;
use dataops_core::apply::{Applied, Apply, ArmOrder, Interrupt, Keeper, Outcome};
use dataops_core::deployment::Prepared;
use dataops_core::ledger::{Holding, Ledger, Watch};
use dataops_core::workspace;
use dataops_plan::Plan;

use super::ready::{Ready, ready, rely_on};
use super::stays::Stays;
use super::{Brought, How, Order, Task, left, tried};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::journal;
use crate::ledger;
use crate::notebooks;
use crate::planning;
use crate::process::{gracefully, unless_interrupted};
use crate::recording::Story;
use crate::report::applied::Done;

/// A deployment while the lease is held.
pub(super) struct Work<'a> {
    pub(super) context: &'a Context,
    pub(super) how: &'a How,
    pub(super) order: &'a Order<'a>,
    pub(super) ledger: &'a Ledger,
    pub(super) keeper: &'a Keeper,
    pub(super) interrupt: &'a Interrupt,
    pub(super) watch: &'a Watch,
}

/// What comes after the preparation.
enum Next {
    /// The plan is carried out on the factory.
    Apply(Box<Begun>),
    /// Nothing else: it cannot be carried out, or was.
    End(Option<Box<Brought>>),
}

/// A deployment that comes to the factory.
struct Begun {
    ready: Ready,
    arm: Option<ArmOrder>,
    prepared: Prepared,
    workspace: Option<workspace::Applied>,
}

impl Work<'_> {
    /// Does it; nothing was brought when the plan cannot be carried out. What an earlier run has left stopped runs again, whatever comes
    /// of this one.
    pub(super) async fn deploy(&self, story: &mut Story) -> Result<Option<Brought>, Failure> {
        match Box::pin(self.prepare(story)).await {
            Ok(Next::Apply(begun)) => self.carry_out(*begun, story).await.map(Some),
            Ok(Next::End(brought)) => {
                Box::pin(left::put_back(self, None)).await;
                Ok(brought.map(|it| *it))
            }
            Err(failure) => {
                Box::pin(left::put_back(self, Some(&failure))).await;
                Err(failure)
            }
        }
    }

    /// Makes or verifies the plan, and brings what the factory relies on.
    async fn prepare(&self, story: &mut Story) -> Result<Next, Failure> {
        let Self {
            context,
            how,
            order,
            keeper,
            ..
        } = *self;
        let preparing = Box::pin(ready(context, how, order, keeper));
        let (mut ready, prepared) = self.unless_ended(preparing).await?;
        let live = std::mem::take(&mut ready.live);
        let live = planning::concealed(live, order.connection)?;
        story.planned((order.source, order.connection), &ready.plan, live);
        if !ready.plan.is_applicable() {
            planning::explain(context, &ready.plan, order.connection.environment());
            story.refused("the plan cannot be carried out");
            return Ok(Next::End(None));
        }
        if ready.is_done {
            if let Some(by) = self.brought_by().await? {
                context.say(&format!("the plan was carried out already, by record {by}"));
                story.stands();
                let brought = Brought::as_it_was(&ready.plan);
                return Ok(Next::End(Some(Box::new(brought))));
            }
            context.say("what the plan does is done already");
        }
        let sides = (&ready.plan, &ready.desired);
        let arm = how.carrying.method.order(context, order, sides, keeper)?;
        if let Some(arm) = &arm {
            story.by_arm(arm.name());
        }
        let is_removed = matches!(order.task, Task::Remove(_));
        if ready.plan.notebooks.is_some() && !is_removed {
            notebooks::tell_left_behind(context, self.ledger, order.connection).await?;
        }
        self.begin(&ready, story).await?;
        let bringing = Box::pin(rely_on(context, how, order, &ready, prepared));
        let (prepared, workspace) = self.unless_ended(bringing).await?;
        Ok(Next::Apply(Box::new(Begun {
            ready,
            arm,
            prepared,
            workspace,
        })))
    }

    /// Carries out the plan on the factory.
    async fn carry_out(&self, begun: Begun, story: &mut Story) -> Result<Brought, Failure> {
        let (context, ready) = (self.context, begun.ready);
        planning::caution(context, &ready.plan);
        let leaves = matches!(self.order.task, Task::Remove(_));
        match leaves {
            true => journal::tell_removed(context, ready.pending.as_ref()),
            false => journal::tell(context, ready.pending.as_ref()),
        }
        let stays = Stays::of(&ready.plan, self.how.wishes.undone(), self.order);
        let (factory, removed) = self.apply(ready, begun.arm, story).await?;
        Ok(Brought {
            prepared: begun.prepared,
            workspace: begun.workspace.or(removed),
            factory,
            done: if leaves {
                Done::Removed
            } else {
                Done::Deployed
            },
            stays,
            smoke: None,
            rollback: None,
        })
    }

    /// The record by which the very bundle stands there, with all that belongs to it.
    async fn brought_by(&self) -> Result<Option<u64>, Failure> {
        let chain = ledger::chain(self.ledger).await?;
        let last = chain.last_deployment();
        let by = last.filter(|(_, it)| it.is_good() && it.bundle == self.order.source.bundle);
        Ok(by.map(|(record, _)| record.number))
    }

    /// Makes sure, before anything is changed, that what has to be remembered can be, and remembers that it begins.
    async fn begin(&self, ready: &Ready, story: &mut Story) -> Result<(), Failure> {
        if !ready.plan.order.stop.is_empty() || ready.pending.is_some() {
            let tried = self.keeper.try_out().await;
            tried.map_err(|error| {
                journal::unusable(self.context, self.ledger.environment(), error)
                    .hint("nothing was changed: no trigger is stopped without a journal")
            })?;
        }
        if let (Some(bundle), Task::Bring | Task::Written(_) | Task::Bind(_)) =
            (&self.order.source.sealed, &self.order.task)
        {
            keep(self.context, self.ledger, bundle).await;
        }
        // Nobody goes back to a part.
        if self.order.source.sealed.is_none()
            && ready.plan.options.is_whole()
            && matches!(self.order.task, Task::Bring | Task::Written(_))
        {
            self.context.say(NOTHING_KEPT);
        }
        story.begun(self.context, self.ledger).await
    }

    async fn apply(
        &self,
        ready: Ready,
        arm: Option<ArmOrder>,
        story: &mut Story,
    ) -> Result<(Applied, Option<workspace::Applied>), Failure> {
        let Self {
            context,
            order,
            ledger,
            keeper,
            interrupt,
            ..
        } = *self;
        let connection = order.connection;
        let apply = Apply::new(connection, &ready.plan, &ready.desired, keeper)
            .by_arm(arm)
            .finishing(ready.pending)
            .within(self.how.carrying.limits())
            .until(interrupt.clone())
            .while_held(self.watch.clone());
        let progress = context.deploying();
        let tell = |event: dataops_core::apply::Event<'_>| progress.tell(event);
        let applying = async { apply.run(&tell).await.map_err(journal::failure) };
        let standing = format!(
            "the journal in {} tells which triggers to start; `dataops triggers restore --env {}` does it",
            keeper.place(),
            ledger.environment()
        );
        let standing = ledger::advised(context, &standing);
        let applied = gracefully(context, interrupt, &standing, Box::pin(applying)).await;
        drop(progress);
        let applied = match applied {
            Ok(applied) => applied,
            // It was told already what is left.
            Err(failure) if failure.exit == Exit::Interrupted => return Err(failure),
            Err(failure) => {
                Box::pin(left::put_back(self, Some(&failure))).await;
                return Err(failure);
            }
        };
        for warning in &applied.warnings {
            context.warn("warning", warning, None);
        }
        let removed = self.leave(&ready.plan, &applied).await;
        story.applied(context, ledger, connection, &applied).await;
        match removed {
            Ok(removed) => Ok((applied, removed)),
            Err(failure) => {
                story.failed(failure.summary());
                Err(failure)
            }
        }
    }

    /// Removes the notebooks of a solution that has left the factory.
    async fn leave(
        &self,
        plan: &Plan,
        applied: &Applied,
    ) -> Result<Option<workspace::Applied>, Failure> {
        if !matches!(self.order.task, Task::Remove(_)) || applied.outcome != Outcome::Done {
            return Ok(None);
        }
        let leaving =
            notebooks::leave(self.context, plan, self.order.source, self.order.connection);
        self.unless_ended(Box::pin(leaving)).await
    }

    /// Makes the smoke test that the environment asks for.
    pub(super) async fn smoke(
        &self,
        holding: &mut Holding,
        brought: &mut Brought,
    ) -> Result<(), Failure> {
        let Self {
            context,
            how,
            order,
            ledger,
            interrupt,
            ..
        } = *self;
        if !tried::is_due(how, order, brought) {
            return Ok(());
        }
        let smoking = Box::pin(tried::smoke(context, order, ledger, interrupt, brought));
        holding.during(smoking, |_| interrupt.raise()).await
    }

    /// Does something until it ends, a signal arrives, or the lease is lost.
    pub(super) async fn unless_ended<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let lost = || {
            Failure::new(
                Exit::Refused,
                "somebody else may deploy now; the factory was not changed",
            )
        };
        if self.watch.lost().await.is_some() {
            return Err(lost());
        }
        tokio::select! {
            ended = unless_interrupted(self.context, work) => ended,
            () = self.interrupt.raised() => Err(lost()),
        }
    }
}

/// What is said of a folder that is deployed.
const NOTHING_KEPT: &str = "note: nothing is kept of a folder for `dataops rollback` to go back to; `dataops build --out DIR`, then \
                            `dataops deploy --bundle DIR`, keeps what is deployed";

/// Keeps a bundle beside the records, so that a rollback finds it.
async fn keep(context: &Context, ledger: &Ledger, bundle: &Bundle) {
    if let Err(error) = ledger.keep_bundle(bundle).await {
        let text = format!("the bundle is not kept beside the records: {error}");
        let hint = "keep its folder: `dataops rollback --bundle DIR` needs it";
        context.warn("warning", &text, Some(hint));
    }
}
