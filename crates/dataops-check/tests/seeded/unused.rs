//! What nobody uses.

use crate::harness::Case;

const TIDY: &str = "adf/pipeline/tidy.json";
const FACTORY: &str = "adf/factory/adf-claims.json";
const STORAGE: &str = "adf/linkedService/ClaimsStorage.json";
const INCOMING: &str = "adf/dataset/Incoming.json";

/// A resource that nothing refers to.
fn alone(rule: &'static str, folder: &str, properties: &str) -> Case {
    let path = format!("adf/{folder}/Alone.json");
    let text = format!("{{\n\"name\": \"Alone\",\n\"properties\": {{{properties}}}}}");
    Case::new(rule).write(&path, text).at(&path, "\"name\"")
}

pub(crate) fn cases() -> Vec<Case> {
    let ledger =
        r#""linkedServiceName": {"referenceName": "Ledger", "type": "LinkedServiceReference"}"#;
    vec![
        Case::new("ADF501")
            .replace(
                TIDY,
                "\"windowStart\": {",
                "\"other\": {\"type\": \"string\", \"defaultValue\": \"\"},\n\"windowStart\": {",
            )
            .at(TIDY, "\"other\""),
        Case::new("ADF501")
            .replace(INCOMING, "@dataset().folder", "new")
            .at(INCOMING, "\"folder\": {"),
        Case::new("ADF501")
            .replace(
                STORAGE,
                "https://@{linkedService().account}.blob.test",
                "https://st.blob.test",
            )
            .at(STORAGE, "\"account\""),
        Case::new("ADF502")
            .replace(
                TIDY,
                "\"done\": {",
                "\"other\": {\"type\": \"String\"},\n\"done\": {",
            )
            .at(TIDY, "\"other\""),
        alone(
            "ADF503",
            "dataset",
            &format!("\"type\": \"SqlServerTable\", {ledger}"),
        ),
        alone(
            "ADF504",
            "linkedService",
            "\"type\": \"AzureKeyVault\", \"typeProperties\": {\"baseUrl\": \"https://kv.test\"}",
        ),
        alone(
            "ADF505",
            "dataflow",
            "\"type\": \"MappingDataFlow\", \"typeProperties\": {}",
        ),
        alone("ADF506", "pipeline", "\"activities\": []"),
        alone("ADF507", "integrationRuntime", "\"type\": \"SelfHosted\""),
        alone("ADF508", "credential", "\"type\": \"ManagedIdentity\""),
        Case::new("ADF509")
            .replace(
                FACTORY,
                "\"region\": {",
                "\"other\": {\"type\": \"string\", \"value\": \"x\"},\n\"region\": {",
            )
            .at(FACTORY, "\"other\""),
    ]
}
