//! Mistakes in global parameters and in what uses them.

use crate::harness::Case;

const FACTORY: &str = "adf/factory/adf-claims.json";
const CLAIMS: &str = "adf/pipeline/claims.json";

/// A global parameter more, with these members.
fn global(rule: &'static str, members: &str) -> Case {
    let more = format!("\"days\": {{{members}}},\n\"region\": {{");
    Case::new(rule).replace(FACTORY, "\"region\": {", &more)
}

/// A global parameter more, which a pipeline uses.
fn used(rule: &'static str, members: &str, expression: &str) -> Case {
    let text = format!(
        r#"{{"name": "claims", "properties": {{"variables": {{"v": {{"type": "String"}}}}, "activities": [{{"name": "set", "type": "SetVariable",
        "typeProperties": {{"variableName": "v", "value": {{"type": "Expression",
        "value": "{expression}"}}}}}}]}}}}"#
    );
    global(rule, members)
        .write(CLAIMS, text)
        .at(CLAIMS, expression)
}

pub(crate) fn cases() -> Vec<Case> {
    let kind = "\"type\": \"string\"";
    vec![
        Case::new("ADF102")
            .replace(
                FACTORY,
                "\"region\": {\n\t\t\t\t\"type\": \"string\",\n\t\t\t\t\"value\": \"west\"\n\t\t\t}\n\t\t},",
                "\"region\": null},",
            )
            .replace(FACTORY, "{\n\t\t\t\"region\": null}", "[\"region\"]")
            .replace("dataops.yaml", "{ region: westeurope }", "{}")
            .at(FACTORY, "\"globalParameters\""),
        Case::new("ADF350")
            .replace(FACTORY, kind, "\"type\": \"text\"")
            .at(FACTORY, "\"text\""),
        Case::new("ADF350")
            .replace(FACTORY, kind, "\"type\": \"SecureString\"")
            .at(FACTORY, "\"SecureString\""),
        global("ADF352", "\"type\": \"int\",\n\"value\": \"x\"").at(FACTORY, "\"x\""),
        global("ADF352", "\"type\": \"bool\",\n\"value\": [true]").at(FACTORY, "[true]"),
        global("ADF352", "\"type\": \"int\"").at(FACTORY, "\"days\""),
        global("ADF352", "\"type\": \"string\",\n\"value\": null").at(FACTORY, "\"days\""),
        global("ADF352", "\"value\": 7").at(FACTORY, "\"days\""),
        global("ADF354", "\"type\": \"int\",\n\"value\": \"7\"").at(FACTORY, "\"7\""),
        global("ADF354", "\"type\": \"string\",\n\"value\": 7").at(FACTORY, "\"value\": 7"),
        used(
            "ADF305",
            "\"type\": \"string\", \"value\": \"7\"",
            "@string(add(pipeline().globalParameters.days, 1))",
        ),
        used(
            "ADF309",
            "\"type\": \"int\", \"value\": 7",
            "@pipeline().globalParameters.days.first",
        ),
        used(
            "ADF371",
            "\"type\": \"array\", \"value\": [7]",
            "@pipeline().globalParameters.days",
        ),
    ]
}
