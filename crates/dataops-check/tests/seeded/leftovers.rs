//! What is left of a document after a merge that went wrong: parts without what they need, and values of another JSON type.

use crate::harness::Case;

const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
const CLAIMS: &str = "adf/pipeline/claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const STAGED: &str = "adf/dataset/Staged.json";
const LEDGER: &str = "adf/linkedService/Ledger.json";
const NIGHT: &str = "adf/trigger/every-night.json";

/// A pipeline of its own with these activities, each in one line.
fn pipeline(rule: &'static str, activities: &str) -> Case {
    let text =
        format!("{{\"name\": \"claims\", \"properties\": {{\"activities\": [\n{activities}\n]}}}}");
    Case::new(rule).write(CLAIMS, text)
}

/// An activity of a type with these properties, and what else it has.
fn activity(kind: &str, properties: &str, more: &str) -> String {
    format!(r#"{{"name": "a", "type": "{kind}", "typeProperties": {{{properties}}}{more}}}"#)
}

pub(crate) fn cases() -> Vec<Case> {
    [activities(), references(), declarations(), triggers()]
        .into_iter()
        .flatten()
        .collect()
}

fn activities() -> Vec<Case> {
    let wait = |more: &str| activity("Wait", "\"waitTimeInSeconds\": 5", more);
    let each = |more: &str| {
        let items = r#""items": {"value": "@createArray(1)", "type": "Expression"}"#;
        let inner = wait("").replace("\"a\"", "\"b\"");
        activity(
            "ForEach",
            &format!("{items},\n{more},\n\"activities\": [{inner}]"),
            "",
        )
    };
    let after = |conditions: &str| {
        let depends = format!(",\n\"dependsOn\": [{{\"activity\": \"b\"{conditions}}}]");
        let first = wait("").replace("\"a\"", "\"b\"");
        format!("{first},\n{}", wait(&depends))
    };
    let switch = r#""on": {"value": "@pipeline().Pipeline", "type": "Expression"},
        "cases": [{"activities": []}]"#;
    vec![
        pipeline("ADF105", &after("")).at(CLAIMS, "\"dependsOn\""),
        pipeline("ADF105", &after(", \"dependencyConditions\": []")).at(CLAIMS, "\"dependsOn\""),
        pipeline("ADF102", &after(", \"dependencyConditions\": [1]")).at(CLAIMS, "\"dependsOn\""),
        pipeline("ADF102", &each("\"isSequential\": \"perhaps\"")).at(CLAIMS, "\"isSequential\""),
        pipeline("ADF102", &activity("Wait", "\n\"waitTimeInSeconds\": \"ten\"", ""))
            .at(CLAIMS, "\"waitTimeInSeconds\""),
        pipeline("ADF105", &activity("Switch", switch, "")).at(CLAIMS, "\"cases\""),
        pipeline("ADF115", "").at(CLAIMS, "\"activities\""),
        pipeline("ADF117", &wait(",\n\"state\": \"Disabled\"")).at(CLAIMS, "\"state\""),
        pipeline("ADF117", &wait(",\"state\": \"Inactive\",\n\"onInactiveMarkAs\": \"Done\""))
            .at(CLAIMS, "\"onInactiveMarkAs\""),
        Case::new("ADF105")
            .write(CLAIMS, "{\n\"name\": \"claims\", \"properties\": {\"type\": \"Json\", \"typeProperties\": {}}}")
            .at(CLAIMS, "\"name\""),
    ]
}

fn references() -> Vec<Case> {
    let copy = |source: &str, inputs: &str| {
        let lists = format!(
            ",\n\"inputs\": [{inputs}], \"outputs\": [{{\"referenceName\": \"Staged\", \"type\": \"DatasetReference\"}}]"
        );
        let parts = format!("\n\"source\": {{{source}}}, \"sink\": {{\"type\": \"ParquetSink\"}}");
        activity("Copy", &parts, &lists)
    };
    let staged = r#"{"referenceName": "Staged", "type": "DatasetReference"}"#;
    let lookup = |dataset: &str| {
        activity(
            "Lookup",
            &format!("\"source\": {{\"type\": \"ParquetSource\"}},\n\"dataset\": {dataset}"),
            "",
        )
    };
    let call = r#""pipeline": {"referenceName": "Staged", "type": "DatasetReference"}"#;
    vec![
        pipeline("ADF105", &copy("", staged)).at(CLAIMS, "\"source\""),
        pipeline("ADF102", &copy("\"type\": \"ParquetSource\"", "\"Staged\""))
            .at(CLAIMS, "\"inputs\""),
        pipeline(
            "ADF105",
            &copy(
                "\"type\": \"ParquetSource\"",
                "{\"referenceName\": \"Staged\"}",
            ),
        )
        .at(CLAIMS, "\"inputs\""),
        pipeline("ADF102", &lookup("\"Staged\"")).at(CLAIMS, "\"dataset\""),
        pipeline("ADF105", &lookup("{\"type\": \"DatasetReference\"}")).at(CLAIMS, "\"dataset\""),
        pipeline(
            "ADF206",
            &lookup("{\"referenceName\": \"Ledger\", \"type\": \"LinkedServiceReference\"}"),
        )
        .at(CLAIMS, "\"dataset\""),
        pipeline(
            "ADF206",
            &activity("ExecutePipeline", &format!("\n{call}"), ""),
        )
        .at(CLAIMS, "\"pipeline\""),
        Case::new("ADF105")
            .replace(
                LEDGER,
                "\"secretName\": \"ledger-password\"",
                "\"secretVersion\": \"\"",
            )
            .at(LEDGER, "\"password\""),
        Case::new("ADF105")
            .replace(STAGED, "\"type\": \"AzureBlobStorageLocation\",", "")
            .at(STAGED, "\"location\""),
    ]
}

fn declarations() -> Vec<Case> {
    let done = "\"done\": {";
    vec![
        Case::new("ADF118")
            .replace(
                STAGED,
                "\"name\": \"Staged\",",
                "\"name\": \"Staged\",\n\"type\": \"Microsoft.DataFactory/factories/linkedservices\",",
            )
            .at(STAGED, "factories/linkedservices"),
        Case::new("ADF102")
            .replace(TIDY, done, "\"left\": \"String\",\n\"done\": {")
            .at(TIDY, "\"left\""),
        Case::new("ADF103")
            .replace(
                TIDY,
                done,
                "\"left\": {\"defaultValue\": \"\"},\n\"done\": {",
            )
            .at(TIDY, "\"left\""),
        Case::new("ADF102")
            .replace(
                ARCHIVE,
                "\"parameters\": {\n\t\t\t\"file\"",
                "\"folder\": \"claims\",\n\"parameters\": {\n\t\t\t\"file\"",
            )
            .at(ARCHIVE, "\"folder\": \"claims\""),
    ]
}

fn triggers() -> Vec<Case> {
    let start = |reference: &str| format!("\"pipelineReference\": {{\n{reference}");
    vec![
        Case::new("ADF102")
            .replace(NIGHT, "{\n\t\t\t\t\t\"file\": \"all.csv\"\n\t\t\t\t}", "[\"all.csv\"]")
            .at(NIGHT, "\"parameters\""),
        Case::new("ADF105")
            .replace(
                NIGHT,
                &start("\t\t\t\t\t\"referenceName\": \"ingest-claims\",\n\t\t\t\t\t\"type\": \"PipelineReference\""),
                &start("\"referenceName\": \"ingest-claims\""),
            )
            .at(NIGHT, "\"pipelineReference\""),
        Case::new("ADF713")
            .replace(NIGHT, "\"hours\": [\n\t\t\t\t\t\t2\n\t\t\t\t\t]", "\"hours\": \"2\"")
            .at(NIGHT, "\"hours\""),
        Case::new("ADF719")
            .replace(NIGHT, "\"runtimeState\": \"Stopped\"", "\"runtimeState\": \"Running\"")
            .at(NIGHT, "\"runtimeState\""),
        Case::new("ADF101")
            .replace(NIGHT, "\"typeProperties\"", "\"properties\"")
            .at(NIGHT, "\"name\""),
    ]
}
