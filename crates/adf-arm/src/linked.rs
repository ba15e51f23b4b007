//! The files of a template in several parts.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::json;

use crate::node::parameter_expression;
use crate::parameter::Parameter;
use crate::split::Split;
use crate::template::{CONTENT_VERSION, ParameterMap, Template, skeleton};
use crate::text::quote;
use crate::vintage::{Month, Vintage};

/// The parameters with which ARM finds the parts.
pub(crate) const CONTAINER: [&str; 2] = ["containerUri", "containerSasToken"];
/// When the deployments of the parts first had the factory's name in theirs: not by the 7th of August 2020, but by the 27th.
const NAMED: Month = Month::new(2020, 8);
/// When the deployments of the parts took their present version of the API.
const API_2024: Month = Month::new(2024, 10);

/// The template that deploys the parts one after another.
pub(crate) struct Master<'t, 'a> {
    pub(crate) factory: &'t str,
    pub(crate) template: &'t Template<'a>,
    pub(crate) split: &'t Split,
    pub(crate) vintage: Vintage,
}

impl Serialize for Master<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let container = [
            container(
                CONTAINER[0],
                "URI to storage account containing linked ARM templates",
            ),
            container(
                CONTAINER[1],
                "Sas token to storage account containing linked ARM templates",
            ),
        ];
        let parameters = self.template.parameters.list().iter().chain(&container);
        let deployments: Vec<_> = (0..self.split.parts.len())
            .map(|number| Deployment {
                master: self,
                number,
            })
            .collect();
        skeleton(
            serializer,
            &ParameterMap(parameters.collect()),
            &deployments,
        )
    }
}

fn container<'a>(name: &str, metadata: &str) -> Parameter<'a> {
    Parameter {
        name: name.into(),
        kind: "string".to_owned(),
        metadata: Some(metadata.to_owned()),
        default: None,
        origin: crate::origin::Origin::Factory,
    }
}

struct Deployment<'m, 't, 'a> {
    master: &'m Master<'t, 'a>,
    number: usize,
}

impl Deployment<'_, '_, '_> {
    fn name(&self, number: usize) -> String {
        match self.master.vintage.since(NAMED) {
            true => format!("{}_{}", self.master.factory, part_name(number)),
            false => part_name(number),
        }
    }
}

/// The name of a part's file without its ending.
pub(crate) fn part_name(number: usize) -> String {
    format!("ArmTemplate_{number}")
}

impl Serialize for Deployment<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let version = match self.master.vintage.since(API_2024) {
            true => "2024-03-01",
            false => "2018-02-01",
        };
        let uri = format!(
            "[concat(parameters('containerUri'), '/{}.json', parameters('containerSasToken'))]",
            part_name(self.number)
        );
        let before = self.number.checked_sub(1).map(|before| {
            let name = self.name(before);
            format!(
                "[resourceId('Microsoft.Resources/deployments', '{}')]",
                quote(&name)
            )
        });
        let before: Vec<_> = before.into_iter().collect();
        let part = &self.master.split.parts[self.number];
        let parameters = self.master.template.parameters.list();
        let given = part.parameters.iter().map(|at| {
            let name = &parameters[*at].name;
            (
                name.to_string(),
                json!({"value": parameter_expression(name)}),
            )
        });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.name(self.number))?;
        map.serialize_entry("type", "Microsoft.Resources/deployments")?;
        map.serialize_entry("apiVersion", version)?;
        map.serialize_entry(
            "properties",
            &json!({
                "mode": "incremental",
                "templateLink": {"uri": uri, "contentVersion": CONTENT_VERSION},
                "parameters": given.collect::<serde_json::Map<_, _>>(),
            }),
        )?;
        map.serialize_entry("dependsOn", &before)?;
        map.end()
    }
}
