//! `dataops diff`: between commits, folders and the working tree, for people, programs and pull requests.

use serde_json::{Value, json};

use crate::environment::{Ended, Program, TestEnvironment};
use crate::git::{commit, git, with_git};

fn diff(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["diff"], args].concat())
}

fn pipeline(retry: u32, path: &str) -> Value {
    json!({"name": "ingest", "properties": {"activities": [{
        "name": "copy", "type": "Copy", "policy": {"retry": retry},
        "inputs": [{"referenceName": "orders", "type": "DatasetReference", "parameters": {"file": path}}],
    }], "annotations": []}})
}

fn dataset(container: &str) -> Value {
    json!({"name": "orders", "properties": {"type": "Json", "parameters": {"file": {"type": "string"}}, "typeProperties": {"location": {
        "container": container, "fileName": {"value": "@dataset().file", "type": "Expression"}}}}})
}

fn written(environment: TestEnvironment, path: &str, json: &Value) -> TestEnvironment {
    environment.file(path, format!("{json:#}\n"))
}

/// A solution in git: `main` has a pipeline and a dataset, and the working tree is on `work` with changes of both.
fn solution() -> TestEnvironment {
    let environment = with_git(TestEnvironment::new());
    let environment = environment.file("dataops.yaml", "name: x\nadf: { root: factory/adf }\n");
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(0, "@{pipeline().RunId}.json"),
    );
    let environment = written(
        environment,
        "factory/adf/dataset/orders.json",
        &dataset("input"),
    );
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(3, "@{pipeline().GroupId}.json"),
    );
    written(
        environment,
        "factory/adf/dataset/orders.json",
        &dataset("archive"),
    )
}

/// The text without ids of commits.
fn shown(ended: &Ended) -> String {
    let mut text = ended.stdout.clone();
    while let Some(at) = text.find(" (").filter(|at| {
        text[at + 2..]
            .chars()
            .take(8)
            .all(|c| c.is_ascii_hexdigit())
    }) {
        text.replace_range(at..at + 11, "");
    }
    text
}

#[test]
fn the_working_tree_is_compared_with_what_it_began_with() {
    let environment = solution();

    let ended = diff(&environment, &[]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(shown(&ended), @r##"
    HEAD → working tree  2 changed

    ~ pipeline ingest  factory/adf/pipeline/ingest.json
        copy
          ~ policy.retry  0 → 3  line 9  ! run behaviour
          ~ inputs["orders"].parameters.file  "@{pipeline().RunId}.json" → "@{pipeline().GroupId}.json"  line 16  ! data location

    ~ dataset orders (Json)  factory/adf/dataset/orders.json
        ~ location.container  "input" → "archive"  line 12  ! data location
        reaches pipeline ingest
    "##);
}

#[test]
fn commits_are_compared_without_a_checkout() {
    let environment = solution();
    commit(&environment, "second");
    let environment = written(
        environment,
        "factory/adf/pipeline/ingest.json",
        &pipeline(9, "x"),
    );

    let ended = diff(
        &environment,
        &["--base", "main", "--head", "work", "--output", "json"],
    );

    let json = ended.json();
    assert_eq!(
        json["summary"],
        json!({"added": 0, "removed": 0, "renamed": 0, "changed": 2})
    );
    assert_eq!(
        json["changes"][0]["headPath"],
        "factory/adf/pipeline/ingest.json"
    );
    let difference = &json["changes"][0]["differences"][1];
    assert_eq!(
        difference["path"],
        "activities[\"copy\"].inputs[\"orders\"].parameters.file"
    );
    assert_eq!(difference["expression"]["onlyAfter"], json!([".GroupId"]));
    let text =
        std::fs::read_to_string(environment.path("factory/adf/pipeline/ingest.json")).unwrap();
    assert!(text.contains('9'), "{text}");
}

#[test]
fn a_branch_that_went_on_does_not_show_as_a_change() {
    let environment = solution();
    commit(&environment, "second");
    git(&environment, &["switch", "--quiet", "main"]);
    let environment = environment.file("factory/adf/dataset/new.json", "{\"properties\": {}}");
    commit(&environment, "third");
    git(&environment, &["switch", "--quiet", "work"]);

    let since = diff(&environment, &["--output", "json"]).json();
    let against = diff(&environment, &["--base", "main", "--output", "json"]).json();
    let common = diff(
        &environment,
        &["--base", "main", "--merge-base", "--output", "json"],
    )
    .json();

    assert_eq!(
        (&since["summary"]["removed"], &since["summary"]["changed"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(against["summary"]["removed"], 1);
    assert_eq!(common["changes"], since["changes"]);
}

#[test]
fn folders_are_compared_without_git() {
    let environment = written(
        TestEnvironment::new(),
        "a/dataset/orders.json",
        &dataset("input"),
    );
    let environment = written(environment, "b/dataset/orders.json", &dataset("archive"));

    let same = diff(
        &environment,
        &["--adf", "a", "--base", "a/", "--head", "./a", "--exit-code"],
    );
    let other = diff(
        &environment,
        &["--adf", "a", "--base", "a", "--head", "b", "--exit-code"],
    );

    assert_eq!(same.code, Some(0), "{same}");
    assert_eq!(other.code, Some(1), "{other}");
    other.says("location.container  \"input\" → \"archive\"");
}

#[test]
fn what_means_nothing_is_shown_when_it_is_asked_for() {
    let environment = written(
        TestEnvironment::new(),
        "a/pipeline/p.json",
        &json!({"properties": {"lastPublishTime": "1"}}),
    );
    let environment = written(
        environment,
        "b/pipeline/p.json",
        &json!({"properties": {"lastPublishTime": "2", "variables": {}}}),
    );
    let between = ["--adf", "a", "--base", "a", "--head", "b"];

    let plain = diff(&environment, &[&between[..], &["--exit-code"]].concat());
    let all = diff(&environment, &[&between[..], &["--all"]].concat());

    assert_eq!(plain.code, Some(0), "{plain}");
    plain.says("no difference").says("--all");
    all.says("lastPublishTime  \"1\" → \"2\"  line 3  means nothing");
}

#[test]
fn a_comment_for_a_pull_request_holds_no_markup_of_documents() {
    let evil = "x|<img src=x onerror=alert(1)> @team ``` </details> ##vso[task.complete]";
    let document = |text: &str| {
        json!({"name": evil, "properties": {"description": text, "activities": [
        {"name": evil, "type": "Wait", "typeProperties": {"waitTimeInSeconds": text}}]}})
    };
    let environment = written(TestEnvironment::new(), "a/pipeline/p.json", &document("1"));
    let environment = written(environment, "b/pipeline/p.json", &document(evil));

    let ended = diff(
        &environment,
        &[
            "--adf", "a", "--base", "a", "--head", "b", "--format", "markdown",
        ],
    );

    assert_eq!(ended.code, Some(0), "{ended}");
    let mut fence = String::new();
    for line in ended.stdout.lines() {
        if fence.is_empty() {
            let start = line.trim_start_matches('`');
            fence = "`".repeat(line.len() - start.len());
            assert!(!line.contains("<img") && !line.contains("@team"), "{line}");
        } else if line == fence {
            fence.clear();
        } else {
            assert!(!line.starts_with("```"), "{line}");
        }
    }
    assert_eq!(fence, "", "{ended}");
    assert!(!ended.stdout.contains("##vso["), "{ended}");
}

#[test]
fn a_comment_for_a_pull_request_is_reviewed() {
    let ended = diff(&solution(), &["--format", "markdown"]);

    insta::with_settings!({ filters => [("&#40;[0-9a-f]{8}&#41;", "&#40;ID&#41;")] }, {
        insta::assert_snapshot!(shown(&ended), @r##"
    ### Data Factory: 2 changed

    <code>HEAD &#40;ID&#41;</code> → <code>working tree</code>

    | | resource | what differs | look at |
    |---|---|---|---|
    | 🟡 changed | pipeline <code>ingest</code> | 2 places | ⚠️ data location, run behaviour |
    | 🟡 changed | dataset <code>orders</code> | 1 place | ⚠️ data location |

    <details><summary>Picture: green is added, red removed, amber changed</summary>

    ```mermaid
    flowchart LR
      n0[("orders<br/><small>dataset</small>")]:::isChanged
      n1(["ingest<br/><small>pipeline</small>"]):::isChanged
      n1 --> n0
      classDef isDataset fill:#fff,stroke:#0f766e,stroke-width:2px,color:#0f172a
      classDef isPipeline fill:#fff,stroke:#1d4ed8,stroke-width:2px,color:#0f172a
      classDef isChanged fill:#fef3c7,stroke:#b45309,stroke-width:2px,color:#0f172a
    ```

    </details>

    <details><summary>🟡 changed pipeline <code>ingest</code></summary>

    <code>factory/adf/pipeline/ingest&#46;json</code>
    - ⚠️ data location: activity <code>copy</code>: <code>file</code>: <code>&#64;&#123;pipeline&#40;&#41;&#46;RunId&#125;&#46;json</code> → <code>&#64;&#123;pipeline&#40;&#41;&#46;GroupId&#125;&#46;json</code>
    - ⚠️ run behaviour: activity <code>copy</code>: <code>retry</code>: <code>0</code> → <code>3</code>

    ```diff
    @@ activities["copy"].policy.retry
    - 0
    + 3
    @@ activities["copy"].inputs["orders"].parameters.file
    - "@{pipeline().RunId}.json"
    + "@{pipeline().GroupId}.json"
    ```

    </details>

    <details><summary>🟡 changed dataset <code>orders</code></summary>

    <code>factory/adf/dataset/orders&#46;json</code>
    - ⚠️ data location: <code>container</code>: <code>input</code> → <code>archive</code>
    - reaches pipeline <code>ingest</code>

    ```diff
    @@ typeProperties.location.container
    - "input"
    + "archive"
    ```

    </details>
    "##);
    });
}

#[test]
fn a_comment_fits_however_much_differs() {
    let mut environment = TestEnvironment::new();
    for number in 0..400 {
        let name = format!("dataset/a_dataset_with_a_name_of_some_length_{number}.json");
        let document = |side: &str| {
            let columns: Vec<_> = (0..20)
                .map(|column| json!({"name": format!("column {column}"), "type": side}))
                .collect();
            json!({"properties": {"type": "Json", "schema": columns}})
        };
        environment = written(environment, &format!("a/{name}"), &document("String"));
        environment = written(environment, &format!("b/{name}"), &document("Int32"));
    }

    let ended = diff(
        &environment,
        &[
            "--adf", "a", "--base", "a", "--head", "b", "--format", "markdown",
        ],
    );

    assert!(
        ended.stdout.chars().count() < 65_000,
        "{}",
        ended.stdout.len()
    );
    ended.says("and 250 more").says("Left out to fit into a comment: the picture, which would have too many boxes; the details of");
}

#[test]
fn a_folder_that_a_base_did_not_have_yet_is_new() {
    let environment = with_git(TestEnvironment::new()).file("readme.md", "x");
    commit(&environment, "first");
    git(&environment, &["switch", "--quiet", "--create", "work"]);
    let environment = written(environment, "adf/dataset/orders.json", &dataset("input"));
    let environment = environment.file("dataops.yaml", "name: x\nadf: { root: adf }\n");

    let ended = diff(&environment, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    ended
        .says("1 added")
        .says("has no folder `adf`; everything counts as added");
}

#[test]
fn what_git_cannot_give_is_told() {
    let environment = solution();
    diff(&environment, &["--base", "nope"])
        .refused(2)
        .says("git knows no commit `nope`");
    diff(
        &environment,
        &["--head", "main", "--adf", "elsewhere", "--base", "main"],
    )
    .refused(2)
    .says("`main` has no folder `elsewhere`");

    let bare = TestEnvironment::new().file("adf/pipeline/p.json", "{}");
    diff(&bare, &["--adf", "adf"])
        .refused(2)
        .says("git cannot be started")
        .says("--base DIR --head DIR");
    let path = std::env::var("PATH").unwrap();
    diff(&bare.with("PATH", &path), &["--adf", "adf"])
        .refused(2)
        .says("is in no git repository");

    let lonely = with_git(TestEnvironment::new()).file("adf/pipeline/p.json", "{}");
    git(&lonely, &["switch", "--quiet", "--create", "work"]);
    commit(&lonely, "first");
    diff(&lonely, &["--adf", "adf"])
        .refused(2)
        .says("git has no branch")
        .says("--base REF");
    diff(&lonely, &["--adf", "adf", "--base", "env:qa"])
        .refused(2)
        .says("there is no dataops.yaml");
}

#[test]
fn a_shallow_clone_is_told_how_to_get_deeper() {
    let environment = solution();
    commit(&environment, "second");
    let origin = format!("file://{}", environment.path(".").display());
    git(
        &environment,
        &[
            "clone", "--quiet", "--depth", "1", "--branch", "work", &origin, "clone",
        ],
    );

    let ended = diff(&environment, &["--solution", "clone", "--base", "main"]);

    ended
        .refused(2)
        .says("git knows no commit `main`")
        .says("fetch-depth: 0");
}

#[test]
fn two_folders_need_no_solution() {
    let environment = written(
        TestEnvironment::new(),
        "one/dataset/orders.json",
        &dataset("input"),
    );
    let environment = written(environment, "two/dataset/orders.json", &dataset("archive"));

    let ended = diff(&environment, &["--base", "one", "--head", "two"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("\"input\" → \"archive\""), "{ended}");
}

#[test]
fn the_branch_of_a_pull_request_is_the_one_that_ci_names() {
    let environment = solution();
    commit(&environment, "second");
    git(&environment, &["branch", "release", "work"]);
    let environment = environment.with("GITHUB_BASE_REF", "release");

    let ended = diff(&environment, &["--output", "json"]);

    assert_eq!(ended.json()["changes"], json!([]), "{ended}");
}

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
