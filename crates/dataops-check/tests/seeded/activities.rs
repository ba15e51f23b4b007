//! Mistakes in the flow of a pipeline.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const SWITCH: &str = "adf/pipeline/choose.json";
const SINGLE: &str = "adf/pipeline/single.json";

/// A pipeline with a Switch that has these cases.
fn switch(cases: &[String]) -> String {
    let cases: Vec<_> = cases
        .iter()
        .map(|value| format!("{{\"value\": \"{value}\",\n\"activities\": []}}"))
        .collect();
    format!(
        r#"{{"name": "choose", "properties": {{"activities": [{{"name": "choose", "type": "Switch", "typeProperties": {{
            "on": {{"value": "@pipeline().Pipeline", "type": "Expression"}},
            "cases": [{}]}}}}]}}}}"#,
        cases.join(",\n")
    )
}

/// A pipeline with one activity of a type.
fn single(rule: &'static str, kind: &str, properties: &str, marker: &str) -> Case {
    let text = format!(
        "{{\"name\": \"single\", \"properties\": {{\"activities\": [{{\"name\": \"a\", \"type\": \"{kind}\", {properties}}}]}}}}"
    );
    Case::new(rule).write(SINGLE, text).at(SINGLE, marker)
}

/// What is none of a few words, and what there may be one of.
fn words() -> Vec<Case> {
    let web = |method: &str| {
        format!(
            "\"typeProperties\": {{\"url\": \"https://claims.test\", \"body\": \"x\",\n\"method\": \"{method}\"}}"
        )
    };
    let script = |kind: &str| {
        format!(
            "\"linkedServiceName\": {{\"referenceName\": \"Ledger\", \"type\": \"LinkedServiceReference\"}}, \"typeProperties\": {{\"scripts\": [{{\"text\": \"select 1\",\n\"type\": \"{kind}\"}}]}}"
        )
    };
    let fields = "\"typeProperties\": {\"dataset\": {\"referenceName\": \"Staged\", \"type\": \"DatasetReference\"}, \"fieldList\": [\"exists\",\n\"chlidItems\"]}";
    let inputs = "\"inputs\": [\n";
    vec![
        single("ADF119", "WebActivity", &web("FETCH"), "FETCH"),
        single("ADF119", "WebHook", &web("PUT"), "PUT"),
        single("ADF119", "Script", &script("Select"), "\"Select\""),
        single("ADF119", "GetMetadata", fields, "chlidItems"),
        Case::new("ADF119")
            .replace(INGEST, "\"coreCount\": 8", "\"coreCount\": 12")
            .at(INGEST, "\"coreCount\""),
        Case::new("ADF120")
            .replace(
                INGEST,
                inputs,
                &format!(
                    "{inputs}{{\"referenceName\": \"Staged\", \"type\": \"DatasetReference\"}},"
                ),
            )
            .at(INGEST, "\"inputs\""),
        Case::new("ADF122")
            .replace(INGEST, "\"ifTrueActivities\": [", "\"ifTrueActivities\": [{\"name\": \"set\", \"type\": \"SetVariable\", \"typeProperties\": {\n\"variableName\": \"accounts\", \"value\": \"@createArray(item().id)\"}},")
            .at(INGEST, "\"variableName\": \"accounts\", \"value\"")
            .about("\"accounts\""),
        Case::new("ADF123")
            .replace("adf/dataflow/CleanClaims.json", "~> claims\"", "~> claimz\"")
            .at("adf/dataflow/CleanClaims.json", "\"name\": \"claims\""),
        Case::new("ADF102")
            .replace(
                ARCHIVE,
                "\"secureOutput\": true",
                "\"secureOutput\": \"perhaps\"",
            )
            .at(ARCHIVE, "\"perhaps\""),
        Case::new("ADF121")
            .replace(INGEST, "\"batchCount\"", "\"batchCout\"")
            .at(INGEST, "batchCout")
            .about("\"batchCout\""),
        Case::new("ADF121")
            .replace(INGEST, "\"retry\": 2", "\"retyr\": 2")
            .at(INGEST, "retyr"),
        Case::new("ADF121")
            .replace(TIDY, "\"annotations\": []", "\"anotations\": []")
            .at(TIDY, "anotations"),
        Case::new("ADF217")
            .replace(INGEST, "\"activity\": \"stage\"", "\"activity\": \"Stage\"")
            .at(INGEST, "\"Stage\"")
            .about("\"Stage\""),
    ]
}

/// What only some types need, each without one of them.
fn needed() -> Vec<Case> {
    let runtime = r#""connectVia": {"referenceName": "AutoResolveIntegrationRuntime", "type": "IntegrationRuntimeReference"}"#;
    let cluster =
        r#""linkedServiceName": {"referenceName": "Ledger", "type": "LinkedServiceReference"}, "#;
    let of = |kind: &str, before: &str, properties: &str| {
        let properties = format!("{before}\"typeProperties\": {{{properties}}}");
        single("ADF105", kind, &properties, "\"a\"")
    };
    vec![
        of("ExecuteSSISPackage", "", runtime),
        of(
            "ExecuteSSISPackage",
            "",
            r#""packageLocation": {"packagePath": "a/b.dtsx"}"#,
        ),
        of("ExecuteWranglingDataflow", "", ""),
        of("SparkJob", "", ""),
        of("SynapseNotebook", "", ""),
        of(
            "HDInsightMapReduce",
            cluster,
            r#""className": "org.example.Count""#,
        ),
        of(
            "HDInsightStreaming",
            cluster,
            r#""mapper": "m", "input": "i", "output": "o", "filePaths": ["f"]"#,
        ),
        of("HDInsightHive", "", r#""scriptPath": "a/b.hql""#),
        of("HDInsightPig", "", r#""scriptPath": "a/b.pig""#),
        of(
            "HDInsightSpark",
            "",
            r#""rootPath": "a", "entryFilePath": "b.py""#,
        ),
        of("Custom", "", r#""command": "cmd /c echo""#),
    ]
}

pub(crate) fn cases() -> Vec<Case> {
    let many: Vec<_> = (0..26).map(|number| number.to_string()).collect();
    let same = ["csv", "json", "csv"].map(str::to_owned);
    let mut cases = words();
    cases.extend(needed());
    cases.extend([
        Case::new("ADF111")
            .replace(
                TIDY,
                "\"pause\",\n\t\t\t\t\t\t\t\"type\"",
                "\"Note the end\",\n\t\t\t\t\t\t\t\"type\"",
            )
            .replace(
                TIDY,
                "\"activity\": \"pause\"",
                "\"activity\": \"Note the end\"",
            )
            .at(TIDY, "\"note the end\""),
        Case::new("ADF112")
            .replace(INGEST, "\"IfCondition\"", "\"Until\"")
            .replace(INGEST, "ifTrueActivities", "activities")
            .at(INGEST, "\"Until\""),
        Case::new("ADF116")
            .replace(
                INGEST,
                "\"ifTrueActivities\": [",
                "\"ifTrueActivities\": [{\"name\": \"by kind\",\n\"type\": \"Switch\", \"typeProperties\": {\"on\": {\"value\": \"@item().kind\", \"type\": \"Expression\"}, \"cases\": []}},",
            )
            .at(INGEST, "\"Switch\""),
        Case::new("ADF113")
            .write(SWITCH, switch(&many))
            .at(SWITCH, "\"cases\""),
        // The first case spells the value otherwise, so that the marker finds the second.
        Case::new("ADF114")
            .write(
                SWITCH,
                switch(&same).replacen("\"csv\"", "\"\\u0063sv\"", 1),
            )
            .at(SWITCH, "\"csv\""),
        Case::new("ADF115")
            .replace(INGEST, "ifTrueActivities", "trueActivities")
            .at(INGEST, "\"if active\""),
    ]);
    cases.extend(dependencies());
    cases.push(misspelled());
    cases
}

/// What the loop reads of the activity is no second mistake.
fn misspelled() -> Case {
    Case::new("ADF210")
        .replace(
            INGEST,
            "\"activity\": \"list accounts\"",
            "\"activity\": \"list acounts\"",
        )
        .at(INGEST, "list acounts")
}

fn dependencies() -> Vec<Case> {
    let on_clean = "\"activity\": \"clean\",";
    let branch = |name: &str, on: &[(&str, &str)]| {
        let on: Vec<_> = on
            .iter()
            .map(|(name, condition)| {
                format!(r#"{{"activity": "{name}", "dependencyConditions": ["{condition}"]}}"#)
            })
            .collect();
        format!(
            "{{\"name\": \"{name}\", \"type\": \"Wait\", \"typeProperties\": {{\"waitTimeInSeconds\": 1}},\n\"dependsOn\": [{}]}}",
            on.join(", ")
        )
    };
    let both = [
        branch("copy", &[]),
        branch("note", &[("copy", "Succeeded")]),
        branch("warn", &[("copy", "Failed")]),
        branch("tell", &[("note", "Succeeded"), ("warn", "Succeeded")]),
    ];
    let both = format!(
        r#"{{"name": "both", "properties": {{"activities": [{}]}}}}"#,
        both.join(",\n")
    );
    vec![
        Case::new("ADF210")
            .replace(INGEST, on_clean, "\"activity\": \"claen\",")
            .at(INGEST, "claen"),
        Case::new("ADF210")
            .replace(INGEST, on_clean, "\"activity\": \"if active\",")
            .at(INGEST, "\"activity\": \"if active\""),
        Case::new("ADF211")
            .replace(INGEST, on_clean, "\"activity\": \"prepare\",")
            .at(INGEST, "\"dependencyConditions\"")
            .at(INGEST, "\"activity\": \"prepare\""),
        Case::new("ADF212")
            .replace(
                ARCHIVE,
                "\"type\": \"Delete\",\n\t\t\t\t\"dependsOn\": []",
                "\"type\": \"Delete\",\n\t\t\t\t\"dependsOn\": [{\"activity\": \"tell\", \"dependencyConditions\": [\"Succeeded\"]}]",
            )
            .at(ARCHIVE, "\"activity\": \"tell\""),
        Case::new("ADF213")
            .replace(ARCHIVE, "\"Completed\"", "\"Complete\"")
            .at(ARCHIVE, "\"Complete\""),
        Case::new("ADF214")
            .replace(
                ARCHIVE,
                "\"dependsOn\": [\n\t\t\t\t\t{",
                "\"dependsOn\": [{\"activity\": \"take away\", \"dependencyConditions\": [\"Succeeded\"]},\n\t\t\t\t\t{",
            )
            .at(ARCHIVE, "\"activity\": \"take away\",\n"),
        Case::new("ADF215")
            .write("adf/pipeline/both.json", both)
            .at("adf/pipeline/both.json", "\"note\", \"dep"),
        Case::new("ADF216")
            .replace(ARCHIVE, "\"Completed\"", "\"Completed\", \"Failed\"")
            .at(ARCHIVE, "\"activity\": \"take away\""),
    ]
}
