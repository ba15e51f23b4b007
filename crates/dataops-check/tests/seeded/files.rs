//! Mistakes in files as files.

use crate::harness::Case;

const PIPELINE: &str = "adf/pipeline/ingest-claims.json";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("ADF006")
            .replace(PIPELINE, "\"batchCount\": 10,", "\"batchCount\" 10,")
            .at(PIPELINE, "\"batchCount\" 10,"),
        Case::new("ADF006")
            .write("adf/dataset/Broken.json", "{\n\"name\": }")
            .at("adf/dataset/Broken.json", "name"),
    ]
}
