//! Sources of other years, whose templates keep the rules of then.

use adf_arm::{Month, Vintage};
use serde_json::{Value, json};

use crate::source::{
    document, key_vault, make_as_of, parameter, repository, service, vault_secret,
};

const MAY_2021: Vintage = Vintage::Of(Month::new(2021, 5));

fn pipeline(limit: &str, published: Option<&str>) -> (&'static str, Value) {
    let mut properties = json!({"activities": [
        {"name": "if", "type": "IfCondition", "typeProperties": {"ifTrueActivities": [
            {"name": "copy", "type": "Copy", "policy": {"timeout": limit}}]}}]});
    if let Some(published) = published {
        properties["lastPublishTime"] = json!(published);
    }
    document("pipeline/p", properties)
}

fn vintage(files: &[(&str, Value)]) -> Vintage {
    Vintage::of(&repository(files))
}

#[test]
fn a_source_whose_newest_trace_is_old_keeps_the_rules_of_then() {
    let old = pipeline("7.00:00:00", Some("2021-05-28T10:00:00Z"));
    assert_eq!(vintage(std::slice::from_ref(&old)), MAY_2021);

    let started = json!({"recurrence": {"startTime": "2022-01-01T00:00:00Z"}});
    let trigger = document(
        "trigger/t",
        json!({"type": "ScheduleTrigger", "typeProperties": started}),
    );
    assert_eq!(vintage(&[old, trigger]), Vintage::Of(Month::new(2022, 1)));
    assert_eq!(
        vintage(&[pipeline("7.00:00:00", Some("2022-11-03T10:00:00Z"))]),
        Vintage::Of(Month::new(2022, 11))
    );
}

#[test]
fn any_newer_trace_means_today() {
    let old = || pipeline("7.00:00:00", Some("2021-05-28T10:00:00Z"));

    assert_eq!(
        vintage(&[pipeline("0.12:00:00", Some("2021-05-28T10:00:00Z"))]),
        Vintage::Today
    );
    assert_eq!(
        vintage(&[pipeline("7.00:00:00", Some("2024-01-01T00:00:00Z"))]),
        Vintage::Today
    );
    assert_eq!(
        vintage(&[old(), ("publish_config", json!({"enableGitComment": true}))]),
        Vintage::Today
    );
}

#[test]
fn a_source_without_traces_means_today() {
    assert_eq!(vintage(&[]), Vintage::Today);
    assert_eq!(vintage(&[pipeline("7.00:00:00", None)]), Vintage::Today);
    assert_eq!(
        vintage(&[pipeline("0.01:00:00", Some("2021-05-28T10:00:00Z"))]),
        Vintage::Today
    );
}

#[test]
fn files_of_the_page_without_annotations_are_from_its_first_year() {
    let mut written = service(
        "linkedService/ls",
        "HttpServer",
        json!({"url": "https://web.test"}),
    );
    written.1["type"] = json!("Microsoft.DataFactory/factories/linkedservices");

    let found = vintage(&[pipeline("7.00:00:00", None), written]);

    assert_eq!(found, Vintage::Of(Month::new(2019, 2)));
}

#[test]
fn the_default_definition_was_smaller() {
    let files = repository(&[
        service(
            "linkedService/dbx",
            "AzureDatabricks",
            json!({"existingClusterId": "c", "domain": "https://d.test"}),
        ),
        service(
            "linkedService/kusto",
            "AzureDataExplorer",
            json!({"endpoint": "https://k.test", "database": "d"}),
        ),
        service(
            "linkedService/ftp",
            "FtpServer",
            json!({"host": "f.test", "authenticationType": "Anonymous"}),
        ),
        service(
            "linkedService/run",
            "AzureFunction",
            json!({"functionAppUrl": "https://r.test"}),
        ),
    ]);
    let names = |vintage| {
        let made = make_as_of(&files, vintage);
        let names = made.names().into_iter().skip(2);
        names
            .map(|name| name.replace("_properties_typeProperties_", "."))
            .collect::<Vec<_>>()
    };

    assert_eq!(
        names(Vintage::Today),
        [
            "dbx.existingClusterId",
            "ftp.host",
            "kusto.endpoint",
            "kusto.database",
            "run.functionAppUrl"
        ]
    );
    assert_eq!(
        names(MAY_2021),
        [
            "ftp.host",
            "kusto.endpoint",
            "kusto.database",
            "run.functionAppUrl"
        ]
    );
    assert_eq!(
        names(Vintage::Of(Month::new(2020, 6))),
        ["ftp.host", "kusto.database"]
    );
}

#[test]
fn connection_strings_had_no_default() {
    let sql = json!({"connectionString": "server=s;database=d", "password": vault_secret("pwd")});
    let files = repository(&[
        service("linkedService/sql", "AzureSqlDatabase", sql),
        key_vault(),
    ]);
    let default = |vintage| {
        let made = make_as_of(&files, vintage);
        made.parameter("sql_connectionString")
            .get("defaultValue")
            .cloned()
    };

    assert_eq!(default(Vintage::Today), Some(json!("server=s;database=d")));
    assert_eq!(default(MAY_2021), None);
    assert_eq!(default(Vintage::Of(Month::new(2022, 10))), None);
    assert!(default(Vintage::Of(Month::new(2022, 12))).is_some());
}

#[test]
fn brackets_were_once_concatenated() {
    let mapping = json!({"[a]": "['it''s']"});
    let files = repository(&[document(
        "pipeline/p",
        json!({"activities": [], "mapping": mapping, "open": "[x"}),
    )]);

    let made = make_as_of(&files, Vintage::Of(Month::new(2019, 2)));

    let properties = &made.resource("pipelines", "p")["properties"];
    assert_eq!(
        properties["mapping"],
        json!({"[[a]": "[concat('[', '''it''''s'']')]"})
    );
    assert_eq!(properties["open"], "[x");
}

#[test]
fn endpoints_were_parameters_as_a_whole() {
    let endpoint = json!({"privateLinkResourceId": "/s/1", "groupId": "blob", "other": 1});
    let files = repository(&[
        document("managedVirtualNetwork/default", json!({})),
        document(
            "managedVirtualNetwork/default/managedPrivateEndpoint/pe",
            endpoint,
        ),
    ]);

    let made = make_as_of(&files, MAY_2021);

    let names = [
        "pe_properties_privateLinkResourceId",
        "pe_properties_groupId",
        "pe_properties_other",
    ];
    assert_eq!(made.names()[1..], names);
    let properties = &made.resource(
        "managedVirtualNetworks/managedPrivateEndpoints",
        "default/pe",
    )["properties"];
    assert_eq!(properties["other"], parameter(names[2]));
}
