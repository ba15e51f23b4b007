//! What speaks for a bundle, and what does not.

use std::time::Duration;

use dataops_plan::{ResourceKey, TriggerState};

use super::*;
use crate::record::{Cause, Did, Outcome, TestOutcome, TriggerLeft};
use crate::render::decision;
use crate::sample::{Environment, deployment, hour};

const BUNDLE: &str = "sha256:aaaaaaaa0000000000";
const OTHER: &str = "sha256:bbbbbbbb0000000000";
const DAY: Duration = Duration::from_secs(86_400);

fn decide(qa: &Environment, tests: &[&str], max_age: Option<Duration>, now: u64) -> Decision {
    let tests: Vec<_> = tests.iter().map(|test| (*test).to_owned()).collect();
    let promotion = Promotion {
        bundle: BUNDLE,
        to: "prod",
        after: &["qa".to_owned()],
        tests: &tests,
        max_age,
        now: hour(now),
    };
    promotion.decide(&BTreeMap::from([("qa".to_owned(), qa.chain())]))
}

fn told(decision: &Decision) -> String {
    super::super::render::decision(decision)
        .into_iter()
        .map(|line| line.text + "\n")
        .collect()
}

#[test]
fn a_bundle_that_passed_may_go_on() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).test("contract").test("smoke");

    let decided = decide(&qa, &["contract", "smoke"], Some(DAY), 5);

    insta::assert_snapshot!(told(&decided), @"
    Bundle aaaaaaaa0000 may go to prod
      ✓ qa, deployed: deployed on 2026-11-01 01:00:00 by ada (record 1)
      ✓ qa, test contract: passed on 2026-11-01 02:00:00 (record 2)
      ✓ qa, test smoke: passed on 2026-11-01 03:00:00 (record 3)
      ✓ qa, age: passed 3 hours ago, at most 24 hours are allowed
    ");
}

#[test]
fn what_a_clock_that_was_ahead_has_written_is_of_no_age() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).test("contract").test("smoke");

    // The smoke test was recorded in the third hour.
    let ahead = decide(&qa, &["contract", "smoke"], Some(DAY), 2);
    let alone = decide(&qa, &[], Some(DAY), 0);
    let same = decide(&qa, &["contract", "smoke"], Some(DAY), 3);
    let unasked = decide(&qa, &["contract", "smoke"], None, 2);

    assert!(!ahead.allowed && !alone.allowed);
    assert!(same.allowed && unasked.allowed);
    insta::assert_snapshot!(ahead.unmet().join("\n"), @"qa, age: passed on 2026-11-01 03:00:00 by a clock that was 60 minutes ahead of this one, so that its age is not known");
}

#[test]
fn what_is_missing_is_told_with_the_command_that_helps() {
    let mut qa = Environment::new("qa");
    let nothing = decide(&qa, &["contract"], None, 5);
    qa.deploy(OTHER);
    let other = decide(&qa, &[], None, 5);
    qa.deploy(BUNDLE);
    let untested = decide(&qa, &["contract"], None, 5);
    qa.test_ending("contract", TestOutcome::Failed);
    let failed = decide(&qa, &["contract"], None, 5);
    let all = [nothing, other, untested, failed]
        .map(|decided| told(&decided))
        .join("\n");

    insta::assert_snapshot!(all, @"
    Bundle aaaaaaaa0000 may not go to prod
      ✗ qa, deployed: nothing was deployed there yet
        → dataops deploy --env qa --bundle DIR, with the folder of bundle aaaaaaaa0000
      ✗ qa, test contract: it must be deployed there first
        → dataops test --env qa --record

    Bundle aaaaaaaa0000 may not go to prod
      ✗ qa, deployed: this bundle was never deployed there; the last deployment is that of bbbbbbbb0000 on 2026-11-01 01:00:00
        → dataops deploy --env qa --bundle DIR, with the folder of bundle aaaaaaaa0000

    Bundle aaaaaaaa0000 may not go to prod
      ✓ qa, deployed: deployed on 2026-11-01 02:00:00 by ada (record 2)
      ✗ qa, test contract: it did not run since the deployment on 2026-11-01 02:00:00
        → dataops test --env qa --record

    Bundle aaaaaaaa0000 may not go to prod
      ✓ qa, deployed: deployed on 2026-11-01 02:00:00 by ada (record 2)
      ✗ qa, test contract: failed on 2026-11-01 03:00:00 (record 3)
        → dataops test --env qa --record
    ");
}

#[test]
fn only_a_whole_and_good_deployment_speaks_for_a_bundle() {
    let mut qa = Environment::new("qa");
    qa.deploy_only(BUNDLE, "pipeline.a");
    assert_eq!(
        decide(&qa, &[], None, 5).conditions[0].reason,
        "only a part of this bundle was deployed there: chosen resources"
    );
    qa.deploy_without_notebooks(BUNDLE);
    let without = decide(&qa, &[], None, 5);
    assert!(!without.allowed);
    assert_eq!(
        without.conditions[0].reason,
        "only a part of this bundle was deployed there: everything but the notebooks"
    );
    qa.deploy(BUNDLE).deploy_only(BUNDLE, "pipeline.a");
    assert!(decide(&qa, &[], None, 5).allowed);
    qa.deploy_ending(BUNDLE, Outcome::DeployedButTriggers);
    assert_eq!(
        decide(&qa, &[], None, 5).conditions[0].reason,
        "its last deployment, on 2026-11-01 05:00:00, left triggers in another state than they should be in"
    );
    qa.deploy_ending(BUNDLE, Outcome::Failed);
    assert!(!decide(&qa, &[], None, 5).allowed);
    qa.deploy(BUNDLE);
    assert!(decide(&qa, &[], None, 5).allowed);
}

#[test]
fn an_attempt_that_changed_nothing_takes_nothing_away() {
    let mut qa = Environment::new("qa");
    qa.refuse(None, Cause::Deploy);
    assert_eq!(
        decide(&qa, &[], None, 5).conditions[0].reason,
        "nothing was deployed there yet"
    );
    qa.deploy(BUNDLE)
        .refuse(None, Cause::Deploy)
        .refuse(Some(BUNDLE), Cause::Deploy)
        .refuse(Some(OTHER), Cause::Removal)
        .test("contract");

    let decided = decide(&qa, &["contract"], None, 9);

    assert!(decided.allowed, "{decided:?}");
    let chain = qa.chain();
    let (last, _) = chain.last_deployment().unwrap();
    assert_eq!((last.number, last.bundle()), (2, Some(BUNDLE)));
}

#[test]
fn a_deployment_that_was_killed_speaks_for_nothing() {
    let mut qa = Environment::new("qa");
    qa.begin(BUNDLE, Some(Outcome::Deployed)).test("contract");
    let decided = decide(&qa, &["contract"], None, 5);
    assert!(decided.allowed, "{decided:?}");
    let numbers: Vec<_> = decided.evidence().iter().map(|it| it.record).collect();
    assert_eq!(numbers, [2, 3]);

    qa.begin(BUNDLE, None).test("contract");

    assert_eq!(
        decide(&qa, &["contract"], None, 5).conditions[0].reason,
        "its last deployment, on 2026-11-01 04:00:00, has begun and did not end"
    );
}

#[test]
fn a_test_while_another_bundle_comes_says_nothing_of_the_one_before() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).begin(OTHER, None).test("contract");

    let decided = decide(&qa, &["contract"], None, 5);

    assert!(
        decided.conditions[0].holds && !decided.conditions[1].holds,
        "{decided:?}"
    );
}

#[test]
fn a_bundle_that_is_not_there_goes_nowhere() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE);

    let decided = decide(&qa, &[], None, 5)
        .of_kept_bundle("qa", Err("it is not kept in /records".to_owned()));

    assert!(!decided.allowed);
    insta::assert_snapshot!(told(&decided), @"
    Bundle aaaaaaaa0000 may not go to prod
      ✗ qa, bundle: it is not kept in /records
        → name its folder by --bundle DIR
      ✓ qa, deployed: deployed on 2026-11-01 01:00:00 by ada (record 1)
    ");
}

#[test]
fn a_bundle_that_somebody_went_back_from_may_not_go_on() {
    let mut qa = Environment::new("qa");
    qa.deploy(OTHER)
        .deploy(BUNDLE)
        .test("contract")
        .go_back(OTHER, 1, BUNDLE);

    let decided = decide(&qa, &["contract"], None, 5);

    assert_eq!(
        decided.conditions[0].reason,
        "ada went back from it to record 1 on 2026-11-01 04:00:00"
    );
    assert!(!decided.allowed);
}

#[test]
fn a_later_bundle_does_not_take_away_what_an_earlier_one_has_passed() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).test("contract").deploy(OTHER);
    assert!(decide(&qa, &["contract"], None, 5).allowed);

    // What fails now is the other one.
    qa.test_ending("contract", TestOutcome::Failed);
    assert!(decide(&qa, &["contract"], None, 5).allowed);
}

#[test]
fn a_test_counts_for_the_deployment_after_which_it_ran() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).test("contract").deploy(BUNDLE);
    assert!(!decide(&qa, &["contract"], None, 5).allowed);

    qa.test("contract")
        .test_ending("contract", TestOutcome::Error);
    let decided = decide(&qa, &["contract"], None, 9);
    assert!(
        decided.conditions[1]
            .reason
            .starts_with("could not be told on"),
        "{decided:?}"
    );
    qa.test("contract");
    assert!(decide(&qa, &["contract"], None, 9).allowed);
}

#[test]
fn what_speaks_for_a_bundle_grows_old() {
    let mut qa = Environment::new("qa");
    qa.deploy(BUNDLE).test("contract");

    assert!(decide(&qa, &["contract"], Some(DAY), 26).allowed);
    let old = decide(&qa, &["contract"], Some(DAY), 27);
    assert_eq!(
        old.conditions[2].reason,
        "passed 25 hours ago, at most 24 hours are allowed"
    );
    assert_eq!(
        old.conditions[2].help.as_ref().unwrap().command(BUNDLE),
        "dataops test --env qa --record"
    );
    let deployed = decide(&qa, &[], Some(DAY), 26);
    assert_eq!(
        deployed.conditions[1].reason,
        "deployed 25 hours ago, at most 24 hours are allowed"
    );
}

#[test]
fn records_that_were_tampered_with_speak_for_nothing() {
    let mut qa = Environment::new("qa");
    qa.deploy(OTHER).deploy(BUNDLE);
    qa.store.documents.remove(&qa.keys().record(1));

    let decided = decide(&qa, &[], None, 5);

    assert_eq!(decided.conditions[0].requirement, Requirement::Records);
    assert_eq!(decided.conditions[0].reason, "qa, record 1: it was removed");
    assert!(!decided.allowed);
}

#[test]
fn where_nothing_comes_before_everything_may_go() {
    let promotion = Promotion {
        bundle: BUNDLE,
        to: "dev",
        after: &[],
        tests: &[],
        max_age: None,
        now: hour(1),
    };
    let decided = promotion.decide(&BTreeMap::new());

    assert!(
        decided.allowed
            && decision(&decided)[1]
                .text
                .contains("no environment comes before dev")
    );
}

#[test]
fn a_deployment_whose_triggers_are_repaired_goes_on_when_it_was_tested_since() {
    let left = |observed| TriggerLeft {
        desired: TriggerState::Started,
        observed: Some(observed),
        before: None,
    };
    let key: ResourceKey = "trigger.t".parse().unwrap();
    let mut stuck = deployment(BUNDLE, hour(1), Outcome::DeployedButTriggers);
    stuck
        .triggers
        .insert(key.clone(), left(TriggerState::Stopped));
    let mut qa = Environment::new("qa");
    qa.write(Did::Deployment(Box::new(stuck.clone())));
    let stays = decide(&qa, &[], None, 5);
    let still = BTreeMap::from([(key.clone(), TriggerState::Stopped)]);
    let repaired = BTreeMap::from([(key, TriggerState::Started)]);

    let not_yet = stuck.repaired(1, hour(2), &still);
    let other = stuck.repaired(1, hour(2), &BTreeMap::new());
    let whole = stuck.repaired(1, hour(2), &repaired).unwrap();
    qa.write(Did::Deployment(Box::new(whole)));
    let untested = decide(&qa, &["contract"], None, 5);
    qa.test("contract");
    let tested = decide(&qa, &["contract"], None, 5);

    assert_eq!((not_yet, other), (None, None));
    assert!(!stays.allowed && !untested.allowed && tested.allowed);
}
