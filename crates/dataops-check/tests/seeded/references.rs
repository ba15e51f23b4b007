//! Mistakes in references.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("ADF201")
            .replace(INGEST, "\"Incoming\"", "\"Incomming\"")
            .at(INGEST, "Incomming"),
        Case::new("ADF202")
            .replace(INGEST, "\"Accounts\"", "\"accountS\"")
            .at(INGEST, "accountS"),
        Case::new("ADF201")
            .remove("adf/dataset/Accounts.json")
            .at(INGEST, "\"Accounts\""),
    ]
}
