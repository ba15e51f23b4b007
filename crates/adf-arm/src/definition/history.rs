//! The default definition, today and before.
//!
//! Today's is in `default.json`. The months are those between two definitions that Data Factory has written into public
//! repositories, of which the earlier lacks the entry and the later has it.

use serde_json::{Value, json};

use crate::vintage::{Month, Vintage};

/// The definition that Data Factory uses today where a team has none.
const DEFAULT: &str = include_str!("default.json");

/// Properties of linked services that have been added.
const SINCE: [(&str, Month); 5] = [
    ("functionAppUrl", Month::new(2020, 7)),
    ("endpoint", Month::new(2020, 7)),
    ("accountEndpoint", Month::new(2022, 8)),
    ("existingClusterId", Month::new(2022, 8)),
    ("role", Month::new(2023, 2)),
];

/// When global parameters became a resource, and private endpoints were given three marks in the place of one for everything.
const RESOURCES: Month = Month::new(2022, 5);

/// The default definition of a vintage.
pub(super) fn of(vintage: Vintage) -> Value {
    let mut definition: Value = serde_json::from_str(DEFAULT).expect("the constant is JSON");
    if let Some(sections) = definition.as_object_mut()
        && !vintage.since(RESOURCES)
    {
        sections.shift_remove("Microsoft.DataFactory/factories/globalparameters");
        let endpoints =
            "Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints";
        sections.insert(endpoints.to_owned(), json!({"properties": {"*": "="}}));
    }
    let properties =
        "/Microsoft.DataFactory~1factories~1linkedServices/*/properties/typeProperties";
    if let Some(Value::Object(properties)) = definition.pointer_mut(properties) {
        for (name, _) in SINCE.iter().filter(|(_, month)| !vintage.since(*month)) {
            properties.shift_remove(*name);
        }
    }
    definition
}
