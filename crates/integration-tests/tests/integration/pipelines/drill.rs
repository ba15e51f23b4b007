//! The conflict drill: two people change what belongs together, each without a fault. The pull request of the second one tells, before it
//! is merged, on both systems.

use std::path::Path;

use integration_tests::{Machine, Origin, Outcome, PullRequest, Report, Start, edit};
use serde_json::{Value, json};

use super::{emulator, example, python, replace};

const PIPELINE: &str = "adf/pipeline/data-ingestion-pipeline.json";
/// The jobs that look at what belongs together; the others are run by other tests.
const JOBS: [&str; 3] = ["changes", "review", "solution"];
const MERGING: &str = "What merging would break";

/// The checks of a pull request in Azure DevOps.
fn azure(machine: &Machine<'_>, origin: &Origin, request: &PullRequest) -> Report {
    let start = Start::PullRequest(request.clone());
    let file = ".azuredevops/pull-request.yml";
    let run =
        super::azure::project(machine)
            .only(&JOBS)
            .run(&origin.work(), file, &start, &json!({}));
    run.unwrap_or_else(|refused| panic!("{refused}"))
}

/// The same on GitHub.
fn github(machine: &Machine<'_>, origin: &Origin, request: &PullRequest) -> Report {
    let start = Start::PullRequest(request.clone());
    let file = ".github/workflows/pull-request.yml";
    let run = super::github::repository(machine).only(&JOBS).run(
        &origin.work(),
        file,
        &start,
        &json!({}),
    );
    run.unwrap_or_else(|refused| panic!("{refused}"))
}

/// Two people change the example; the first one is done. Gives what the second one's pull request tells.
fn drill(name: &str, one: impl FnOnce(&Path), other: impl FnOnce(&Path)) -> Option<[Report; 2]> {
    let python = python(name)?;
    let (origin, cloud) = (example(), emulator(&python));
    let machine = Machine::new(&cloud, &origin, python.path());
    origin.branch("one", one);
    origin.branch("other", other);
    let alone = azure(&machine, &origin, &origin.pull_request(1, "one").unwrap());
    assert!(alone.holds(), "each change is sound alone\n{alone}");
    origin.merge("one");
    let request = origin.pull_request(2, "other").unwrap();
    Some([azure, github].map(|check| check(&machine, &origin, &request)))
}

/// What the step tells that says what merging would break.
fn told(reports: &[Report; 2]) -> [String; 2] {
    [&reports[0], &reports[1]].map(|report| {
        assert_eq!(
            report.step("solution", MERGING).outcome,
            Outcome::Failed,
            "{report}"
        );
        assert_eq!(
            report.step("solution", "Lint the data contracts").outcome,
            Outcome::Succeeded
        );
        report.step("solution", MERGING).said.clone()
    })
}

/// Another activity of the pipeline.
fn with_activity(work: &Path, activity: Value) {
    edit(work, PIPELINE, |properties| {
        let activities = properties["activities"].as_array_mut().unwrap();
        activities.push(activity);
    });
}

#[test]
fn two_changes_of_one_pipeline_that_git_merges_are_caught() {
    // The file is written anew by both, as Data Factory's editor does, so that git sees whole lines of one activity each.
    let lined = |work: &Path| {
        let path = work.join(PIPELINE);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text.replace("\"train-model\"", "\"train\"")).unwrap();
    };
    let reports = drill(
        "two_changes_of_one_pipeline_that_git_merges_are_caught",
        lined,
        |work| {
            integration_tests::write(
                work,
                "adf/pipeline/retrain.json",
                &json!({"name": "retrain", "properties": {"activities": [{
                    "name": "ingest", "type": "ExecutePipeline", "typeProperties": {
                        "pipeline": {"referenceName": "data-ingestion-pipeline", "type": "PipelineReference"},
                        "waitOnCompletion": true, "parameters": {"fileName": "a.csv"}}}]}})
                .to_string(),
            );
            replace(
                work,
                PIPELINE,
                "\"name\": \"report-unprepared-data\",\n\t\t\t\t\"type\": \"Fail\",\n\t\t\t\t\"dependsOn\": [\n",
                "\"name\": \"report-unprepared-data\",\n\t\t\t\t\"type\": \"Fail\",\n\t\t\t\t\"dependsOn\": [\n\
                 \t\t\t\t\t{\n\t\t\t\t\t\t\"activity\": \"train-model\",\n\t\t\t\t\t\t\"dependencyConditions\": [\n\
                 \t\t\t\t\t\t\t\"Skipped\"\n\t\t\t\t\t\t]\n\t\t\t\t\t},\n",
            );
        },
    );
    let Some(reports) = reports else {
        return;
    };

    for said in told(&reports) {
        assert!(said.contains("train-model"), "{said}");
        assert!(said.contains("which origin/main has removed"), "{said}");
    }
    for report in &reports {
        assert_eq!(report.step("solution", "Validate").outcome, Outcome::Failed);
    }
}

#[test]
fn a_parameter_of_a_notebook_that_one_renames_and_the_other_passes_is_caught() {
    let reports = drill(
        "a_parameter_of_a_notebook_that_one_renames_and_the_other_passes_is_caught",
        |work| {
            replace(
                work,
                "notebooks/data-prepare.py",
                "data_file_name",
                "input_file_name",
            );
            replace(
                work,
                PIPELINE,
                "\"baseParameters\": {\n\t\t\t\t\t\t\"data_file_name\"",
                "\"baseParameters\": {\n\t\t\t\t\t\t\"input_file_name\"",
            );
        },
        |work| {
            integration_tests::write(
                work,
                "adf/pipeline/prepare-again.json",
                &json!({"name": "prepare-again", "properties": {"activities": [{
                    "name": "prepare", "type": "DatabricksNotebook",
                    "linkedServiceName": {"referenceName": "AzureDatabricks", "type": "LinkedServiceReference"},
                    "typeProperties": {"notebookPath": "/Shared/data-ingestion/data-prepare", "baseParameters": {
                        "data_file_name": "again.csv", "input_mount_point_name": "/mnt/input",
                        "training_mount_point_name": "/mnt/training", "testing_mount_point_name": "/mnt/testing",
                        "run_id": {"value": "@pipeline().RunId", "type": "Expression"}}}}]}})
                .to_string(),
            );
        },
    );
    let Some(reports) = reports else {
        return;
    };

    for said in told(&reports) {
        assert!(said.contains("data_file_name"), "{said}");
        assert!(said.contains("prepare-again"), "{said}");
    }
}

#[test]
fn a_dataset_that_one_deletes_and_the_other_uses_is_caught() {
    let reports = drill(
        "a_dataset_that_one_deletes_and_the_other_uses_is_caught",
        |work| {
            std::fs::remove_file(work.join("adf/dataset/ArchivedFile.json")).unwrap();
            std::fs::remove_file(work.join("adf/pipeline/ingest-and-archive.json")).unwrap();
            replace(
                work,
                "dataops.yaml",
                "    smoke: { pipeline: ingest-and-archive, input: smoke/canary.txt, parameters: { fileName: \"{folder}/{file}\", ingest: false } }\n",
                "",
            );
        },
        |work| {
            with_activity(
                work,
                json!({"name": "look", "type": "GetMetadata", "typeProperties": {
                    "dataset": {"referenceName": "ArchivedFile", "type": "DatasetReference", "parameters": {"runId": "a", "fileName": "b"}},
                    "fieldList": ["exists"]}}),
            );
        },
    );
    let Some(reports) = reports else {
        return;
    };

    for said in told(&reports) {
        assert!(said.contains("ArchivedFile"), "{said}");
        assert!(said.contains("data-ingestion-pipeline"), "{said}");
    }
}

#[test]
fn what_git_cannot_merge_starts_nothing_and_dataops_tells_the_place() {
    let origin = example();
    let retry = |times: &'static str| {
        move |work: &Path| {
            replace(
                work,
                PIPELINE,
                "\"retry\": 0",
                &format!("\"retry\": {times}"),
            );
        }
    };
    origin.branch("one", retry("1"));
    origin.branch("other", retry("2"));
    origin.merge("one");

    let refused = origin.pull_request(3, "other").unwrap_err();
    let told = integration_tests::Program::dataops(["diff", "--merge", "main", "other"])
        .within(&origin.work())
        .run();

    assert!(refused.contains("CONFLICT"), "{refused}");
    assert_eq!(told.code, Some(1), "{told}");
    assert!(told.stdout.contains("retry"), "{told}");
}

/// What the pull request of one change tells on both systems.
fn alone(name: &str, change: impl FnOnce(&Path)) -> Option<[Report; 2]> {
    let python = python(name)?;
    let (origin, cloud) = (example(), emulator(&python));
    let machine = Machine::new(&cloud, &origin, python.path());
    origin.branch("change", change);
    let request = origin.pull_request(4, "change").unwrap();
    Some([azure, github].map(|check| check(&machine, &origin, &request)))
}

const CONTRACT: &str = "contracts/driver-claims.odcs.yaml";
const PROMISED: &str = "What breaks those who rely on a contract";
const REGION: &str = "      - { name: region, logicalType: string, required: true }\n";

#[test]
fn a_contract_that_breaks_those_who_rely_on_it_is_caught() {
    let name = "a_contract_that_breaks_those_who_rely_on_it_is_caught";
    let without_region = |work: &Path| replace(work, CONTRACT, REGION, "");
    let Some(broken) = alone(name, without_region) else {
        return;
    };
    let announced = alone(name, |work| {
        without_region(work);
        replace(work, CONTRACT, "version: 1.0.0", "version: 2.0.0");
    });
    let compatible = alone(name, |work| {
        let more = format!("{REGION}      - {{ name: postcode, logicalType: string }}\n");
        replace(work, CONTRACT, REGION, &more);
    });

    for report in &broken {
        let step = report.step("solution", PROMISED);
        assert_eq!(step.outcome, Outcome::Failed, "{report}");
        for part in [
            CONTRACT,
            "region",
            "its version is 1.0.0, and ought to be 2.0.0",
        ] {
            assert!(step.said.contains(part), "{part}: {}", step.said);
        }
        let comment = report.summaries.join("\n");
        assert!(comment.contains("breaks a data contract"), "{comment}");
    }
    for report in announced.iter().chain(&compatible).flatten() {
        let step = report.step("solution", PROMISED);
        assert_eq!(step.outcome, Outcome::Succeeded, "{report}");
        assert!(step.said.contains(CONTRACT), "{}", step.said);
    }
}

#[test]
fn a_key_in_clear_text_is_caught() {
    let reports = alone("a_key_in_clear_text_is_caught", |work| {
        edit(work, "adf/linkedService/InputStorage.json", |properties| {
            let key = [
                "Account",
                "Key=c2VjcmV0LXRleHQtb2YtdGhlLXRlc3QtMDEyMzQ1Njc4OWFiY2RlZg==",
            ]
            .concat();
            properties["typeProperties"]["connectionString"] =
                json!(format!("AccountName=stingest;{key}"));
        });
    });
    let Some(reports) = reports else {
        return;
    };

    for report in &reports {
        let step = report.step("solution", "Build what would be released");
        assert_eq!(step.outcome, Outcome::Failed, "{report}");
        assert!(
            step.said
                .contains("a secret in clear text: adf/linkedService/InputStorage.json"),
            "{}",
            step.said
        );
        assert!(
            step.said.contains("ADF601") && !step.said.contains("c2VjcmV0"),
            "{}",
            step.said
        );
    }
}
