//! What the page writes otherwise than the document, because its model says so.

use adf_arm::{Month, Vintage};
use serde_json::{Value, json};

use crate::source::{document, make, make_as_of, repository, secret, service};

/// The properties of an activity in a loop, as they are published.
fn published(kind: &str, properties: &Value, vintage: Vintage) -> Value {
    let activity = json!({"name": "do", "type": kind, "typeProperties": properties});
    let cases = json!([{"value": "a", "activities": [activity]}]);
    let switch = json!({"name": "if", "type": "Switch", "typeProperties": {"cases": cases}});
    let files = [document("pipeline/p", json!({"activities": [switch]}))];
    let made = make_as_of(&repository(&files), vintage);
    let activity = "/properties/activities/0/typeProperties/cases/0/activities/0/typeProperties";
    made.resource("pipelines", "p")
        .pointer(activity)
        .unwrap()
        .clone()
}

fn expression(text: &str) -> Value {
    json!({"value": text, "type": "Expression"})
}

const fn month(year: u16, month: u8) -> Vintage {
    Vintage::Of(Month::new(year, month))
}

#[test]
fn text_with_expressions_says_so_where_the_page_has_expressions() {
    let copy = json!({
        "source": {"type": "RestSource", "query": "@item().q", "additionalHeaders": {"Cookie": "@item().c", "Accept": "x"},
            "storeSettings": {"wildcardFileName": "@item().n", "wildcardFolderPath": "@{item().a}/@{item().b}"}},
        "sink": {"type": "AzureSqlSink", "preCopyScript": "truncate table @{item().t}"}});
    let copied = published("Copy", &copy, Vintage::Today);

    assert_eq!(
        copied["sink"]["preCopyScript"],
        expression("truncate table @{item().t}")
    );
    let source = &copied["source"];
    assert_eq!(
        source["additionalHeaders"],
        json!({"Cookie": expression("@item().c"), "Accept": "x"})
    );
    assert_eq!(
        source["storeSettings"]["wildcardFileName"],
        expression("@item().n")
    );
    assert_eq!(
        source["storeSettings"]["wildcardFolderPath"],
        expression("@{item().a}/@{item().b}")
    );
    assert_eq!(source["query"], "@item().q");
    let notebook = json!({"notebookPath": "/a", "baseParameters": {"input": "@item()", "mail": "a@b.test", "at": "@@{x}"}});
    let notebook = published("DatabricksNotebook", &notebook, Vintage::Today);
    assert_eq!(
        notebook["baseParameters"],
        json!({"input": expression("@item()"), "mail": "a@b.test", "at": "@@{x}"})
    );
    let arguments = json!({"parameters": {"a": "@item()"}});
    assert_eq!(
        published("ExecutePipeline", &arguments, Vintage::Today),
        arguments
    );
}

#[test]
fn text_with_expressions_says_so_in_datasets() {
    let table =
        json!({"schema": "@dataset().s", "table": "T_@{dataset().t}", "tableName": "@dataset().n"});
    let made = make(&repository(&[document(
        "dataset/ds",
        json!({"type": "OracleTable", "typeProperties": table}),
    )]));

    assert_eq!(
        made.resource("datasets", "ds")["properties"]["typeProperties"],
        json!({"schema": expression("@dataset().s"), "table": expression("T_@{dataset().t}"), "tableName": "@dataset().n"})
    );
}

#[test]
fn sources_and_data_flows_are_told_what_is_usual() {
    let source = |kind: &str| json!({"source": {"type": kind}});
    for kind in [
        "AzureSqlSource",
        "SqlServerSource",
        "SqlDWSource",
        "SqlSource",
    ] {
        let added = published("Lookup", &source(kind), month(2021, 5));
        assert_eq!(added["source"]["partitionOption"], "None", "{kind}");
        let before = published("Lookup", &source(kind), month(2020, 7));
        assert_eq!(before, source(kind));
    }
    let other = source("BlobSource");
    assert_eq!(published("Copy", &other, Vintage::Today), other);
    let given = json!({"source": {"type": "SqlSource", "partitionOption": "DynamicRange"}});
    assert_eq!(published("Copy", &given, Vintage::Today), given);

    let flow = json!({"compute": {"coreCount": 8}});
    let traced = published("ExecuteDataFlow", &flow, Vintage::Today);
    assert_eq!(traced["traceLevel"], "Fine");
    assert_eq!(published("ExecuteDataFlow", &flow, month(2020, 10)), flow);
}

#[test]
fn settings_have_their_present_names() {
    let settings = json!({"storeSettings": {"type": "AzureBlobStorageReadSetting"}, "formatSettings": {"type": "DelimitedTextReadSetting"}});
    let sink = json!({"storeSettings": {"type": "AzureBlobFSWriteSetting"}});
    let copied = published(
        "Copy",
        &json!({"source": settings, "sink": sink}),
        month(2020, 2),
    );

    assert_eq!(
        copied,
        json!({
            "source": {"storeSettings": {"type": "AzureBlobStorageReadSettings"}, "formatSettings": {"type": "DelimitedTextReadSettings"}},
            "sink": {"storeSettings": {"type": "AzureBlobFSWriteSettings"}}})
    );
    let asked = published("GetMetadata", &settings, Vintage::Today);
    assert_eq!(
        asked["storeSettings"],
        json!({"type": "AzureBlobStorageReadSettings", "recursive": true})
    );
    assert_eq!(
        published("GetMetadata", &settings, month(2019, 8)),
        settings
    );
}

#[test]
fn linked_services_are_told_what_is_usual() {
    let published = |kind: &str, properties: Value, vintage: Vintage| {
        let files = [service("linkedService/ls", kind, properties)];
        let made = make_as_of(&repository(&files), vintage);
        made.resource("linkedServices", "ls")["properties"]["typeProperties"].clone()
    };

    let cluster = json!({"newClusterVersion": "13.3.x"});
    let new = published("AzureDatabricks", cluster.clone(), Vintage::Today);
    assert_eq!(new["clusterOption"], "Fixed");
    assert_eq!(
        published("AzureDatabricks", cluster.clone(), month(2021, 8)),
        cluster
    );
    let existing = published(
        "AzureDatabricks",
        json!({"existingClusterId": "c"}),
        Vintage::Today,
    );
    assert_eq!(existing.get("clusterOption"), None);

    let function = |vintage| published("AzureFunction", json!({}), vintage);
    assert_eq!(function(Vintage::Today)["authentication"], "Anonymous");
    assert_eq!(function(month(2021, 6)).get("authentication"), None);

    let table = |vintage| {
        published(
            "SapTable",
            json!({"clientId": "1", "language": ""}),
            vintage,
        )
    };
    assert_eq!(table(Vintage::Today).get("language"), None);
    assert_eq!(table(month(2022, 8))["language"], "");
}

#[test]
fn the_account_of_a_mongo_database_is_a_secret_with_a_default() {
    let files = [service(
        "linkedService/m",
        "CosmosDbMongoDbApi",
        json!({"account": "a"}),
    )];

    let made = make(&repository(&files));

    let properties = &made.resource("linkedServices", "m")["properties"]["typeProperties"];
    assert_eq!(properties["account"], secret("m_account"));
    assert_eq!(made.parameter("m_account")["type"], "secureString");
    assert_eq!(made.parameter("m_account")["defaultValue"], "a");
}

#[test]
fn a_trigger_starts_on_a_whole_second() {
    let start = json!({"recurrence": {"startTime": "2020-04-21T23:55:00.000Z"}});
    let files = [document(
        "trigger/t",
        json!({"type": "ScheduleTrigger", "typeProperties": start}),
    )];
    let published = |vintage| {
        let made = make_as_of(&repository(&files), vintage);
        made.resource("triggers", "t")["properties"]["typeProperties"].clone()
    };

    let whole = json!({"recurrence": {"startTime": "2020-04-21T23:55:00Z"}});
    assert_eq!(published(month(2020, 11)), whole);
    assert_eq!(published(month(2020, 8)), start);
}
