//! Secrets in clear text. They are made up, and put together here so that nothing in the sources looks like one.

use crate::harness::Case;

const LEDGER: &str = "adf/linkedService/Ledger.json";
const STORAGE: &str = "adf/linkedService/ClaimsStorage.json";
const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const FACTORY: &str = "adf/factory/adf-claims.json";

pub(crate) fn cases() -> Vec<Case> {
    let password = "hunter2-hunter2";
    let token = format!("{}{}", "dapi", "0123456789abcdef".repeat(2));
    let signature = format!("https://st.test/c?sv=1&{}={}", "sig", "Ab0".repeat(10));
    let mut cases = linked_services(password);
    cases.extend([
        Case::new("ADF602")
            .replace(ARCHIVE, "https://claims.test/archived", &signature)
            .at(ARCHIVE, "\"url\""),
        Case::new("ADF603")
            .replace(INGEST, "\"region\": {\n\t\t\t\t\t\t\t\"value\": \"@pipeline().globalParameters.region\"",
                &format!("\"region\": {{\n\"value\": \"{token}\""))
            .at(INGEST, &token),
        Case::new("ADF608")
            .replace(ARCHIVE, "\"Content-Type\"", &format!("\"Authorization\": \"Basic {password}\",\n\"Content-Type\""))
            .at(ARCHIVE, "Authorization"),
        Case::new("ADF609")
            .replace(TIDY, "\"windowStart\": {", &format!("\"sqlPassword\": {{\"type\": \"string\",\n\"defaultValue\": \"{password}\"}},\n\"windowStart\": {{"))
            .at(TIDY, "\"defaultValue\""),
        Case::new("ADF609")
            .replace(INGEST, "\"accounts\": {\n\t\t\t\t\t\t\t\"value\"", &format!("\"apiToken\": \"{password}\",\n\"accounts\": {{\n\"value\""))
            .at(INGEST, "apiToken"),
        Case::new("ADF609")
            .replace(FACTORY, "\"region\": {", &format!("\"clientSecret\": {{\"type\": \"string\",\n\"value\": \"{password}\"}},\n\"region\": {{"))
            .at(FACTORY, "\"value\""),
        Case::new("ADF611")
            .replace(ARCHIVE, "https://claims.test/archived", &format!("https://claims.test/archived?{}={password}", "client_secret"))
            .at(ARCHIVE, "\"url\""),
        Case::new("ADF610")
            .replace(ARCHIVE, "https://claims.test/archived", "https://kv.vault.azure.net/secrets/token")
            .replace(ARCHIVE, "\"secureOutput\": true", "\"secureOutput\": false")
            .at(ARCHIVE, "\"tell\""),
    ]);
    cases
}

fn linked_services(password: &str) -> Vec<Case> {
    let user = "\"userName\": \"reader\",";
    let also = |more: &str| format!("{user}\n{more},");
    vec![
        Case::new("ADF601")
            .replace(
                LEDGER,
                user,
                &also(&format!(
                    "\"connectionString\": \"Server=ledger.test;{}={password}\"",
                    "Password"
                )),
            )
            .at(LEDGER, "connectionString"),
        Case::new("ADF601")
            .replace(
                STORAGE,
                "https://@{linkedService().account}.blob.test",
                &format!(
                    "AccountName=@{{linkedService().account}};{}={password}",
                    "AccountKey"
                ),
            )
            .at(STORAGE, "serviceEndpoint"),
        Case::new("ADF604")
            .replace(
                LEDGER,
                user,
                &also("\"encryptedCredential\": \"ew0KICAiVmVyc2lvbiI6\""),
            )
            .at(LEDGER, "encryptedCredential"),
        Case::new("ADF605")
            .replace(
                LEDGER,
                user,
                &also(&format!(
                    "\"key\": {{\"type\": \"SecureString\",\n\"value\": \"{password}\"}}"
                )),
            )
            .at(LEDGER, "\"value\""),
        Case::new("ADF606")
            .replace(
                LEDGER,
                user,
                &also("\"key\": {\"type\": \"SecureString\",\n\"value\": \"**********\"}"),
            )
            .at(LEDGER, "\"value\""),
        Case::new("ADF607")
            .replace(
                LEDGER,
                user,
                &also(&format!("\"accountKey\": \"{password}\"")),
            )
            .at(LEDGER, "accountKey"),
    ]
}
