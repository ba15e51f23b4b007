//! A plan that somebody has edited is not carried out, with whichever digest.

use std::fs;

use dataops_plan::Digest;
use serde_json::{Value, json};

use super::Team;

/// Edits a plan, and writes the digest that belongs to it then.
fn forge(team: &Team, edit: impl FnOnce(&mut Value)) {
    let path = team.path().join("plan.json");
    let mut plan: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    plan.as_object_mut().unwrap().remove("digest");
    edit(&mut plan);
    plan["digest"] = Digest::of_json(&plan).as_str().into();
    fs::write(path, plan.to_string()).unwrap();
}

#[tokio::test]
async fn a_plan_that_was_edited_is_refused_with_what_it_does_otherwise() {
    let team = Team::new();
    team.succeeds(&["deploy"]);
    fs::remove_file(team.path().join("adf/pipeline/broken.json")).unwrap();
    let deploy = ["deploy", "--plan", "plan.json"];
    let plan = ["plan", "--out", "plan.json"];

    team.succeeds(&plan);
    forge(&team, |plan| {
        let resources = plan["resources"].as_array_mut().unwrap();
        let broken = resources
            .iter_mut()
            .find(|it| it["resource"] == "pipeline.broken");
        broken.unwrap()["action"] = "delete".into();
        plan["order"]["delete"] = json!([["pipeline.broken"]]);
    });
    team.refuses(
        &deploy,
        1,
        "pipeline.broken: the plan says to delete it, and one made now to leave it",
    );
    team.build(7, "out");
    team.succeeds(&plan);
    forge(&team, |plan| plan["order"]["put"] = json!([]));
    team.refuses(&deploy, 1, "somebody has edited: put");

    team.succeeds(&plan);
    team.succeeds(&deploy);
    assert_eq!(team.times("small").await, 7);
}

/// A team that has a notebook.
fn with_notebook() -> Team {
    let team = Team::new();
    team.set(
        "adf: {",
        "notebooks: { root: notebooks, target: /Shared/small }\nadf: {",
    );
    let text = "# Databricks notebook source\nprint(1)\n";
    integration_tests::write(team.path(), "notebooks/one.py", text);
    team
}

#[test]
fn a_plan_that_names_a_notebook_twice_is_refused_also_where_it_goes() {
    let team = with_notebook();
    let twice = |plan: &mut Value| {
        let objects = plan["notebooks"]["objects"].as_array_mut().unwrap();
        let first = objects[0].clone();
        objects.push(first);
    };
    let why = "the plan names a notebook more than once";

    team.succeeds(&["plan", "--out", "plan.json"]);
    forge(&team, twice);
    team.refuses(&["deploy", "--plan", "plan.json"], 1, why);
    team.succeeds(&["deploy"]);
    team.succeeds(&["destroy", "--out", "plan.json"]);
    forge(&team, twice);
    team.refuses(&["destroy", "--yes", "--plan", "plan.json"], 1, why);
}

#[test]
fn a_plan_that_lost_its_notebooks_is_refused() {
    let team = with_notebook();
    team.succeeds(&["plan", "--out", "plan.json"]);
    forge(&team, |plan| {
        plan.as_object_mut().unwrap().remove("notebooks");
    });

    let why = "the plan says nothing of the solution's notebooks";
    team.refuses(&["deploy", "--plan", "plan.json"], 1, why);
}

#[test]
fn what_a_plan_consents_to_is_told_and_only_then() {
    let team = Team::new();
    team.succeeds(&["deploy"]);
    for name in ["broken", "long"] {
        fs::remove_file(team.path().join(format!("adf/pipeline/{name}.json"))).unwrap();
    }
    let deploy = ["deploy", "--plan", "plan.json", "--quiet"];
    let plan = ["plan", "--delete-not-in-source", "--out", "plan.json"];

    team.refuses(&plan, 1, "needs consent");
    let silent = team.refuses(&deploy, 1, "mass-delete");
    forge(&team, |plan| {
        plan["options"]["consents"] = json!(["mass-delete"]);
    });
    let told = team.succeeds(&deploy);

    assert!(!silent.stderr.contains("plan.json consents"), "{silent}");
    let note = "note: plan.json consents to `mass-delete`; the file does not tell who gave that";
    assert!(told.stderr.contains(note), "{told}");
}
