//! A secret is in no output of `dataops diff`, wherever it stands and whatever becomes of it.

use serde_json::{Map, Value, json};

use crate::environment::{Ended, Program, TestEnvironment};
use crate::git::{commit, git, with_git};

/// What no output may have in it: how each secret begins.
const CANARY: &str = "c4n4ry";
const FORMS: [&str; 3] = ["human", "json", "markdown"];

fn named(name: &str, properties: Value) -> Value {
    let mut document = json!({"name": name});
    document["properties"] = properties;
    document
}

/// The properties of linked services of many types, with a secret in each place that has one.
#[expect(
    clippy::too_many_lines,
    reason = "a list of the places where a secret can stand"
)]
fn linked_services(secret: &str, host: &str) -> Vec<(&'static str, Value)> {
    let secure = json!({"type": "SecureString", "value": secret});
    vec![
        (
            "AzureBlobStorage",
            json!({"connectionString": format!("DefaultEndpointsProtocol=https;AccountName={host};AccountKey={secret};EndpointSuffix=core.windows.net"),
            "encryptedCredential": secret}),
        ),
        (
            "AzureFileStorage",
            json!({"sasUri": {"type": "SecureString", "value": format!("https://{host}.test/share?sv=2024&sig={secret}")}}),
        ),
        (
            "AzureTableStorage",
            json!({"sasUri": format!("https://{host}.test/t?sv=2024&sig={secret}&se=2030")}),
        ),
        (
            "AzureBlobFS",
            json!({"url": format!("https://{host}.test"), "accountKey": secure, "servicePrincipalKey": secret, "servicePrincipalCredential": secure}),
        ),
        (
            "AzureSqlDatabase",
            json!({"connectionString": format!("Server={host}.test;User ID=u;Password={secret}"), "password": secret}),
        ),
        (
            "Oracle",
            json!({"connectionString": {"type": "SecureString", "value": format!("Host={host};Password={secret}")}}),
        ),
        (
            "MongoDbV2",
            json!({"connectionString": format!("mongodb://user:{secret}@{host}.test:27017/db")}),
        ),
        (
            "CosmosDb",
            json!({"accountEndpoint": host, "accountKey": secret, "connectionString": secret}),
        ),
        (
            "AzureServiceBus",
            json!({"connectionString": format!("Endpoint=sb://{host}.test/;SharedAccessKeyName=root;SharedAccessKey={secret}")}),
        ),
        (
            "AzureDatabricks",
            json!({"domain": host, "accessToken": secret, "newClusterSparkConf": {
            "fs.azure.account.key.st.dfs.core.windows.net": secret, "spark.hadoop.fs.azure.account.oauth2.client.secret": secret},
            "newClusterSparkEnvVars": {"API_TOKEN": secret}}),
        ),
        (
            "AzureFunction",
            json!({"functionAppUrl": host, "functionKey": secret}),
        ),
        (
            "RestService",
            json!({"url": format!("https://{host}.test/api?code={secret}"), "authHeaders": {"x-anything": secret, "Other": secure},
            "clientSecret": secret, "authenticationType": "OAuth2ClientCredential"}),
        ),
        (
            "HttpServer",
            json!({"url": host, "userName": "u", "password": secure, "embeddedCertData": secret, "authHeaders": secure}),
        ),
        (
            "Sftp",
            json!({"host": host, "privateKeyContent": secret, "passPhrase": secure, "password": secret}),
        ),
        (
            "Snowflake",
            json!({"connectionString": format!("jdbc:snowflake://{host}.test/?user=u&password={secret}"), "privateKey": secret,
            "privateKeyPassphrase": secret}),
        ),
        (
            "AmazonS3",
            json!({"accessKeyId": host, "secretAccessKey": secret, "sessionToken": secret}),
        ),
        (
            "Salesforce",
            json!({"environmentUrl": host, "securityToken": secret, "consumerKey": secret}),
        ),
        ("Web", json!({"url": host, "pfx": secret, "key": secret})),
        (
            "Odbc",
            json!({"connectionString": format!("DSN={host};UID=u;PWD={secret}"), "credential": secure}),
        ),
    ]
}

#[expect(
    clippy::too_many_lines,
    reason = "a list of the places where a secret can stand"
)]
fn pipeline(secret: &str, host: &str) -> Value {
    let web = |extra: Value| {
        let mut properties =
            json!({"url": format!("https://{host}.test/?sig={secret}"), "method": "POST"});
        let extra = extra.as_object().cloned().unwrap_or_default();
        properties.as_object_mut().unwrap().extend(extra);
        properties
    };
    let activity = |name: &str, kind: &str, properties: Value| json!({"name": name, "type": kind, "typeProperties": properties});
    let quoted = format!("{{\"client_id\": \"{host}\", \"client_secret\": \"{secret}\"}}");
    let activities = json!([
        activity(
            "headers",
            "WebActivity",
            web(json!({"headers": {
            "Authorization": format!("Bearer {secret}"), "x-functions-key": secret, "Ocp-Apim-Subscription-Key": secret,
            "Other": format!("Basic {secret}QQ==")}}))
        ),
        activity("body", "WebActivity", web(json!({"body": quoted}))),
        activity(
            "form",
            "WebActivity",
            web(json!({"body": format!("grant_type=x&client_secret={secret}&scope={host}")}))
        ),
        activity(
            "object",
            "WebActivity",
            web(json!({"body": {"host": host, "password": secret, "inner": [{"apiKey": secret}]}}))
        ),
        activity(
            "basic",
            "WebActivity",
            web(json!({"authentication": {"type": "Basic", "username": host, "password": secret}}))
        ),
        activity(
            "certificate",
            "WebHook",
            web(
                json!({"authentication": {"type": "ClientCertificate", "pfx": secret,
            "password": {"type": "SecureString", "value": secret}}})
            )
        ),
        activity(
            "set",
            "SetVariable",
            json!({"variableName": "apiToken", "value": secret})
        ),
        activity(
            "append",
            "AppendVariable",
            json!({"variableName": "passwords", "value": format!("Password={secret}")})
        ),
        activity(
            "return",
            "SetVariable",
            json!({"variableName": "pipelineReturnValue", "setSystemVariable": true,
            "value": [{"key": "accessToken", "value": {"type": "String", "content": secret}}]})
        ),
        activity(
            "python",
            "DatabricksSparkPython",
            json!({"pythonFile": format!("https://{host}.test/x.py?sig={secret}"),
            "parameters": ["--token", format!("--url=https://a.test?sig={secret}")]})
        ),
        activity(
            "notebook",
            "DatabricksNotebook",
            json!({"notebookPath": format!("/Shared/x?sig={secret}"), "baseParameters": {"sqlPassword": secret, "host": host}})
        ),
        activity(
            "script",
            "Script",
            json!({"scripts": [{"type": "NonQuery", "text": format!("CREATE LOGIN {host} WITH PASSWORD = '{secret}'")}]})
        ),
        activity(
            "procedure",
            "SqlServerStoredProcedure",
            json!({"storedProcedureParameters": {"password": {"type": "String", "value": secret}}})
        ),
        activity(
            "switch",
            "Switch",
            json!({"on": {"type": "Expression", "value": "@pipeline().parameters.kind"}, "cases": [
            {"value": format!("https://a.test?sig={secret}"), "activities": [activity("inner", "Fail", json!({"message": format!("Pwd={secret}"), "errorCode": host}))]}]})
        ),
    ]);
    named(
        "ingest",
        json!({
            "description": format!("password = '{secret}' {host}"),
            "parameters": {"sqlPassword": {"type": "string", "defaultValue": secret}, "pin": {"type": "SecureString", "defaultValue": secret}},
            "variables": {"apiToken": {"type": "String", "defaultValue": secret}},
            "annotations": [format!("https://a.test?sig={secret}")],
            "activities": activities,
        }),
    )
}

/// The files of a solution with one secret in every place.
fn files(secret: &str, host: &str) -> Vec<(String, String)> {
    let mut files: Vec<_> = linked_services(secret, host)
        .into_iter()
        .map(|(kind, mut properties)| {
            let declared = json!({"type": kind, "parameters": {"sqlPwd": {"type": "String", "defaultValue": secret}}, "typeProperties": properties.take()});
            (format!("adf/linkedService/{kind}.json"), named(kind, declared))
        })
        .collect();
    let global = json!({"apiKey": {"type": "string", "value": secret}, "url": {"type": "string", "value": format!("https://{host}.test?sig={secret}")}});
    let credential = json!({"type": "ServicePrincipal", "typeProperties": {"servicePrincipalId": host, "servicePrincipalKey": secret}});
    let given = json!({"pipelineReference": {"referenceName": "ingest", "type": "PipelineReference"}, "parameters": {"sqlPassword": secret, "pin": host}});
    let trigger = json!({"type": "ScheduleTrigger", "runtimeState": "Started", "pipelines": [given], "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}}});
    let runtime = json!({"type": "Managed", "typeProperties": {"ssisProperties": {"catalogInfo": {"catalogServerEndpoint": host,
        "catalogAdminPassword": {"type": "SecureString", "value": secret}}, "customSetupScriptProperties": {
        "blobContainerUri": host, "sasToken": {"type": "SecureString", "value": secret}}}}});
    let flow = json!({"type": "MappingDataFlow", "typeProperties": {"sources": [], "scriptLines": [format!("parameters{{ token as string ('{secret}') }}"),
        format!("url: 'https://{host}.test?sig={secret}'")]}});
    let mut odd = Map::new();
    odd.insert(format!("https://a.test?sig={secret}"), host.into());
    let dataset = json!({"type": "Binary", "typeProperties": {"odd": odd, "location": {"relativeUrl": format!("x?sv=1&sig={secret}&x={host}")}}});
    files.extend(
        [
            ("adf/pipeline/ingest.json", pipeline(secret, host)),
            (
                "adf/factory/f.json",
                named("f", json!({"globalParameters": global})),
            ),
            ("adf/credential/c.json", named("c", credential)),
            ("adf/trigger/t.json", named("t", trigger)),
            ("adf/integrationRuntime/ir.json", named("ir", runtime)),
            ("adf/dataflow/flow.json", named("flow", flow)),
            ("adf/dataset/d.json", named("d", dataset)),
        ]
        .map(|(path, json)| (path.to_owned(), json)),
    );
    let mut files: Vec<_> = files
        .into_iter()
        .map(|(path, json)| (path, format!("{json:#}\n")))
        .collect();
    let yaml = format!(
        "name: x\nadf: {{ root: adf }}\nnotebooks: {{ root: notebooks, target: /Shared/x }}\nenvironments:\n  qa:\n    overrides:\n      linkedService.AzureFunction.typeProperties.functionKey: {secret}\n      linkedService.AzureBlobFS.typeProperties.url: https://{host}.test?sig={secret}\n"
    );
    let notebook = format!(
        "# Databricks notebook source\npassword = \"{secret}\"\nurl = \"https://{host}.test?sig={secret}\"\n"
    );
    files.extend([
        ("dataops.yaml".to_owned(), yaml),
        ("notebooks/prepare.py".to_owned(), notebook),
    ]);
    files
}

fn with(environment: TestEnvironment, files: Vec<(String, String)>) -> TestEnvironment {
    files
        .into_iter()
        .fold(environment, |environment, (path, text)| {
            environment.file(&path, text)
        })
}

#[track_caller]
fn assert_covered(ended: &Ended) {
    assert!(!ended.stdout.is_empty(), "{ended}");
    for (number, line) in ended.to_string().lines().enumerate() {
        assert!(!line.contains(CANARY), "line {}: {line}", number + 1);
    }
}

/// A solution of which `base`, `rotated` (other secrets), `moved` (other hosts), `both` and `none` (without the documents) are tags.
fn solution() -> TestEnvironment {
    let mut environment = with_git(TestEnvironment::new());
    let (old, new) = (format!("{CANARY}-0ld-Value"), format!("{CANARY}-n3w-Value"));
    let versions = [
        ("base", files(&old, "alpha")),
        ("rotated", files(&new, "alpha")),
        ("moved", files(&old, "beta")),
        ("both", files(&new, "beta")),
        (
            "none",
            vec![(
                "adf/pipeline/only.json".to_owned(),
                named("only", json!({"activities": []})).to_string(),
            )],
        ),
    ];
    for (tag, files) in versions {
        let _ = std::fs::remove_dir_all(environment.path("adf"));
        environment = with(environment, files);
        commit(&environment, tag);
        git(&environment, &["tag", tag]);
    }
    environment
}

#[test]
fn no_secret_is_told_whatever_becomes_of_it() {
    let environment = solution();
    let pairs = [
        ("base", "rotated"),
        ("base", "moved"),
        ("base", "both"),
        ("none", "base"),
        ("base", "none"),
    ];

    for (base, head) in pairs {
        for form in FORMS {
            let ended = environment.run(
                Program::Dataops,
                &[
                    "diff", "--all", "--base", base, "--head", head, "--format", form,
                ],
            );

            assert_eq!(ended.code, Some(0), "{ended}");
            assert_covered(&ended);
        }
    }
}

#[test]
fn a_secret_that_is_another_one_is_told_of() {
    let environment = solution();

    let ended = environment.run(
        Program::Dataops,
        &[
            "diff", "--base", "base", "--head", "rotated", "--format", "json",
        ],
    );

    let json = ended.json();
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), files("", "").len() - 2, "{json:#}");
    let told = changes
        .iter()
        .flat_map(|change| change["differences"].as_array().unwrap());
    for difference in told {
        let is_other = difference["difference"] != "changed"
            || difference["isSecret"] == true
            || difference["otherSecret"] == true;
        assert!(is_other, "{difference:#}");
    }
}

#[test]
fn no_secret_is_told_of_a_merge() {
    let environment = solution();
    for (one, other) in [("one", "rotated"), ("other", "both")] {
        git(
            &environment,
            &["switch", "--quiet", "--create", one, "base"],
        );
        git(&environment, &["checkout", "--quiet", other, "--", "."]);
        commit(&environment, one);
    }

    for form in FORMS {
        let sides = ["diff", "--merge", "one", "other", "--format", form];
        let commits = environment.run(Program::Dataops, &sides);
        assert_eq!(commits.code, Some(1), "{commits}");
        assert_covered(&commits);
    }
}
