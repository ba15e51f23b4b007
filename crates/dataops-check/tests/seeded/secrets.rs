//! Secrets in clear text. They are made up, and put together here so that nothing in the sources looks like one.

use crate::harness::Case;

const LEDGER: &str = "adf/linkedService/Ledger.json";
const STORAGE: &str = "adf/linkedService/ClaimsStorage.json";
const ARCHIVE: &str = "adf/pipeline/archive-claims.json";
const INGEST: &str = "adf/pipeline/ingest-claims.json";
const TIDY: &str = "adf/pipeline/tidy.json";
const FACTORY: &str = "adf/factory/adf-claims.json";

/// Files that are sealed with the rest, and are none of Data Factory's documents.
fn named_files() -> Vec<Case> {
    let key = format!("{}={}==", "AccountKey", &"Ab0+".repeat(22)[..86]);
    let contract = "contracts/claims.odcs.yaml";
    vec![
        Case::new("ADF613")
            .replace(
                contract,
                "status: active\n",
                &format!(
                    "status: active\ncustomProperties: [{{ property: p, value: \"{key}\" }}]\n"
                ),
            )
            .at(contract, "customProperties"),
        Case::new("ADF613")
            .write(
                "requirements.txt",
                "pandas==2.3.3\n--extra-index-url https://build:hunter22@pkgs.test/simple/\n",
            )
            .at("requirements.txt", "--extra")
            .about("hunter22"),
        Case::new("ADF603")
            .replace(
                "adf/publish_config.json",
                "\"publishBranch\": \"",
                &format!(
                    "\"publishBranch\": \"{}{}",
                    "ghp_",
                    "aB3dE6gH9j".repeat(3) + "aB3dE6"
                ),
            )
            .at("adf/publish_config.json", "publishBranch"),
    ]
}

pub(crate) fn cases() -> Vec<Case> {
    let password = "hunter2-hunter2";
    let token = format!("{}{}", "dapi", "0123456789abcdef".repeat(2));
    let signature = format!("https://st.test/c?sv=1&{}={}", "sig", "Ab0".repeat(10));
    let mut cases = linked_services(password);
    cases.extend(requests(password));
    cases.extend(named_files());
    cases.extend([
        Case::new("ADF602")
            .replace(ARCHIVE, "https://claims.test/archived", &signature)
            .at(ARCHIVE, "\"url\""),
        Case::new("ADF603")
            .replace(INGEST, "\"region\": {\n\t\t\t\t\t\t\t\"value\": \"@pipeline().globalParameters.region\"",
                &format!("\"region\": {{\n\"value\": \"{token}\""))
            .at(INGEST, &token),
        Case::new("ADF612")
            .replace(ARCHIVE, "https://claims.test/archived", "http://claims.test/archived")
            .replace(ARCHIVE, "\"Content-Type\"", "\"Authorization\": \"@pipeline().parameters.file\",\n\"Content-Type\"")
            .at(ARCHIVE, "\"url\""),
        Case::new("ADF608")
            .replace(ARCHIVE, "\"Content-Type\"", &format!("\"Authorization\": \"Basic {password}\",\n\"Content-Type\""))
            .at(ARCHIVE, "Authorization"),
        Case::new("ADF609")
            .replace(TIDY, "\"windowStart\": {", &format!("\"sqlPassword\": {{\"type\": \"string\",\n\"defaultValue\": \"{password}\"}},\n\"windowStart\": {{"))
            .at(TIDY, "\"defaultValue\""),
        Case::new("ADF609")
            .replace(TIDY, "\"windowStart\": {", &format!("\"handle\": {{\"type\": \"securestring\",\n\"defaultValue\": \"{password}\"}},\n\"windowStart\": {{"))
            .at(TIDY, "\"defaultValue\""),
        Case::new("ADF609")
            .replace(INGEST, "\"accounts\": {\n\t\t\t\t\t\t\t\"value\"", &format!("\"apiToken\": \"{password}\",\n\"accounts\": {{\n\"value\""))
            .at(INGEST, "apiToken"),
        Case::new("ADF609")
            .replace(FACTORY, "\"region\": {", &format!("\"clientSecret\": {{\"type\": \"string\",\n\"value\": \"{password}\"}},\n\"region\": {{"))
            .at(FACTORY, "\"value\""),
        Case::new("ADF609")
            .replace(TIDY, "\"timeout\": \"0.01:00:00\"\n\t\t\t\t}", &format!("\"timeout\": \"0.01:00:00\"\n\t\t\t\t}},\n\"userProperties\": [{{\"name\": \"dbPassword\",\n\"value\": \"{password}\"}}]"))
            .replace(TIDY, "\"type\": \"Until\",\n\t\t\t\t\"dependsOn\": [],\n\t\t\t\t\"userProperties\": [],", "\"type\": \"Until\",")
            .at(TIDY, "\"value\": \"hunter2"),
        Case::new("ENV127")
            .replace("clusters/claims.json", "\"num_workers\": 1", &format!("\"num_workers\": 1, \"spark_conf\": {{\n\"{}\": \"{password}\"}}", "fs.azure.account.key.st.dfs.core.windows.net"))
            .at("clusters/claims.json", "fs.azure"),
        Case::new("ADF609")
            .replace(FACTORY, "\"region\": {", &format!("\"claims\": {{\"type\": \"object\", \"value\": {{\"user\": \"u\",\n\"password\": \"{password}\"}}}},\n\"region\": {{"))
            .at(FACTORY, "\"password\""),
        Case::new("ADF609")
            .replace(TIDY, "\"windowStart\": {", &format!("\"claims\": {{\"type\": \"object\", \"defaultValue\": {{\"logins\": [{{\n\"apiKey\": \"{password}\"}}]}}}},\n\"windowStart\": {{"))
            .at(TIDY, "\"apiKey\""),
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

/// Secrets that are sent or set.
fn requests(password: &str) -> Vec<Case> {
    let authentication = "\"type\": \"MSI\",\n\t\t\t\t\t\t\"resource\": \"https://claims.test\"";
    let body = "\"value\": \"@json(concat('{\\\"file\\\": \\\"', pipeline().parameters.file, '\\\"}'))\",\n\t\t\t\t\t\t\"type\": \"Expression\"";
    let set = format!(
        r#"{{"name": "set", "properties": {{"variables": {{"dbPwd": {{"type": "String"}}}}, "activities": [
        {{"name": "set", "type": "SetVariable", "typeProperties": {{"variableName": "dbPwd",
        "value": "{password}"}}}}]}}}}"#
    );
    let service = format!(
        r#"{{"name": "Claims", "properties": {{"type": "RestService", "typeProperties": {{"url": "https://claims.test", "authenticationType": "Anonymous",
        "authHeaders": {{"X-Claims": "{password}"}}}}}}}}"#
    );
    let principal = format!(
        r#"{{"name": "principal", "properties": {{"type": "ServicePrincipal", "typeProperties": {{"servicePrincipalId": "1",
        "servicePrincipalKey": "{password}"}}}}}}"#
    );
    vec![
        Case::new("ADF607")
            .replace(ARCHIVE, authentication, &format!("\"type\": \"Basic\", \"username\": \"u\",\n\"password\": \"{password}\""))
            .at(ARCHIVE, "\"password\""),
        Case::new("ADF607")
            .replace(ARCHIVE, authentication, &format!("\"type\": \"ClientCertificate\",\n\"pfx\": \"{password}\""))
            .at(ARCHIVE, "\"pfx\""),
        Case::new("ADF607")
            .write("adf/credential/principal.json", principal)
            .at("adf/credential/principal.json", "servicePrincipalKey"),
        Case::new("ADF608")
            .write("adf/linkedService/Claims.json", service)
            .at("adf/linkedService/Claims.json", "X-Claims"),
        Case::new("ADF609")
            .write("adf/pipeline/set.json", set)
            .at("adf/pipeline/set.json", "\"value\""),
        Case::new("ADF611")
            .replace(ARCHIVE, body, &format!("\"user\": \"u\",\n\"client_secret\": \"{password}\""))
            .at(ARCHIVE, "client_secret"),
        Case::new("ADF611")
            .replace(ARCHIVE, body, &format!("\"type\": \"Expression\",\n\"value\": \"grant_type=x&{}={password}&scope=y\"", "client_secret"))
            .at(ARCHIVE, "\"value\": \"grant"),
        Case::new("ADF611")
            .replace(ARCHIVE, body, &format!("\"type\": \"Expression\",\n\"value\": \"{{\\\"password\\\": \\\"{password}\\\"}}\""))
            .at(ARCHIVE, "\"value\": \"{"),
    ]
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

/// Notebooks and overrides hold them too.
#[test]
fn the_bytes_of_a_secret_are_told_so_that_nobody_shows_them() {
    let elsewhere = ["NB122", "ENV107", "ENV127"];
    // A mask, an activity whose output will be a secret, and one that sends a secret.
    let without = ["ADF606", "ADF610", "ADF612"];
    let cases = crate::cases().into_iter().filter(|case| {
        elsewhere.contains(&case.rule)
            || case.rule.starts_with("ADF6") && !without.contains(&case.rule)
    });

    let mut seen = 0;
    for case in cases {
        let found = case.found();
        let found = found.iter().find(|finding| finding.rule.id == case.rule);
        assert!(found.unwrap().covered.is_some(), "{}", case.rule);
        seen += 1;
    }
    assert!(seen > 8, "{seen}");
}
