//! Secrets never reach a file or a report: where one stands, a variable is written.

use std::collections::{BTreeMap, BTreeSet};

use adf_model::{Kind, ResourceId};
use dataops_plan::{STARS, secret_places, without_secrets};
use serde_json::Value;

use crate::config::{has_variable, is_one_variable};
use crate::text::{CLOSE, OPEN};

/// The secrets of one document as an environment has it.
pub(crate) struct Secrets<'d> {
    kind: Kind,
    document: &'d Value,
    places: BTreeSet<String>,
}

/// How a text may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Anybody may read it.
    Plain,
    /// It is a secret that only variables hold: it may be written, as a secret.
    OfVariables,
    /// It is a secret and must not be written.
    Never,
}

impl<'d> Secrets<'d> {
    /// Finds the secrets of a document; `more` are known to be some.
    pub(crate) fn of(id: &ResourceId, document: &'d Value, more: &BTreeSet<String>) -> Self {
        let mut places = secret_places(id.kind, document);
        connection_strings(document, &mut String::new(), &mut places);
        places.extend(more.iter().cloned());
        Self {
            kind: id.kind,
            document,
            places,
        }
    }

    /// How the value at a place may be written.
    pub(crate) fn writing(&self, pointer: &str, value: &Value) -> Writing {
        if !self.places.contains(pointer) {
            return Writing::Plain;
        }
        let Some(text) = value.as_str() else {
            return Writing::Never;
        };
        if is_one_variable(text) {
            return Writing::OfVariables;
        }
        if has_variable(text) && !self.is_by_name(pointer) {
            let starred = starred(text);
            let shown = without_secrets(&starred);
            let is_string = pointer.to_ascii_lowercase().ends_with("connectionstring");
            let is_hidden = shown.is_none_or(|shown| shown == starred);
            if is_hidden && !(is_string && is_opaque(&starred)) {
                return Writing::OfVariables;
            }
        }
        Writing::Never
    }

    /// Whether the place holds a secret whatever its text is.
    fn is_by_name(&self, pointer: &str) -> bool {
        let mut other = self.document.clone();
        if let Some(place) = other.pointer_mut(pointer) {
            // No secret by itself, not even as a connection string.
            *place = "a=b".into();
        }
        secret_places(self.kind, &other).contains(pointer)
    }
}

/// The text with stars for its variables.
fn starred(text: &str) -> String {
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        result += before;
        result += STARS;
        rest = after.split_once(CLOSE).map_or("", |(_, after)| after);
    }
    result + rest
}

/// What a connection string may say openly.
const OPEN_KEYS: [&str; 44] = [
    "accountendpoint",
    "accountname",
    "address",
    "addr",
    "applicationintent",
    "authentication",
    "authenticationtype",
    "connecttimeout",
    "connectiontimeout",
    "cryptoprotocolversion",
    "database",
    "datasource",
    "dbname",
    "defaultendpointsprotocol",
    "driver",
    "dsn",
    "encrypt",
    "encryptionmethod",
    "endpoint",
    "endpointsuffix",
    "entitypath",
    "host",
    "hostname",
    "initialcatalog",
    "integratedsecurity",
    "multisubnetfailover",
    "networkaddress",
    "persistsecurityinfo",
    "pooling",
    "port",
    "server",
    "servicename",
    "sharedaccesskeyname",
    "sid",
    "ssl",
    "sslmode",
    "timeout",
    "trustedconnection",
    "trustservercertificate",
    "uid",
    "user",
    "userid",
    "username",
    "validateservercertificate",
];

/// Whether a connection string says something that is not known to be open.
fn is_opaque(text: &str) -> bool {
    let pairs = text.split(';').filter(|pair| !pair.trim().is_empty());
    pairs.into_iter().any(|pair| {
        let Some((key, value)) = pair.split_once('=') else {
            return pair.trim() != STARS;
        };
        let key: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let is_open = OPEN_KEYS.contains(&key.to_ascii_lowercase().as_str());
        !is_open && value.trim() != STARS
    })
}

/// Connection strings are secrets unless everything in them is known to be open.
fn connection_strings(value: &Value, pointer: &mut String, places: &mut BTreeSet<String>) {
    let length = pointer.len();
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                pointer.push('/');
                *pointer += &adf_model::pointer::escape(key);
                let is_string = key.to_ascii_lowercase().ends_with("connectionstring");
                match value {
                    Value::String(text) if is_string && is_secret_string(text) => {
                        places.insert(pointer.clone());
                    }
                    value => connection_strings(value, pointer, places),
                }
                pointer.truncate(length);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                *pointer += &format!("/{at}");
                connection_strings(item, pointer, places);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

pub(crate) fn is_secret_string(text: &str) -> bool {
    // An expression names what it takes.
    !text.is_empty() && !text.starts_with('@') && (is_opaque(text) || has_variable(text))
}

/// The names of variables that are proposed for secrets: one for each place, the same in each environment.
#[derive(Debug, Default)]
pub(crate) struct Proposals {
    names: BTreeMap<(String, String), String>,
    taken: BTreeSet<String>,
}

impl Proposals {
    /// Names that mean something else.
    pub(crate) fn reserve(&mut self, name: &str) {
        self.taken.insert(name.to_ascii_uppercase());
    }

    /// Whether a name was proposed here.
    pub(crate) fn is_proposed(&self, name: &str) -> bool {
        self.names.values().any(|proposed| proposed == name)
    }

    /// The name for a place.
    pub(crate) fn name(&mut self, id: &ResourceId, pointer: &str) -> String {
        let key = (
            format!("{}.{}", id.kind.folder(), id.name),
            pointer.to_owned(),
        );
        if let Some(name) = self.names.get(&key) {
            return name.clone();
        }
        let base = proposal(&id.name, pointer);
        let mut name = base.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        self.names.insert(key, name.clone());
        name
    }
}

/// Parts of places that say nothing.
const EMPTY: [&str; 8] = [
    "properties",
    "typeProperties",
    "value",
    "defaultValue",
    "parameters",
    "variables",
    "globalParameters",
    "activities",
];

fn proposal(resource: &str, pointer: &str) -> String {
    let parts = pointer
        .split('/')
        .filter(|part| !part.is_empty() && !EMPTY.contains(part));
    let parts: Vec<_> = parts
        .filter(|part| part.parse::<usize>().is_err())
        .collect();
    let last = parts.last().copied().unwrap_or("secret");
    let name = format!("{}_{}", upper(resource), upper(last));
    match name.starts_with(|first: char| first.is_ascii_digit()) {
        true => format!("_{name}"),
        false => name,
    }
}

/// `AzureSql` as `AZURE_SQL`.
fn upper(name: &str) -> String {
    let mut result = String::new();
    let mut before = ' ';
    for character in name.chars() {
        let is_word = character.is_ascii_alphanumeric();
        let begins = character.is_ascii_uppercase() && before.is_ascii_lowercase();
        if (begins || !is_word) && !result.is_empty() && !result.ends_with('_') {
            result.push('_');
        }
        if is_word {
            result.push(character.to_ascii_uppercase());
        }
        before = character;
    }
    result.trim_end_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn writing(text: &str, key: &str) -> Writing {
        let id = ResourceId::new(Kind::LinkedService, "Sql");
        let document = json!({"properties": {"typeProperties": {key: text}}});
        let secrets = Secrets::of(&id, &document, &BTreeSet::new());
        secrets.writing(&format!("/properties/typeProperties/{key}"), &text.into())
    }

    #[test]
    fn a_secret_is_written_only_where_variables_hold_it() {
        let v = |text: &str| {
            text.replace('<', &OPEN.to_string())
                .replace('>', &CLOSE.to_string())
        };
        for (key, text, expected) in [
            ("url", "https://a.test", Writing::Plain),
            ("password", "hunter2", Writing::Never),
            ("password", "<PWD>", Writing::OfVariables),
            ("password", "hunter<PWD>", Writing::Never),
            (
                "connectionString",
                "Server=s;Database=d;Integrated Security=True",
                Writing::Plain,
            ),
            ("connectionString", "hunter2", Writing::Never),
            (
                "connectionString",
                "Server=s;Something=hunter2",
                Writing::Never,
            ),
            (
                "connectionString",
                "Server=s;Password=<PWD>",
                Writing::OfVariables,
            ),
            (
                "connectionString",
                "Server=s;Password=x<PWD>",
                Writing::Never,
            ),
            (
                "connectionString",
                "Server=<S>;Something=hunter2",
                Writing::Never,
            ),
            ("connectionString", "<ALL>", Writing::OfVariables),
            ("url", "https://a.test?x=1&sig=<SIG>", Writing::OfVariables),
            ("url", "https://a.test?x=1&sig=a<SIG>", Writing::Never),
            ("url", "https://a.test?sig=abc", Writing::Never),
        ] {
            assert_eq!(writing(&v(text), key), expected, "{key} {text}");
        }
    }

    #[test]
    fn names_of_variables_are_proposed() {
        let mut proposals = Proposals::default();
        proposals.reserve("KEY_VALUE_TOKEN");
        let mut name = |resource: &str, pointer: &str| {
            proposals.name(&ResourceId::new(Kind::LinkedService, resource), pointer)
        };

        assert_eq!(
            name("AzureSql", "/properties/typeProperties/password/value"),
            "AZURE_SQL_PASSWORD"
        );
        assert_eq!(
            name("azure-sql", "/properties/typeProperties/password"),
            "AZURE_SQL_PASSWORD_2"
        );
        assert_eq!(
            name("AzureSql", "/properties/typeProperties/password/value"),
            "AZURE_SQL_PASSWORD"
        );
        assert_eq!(
            name("keyValue", "/properties/parameters/token/defaultValue"),
            "KEY_VALUE_TOKEN_2"
        );
        assert_eq!(name("1", "/x"), "_1_X");
    }
}
