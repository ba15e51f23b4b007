//! A factory in memory that refuses what the service refuses, and a plan carried out on it step by step.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use adf_model::{Factory, Kind, Memory, ResourceId, references};
use dataops_plan::{Desired, Live, Plan, ResourceKey, TriggerStep};
use serde_json::{Value, json};

use crate::support::Documents;

/// What a memory does is done at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a memory does not wait"),
    }
}

/// A factory that refuses what the service refuses.
#[derive(Default)]
pub(crate) struct Service {
    memory: Memory,
    written: usize,
}

impl Service {
    pub(crate) fn with(documents: &Documents) -> Self {
        let mut service = Self::default();
        for (id, document) in documents {
            service.store(id, document.clone());
        }
        service
    }

    pub(crate) fn documents(&self) -> Documents {
        let kinds = Kind::ALL.into_iter();
        kinds
            .flat_map(|kind| now(self.memory.list(kind)).unwrap())
            .collect()
    }

    pub(crate) fn live(&self) -> Live {
        Live::new(Some(json!({"name": "adf-qa"})), self.documents())
    }

    pub(crate) fn get(&self, id: &ResourceId) -> Option<Value> {
        now(self.memory.get(id)).ok()
    }

    fn store(&mut self, id: &ResourceId, mut document: Value) {
        self.written += 1;
        document["etag"] = format!("etag-{}", self.written).into();
        now(self.memory.put(id, document)).unwrap();
    }

    fn is_started(&self, id: &ResourceId) -> bool {
        let trigger = self.get(id).filter(|_| id.kind == Kind::Trigger);
        trigger.is_some_and(|trigger| trigger["properties"]["runtimeState"] == "Started")
    }

    fn put(&mut self, id: &ResourceId, mut document: Value) {
        assert!(!self.is_started(id), "TriggerEnabledCannotUpdate: {id}");
        for reference in references(&document) {
            let target = &reference.target;
            assert!(
                target == id || self.get(target).is_some(),
                "{id}: invalid reference {target}"
            );
        }
        if let Some(network) = &id.parent {
            let network = ResourceId::new(Kind::ManagedVirtualNetwork, network);
            assert!(self.get(&network).is_some(), "{id}: no {network}");
        }
        if id.kind == Kind::Trigger {
            document["properties"]["runtimeState"] = "Stopped".into();
        }
        self.store(id, document);
    }

    fn delete(&mut self, id: &ResourceId) {
        assert!(self.get(id).is_some(), "{id} is not there");
        assert!(!self.is_started(id), "TriggerEnabledCannotUpdate: {id}");
        for (other, document) in self.documents() {
            let mut found = references(&document).into_iter();
            assert!(
                other == *id || found.all(|found| found.target != *id),
                "{id} is referenced by {other}"
            );
        }
        now(self.memory.delete(id)).unwrap();
    }

    fn act(&mut self, id: &ResourceId, step: TriggerStep) {
        let state = match step {
            TriggerStep::Start => "Started",
            TriggerStep::Stop => "Stopped",
            _ => return,
        };
        let mut trigger = self.get(id).unwrap();
        trigger["properties"]["runtimeState"] = state.into();
        self.store(id, trigger);
    }

    /// Does what a plan says. What may be done at once is done in the order that is the least likely to work by accident.
    pub(crate) fn carry_out(&mut self, plan: &Plan, desired: &Desired) {
        assert!(
            plan.is_applicable(),
            "{:?} {:?}",
            plan.problems,
            plan.findings
        );
        for wave in &plan.order.stop {
            self.all_steps(wave);
        }
        for round in plan.order.rounds() {
            self.delete_all(&round.remove);
            for key in round.put.iter().rev() {
                if round.anew.contains(key) {
                    self.delete(key.id());
                }
                let body = desired.get(key.id()).unwrap().body();
                self.put(key.id(), body);
            }
        }
        self.delete_all(&plan.order.delete);
        for wave in &plan.order.start {
            self.all_steps(wave);
        }
    }

    fn all_steps(&mut self, wave: &[dataops_plan::TriggerSteps]) {
        for steps in wave.iter().rev() {
            for step in &steps.steps {
                self.act(steps.trigger.id(), *step);
            }
        }
    }

    fn delete_all(&mut self, levels: &[Vec<ResourceKey>]) {
        for key in levels.iter().flat_map(|level| level.iter().rev()) {
            self.delete(key.id());
        }
    }
}
