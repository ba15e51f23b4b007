//! A template in several files.

use serde_json::{Value, json};

use crate::source::{FACTORY, Made, asking, document, make, reference, repository, service};

/// A chain of pipelines, each of which starts the one before.
fn chain(count: usize) -> Vec<(&'static str, Value)> {
    let pipeline = |number: usize| {
        let path: &'static str = format!("pipeline/p{number:03}").leak();
        let before = number.checked_sub(1).map(|before| {
            json!({"name": "start", "type": "ExecutePipeline",
                "typeProperties": {"pipeline": reference(&format!("p{before:03}"), "Pipeline")}})
        });
        document(
            path,
            json!({"activities": before.into_iter().collect::<Vec<_>>()}),
        )
    };
    (0..count).map(pipeline).collect()
}

fn part(made: &Made, number: usize) -> &Value {
    made.file(&format!("linkedTemplates/ArmTemplate_{number}.json"))
}

fn names(part: &Value) -> Vec<&str> {
    let resources = part["resources"].as_array().unwrap();
    resources
        .iter()
        .map(|resource| resource["name"].as_str().unwrap())
        .collect()
}

#[test]
fn a_part_has_twenty_resources_and_depends_on_nothing_outside() {
    let made = make(&repository(&chain(45)));

    let parts: Vec<_> = (0..3)
        .map(|number| names(part(&made, number)).len())
        .collect();
    assert_eq!(parts, [20, 20, 5]);
    assert!(!made.paths().contains(&"linkedTemplates/ArmTemplate_3.json"));
    let second = part(&made, 1);
    assert_eq!(second["resources"][0]["dependsOn"], json!([]));
    assert_eq!(
        second["resources"][1]["dependsOn"],
        json!(["[concat(variables('factoryId'), '/pipelines/p020')]"])
    );
    assert_eq!(second["parameters"].as_object().unwrap().len(), 1);
}

#[test]
fn a_master_with_more_parameters_than_the_whole_is_told() {
    let services = |count: usize| -> Vec<_> {
        let service = |number: usize| {
            let path: &'static str = format!("linkedService/ls{number:03}").leak();
            service(path, "HttpServer", json!({"url": "https://web.test"}))
        };
        (0..count).map(service).collect()
    };

    // The factory's name is a parameter too.
    assert_eq!(make(&repository(&services(253))).found(), [""; 0]);
    let made = make(&repository(&services(254)));
    assert_eq!(
        made.findings[0].message,
        "linkedTemplates/ArmTemplate_master.json has 257 parameters, and ARM accepts 256"
    );
    // The whole says enough of it.
    assert_eq!(
        make(&repository(&services(256))).found(),
        ["arm-parameters"]
    );
}

#[test]
fn the_master_deploys_the_parts_one_after_another() {
    let mut files = chain(21);
    files.push(service(
        "linkedService/ls",
        "HttpServer",
        json!({"url": "https://web.test"}),
    ));

    let made = make(&repository(&files));

    let master = made.file("linkedTemplates/ArmTemplate_master.json");
    let url = "ls_properties_typeProperties_url";
    let expected = json!({
        "name": format!("{FACTORY}_ArmTemplate_0"),
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2024-03-01",
        "properties": {
            "mode": "incremental",
            "templateLink": {
                "uri": "[concat(parameters('containerUri'), '/ArmTemplate_0.json', parameters('containerSasToken'))]",
                "contentVersion": "1.0.0.0"},
            "parameters": {
                "factoryName": {"value": "[parameters('factoryName')]"},
                url: {"value": format!("[parameters('{url}')]")}}},
        "dependsOn": []});
    assert_eq!(master["resources"][0], expected);
    assert_eq!(
        master["resources"][1]["dependsOn"],
        json!([format!(
            "[resourceId('Microsoft.Resources/deployments', '{FACTORY}_ArmTemplate_0')]"
        )])
    );
    let declared: Vec<_> = master["parameters"].as_object().unwrap().keys().collect();
    assert_eq!(
        declared,
        ["factoryName", url, "containerUri", "containerSasToken"]
    );
    let values = &made.file("linkedTemplates/ArmTemplateParameters_master.json")["parameters"];
    assert_eq!(values["containerUri"], json!({"value": ""}));
}

#[test]
fn a_part_ends_before_it_is_too_large() {
    let long = "x".repeat(300_000);
    let pipeline = |path| document(path, json!({"activities": [], "description": long}));

    let made = make(&repository(&[
        pipeline("pipeline/a"),
        pipeline("pipeline/b"),
        pipeline("pipeline/c"),
    ]));

    assert_eq!(
        (names(part(&made, 0)).len(), names(part(&made, 1)).len()),
        (2, 1)
    );
}

#[test]
fn a_part_ends_before_it_has_too_many_parameters() {
    let trigger = |path| {
        let values: serde_json::Map<_, _> = (0..100)
            .map(|number| (format!("v{number}"), json!(number)))
            .collect();
        let pipeline =
            json!({"pipelineReference": reference("p", "Pipeline"), "parameters": values});
        document(
            path,
            json!({"type": "ScheduleTrigger", "pipelines": [pipeline], "typeProperties": {}}),
        )
    };
    let files = [
        asking("pipeline/p", (0..100).map(|number| format!("v{number}"))),
        trigger("trigger/a"),
        trigger("trigger/b"),
        trigger("trigger/c"),
    ];

    let made = make(&repository(&files));

    let parameters = |number| part(&made, number)["parameters"].as_object().unwrap().len();
    assert_eq!((parameters(0), parameters(1)), (201, 101));
    assert_eq!(made.found(), ["arm-parameters"]);
}
