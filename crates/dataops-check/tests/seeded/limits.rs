//! Sizes and numbers that are out of range.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const FACTORY: &str = "adf/factory/adf-claims.json";

/// A pipeline with so many activities.
fn with_activities(count: usize) -> String {
    let wait = |number| {
        format!(
            r#"{{"name": "w{number}", "type": "Wait", "typeProperties": {{"waitTimeInSeconds": 1}}}}"#
        )
    };
    let activities: Vec<_> = (0..count).map(wait).collect();
    format!(
        "{{\"name\": \"many\", \"properties\": {{\n\"activities\": [{}]}}}}",
        activities.join(", ")
    )
}

/// A pipeline whose only text that matters has so many characters.
fn with_description(text: &str) -> String {
    format!(
        "{{\"name\": \"long\", \"properties\": {{\"activities\": [],\n\"description\": \"{text}\"}}}}"
    )
}

fn dataset(name: &str) -> String {
    format!(
        r#"{{"name": "{name}", "properties": {{"type": "SqlServerTable", "linkedServiceName":
        {{"referenceName": "Ledger", "type": "LinkedServiceReference"}}}}}}"#
    )
}

fn with_datasets(rule: &'static str, count: usize) -> Case {
    let case = Case::new(rule).in_file(FACTORY);
    (0..count).fold(case, |case, number| {
        let name = format!("D{number}");
        case.write(&format!("adf/dataset/{name}.json"), dataset(&name))
    })
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = numbers();
    cases.extend(ranges());
    cases.extend(counts());
    cases.extend(sizes());
    cases
}

fn numbers() -> Vec<Case> {
    let interval = "\"retryIntervalInSeconds\": 60";
    let properties: Vec<_> = (0..6)
        .map(|number| format!(r#"{{"name": "u{number}", "value": "1"}}"#))
        .collect();
    let until = "\"type\": \"Until\",\n\t\t\t\t\"dependsOn\": [],\n\t\t\t\t\"userProperties\": []";
    vec![
        Case::new("ADF407")
            .replace(INGEST, "\"batchCount\": 10", "\"batchCount\": 51")
            .at(INGEST, "batchCount"),
        Case::new("ADF408")
            .replace(
                TIDY,
                "\"timeout\": \"0.01:00:00\"",
                "\"timeout\": \"1 hour\"",
            )
            .at(TIDY, "1 hour"),
        Case::new("ADF409")
            .replace(
                INGEST,
                "\"timeout\": \"0.01:00:00\"",
                "\"timeout\": \"30.00:00:00\"",
            )
            .at(INGEST, "30.00:00:00"),
        Case::new("ADF410")
            .replace(INGEST, "\"retry\": 2", "\"retry\": -2")
            .at(INGEST, "\"retry\": -2"),
        Case::new("ADF411")
            .replace(INGEST, interval, "\"retryIntervalInSeconds\": 5")
            .at(INGEST, "\"retryIntervalInSeconds\": 5"),
        Case::new("ADF412")
            .replace(
                TIDY,
                until,
                &format!(
                    "\"type\": \"Until\",\n\"userProperties\": [{}]",
                    properties.join(", ")
                ),
            )
            .at(TIDY, "u0"),
        Case::new("ADF413")
            .replace(
                TIDY,
                "\"annotations\"",
                "\"concurrency\": 0,\n\"annotations\"",
            )
            .at(TIDY, "concurrency"),
    ]
}

fn ranges() -> Vec<Case> {
    vec![
        Case::new("ADF414")
            .replace(
                TIDY,
                "\"waitTimeInSeconds\": 30",
                "\"waitTimeInSeconds\": -30",
            )
            .at(TIDY, "waitTimeInSeconds"),
        Case::new("ADF414")
            .replace(
                INGEST,
                "\"enableStaging\": false",
                "\"dataIntegrationUnits\": 512",
            )
            .at(INGEST, "dataIntegrationUnits"),
        Case::new("ADF409")
            .replace(
                "adf/pipeline/archive-claims.json",
                "\"method\": \"POST\",",
                "\"method\": \"POST\",\n\"httpRequestTimeout\": \"00:20:00\",",
            )
            .at("adf/pipeline/archive-claims.json", "00:20:00"),
    ]
}

fn counts() -> Vec<Case> {
    let many = "adf/pipeline/many.json";
    let parameters: Vec<_> = (0..51)
        .map(|number| format!(r#""p{number}": {{"type": "string"}}"#))
        .collect();
    let parameters = format!(
        "{{\"name\": \"many\", \"properties\": {{\"activities\": [],\n\"parameters\": {{{}}}}}}}",
        parameters.join(", ")
    );
    vec![
        Case::new("ADF401")
            .write(many, with_activities(121))
            .at(many, "\"activities\""),
        Case::new("ADF402")
            .write(many, with_activities(81))
            .at(many, "\"activities\""),
        Case::new("ADF403")
            .write(many, parameters)
            .at(many, "\"parameters\""),
        with_datasets("ADF406", 5_000),
    ]
}

fn sizes() -> Vec<Case> {
    let long = "adf/pipeline/long.json";
    vec![
        Case::new("ADF404")
            .replace(
                INGEST,
                "@item().id",
                &format!("@concat(item().id, '{}')", "x".repeat(8_192)),
            )
            .at(INGEST, "@concat(item().id"),
        Case::new("ADF405")
            .write(long, with_description(&"x".repeat(210_000)))
            .in_file(long),
    ]
}
