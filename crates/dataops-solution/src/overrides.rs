//! Values of Data Factory documents that differ in an environment.
//!
//! A path names a document and a place in it: `linkedService.AzureDatabricks.typeProperties.domain`. The kind is the git
//! folder's name; `properties` after the name may be left out. Elements of arrays are named by number or, where they have a
//! `name`, by that: `activities.0`, `activities.Copy`, or as in JSONPath `activities[0]` and `activities["Copy"]`. A part that holds
//! dots is put into brackets or quotes: `dataset.[a.b].typeProperties`. A managed private endpoint may have its network before its
//! name: `managedPrivateEndpoint.default/sql.groupId`.

use std::fmt;

use adf_model::pointer::escape;
use adf_model::{Kind, ResourceId};
use serde_json::Value;

use crate::secret::Secret;
use crate::suggestion::nearest;

/// What is put in a place.
#[derive(Clone, Debug, PartialEq)]
pub enum OverrideValue {
    /// A value that anybody may see.
    Plain(Value),
    /// A text that nobody may see.
    Secret(Secret),
}

impl OverrideValue {
    /// The value, where anybody may see it.
    #[must_use]
    pub fn plain(&self) -> Option<&Value> {
        match self {
            Self::Plain(value) => Some(value),
            Self::Secret(_) => None,
        }
    }
}

impl From<Value> for OverrideValue {
    fn from(value: Value) -> Self {
        Self::Plain(value)
    }
}

/// An override that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("override `{path}`: {reason}")]
pub struct OverrideError {
    /// The whole path.
    pub path: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub hint: Option<String>,
}

/// A path that has been read: the document, and the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverridePath {
    /// The path as it is written.
    pub text: String,
    /// The document.
    pub id: ResourceId,
    pub(crate) place: Vec<String>,
}

impl OverridePath {
    /// Reads a path.
    ///
    /// # Errors
    ///
    /// When it names no kind, no resource or no place.
    pub fn parse(text: &str) -> Result<Self, OverrideError> {
        let fail = |reason: String| OverrideError {
            path: text.to_owned(),
            reason,
            hint: None,
        };
        let mut parts = split(text).into_iter();
        let folder = parts.next().unwrap_or_default();
        let kind = Kind::of_folder(&folder).ok_or_else(|| {
            fail(format!("`{folder}` is no kind of resource; expected one such as pipeline, dataset, linkedService, trigger"))
        })?;
        let name = parts
            .next()
            .filter(|name| !name.is_empty())
            .ok_or_else(|| fail(format!("it names no {kind}")))?;
        let place: Vec<_> = parts.collect();
        if place.is_empty() {
            return Err(fail(format!("it names no property of the {kind}")));
        }
        if let [place] = place.as_slice()
            && place == "name"
        {
            return Err(OverrideError {
                hint: otherwise_called(kind, &name),
                ..fail(format!("no override changes the name of a {kind}"))
            });
        }
        Ok(Self {
            text: text.to_owned(),
            id: ResourceId::named(kind, &name),
            place,
        })
    }

    /// Whether the path is about this resource. A path need not say which network a managed private endpoint is in.
    #[must_use]
    pub fn is_about(&self, id: &ResourceId) -> bool {
        let is_one = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
        let networks = self.id.parent.as_ref().zip(id.parent.as_ref());
        self.id.kind == id.kind
            && is_one(&self.id.name, &id.name)
            && networks.is_none_or(|(said, network)| is_one(said, network))
    }

    /// Puts `value` there, and tells the JSON pointer of the place. The place must exist, but for its last part. Text takes the
    /// place of a number or Boolean where it reads as one: what comes from a variable is always text.
    ///
    /// # Errors
    ///
    /// When the document has no such place, or a value of another type; names what is there instead.
    pub fn apply(&self, document: &mut Value, value: Value) -> Result<String, OverrideError> {
        let fail = |reason: String| OverrideError {
            path: self.text.clone(),
            reason,
            hint: None,
        };
        let first = self.place.first().map(String::as_str).unwrap_or_default();
        let mut pointer = String::new();
        let mut here = match document.get("properties") {
            Some(_) if first != "properties" && document.get(first).is_none() => {
                pointer.push_str("/properties");
                &mut document["properties"]
            }
            _ => document,
        };
        let (last, before) = self
            .place
            .split_last()
            .ok_or_else(|| fail("it names no place".into()))?;
        let missing = |at: usize, part: &str, here: Known| OverrideError {
            hint: here.nearest(part).map(|near| {
                let meant = self.with_part(at, near);
                format!("did you mean `{meant}`?")
            }),
            ..fail(format!("there is no `{part}`; {here}"))
        };
        for (at, part) in before.iter().enumerate() {
            let known = Known::at(here);
            here = step(here, part, &mut pointer).ok_or_else(|| missing(at, part, known))?;
        }
        if let Some(old) = step(here, last, &mut pointer) {
            let value = as_type_of(old, value);
            if !same_type(old, &value) {
                return Err(fail(format!(
                    "{} stands there, not {}",
                    type_of(old),
                    type_of(&value)
                )));
            }
            *old = value;
            return Ok(pointer);
        }
        let known = Known::at(here);
        let object = here
            .as_object_mut()
            .ok_or_else(|| missing(before.len(), last, known))?;
        object.insert(last.clone(), value);
        Ok(pointer + "/" + &escape(last))
    }
}

/// How a resource gets another name.
fn otherwise_called(kind: Kind, name: &str) -> Option<String> {
    match kind {
        Kind::Factory => Some("`dataFactory` of the environment is its name".to_owned()),
        Kind::GlobalParameters => None,
        _ => Some(format!(
            "`renames: {{ {}.{name}: NEW-NAME }}` of the environment does, and references follow",
            kind.folder()
        )),
    }
}

fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut bracket = false;
    let mut quote = None;
    // A part is over: what follows begins another.
    let mut is_over = false;
    for character in text.chars() {
        let part = parts
            .last_mut()
            .expect("there is a part from the beginning");
        match character {
            _ if quote == Some(character) => (quote, is_over) = (None, !bracket),
            '"' | '\'' if quote.is_none() && part.is_empty() => quote = Some(character),
            '[' if !bracket && quote.is_none() => {
                bracket = true;
                if is_over || !part.is_empty() {
                    parts.push(String::new());
                }
            }
            ']' if bracket && quote.is_none() => (bracket, is_over) = (false, true),
            '.' if !bracket && quote.is_none() => {
                is_over = false;
                parts.push(String::new());
            }
            other => part.push(other),
        }
    }
    parts
}

/// The value at a part, whose name is added to the pointer.
fn step<'v>(here: &'v mut Value, part: &str, pointer: &mut String) -> Option<&'v mut Value> {
    match here {
        Value::Object(object) => {
            let found = object.get_mut(part)?;
            *pointer += &format!("/{}", escape(part));
            Some(found)
        }
        Value::Array(items) => {
            let named = |item: &Value| item.get("name").and_then(Value::as_str) == Some(part);
            let at = match part.parse::<usize>() {
                Ok(at) => at,
                Err(_) => items.iter().position(named)?,
            };
            let found = items.get_mut(at)?;
            *pointer += &format!("/{at}");
            Some(found)
        }
        _ => None,
    }
}

/// Text as the number or Boolean that it takes the place of, where it reads as one.
pub(crate) fn as_type_of(old: &Value, new: Value) -> Value {
    let read = match (old, &new) {
        (Value::Number(_), Value::String(text)) => text.parse().map(Value::Number).ok(),
        (Value::Bool(_), Value::String(text)) => text.parse().map(Value::Bool).ok(),
        _ => None,
    };
    read.unwrap_or(new)
}

/// What a path can go on with.
enum Known {
    Properties(Vec<String>),
    /// Elements by their names; by their numbers, where they have none.
    Elements(Vec<String>),
    Scalar(&'static str),
}

impl Known {
    fn at(here: &Value) -> Self {
        match here {
            Value::Object(object) => Self::Properties(object.keys().cloned().collect()),
            Value::Array(items) => Self::Elements(elements(items)),
            scalar => Self::Scalar(type_of(scalar)),
        }
    }

    /// The name that was meant.
    fn nearest(&self, given: &str) -> Option<&str> {
        match self {
            Self::Properties(names) | Self::Elements(names) => {
                nearest(given, names.iter().map(String::as_str))
            }
            Self::Scalar(_) => None,
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(kind) => write!(out, "{kind} stands there"),
            Self::Properties(names) if names.is_empty() => out.write_str("nothing is there"),
            Self::Properties(names) => write!(out, "there are {}", names.join(", ")),
            Self::Elements(names) => match names.as_slice() {
                [] => out.write_str("the array is empty"),
                [one] => write!(out, "the array has 1 element: {one}"),
                names => write!(
                    out,
                    "the array has {} elements: {}",
                    names.len(),
                    names.join(", ")
                ),
            },
        }
    }
}

/// What the elements of an array are called: by their names, otherwise by their numbers.
pub(crate) fn elements(items: &[Value]) -> Vec<String> {
    let items = items.iter().enumerate();
    let called = items.map(
        |(at, item)| match item.get("name").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => at.to_string(),
        },
    );
    called.collect()
}

/// Expressions may replace any scalar, and any scalar an expression.
pub(crate) fn same_type(old: &Value, new: &Value) -> bool {
    let kind = |value: &Value| match value {
        Value::Object(object)
            if object.get("type").and_then(Value::as_str) == Some("Expression") =>
        {
            0
        }
        Value::Null => 0,
        Value::String(_) => 1,
        Value::Number(_) => 2,
        Value::Bool(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    };
    let (old, new) = (kind(old), kind(new));
    old == new || (old == 0 && new < 4) || (new == 0 && old < 4)
}

pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a Boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn apply(path: &str, value: Value) -> Result<Value, String> {
        let mut document = json!({"name": "p", "properties": {
            "variables": {"id": {"type": "String", "defaultValue": "old"}},
            "activities": [{"name": "train", "typeProperties": {"n": 1}}]}});
        OverridePath::parse(path)
            .and_then(|path| path.apply(&mut document, value))
            .map(|_| document)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn values_are_put_where_the_path_says() {
        let changed = apply("pipeline.p.variables.id.defaultValue", json!("new")).unwrap();
        assert_eq!(
            changed["properties"]["variables"]["id"]["defaultValue"],
            "new"
        );

        let changed = apply(
            "pipeline.p.properties.activities.train.typeProperties.n",
            json!(2),
        )
        .unwrap();
        assert_eq!(
            changed["properties"]["activities"][0]["typeProperties"]["n"],
            2
        );

        let added = apply("pipeline.p.activities.0.typeProperties.[a.b]", json!(true)).unwrap();
        assert_eq!(
            added["properties"]["activities"][0]["typeProperties"]["a.b"],
            true
        );
    }

    #[test]
    fn a_path_is_read_as_json_path_writes_it() {
        let place = |text: &str| OverridePath::parse(text).unwrap().place;

        for text in [
            "pipeline.p.activities[0].pipelines[1][2].x",
            "pipeline.p.activities.0.pipelines.1.2.x",
            "pipeline.p.[activities].[0].pipelines.[1].[2].x",
            "pipeline.p['activities'][0][\"pipelines\"][1][2]['x']",
        ] {
            assert_eq!(
                place(text),
                ["activities", "0", "pipelines", "1", "2", "x"],
                "{text}"
            );
        }
        assert_eq!(
            place("pipeline.p.activities[\"Copy [a].b\"].'c.d'.e's"),
            ["activities", "Copy [a].b", "c.d", "e's"]
        );
        let quoted = OverridePath::parse("dataset.\"a.b\".x").unwrap();
        assert_eq!(quoted.id.name, "a.b");
    }

    #[test]
    fn an_endpoint_may_have_its_network_before_its_name() {
        let path = OverridePath::parse("managedPrivateEndpoint.default/sql.groupId").unwrap();
        let within =
            |network: &str| ResourceId::below(network, Kind::ManagedPrivateEndpoint, "SQL");

        assert!(path.is_about(&within("Default")) && !path.is_about(&within("other")));
        assert_eq!(path.place, ["groupId"]);
        assert_eq!(
            path.with_part(0, "x"),
            "managedPrivateEndpoint.default/sql.x"
        );
    }

    #[test]
    fn text_of_a_variable_becomes_what_stands_there() {
        let place = "pipeline.p.activities.train.typeProperties.n";

        let changed = apply(place, json!("2")).unwrap();

        assert_eq!(
            changed["properties"]["activities"][0]["typeProperties"]["n"],
            2
        );
        assert!(apply(place, json!("two")).is_err());
    }

    #[test]
    fn the_place_is_told() {
        let mut document = json!({"properties": {"a": [{"name": "x/y", "b": 1}]}});
        let mut place = |path: &str| {
            let path = OverridePath::parse(path).unwrap();
            path.apply(&mut document, json!(2)).unwrap()
        };

        assert_eq!(place("dataset.d.a.x/y.b"), "/properties/a/0/b");
        assert_eq!(place("dataset.d.properties.a.0.new"), "/properties/a/0/new");
        assert_eq!(place("dataset.d.c/d"), "/properties/c~1d");
    }

    #[test]
    fn elements_without_names_are_told_by_their_numbers() {
        let error = |place: &str| {
            let mut document =
                json!({"properties": {"events": ["Created", "Deleted"], "none": []}});
            let path = OverridePath::parse(&format!("trigger.t.{place}")).unwrap();
            let error = path.apply(&mut document, json!("x")).unwrap_err();
            (error.reason, error.hint)
        };

        let (reason, hint) = error("events[5]");

        assert_eq!(reason, "there is no `5`; the array has 2 elements: 0, 1");
        assert_eq!(hint, None);
        assert_eq!(error("none[0]").0, "there is no `0`; the array is empty");
        let (_, hint) = error("evnts[0]");
        assert_eq!(hint.as_deref(), Some("did you mean `trigger.t.events.0`?"));
    }

    #[test]
    fn a_name_is_changed_by_a_rename() {
        let error = |path: &str| OverridePath::parse(path).unwrap_err();

        let pipeline = error("pipeline.p.name");
        let factory = error("factory.adf.name").hint.unwrap();

        assert_eq!(
            pipeline.to_string(),
            "override `pipeline.p.name`: no override changes the name of a pipeline"
        );
        let hint = pipeline.hint.unwrap();
        assert!(
            hint.starts_with("`renames: { pipeline.p: NEW-NAME }`"),
            "{hint}"
        );
        assert!(factory.contains("dataFactory"), "{factory}");
        assert!(OverridePath::parse("pipeline.p.activities.0.name").is_ok());
    }

    #[test]
    fn what_does_not_fit_is_told_with_what_is_there() {
        let error = |path: &str, value| apply(path, value).unwrap_err();

        assert_eq!(
            error("pipeline.p.variables.di.defaultValue", json!("x")),
            "override `pipeline.p.variables.di.defaultValue`: there is no `di`; there are id"
        );
        assert_eq!(
            error("pipeline.p.activities[5].name", json!("x")),
            "override `pipeline.p.activities[5].name`: there is no `5`; the array has 1 element: train"
        );
        assert!(
            error("pipeline.p.variables.id.defaultValue", json!(1))
                .ends_with("text stands there, not a number")
        );
        assert!(error("pipelines.p.x", json!(1)).contains("`pipelines` is no kind of resource"));
        assert!(error("pipeline.p", json!(1)).ends_with("it names no property of the pipeline"));
        assert!(error("pipeline", json!(1)).ends_with("it names no pipeline"));
    }
}
