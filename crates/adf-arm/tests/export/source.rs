//! Repositories made for a test, and the templates that come of them.

use adf_arm::{Definition, Export, Finding, Vintage, export};
use adf_source::{Files, Repository};
use serde::Serialize as _;
use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Value, json};

/// The factory of all tests.
pub(crate) const FACTORY: &str = "adf-dev";

/// A repository of files.
pub(crate) fn repository(files: &[(&str, Value)]) -> Repository {
    let bytes = files
        .iter()
        .map(|(path, json)| (format!("{path}.json"), json.to_string().into_bytes()));
    Repository::read(&bytes.collect::<Files>())
}

/// A repository with a definition of its own.
pub(crate) fn with_definition(definition: Value, files: &[(&str, Value)]) -> Repository {
    let mut files = files.to_vec();
    files.push(("arm-template-parameters-definition", definition));
    repository(&files)
}

/// A document with these properties, called as its file.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a literal reads better without a reference"
)]
pub(crate) fn document(path: &'static str, properties: Value) -> (&'static str, Value) {
    let name = path.rsplit('/').next().unwrap_or(path);
    (path, json!({"name": name, "properties": properties}))
}

/// A dataset without meaning, for references.
pub(crate) fn dataset(path: &'static str, service: &str) -> (&'static str, Value) {
    document(
        path,
        json!({"type": "Binary", "linkedServiceName": reference(service, "LinkedService"), "typeProperties": {}}),
    )
}

/// A pipeline that does nothing with its parameters.
pub(crate) fn asking(
    path: &'static str,
    names: impl IntoIterator<Item = impl Into<String>>,
) -> (&'static str, Value) {
    let declared = names
        .into_iter()
        .map(|name| (name.into(), json!({"type": "string"})));
    let declared: serde_json::Map<_, _> = declared.collect();
    document(path, json!({"activities": [], "parameters": declared}))
}

/// A reference.
pub(crate) fn reference(name: &str, kind: &str) -> Value {
    json!({"referenceName": name, "type": format!("{kind}Reference")})
}

/// A text that no linked service can do without.
pub(crate) fn key_vault() -> (&'static str, Value) {
    service(
        "linkedService/ls_kv",
        "AzureKeyVault",
        json!({"baseUrl": "https://kv1.vault.test/"}),
    )
}

/// A linked service.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a literal reads better without a reference"
)]
pub(crate) fn service(
    path: &'static str,
    kind: &str,
    type_properties: Value,
) -> (&'static str, Value) {
    document(
        path,
        json!({"type": kind, "typeProperties": type_properties}),
    )
}

/// A secret that is in a key vault.
pub(crate) fn vault_secret(name: &str) -> Value {
    json!({"type": "AzureKeyVaultSecret", "store": reference("ls_kv", "LinkedService"), "secretName": name})
}

/// JSON as Data Factory writes it.
fn tabbed(json: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    let tabs = PrettyFormatter::with_indent(b"\t");
    json.serialize(&mut Serializer::with_formatter(&mut bytes, tabs))
        .unwrap();
    bytes
}

/// Everything that an export makes, as JSON.
pub(crate) struct Made {
    pub(crate) template: Value,
    pub(crate) parameters: Value,
    pub(crate) findings: Vec<Finding>,
    files: Vec<(String, Value)>,
}

/// Exports a repository by today's rules.
pub(crate) fn make(repository: &Repository) -> Made {
    make_as_of(repository, Vintage::Today)
}

/// Exports a repository.
pub(crate) fn make_as_of(repository: &Repository, vintage: Vintage) -> Made {
    let (definition, mut findings) = Definition::of(repository, vintage);
    let export: Export<'_> = export(repository, FACTORY, &definition, vintage);
    let files: Vec<(String, Value)> = export
        .files()
        .iter()
        .map(|file| {
            let bytes = file.bytes();
            let json: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(tabbed(&json), bytes, "{}", file.path);
            (file.path.clone(), json)
        })
        .collect();
    let template = serde_json::to_value(&export.template).unwrap();
    assert_eq!(files[0], (adf_arm::TEMPLATE.to_owned(), template));
    findings.extend(export.findings.iter().cloned());
    let of = |path: &str| {
        files
            .iter()
            .find(|(name, _)| name == path)
            .unwrap()
            .1
            .clone()
    };
    Made {
        template: of(adf_arm::TEMPLATE),
        parameters: of(adf_arm::PARAMETERS)["parameters"].clone(),
        findings,
        files,
    }
}

impl Made {
    /// A file.
    pub(crate) fn file(&self, path: &str) -> &Value {
        let file = self.files.iter().find(|(name, _)| name == path);
        &file.unwrap_or_else(|| panic!("no {path}")).1
    }

    /// The paths of all files.
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.files.iter().map(|(path, _)| path.as_str()).collect()
    }

    /// The declarations of parameters but for `factoryName`, in their order, as text.
    pub(crate) fn declared(&self) -> String {
        let mut declared = self.template["parameters"].as_object().unwrap().clone();
        declared.shift_remove("factoryName");
        shown(Value::Object(declared))
    }

    /// The names of all parameters, in their order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let declared = self.template["parameters"].as_object().unwrap();
        declared.keys().map(String::as_str).collect()
    }

    /// The declaration of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> &Value {
        &self.template["parameters"][name]
    }

    /// The resource of a kind and name.
    pub(crate) fn resource(&self, kind: &str, name: &str) -> &Value {
        let kind = format!("Microsoft.DataFactory/factories/{kind}");
        let name = format!("[concat(parameters('factoryName'), '/{name}')]");
        let resources = self.template["resources"].as_array().unwrap();
        let found = resources
            .iter()
            .find(|resource| resource["type"] == kind && resource["name"] == name);
        found.unwrap_or_else(|| panic!("no {kind} {name}"))
    }

    /// What a resource depends on, without the function that is around each.
    pub(crate) fn depends_on(&self, kind: &str, name: &str) -> Vec<String> {
        let items = self.resource(kind, name)["dependsOn"].as_array().unwrap();
        items
            .iter()
            .map(|item| {
                let text = item.as_str().unwrap();
                let inner = text.strip_prefix("[concat(variables('factoryId'), '/");
                inner
                    .and_then(|rest| rest.strip_suffix("')]"))
                    .unwrap_or(text)
                    .to_owned()
            })
            .collect()
    }

    /// The ids of what was found.
    pub(crate) fn found(&self) -> Vec<&str> {
        self.findings.iter().map(|finding| finding.id).collect()
    }
}

/// JSON as text, which shows the order of keys.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a literal reads better without a reference"
)]
pub(crate) fn shown(json: Value) -> String {
    format!("{json:#}")
}

/// A declaration of a parameter with this text as its default.
pub(crate) fn text(value: &str) -> Value {
    json!({"type": "string", "defaultValue": value})
}

/// The expression for a parameter.
pub(crate) fn parameter(name: &str) -> String {
    format!("[parameters('{name}')]")
}

/// A secret that is the value of a parameter.
pub(crate) fn secret(name: &str) -> Value {
    json!({"type": "SecureString", "value": parameter(name)})
}

/// The declaration of the parameter for a secret.
pub(crate) fn secure(property: &str, service: &str) -> Value {
    json!({"type": "secureString", "metadata": format!("Secure string for '{property}' of '{service}'")})
}
