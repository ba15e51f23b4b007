//! The conditions of one environment.

use super::{Condition, Help, Promotion, Requirement};
use crate::chain::Chain;
use crate::record::{Cause, Deployment, Evidence, Outcome, Record, Test, TestOutcome};
use crate::time::{Time, words};

/// What must hold in one of the environments that come before.
pub(super) fn conditions(
    asked: &Promotion<'_>,
    environment: &str,
    chain: Option<&Chain>,
) -> Vec<Condition> {
    let empty = Chain::default();
    let place = Place {
        asked,
        environment,
        chain: chain.unwrap_or(&empty),
    };
    let mut conditions = Vec::new();
    conditions.extend(place.records());
    let deployed = place.deployed();
    let (condition, record) =
        deployed.map_or_else(|no| (no, None), |(yes, record)| (yes, Some(record)));
    conditions.push(condition);
    let mut is_complete = record.is_some();
    let mut passed: Vec<Time> = Vec::new();
    for test in asked.tests {
        let (condition, at) = place.test(test, record);
        is_complete &= condition.holds;
        passed.extend(at);
        conditions.push(condition);
    }
    if passed.is_empty() {
        passed.extend(record.map(|record| record.at));
    }
    let times = passed.iter().min().zip(passed.iter().max());
    if let (Some((oldest, newest)), true) = (times, is_complete) {
        conditions.extend(place.age(*oldest, *newest));
    }
    conditions
}

struct Place<'p> {
    asked: &'p Promotion<'p>,
    environment: &'p str,
    chain: &'p Chain,
}

impl<'p> Place<'p> {
    fn condition(
        &self,
        requirement: Requirement,
        reason: Result<String, (String, Help)>,
    ) -> Condition {
        let holds = reason.is_ok();
        let (reason, help) = match reason {
            Ok(reason) => (reason, None),
            Err((reason, help)) => (reason, Some(help)),
        };
        Condition {
            environment: self.environment.to_owned(),
            requirement,
            holds,
            reason,
            record: None,
            help,
        }
    }

    /// Nothing is said of records that are as they were written.
    fn records(&self) -> Option<Condition> {
        let breaks = self.chain.breaks();
        let first = breaks.first()?;
        let more = match breaks.len() {
            1 => String::new(),
            count => format!(", and {} more", count - 1),
        };
        let help = Help::Audit(self.environment.to_owned());
        Some(self.condition(Requirement::Records, Err((format!("{first}{more}"), help))))
    }

    /// The last deployment of the bundle, when it is good and nobody went back from it.
    fn deployed(&self) -> Result<(Condition, &'p Record), Condition> {
        let told =
            |reason: Result<String, (String, Help)>| self.condition(Requirement::Deployed, reason);
        let help = || Help::Deploy(self.environment.to_owned());
        let no = |reason: String| told(Err((reason, help())));
        let of_bundle = |record: &Record| record.bundle() == Some(self.asked.bundle);
        let mut deployments = self.chain.deployments().rev();
        // A good deployment of a part leaves the rest of the bundle as it was.
        let found = deployments.find(|(record, deployment)| {
            of_bundle(record) && (deployment.is_whole() || deployment.outcome != Outcome::Deployed)
        });
        let Some((record, deployment)) = found else {
            let mut parts = self.chain.deployments().rev();
            let part = parts.find(|(record, _)| of_bundle(record));
            return Err(no(match (part, self.chain.last_deployment()) {
                (Some((_, deployment)), _) => format!(
                    "only a part of this bundle was deployed there: {}",
                    deployment.part()
                ),
                (None, None) => "nothing was deployed there yet".to_owned(),
                (None, Some((last, deployment))) if deployment.cause == Cause::Removal => format!(
                    "this bundle was never deployed there; what was there was removed on {}",
                    last.at.short()
                ),
                (None, Some((last, deployment))) => match &deployment.bundle {
                    Some(bundle) => format!(
                        "this bundle was never deployed there; the last deployment is that of {} on {}",
                        short(bundle),
                        last.at.short()
                    ),
                    None => format!(
                        "this bundle was never deployed there; the last deployment is that of a folder on {}",
                        last.at.short()
                    ),
                },
            }));
        };
        if !deployment.is_good() {
            let why = deployment
                .reason
                .as_ref()
                .map(|why| format!(" ({why})"))
                .unwrap_or_default();
            return Err(no(format!(
                "its last deployment, on {}, {}{why}",
                record.at.short(),
                ended(deployment)
            )));
        }
        if let Some(back) = self.went_back(record) {
            return Err(no(format!(
                "{} went back from it to record {} on {}",
                back.0.who,
                back.1,
                back.0.at.short()
            )));
        }
        let mut condition = told(Ok(brought(record, deployment)));
        condition.record = Some(Evidence::of(record));
        Ok((condition, record))
    }

    /// The next deployment, if it goes back from this one's bundle.
    fn went_back(&self, record: &Record) -> Option<(&'p Record, u64)> {
        let mut later = self
            .chain
            .deployments()
            .filter(|(other, _)| other.number > record.number);
        let (back, deployment) = later.find(|(other, _)| other.bundle() != record.bundle())?;
        Some((back, deployment.goes_back_to()?))
    }

    /// The last run of a test while the bundle was there, and when it passed.
    fn test(&self, name: &str, deployed: Option<&Record>) -> (Condition, Option<Time>) {
        let told = |reason| self.condition(Requirement::Test(name.to_owned()), reason);
        let help = Help::Test {
            environment: self.environment.to_owned(),
            test: name.to_owned(),
        };
        let Some(deployed) = deployed else {
            return (
                told(Err(("it must be deployed there first".to_owned(), help))),
                None,
            );
        };
        let Some((record, test)) = self.last_test(name, deployed) else {
            let reason = format!(
                "it did not run since the deployment on {}",
                deployed.at.short()
            );
            return (told(Err((reason, help))), None);
        };
        let at = record.at.short();
        if test.outcome == TestOutcome::Passed {
            let reason = format!("passed on {at} (record {})", record.number);
            let mut condition = told(Ok(reason));
            condition.record = Some(Evidence::of(record));
            return (condition, Some(record.at));
        }
        let why = match (&test.reason, test.failures()) {
            (Some(why), _) => format!(": {why}"),
            (None, 0) => String::new(),
            (None, failures) => format!(": {failures} of {} checks", test.cases.len()),
        };
        let reason = format!("{} on {at} (record {}){why}", test.outcome, record.number);
        (told(Err((reason, help))), None)
    }

    fn last_test(&self, name: &str, deployed: &Record) -> Option<(&'p Record, &'p Test)> {
        let bundle = deployed.bundle();
        let mut later = self
            .chain
            .deployments()
            .filter(|(other, _)| other.number > deployed.number);
        // Another bundle took its place: what was tested from then on was not this one.
        let until = later.find(|(other, _)| other.bundle() != bundle);
        let until = until.map_or(u64::MAX, |(other, _)| other.number);
        let mut tests = self.chain.tests().rev();
        tests.find(|(record, test)| {
            // A test that began before another deployment and ended after it says which one it is about.
            let about = test.deployment.unwrap_or(record.number);
            let is_in_time =
                (deployed.number..until).contains(&about) && record.number > deployed.number;
            test.name == name && test.bundle.as_deref() == bundle && is_in_time
        })
    }

    /// Whether what speaks for it is not too old. By a clock that was ahead, nothing ever is.
    fn age(&self, oldest: Time, newest: Time) -> Option<Condition> {
        let most = self.asked.max_age?;
        let age = self.asked.now.since(oldest);
        let tests = self.asked.tests;
        let what = if tests.is_empty() {
            "deployed"
        } else {
            "passed"
        };
        let reason = format!(
            "{what} {} ago, at most {} are allowed",
            words(age),
            words(most)
        );
        let help = match tests.first() {
            None => Help::Deploy(self.environment.to_owned()),
            Some(test) => Help::Test {
                environment: self.environment.to_owned(),
                test: test.clone(),
            },
        };
        let reason = match newest.ahead_of(self.asked.now) {
            Some(ahead) => {
                let (at, ahead) = (newest.short(), words(ahead));
                let why = format!(
                    "{what} on {at} by a clock that was {ahead} ahead of this one, so that its age is not known"
                );
                Err((why, help))
            }
            None if age <= most => Ok(reason),
            None => Err((reason, help)),
        };
        Some(self.condition(Requirement::Age, reason))
    }
}

/// That a bundle was deployed, and how it came there.
fn brought(record: &Record, deployment: &Deployment) -> String {
    let words = format!(
        "deployed on {} by {} (record {})",
        record.at.short(),
        record.who,
        record.number
    );
    match &deployment.overridden {
        None => words,
        Some(overridden) => format!(
            "{words}, although conditions did not hold: {}",
            overridden.reason
        ),
    }
}

fn ended(deployment: &Deployment) -> String {
    let words = match deployment.outcome {
        Outcome::NotBegun => "was never begun",
        Outcome::Begun => "has begun and did not end",
        Outcome::Deployed => return format!("was one of {} only", deployment.part()),
        Outcome::DeployedButTriggers => "left triggers in another state than they should be in",
        Outcome::Failed => "failed",
        Outcome::RolledBack => "failed and was rolled back",
    };
    words.to_owned()
}

/// The first digits of a bundle's digest.
pub(crate) fn short(bundle: &str) -> &str {
    let digest = bundle.strip_prefix("sha256:").unwrap_or(bundle);
    digest.get(..12).unwrap_or(digest)
}
