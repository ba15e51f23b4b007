//! What Microsoft has retired.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const LEDGER: &str = "adf/linkedService/Ledger.json";
const STAGED: &str = "adf/dataset/Staged.json";
const ACCOUNTS: &str = "adf/dataset/Accounts.json";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("ADF801")
            .replace(
                INGEST,
                "\"DatabricksNotebook\"",
                "\"AzureMLBatchExecution\"",
            )
            .at(INGEST, "AzureMLBatchExecution"),
        Case::new("ADF802")
            .replace(LEDGER, "\"SqlServer\"", "\"Snowflake\"")
            .at(LEDGER, "Snowflake"),
        Case::new("ADF802")
            .replace(LEDGER, "\"SqlServer\"", "\"MySql\"")
            .replace(LEDGER, "\"server\"", "\"host\"")
            .at(LEDGER, "MySql"),
        Case::new("ADF803")
            .replace(LEDGER, "\"SqlServer\"", "\"AzureStorage\"")
            .at(LEDGER, "AzureStorage"),
        Case::new("ADF804")
            .replace(STAGED, "\"Parquet\"", "\"AzureBlob\"")
            .at(STAGED, "\"AzureBlob\""),
        Case::new("ADF804")
            .replace(ACCOUNTS, "\"SqlServerTable\"", "\"RelationalTable\"")
            .at(ACCOUNTS, "RelationalTable"),
        Case::new("ADF805")
            .replace(INGEST, "\"DelimitedTextSource\"", "\"BlobSource\"")
            .at(INGEST, "BlobSource"),
    ]
}
