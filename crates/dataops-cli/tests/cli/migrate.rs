//! `dataops migrate`: what other tools know of environments, in `dataops.yaml`.

use serde_json::{Value, json};

use crate::environment::{Ended, Program, TestEnvironment};

const CANARY: &str = "c4n4ry-5ecret";

fn factory() -> TestEnvironment {
    let databricks = json!({"name": "Databricks", "properties": {"type": "AzureDatabricks", "typeProperties": {
        "domain": "https://dev.test", "existingClusterId": "c-1", "encryptedCredential": "sealed",
        "accessToken": {"type": "SecureString", "value": "x"}}}});
    let trigger = json!({"name": "Daily", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started",
        "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}}}});
    TestEnvironment::new()
        .file("adf/linkedService/Databricks.json", databricks.to_string())
        .file("adf/trigger/Daily.json", trigger.to_string())
        .file("adf/factory/adf-dev.json", r#"{"name": "adf-dev"}"#)
}

/// A configuration with something that is lost, something that happened by accident and something worth knowing.
fn qa(environment: TestEnvironment) -> TestEnvironment {
    environment.file(
        "adf/deployment/config-qa.csv",
        "type,name,path,value
linkedService,Databricks,typeProperties.domain,https://$Env:REGION.test
linkedService,Databricks,typeProperties.clusterid,c-2
linkedService,Databricks,-typeProperties.encryptedCredential,
trigger,Daily,typeProperties.recurrence.startTime,$(Get-Date)
trigger,Daily,runtimeState,Stopped
trigger,Daily,typeProperties.recurrence.interval,2
",
    )
}

/// One that is taken over whole.
fn uat(environment: TestEnvironment) -> TestEnvironment {
    environment.file(
        "deployment/config-uat.csv",
        "type,name,path,value\ntrigger,Daily,typeProperties.recurrence.interval,6\n",
    )
}

fn migrate(environment: &TestEnvironment, args: &[&str]) -> Ended {
    environment.run(Program::Dataops, &[&["migrate"], args].concat())
}

fn settings(environment: &TestEnvironment) -> String {
    std::fs::read_to_string(environment.path("dataops.yaml")).unwrap_or_default()
}

#[test]
fn settings_go_to_stdout_and_what_a_person_must_know_to_stderr() {
    let environment = qa(factory());

    let ended = migrate(&environment, &["--adf", "adf"]);

    insta::assert_snapshot!(ended, @r#"
    exit: 1
    ----- stdout
    name: adf-dev
    adf:
      root: adf
    environments:
      qa:
        overrides:
          linkedService.Databricks.typeProperties.domain: "https://${REGION}.test"
          trigger.Daily.typeProperties.recurrence.interval: 2
        triggers:
          Daily: off
    ----- stderr
    error: adf/deployment/config-qa.csv:3:41: there is no `clusterid`, in the linked service `Databricks`
    hint: there is `domain`, `existingClusterId`, `encryptedCredential`, `accessToken`
    error: adf/deployment/config-qa.csv:5:51: the old tool runs `$(…)` as PowerShell code; nothing is run here
    hint: let the pipeline put the result into a variable, and write `${NAME}`
    note: adf/deployment/config-qa.csv:2:56: `REGION`: without a value, the old tool deploys nothing in its place; dataops says so and stops
    hint: where nothing is meant, write `${NAME:-}`
    note: adf/deployment/config-qa.csv:4:27: no deployment of dataops sends an `encryptedCredential`: nothing has to take it out of the linked service `Databricks`
    qa: 3 settings
    qa: variables as before: REGION
    notes: 2 could not be taken over, 2 worth knowing
    nothing was written; --write puts it into dataops.yaml
    dataops.yaml still lacks, for Azure:
      environments.qa: subscription, resourceGroup, dataFactory
      and `location`, where there is no such factory yet
    next:
      the same with --write
      dataops validate
      dataops plan --env qa
    "#);
    assert!(!environment.path("dataops.yaml").exists());
}

#[test]
fn a_file_is_made_extended_and_never_overwritten() {
    let environment = uat(factory());
    let write =
        |args: &[&str]| migrate(&environment, &[&["--adf", "adf", "--write"], args].concat());

    let made = write(&[]);
    let again = write(&[]);
    let text = settings(&environment).replace("interval: 6", "interval: 7 # every seven days");
    std::fs::write(environment.path("dataops.yaml"), &text).unwrap();
    let kept = write(&[
        "uat=deployment/config-uat.csv",
        "prod=deployment/config-uat.csv",
    ]);

    assert_eq!(
        (made.code, again.code, kept.code),
        (Some(0), Some(0), Some(1))
    );
    assert_eq!(made.stdout, "dataops.yaml: made\n", "{made}");
    assert_eq!(again.stdout, "dataops.yaml: has all of it\n", "{again}");
    kept.says("other values were left as they are: environments.uat.overrides.trigger.Daily.typeProperties.recurrence.interval; `--replace` replaces them");
    assert!(settings(&environment).starts_with(&text), "{kept}");
    insta::assert_snapshot!(kept.stdout, @"
    dataops.yaml: changed
    …
          overrides:
            trigger.Daily.typeProperties.recurrence.interval: 7 # every seven days
    +   prod:
    +     overrides:
    +       trigger.Daily.typeProperties.recurrence.interval: 6
    ");

    let complete = settings(&environment).replace(
        "  prod:\n",
        "  prod:\n    subscription: s\n    resourceGroup: rg\n    dataFactory: adf\n",
    );
    std::fs::write(environment.path("dataops.yaml"), complete).unwrap();
    let replaced = write(&["--replace"]);

    replaced
        .says("dataops.yaml still lacks, for Azure:\n  environments.uat: subscription, resourceGroup, dataFactory\n  and")
        .says("next:\n  dataops validate\n  dataops plan --env uat");
    assert_eq!(replaced.code, Some(0), "{replaced}");
    replaced.says("other values were replaced: environments.uat.");
    assert!(settings(&environment).contains("interval: 6 # every seven days"));
}

#[test]
fn what_is_written_already_is_not_offered_again() {
    let environment = uat(factory());
    let call = |args: &[&str]| migrate(&environment, &[&["--adf", "adf"], args].concat());
    let first = call(&[]);
    call(&["--write"]);

    let second = call(&[]);
    let text = settings(&environment).replace("interval: 6", "interval: 7");
    std::fs::write(environment.path("dataops.yaml"), &text).unwrap();
    let other = call(&[]);
    let more = call(&[
        "uat=deployment/config-uat.csv",
        "prod=deployment/config-uat.csv",
    ]);

    let offer = "nothing was written; --write puts it into dataops.yaml\n";
    let path = "environments.uat.overrides.trigger.Daily.typeProperties.recurrence.interval";
    first.says(offer).says("the same with --write");
    assert_eq!(
        (second.code, other.code, more.code),
        (Some(0), Some(1), Some(1))
    );
    second.says("dataops.yaml has all of it already; there is nothing to write\n");
    assert!(!second.stderr.contains("--write"), "{second}");
    other.says(&format!(
        "dataops.yaml has other values, which stay: {path}; `--write --replace` replaces them\n\
             dataops.yaml has all the rest already\n"
    ));
    assert!(!other.stderr.contains("the same with --write"), "{other}");
    more.says(&format!(
        "dataops.yaml has other values, which stay: {path}\n{offer}"
    ));
    assert_eq!(settings(&environment), text);
}

#[test]
fn parameter_files_filters_and_options_are_known_by_what_they_hold() {
    let parameters = json!({"parameters": {
        "factoryName": {"value": "adf-qa"}, "Databricks_properties_typeProperties_existingClusterId": {"value": "c-7"}}});
    let environment = factory()
        .file("arm/qa.parameters.json", parameters.to_string())
        .file("rules.txt", "-trigger.*\n")
        .file("publish.ps1", "$opt.DeleteNotInSource = $true\n");

    let ended = migrate(
        &environment,
        &[
            "arm/qa.parameters.json",
            "rules.txt",
            "publish.ps1",
            "--adf",
            "adf",
            "--format",
            "json",
        ],
    );

    let json = ended.json();
    let qa = &json["environments"][0];
    assert_eq!(ended.code, Some(0), "{ended}");
    assert_eq!(ended.stderr, "", "{ended}");
    assert_eq!(qa["dataFactory"], "adf-qa");
    assert_eq!(qa["deleteNotInSource"], true);
    assert_eq!(qa["except"], json!(["trigger.*"]));
    assert_eq!(
        qa["overrides"],
        json!({"linkedService.Databricks.typeProperties.existingClusterId": "c-7"})
    );
    assert_eq!(json["state"], "shown");
    let kinds: Vec<&Value> = json["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| &note["kind"])
        .collect();
    assert_eq!(kinds, ["selection"]);
}

#[test]
fn a_secret_of_another_tool_is_found_nowhere() {
    let parameters = json!({"parameters": {"Databricks_accessToken": {"value": CANARY}, "nothing": {"value": CANARY}}});
    let environment = factory()
        .file(
            "config-qa.csv",
            format!(
                "type,name,path,value\nlinkedService,Databricks,typeProperties.accessToken.value,{CANARY}\nlinkedService,Databricks,a.b,{CANARY}\n"
            ),
        )
        .file("qa.parameters.json", parameters.to_string())
        .file("config-broken.csv", format!("type,name,value\ntrigger,Daily,{CANARY}\n"))
        .file("config-broken.json", format!("{{\"Databricks\": [{{\"name\": \"a\", \"value\": \"{CANARY}\""));

    let mut seen = 0;
    for files in [
        &["config-qa.csv"][..],
        &["qa.parameters.json"],
        &["config-broken.csv"],
        &["config-broken.json"],
    ] {
        for args in [
            &["--adf", "adf"][..],
            &["--adf", "adf", "--write"],
            &["--adf", "adf", "--output", "json"],
        ] {
            let ended = migrate(&environment, &[files, args].concat());

            assert!(
                !format!("{ended}{}", settings(&environment)).contains(CANARY),
                "{ended}"
            );
            seen += usize::from(ended.stdout.contains("DATABRICKS_ACCESS_TOKEN"));
        }
    }
    assert!(seen >= 4, "{seen}");
    assert!(settings(&environment).contains("{ secret: \"${DATABRICKS_ACCESS_TOKEN}\" }"));
}

#[test]
fn what_cannot_be_taken_over_at_all_changes_nothing() {
    let environment = factory().file(
        "ARMTemplateParametersForFactory.json",
        r#"{"parameters": {"factoryName": {"value": "x"}}}"#,
    );
    let refused =
        |args: &[&str]| migrate(&environment, &[args, &["--adf", "adf", "--write"]].concat());

    refused(&[])
        .refused(2)
        .says("there is nothing to take over");
    refused(&["none.csv"])
        .refused(2)
        .says("none.csv: No such file");
    refused(&["ARMTemplateParametersForFactory.json"])
        .refused(2)
        .says(
            "hint: put the environment before it, as in `qa=ARMTemplateParametersForFactory.json`",
        );
    assert_eq!(settings(&environment), "");

    let broken = uat(factory()).file("dataops.yaml", "name: x\nenvironments: [\n");
    migrate(&broken, &["--adf", "adf", "--write"])
        .refused(2)
        .says("dataops.yaml:");
    assert_eq!(settings(&broken), "name: x\nenvironments: [\n");

    let elsewhere = uat(factory()).file("other/x", "");
    migrate(
        &elsewhere,
        &[
            "--adf",
            "adf",
            "--write",
            "--solution",
            "other",
            "deployment/config-uat.csv",
        ],
    )
    .refused(2)
    .says("does not lie in the solution");
}

#[test]
fn what_was_written_is_read_by_other_commands() {
    let environment = uat(factory());
    migrate(&environment, &["--adf", "adf", "--write"]);

    let ended = environment.run(Program::Dataops, &["validate", "--output", "json"]);

    // The factory's subscription and group stand in no file of the other tool.
    let report = ended.json();
    let findings = report["findings"].as_array().unwrap();
    let of_settings = findings.iter().filter(|it| it["file"] == "dataops.yaml");
    let messages: Vec<_> = of_settings
        .map(|it| it["message"].as_str().unwrap())
        .collect();
    insta::assert_snapshot!(messages.join("\n"), @"environment `uat` has no `subscription`, no `resourceGroup`, no `dataFactory`");
}

#[test]
fn a_filter_alone_says_what_it_selects() {
    let environment = factory().file("rules.txt", "+trigger.*\n+linkedService.Databricks\n");

    let ended = migrate(&environment, &["--adf", "adf", "--filter", "rules.txt"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    let told = "what the filter selects: dataops plan --env ENV --only 'trigger.*' --only 'linkedService.Databricks'";
    assert!(ended.stderr.contains(told), "{ended}");
}
