//! Slips of the pen, damaged files and missing variables: told with their place, and nothing is changed.

use std::fs;

use integration_tests::{edit, write};

use super::{SETTINGS, Team};

#[test]
fn a_selector_that_selects_nothing_is_refused_with_the_nearest_name() {
    let team = Team::new();
    for flag in ["--only", "--except"] {
        for command in ["plan", "deploy"] {
            let args = [command, "--env", "qa", flag, "pipeline.gret"];
            let refused = team.refuses(&args, 2, "`pipeline.gret` selects nothing");
            assert!(
                refused.stderr.contains("did you mean `pipeline.greet`?"),
                "{refused}"
            );
        }
    }
    assert_eq!(team.records("qa").len(), 0);
    team.succeeds(&["deploy", "--env", "qa", "--only", "pipeline.gre*"]);
}

#[test]
fn only_those_who_need_a_secret_ask_for_its_variable() {
    let team = Team::new();
    team.succeeds(&["deploy", "--env", "qa"]);
    let secret = "dataFactory: adf-qa, overrides: { pipeline.greet.parameters.who.defaultValue: { secret: '${NOWHERE}' } },";
    team.set("dataFactory: adf-qa,", secret);

    for args in [
        &["audit", "--env", "qa"][..],
        &["lease", "show", "--env", "qa"],
        &["lease", "break", "--env", "qa"],
        &["triggers", "status", "--env", "qa"],
        &["triggers", "stop", "--env", "qa", "OnDrop"],
        &["triggers", "restore", "--env", "qa"],
    ] {
        team.succeeds(args);
    }
    team.refuses(&["deploy", "--env", "qa"], 2, "NOWHERE");
}

#[test]
fn a_mistyped_place_does_not_pass_for_one_without_records() {
    let team = Team::new();
    team.succeeds(&["deploy", "--env", "qa"]);
    for command in [
        &["audit"][..],
        &["drift"],
        &["lease", "show"],
        &["rollback"],
    ] {
        let args = [command, &["--env", "qa", "--records", "recods"]].concat();
        team.refuses(&args, 2, "there is no folder recods");
    }
    let journal = ["triggers", "restore", "--env", "qa", "--journal", "jurnal"];
    team.refuses(&journal, 2, "there is no folder jurnal");
    // A folder that has none of this environment says of which it has some.
    let other = team.succeeds(&["audit", "--env", "uat", "--records", "records"]);
    assert!(
        other.stderr.contains("no records of `uat` in records"),
        "{other}"
    );
    assert!(other.stderr.contains("there are some of qa"), "{other}");
}

#[test]
fn only_of_a_whole_folder_it_is_said_that_nothing_is_kept_to_go_back_to() {
    let team = Team::new();
    let note = "nothing is kept of a folder for `dataops rollback`";

    let whole = team.succeeds(&["deploy", "--env", "qa"]);
    let part = team.succeeds(&["deploy", "--env", "qa", "--only", "pipeline.greet"]);

    assert!(whole.stderr.contains(note), "{whole}");
    assert!(!part.stderr.contains(note), "{part}");
}

#[test]
fn a_damaged_journal_is_put_aside_by_a_command() {
    let team = Team::new();
    team.succeeds(&["deploy", "--env", "qa"]);
    write(team.path(), "records/journal/qa/adf-qa", "{");
    let refused = team.refuses(
        &["deploy", "--env", "qa"],
        2,
        "triggers restore --env qa --discard-journal",
    );
    let named = [
        "deploy",
        "--env",
        "qa",
        "--records",
        "records",
        "--journal",
        "records",
    ];
    let advice = "triggers restore --env qa --journal records --records records --discard-journal";
    team.refuses(&named, 2, advice);
    assert!(
        refused.stderr.contains("`journal/qa/adf-qa` in "),
        "{refused}"
    );
    let status = team.succeeds(&["triggers", "status", "--env", "qa"]);
    assert!(
        status.stdout.contains("OnDrop") && status.stderr.contains("journal"),
        "{status}"
    );
    team.refuses(
        &["triggers", "restore", "--env", "qa"],
        2,
        "--discard-journal",
    );

    let discard = ["triggers", "restore", "--env", "qa", "--discard-journal"];
    let discarded = team.succeeds(&discard);

    assert!(discarded.stderr.contains("=aside-"), "{discarded}");
    let start = "`dataops triggers start --env qa NAME` does";
    assert!(discarded.stderr.contains(start), "{discarded}");
    assert!(discarded.stdout.contains("OnDrop"), "{discarded}");
    team.succeeds(&["deploy", "--env", "qa"]);
}

#[tokio::test]
async fn a_journal_that_cannot_be_kept_is_found_before_anything_is_changed() {
    let team = Team::new();
    team.succeeds(&["deploy", "--env", "qa"]);
    edit(team.path(), "adf/trigger/OnDrop.json", |it| {
        it["description"] = "new".into();
    });
    edit(team.path(), "adf/pipeline/greet.json", |it| {
        it["description"] = "new".into();
    });
    // What can be read there cannot be written.
    write(team.path(), "closed/.lock/folder", "");

    let args = ["deploy", "--env", "qa", "--journal", "closed"];
    team.refuses(&args, 2, "no trigger is stopped without a journal");

    let greet = team
        .emulator
        .client("adf-qa")
        .pipelines()
        .get("greet", None)
        .await;
    let greet = greet.unwrap().into_model().unwrap().into_json();
    assert!(greet["properties"].get("description").is_none(), "{greet}");
    // A place for records that cannot be written is found as early.
    let args = ["deploy", "--env", "qa", "--records", "closed"];
    team.refuses(&args, 2, "closed");
}

#[test]
fn a_bundle_that_was_tampered_with_is_wrong_usage_and_a_finding_of_who_asks_about_it() {
    let team = Team::new();
    team.build(2, "out");
    team.succeeds(&["deploy", "--env", "qa", "--bundle", "out"]);
    write(
        team.path(),
        "out/solution/dataops.yaml",
        SETTINGS.trim_end(),
    );

    team.refuses(&["build", "--verify", "out"], 1, "was changed");
    for command in ["deploy", "plan", "rollback", "promote"] {
        let environment = match command {
            "promote" => "uat",
            _ => "qa",
        };
        let args = [command, "--env", environment, "--bundle", "out"];
        team.refuses(&args, 2, "is not what was sealed");
    }
    fs::remove_file(team.path().join("out/manifest.json")).unwrap();
    for args in [
        ["build", "--verify", "out"].to_vec(),
        ["deploy", "--env", "qa", "--bundle", "out"].to_vec(),
        ["rollback", "--env", "qa", "--bundle", "out"].to_vec(),
    ] {
        team.refuses(&args, 2, "is no bundle");
    }
}
