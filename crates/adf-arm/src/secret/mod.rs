//! Secrets of linked services: each becomes a parameter, whatever the definition says.
//!
//! Git holds no secrets. What was typed into the web page lies in `encryptedCredential`, which only the factory that sealed it
//! can read; the template asks for the secrets instead.

mod connection_string;
mod hidden;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::node::Node;
use crate::origin::Origin;
use crate::parameter::Parameter;
use crate::rewrite;
use crate::vintage::Vintage;

const CONNECTION_STRING: &str = "connectionString";
const SEALED: &str = "encryptedCredential";
/// What the page writes although it is empty, and does not publish.
const OPTIONAL: [&str; 2] = ["servicePrincipalId", "tenant"];
/// The linked service's properties with parameters in the place of secrets, and these parameters.
pub(crate) fn replace<'a>(
    name: &str,
    properties: &'a Value,
    vintage: Vintage,
) -> (Node<'a>, Vec<Parameter<'a>>) {
    let Some(written) = properties.get("typeProperties").and_then(Value::as_object) else {
        return (Node::Json(properties), Vec::new());
    };
    let kind = properties.get("type").and_then(Value::as_str);
    let mut service = Service {
        name,
        kind: kind.unwrap_or_default(),
        written,
        vintage,
        parameters: Vec::new(),
    };
    let mut replaced = Some(service.type_properties());
    let mut node = Node::Json(properties).opened();
    if let Node::Object(fields) = &mut node {
        for (key, value) in fields {
            if key == "typeProperties"
                && let Some(fields) = replaced.take()
            {
                *value = Node::Object(fields);
            }
        }
    }
    (node, service.parameters)
}

/// The name of the parameter for a secret.
pub(crate) fn parameter_name(service: &str, property: &str) -> Arc<str> {
    format!("{service}_{property}").into()
}

/// What the parameter for a secret is for.
pub(crate) fn metadata(service: &str, property: &str) -> String {
    format!("Secure string for '{property}' of '{service}'")
}

/// Whether a value is a secret written out.
pub(crate) fn is_secure_string(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str) == Some("SecureString")
}

fn is_vault_secret(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str) == Some("AzureKeyVaultSecret")
}

/// Whether a value is there and says nothing.
fn is_blank(value: &Value) -> bool {
    value.as_str() == Some("")
}

struct Service<'n, 'a> {
    name: &'n str,
    kind: &'a str,
    written: &'a Map<String, Value>,
    vintage: Vintage,
    parameters: Vec<Parameter<'a>>,
}

impl<'a> Service<'_, 'a> {
    fn type_properties(&mut self) -> Vec<(Cow<'a, str>, Node<'a>)> {
        let mut fields = Vec::with_capacity(self.written.len());
        for (key, value) in self.written {
            if key == SEALED || (is_blank(value) && OPTIONAL.contains(&key.as_str())) {
                continue;
            }
            let node = match value {
                // The page takes the name of this account for a secret, and keeps it as the default.
                Value::String(_) if key == "account" && self.kind == "CosmosDbMongoDbApi" => {
                    self.secret(key, Some(Node::Json(value)))
                }
                Value::String(text) if key == CONNECTION_STRING => {
                    let default = self.connection_string(text);
                    self.secret(key, default)
                }
                _ if is_secure_string(value) => self.secret(key, None),
                Value::Object(_) if is_vault_secret(value) => {
                    rewrite::at(Node::Json(value), &["secretName"], rewrite::secret_name)
                }
                _ => Node::Json(value),
            };
            fields.push((Cow::Borrowed(key.as_str()), node));
        }
        for key in self.hidden() {
            let secret = self.secret(key, None);
            fields.push((Cow::Borrowed(key), secret));
        }
        fields
    }

    /// The secrets that the properties do not show.
    fn hidden(&self) -> impl Iterator<Item = &'static str> + use<'a> {
        let written = self.written;
        let sealed = written.contains_key(SEALED);
        hidden::secrets(self.kind, written, sealed)
            .into_iter()
            .filter(|key| !written.contains_key(*key))
    }

    /// The connection string is no secret when the secret is sealed elsewhere, or nothing is sealed.
    fn connection_string(&self, text: &'a str) -> Option<Node<'a>> {
        let open = !self.written.contains_key(SEALED) || self.hidden().next().is_some();
        if !open || !self.vintage.keeps_connection_strings() {
            return None;
        }
        let text = connection_string::published(self.kind, text);
        Some(Node::Literal(text))
    }

    fn secret(&mut self, key: &str, default: Option<Node<'a>>) -> Node<'a> {
        let name = parameter_name(self.name, key);
        self.parameters.push(Parameter {
            name: Arc::clone(&name),
            kind: "secureString".to_owned(),
            metadata: Some(metadata(self.name, key)),
            default,
            origin: Origin::Secret,
        });
        Node::Secret(name)
    }
}
