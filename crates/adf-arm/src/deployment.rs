//! The template of one deployment: the documents of an environment as they are, and none of its secrets.
//!
//! Data Factory's own template is made once for all environments, from what its page makes of the documents. This one is made of
//! documents that are what an environment wants already, so that nothing in it is rewritten, and only secrets are parameters: Azure
//! Resource Manager keeps templates in its history, and values of secure parameters never.

use std::collections::BTreeMap;

use adf_model::{Kind, ResourceId, references};
use serde_json::{Map, Value, json};

use crate::kind;
use crate::limits::{Limit, Usage};
use crate::output::TEMPLATE;
use crate::template::{CONTENT_VERSION, FACTORY_NAME, TEMPLATE_SCHEMA, variables};
use crate::text::{Literal, quote};

/// A document that is deployed.
#[derive(Clone)]
pub struct Deployable {
    /// What it is.
    pub id: ResourceId,
    /// The document, with its secrets.
    pub document: Value,
    /// The JSON pointers of its secrets.
    pub secrets: Vec<String>,
}

/// A template, and the values of its parameters. They are secrets, so that there is no `Debug`.
#[derive(Clone)]
pub struct DeploymentTemplate {
    /// The template, without a secret.
    pub template: Value,
    /// The values of its parameters by name: the factory's name, and the secrets.
    pub parameters: Map<String, Value>,
    /// How much of ARM's limits is used.
    pub usage: Vec<Usage>,
}

impl DeploymentTemplate {
    /// The template of some documents for a factory. Each depends on those before it that it refers to; one that refers to a document
    /// after it goes without, as a circle of documents that are there already must.
    #[must_use]
    pub fn of(factory: &str, documents: &[Deployable]) -> Self {
        let mut secrets = Secrets::default();
        let mut places: BTreeMap<ResourceId, String> = BTreeMap::new();
        let mut resources = Vec::with_capacity(documents.len());
        for deployable in documents {
            resources.push(resource(deployable, &places, &mut secrets));
            places.insert(deployable.id.clone(), kind::depends_on(&deployable.id));
        }
        let mut declared = Map::new();
        let name = json!({"type": "string", "metadata": "Data Factory name"});
        declared.insert(FACTORY_NAME.to_owned(), name);
        declared.extend(secrets.declared);
        let mut parameters = Map::new();
        parameters.insert(FACTORY_NAME.to_owned(), factory.into());
        parameters.extend(secrets.values);
        let template = json!({
            "$schema": TEMPLATE_SCHEMA,
            "contentVersion": CONTENT_VERSION,
            "parameters": declared,
            "variables": variables(),
            "resources": resources,
        });
        let usage = usage(&template);
        Self {
            template,
            parameters,
            usage,
        }
    }
}

/// Secrets that have become parameters.
#[derive(Default)]
struct Secrets {
    declared: Map<String, Value>,
    values: Map<String, Value>,
}

impl Secrets {
    /// The expression in the place of a secret. ARM has secure texts and objects, so that anything else becomes a property of one.
    fn put(&mut self, resource: &ResourceId, pointer: &str, value: Value) -> String {
        let name = self.name(resource, pointer);
        let expression = format!("parameters('{}')", quote(&name));
        let (kind, value, expression) = match value {
            Value::String(_) => ("secureString", value, format!("[{expression}]")),
            other => (
                "secureObject",
                json!({ "value": other }),
                format!("[{expression}.value]"),
            ),
        };
        let resource = resource.to_string();
        let metadata = json!({"description": format!("a secret of the {resource}")});
        let declared = json!({"type": kind, "metadata": metadata});
        self.declared.insert(name.clone(), declared);
        self.values.insert(name, value);
        expression
    }

    /// A name that no other secret has, as Data Factory would make it.
    fn name(&self, resource: &ResourceId, pointer: &str) -> String {
        let path = pointer.trim_start_matches("/properties/");
        let path = path.trim_start_matches("typeProperties/");
        let path = path.strip_suffix("/value").unwrap_or(path);
        let plain = |letter: char| match letter.is_alphanumeric() {
            true => letter,
            false => '_',
        };
        let base: String = format!("{}_{path}", resource.name)
            .chars()
            .map(plain)
            .collect();
        let taken = |name: &str| {
            self.declared
                .keys()
                .any(|known| known.eq_ignore_ascii_case(name))
        };
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let mut names = std::iter::once(base.clone()).chain(numbered);
        names.find(|name| !taken(name)).unwrap_or(base)
    }
}

fn resource(
    deployable: &Deployable,
    places: &BTreeMap<ResourceId, String>,
    secrets: &mut Secrets,
) -> Value {
    let Deployable { id, document, .. } = deployable;
    let mut document = document.clone();
    let mut found = Vec::new();
    for pointer in &deployable.secrets {
        if let Some(place) = document.pointer_mut(pointer) {
            found.push((pointer, place.take()));
        }
    }
    // Literals first: what stands in a document can never pass for an expression of ours.
    let mut written = serde_json::to_value(Literal(&document)).unwrap_or_default();
    for (pointer, secret) in found {
        let expression = secrets.put(id, pointer, secret);
        if let Some(place) = written.pointer_mut(&escaped(pointer)) {
            *place = expression.into();
        }
    }
    let mut resource = json!({
        "name": kind::arm_name(id),
        "type": kind::arm_type(id.kind),
        "apiVersion": "2018-06-01",
    });
    let fields = match id.kind {
        Kind::Factory => ["location", "identity", "tags", "properties"].as_slice(),
        _ => ["properties"].as_slice(),
    };
    for field in fields {
        if let Some(value) = written.get_mut(*field) {
            resource[*field] = value.take();
        }
    }
    resource["dependsOn"] = depends_on(deployable, places).into();
    resource
}

/// The pointer of the same place after keys within brackets got one more.
fn escaped(pointer: &str) -> String {
    let parts = pointer.split('/').map(|part| {
        let key = part.replace("~1", "/").replace("~0", "~");
        adf_model::pointer::escape(&crate::text::escape(&key)).into_owned()
    });
    parts.collect::<Vec<_>>().join("/")
}

fn depends_on(deployable: &Deployable, places: &BTreeMap<ResourceId, String>) -> Vec<String> {
    let parent = deployable.id.parent.as_ref();
    let parent = parent.map(|name| ResourceId::new(Kind::ManagedVirtualNetwork, name.as_str()));
    let referred = references(&deployable.document);
    let referred = referred.into_iter().map(|reference| reference.target);
    let mut found = Vec::new();
    for target in parent.into_iter().chain(referred) {
        if let Some(place) = places.get(&target)
            && !found.contains(place)
        {
            found.push(place.clone());
        }
    }
    found
}

fn usage(template: &Value) -> Vec<Usage> {
    let count = |name: &str| {
        let list = &template[name];
        list.as_object()
            .map_or_else(|| list.as_array().map_or(0, Vec::len), Map::len)
    };
    let size = |value: &Value| value.to_string().len();
    let used = |limit, used, resource| Usage {
        limit,
        file: TEMPLATE.to_owned(),
        resource,
        used,
    };
    let resources = template["resources"].as_array();
    let largest = resources
        .into_iter()
        .flatten()
        .max_by_key(|resource| size(resource));
    let largest = largest.map(|resource| {
        let name = resource["name"].as_str().unwrap_or_default();
        used(Limit::Resource, size(resource), Some(name.to_owned()))
    });
    [
        used(Limit::Template, size(template), None),
        used(Limit::Resources, count("resources"), None),
        used(Limit::Parameters, count("parameters"), None),
    ]
    .into_iter()
    .chain(largest)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployable(id: ResourceId, properties: &Value, secrets: &[&str]) -> Deployable {
        Deployable {
            document: json!({"name": id.name, "etag": "x", "properties": properties}),
            id,
            secrets: secrets.iter().map(ToString::to_string).collect(),
        }
    }

    fn service(name: &str, password: &str) -> Deployable {
        let properties = json!({"type": "HttpServer", "typeProperties": {"password": {"type": "SecureString", "value": password}}});
        let id = ResourceId::new(Kind::LinkedService, name);
        deployable(
            id,
            &properties,
            &["/properties/typeProperties/password/value"],
        )
    }

    #[test]
    fn secrets_are_parameters_and_everything_else_is_literal() {
        let text = "[parameters('Web_password')]";
        let odd = deployable(
            ResourceId::new(Kind::Pipeline, "it's"),
            &json!({"description": text, "[key]": {"token": 7}}),
            &["/properties/[key]/token"],
        );

        let made = DeploymentTemplate::of("adf", &[service("Web", "hunter2"), odd]);

        assert!(!made.template.to_string().contains("hunter2"));
        let resources = &made.template["resources"];
        assert_eq!(
            resources[0]["properties"]["typeProperties"]["password"]["value"],
            "[parameters('Web_password')]"
        );
        assert_eq!(
            resources[1]["name"],
            "[concat(parameters('factoryName'), '/it''s')]"
        );
        assert_eq!(
            resources[1]["properties"]["description"],
            format!("[{text}")
        );
        assert_eq!(
            resources[1]["properties"]["[[key]"]["token"],
            "[parameters('it_s__key__token').value]"
        );
        assert_eq!(made.parameters["Web_password"], "hunter2");
        assert_eq!(made.parameters["it_s__key__token"], json!({"value": 7}));
        let kinds: Vec<_> = made.template["parameters"]
            .as_object()
            .unwrap()
            .values()
            .map(|it| it["type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["string", "secureString", "secureObject"]);
    }

    #[test]
    fn names_of_secrets_do_not_meet() {
        let documents = [
            service("a b", "1"),
            service("a-b", "2"),
            service("A_B", "3"),
        ];

        let made = DeploymentTemplate::of("adf", &documents);

        let names: Vec<_> = made.parameters.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "factoryName",
                "a_b_password",
                "a_b_password_2",
                "A_B_password_3"
            ]
        );
    }

    #[test]
    fn what_comes_before_is_depended_on() {
        let call = |name: &str, other: &str| {
            let activity = json!({"name": "C", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": other, "type": "PipelineReference"}}});
            deployable(
                ResourceId::new(Kind::Pipeline, name),
                &json!({"activities": [activity.clone(), activity]}),
                &[],
            )
        };
        let network = deployable(
            ResourceId::new(Kind::ManagedVirtualNetwork, "default"),
            &json!({}),
            &[],
        );
        let endpoint = deployable(
            ResourceId::below("default", Kind::ManagedPrivateEndpoint, "e"),
            &json!({}),
            &[],
        );

        let made =
            DeploymentTemplate::of("adf", &[call("a", "b"), call("b", "A"), network, endpoint]);

        let depends: Vec<_> = made.template["resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["dependsOn"].to_string())
            .collect();
        assert_eq!(
            depends,
            [
                "[]",
                r#"["[concat(variables('factoryId'), '/pipelines/a')]"]"#,
                "[]",
                r#"["[concat(variables('factoryId'), '/managedVirtualNetworks/default')]"]"#,
            ]
        );
        assert_eq!(
            made.template["resources"][0]["properties"]["activities"][0]["name"],
            "C"
        );
    }

    #[test]
    fn limits_that_are_passed_are_named() {
        let large = "x".repeat(5 << 20);
        let document = deployable(
            ResourceId::new(Kind::Pipeline, "big"),
            &json!({"description": large}),
            &[],
        );

        let made = DeploymentTemplate::of("adf", &[document]);

        let over: Vec<_> = made
            .usage
            .iter()
            .filter(|usage| usage.is_over())
            .map(|usage| usage.limit)
            .collect();
        assert_eq!(over, [Limit::Template, Limit::Resource]);
    }
}
