//! Twelve small factories, and what Data Factory makes of each.

use serde_json::{Value, json};

use crate::source::{
    asking, dataset, document, key_vault, make, parameter, reference, repository, secret, secure,
    service, shown, text, vault_secret, with_definition,
};

#[test]
fn a_pipeline_depends_on_what_it_refers_to_at_any_depth() {
    let properties = json!({
        "activities": [
            {"name": "prep", "type": "DatabricksNotebook", "linkedServiceName": reference("ls_dbx", "LinkedService"),
                "typeProperties": {"notebookPath": "/Repos/prep"}},
            {"name": "copy", "type": "Copy",
                "dependsOn": [{"activity": "prep", "dependencyConditions": ["Succeeded"]}],
                "inputs": [reference("ds_in", "Dataset")], "outputs": [reference("ds_out", "Dataset")],
                "typeProperties": {"source": {"type": "BinarySource"}, "sink": {"type": "BinarySink"}}},
            {"name": "each", "type": "ForEach", "typeProperties": {
                "items": {"value": "@pipeline().parameters.days", "type": "Expression"},
                "activities": [{"name": "child", "type": "ExecutePipeline",
                    "typeProperties": {"pipeline": reference("pl_day", "Pipeline")}}]}},
        ],
        "lastPublishTime": "2026-01-05T10:00:00Z",
    });
    let mut files = vec![
        document("pipeline/pl_train", properties.clone()),
        document("pipeline/pl_day", json!({"activities": []})),
        dataset("dataset/ds_in", "ls_dbx"),
        dataset("dataset/ds_out", "ls_dbx"),
        service(
            "linkedService/ls_dbx",
            "AzureDatabricks",
            json!({"domain": "https://adb.test"}),
        ),
    ];

    let made = make(&repository(&files));

    let resource = made.resource("pipelines", "pl_train");
    assert_eq!(resource["apiVersion"], "2018-06-01");
    assert_eq!(resource["properties"], properties);
    let expected = [
        "linkedServices/ls_dbx",
        "datasets/ds_in",
        "datasets/ds_out",
        "pipelines/pl_day",
    ];
    assert_eq!(made.depends_on("pipelines", "pl_train"), expected);
    assert_eq!(made.names(), ["factoryName"]);

    files.remove(1);
    let made = make(&repository(&files));
    assert_eq!(made.depends_on("pipelines", "pl_train"), expected[..3]);
    assert_eq!(made.found(), ["arm-reference"]);
}

#[test]
fn a_sealed_secret_becomes_a_parameter_without_a_default() {
    let sealed = json!({"domain": "https://adb-1.1.databricks.test", "existingClusterId": "c-1", "encryptedCredential": "xxx"});

    let made = make(&repository(&[service(
        "linkedService/ls_dbx",
        "AzureDatabricks",
        sealed,
    )]));

    let cluster = "ls_dbx_properties_typeProperties_existingClusterId";
    assert_eq!(
        made.declared(),
        shown(json!({
            "ls_dbx_accessToken": secure("accessToken", "ls_dbx"),
            cluster: text("c-1")}))
    );
    assert_eq!(
        made.resource("linkedServices", "ls_dbx")["properties"]["typeProperties"],
        json!({"domain": "https://adb-1.1.databricks.test", "existingClusterId": parameter(cluster),
            "accessToken": secret("ls_dbx_accessToken")})
    );
    assert_eq!(made.parameters["ls_dbx_accessToken"], json!({"value": ""}));
    assert_eq!(made.parameters[cluster], json!({"value": "c-1"}));
}

#[test]
fn a_connection_string_is_its_default_when_the_secret_is_elsewhere() {
    let a = json!({"connectionString": "server=s1;database=d", "encryptedCredential": "x"});
    let b = json!({"connectionString": "server=s2;database=d;user id=u", "password": vault_secret("pwd")});
    let c = json!({"connectionString": "server=s3;database=d", "userName": "u", "encryptedCredential": "x"});

    let made = make(&repository(&[
        key_vault(),
        service("linkedService/ls_sqlA", "AzureSqlDatabase", a),
        service("linkedService/ls_sqlB", "AzureSqlDatabase", b),
        service("linkedService/ls_sqlC", "SqlServer", c),
    ]));

    let user = "ls_sqlC_properties_typeProperties_userName";
    let with_default = |service: &str, text: &str| {
        let mut declaration = secure("connectionString", service);
        declaration["defaultValue"] = json!(text);
        declaration
    };
    assert_eq!(
        made.declared(),
        shown(json!({
            "ls_sqlA_connectionString": secure("connectionString", "ls_sqlA"),
            "ls_sqlB_connectionString": with_default("ls_sqlB", "server=s2;database=d;user id=u"),
            "ls_sqlC_connectionString": with_default("ls_sqlC", "server=s3;database=d"),
            "ls_sqlC_password": secure("password", "ls_sqlC"),
            "ls_kv_properties_typeProperties_baseUrl": text("https://kv1.vault.test/"),
            user: text("u")}))
    );
    let properties =
        |name: &str| &made.resource("linkedServices", name)["properties"]["typeProperties"];
    assert_eq!(
        properties("ls_sqlA"),
        &json!({"connectionString": parameter("ls_sqlA_connectionString")})
    );
    assert_eq!(
        properties("ls_sqlB"),
        &json!({"connectionString": parameter("ls_sqlB_connectionString"), "password": vault_secret("pwd")})
    );
    assert_eq!(
        properties("ls_sqlC"),
        &json!({"connectionString": parameter("ls_sqlC_connectionString"), "userName": parameter(user),
            "password": secret("ls_sqlC_password")})
    );
    assert_eq!(
        made.depends_on("linkedServices", "ls_sqlB"),
        ["linkedServices/ls_kv"]
    );
}

#[test]
fn a_bar_asks_for_the_name_of_a_vault_secret_and_for_the_text_of_a_secret() {
    let made = make(&repository(&[
        key_vault(),
        service(
            "linkedService/ls_blob",
            "AzureBlobStorage",
            json!({"connectionString": vault_secret("blob-cs")}),
        ),
        service(
            "linkedService/ls_sas",
            "AzureBlobStorage",
            json!({"sasUri": "https://a.blob.test/c", "encryptedCredential": "x"}),
        ),
    ]));

    let name = "ls_blob_properties_typeProperties_connectionString_secretName";
    assert_eq!(
        made.parameter(name),
        &json!({"type": "string", "defaultValue": "blob-cs"})
    );
    assert_eq!(made.parameter("ls_sas_sasUri"), &secure("sasUri", "ls_sas"));
    let blob = made.resource("linkedServices", "ls_blob");
    assert_eq!(
        blob["properties"]["typeProperties"]["connectionString"],
        vault_secret(&parameter(name))
    );
    assert_eq!(
        made.depends_on("linkedServices", "ls_blob"),
        ["linkedServices/ls_kv"]
    );
    let sas = made.resource("linkedServices", "ls_sas");
    assert_eq!(
        sas["properties"]["typeProperties"],
        json!({"sasUri": parameter("ls_sas_sasUri")})
    );
}

#[test]
fn parameters_of_a_trigger_are_named_by_its_pipeline() {
    let recurrence =
        json!({"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00Z"});
    let trigger = json!({
        "type": "ScheduleTrigger", "runtimeState": "Started",
        "pipelines": [{"pipelineReference": reference("pl_train", "Pipeline"), "parameters": {"env": "dev", "n": 3}}],
        "typeProperties": {"recurrence": recurrence},
    });

    let made = make(&repository(&[
        document("trigger/tr_day", trigger),
        asking("pipeline/pl_train", ["env", "n"]),
    ]));

    assert_eq!(
        made.declared(),
        shown(json!({
            "tr_day_properties_pl_train_parameters_env": text("dev"),
            "tr_day_properties_pl_train_parameters_n": {"type": "int", "defaultValue": 3}}))
    );
    let properties = &made.resource("triggers", "tr_day")["properties"];
    assert_eq!(properties["runtimeState"], "Started");
    assert_eq!(properties["typeProperties"]["recurrence"], recurrence);
    assert_eq!(
        made.depends_on("triggers", "tr_day"),
        ["pipelines/pl_train"]
    );
}

#[test]
fn the_scope_of_an_event_trigger_is_a_parameter() {
    let scope = "/subscriptions/S/resourceGroups/R/providers/Microsoft.Storage/storageAccounts/a";
    let trigger = json!({
        "type": "BlobEventsTrigger", "runtimeState": "Stopped",
        "pipelines": [{"pipelineReference": reference("pl_train", "Pipeline")}],
        "typeProperties": {"events": ["Microsoft.Storage.BlobCreated"], "scope": scope},
    });

    let made = make(&repository(&[
        document("trigger/tr_blob", trigger),
        document("pipeline/pl_train", json!({"activities": []})),
    ]));

    let name = "tr_blob_properties_typeProperties_scope";
    assert_eq!(
        made.declared(),
        shown(json!({
            name: text(scope)}))
    );
    let properties = &made.resource("triggers", "tr_blob")["properties"];
    assert_eq!(properties["typeProperties"]["scope"], parameter(name));
    assert_eq!(properties["runtimeState"], "Stopped");
    assert_eq!(
        made.depends_on("triggers", "tr_blob"),
        ["pipelines/pl_train"]
    );
}

#[test]
fn text_within_brackets_gets_one_more() {
    let texts = |texts: [&str; 5]| {
        let named = ["a", "b", "c", "d", "e"].into_iter().zip(texts);
        let parameters: serde_json::Map<_, _> = named
            .map(|(name, text)| (name.to_owned(), json!({"value": text})))
            .collect();
        json!({"activities": [{"name": "load", "type": "SqlServerStoredProcedure",
            "typeProperties": {"storedProcedureName": texts[0], "storedProcedureParameters": parameters}}]})
    };
    let written = [
        "[dbo].[load]",
        "[x]y",
        "[1,2]",
        "@concat('[', item(), ']')",
        "[parameters('x')]",
    ];

    let made = make(&repository(&[document("pipeline/pl", texts(written))]));

    let expected = [
        "[[dbo].[load]",
        "[x]y",
        "[[1,2]",
        "@concat('[', item(), ']')",
        "[[parameters('x')]",
    ];
    assert_eq!(
        made.resource("pipelines", "pl")["properties"],
        texts(expected)
    );
}

#[test]
fn elements_of_arrays_are_named_by_number_and_empty_names_are_dropped() {
    let definition = json!({"Microsoft.DataFactory/factories/pipelines": {"properties": {"activities": [
        {"typeProperties": {"waitTimeInSeconds": "-::int", "notebookPath": "=", "baseParameters": {"*": "="}}}]}}});
    let pipeline = json!({"activities": [
        {"name": "w", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 30}},
        {"name": "n", "type": "DatabricksNotebook", "typeProperties": {"notebookPath": "/a", "baseParameters": {"env": "dev"}}}]});

    let made = make(&with_definition(
        definition,
        &[document("pipeline/pl_wait", pipeline)],
    ));

    assert_eq!(
        made.declared(),
        shown(json!({
            "pl_wait_properties_0_typeProperties": {"type": "int"},
            "pl_wait_properties_1_typeProperties_notebookPath": text("/a"),
            "pl_wait_properties_1_typeProperties_baseParameters_env": text("dev")}))
    );
    assert_eq!(
        made.parameters["pl_wait_properties_0_typeProperties"],
        json!({"value": ""})
    );
}

#[test]
fn names_can_be_given_and_a_star_stands_for_other_keys() {
    let definition = json!({"Microsoft.DataFactory/factories/triggers": {"properties": {"typeProperties": {
        "recurrence": {"interval": "=:every:int", "frequency": "=:-freq", "*": "-"}}}}});
    let trigger = json!({"type": "ScheduleTrigger",
        "pipelines": [{"pipelineReference": reference("pl", "Pipeline"), "parameters": {"env": "dev"}}],
        "typeProperties": {"recurrence":
            {"frequency": "Day", "interval": 2, "startTime": "2026-01-01T00:00:00Z", "timeZone": "UTC"}}});
    let files = [
        document("trigger/tr_day", trigger),
        asking("pipeline/pl", ["env"]),
    ];

    let made = make(&with_definition(definition, &files));

    assert_eq!(
        made.declared(),
        shown(json!({
            "tr_day_freq": text("Day"),
            "tr_day_properties_typeProperties_recurrence_every": {"type": "int", "defaultValue": 2},
            "tr_day_properties_typeProperties_recurrence_startTime": {"type": "string"},
            "tr_day_properties_typeProperties_recurrence_timeZone": {"type": "string"}}))
    );
    let pipelines = &made.resource("triggers", "tr_day")["properties"]["pipelines"];
    assert_eq!(pipelines[0]["parameters"], json!({"env": "dev"}));
}

#[test]
fn an_entry_for_a_type_takes_the_place_of_the_one_for_all() {
    let marks = |marks: serde_json::Value| json!({"properties": {"typeProperties": marks}});
    let definition = json!({"Microsoft.DataFactory/factories/linkedServices": {
        "*": marks(json!({"baseUrl": "=", "existingClusterId": "="})),
        "AzureDatabricks": marks(json!({"domain": "="}))}});
    let databricks = json!({"domain": "https://adb-1.1.databricks.test", "existingClusterId": "c-1", "encryptedCredential": "xxx"});
    let files = [
        service("linkedService/ls_dbx", "AzureDatabricks", databricks),
        key_vault(),
    ];

    let made = make(&with_definition(definition, &files));

    assert_eq!(
        made.names(),
        [
            "factoryName",
            "ls_dbx_accessToken",
            "ls_dbx_properties_typeProperties_domain",
            "ls_kv_properties_typeProperties_baseUrl"
        ]
    );
    let default = &made.parameter("ls_dbx_properties_typeProperties_domain")["defaultValue"];
    assert_eq!(default, "https://adb-1.1.databricks.test");
    let properties = &made.resource("linkedServices", "ls_dbx")["properties"]["typeProperties"];
    assert_eq!(properties["existingClusterId"], "c-1");
}

#[test]
fn global_parameters_are_a_resource_when_the_publish_settings_say_so() {
    let globals = json!({"env": {"type": "string", "value": "dev"}, "limits": {"type": "object", "value": {"max": 5}},
        "on": {"type": "bool", "value": true}});
    let factory = document("factory/adf-dev", json!({"globalParameters": globals}));

    let made = make(&repository(&[
        factory.clone(),
        (
            "publish_config",
            json!({"includeGlobalParamsTemplate": true}),
        ),
    ]));

    let name = |parameter: &str| format!("default_properties_{parameter}_value");
    let value = |global: &str| parameter(&name(global));
    assert_eq!(
        made.resource("globalparameters", "default"),
        &json!({"name": "[concat(parameters('factoryName'), '/default')]",
            "type": "Microsoft.DataFactory/factories/globalparameters", "apiVersion": "2018-06-01",
            "properties": {"env": {"type": "string", "value": value("env")},
                "limits": {"type": "object", "value": value("limits")}, "on": {"type": "bool", "value": value("on")}},
            "dependsOn": []})
    );
    assert_eq!(
        made.declared(),
        shown(json!({
            (name("env")): text("dev"),
            (name("limits")): {"type": "object", "defaultValue": {"max": 5}},
            (name("on")): {"type": "bool", "defaultValue": true}}))
    );
    assert_eq!(
        made.file("globalParameters/adf-dev_GlobalParameters.json"),
        &globals
    );

    let made = make(&repository(&[factory]));
    assert_eq!(made.names(), ["factoryName"]);
    assert_eq!(made.template["resources"], json!([]));
    assert_eq!(
        made.file("globalParameters/adf-dev_GlobalParameters.json"),
        &globals
    );
}

fn private_network() -> Vec<(&'static str, Value)> {
    let connection = json!({"connectionString": "server=s1", "encryptedCredential": "x"});
    let dataset = json!({"type": "AzureSqlTable", "linkedServiceName": reference("ls_sqlA", "LinkedService"),
        "typeProperties": {"schema": "dbo", "table": {"value": "@dataset().t", "type": "Expression"}}});
    let endpoint = json!({"privateLinkResourceId": "/subscriptions/S/servers/s1", "groupId": "sqlServer",
        "fqdns": ["s1.database.test"]});
    let runtime = json!({"type": "Managed", "typeProperties": {},
        "managedVirtualNetwork": reference("default", "ManagedVirtualNetwork")});
    vec![
        service("linkedService/ls_sqlA", "AzureSqlDatabase", connection),
        document("dataset/ds_x", dataset),
        document(
            "managedVirtualNetwork/default",
            json!({"preventDataExfiltration": false}),
        ),
        document(
            "managedVirtualNetwork/default/managedPrivateEndpoint/pe_sql",
            endpoint,
        ),
        document("integrationRuntime/ir_vnet", runtime),
    ]
}

#[test]
fn networks_endpoints_and_expressions_come_in_their_order() {
    let endpoints =
        json!({"properties": {"privateLinkResourceId": "=", "groupId": "=", "fqdns": "="}});
    let definition = json!({
        "Microsoft.DataFactory/factories/datasets": {"*": {"properties": {"typeProperties": {"table": "=", "schema": "=:sch"}}}},
        "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints": endpoints});

    let made = make(&with_definition(definition, &private_network()));

    let dataset = &made.resource("datasets", "ds_x")["properties"]["typeProperties"];
    let (schema, table) = (
        "ds_x_properties_typeProperties_sch",
        "ds_x_properties_typeProperties_table",
    );
    assert_eq!(dataset["schema"], parameter(schema));
    assert_eq!(
        dataset["table"],
        json!({"value": parameter(table), "type": "Expression"})
    );
    assert_eq!(
        made.depends_on("integrationRuntimes", "ir_vnet"),
        ["managedVirtualNetworks/default"]
    );
    let network = made.resource("managedVirtualNetworks", "default");
    assert_eq!(
        (&network["properties"], &network["dependsOn"]),
        (&json!({}), &json!([]))
    );
    let endpoint = "managedVirtualNetworks/managedPrivateEndpoints";
    assert_eq!(
        made.depends_on(endpoint, "default/pe_sql"),
        ["managedVirtualNetworks/default"]
    );
    assert_eq!(
        made.declared(),
        shown(json!({
            "ls_sqlA_connectionString": secure("connectionString", "ls_sqlA"),
            schema: text("dbo"),
            table: text("@dataset().t"),
            "pe_sql_properties_privateLinkResourceId": text("/subscriptions/S/servers/s1"),
            "pe_sql_properties_groupId": text("sqlServer"),
            "pe_sql_properties_fqdns": {"type": "array", "defaultValue": ["s1.database.test"]}}))
    );
    let order = made.template["resources"].as_array().unwrap().iter();
    let order: Vec<_> = order.map(|resource| plural(&resource["type"])).collect();
    let expected = "datasets linkedServices integrationRuntimes managedVirtualNetworks managedPrivateEndpoints";
    assert_eq!(order.join(" "), expected);
}

fn plural(kind: &Value) -> &str {
    kind.as_str().unwrap().rsplit('/').next().unwrap()
}

#[test]
fn storage_asks_for_the_credential_that_its_service_principal_has_a_type_for() {
    let sealed = |of_type: Value| {
        let mut properties = json!({"servicePrincipalId": "i", "encryptedCredential": "x"});
        properties["servicePrincipalCredentialType"] = of_type;
        properties
    };
    let typed = || sealed(json!("ServicePrincipalKey"));

    let made = make(&repository(&[
        service("linkedService/blob", "AzureBlobStorage", typed()),
        service("linkedService/lake", "AzureBlobFS", typed()),
        service("linkedService/old", "AzureBlobStorage", sealed(json!(""))),
    ]));

    assert_eq!(
        made.names()[1..4],
        [
            "blob_servicePrincipalCredential",
            "lake_servicePrincipalCredential",
            "old_servicePrincipalKey"
        ]
    );
}

#[test]
fn who_asks_for_metadata_of_files_asks_for_folders_below_too() {
    let step = |kind: &str, store: &str| {
        let settings = json!({"type": store, "enablePartitionDiscovery": false});
        json!({"name": kind, "type": kind, "typeProperties": {"storeSettings": settings, "fieldList": ["exists"]}})
    };
    let asks = |store: &str| step("GetMetadata", store);
    let blob = || asks("AzureBlobStorageReadSettings");
    let own = json!({"name": "own", "type": "GetMetadata", "typeProperties":
        {"storeSettings": {"type": "AzureBlobFSReadSettings", "recursive": false}}});
    let switch = json!({"name": "s", "type": "Switch", "typeProperties":
        {"cases": [{"value": "a", "activities": [blob()]}], "defaultActivities": [asks("HttpReadSettings")]}});
    let others = [
        step("Delete", "AzureBlobStorageReadSettings"),
        own,
        json!({"name": "each", "type": "ForEach", "typeProperties": {"activities": [switch]}}),
        asks("SftpReadSettings"),
    ];

    let made = make(&repository(&[document(
        "pipeline/p",
        json!({"activities": others}),
    )]));

    let recursive = |store: &str| {
        let settings = json!({"type": store, "recursive": true, "enablePartitionDiscovery": false});
        json!({"name": "GetMetadata", "type": "GetMetadata", "typeProperties": {"storeSettings": settings, "fieldList": ["exists"]}})
    };
    let activities = &made.resource("pipelines", "p")["properties"]["activities"];
    assert_eq!(activities[0], others[0]);
    assert_eq!(activities[1], others[1]);
    let switch = &activities[2]["typeProperties"]["activities"][0]["typeProperties"];
    assert_eq!(
        shown(switch.clone()),
        shown(json!({
            "cases": [{"value": "a", "activities": [recursive("AzureBlobStorageReadSettings")]}],
            "defaultActivities": [asks("HttpReadSettings")]}))
    );
    assert_eq!(activities[3], recursive("SftpReadSettings"));
}
