//! What can be gone back to, and what speaks against it.

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
    let ends = |interrupted: bool, reason: &'static str| {
        back(&|qa| {
            qa.test_told(SMOKE, TestOutcome::Error, |test| {
                test.interrupted = interrupted;
                test.reason = Some(reason.to_owned());
            });
        })
    };
    assert_eq!(back(&|_| {}), 1);
    assert_eq!(ends(true, "whatever is said of it"), 1);
    assert_eq!(ends(false, "the run is not known"), 4);
    // Records of earlier versions have the text alone.
    assert_eq!(ends(false, INTERRUPTED), 1);
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
    let (passed, failed, error) = (TestOutcome::Passed, TestOutcome::Failed, TestOutcome::Error);
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
