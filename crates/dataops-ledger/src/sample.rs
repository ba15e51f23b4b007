//! Environments with records, for tests.

use std::collections::BTreeMap;
use std::time::Duration;

use dataops_plan::TriggerState;

use crate::chain::{Append, Chain, Keys};
use crate::record::{
    Cause, Counts, Created, Deployment, Did, Entry, Outcome, Record, Test, TestOutcome, TriggerLeft,
};
use crate::store::memory::Memory;
use crate::time::Time;
use crate::who::{Source, Who};

/// The environment `qa` of tests: an hour lies between two records.
pub(crate) struct Environment {
    pub(crate) name: String,
    pub(crate) store: Memory,
    records: Vec<Record>,
}

/// 2026-11-01, and so many hours.
pub(crate) fn hour(hours: u64) -> Time {
    let start: Time = "2026-11-01".parse().unwrap();
    start.plus(Duration::from_secs(hours * 3_600))
}

pub(crate) fn deployment(bundle: &str, at: Time, outcome: Outcome) -> Deployment {
    Deployment {
        began: at,
        cause: Cause::Deploy,
        outcome,
        reason: None,
        // What failed has begun, unless somebody takes this away.
        finishes: (outcome == Outcome::Failed).then_some(0),
        evidence: Vec::new(),
        overridden: None,
        factory: None,
        source: Source::default().with_commit("0123456789abcdef", false),
        bundle: Some(bundle.to_owned()),
        plan: None,
        only: Vec::new(),
        except: Vec::new(),
        leaves_notebooks: false,
        consents: Vec::new(),
        planned: Counts {
            update: 2,
            unchanged: 40,
            ..Counts::default()
        },
        created: Created::default(),
        triggers: BTreeMap::new(),
        arm: None,
        state: None,
        smoke_follows: false,
    }
}

pub(crate) fn entry(environment: &str, at: Time, did: Did) -> Entry {
    let who = Who {
        name: "ada".to_owned(),
        ..Who::default()
    };
    Entry {
        environment: environment.to_owned(),
        at,
        who,
        tool: "0.1.0".to_owned(),
        did,
    }
}

impl Environment {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            store: Memory::default(),
            records: Vec::new(),
        }
    }

    pub(crate) fn keys(&self) -> Keys {
        Keys::new(&*self.name)
    }

    fn next(&self) -> Time {
        hour(self.records.len() as u64 + 1)
    }

    pub(crate) fn write(&mut self, did: Did) -> &mut Self {
        let entry = entry(&self.name, self.next(), did);
        let record = self.store.run(Append::new(self.keys(), entry)).unwrap();
        self.records.push(record);
        self
    }

    pub(crate) fn deploy(&mut self, bundle: &str) -> &mut Self {
        self.deploy_ending(bundle, Outcome::Deployed)
    }

    /// A deployment that creates these.
    pub(crate) fn create(
        &mut self,
        bundle: &str,
        outcome: Outcome,
        resources: &[&str],
    ) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), outcome);
        let resources = resources.iter().map(|key| key.parse().unwrap());
        deployment.created.resources = resources.collect();
        deployment.created.notebooks.insert(format!("/{bundle}"));
        self.write(Did::Deployment(Box::new(deployment)))
    }

    /// A deployment that leaves triggers in these states: the observed one, and the one before.
    pub(crate) fn leave(
        &mut self,
        bundle: &str,
        triggers: &[(&str, TriggerState, Option<TriggerState>)],
    ) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), Outcome::Deployed);
        let triggers = triggers.iter().map(|(trigger, observed, before)| {
            let left = TriggerLeft {
                desired: *observed,
                observed: Some(*observed),
                before: *before,
            };
            (trigger.parse().unwrap(), left)
        });
        deployment.triggers = triggers.collect();
        self.write(Did::Deployment(Box::new(deployment)))
    }

    pub(crate) fn deploy_ending(&mut self, bundle: &str, outcome: Outcome) -> &mut Self {
        let deployment = deployment(bundle, self.next(), outcome);
        self.write(Did::Deployment(Box::new(deployment)))
    }

    /// An attempt that ends before it changes anything, for some reason that has nothing to do with the bundle that is there.
    pub(crate) fn refuse(&mut self, bundle: Option<&str>, cause: Cause) -> &mut Self {
        let mut deployment = deployment("", self.next(), Outcome::Failed);
        deployment.bundle = bundle.map(str::to_owned);
        deployment.cause = cause;
        deployment.finishes = None;
        self.write(Did::Deployment(Box::new(deployment)))
    }

    /// A deployment that leaves a record when it begins, and ends in this way; it is killed where it does not.
    pub(crate) fn begin(&mut self, bundle: &str, ends: Option<Outcome>) -> &mut Self {
        self.deploy_ending(bundle, Outcome::Begun);
        let Some(outcome) = ends else { return self };
        let begun = self.records.last().map(|record| record.number);
        let mut deployment = deployment(bundle, self.next(), outcome);
        deployment.finishes = begun;
        self.write(Did::Deployment(Box::new(deployment)))
    }

    /// A deployment that a smoke test is to follow.
    pub(crate) fn deploy_to_try(&mut self, bundle: &str) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), Outcome::Deployed);
        deployment.smoke_follows = true;
        self.write(Did::Deployment(Box::new(deployment)))
    }

    pub(crate) fn deploy_only(&mut self, bundle: &str, only: &str) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), Outcome::Deployed);
        deployment.only = vec![only.to_owned()];
        self.write(Did::Deployment(Box::new(deployment)))
    }

    pub(crate) fn deploy_without_notebooks(&mut self, bundle: &str) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), Outcome::Deployed);
        deployment.leaves_notebooks = true;
        self.write(Did::Deployment(Box::new(deployment)))
    }

    pub(crate) fn go_back(&mut self, bundle: &str, to: u64, from: &str) -> &mut Self {
        let mut deployment = deployment(bundle, self.next(), Outcome::Deployed);
        let from = Some(from.to_owned());
        deployment.cause = Cause::Rollback { to, from };
        self.write(Did::Deployment(Box::new(deployment)))
    }

    pub(crate) fn test(&mut self, name: &str) -> &mut Self {
        self.test_ending(name, TestOutcome::Passed)
    }

    pub(crate) fn test_ending(&mut self, name: &str, outcome: TestOutcome) -> &mut Self {
        self.test_told(name, outcome, |_| {})
    }

    /// A test of what was deployed last, with what else is told of it.
    pub(crate) fn test_told(
        &mut self,
        name: &str,
        outcome: TestOutcome,
        tell: impl FnOnce(&mut Test),
    ) -> &mut Self {
        let chain = self.chain();
        let last = chain.last_deployment().map(|(record, _)| record);
        let mut test = Test {
            name: name.to_owned(),
            began: self.next(),
            outcome,
            interrupted: false,
            reason: None,
            deployment: last.map(|record| record.number),
            bundle: last.and_then(|record| record.bundle().map(str::to_owned)),
            run_id: None,
            cases: Vec::new(),
        };
        tell(&mut test);
        self.write(Did::Test(test))
    }

    pub(crate) fn chain(&self) -> Chain {
        read(&self.name, &self.store)
    }
}

/// The chain of an environment in a store.
pub(crate) fn read(environment: &str, store: &Memory) -> Chain {
    let keys = Keys::new(environment);
    let files = store
        .documents
        .iter()
        .map(|(key, (bytes, _))| (key.clone(), bytes.clone()));
    let head = store
        .documents
        .get(&keys.head())
        .map(|(bytes, _)| bytes.as_slice());
    Chain::read(environment, &keys, files, head)
}
