use std::path::Path;

use adf_model::{Kind, ResourceId};
use serde_json::json;

use super::*;

const SETTINGS: &str = "
name: ingest
adf: { root: adf }
notebooks: { root: notebooks, target: /Shared/ingest }
contracts: [contracts/*.odcs.yaml]
ml: { pipelines: [ml/training/pipeline.yaml] }
python: { requirements: requirements.txt }
environments:
  local: { emulator: true }
  qa:
    dataFactory: adf-qa
    databricks: { host: h, cluster: { name: c, spec: clusters/qa.json } }
    overrides: { linkedService.S.typeProperties.url: qa, trigger.T.typeProperties.scope: qa }
  uat: { extends: qa, dataFactory: adf-uat, overrides: { linkedService.S.typeProperties.url: uat } }
  prod:
    extends: uat
    databricks: { host: h, cluster: { name: c, spec: clusters/prod.json } }
    overrides: { linkedService.S.typeProperties.url: prod }
";

fn settings(text: &str) -> Settings {
    Settings::parse(Path::new("dataops.yaml"), text).unwrap()
}

fn change(base: &str, head: &str, paths: &[&str]) -> Touched {
    let files: Vec<_> = paths
        .iter()
        .map(|path| match path.split_once(" → ") {
            Some((was, path)) => ChangedFile {
                path: path.to_owned(),
                was: Some(was.to_owned()),
                says_the_same: false,
            },
            None => ChangedFile {
                path: (*path).to_owned(),
                was: None,
                says_the_same: false,
            },
        })
        .collect();
    Touched::by(Change {
        base: &settings(base),
        head: &settings(head),
        files: &files,
        folder: "team/",
        adf_differs: true,
    })
}

/// The parts, and the environments that are deployed to or only tested.
fn told(touched: &Touched) -> String {
    let parts: Vec<_> = touched.parts.keys().map(|part| part.name()).collect();
    let environments = |is: &dyn Fn(&Work) -> bool| {
        let environments = touched.environments.iter().filter(|(_, work)| is(work));
        let names: Vec<_> = environments.map(|(name, _)| name.as_str()).collect();
        names.join(",")
    };
    format!(
        "{} | deploy {} | test {}",
        parts.join(","),
        environments(&|work| work.deploy),
        environments(&|work| work.test && !work.deploy)
    )
}

fn paths(paths: &[&str]) -> String {
    told(&change(SETTINGS, SETTINGS, paths))
}

fn edited(from: &str, to: &str) -> Touched {
    assert!(SETTINGS.contains(from), "{from}");
    change(
        SETTINGS,
        &SETTINGS.replace(from, to),
        &["team/dataops.yaml"],
    )
}

const ALL: &str = "local,prod,qa,uat";

#[test]
fn each_file_touches_its_part_and_nothing_else() {
    let deployed = |part: &str| format!("{part} | deploy {ALL} | test ");
    let only = |part: &str| format!("{part} | deploy  | test ");

    assert_eq!(paths(&["team/adf/pipeline/a.json"]), deployed("adf"));
    assert_eq!(
        paths(&["team/notebooks/a.py"]),
        deployed("notebooks,python")
    );
    assert_eq!(paths(&["team/notebooks/b.sql"]), deployed("notebooks"));
    assert_eq!(
        paths(&["team/contracts/c.odcs.yaml"]),
        format!("contracts | deploy  | test {ALL}")
    );
    assert_eq!(
        paths(&["team/ml/training/train.py"]),
        "ml,python | deploy local | test "
    );
    for path in [
        "team/tests/test_a.py",
        "team/tests/data/a.csv",
        "team/pyproject.toml",
        "team/requirements-dev.txt",
    ] {
        assert_eq!(paths(&[path]), only("python"), "{path}");
    }
    assert_eq!(
        paths(&["team/requirements.txt"]),
        "python | deploy  | test local",
        "the packages that notebooks run with here"
    );
    for path in [
        "team/.azuredevops/ci.yml",
        ".github/workflows/ci.yml",
        ".github/actions/install/action.yml",
        "azure-pipelines.yml",
        "team/branch-policy.yaml",
        "team/ci/install-dataops.sh",
        "ci/Dockerfile",
    ] {
        assert_eq!(paths(&[path]), only("ci"), "{path}");
    }
    for path in [
        "team/README.md",
        "team/adf/.vscode/settings.json",
        "team/contracts/readme.md",
        "team/adfx/pipeline/a.json",
        "other/adf/pipeline/a.json",
        "other/dataops.yaml",
        "team/.github/CODEOWNERS",
    ] {
        assert_eq!(paths(&[path]), only(""), "{path}");
    }
}

#[test]
fn a_renamed_file_touches_where_it_was_and_where_it_is() {
    let moved = change(
        SETTINGS,
        SETTINGS,
        &["team/notebooks/a.py → team/attic/a.txt"],
    );

    assert_eq!(
        told(&moved),
        format!("notebooks,python | deploy {ALL} | test ")
    );
    assert_eq!(
        moved.parts[&Part::Notebooks],
        ["team/notebooks/a.py → team/attic/a.txt"]
    );
}

#[test]
fn an_environment_is_touched_by_the_files_that_it_names() {
    assert_eq!(
        paths(&["team/clusters/prod.json"]),
        "settings | deploy prod | test "
    );
    assert_eq!(
        paths(&["team/clusters/qa.json"]),
        "settings | deploy qa,uat | test "
    );
    // Of an environment that goes, too: what is checked is not only what is deployed.
    let gone = SETTINGS.split("  prod:").next().unwrap();
    let removed = change(SETTINGS, gone, &["team/clusters/prod.json"]);
    assert!(removed.parts[&Part::Settings].contains(&"team/clusters/prod.json".to_owned()));
}

#[test]
fn who_may_run_a_file_is_no_part_of_a_deployment() {
    let settings = settings(SETTINGS);
    let files = ["notebooks/a.py", "notebooks/b.sql", "clusters/qa.json"].map(|path| ChangedFile {
        path: path.to_owned(),
        was: None,
        says_the_same: true,
    });

    let touched = Touched::by(Change {
        base: &settings,
        head: &settings,
        files: &files,
        folder: "",
        adf_differs: false,
    });

    assert_eq!(told(&touched), "python | deploy  | test ");
}

#[test]
fn a_value_touches_the_environments_that_have_it_and_no_other() {
    let own = edited("scope: qa", "scope: other");
    let replaced = edited("typeProperties.url: qa", "typeProperties.url: q2");
    let last = edited("typeProperties.url: prod", "typeProperties.url: p2");

    assert_eq!(told(&own), "settings | deploy prod,qa,uat | test ");
    assert_eq!(
        own.environments["prod"].why,
        ["dataops.yaml: environments.prod.overrides.trigger.T.typeProperties.scope"]
    );
    // Every other environment says otherwise itself.
    assert_eq!(told(&replaced), "settings | deploy qa | test ");
    assert_eq!(told(&last), "settings | deploy prod | test ");
}

#[test]
fn what_means_the_same_touches_nothing() {
    let comment = edited("name: ingest", "# the team's\nname:   'ingest'");
    let turned = edited("  local: { emulator: true }\n", "");
    let turned_back = change(
        SETTINGS,
        &SETTINGS.replace("adf: { root: adf }\n", "adf:\n  root: adf\n"),
        &["team/dataops.yaml"],
    );

    assert_eq!(told(&comment), " | deploy  | test ");
    assert_eq!(told(&turned_back), " | deploy  | test ");
    assert_eq!(told(&turned), "settings | deploy  | test ");
}

#[test]
fn documents_that_mean_the_same_are_checked_and_not_deployed() {
    let settings = settings(SETTINGS);
    let files = [ChangedFile {
        path: "adf/pipeline/a.json".to_owned(),
        was: None,
        says_the_same: false,
    }];

    let touched = Touched::by(Change {
        base: &settings,
        head: &settings,
        files: &files,
        folder: "",
        adf_differs: false,
    });

    assert_eq!(told(&touched), "adf | deploy  | test ");
}

#[test]
fn shared_settings_touch_what_goes_by_them() {
    let moved = edited("target: /Shared/ingest", "target: /Shared/other");
    let contracts = edited("contracts/*.odcs.yaml", "contracts/**/*.odcs.yaml");
    let added = edited("  uat: {", "  next: { extends: qa }\n  uat: {");

    assert_eq!(
        told(&moved),
        format!("notebooks,settings | deploy {ALL} | test ")
    );
    assert_eq!(
        told(&contracts),
        format!("contracts,settings | deploy  | test {ALL}")
    );
    assert_eq!(told(&added), "settings | deploy next | test ");
}

#[test]
fn without_anything_to_compare_with_everything_is_touched() {
    let small = settings("name: x\nadf: { root: adf }\nenvironments: { qa: {} }\n");

    let touched = Touched::everything(&small, "the first push");

    assert_eq!(told(&touched), "adf,python,settings,ci | deploy qa | test ");
    assert_eq!(touched.environments["qa"].why, ["the first push"]);
}

#[test]
fn a_bundle_passes_where_it_must_have_passed() {
    let chain = SETTINGS
        .replace("uat: { extends: qa,", "uat: { extends: qa, after: qa,")
        .replace("    extends: uat\n", "    extends: uat\n    after: uat\n");
    let base = settings(&chain);
    let head = settings(&chain.replace("typeProperties.url: prod", "typeProperties.url: p2"));
    let mut touched = Touched::by(Change {
        base: &base,
        head: &head,
        files: &[],
        folder: "",
        adf_differs: true,
    });

    Touched::pass_on(&mut touched.environments, &head);

    assert_eq!(told(&touched), "settings | deploy prod | test qa,uat");
    assert_eq!(
        touched.environments["qa"].why,
        ["prod takes only what has passed here"]
    );
}

/// The settings that differ, one a line.
fn said(from: &str, to: &str) -> String {
    assert!(SETTINGS.contains(from), "{from}");
    let changes = setting_changes(SETTINGS, &SETTINGS.replace(from, to), &[]);
    let rows = changes.into_iter().map(|it| {
        let told = |side: Option<String>| side.unwrap_or_else(|| "-".to_owned());
        format!("{}: {} → {}\n", it.place, told(it.before), told(it.after))
    });
    rows.collect()
}

#[test]
fn settings_are_told_with_what_they_said_wherever_they_are_taken_from() {
    assert_eq!(
        said("dataFactory: adf-qa", "dataFactory: adf-qa2"),
        "environments.qa.dataFactory: adf-qa → adf-qa2\n"
    );
    assert_eq!(
        said("dataFactory: adf-uat", "dataFactory: adf-uat2"),
        "environments.uat.dataFactory: adf-uat → adf-uat2\nenvironments.prod.dataFactory: adf-uat → adf-uat2\n"
    );
    assert_eq!(
        said("clusters/prod.json", "clusters/p.json"),
        "environments.prod.databricks.cluster.spec: clusters/prod.json → clusters/p.json\n"
    );
    assert_eq!(
        said("trigger.T.typeProperties.scope: qa", "x.y: 1"),
        "environments.qa.overrides.x.y: - → 1
environments.qa.overrides.trigger.T.typeProperties.scope: qa → -
environments.uat.overrides.x.y: - → 1
environments.uat.overrides.trigger.T.typeProperties.scope: qa → -
environments.prod.overrides.x.y: - → 1
environments.prod.overrides.trigger.T.typeProperties.scope: qa → -
"
    );
    assert_eq!(
        said("contracts: [contracts/*.odcs.yaml]\n", ""),
        "contracts: [contracts/*.odcs.yaml] → -\n"
    );
    assert_eq!(said("name: ingest", "name: 'ingest' # ours"), "");
}

#[test]
fn settings_are_told_without_their_secrets() {
    let place = "linkedService.S.typeProperties.url: prod";
    let with = |text: &str| said(place, text);

    let password = with("linkedService.S.typeProperties.password: hunter2");
    let text = with(
        "linkedService.S.typeProperties.connectionString: 'AccountName=a;AccountKey=aHVudGVyMg=='",
    );
    let scope = said(
        "{ host: h, cluster: { name: c, spec: clusters/prod.json } }",
        "{ host: h, secretScopes: { s: { values: { plain: hunter2 } } }, token: hunter2 }",
    );

    for told in [&password, &text, &scope] {
        assert!(told.contains("***"), "{told}");
        assert!(
            !told.contains("hunter2") && !told.contains("aHVudGVy"),
            "{told}"
        );
    }
    assert!(
        password.contains("typeProperties.password: - → ***"),
        "{password}"
    );
}

/// What is told of overrides and global parameters, where documents say what they are.
fn said_of_documents(added: &str) -> String {
    let id = |kind, name: &str| ResourceId::new(kind, name);
    let documents = [
        (
            id(Kind::Pipeline, "P"),
            json!({"properties": {"parameters": {"seed": {"type": "SecureString"}, "days": {"type": "string"}}, "activities": [
                {"name": "A", "type": "WebActivity", "typeProperties": {"url": "x", "x": "", "headers": [], "e": {"type": "SecureString", "value": ""}}}]}}),
        ),
        (
            id(Kind::Trigger, "T"),
            json!({"properties": {"pipelines": [
                {"pipelineReference": {"referenceName": "P", "type": "PipelineReference"}, "parameters": {"seed": ""}}]}}),
        ),
        (
            id(Kind::Factory, "f"),
            json!({"properties": {"globalParameters": {"g": {"type": "SecureString", "value": ""}}}}),
        ),
    ];
    let documents: Vec<_> = documents.iter().map(|(id, it)| (id, it)).collect();
    let head = SETTINGS.replace(
        "overrides: { linkedService.S.typeProperties.url: prod }",
        added,
    );
    let changes = setting_changes(SETTINGS, &head, &documents);
    let rows = changes.into_iter().filter_map(|it| {
        let last = it.place.strip_prefix("environments.prod.")?.to_owned();
        Some(format!("{last}: {}", it.after?))
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn documents_tell_which_settings_are_secrets() {
    for secret in [
        "overrides: { pipeline.P.parameters.seed.defaultValue: hunter2 }",
        "overrides: { pipeline.P.parameters.seed: { type: SecureString, defaultValue: hunter2 } }",
        "overrides: { pipeline.P.activities.A.typeProperties.e.value: hunter2 }",
        "overrides: { pipeline.P.activities.A.typeProperties.x: { type: SecureString, value: hunter2 } }",
        "overrides: { pipeline.P.activities.A.typeProperties.headers: [{ name: x-api-key, value: hunter2 }] }",
        "overrides: { trigger.T.pipelines.0.parameters.seed: hunter2 }",
        "overrides: { pipeline.Gone.parameters.p.defaultValue: hunter2 }",
        "globalParameters: { g: hunter2 }",
        "globalParameters: { h: { type: SecureString, value: hunter2 } }",
        "smoke: { parameters: [{ type: SecureString, value: hunter2 }] }",
    ] {
        let told = said_of_documents(secret);

        assert!(told.contains("***"), "{secret}: {told}");
        assert!(!told.contains("hunter2"), "{secret}: {told}");
    }
    assert_eq!(
        said_of_documents("overrides: { pipeline.P.parameters.days.defaultValue: '7' }"),
        "overrides.linkedService.S.typeProperties.url: uat\noverrides.pipeline.P.parameters.days.defaultValue: 7"
    );
}
