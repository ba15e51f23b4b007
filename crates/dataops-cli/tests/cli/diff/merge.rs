//! Whether two branches fit together.

use super::*;

/// Two branches: `rename` calls the dataset's parameter otherwise, `reuse` uses it once more.
fn branches() -> TestEnvironment {
    let environment = solution();
    git(&environment, &["checkout", "--quiet", "."]);
    git(
        &environment,
        &["switch", "--quiet", "--create", "rename", "main"],
    );
    let renamed = dataset("input")
        .to_string()
        .replace("file\":{", "path\":{")
        .replace("().file", "().path");
    let used = pipeline(0, "x").to_string().replace("\"file\"", "\"path\"");
    let environment = environment.file("factory/adf/dataset/orders.json", renamed);
    let environment = environment.file("factory/adf/pipeline/ingest.json", used);
    commit(&environment, "rename");
    git(
        &environment,
        &["switch", "--quiet", "--create", "reuse", "main"],
    );
    let other = json!({"name": "other", "properties": {"activities": [{"name": "look", "type": "Lookup", "typeProperties": {"dataset": {
        "referenceName": "orders", "type": "DatasetReference", "parameters": {"file": "y"}}}}]}});
    let environment = written(environment, "factory/adf/pipeline/other.json", &other);
    commit(&environment, "reuse");
    environment
}

#[test]
fn branches_that_git_merges_and_that_do_not_fit_together() {
    let environment = branches();

    let ended = diff(&environment, &["--merge", "rename", "reuse"]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(1), ""),
        "{ended}"
    );
    insta::assert_snapshot!(shown(&ended), @r##"
    rename + reuse  since merge base

    ✘ pipeline other  ADF360
        reuse makes it use parameter `file` of dataset `orders`, which rename has removed
        reuse factory/adf/pipeline/other.json:9
        merged factory/adf/pipeline/other.json:13

    ✘ pipeline other  ADF361
        reuse makes it call without a value for parameter `path` of dataset `orders`, which rename has made necessary
        reuse factory/adf/pipeline/other.json:9
        merged factory/adf/pipeline/other.json:10

    merged, 2 things break
    "##);
    git(&environment, &["merge", "--quiet", "--no-edit", "rename"]);
}

#[test]
fn branches_that_fit_together() {
    let environment = branches();

    let ended = diff(
        &environment,
        &["--merge", "main", "reuse", "--output", "json"],
    );

    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ended.json()["findings"], json!([]));
}

#[test]
fn a_merge_is_told_in_a_comment() {
    let ended = diff(
        &branches(),
        &["--merge", "rename", "reuse", "--format", "markdown"],
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    ended.says("| 🔴 | pipeline <code>other</code> | reuse makes it use parameter <code>file</code> of dataset <code>orders</code>, which rename has removed (ADF360) |");
}

/// `one` and `other`, each with a pipeline of its own making, which git merges or not.
fn both(one: &str, other: &str) -> TestEnvironment {
    let path = "factory/adf/pipeline/p.json";
    let environment = with_git(TestEnvironment::new());
    let environment = environment.file("dataops.yaml", "name: x\nadf: { root: factory/adf }\n");
    let mut environment = environment.file(path, listed("", "", 0));
    commit(&environment, "first");
    for (name, text) in [("one", one), ("other", other)] {
        git(
            &environment,
            &["switch", "--quiet", "--create", name, "main"],
        );
        environment = environment.file(path, text);
        commit(&environment, name);
    }
    environment
}

/// A pipeline with an activity, and what stands before and after it, each on lines of its own.
fn listed(before: &str, after: &str, retry: u32) -> String {
    format!(
        "{{\n\"name\": \"p\",\n\"properties\": {{\n\"activities\": [\n{before}{{\n\"name\": \"w\",\n\"type\": \"Wait\",\n\
        \"description\": \"{retry}\",\n\"dependsOn\": [],\n\"userProperties\": [],\n\
        \"typeProperties\": {{\"waitTimeInSeconds\": 1}}\n}}\n{after}]\n}}\n}}\n"
    )
}

#[test]
fn what_git_makes_of_both_is_looked_at() {
    let new =
        "{\"name\": \"new\", \"type\": \"Wait\", \"typeProperties\": {\"waitTimeInSeconds\": 1}}";
    let environment = both(
        &listed(&format!("{new},\n"), "", 0),
        &listed("", &format!(",{new}\n"), 0),
    );

    let ended = diff(&environment, &["--merge", "one", "other"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    ended
        .says("pipeline p  ADF111")
        .says("merged factory/adf/pipeline/p.json:14")
        .says("activity `new` is new (Wait)  one factory/adf/pipeline/p.json:5");
    git(&environment, &["fsck", "--no-dangling"]);
    git(&environment, &["merge", "--quiet", "--no-edit", "one"]);
}

#[test]
fn what_git_cannot_merge_is_said_as_such() {
    let environment = both(&listed("", "", 1), &listed("", "", 2));

    let ended = diff(
        &environment,
        &["--merge", "one", "other", "--output", "json"],
    );

    assert_eq!(ended.code, Some(1), "{ended}");
    let findings = &ended.json()["findings"];
    assert_eq!(findings[0]["fault"], "text");
    assert_eq!(findings[0]["places"][0]["line"], 8);
    assert_eq!(findings[1]["fault"], "conflict");
    assert_eq!(findings.as_array().map(Vec::len), Some(2));
}

#[test]
fn what_cannot_be_read_is_no_agreement() {
    let environment = TestEnvironment::new()
        .file("a/pipeline/p.json", "{\"properties\": {}}")
        .file("b/pipeline/p.json", "{broken");
    let between = ["--adf", "a", "--base", "a", "--head", "b", "--exit-code"];

    let human = diff(&environment, &between);
    let comment = diff(
        &environment,
        &[&between[..], &["--format", "markdown"]].concat(),
    );
    let json = diff(
        &environment,
        &[&between[..], &["--output", "json"]].concat(),
    );

    for ended in [&human, &comment, &json] {
        assert_eq!(ended.code, Some(1), "{ended}");
    }
    human
        .says("no difference, 1 file cannot be read")
        .says("pipeline/p.json:1  in the head");
    comment.says("in the head cannot be read");
    let file = &json.json()["unreadable"]["head"][0];
    assert_eq!(file["file"], "pipeline/p.json:1");
}
