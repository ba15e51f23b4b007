//! Whether a plan made now is what is left of an earlier one, which a run that was killed has begun.

use adf_model::Kind;

use crate::key::ResourceKey;
use crate::live::Live;
use crate::notebooks::{NotebookAction, NotebookPlan, ObjectPlan};
use crate::plan::{Action, Because, Plan, ResourcePlan, TriggerState};
use crate::verify::{Moved, MovedHow};

impl Plan {
    /// Whether `rest`, a plan made now of the same source, does nothing but what is left of this one: all that moved since is as this
    /// one leaves it, and all that is done this one does to the same versions.
    #[must_use]
    pub fn has_left(&self, rest: &Self, live: &Live) -> bool {
        let moved = self.verify(live);
        let done = moved.iter().all(|moved| self.has_brought(moved, rest));
        let mut open = rest.resources.iter().filter(|it| it.action.changes());
        done && open.all(|open| self.does(open))
            && self.verify_triggers(rest).is_empty()
            && self.has_left_beside(rest)
    }

    /// The triggers that would run afterwards by `again`, a plan made now, and do not by this one, or the other way round: the
    /// environment has another policy.
    #[must_use]
    pub fn verify_triggers(&self, again: &Self) -> Vec<Moved> {
        let moved = again.triggers.iter().filter_map(|now| {
            let planned = self.after(&now.trigger);
            let planned = planned.unwrap_or(now.before);
            (planned != now.after).then(|| Moved {
                resource: now.trigger.clone(),
                how: MovedHow::Policy {
                    planned,
                    wanted: now.after,
                },
            })
        });
        moved.collect()
    }

    fn after(&self, trigger: &ResourceKey) -> Option<TriggerState> {
        let mut plans = self.triggers.iter();
        let plan = plans.find(|plan| plan.trigger == *trigger);
        plan.map(|plan| plan.after)
    }

    fn stops(&self, trigger: &ResourceKey) -> bool {
        let mut stopped = self.order.stop.iter().flatten();
        stopped.any(|each| each.trigger == *trigger)
    }

    /// Whether something that moved is as this plan leaves it.
    fn has_brought(&self, moved: &Moved, rest: &Self) -> bool {
        let key = &moved.resource;
        let Some(planned) = self.resource(key) else {
            return false;
        };
        let is_there = || rest.resource(key).is_some_and(is_as_desired);
        match moved.how {
            MovedHow::Disappeared => planned.action.deletes(),
            MovedHow::State { is, .. } => self.after(key) == Some(is),
            // To stop a trigger is to write it.
            MovedHow::Rewritten if self.stops(key) => true,
            MovedHow::Appeared | MovedHow::Changed | MovedHow::Rewritten => {
                planned.action.puts() && is_there()
            }
            MovedHow::Policy { .. } | MovedHow::Source => false,
        }
    }

    /// Whether this plan does what another does with a resource.
    fn does(&self, open: &ResourcePlan) -> bool {
        let Some(planned) = self.resource(&open.resource) else {
            return false;
        };
        match (planned.action, open.action) {
            // It is deleted already.
            (Action::Replace, Action::Create) => open.live.is_none(),
            (Action::Create | Action::Replace | Action::Update, Action::Update)
                if is_as_desired(open) =>
            {
                true
            }
            (planned_action, action) => planned_action == action && planned.live == open.live,
        }
    }

    fn has_left_beside(&self, rest: &Self) -> bool {
        let none = NotebookPlan::default();
        let planned = self.notebooks.as_ref().unwrap_or(&none);
        let now = rest.notebooks.as_ref().unwrap_or(&none);
        let cluster = rest.cluster.as_ref().filter(|it| it.has_work());
        planned.has_left(now) && (cluster.is_none() || rest.cluster == self.cluster)
    }
}

/// Whether a resource is as it ought to be, but for secrets that cannot be compared.
fn is_as_desired(now: &ResourcePlan) -> bool {
    match now.action {
        Action::Unchanged => true,
        // An existing factory is never put again.
        Action::Skip => now.resource.kind == Kind::Factory,
        Action::Update => now.because == Because::SecretsAsked && now.changes.is_empty(),
        _ => false,
    }
}

impl NotebookPlan {
    /// The same of notebooks and files.
    fn has_left(&self, rest: &Self) -> bool {
        let planned = |path: &str| self.objects.iter().find(|it| it.path == path);
        let now = |path: &str| rest.objects.iter().find(|it| it.path == path);
        let brought = self.moved_since(rest).iter().all(|moved| {
            let (planned, now) = (planned(&moved.path), now(&moved.path));
            match (planned.map(|it| it.action), now.map(|it| it.action)) {
                (_, Some(NotebookAction::Unchanged)) => moved.how != MovedHow::Source,
                (Some(NotebookAction::Delete), None) => true,
                // It is deleted, and not imported yet.
                (Some(NotebookAction::Replace), Some(NotebookAction::Create)) => true,
                _ => false,
            }
        });
        let idle = [NotebookAction::Unchanged, NotebookAction::Skip];
        let mut open = rest.objects.iter().filter(|it| !idle.contains(&it.action));
        brought && open.all(|open| planned(&open.path).is_some_and(|it| does(it, open)))
    }
}

fn does(planned: &ObjectPlan, open: &ObjectPlan) -> bool {
    let is_same = planned.action == open.action && planned.live == open.live;
    let is_deleted = (planned.action, open.action)
        == (NotebookAction::Replace, NotebookAction::Create)
        && open.live.is_none();
    is_same || is_deleted
}
