//! ARM parameter files: values of parameters back at the properties that they stand for.

mod file;
mod places;
mod template;

use std::collections::{BTreeMap, BTreeSet};

use adf_model::{Kind, ResourceId};
use serde_json::{Value, json};

pub(crate) use file::{Given, GivenValue, ParametersFile};
pub(crate) use places::{Declared, ParameterMap};
pub(crate) use template::is_template;

use crate::drafts::Drafts;
use crate::note::{Note, NoteKind, Notes, Severity, Spot};
use crate::secret::{Proposals, is_secret_string};
use crate::suggestion::nearest;
use crate::text::{CLOSE, OPEN, short};

/// What a parameter file says besides values of documents.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub(crate) factory: Option<String>,
    pub(crate) renames: BTreeMap<String, String>,
    /// The places of secrets, by document.
    pub(crate) secrets: BTreeMap<usize, BTreeSet<String>>,
}

/// Parameters of the templates that are deployed in parts, which say where those are.
const OF_PARTS: [&str; 2] = ["containerUri", "containerSasToken"];

/// What applies parameters to documents.
pub(crate) struct ApplyParameters<'a, 'r> {
    pub(crate) drafts: &'a mut Drafts<'r>,
    pub(crate) map: &'a ParameterMap,
    pub(crate) proposals: &'a mut Proposals,
    pub(crate) notes: &'a mut Notes,
    pub(crate) said: Said,
}

impl ApplyParameters<'_, '_> {
    /// Applies all parameters of a file.
    pub(crate) fn all(mut self, file: &ParametersFile) -> Said {
        for given in &file.parameters {
            self.one(given);
        }
        self.said
    }

    fn note(
        &mut self,
        severity: Severity,
        kind: NoteKind,
        spot: &Spot,
        message: impl Into<String>,
    ) {
        self.notes
            .add(Note::new(severity, kind, spot.clone(), message));
    }

    fn one(&mut self, given: &Given) {
        if given.name.eq_ignore_ascii_case(adf_arm::FACTORY_NAME) {
            if let GivenValue::Value(Value::String(name)) = &given.value {
                self.said.factory = Some(name.clone());
            }
            return;
        }
        if OF_PARTS
            .iter()
            .any(|part| part.eq_ignore_ascii_case(&given.name))
        {
            return;
        }
        let Some(declared) = self.map.get(&given.name) else {
            if self.map.declares(&given.name) {
                let message = "the template declares the parameter, and nothing in it uses it";
                return self.note(Severity::Remark, NoteKind::NoEffect, &given.spot, message);
            }
            return self.by_name(given);
        };
        if declared.name != given.name {
            let message = format!(
                "the template writes `{}`; case does not count",
                declared.name
            );
            self.note(Severity::Remark, NoteKind::LetterCase, &given.spot, message);
        }
        if declared.is_embedded {
            let message = "the parameter stands inside of an expression of the template, which is no property of a document";
            self.note(
                Severity::Lost,
                NoteKind::Inexpressible,
                &given.spot,
                message,
            );
        }
        for at in 0..declared.places.len() {
            self.place(given, declared, at);
        }
    }

    fn place(&mut self, given: &Given, declared: &Declared, at: usize) {
        let place = &declared.places[at];
        let Some((draft, pointer)) = self.document(&place.id, &place.pointer) else {
            let message = format!("the source has no {}", place.id);
            return self.note(
                Severity::Lost,
                NoteKind::UnknownParameter,
                &given.spot,
                message,
            );
        };
        let is_default = |value: &Value| {
            let text = declared.default.as_ref();
            text.is_some_and(|text| value.as_str() == Some(text))
        };
        let value = match &given.value {
            GivenValue::Value(value) if is_default(value) && declared.is_secure => return,
            GivenValue::Value(value) if !Self::is_secret(declared, &pointer, value) => {
                value.clone()
            }
            GivenValue::Value(value) => {
                let is_empty = value.as_str() == Some("");
                self.secret(
                    given,
                    draft,
                    &pointer,
                    if is_empty {
                        Source::Empty
                    } else {
                        Source::File
                    },
                )
            }
            GivenValue::Vault => self.secret(given, draft, &pointer, Source::Vault),
        };
        let is_wrapped = place.is_wrapped;
        let origins = &mut self.drafts.list[draft].origins;
        origins
            .entry(pointer.clone())
            .or_insert_with(|| given.spot.clone());
        if let Some(found) = put(
            &mut self.drafts.list[draft].after,
            &pointer,
            is_wrapped,
            value,
        ) && (declared.is_secure || matches!(given.value, GivenValue::Vault))
        {
            self.said.secrets.entry(draft).or_default().insert(found);
        }
    }

    /// A secure parameter is a secret, but for a connection string in which everything is open.
    fn is_secret(declared: &Declared, pointer: &str, value: &Value) -> bool {
        let is_string = pointer
            .to_ascii_lowercase()
            .trim_end_matches("/value")
            .ends_with("connectionstring");
        let text = value.as_str().unwrap_or_default();
        let is_open = is_string && !text.is_empty() && !is_secret_string(text);
        declared.is_secure && !is_open
    }

    /// A variable in the place of a secret.
    fn secret(&mut self, given: &Given, draft: usize, pointer: &str, source: Source) -> Value {
        let name = self.proposals.name(self.drafts.list[draft].id, pointer);
        let message = match source {
            Source::Empty => format!(
                "the secret was given to each deployment by hand; give it to the variable `{name}`"
            ),
            Source::File => format!(
                "the file holds a secret, which stays out of dataops.yaml; give it to the variable `{name}`"
            ),
            Source::Vault => format!(
                "the secret came from a key vault; let the pipeline read it into the variable `{name}`"
            ),
        };
        let note = Note::new(
            Severity::Remark,
            NoteKind::Secret,
            given.spot.clone(),
            message,
        );
        let hint = "better: let the linked service refer to the key vault, and deploy no secret";
        self.notes.add(note.hint(hint));
        format!("{OPEN}{name}{CLOSE}").into()
    }

    /// The document of a resource of a template, and the place in it.
    fn document(&self, id: &ResourceId, pointer: &str) -> Option<(usize, String)> {
        let one_factory = || {
            let named = |at: &usize| {
                let name = self.said.factory.as_ref().map(|name| name.to_lowercase());
                name.is_some_and(|name| self.drafts.list[*at].id.name.to_lowercase() == name)
            };
            let list = self.drafts.list.iter().enumerate();
            let all: Vec<_> = list
                .filter(|(_, draft)| draft.id.kind == Kind::Factory)
                .map(|(at, _)| at)
                .collect();
            all.iter().find(|at| named(at)).or(all.first()).copied()
        };
        match id.kind {
            Kind::GlobalParameters => {
                let below = pointer.strip_prefix("/properties")?;
                Some((
                    one_factory()?,
                    format!("/properties/globalParameters{below}"),
                ))
            }
            Kind::Factory => Some((one_factory()?, pointer.to_owned())),
            _ => {
                // A template of one network may not say which.
                let by_name = || {
                    let lower = id.name.to_lowercase();
                    let mut list = self.drafts.list.iter();
                    list.position(|draft| {
                        draft.id.kind == id.kind && draft.id.name.to_lowercase() == lower
                    })
                };
                let is_below = id.kind == Kind::ManagedPrivateEndpoint;
                let at = self
                    .drafts
                    .find(id)
                    .or_else(|| by_name().filter(|_| is_below))?;
                Some((at, pointer.to_owned()))
            }
        }
    }

    /// Parameters that no template has, and whose names say what they are.
    fn by_name(&mut self, given: &Given) {
        let name = given.name.as_str();
        let runtime = strip(name, "integrationRuntime_").and_then(|rest| {
            let mut names = self.drafts.names(Kind::IntegrationRuntime);
            names.find(|name| name.eq_ignore_ascii_case(rest))
        });
        if let (Some(runtime), GivenValue::Value(Value::String(new))) = (runtime, &given.value) {
            if !runtime.eq_ignore_ascii_case(new) {
                let key = format!("{}.{runtime}", Kind::IntegrationRuntime.folder());
                self.said.renames.insert(key, new.clone());
            }
            return;
        }
        let global = [
            "default_properties_",
            "dataFactory_properties_globalParameters_",
        ];
        let global = global
            .iter()
            .find_map(|head| strip(name, head)?.strip_suffix("_value"));
        if let (Some(global), GivenValue::Value(value)) = (global, &given.value) {
            let id = ResourceId::new(Kind::GlobalParameters, "default");
            let pointer = format!("/properties/{}/value", adf_model::pointer::escape(global));
            if let Some((draft, pointer)) = self.document(&id, &pointer)
                && self.drafts.list[draft].before.pointer(&pointer).is_some()
            {
                put(
                    &mut self.drafts.list[draft].after,
                    &pointer,
                    false,
                    value.clone(),
                );
                return;
            }
        }
        let hint = nearest(name, self.map.names()).map(|near| format!("did you mean `{near}`?"));
        let message = format!(
            "the parameter `{}` stands for nothing in the source",
            short(name)
        );
        let note = Note::new(
            Severity::Lost,
            NoteKind::UnknownParameter,
            given.spot.clone(),
            message,
        );
        self.notes.add(note.hint_if(hint.or_else(|| {
            Some("give the template as well, with another --parameters, when it was not made from this source".to_owned())
        })));
    }
}

#[derive(Clone, Copy)]
enum Source {
    Empty,
    File,
    Vault,
}

fn strip<'t>(text: &'t str, head: &str) -> Option<&'t str> {
    let found = text.get(..head.len())?;
    found
        .eq_ignore_ascii_case(head)
        .then(|| &text[head.len()..])
}

/// Puts a value at a place, and tells where it is then.
fn put(document: &mut Value, pointer: &str, is_wrapped: bool, value: Value) -> Option<String> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent)?;
    let there = match parent {
        Value::Object(object) => object.get(&last),
        Value::Array(items) => items.get(last.parse::<usize>().ok()?),
        _ => None,
    };
    let inside = is_wrapped && there.is_none_or(Value::is_object);
    let value = match there {
        Some(old) if !inside => as_type_of(old, value),
        _ => value,
    };
    let new = match (inside, there) {
        (false, _) => value,
        (true, Some(old)) if old.get("type") == Some(&json!("SecureString")) => {
            let mut old = old.clone();
            old["value"] = value;
            old
        }
        (true, _) => json!({"type": "SecureString", "value": value}),
    };
    match parent {
        Value::Object(object) => {
            object.insert(last, new);
        }
        Value::Array(items) => *items.get_mut(last.parse::<usize>().ok()?)? = new,
        _ => return None,
    }
    Some(match inside {
        true => format!("{pointer}/value"),
        false => pointer.to_owned(),
    })
}

/// ARM has no numbers with a fraction, and templates turn texts into them.
fn as_type_of(old: &Value, new: Value) -> Value {
    let read = match (old, &new) {
        (Value::Number(_), Value::String(text)) => text.parse().map(Value::Number).ok(),
        _ => None,
    };
    read.unwrap_or(new)
}
