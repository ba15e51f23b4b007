//! Where records are: one place for all who deploy to an environment, with a checkout or with a bundle alone.

use std::fs;

use serde_json::Value;

use super::Team;

#[test]
fn a_bundle_and_a_checkout_that_name_two_places_are_refused_with_both() {
    let team = Team::new();
    team.build(2, "out");
    team.set("folder: records", "folder: elsewhere");

    let refused = team.refuses(
        &["deploy", "--env", "qa", "--bundle", "out"],
        2,
        "the records of `qa` are in ",
    );

    for place in [
        "/records for the bundle",
        "/elsewhere for dataops.yaml here",
    ] {
        assert!(refused.stderr.contains(place), "{refused}");
    }
    team.refuses(&["plan", "--env", "qa", "--bundle", "out"], 2, "/elsewhere");
    assert!(!team.path().join("records").exists() && !team.path().join("elsewhere").exists());
    // Who says which one it is goes on.
    let args = ["deploy", "--env", "qa", "--bundle", "out"];
    let named = ["--records", "elsewhere", "--journal", "elsewhere"];
    team.succeeds(&[&args[..], &named].concat());
    assert_eq!(team.records("qa").len(), 1);
}

#[test]
fn an_agent_with_a_bundle_alone_finds_what_others_find() {
    let team = Team::new();
    team.build(2, "out");
    let agent = tempfile::tempdir().unwrap();
    let call = |args: &[&str]| {
        let program = team.program(args).within(agent.path());
        let ended = program.run();
        assert_eq!(ended.code, Some(0), "{args:?}\n{ended}");
        ended
    };
    let out = team.path().join("out");
    let out = out.to_str().unwrap();
    call(&["deploy", "--env", "qa", "--bundle", out]);

    let audited = call(&[
        "audit",
        "--env",
        "qa",
        "--solution",
        out,
        "--format",
        "json",
    ]);

    let audited: Value = serde_json::from_str(&audited.stdout).unwrap();
    assert_eq!(audited["records"].as_array().unwrap().len(), 2);
    call(&["lease", "show", "--env", "qa", "--solution", out]);
    call(&["drift", "--env", "qa", "--solution", out]);
    // What is sealed stays as it is.
    call(&["build", "--verify", out]);
    assert!(agent.path().join("records").is_dir());
}

#[tokio::test]
async fn a_bundle_that_comes_back_is_told_where_records_are() {
    let team = Team::new();
    for (times, out) in [(2, "first"), (3, "second")] {
        team.build(times, out);
        team.succeeds(&["deploy", "--env", "qa", "--bundle", out]);
    }
    team.set("folder: records", "folder: moved");
    fs::rename(team.path().join("records"), team.path().join("moved")).unwrap();

    let back = team.succeeds(&["rollback", "--env", "qa"]);

    assert_eq!(team.times("adf-qa").await, 2);
    assert!(back.stderr.contains("they stay in "), "{back}");
    assert!(!team.path().join("records").exists());
    assert_eq!(team.records("qa").len(), 3);
}
