//! Mistakes in names.

use crate::harness::Case;

const TIDY: &str = "adf/pipeline/tidy.json";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("ADF107")
            .replace(TIDY, "\"name\": \"tidy\",", "")
            .at(TIDY, "{"),
        Case::new("ADF108")
            .write("adf/pipeline/tidy up?.json", "{\n\"name\": \"tidy up?\", \"properties\": {\"activities\": []}}")
            .at("adf/pipeline/tidy up?.json", "name"),
        Case::new("ADF108")
            .write("adf/integrationRuntime/a_b.json", "{\n\"name\": \"a_b\", \"properties\": {\"type\": \"SelfHosted\"}}")
            .at("adf/integrationRuntime/a_b.json", "name"),
        Case::new("ADF109")
            .write(
                "adf/dataset/a-b.json",
                "{\n\"name\": \"a-b\", \"properties\": {\"type\": \"AzureSqlTable\", \"linkedServiceName\":
                {\"referenceName\": \"Ledger\", \"type\": \"LinkedServiceReference\"}}}",
            )
            .at("adf/dataset/a-b.json", "\"a-b\""),
        Case::new("ADF110")
            .replace(TIDY, "\"until tidy\"", "\"until tidy.\"")
            .at(TIDY, "until tidy."),
    ]
}
