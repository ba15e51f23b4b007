//! Mistakes in the shape of resources.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const STAGED: &str = "adf/dataset/Staged.json";
const VAULT: &str = "adf/linkedService/KeyVault.json";

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = members();
    cases.push(twins());
    cases.extend(told_once());
    cases
}

/// A key beside one that differs from it in case only.
fn twins() -> Case {
    Case::new("ADF124")
        .replace(
            TIDY,
            "\"type\": \"Until\",",
            "\"type\": \"Until\",\n\"Description\": \"b\", \"description\": \"a\",",
        )
        .at(TIDY, "\"Description\"")
        .about("\"description\"")
}

/// One mistake that seems to be several.
fn told_once() -> Vec<Case> {
    vec![
        Case::new("ADF102")
            .replace(STAGED, "\"name\": \"Staged\"", "\"name\": 5")
            .at(STAGED, "\"name\""),
        // What stands there is not known; whoever reads it is not wrong for that.
        Case::new("ADF102")
            .replace(
                "adf/pipeline/archive-claims.json",
                "\n\t\t\"parameters\": {",
                "\n\t\t\"parameters\": [], \"unknown\": {",
            )
            .at("adf/pipeline/archive-claims.json", "\"parameters\": []"),
        Case::new("ADF105")
            .replace(
                "adf/pipeline/train.json",
                "\"mlPipelineId\": {",
                "\"unknown\": {",
            )
            .at("adf/pipeline/train.json", "\"train model\""),
        // Nor is whoever refers to what lies in the wrong folder.
        Case::new("ADF125")
            .remove(STAGED)
            .write(
                "adf/pipeline/Staged.json",
                concat!(
                    "{\"name\": \"Staged\", \"properties\": {\"type\": \"Parquet\",",
                    "\"linkedServiceName\": {\"referenceName\": \"ClaimsStorage\", \"type\": \"LinkedServiceReference\"},",
                    "\"typeProperties\": {\"location\": {\"type\": \"AzureBlobFSLocation\"}}},\n",
                    "\"type\": \"Microsoft.DataFactory/factories/datasets\"}"
                ),
            )
            .at("adf/pipeline/Staged.json", "Microsoft.DataFactory"),
    ]
}

fn members() -> Vec<Case> {
    let flow = "adf/dataflow/CleanClaims.json";
    vec![
        Case::new("ADF101")
            .write(
                "adf/dataset/Empty.json",
                "{\"type\": \"Json\",\n\"name\": \"Empty\"}",
            )
            .at("adf/dataset/Empty.json", "name"),
        Case::new("ADF101")
            .replace(flow, "\"typeProperties\": {", "\"otherProperties\": {")
            .at(flow, "\"name\": \"CleanClaims\""),
        Case::new("ADF102")
            .replace(STAGED, "\"annotations\": []", "\"annotations\": \"old\"")
            .at(STAGED, "annotations"),
        Case::new("ADF102")
            .replace(
                TIDY,
                "\"dependsOn\": [],\n\t\t\t\t\"userProperties\"",
                "\"dependsOn\": {},\n\t\t\t\t\"userProperties\"",
            )
            .at(TIDY, "\"dependsOn\": {}"),
        Case::new("ADF102")
            .write(
                "adf/pipeline/list.json",
                "{\"name\": \"list\", \"properties\": {\n\"activities\": {\"name\": \"a\"}}}",
            )
            .at("adf/pipeline/list.json", "activities"),
        Case::new("ADF103")
            .replace(STAGED, "\"type\": \"Parquet\",", "")
            .at(STAGED, "\"properties\""),
        Case::new("ADF103")
            .replace(TIDY, "\"type\": \"Until\",", "")
            .at(TIDY, "until tidy"),
        Case::new("ADF104")
            .replace(STAGED, "\"Parquet\"", "\"Parket\"")
            .at(STAGED, "Parket"),
        Case::new("ADF104")
            .replace(TIDY, "\"Wait\"", "\"Pause\"")
            .at(TIDY, "Pause"),
        Case::new("ADF105")
            .replace(TIDY, "waitTimeInSeconds", "waitTime")
            .at(TIDY, "\"pause\""),
        Case::new("ADF105")
            .replace(VAULT, "baseUrl", "url")
            .at(VAULT, "AzureKeyVault"),
        Case::new("ADF105")
            .replace(STAGED, "\"location\"", "\"place\"")
            .at(STAGED, "Parquet"),
        Case::new("ADF105")
            .replace(INGEST, "\"outputs\"", "\"results\"")
            .at(INGEST, "\"stage\""),
        Case::new("ADF106")
            .replace(TIDY, "\"name\": \"until tidy\",", "")
            .at(TIDY, "{\n\t\t\t\t\n\t\t\t\t\"type\""),
    ]
}
