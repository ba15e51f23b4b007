//! Mistakes that only the overrides of an environment make.

use dataops_check::{Finding, Severity};

use crate::harness::{Case, assert_accepted, shown};

const SETTINGS: &str = "dataops.yaml";
const DOMAIN: &str = "linkedService.Databricks.typeProperties.domain: ${DATABRICKS_HOST}";
const KEEP: &str = "    triggers: { on-new-claims: keep }\n";

/// Overrides of the environment `qa`, which `uat` extends.
fn overriding(rule: &'static str, overrides: &[&str]) -> Case {
    let lines = [&[DOMAIN], overrides].concat().join("\n      ");
    Case::new(rule).replace(SETTINGS, DOMAIN, &lines)
}

/// An override of `uat`, too.
fn and_of_uat(case: Case, text: &str) -> Case {
    let both = format!("{KEEP}    overrides:\n      {text}\n");
    case.replace(SETTINGS, KEEP, &both)
}

/// What one override puts is wrong.
fn one(rule: &'static str, text: &str) -> Case {
    overriding(rule, &[text]).at(SETTINGS, text)
}

pub(crate) fn cases() -> Vec<Case> {
    [
        references(),
        expressions(),
        triggers(),
        documents(),
        several(),
    ]
    .concat()
}

fn references() -> Vec<Case> {
    vec![
        one(
            "ADF201",
            "dataset.Accounts.linkedServiceName.referenceName: Nope",
        ),
        one(
            "ADF201",
            "pipeline.train.activities.report.linkedServiceName: { referenceName: Nope, type: LinkedServiceReference }",
        ),
        // A circle through documents that no override is about.
        one(
            "ADF204",
            "pipeline.ingest-claims.activities.archive.typeProperties.pipeline.referenceName: ingest-claims",
        ),
        one(
            "XA108",
            "pipeline.train.activities.report.linkedServiceName.referenceName: MachineLearning",
        ),
        one(
            "XA101",
            "pipeline.train.activities.report.typeProperties.notebookPath: /Shared/claims/nope",
        ),
        one(
            "XA105",
            "pipeline.train.activities.report.typeProperties.libraries[0].pypi.package: pandas==2.0.0",
        ),
    ]
}

fn expressions() -> Vec<Case> {
    vec![
        one(
            "ADF310",
            "pipeline.archive-claims.activities.tell.typeProperties.body.value: \"@pipeline().parameters.gone\"",
        ),
        one(
            "ADF301",
            "pipeline.archive-claims.activities.tell.typeProperties.url: \"@concat('a', 'b'\"",
        ),
        // Who starts the pipeline is wrong now.
        one(
            "ADF362",
            "pipeline.tidy.parameters: { windowStart: { type: string }, windowEnd: { type: string } }",
        ),
    ]
}

fn triggers() -> Vec<Case> {
    vec![
        one(
            "ADF321",
            "trigger.on-new-claims.pipelines[0].parameters.file: \"@triggerBody().filname\"",
        ),
        one(
            "ADF703",
            "trigger.on-new-claims.typeProperties.scope: stclaimsqa",
        ),
        one(
            "XA110",
            "trigger.on-new-claims.typeProperties.blobPathBeginsWith: /inputs/blobs/",
        ),
        one(
            "ADF713",
            "trigger.every-night.typeProperties.recurrence.schedule.hours: [25]",
        ),
    ]
}

fn documents() -> Vec<Case> {
    vec![
        one(
            "ADF410",
            "pipeline.archive-claims.activities.tell.policy.retry: -1",
        ),
        one(
            "ADF407",
            "pipeline.ingest-claims.activities['for each account'].typeProperties.batchCount: 80",
        ),
    ]
}

/// Of several overrides it is the one that makes the mistake; what is unknown is beside it.
fn several() -> Vec<Case> {
    let url = "pipeline.archive-claims.activities.tell.typeProperties.url: https://qa.test";
    let scope = "trigger.on-new-claims.typeProperties.scope: ${SCOPE}";
    let path = "trigger.on-new-claims.typeProperties.blobPathBeginsWith: /input/blobs/";
    let name = "pipeline.archive-claims.activities[0].name: take it away";
    let folder = "dataset.Staged.linkedServiceName.referenceName: Nope";
    vec![
        overriding("ADF210", &[url, name]).at(SETTINGS, name),
        overriding("XA110", &[scope, path]).at(SETTINGS, path),
        and_of_uat(overriding("ADF201", &[url]), folder).at(SETTINGS, folder),
    ]
}

/// The errors in `dataops.yaml`.
fn errors(case: &Case) -> Vec<Finding> {
    let found = case.found().into_iter();
    found
        .filter(|finding| finding.rule.severity == Severity::Error)
        .collect()
}

#[test]
fn what_several_environments_inherit_is_told_once_with_the_first_and_with_the_place_in_the_document()
 {
    let override_ = "dataset.Accounts.linkedServiceName.referenceName: Legder";

    let found = errors(&one("ADF201", override_));

    let [finding] = &found[..] else {
        panic!("{:#?}", found.iter().map(shown).collect::<Vec<_>>());
    };
    assert_eq!(
        finding.message,
        "in environment `qa`, linked service `Legder` does not exist"
    );
    assert_eq!(finding.hint.as_deref(), Some("did you mean `Ledger`?"));
    let [there] = &finding.related[..] else {
        panic!("{:#?}", finding.related);
    };
    assert_eq!(there.path, "adf/dataset/Accounts.json");
    assert_eq!(there.span.as_ref().unwrap().start.line, 5);
}

#[test]
fn what_only_a_later_environment_makes_is_told_with_its_name() {
    let qa = "dataset.Incoming.parameters.day: { type: string, defaultValue: today }";
    let uat = "dataset.Incoming.parameters.day: { type: string }";

    let found = errors(&and_of_uat(overriding("ADF361", &[qa]), uat));

    let messages: Vec<_> = found.iter().map(|finding| &finding.message[..]).collect();
    let told = |pipeline| {
        format!(
            "in pipeline `{pipeline}` of environment `uat`, dataset `Incoming` is not given parameter `day`, which has no default value"
        )
    };
    assert_eq!(messages, ["archive-claims", "ingest-claims"].map(told));
    assert!(found.iter().all(|finding| finding.path == SETTINGS));
}

#[test]
fn what_nobody_knows_here_and_what_fits_is_no_mistake() {
    for overrides in [
        &["dataset.Accounts.linkedServiceName.referenceName: \"${STORE}\""][..],
        &[
            "dataset.Accounts.linkedServiceName: { referenceName: \"${STORE}\", type: LinkedServiceReference, parameters: { a: 1 } }",
        ],
        &[
            "dataset.Accounts.linkedServiceName.referenceName: \"${STORE}\"",
            "dataset.Accounts.type: AzureSqlTable",
        ],
        &[
            "pipeline.train.activities.report.typeProperties.notebookPath: \"/Shared/claims/${STAGE}\"",
        ],
        &["trigger.on-new-claims.typeProperties.scope: \"${SCOPE}\""],
        &["linkedService.Ledger.typeProperties.userName: { secret: \"${USER}\" }"],
        &["linkedService.Ledger.typeProperties.userName: keyvault://claims/user"],
        &[
            "linkedService.Ledger.typeProperties.server: { keyVault: { vault: claims, name: server } }",
        ],
        &[
            "pipeline.train.activities[1].typeProperties.mlPipelineId: aml://pipelines/claims-training",
        ],
        &[
            "pipeline.train.activities[1].typeProperties.mlPipelineId: aml://pipeline-endpoints/claims/default",
        ],
        // Who runs the environment has registered it.
        &["linkedService.Ledger.connectVia.referenceName: on-premises-qa"],
        &["trigger.on-new-claims.runtimeState: Stopped"],
        &["dataset.Staged.typeProperties.location.container: training"],
        &[
            "pipeline.train.activities.report.typeProperties.notebookPath: /Workspace/Shared/claims/report",
        ],
    ] {
        assert_accepted(&overriding("", overrides));
    }
}

/// The environment `uat` has a folder of its own for notebooks, and these overrides.
fn in_a_folder_of_its_own(rule: &'static str, overrides: &[&str]) -> Case {
    in_folder("/Workspace/Shared/uat/", rule, overrides)
}

fn in_folder(folder: &str, rule: &'static str, overrides: &[&str]) -> Case {
    let lines: String = overrides
        .iter()
        .map(|line| format!("      {line}\n"))
        .collect();
    let both = format!("{KEEP}    notebooks: {{ target: {folder} }}\n    overrides:\n{lines}");
    Case::new(rule).replace(SETTINGS, KEEP, &both)
}

const REPORT: &str = "pipeline.train.activities.report.typeProperties.notebookPath";
const PREPARE: &str = "pipeline.ingest-claims.activities.prepare.typeProperties.notebookPath";

#[test]
fn the_paths_of_notebooks_follow_the_folder_of_an_environment() {
    let of = |rule, report: &str, prepare: &str| {
        let overrides = [
            format!("{REPORT}: {report}"),
            format!("{PREPARE}: {prepare}"),
        ];
        in_a_folder_of_its_own(rule, &overrides.each_ref().map(String::as_str))
    };
    assert_accepted(&of("", "/Shared/uat/report", "/Shared/uat/prepare"));
    assert_accepted(&of("", "/Shared/uat/report", "\"${FOLDER}/prepare\""));

    let missing = of("XA101", "/Shared/uat/nope", "/Shared/uat/prepare");
    assert_eq!(missing.at(SETTINGS, REPORT).failure(), None);
    let left = of("ENV133", "/Shared/uat/report", "/Shared/claims/prepare");
    let found = left.found();
    let messages: Vec<_> = found.iter().map(|finding| &*finding.message).collect();
    assert_eq!(
        messages,
        [
            "environment `uat` brings the notebooks to `/Shared/uat`, and its pipelines run `/Shared/claims/prepare`"
        ]
    );
}

#[test]
fn the_folder_of_an_environment_may_hold_the_one_of_the_others() {
    let of = |rule, prepare: &str| {
        let overrides = [
            format!("{REPORT}: /Shared/report"),
            format!("{PREPARE}: {prepare}"),
        ];
        in_folder("/Shared", rule, &overrides.each_ref().map(String::as_str))
    };

    let left = of("ENV133", "/Shared/claims/prepare");

    assert_accepted(&of("", "/Shared/prepare"));
    let found = left.found();
    let messages: Vec<_> = found.iter().map(|finding| &*finding.message).collect();
    assert_eq!(
        messages,
        [
            "environment `uat` brings the notebooks to `/Shared`, and its pipelines run `/Shared/claims/prepare`"
        ]
    );
}

#[test]
fn a_reference_may_have_the_name_that_its_resource_has_in_the_environment() {
    let stage = "pipeline.ingest-claims.activities.stage.outputs[0].referenceName";

    for name in ["StagedUat", "Staged"] {
        let case = and_of_uat(Case::new(""), &format!("{stage}: {name}"));
        assert_accepted(&case);
    }
    let case = and_of_uat(Case::new("ADF201"), &format!("{stage}: StagedQa"));
    assert_eq!(case.at(SETTINGS, stage).failure(), None);
}

#[test]
fn a_mistake_of_the_source_is_told_there_alone() {
    let case = one(
        "ADF201",
        "dataset.Staged.typeProperties.location.container: training",
    );
    let path = "adf/dataset/Staged.json";
    let case = case.replace(path, "\"ClaimsStorage\"", "\"Nope\"");

    assert_eq!(case.at(path, "Nope").failure(), None);
}
