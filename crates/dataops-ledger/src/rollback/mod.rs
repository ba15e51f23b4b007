//! What an environment can go back to.

mod reference;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use dataops_plan::{ResourceKey, TriggerState};
use serde::Serialize;

pub use reference::{RecordRef, RecordRefError};

use crate::SMOKE;
use crate::chain::Chain;
use crate::record::{Cause, Created, Outcome, Record, Test, TestOutcome};

/// A record that an environment can go back to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WayBack {
    /// The number of the record.
    pub record: u64,
    /// The digest of its bundle.
    pub bundle: String,
    /// The digest of the bundle of the last deployment, whatever came of it.
    pub from: Option<String>,
    /// What the deployments since that record have created, or were about to.
    pub created: Created,
    /// The triggers that ran when they were last seen, in that record or since, and that a deployment has removed: where one comes back, it
    /// runs again.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ran: BTreeSet<ResourceKey>,
    /// What speaks against its bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

impl WayBack {
    /// Why the deployment that goes back is done.
    #[must_use]
    pub fn cause(&self) -> Cause {
        Cause::Rollback {
            to: self.record,
            from: self.from.clone(),
        }
    }
}

/// What speaks against a bundle that was deployed with success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Doubt {
    /// Its last smoke test failed: the number of that test's record.
    SmokeFailed(u64),
    /// Its smoke test was due after its last deployment and never ended, as one that is killed or interrupted: the number of the deployment's record.
    SmokeNeverEnded(u64),
}

/// Why there is nothing to go back to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoWayBack {
    /// Nothing was deployed yet.
    #[error("nothing was deployed to `{0}` yet")]
    NoDeployment(String),
    /// No other bundle was ever deployed with success.
    #[error("no bundle but the present one was ever deployed to `{0}` with success")]
    NothingElse(String),
    /// No other bundle was ever deployed with success, and a folder was, of which nothing is kept.
    #[error(
        "`{0}` was deployed to from a folder, of which nothing is kept to go back to, and no other bundle was ever deployed there with success"
    )]
    FromFolder(String),
    /// Every other bundle that was deployed with success failed its smoke test, or nobody knows what came of that.
    #[error(
        "of the bundles that were deployed to `{environment}` before with success, none but those are left {}",
        in_words(.failed, .never_ended)
    )]
    Doubtful {
        /// The environment's name.
        environment: String,
        /// The numbers of the records of the deployments of those that failed it, the last one first.
        failed: Vec<u64>,
        /// The same of those whose smoke test was due and never ended.
        never_ended: Vec<u64>,
    },
    /// There is no such record.
    #[error(
        "`{environment}` has no {wanted}; its records are those of `dataops audit --env {environment}`"
    )]
    NoSuch {
        /// The environment's name.
        environment: String,
        /// What was asked for.
        wanted: String,
    },
    /// It is a record of something that nobody can go back to.
    #[error("record {number} of `{environment}` cannot be gone back to: {reason}")]
    NotGood {
        /// The environment's name.
        environment: String,
        /// The record's number.
        number: u64,
        /// Why.
        reason: String,
    },
}

/// What an environment can go back to: the named record, or the last good deployment of another bundle than the present one, leaving
/// out bundles that somebody has gone back from, those whose last smoke test failed, and those whose last deployment had one to follow that
/// never ended.
///
/// # Errors
///
/// When there is none.
pub fn way_back(chain: &Chain, to: Option<&RecordRef>) -> Result<WayBack, NoWayBack> {
    let environment = || chain.environment().to_owned();
    let (_, last) = chain
        .last_deployment()
        .ok_or_else(|| NoWayBack::NoDeployment(environment()))?;
    let found = match to {
        Some(wanted) => named(chain, wanted)?,
        None => before(chain)?,
    };
    let (record, bundle) = found;
    Ok(WayBack {
        record: record.number,
        bundle: bundle.to_owned(),
        from: last.bundle.clone(),
        created: created_since(chain, record.number),
        ran: ran_since(chain, record.number),
        doubt: doubt(chain, bundle),
    })
}

fn in_words(failed: &[u64], never_ended: &[u64]) -> String {
    let doubts = [
        ("that failed their smoke test", failed),
        ("whose smoke test was due and never ended", never_ended),
    ];
    let doubts = doubts
        .into_iter()
        .filter(|(_, records)| !records.is_empty());
    let words = doubts.map(|(doubt, records)| {
        let records = records.iter().map(|number| format!("record {number}"));
        format!("{doubt}: {}", records.collect::<Vec<_>>().join(", "))
    });
    words.collect::<Vec<_>>().join("; or ")
}

fn created_since(chain: &Chain, number: u64) -> Created {
    let since = chain.deployments().rev();
    let since = since.take_while(|(record, _)| record.number > number);
    since.map(|(_, deployment)| &deployment.created).collect()
}

/// The triggers that ran and that a deployment has removed since. One that somebody has removed by hand was stopped by hand before, and
/// no record tells of that; what one that was killed has removed, none tells either.
fn ran_since(chain: &Chain, number: u64) -> BTreeSet<ResourceKey> {
    let since = chain.deployments();
    let since = since.filter(|(record, _)| record.number >= number);
    let mut running = BTreeMap::new();
    for (_, deployment) in since {
        if deployment.outcome == Outcome::Begun {
            running.values_mut().for_each(|is_gone| *is_gone = true);
        }
        for (trigger, left) in &deployment.triggers {
            let is_gone = left.observed.unwrap_or(left.desired) == TriggerState::Absent;
            match left.last() {
                Some(TriggerState::Started) => _ = running.insert(trigger, is_gone),
                Some(_) => _ = running.remove(trigger),
                None => {
                    if let Some(gone) = running.get_mut(trigger) {
                        *gone |= is_gone;
                    }
                }
            }
        }
    }
    let gone = running.into_iter().filter(|(_, is_gone)| *is_gone);
    gone.map(|(trigger, _)| trigger.clone()).collect()
}

fn named<'c>(chain: &'c Chain, wanted: &RecordRef) -> Result<(&'c Record, &'c str), NoWayBack> {
    let record = match wanted {
        RecordRef::Number(number) => chain.record(*number),
        RecordRef::Bundle(digest) => {
            let mut good = chain.deployments().rev();
            let found = good.find(|(record, deployment)| {
                deployment.is_good()
                    && record
                        .bundle()
                        .is_some_and(|bundle| bundle.starts_with(digest))
            });
            found.map(|(record, _)| record)
        }
    };
    let record = record.ok_or_else(|| NoWayBack::NoSuch {
        environment: chain.environment().to_owned(),
        wanted: wanted.to_string(),
    })?;
    good(record).map_err(|reason| NoWayBack::NotGood {
        environment: chain.environment().to_owned(),
        number: record.number,
        reason: reason.to_owned(),
    })
}

/// A record of a good deployment and its bundle, or why it is none.
fn good(record: &Record) -> Result<(&Record, &str), &'static str> {
    let deployment = record.deployment().ok_or("it is that of a test")?;
    match deployment.outcome {
        Outcome::NotBegun => return Err("that deployment was never begun"),
        Outcome::Begun => return Err("it tells only that a deployment has begun"),
        _ => {}
    }
    if deployment.cause == Cause::Removal {
        return Err("it removed what was deployed");
    }
    if !deployment.is_whole() {
        return Err("it deployed a part only");
    }
    if !deployment.is_good() {
        return Err("that deployment did not succeed");
    }
    let bundle = deployment.bundle.as_deref();
    Ok((
        record,
        bundle.ok_or("it deployed a folder, of which nothing is kept")?,
    ))
}

fn before(chain: &Chain) -> Result<(&Record, &str), NoWayBack> {
    let environment = || chain.environment().to_owned();
    let mut left: BTreeSet<Option<&str>> = BTreeSet::new();
    let (mut failed, mut never_ended) = (Vec::new(), Vec::new());
    if let Some((_, last)) = chain.last_deployment() {
        left.insert(last.bundle.as_deref());
    }
    for (record, deployment) in chain.deployments().rev() {
        if let Ok((record, bundle)) = good(record)
            && !left.contains(&Some(bundle))
        {
            match doubt(chain, bundle) {
                None => return Ok((record, bundle)),
                Some(Doubt::SmokeFailed(_)) => failed.push(record.number),
                Some(Doubt::SmokeNeverEnded(_)) => never_ended.push(record.number),
            }
            left.insert(Some(bundle));
        }
        if let Cause::Rollback { from, .. } = &deployment.cause {
            left.insert(from.as_deref());
        }
        if deployment.outcome == Outcome::RolledBack {
            left.insert(record.bundle());
        }
    }
    if !failed.is_empty() || !never_ended.is_empty() {
        return Err(NoWayBack::Doubtful {
            environment: environment(),
            failed,
            never_ended,
        });
    }
    let is_of_folder = chain
        .deployments()
        .any(|(_, it)| it.is_good() && it.cause != Cause::Binding && it.bundle.is_none());
    Err(match is_of_folder {
        true => NoWayBack::FromFolder(environment()),
        false => NoWayBack::NothingElse(environment()),
    })
}

/// What speaks against a bundle: its last deployment that was to be tried was not, or its last smoke test that could be told has failed.
///
/// It is asked of the bundle and not of the deployment, for what is gone back to is not tried again. A bundle that was never to be tried is
/// not known to be broken, nor is one whose test could not be told. A test that was broken off has not ended: CI systems end a run so.
fn doubt(chain: &Chain, bundle: &str) -> Option<Doubt> {
    let tests = || {
        let tests = chain.tests().rev();
        tests.filter(|(_, test)| {
            test.name == SMOKE && test.bundle.as_deref() == Some(bundle) && is_of_all(chain, test)
        })
    };
    let mut begun = chain.deployments().rev().filter(|(record, deployment)| {
        deployment.smoke_follows
            && deployment.is_good()
            && deployment.cause != Cause::Binding
            && record.bundle() == Some(bundle)
    });
    if let Some((due, _)) = begun.next() {
        let mut since = tests().take_while(|(record, _)| record.number > due.number);
        if since.all(|(_, test)| test.was_interrupted()) {
            return Some(Doubt::SmokeNeverEnded(due.number));
        }
    }
    let mut told = tests().filter(|(_, test)| test.outcome != TestOutcome::Error);
    let (record, last) = told.next()?;
    (last.outcome == TestOutcome::Failed).then_some(Doubt::SmokeFailed(record.number))
}

/// Whether a test is about all that a bundle holds, and not about a part of it, or ids that were handed over, beside another bundle.
fn is_of_all(chain: &Chain, test: &Test) -> bool {
    let about = test.deployment.and_then(|number| chain.record(number));
    about
        .and_then(Record::deployment)
        .is_none_or(|deployment| deployment.is_good() && deployment.cause != Cause::Binding)
}
