//! Mistakes in the definition of template parameters, and in `publish_config.json`.

use crate::harness::Case;

const DEFINITION: &str = "adf/arm-template-parameters-definition.json";
const CONFIG: &str = "adf/publish_config.json";
const DOMAIN: &str = "\"domain\": \"=\"";
const SCOPE: &str = "\"scope\": \"=\"";

/// One text of the definition becomes another, and the rule finds it there.
fn case(rule: &'static str, old: &str, new: &str) -> Case {
    Case::new(rule)
        .replace(DEFINITION, old, new)
        .at(DEFINITION, new)
}

/// A linked service, and a mark for one of its properties.
fn service(rule: &'static str, kind: &str, property: &str, value: &str, mark: &str) -> Case {
    let document = format!(
        "{{\"name\": \"Extra\", \"properties\": {{\"type\": \"{kind}\", \"typeProperties\": {{{property}: {value}}}}}}}"
    );
    let entry = format!(
        "\"{kind}\": {{\"properties\": {{\"typeProperties\": {{\n{property}: \"{mark}\"}}}}}},"
    );
    let typed = "\"AzureDatabricks\": {";
    Case::new(rule)
        .write("adf/linkedService/Extra.json", document)
        .replace(DEFINITION, typed, &format!("{entry}\n{typed}"))
        .at(DEFINITION, &format!("{property}: \"{mark}\""))
}

pub(crate) fn cases() -> Vec<Case> {
    [definitions(), marks(), config()].concat()
}

fn definitions() -> Vec<Case> {
    let annotations: Vec<_> = (0..260).map(|number| format!("\"{number}\"")).collect();
    let annotations = format!("\"annotations\": [{}]", annotations.join(", "));
    vec![
        case("ARM101", "\"AzureDatabricks\": {", "// ours\n\"AzureDatabricks\": {"),
        case("ARM102", "factories/triggers\"", "factories/trigger\""),
        case("ARM102", "\"AzureDatabricks\": {\n\t\t\t\"properties\": {", "\"properties\": {\n\t\t\t\"properties\": {"),
        Case::new("ARM107")
            .replace("adf/trigger/each-hour.json", "\"annotations\": []", &annotations)
            .replace(DEFINITION, "\"typeProperties\": {\n\t\t\t\t\"scope\"", "\"annotations\": [\"=\"], \"typeProperties\": {\n\t\t\t\t\"scope\"")
            .in_file(DEFINITION),
        case("ARM108", "\"AzureDatabricks\"", "\"AzureDataBricks\""),
        case("ARM108", DOMAIN, "\"Domain\": \"=\""),
        case("ARM109", SCOPE, "\"scpoe\": \"=\""),
        case("ARM113", "\"AzureDatabricks\": {", "\"*\": {\"properties\": {\"typeProperties\": {\"existingClusterId\": \"=\"}}},\n\"AzureDatabricks\": {")
            .at(DEFINITION, "\"AzureDatabricks\""),
    ]
}

fn marks() -> Vec<Case> {
    let text = "\"DefaultEndpointsProtocol=https;AccountName=stclaims;EndpointSuffix=blob.test\"";
    vec![
        case("ARM102", DOMAIN, "\"domain\": \"yes\""),
        case("ARM103", DOMAIN, "\"domain\": \"=::text\""),
        service(
            "ARM104",
            "AzureTableStorage",
            "\"connectionString\"",
            text,
            "=:-connectionString:secureString",
        ),
        service(
            "ARM114",
            "AzureTableStorage",
            "\"connectionString\"",
            text,
            "=",
        ),
        Case::new("ARM105")
            .replace(
                DEFINITION,
                SCOPE,
                "\"scope\": \"=:-path\", \"blobPathBeginsWith\": \"=:-path\"",
            )
            .at("adf/trigger/on-new-claims.json", "{"),
        case("ARM110", SCOPE, "\"scope\": \"=triggerScope:string\""),
        service(
            "ARM112",
            "CustomDataSource",
            "\"password\"",
            "\"hunter2\"",
            "=",
        ),
    ]
}

fn config() -> Vec<Case> {
    let config = |old: &str, new: &str| {
        Case::new("ARM111")
            .replace(CONFIG, old, new)
            .at(CONFIG, new)
    };
    vec![
        config("\"includeFactoryTemplate\"", "\"includeFactoryTemplates\""),
        config(
            "\"includeFactoryTemplate\": false",
            "\"includeFactoryTemplate\": \"no\"",
        ),
        config("\"adf_publish\"", "\"adf publish\""),
        Case::new("ARM106")
            .replace(
                CONFIG,
                "\"includeFactoryTemplate\": false",
                "\"includeFactoryTemplate\": true",
            )
            .remove("adf/factory/adf-claims.json")
            .in_file(CONFIG),
    ]
}
