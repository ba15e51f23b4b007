//! Differences within one document.

use serde_json::{Value, json};

use crate::{differ, shown};

fn documents(path: &str, base: Value, head: Value) -> String {
    let document = |properties| json!({"name": "x", "properties": properties});
    shown(&differ([(path, document(base))], [(path, document(head))]))
}

#[test]
fn columns_are_told_by_name_and_moves_are_moves() {
    let columns = |names: &[(&str, &str)]| -> Value {
        names
            .iter()
            .map(|(name, kind)| json!({"name": name, "type": kind}))
            .collect()
    };
    let text = documents(
        "dataset/x.json",
        json!({"schema": columns(&[("id", "Int32"), ("claim", "String"), ("age", "Int32"), ("old", "String")])}),
        json!({"schema": columns(&[("id", "Int64"), ("age", "Int32"), ("claim", "String"), ("new", "String")])}),
    );

    insta::assert_snapshot!(text, @r#"
    * dataset `x`
       schema["id"].type "Int32" => "Int64"
       schema["age"] moved 2 > 1
       schema["new"] + {"name":"new","type":"String"}
       schema["old"] - {"name":"old","type":"String"}
    "#);
}

#[test]
fn what_the_service_notes_for_itself_is_noise() {
    let text = documents(
        "pipeline/x.json",
        json!({"lastPublishTime": "2026-01-01T00:00:00Z", "annotations": ["a", "b"], "parameters": {"p": {"type": "string"}}}),
        json!({"lastPublishTime": "2026-02-01T00:00:00Z", "annotations": ["b", "a"], "parameters": {"p": {"type": "String"}},
            "policy": {"elapsedTimeMetric": {}}, "variables": {}}),
    );

    insta::assert_snapshot!(text, @r#"
    * pipeline `x`
      ~lastPublishTime "2026-01-01T00:00:00Z" => "2026-02-01T00:00:00Z"
      ~annotations[0] moved 1 > 0
      ~parameters.p.type "string" => "String"
      ~policy + {"elapsedTimeMetric":{}}
      ~variables + {}
    "#);
}

#[test]
fn what_the_service_writes_otherwise_is_noise() {
    let pipeline = |activity: Value| json!({"activities": [activity]});
    let text = documents(
        "pipeline/x.json",
        pipeline(
            json!({"name": "a", "type": "Copy", "policy": {"timeout": "12:00:00"}, "typeProperties": {"url": "@item()"}}),
        ),
        pipeline(
            json!({"name": "a", "type": "Copy", "dependsOn": [], "policy": {"timeout": "0.12:00:00", "retry": 0, "retryIntervalInSeconds": 30,
            "secureInput": false, "secureOutput": true}, "typeProperties": {"url": {"value": "@item()", "type": "Expression"}}}),
        ),
    );
    let trigger = |time: &str| json!({"type": "ScheduleTrigger", "typeProperties": {"recurrence": {"startTime": time}}});
    let times = documents(
        "trigger/x.json",
        trigger("2026-01-02T03:04:00.000Z"),
        trigger("2026-01-02T03:04:00+00:00"),
    );

    insta::assert_snapshot!(text, @r#"
    * pipeline `x`
      ~activities["a"].policy.timeout "12:00:00" => "0.12:00:00"
      ~activities["a"].policy.retry + 0
      ~activities["a"].policy.retryIntervalInSeconds + 30
      ~activities["a"].policy.secureInput + false
       activities["a"].policy.secureOutput + true
      ~activities["a"].typeProperties.url "@item()" => {"value":"@item()","type":"Expression"}
      ~activities["a"].dependsOn + []
      ! secret: activity `a`: `secureOutput` is new: `true`
    "#);
    insta::assert_snapshot!(times, @r#"
    * trigger `x`
      ~typeProperties.recurrence.startTime "2026-01-02T03:04:00.000Z" => "2026-01-02T03:04:00+00:00"
    "#);
}

#[test]
fn empty_values_count_where_people_give_them() {
    let text = documents(
        "dataset/x.json",
        json!({"parameters": {"p": {"type": "array"}}, "typeProperties": {"quoteChar": "\"", "columnDelimiter": ","}, "folder": {}}),
        json!({"parameters": {"p": {"type": "array", "defaultValue": []}}, "typeProperties": {"quoteChar": ""}, "description": ""}),
    );

    insta::assert_snapshot!(text, @r#"
    * dataset `x`
       parameters.p.defaultValue + []
       typeProperties.quoteChar "\"" => ""
       typeProperties.columnDelimiter - ","
      ~folder - {}
      ~description + ""
    "#);
}

#[test]
fn an_expression_is_the_same_in_both_its_forms() {
    let text = documents(
        "dataset/x.json",
        json!({"typeProperties": {"a": "@dataset().f", "b": "@concat('x','y')", "c": "@dataset().f"}}),
        json!({"typeProperties": {"a": {"value": "@dataset().f", "type": "Expression"}, "b": "@concat( 'x', 'y' )",
            "c": {"value": "@dataset().g", "type": "Expression"}}}),
    );

    insta::assert_snapshot!(text, @r#"
    * dataset `x`
      ~typeProperties.a "@dataset().f" => {"value":"@dataset().f","type":"Expression"}
      ~typeProperties.b "@concat('x','y')" => "@concat( 'x', 'y' )"
       typeProperties.c "@dataset().f" => {"value":"@dataset().g","type":"Expression"}
    "#);
}

#[test]
fn the_script_of_a_data_flow_is_one_text() {
    let flow = |properties: Value| json!({"type": "MappingDataFlow", "typeProperties": properties});
    let same = documents(
        "dataflow/x.json",
        flow(json!({"sources": [{"name": "s"}, {"name": "t"}], "script": "a\r\nb\n"})),
        flow(json!({"sources": [{"name": "t"}, {"name": "s"}], "scriptLines": ["a", "b"]})),
    );
    let other = documents(
        "dataflow/x.json",
        flow(json!({"sources": [{"name": "s"}], "scriptLines": ["a", "b"]})),
        flow(
            json!({"sources": [{"name": "s", "dataset": {"referenceName": "d", "type": "DatasetReference"}}], "scriptLines": ["a", "c"]}),
        ),
    );

    insta::assert_snapshot!(same, @r#"
    * data flow `x`
      ~typeProperties.script "a\nb" => "a\nb"
      ~typeProperties.sources["t"] moved 1 > 0
    "#);
    insta::assert_snapshot!(other, @r#"
    * data flow `x`
       typeProperties.script "a\nb" => "a\nc"
       typeProperties.sources["s"].dataset + {"referenceName":"d","type":"DatasetReference"}
      ! broken reference: refers to dataset `d`, which does not exist
      ! data location: `dataset` is new: `d`
    "#);
}

#[test]
fn secrets_are_never_told() {
    let text = documents(
        "linkedService/x.json",
        json!({"type": "AzureSqlDatabase", "parameters": {"p": {"type": "SecureString", "defaultValue": "hunter1"}}, "typeProperties": {
            "connectionString": "Server=s.test;Password=hunter1", "url": "https://f.test?sig=hunter1",
            "password": {"type": "SecureString", "value": "hunter1"}, "accountKey": "hunter1"}}),
        json!({"type": "AzureSqlDatabase", "parameters": {"p": {"type": "SecureString", "defaultValue": "hunter2"}}, "typeProperties": {
            "connectionString": "Server=s.test;Password=hunter2", "url": "https://f.test?sig=hunter2",
            "password": {"type": "AzureKeyVaultSecret", "store": {"referenceName": "v", "type": "LinkedServiceReference"}, "secretName": "sql"},
            "authHeaders": {"x-key": "hunter2"}}}),
    );

    assert!(!text.contains("hunter"), "{text}");
    insta::assert_snapshot!(text, @r#"
    * linked service `x`
       parameters.p.defaultValue "***" => "***"
       typeProperties.connectionString "Server=s.test;Password=***" => "Server=s.test;Password=***"
       typeProperties.url "https://f.test?sig=***" => "https://f.test?sig=***"
       typeProperties.password {"type":"SecureString","value":"***"} => {"type":"AzureKeyVaultSecret","store":{"referenceName":"v","type":"LinkedServiceReference"},"secretName":"sql"}
       typeProperties.accountKey - "***"
       typeProperties.authHeaders + {"x-key":"***"}
      ! broken reference: refers to linked service `v`, which does not exist
      ! secret: `accountKey` is gone
      ! secret: `authHeaders` is new
      ! secret: `connectionString` is another one
      ! secret: `defaultValue` is another one
      ! secret: `password` is another one
      ! secret: `url` is another one
    "#);
}

#[test]
fn a_secret_beside_what_differs_is_told_to_differ() {
    let service = |server: &str, password: &str| json!({"type": "AzureSqlDatabase", "typeProperties": {"connectionString": format!("Server={server};Password={password}")}});
    let told = |password: &str| {
        documents(
            "linkedService/x.json",
            service("a", "hunter1"),
            service("b", password),
        )
    };

    insta::assert_snapshot!(told("hunter1"), @r#"
    * linked service `x`
       typeProperties.connectionString "Server=a;Password=***" => "Server=b;Password=***"
      ! data location: `connectionString`: `Server=a;Password=***` → `Server=b;Password=***`
    "#);
    insta::assert_snapshot!(told("hunter2"), @r#"
    * linked service `x`
       typeProperties.connectionString "Server=a;Password=***" => "Server=b;Password=***"
      ! secret: `connectionString`: `Server=a;Password=***` → `Server=b;Password=***`, and another secret in it
    "#);
}

#[test]
fn the_code_of_a_script_stays_readable() {
    let flow = |line: &str| json!({"type": "MappingDataFlow", "typeProperties": {"sources": [], "scriptLines": [line]}});
    let text = documents(
        "dataflow/x.json",
        flow("source(token = lower(name))"),
        flow("source(token = upper(name))"),
    );

    insta::assert_snapshot!(text, @r#"
    * data flow `x`
       typeProperties.script "source(token = lower(name))" => "source(token = upper(name))"
    "#);
}

#[test]
fn what_the_service_hides_cannot_differ() {
    let text = documents(
        "linkedService/x.json",
        json!({"typeProperties": {"password": {"type": "SecureString", "value": "**********"}, "connectionString": "Uid=u;Pwd=**********"}}),
        json!({"typeProperties": {"password": {"type": "SecureString", "value": "hunter2"}, "connectionString": "Uid=u;Pwd=hunter2"}}),
    );

    insta::assert_snapshot!(text, @r#"
    * linked service `x`
      ~typeProperties.password.value "***" => "***"
      ~typeProperties.connectionString "Uid=u;Pwd=***" => "Uid=u;Pwd=***"
    "#);
}

#[test]
fn triggers_start_pipelines_by_name() {
    let starts = |names: &[&str]| -> Value {
        names
            .iter()
            .map(|name| json!({"pipelineReference": {"referenceName": name, "type": "PipelineReference"}, "parameters": {"p": "1"}}))
            .collect()
    };
    let text = documents(
        "trigger/x.json",
        json!({"runtimeState": "Stopped", "pipelines": starts(&["a", "b"])}),
        json!({"runtimeState": "Started", "pipelines": starts(&["b", "c"])}),
    );

    insta::assert_snapshot!(text, @r#"
    * trigger `x`
       runtimeState "Stopped" => "Started"
       pipelines["a"] - {"pipelineReference":{"referenceName":"a","type":"PipelineReference"},"parameters":{"p":"1"}}
       pipelines["c"] + {"pipelineReference":{"referenceName":"c","type":"PipelineReference"},"parameters":{"p":"1"}}
      ! broken reference: refers to pipeline `c`, which does not exist
      ! trigger behaviour: `runtimeState`: `Stopped` → `Started`; deployments take it for the state that is wanted
      ! trigger behaviour: pipeline `a` is gone
      ! trigger behaviour: pipeline `c` is new
      -> ["a", "b", "c"] [] []
    "#);
}

#[test]
fn tens_of_thousands_of_elements_are_compared() {
    let list = |from: usize| -> Value {
        (from..from + 20_000)
            .map(|n| json!({"name": format!("c{n}"), "type": "String"}))
            .collect()
    };
    let plain = |from: usize| -> Value { (from..from + 20_000).map(Value::from).collect() };

    let named = differ(
        [("dataset/x.json", json!({"properties": {"schema": list(0)}}))],
        [("dataset/x.json", json!({"properties": {"schema": list(1)}}))],
    );
    let numbers = differ(
        [("dataset/x.json", json!({"properties": {"x": plain(0)}}))],
        [(
            "dataset/x.json",
            json!({"properties": {"x": plain(10_000)}}),
        )],
    );

    assert_eq!(named.changes[0].properties.len(), 2);
    assert_eq!(numbers.changes[0].properties.len(), 20_000);
}
