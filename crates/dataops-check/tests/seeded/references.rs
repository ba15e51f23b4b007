//! Mistakes in references.

use crate::harness::Case;

const INGEST: &str = "adf/pipeline/ingest-claims.json";
const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
const STAGED: &str = "adf/dataset/Staged.json";
const LEDGER: &str = "adf/linkedService/Ledger.json";
const STORAGE: &str = "adf/linkedService/ClaimsStorage.json";
const HOURLY: &str = "adf/trigger/each-hour.json";

pub(crate) fn cases() -> Vec<Case> {
    let calls_back = "{\"name\": \"back\", \"type\": \"ExecutePipeline\", \"typeProperties\": {\"pipeline\":
        {\"referenceName\": \"ingest-claims\", \"type\": \"PipelineReference\"}, \"parameters\": {\"file\": \"x\"}}}, ";
    let mut cases = types();
    cases.extend([
        Case::new("ADF201")
            .replace(INGEST, "\"Incoming\"", "\"Incomming\"")
            .at(INGEST, "Incomming"),
        Case::new("ADF201")
            .remove("adf/dataset/Accounts.json")
            .at(INGEST, "\"Accounts\""),
        Case::new("ADF201")
            .replace(HOURLY, "\"tidy\"", "\"tidi\"")
            .at(HOURLY, "tidi"),
        Case::new("ADF201")
            .write(
                "adf/managedVirtualNetwork/other/managedPrivateEndpoint/queue.json",
                "{\n\"name\": \"queue\", \"properties\": {\"privateLinkResourceId\": \"/x\", \"groupId\": \"queue\"}}",
            )
            .at(
                "adf/managedVirtualNetwork/other/managedPrivateEndpoint/queue.json",
                "name",
            ),
        Case::new("ADF202")
            .replace(INGEST, "\"Accounts\"", "\"accountS\"")
            .at(INGEST, "accountS"),
        Case::new("ADF203")
            .replace(LEDGER, "\"on-premises\"", "\"deployer\"")
            .at(LEDGER, "\"deployer\""),
        Case::new("ADF204")
            .replace(
                ARCHIVE,
                "\"activities\": [\n",
                &format!("\"activities\": [{calls_back}\n"),
            )
            .at(ARCHIVE, "\"ingest-claims\""),
        Case::new("ADF205")
            .replace(STAGED, "\"LinkedServiceReference\"", "\"LinkedService\"")
            .at(STAGED, "\"LinkedService\""),
        Case::new("ADF206")
            .replace(STAGED, "\"ClaimsStorage\"", "\"Incoming\"")
            .replace(STAGED, "\"LinkedServiceReference\"", "\"DatasetReference\"")
            .at(STAGED, "\"DatasetReference\""),
        Case::new("ADF207")
            .replace(
                INGEST,
                "\"name\": \"stage\",",
                "\"name\": \"stage\", \"state\": \"Inactive\",",
            )
            .replace(INGEST, "\"Incoming\"", "\"Incomming\"")
            .at(INGEST, "Incomming"),
    ]);
    cases
}

/// Types that do not go together.
fn types() -> Vec<Case> {
    vec![
        Case::new("ADF209")
            .replace(
                "adf/dataset/Accounts.json",
                "\"SqlServerTable\"",
                "\"AzureSqlTable\"",
            )
            .at("adf/dataset/Accounts.json", "AzureSqlTable"),
        Case::new("ADF209")
            .replace(
                STAGED,
                "\"AzureBlobStorageLocation\"",
                "\"AzureBlobFSLocation\"",
            )
            .at(STAGED, "AzureBlobFSLocation"),
        Case::new("ADF209")
            .replace(INGEST, "\"DelimitedTextSource\"", "\"JsonSource\"")
            .at(INGEST, "JsonSource"),
        Case::new("ADF209")
            .replace(
                INGEST,
                "\"AzureBlobStorageWriteSettings\"",
                "\"SftpWriteSettings\"",
            )
            .at(INGEST, "SftpWriteSettings"),
        Case::new("ADF218")
            .replace(STORAGE, "\"deployer\"", "\"deployr\"")
            .at(STORAGE, "\"deployr\""),
        Case::new("ADF208")
            .replace(LEDGER, "\"KeyVault\"", "\"ClaimsStorage\"")
            .at(LEDGER, "\"ClaimsStorage\""),
    ]
}
