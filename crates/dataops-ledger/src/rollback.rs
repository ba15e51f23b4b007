//! What an environment can go back to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use dataops_plan::{ResourceKey, TriggerState};
use serde::Serialize;

use crate::SMOKE;
use crate::chain::Chain;
use crate::record::{Cause, Created, Outcome, Record, Test, TestOutcome};

/// How people name a record: by its number, or by the first digits of the bundle that it deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordRef {
    /// The record with this number.
    Number(u64),
    /// The last good deployment of the bundle whose digest begins so.
    Bundle(String),
}

/// A text that names no record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no record; expected its number, or `sha256:` and at least six digits of the bundle's digest"
)]
pub struct RecordRefError(String);

impl FromStr for RecordRef {
    type Err = RecordRefError;

    fn from_str(text: &str) -> Result<Self, RecordRefError> {
        if let Ok(number) = text.trim_start_matches('#').parse() {
            return Ok(Self::Number(number));
        }
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let is_digest =
            (6..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match is_digest {
            true => Ok(Self::Bundle(format!(
                "sha256:{}",
                digits.to_ascii_lowercase()
            ))),
            false => Err(RecordRefError(text.to_owned())),
        }
    }
}

impl fmt::Display for RecordRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "record {number}"),
            Self::Bundle(digest) => write!(out, "bundle {digest}"),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Did, INTERRUPTED};
    use crate::sample::{Environment, deployment, hour};

    fn to(chain: &Chain, wanted: Option<&str>) -> Result<(u64, String), String> {
        let wanted = wanted.map(|text| text.parse().unwrap());
        let found = way_back(chain, wanted.as_ref()).map_err(|error| error.to_string())?;
        Ok((found.record, found.bundle))
    }

    #[test]
    fn the_last_good_deployment_of_another_bundle_is_gone_back_to() {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa")
            .deploy("sha256:bbbbbbbb")
            .test("contract")
            .deploy("sha256:bbbbbbbb");
        assert_eq!(to(&qa.chain(), None), Ok((1, "sha256:aaaaaaaa".to_owned())));

        qa.deploy_ending("sha256:cccccccc", Outcome::Failed);
        assert_eq!(to(&qa.chain(), None), Ok((4, "sha256:bbbbbbbb".to_owned())));
    }

    #[test]
    fn what_was_created_since_is_known_also_of_what_failed_or_was_killed() {
        let mut qa = Environment::new("qa");
        qa.create("sha256:aaaaaaaa", Outcome::Deployed, &["pipeline.first"])
            .create("sha256:bbbbbbbb", Outcome::Failed, &["trigger.New"])
            .create("sha256:bbbbbbbb", Outcome::NotBegun, &["pipeline.none"])
            .test("contract")
            .create("sha256:bbbbbbbb", Outcome::Begun, &["pipeline.new"]);

        let way = way_back(&qa.chain(), None).unwrap();

        assert_eq!(way.record, 1);
        let created = way.created.resources.iter().map(ToString::to_string);
        assert_eq!(created.collect::<Vec<_>>(), ["pipeline.new", "trigger.New"]);
        assert_eq!(
            way.created.notebooks.into_iter().collect::<Vec<_>>(),
            ["/sha256:bbbbbbbb"]
        );
    }

    #[test]
    fn the_triggers_are_known_that_ran_when_they_were_last_seen() {
        use TriggerState::{Absent, Started, Stopped};
        let mut qa = Environment::new("qa");
        let first = [
            ("trigger.gone", Started, None),
            ("trigger.halted", Started, None),
            ("trigger.idle", Stopped, None),
            ("trigger.old", Started, None),
            ("trigger.put-off", Started, None),
        ];
        let second = [("trigger.halted", Stopped, None)];
        let third = [
            ("trigger.gone", Absent, Some(Started)),
            ("trigger.halted", Absent, None),
            ("trigger.idle", Absent, Some(Stopped)),
            // As it was written before `before` was.
            ("trigger.old", Absent, None),
            ("trigger.put-off", Absent, Some(Stopped)),
        ];
        qa.leave("sha256:aaaaaaaa", &[("trigger.earlier", Started, None)])
            .leave("sha256:bbbbbbbb", &first)
            .leave("sha256:bbbbbbbb", &second)
            .leave("sha256:cccccccc", &third);

        let way = way_back(&qa.chain(), Some(&RecordRef::Number(2))).unwrap();

        let ran = way.ran.iter().map(ToString::to_string);
        assert_eq!(ran.collect::<Vec<_>>(), ["trigger.gone", "trigger.old"]);
    }

    #[test]
    fn a_trigger_that_no_deployment_has_removed_does_not_run_again() {
        use TriggerState::{Absent, Started};
        let ran = |qa: &Environment| {
            let way = way_back(&qa.chain(), Some(&RecordRef::Number(1))).unwrap();
            let ran = way.ran.iter().map(ToString::to_string);
            ran.collect::<Vec<_>>()
        };
        let mut qa = Environment::new("qa");
        let first = [
            ("trigger.by-hand", Started, None),
            ("trigger.killed", Started, None),
        ];
        qa.leave("sha256:aaaaaaaa", &first).leave(
            "sha256:bbbbbbbb",
            &[("trigger.other", Absent, Some(Started))],
        );
        assert_eq!(ran(&qa), ["trigger.other"]);

        qa.begin("sha256:cccccccc", None);
        assert_eq!(
            ran(&qa),
            ["trigger.by-hand", "trigger.killed", "trigger.other"]
        );
    }

    #[test]
    fn a_deployment_that_was_killed_is_gone_back_from() {
        let mut qa = Environment::new("qa");
        qa.begin("sha256:aaaaaaaa", Some(Outcome::Deployed))
            .begin("sha256:bbbbbbbb", None);
        let chain = qa.chain();

        assert_eq!(to(&chain, None), Ok((2, "sha256:aaaaaaaa".to_owned())));
        assert_eq!(
            to(&chain, Some("1")).unwrap_err(),
            "record 1 of `qa` cannot be gone back to: it tells only that a deployment has begun"
        );
        assert_eq!(chain.unfinished().count(), 1);
    }

    #[test]
    fn what_was_never_begun_is_neither_gone_back_from_nor_to() {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa").deploy("sha256:bbbbbbbb");
        qa.deploy_ending("sha256:cccccccc", Outcome::NotBegun);
        let chain = qa.chain();

        assert_eq!(to(&chain, None), Ok((1, "sha256:aaaaaaaa".to_owned())));
        assert_eq!(
            to(&chain, Some("3")).unwrap_err(),
            "record 3 of `qa` cannot be gone back to: that deployment was never begun"
        );
    }

    #[test]
    fn nobody_goes_back_to_what_was_gone_back_from() {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa")
            .deploy("sha256:bbbbbbbb")
            .deploy("sha256:cccccccc");
        qa.go_back("sha256:bbbbbbbb", 2, "sha256:cccccccc");

        assert_eq!(to(&qa.chain(), None), Ok((1, "sha256:aaaaaaaa".to_owned())));
    }

    /// One that passed its smoke test, one that failed it and stayed, and one that failed it.
    fn with_a_broken_one_between() -> Environment {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa")
            .test(SMOKE)
            .deploy("sha256:bbbbbbbb")
            .test_ending(SMOKE, TestOutcome::Failed)
            .deploy("sha256:cccccccc")
            .test_ending(SMOKE, TestOutcome::Failed);
        qa
    }

    #[test]
    fn what_failed_its_smoke_test_is_passed_over_however_often() {
        let mut qa = with_a_broken_one_between();
        assert_eq!(to(&qa.chain(), None), Ok((1, "sha256:aaaaaaaa".to_owned())));

        qa.go_back("sha256:aaaaaaaa", 1, "sha256:cccccccc");
        assert_eq!(
            to(&qa.chain(), None).unwrap_err(),
            "of the bundles that were deployed to `qa` before with success, none but those are left that failed their smoke test: \
             record 3"
        );

        qa.deploy("sha256:dddddddd")
            .test_ending(SMOKE, TestOutcome::Failed);
        assert_eq!(to(&qa.chain(), None), Ok((7, "sha256:aaaaaaaa".to_owned())));
    }

    #[test]
    fn what_failed_its_smoke_test_is_gone_back_to_where_somebody_says_so() {
        let chain = with_a_broken_one_between().chain();

        let doubt = |wanted: &str| {
            let way = way_back(&chain, Some(&wanted.parse().unwrap())).unwrap();
            (way.record, way.doubt)
        };
        assert_eq!(doubt("3"), (3, Some(Doubt::SmokeFailed(4))));
        assert_eq!(doubt("bbbbbbbb"), (3, Some(Doubt::SmokeFailed(4))));
        assert_eq!(doubt("1"), (1, None));
    }

    #[test]
    fn what_was_killed_during_its_smoke_test_is_passed_over_until_one_ends() {
        let mut qa = Environment::new("qa");
        qa.deploy_to_try("sha256:aaaaaaaa")
            .test(SMOKE)
            .deploy_to_try("sha256:bbbbbbbb")
            .deploy_to_try("sha256:cccccccc")
            .test_ending(SMOKE, TestOutcome::Failed)
            .deploy("sha256:dddddddd");
        let chain = qa.chain();
        assert_eq!(to(&chain, None), Ok((1, "sha256:aaaaaaaa".to_owned())));
        let named = way_back(&chain, Some(&RecordRef::Number(3))).unwrap();
        assert_eq!(named.doubt, Some(Doubt::SmokeNeverEnded(3)));

        qa.go_back("sha256:aaaaaaaa", 1, "sha256:dddddddd");
        assert_eq!(
            to(&qa.chain(), None).unwrap_err(),
            "of the bundles that were deployed to `qa` before with success, none but those are left that failed their smoke test: \
             record 4; or whose smoke test was due and never ended: record 3"
        );

        qa.deploy("sha256:bbbbbbbb")
            .test_ending(SMOKE, TestOutcome::Error)
            .deploy("sha256:eeeeeeee");
        assert_eq!(to(&qa.chain(), None), Ok((8, "sha256:bbbbbbbb".to_owned())));
    }

    #[test]
    fn what_was_deployed_again_has_to_pass_again() {
        let back = |again: &dyn Fn(&mut Environment)| {
            let mut qa = Environment::new("qa");
            qa.deploy("sha256:aaaaaaaa")
                .deploy_to_try("sha256:bbbbbbbb")
                .test(SMOKE)
                .deploy_to_try("sha256:bbbbbbbb");
            again(&mut qa);
            qa.deploy("sha256:cccccccc");
            to(&qa.chain(), None).unwrap().0
        };
        let ends = |reason: Option<&'static str>| {
            back(&|qa| {
                qa.test_told(SMOKE, TestOutcome::Error, reason);
            })
        };
        assert_eq!(back(&|_| {}), 1);
        assert_eq!(ends(Some(INTERRUPTED)), 1);
        assert_eq!(ends(Some("the run is not known")), 4);
        assert_eq!(back(&|qa| _ = qa.test(SMOKE)), 4);
    }

    #[test]
    fn only_the_last_smoke_test_that_could_be_told_speaks_against_a_bundle() {
        let back_from = |tests: &[(&str, TestOutcome)]| {
            let mut qa = Environment::new("qa");
            qa.deploy("sha256:aaaaaaaa").deploy("sha256:bbbbbbbb");
            for (name, outcome) in tests {
                qa.test_ending(name, *outcome);
            }
            qa.deploy("sha256:cccccccc");
            to(&qa.chain(), None).unwrap().0
        };
        let (passed, failed, error) =
            (TestOutcome::Passed, TestOutcome::Failed, TestOutcome::Error);
        assert_eq!(back_from(&[]), 2);
        assert_eq!(back_from(&[("contract", failed)]), 2);
        assert_eq!(back_from(&[(SMOKE, error)]), 2);
        assert_eq!(back_from(&[(SMOKE, failed), (SMOKE, passed)]), 2);
        assert_eq!(back_from(&[(SMOKE, passed), (SMOKE, failed)]), 1);
        assert_eq!(back_from(&[(SMOKE, failed), (SMOKE, error)]), 1);
    }

    #[test]
    fn the_smoke_test_of_a_part_does_not_speak_against_the_bundle() {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa")
            .deploy("sha256:bbbbbbbb")
            .deploy("sha256:cccccccc")
            .deploy_only("sha256:bbbbbbbb", "pipeline.one")
            .test_ending(SMOKE, TestOutcome::Failed)
            .deploy("sha256:cccccccc");

        assert_eq!(to(&qa.chain(), None), Ok((2, "sha256:bbbbbbbb".to_owned())));
    }

    #[test]
    fn a_named_record_is_gone_back_to_when_it_is_good() {
        let mut qa = Environment::new("qa");
        qa.deploy("sha256:aaaaaaaa").test("contract");
        qa.deploy_ending("sha256:bbbbbbbb", Outcome::DeployedButTriggers);
        let chain = qa.chain();

        assert_eq!(to(&chain, Some("1")), Ok((1, "sha256:aaaaaaaa".to_owned())));
        assert_eq!(
            to(&chain, Some("aaaaaa")),
            Ok((1, "sha256:aaaaaaaa".to_owned()))
        );
        let told = |wanted| to(&chain, Some(wanted)).unwrap_err();
        assert_eq!(
            told("2"),
            "record 2 of `qa` cannot be gone back to: it is that of a test"
        );
        assert!(told("3").ends_with("that deployment did not succeed"));
        assert!(told("9").starts_with("`qa` has no record 9"));
        assert!(told("sha256:dddddd").starts_with("`qa` has no bundle sha256:dddddd"));
        assert!("latest".parse::<RecordRef>().is_err());
    }

    #[test]
    fn where_there_is_nothing_to_go_back_to_that_is_told() {
        let mut qa = Environment::new("qa");
        assert_eq!(
            to(&qa.chain(), None).unwrap_err(),
            "nothing was deployed to `qa` yet"
        );
        qa.deploy("sha256:aaaaaaaa");
        assert!(
            to(&qa.chain(), None)
                .unwrap_err()
                .starts_with("no bundle but the present one")
        );
    }

    #[test]
    fn where_folders_were_deployed_that_is_told() {
        let from_folder = |qa: &mut Environment| {
            let mut folder = deployment("", hour(0), Outcome::Deployed);
            folder.bundle = None;
            qa.write(Did::Deployment(Box::new(folder)));
        };
        let told = "`qa` was deployed to from a folder, of which nothing is kept to go back to, and no other bundle was ever deployed \
                    there with success";
        let mut qa = Environment::new("qa");
        from_folder(&mut qa);
        assert_eq!(to(&qa.chain(), None).unwrap_err(), told);
        from_folder(&mut qa);
        assert_eq!(to(&qa.chain(), None).unwrap_err(), told);

        qa.deploy("sha256:aaaaaaaa");
        assert_eq!(to(&qa.chain(), None).unwrap_err(), told);
        from_folder(&mut qa);
        assert_eq!(to(&qa.chain(), None), Ok((3, "sha256:aaaaaaaa".to_owned())));
    }
}
