//! Whether an override fits a document, told without changing it: what is there, or how far the path leads.

use std::fmt;

use serde_json::Value;

use crate::overrides::{OverridePath, as_type_of, elements, same_type, type_of};
use crate::secret::Secret;
use crate::suggestion::{is_close, is_slip};

/// How a path fits a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Fit<'d> {
    /// This value gives way.
    Replaces(&'d Value),
    /// The last part is new beside others.
    Adds {
        /// Their names.
        known: Vec<String>,
    },
}

/// A property that an override adds to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Its name.
    pub name: String,
    /// Whether it differs from one that is there by a slip of the pen only.
    pub is_slip: bool,
    /// Whether it is so near to one that is there that this one may have been meant.
    pub is_close: bool,
    /// What to do.
    pub hint: String,
}

/// Why a path does not fit a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// There is no such place.
    NoSuch {
        /// The number of the part that is not there, behind the resource's name.
        at: usize,
        /// The part.
        part: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// A value of another type is there.
    OtherType {
        /// What is there.
        there: &'static str,
        /// What was given.
        given: &'static str,
    },
}

impl fmt::Display for Misfit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuch { part, .. } => write!(out, "there is no `{part}`"),
            Self::OtherType { there, given } => write!(out, "{there} stands there, not {given}"),
        }
    }
}

impl OverridePath {
    /// What the path and a `value` of the settings for it are to a document. A text with a variable fits every scalar.
    ///
    /// # Errors
    ///
    /// When the document has no such place, or a value of another type.
    pub fn fit<'d>(&self, document: &'d Value, value: &Value) -> Result<Fit<'d>, Misfit> {
        match Secret::of_setting(value) {
            Some(secret) => self.fit_secret(document, secret.reveal()),
            None => self.fit_value(document, value),
        }
    }

    pub(crate) fn fit_value<'d>(
        &self,
        document: &'d Value,
        value: &Value,
    ) -> Result<Fit<'d>, Misfit> {
        let mut here = match self.is_below_properties(document) {
            true => &document["properties"],
            false => document,
        };
        for (at, part) in self.place.iter().enumerate() {
            let Some(next) = step(here, part) else {
                let last = at + 1 == self.place.len();
                let known = names(here);
                return match here {
                    Value::Object(_) if last => Ok(Fit::Adds { known }),
                    _ => Err(Misfit::NoSuch {
                        at,
                        part: part.clone(),
                        known,
                    }),
                };
            };
            here = next;
        }
        let value = as_type_of(here, value.clone());
        match same_type(here, &value) || is_open(here, &value) {
            true => Ok(Fit::Replaces(here)),
            false => Err(Misfit::OtherType {
                there: type_of(here),
                given: type_of(&value),
            }),
        }
    }

    /// What the path adds beside properties with these names: nobody can tell a new one from one that is misspelt but by what is there.
    #[must_use]
    pub fn addition(&self, known: &[String]) -> Addition {
        let last = self.place.len().saturating_sub(1);
        let name = self.place.last().cloned().unwrap_or_default();
        let like = |is_like: fn(&str, &str) -> bool| {
            let mut known = known.iter().map(String::as_str);
            let found = known.find(|known| is_like(&name, known))?;
            Some(self.with_part(last, found))
        };
        let slip = like(is_slip);
        let new = "give it a value in the document, so that every environment has one";
        let close = like(is_close);
        let hint = match (&slip, &close) {
            (Some(meant), _) => format!("did you mean `{meant}`?"),
            (None, Some(close)) => format!("did you mean `{close}`? If it is new, {new}"),
            (None, None) => new.to_owned(),
        };
        Addition {
            is_slip: slip.is_some(),
            is_close: close.is_some(),
            name,
            hint,
        }
    }

    /// What stands there.
    pub(crate) fn find<'d>(&self, document: &'d Value) -> Option<&'d Value> {
        let start = match self.is_below_properties(document) {
            true => &document["properties"],
            false => document,
        };
        let mut parts = self.place.iter();
        parts.try_fold(start, |here, part| step(here, part))
    }

    /// The parts behind the resource's name.
    #[must_use]
    pub fn place(&self) -> &[String] {
        &self.place
    }

    /// The path with another text for one of its parts, counted behind the resource's name.
    #[must_use]
    pub fn with_part(&self, at: usize, text: &str) -> String {
        let parts = self.place.iter().enumerate();
        let place = parts.map(|(number, part)| match number == at {
            true => written(text),
            false => written(part),
        });
        let name = match &self.id.parent {
            Some(network) => format!("{network}/{}", self.id.name),
            None => self.id.name.clone(),
        };
        let head = [self.id.kind.folder().to_owned(), written(&name)];
        head.into_iter().chain(place).collect::<Vec<_>>().join(".")
    }

    /// Whether `properties` is left out.
    fn is_below_properties(&self, document: &Value) -> bool {
        let first = self.place.first().map(String::as_str).unwrap_or_default();
        document.get("properties").is_some()
            && first != "properties"
            && document.get(first).is_none()
    }
}

/// Whether the value has a type only when its variables have values.
fn is_open(old: &Value, value: &Value) -> bool {
    let scalar = !(old.is_object() || old.is_array());
    scalar && value.as_str().is_some_and(|text| text.contains("${"))
}

fn step<'v>(here: &'v Value, part: &str) -> Option<&'v Value> {
    match here {
        Value::Object(object) => object.get(part),
        Value::Array(items) => match part.parse::<usize>() {
            Ok(at) => items.get(at),
            Err(_) => items
                .iter()
                .find(|item| item.get("name").and_then(Value::as_str) == Some(part)),
        },
        _ => None,
    }
}

/// The value of an environment as a global parameter of a type, where it is one; a text that reads as one is one, because what
/// comes from a variable is text.
#[must_use]
pub fn as_global_parameter(kind: &str, value: &Value) -> Option<Value> {
    let kind = kind.to_ascii_lowercase();
    let value = match (kind.as_str(), value) {
        ("int" | "float" | "bool" | "array" | "object", Value::String(text)) => {
            serde_json::from_str(text).ok()?
        }
        _ => value.clone(),
    };
    let fits = match kind.as_str() {
        "string" => value.is_string(),
        "int" => value.is_i64() || value.is_u64(),
        "float" => value.is_number(),
        "bool" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    fits.then_some(value)
}

fn names(here: &Value) -> Vec<String> {
    match here {
        Value::Object(object) => object.keys().cloned().collect(),
        Value::Array(items) => elements(items),
        _ => Vec::new(),
    }
}

/// A part of a path as it must be written.
fn written(part: &str) -> String {
    match part.contains(['.', '[', ']']) {
        true => format!("[{part}]"),
        false => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        json!({"name": "p", "properties": {
            "variables": {"n": {"type": "Int", "defaultValue": 1}},
            "activities": [{"name": "train", "typeProperties": {"a.b": true}}]}})
    }

    fn misfit(path: &str, value: &Value) -> String {
        let path = OverridePath::parse(path).unwrap();
        path.fit(&document(), value).unwrap_err().to_string()
    }

    #[test]
    fn a_path_that_fits_tells_what_it_replaces() {
        let path = |text| OverridePath::parse(text).unwrap();
        let document = document();

        let replaced = path("pipeline.p.activities.train.typeProperties.[a.b]");
        let added = path("pipeline.p.variables.n.description");

        assert_eq!(
            replaced.fit(&document, &json!(false)),
            Ok(Fit::Replaces(&json!(true)))
        );
        assert_eq!(
            added.fit(&document, &json!("x")),
            Ok(Fit::Adds {
                known: vec!["type".to_owned(), "defaultValue".to_owned()]
            })
        );
        assert_eq!(
            replaced.with_part(3, "c"),
            "pipeline.p.activities.train.typeProperties.c"
        );
        assert_eq!(
            replaced.with_part(1, "x.y"),
            "pipeline.p.activities.[x.y].typeProperties.[a.b]"
        );
    }

    #[test]
    fn a_new_property_is_held_against_those_that_are_there() {
        let added = |path: &str, known: &str| {
            let added = OverridePath::parse(path).unwrap();
            let added = added.addition(&[known.to_owned()]);
            (added.is_slip, added.hint)
        };
        let (new, url) = ("linkedService.x.typeProperties", "url");

        let slip = added(&format!("{new}.domian"), "domain");
        let short = added(&format!("{new}.urll"), url);
        let other = added(&format!("{new}.authentication"), url);

        let meant = "did you mean `linkedService.x.typeProperties.domain`?";
        assert_eq!(slip, (true, meant.to_owned()));
        assert!(!short.0 && !other.0);
        assert!(
            short
                .1
                .starts_with("did you mean `linkedService.x.typeProperties.url`?"),
            "{}",
            short.1
        );
        assert!(other.1.starts_with("give it a value"), "{}", other.1);
    }

    #[test]
    fn a_path_that_leads_to_nothing_tells_how_far_it_leads() {
        let path = OverridePath::parse("pipeline.p.activities.trian.typeProperties.x").unwrap();

        let document = document();
        let misfit = path.fit(&document, &json!(1));

        assert_eq!(
            misfit,
            Err(Misfit::NoSuch {
                at: 1,
                part: "trian".to_owned(),
                known: vec!["train".to_owned()]
            })
        );
    }

    #[test]
    fn a_text_is_read_as_the_type_that_is_there() {
        let fits = |value: Value| {
            let path = OverridePath::parse("pipeline.p.variables.n.defaultValue").unwrap();
            path.fit(&document(), &value).is_ok()
        };

        assert!(fits(json!("2")) && fits(json!("${N}")) && fits(json!(2)));
        assert!(!fits(json!("two")) && !fits(json!([2])));
        assert_eq!(
            misfit("pipeline.p.variables", &json!("${N}")),
            "an object stands there, not text"
        );
    }
}
