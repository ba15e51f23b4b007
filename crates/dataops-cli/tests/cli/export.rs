//! `dataops export arm`: what is written, and what is said about it.

use std::fs;

use serde_json::{Value, json};

use crate::environment::{Ended, Program, TestEnvironment};

/// A factory with a pipeline and a linked service, as the source `adf`.
fn factory() -> TestEnvironment {
    let service = json!({"name": "ls", "properties": {"type": "HttpServer", "typeProperties": {"url": "https://dev.test"}}});
    TestEnvironment::new()
        .file("adf/linkedService/ls.json", service.to_string())
        .file(
            "adf/pipeline/p.json",
            r#"{"name": "p", "properties": {"activities": []}}"#,
        )
        .file(
            "adf/factory/adf-dev.json",
            r#"{"name": "adf-dev", "location": "westeurope"}"#,
        )
}

fn export(environment: &TestEnvironment, more: &[&str]) -> Ended {
    let args = ["export", "arm", "--source", "adf", "--out", "out"];
    environment.run(Program::Dataops, &[&args, more].concat())
}

fn json_of(environment: &TestEnvironment, path: &str) -> Value {
    serde_json::from_slice(&fs::read(environment.path(path)).unwrap()).unwrap()
}

fn files(environment: &TestEnvironment, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(environment.path(folder)).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_files_are_those_of_data_factory_and_others_stay() {
    let environment = factory()
        .file("out/readme.md", "ours")
        .file("out/linkedTemplates/ArmTemplate_7.json", "{}");

    let ended = export(&environment, &[]);

    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), ""),
        "{ended}"
    );
    insta::assert_snapshot!(ended.stdout, @r#"
    adf-dev: 2 resources and 2 parameters

    limits of ARM
      parameters                   2 of 256
      resources                    2 of 800
      template                 861 B of 4.0 MiB
      largest resource         261 B of 1.0 MiB
      longest expression          48 of 24576
      parameters file          235 B of 4.0 MiB

    parameters, by Data Factory's own definition
         1  the factory's name
         1  linkedServices.*.properties.typeProperties.url  =

    written to out
      ARMTemplateForFactory.json                             1.0 KiB
      ARMTemplateParametersForFactory.json                     271 B
      globalParameters/adf-dev_GlobalParameters.json             2 B
      linkedTemplates/ (3 files)                             2.6 KiB
      linkedTemplates/ArmTemplate_7.json                   removed, it is no part any more
    "#);
    assert_eq!(
        files(&environment, "out"),
        [
            "ARMTemplateForFactory.json",
            "ARMTemplateParametersForFactory.json",
            "globalParameters",
            "linkedTemplates",
            "readme.md"
        ]
    );
    assert_eq!(
        files(&environment, "out/linkedTemplates"),
        [
            "ArmTemplateParameters_master.json",
            "ArmTemplate_0.json",
            "ArmTemplate_master.json"
        ]
    );
    let text =
        fs::read_to_string(environment.path("out/ARMTemplateParametersForFactory.json")).unwrap();
    assert!(
        text.contains("\n\t\t\"factoryName\": {\n\t\t\t\"value\": \"adf-dev\"\n"),
        "{text}"
    );
}

#[test]
fn a_definition_that_cannot_be_read_is_an_error_with_its_place() {
    let environment = factory().file(
        "adf/arm-template-parameters-definition.json",
        "{\n  \"a\": ,\n}",
    );

    let ended = export(&environment, &[]);

    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(ended.stderr, @r#"
    error: adf/arm-template-parameters-definition.json:2:8: the file has no effect: expected a value, found `,`
    hint: is there a comma too many? Data Factory says nothing and takes its default definition; so do these templates
    "#);
    assert_eq!(files(&environment, "out").len(), 4);
}

#[test]
fn a_document_that_cannot_be_read_keeps_everything_as_it_is() {
    let environment = factory().file(
        "adf/pipeline/broken.json",
        "{\"name\": \"broken\",\n \"properties\": {\n",
    );

    let ended = export(&environment, &[]);

    ended.refused(2);
    insta::assert_snapshot!(ended.stderr, @r#"
    error: adf/pipeline/broken.json:3:1: expected a key in double quotes, or `}`, found the end of the file
    hint: nothing was written: the templates would lack it
    "#);
    assert!(!environment.path("out").exists());
}

#[test]
fn a_document_that_is_only_a_guess_makes_the_templates_useless() {
    let environment = factory()
        .file(
            "adf/pipeline/comma.json",
            "{\"name\": \"comma\"\n \"properties\": {\"activities\": []}}",
        )
        .file(
            "adf/pipeline/second.json",
            "{\"name\": \"second\", \"properties\": {\"activities\": []}}\n{\"name\": \"third\"}",
        );

    let ended = export(&environment, &[]);

    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(ended.stderr, @r#"
    error: adf/pipeline/comma.json:2:2: expected `,` or `}`, found `"properties"`
    hint: is a comma missing before it?
    error: adf/pipeline/second.json:2:1: expected the end of the file, found `{`
    hint: what follows the document is not read
    "#);
}

#[test]
fn warnings_are_errors_only_when_they_are_asked_to_be() {
    let pipeline = json!({"name": "q", "properties": {"activities": [{"name": "call", "type": "ExecutePipeline",
        "typeProperties": {"pipeline": {"referenceName": "gone", "type": "PipelineReference"}}}]}});
    let environment = factory().file("adf/pipeline/q.json", pipeline.to_string());

    let ended = export(&environment, &[]);
    assert_eq!(ended.code, Some(0), "{ended}");
    insta::assert_snapshot!(ended.stderr, @r#"
    warning: adf/pipeline/q.json:1:110: the pipeline `q` refers to the pipeline `gone`, which has no file
    "#);

    assert_eq!(export(&environment, &["--strict"]).code, Some(1));
}

#[test]
fn the_result_is_one_document_for_programs() {
    let ended = export(&factory(), &["--output", "json"]);

    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(
        (&report["resources"], &report["parameters"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(
        report["limits"][0],
        json!({"limit": "parameters", "used": 2, "most": 256, "file": "ARMTemplateForFactory.json"})
    );
    assert_eq!(
        report["parametersByRule"][1],
        json!({"rule": "linkedServices.*.properties.typeProperties.url", "mark": "=", "parameters": 1})
    );
    assert_eq!(
        (&report["errors"], &report["warnings"], &report["rulesOf"]),
        (&json!(0), &json!(0), &json!("today"))
    );
    assert_eq!(report["files"][0]["path"], "ARMTemplateForFactory.json");
}

const SOLUTION: &str = "
name: claims
adf: { root: adf }
environments:
  qa:
    subscription: s
    resourceGroup: rg
    dataFactory: adf-qa
    overrides:
      linkedService.ls.typeProperties.url: https://qa.test
      pipeline.p.description: in QA
";

#[test]
fn an_environment_has_a_parameters_file_of_its_own() {
    let environment = factory().file("dataops.yaml", SOLUTION);
    let args = ["export", "arm", "--out", "out", "--params-for", "qa"];

    let ended = environment.run(Program::Dataops, &args);

    assert_eq!(ended.code, Some(0), "{ended}");
    insta::assert_snapshot!(ended.stderr, @r#"
    warning: environment `qa`: `pipeline.p.description` is no parameter of the template
    hint: mark the property in arm-template-parameters-definition.json, or deploy with `dataops deploy`
    "#);
    assert_eq!(
        json_of(&environment, "out/ARMTemplateParametersForFactory.qa.json")["parameters"],
        json!({"factoryName": {"value": "adf-qa"}, "ls_properties_typeProperties_url": {"value": "https://qa.test"}})
    );
    let unknown = environment.run(
        Program::Dataops,
        &[&args[..4], &["--params-for", "uat"]].concat(),
    );
    assert!(
        unknown
            .refused(2)
            .stderr
            .contains("there is no environment `uat`"),
        "{unknown}"
    );
}

#[test]
fn templates_have_the_names_of_an_environment() {
    let renaming = SOLUTION.replace(
        "    overrides:",
        "    renames: { linkedService.ls: ls-qa }\n    overrides:",
    );
    let other = "  uat: { subscription: s, resourceGroup: rg, dataFactory: adf-uat }\n";
    let environment = factory().file("dataops.yaml", &(renaming + other));
    let args = ["export", "arm", "--out", "out", "--params-for", "qa"];

    let plain = environment.run(Program::Dataops, &args);
    let named = environment.run(
        Program::Dataops,
        &[&args[..], &["--renames-of", "qa", "--params-for", "uat"]].concat(),
    );

    let said = "no resource can be renamed by a parameters file";
    assert!(plain.stderr.contains(said), "{plain}");
    assert_eq!(named.code, Some(0), "{named}");
    assert!(!named.stderr.contains(said), "{named}");
    let other = "environment `uat`: the templates have the names of `qa`";
    assert!(named.stderr.contains(other), "{named}");
    let template = json_of(&environment, "out/ARMTemplateForFactory.json").to_string();
    assert!(template.contains("/ls-qa')"), "{template}");
    assert!(!template.contains("/ls')"), "{template}");
    let parameters = json_of(&environment, "out/ARMTemplateParametersForFactory.qa.json");
    assert_eq!(
        parameters["parameters"]["ls-qa_properties_typeProperties_url"]["value"],
        "https://qa.test"
    );
}

#[test]
fn a_definition_of_ones_own_is_taken_as_it_is() {
    let environment = factory()
        .file("none.json", "{}")
        .file("broken.json", "{\n ]");

    let ended = export(&environment, &["--definition", "none.json"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let template = json_of(&environment, "out/ARMTemplateForFactory.json");
    assert_eq!(template["parameters"].as_object().unwrap().len(), 1);

    let ended = export(&environment, &["--definition", "broken.json"]);
    assert!(
        ended.refused(2).stderr.contains("broken.json:2:2: "),
        "{ended}"
    );
}

#[test]
fn a_name_that_the_service_refuses_is_a_warning() {
    let environment = factory();

    let ended = export(&environment, &["--factory", "adf_dev"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    insta::assert_snapshot!(ended.stderr, @r"
    warning: `adf_dev`: factory names may not have `_` at position 4
    hint: the service refuses such a factory
    ");
    let template = json_of(&environment, "out/ARMTemplateForFactory.json");
    assert_eq!(
        template["parameters"]["factoryName"]["defaultValue"],
        "adf_dev"
    );
}

#[test]
fn what_is_missing_is_named() {
    let said = |environment: &TestEnvironment, args: &[&str]| {
        let ended = environment.run(Program::Dataops, &[&["export", "arm"], args].concat());
        ended.refused(2).stderr.clone()
    };
    let two = factory().file("adf/factory/adf-qa.json", r#"{"name": "adf-qa"}"#);
    let empty = TestEnvironment::new().file("adf/readme.json", "{}");

    let source = ["--source", "adf", "--out", "out"];
    let texts = [
        said(&two, &source),
        said(&two, &[&source[..], &["--factory", "../adf"]].concat()),
        said(
            &two,
            &[
                "--source",
                "nowhere",
                "--out",
                "out",
                "--factory",
                "adf-dev",
            ],
        ),
        said(&two, &["--out", "out"]),
        said(&two, &[&source[..], &["--as-of", "2021"]].concat()),
        said(&empty, &source),
        said(
            &two,
            &[
                "--source",
                "adf",
                "--factory",
                "adf-dev",
                "--out",
                "adf/pipeline/p.json",
            ],
        ),
    ];

    insta::assert_snapshot!(texts.join("\n"), @r#"
    error: factory/ has several factories: adf-dev, adf-qa
    hint: choose one by --factory NAME

    error: `../adf` cannot name a factory, nor a file
    hint: a factory's name has 3 to 63 letters, digits and single hyphens

    error: nowhere: No such file or directory (os error 2)

    error: no dataops.yaml in . or a folder above it
    hint: name the solution's folder by --solution DIR
    hint: or write a new solution: `dataops init DIR`
    hint: or name the folder of the factory's documents by --source DIR

    error: invalid value '2021' for '--as-of <source|today|YYYY-MM>': expected source, today or a month such as 2021-05

    For more information, try '--help'.

    error: adf has no documents of a factory
    hint: it is the folder that has pipeline/, dataset/, linkedService/ and so on

    error: adf/pipeline/p.json: File exists (os error 17)
    hint: the folder to write into must be one, or be possible to make
    "#);
}
