//! From what became of a document to the smallest set of overrides that makes the same of it.

use std::collections::BTreeSet;

use adf_model::Kind;
use adf_model::pointer::escape;
use dataops_solution::overrides::OverridePath;
use serde_json::{Value, json};

use crate::config::element_name_as_override;
use crate::drafts::Draft;
use crate::environment::{variables_in, written_text};
use crate::secret::{Proposals, Secrets, Writing};

/// An override, and what else is known of it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: String,
    /// The JSON pointer of the place.
    pub(crate) pointer: String,
    /// Whether much that does not differ is in it.
    pub(crate) is_wide: bool,
    pub(crate) value: Value,
    /// Variables of the old tool in it.
    pub(crate) taken: BTreeSet<String>,
    /// Variables that stand for secrets in it.
    pub(crate) proposed: BTreeSet<String>,
}

/// What makes overrides of one document.
pub(crate) struct Differ<'a, 'd> {
    pub(crate) draft: &'a Draft<'d>,
    pub(crate) secrets: &'a Secrets<'a>,
    pub(crate) proposals: &'a mut Proposals,
    pub(crate) entries: Vec<Entry>,
    /// Variables inside of a larger value that take the place of numbers or Booleans, and stay text there.
    pub(crate) stays_text: Vec<String>,
    /// The same, while the larger value is written: each gets an override of its own.
    deeper: Vec<String>,
}

/// A place cannot be said; what is above it must be.
pub(crate) struct Raise;

/// A place: its parts in an override, and its JSON pointer.
#[derive(Clone)]
struct Place {
    parts: Vec<String>,
    pointer: String,
}

impl Place {
    fn below(&self, part: &str, key: &str) -> Self {
        let mut parts = self.parts.clone();
        parts.push(part.to_owned());
        Self {
            parts,
            pointer: format!("{}/{}", self.pointer, escape(key)),
        }
    }
}

impl<'a, 'd> Differ<'a, 'd> {
    /// What makes overrides of a document with these secrets.
    pub(crate) fn new(
        draft: &'a Draft<'d>,
        secrets: &'a Secrets<'a>,
        proposals: &'a mut Proposals,
    ) -> Self {
        Self {
            draft,
            secrets,
            proposals,
            entries: Vec::new(),
            stays_text: Vec::new(),
            deeper: Vec::new(),
        }
    }

    /// Makes overrides of everything that differs below `properties`.
    pub(crate) fn properties(&mut self, after: &Value) -> Result<(), Raise> {
        let place = Place {
            parts: Vec::new(),
            pointer: "/properties".to_owned(),
        };
        let before = self.draft.before.get("properties");
        let after = after.get("properties").unwrap_or(&Value::Null);
        self.differ(before, after, &place)
    }

    /// The value of a global parameter as it is written.
    pub(crate) fn global(&mut self, name: &str, value: &Value) -> Entry {
        let mut entry = Entry {
            path: name.to_owned(),
            pointer: format!("/properties/globalParameters/{}/value", escape(name)),
            is_wide: false,
            value: Value::Null,
            taken: BTreeSet::new(),
            proposed: BTreeSet::new(),
        };
        let pointer = entry.pointer.clone();
        entry.value = self.written(&pointer, value, &mut entry);
        entry
    }

    fn differ(
        &mut self,
        before: Option<&Value>,
        after: &Value,
        place: &Place,
    ) -> Result<(), Raise> {
        if before == Some(after) {
            return Ok(());
        }
        let mark = self.entries.len();
        let parts = match (before, after) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                let is_kept = old.keys().all(|key| new.contains_key(key));
                let each = new
                    .iter()
                    .map(|(key, value)| (key.clone(), key.clone(), old.get(key), value));
                is_kept.then(|| each.collect::<Vec<_>>())
            }
            (Some(Value::Array(old)), Value::Array(new)) if old.len() == new.len() => {
                let each = old.iter().zip(new).enumerate();
                let differing = each.filter(|(_, (before, after))| before != after);
                let each = differing.map(|(at, (before, after))| {
                    let name = element_name_as_override(old, new, at);
                    (
                        name.unwrap_or_else(|| at.to_string()),
                        at.to_string(),
                        Some(before),
                        after,
                    )
                });
                Some(each.collect())
            }
            _ => None,
        };
        if let Some(parts) = parts {
            let all = parts
                .into_iter()
                .try_for_each(|(part, key, before, after)| {
                    self.differ(before, after, &place.below(&part, &key))
                });
            if all.is_ok() {
                return Ok(());
            }
            self.entries.truncate(mark);
        }
        self.whole(before, after, place)
    }

    /// One override for all of a value.
    fn whole(&mut self, before: Option<&Value>, after: &Value, place: &Place) -> Result<(), Raise> {
        let text = self.path(place).ok_or(Raise)?;
        let path = OverridePath::parse(&text).map_err(|_| Raise)?;
        let mut entry = Entry {
            path: text,
            pointer: place.pointer.clone(),
            is_wide: is_wide(before, after),
            value: Value::Null,
            taken: BTreeSet::new(),
            proposed: BTreeSet::new(),
        };
        let secret = self.secret_leaf(before, after, place);
        let inner = match &secret {
            Some((pointer, value)) => self.written(pointer, value, &mut entry),
            None => self.written(&place.pointer, after, &mut entry),
        };
        let fits = match (&secret, inner.as_str()) {
            (Some(_), Some(text)) => path.fit_secret(self.draft.before, text).is_ok(),
            _ => {
                path.fit(self.draft.before, &inner).is_ok()
                    && !self.is_taken_otherwise(before, after, &inner, &place.pointer)
            }
        };
        if !fits {
            self.deeper.clear();
            return Err(Raise);
        }
        entry.value = match secret {
            Some(_) => json!({ "secret": inner }),
            None => inner,
        };
        let deeper = std::mem::take(&mut self.deeper);
        let above = entry.path.clone();
        self.entries.push(entry);
        for pointer in deeper {
            self.one_deeper(&above, &place.pointer, &pointer);
        }
        Ok(())
    }

    /// The text of a secret that is an override of its own, and its place.
    fn secret_leaf<'v>(
        &self,
        before: Option<&Value>,
        after: &'v Value,
        place: &Place,
    ) -> Option<(String, &'v Value)> {
        let is_secret =
            |pointer: &str, value: &Value| self.secrets.writing(pointer, value) != Writing::Plain;
        let is_connection = matches!(
            self.draft.id.kind,
            Kind::LinkedService | Kind::Credential | Kind::IntegrationRuntime
        );
        let is_value = place.parts.last().is_some_and(|last| last == "value");
        // A new secret of a connection becomes a `SecureString`, anything else takes the form of what it replaces.
        let wraps = before.is_none() && is_connection && !is_value;
        match after {
            Value::String(_) if !wraps && is_secret(&place.pointer, after) => {
                Some((place.pointer.clone(), after))
            }
            Value::Object(object)
                if wraps
                    && object.len() == 2
                    && object.get("type") == Some(&json!("SecureString")) =>
            {
                let pointer = format!("{}/value", place.pointer);
                let value = object.get("value")?;
                is_secret(&pointer, value).then_some((pointer, value))
            }
            _ => None,
        }
    }

    /// A value as it is written: without secrets, with variables.
    fn written(&mut self, pointer: &str, value: &Value, entry: &mut Entry) -> Value {
        match value {
            Value::Object(object) => {
                let fields = object.iter().map(|(key, value)| {
                    let below = format!("{pointer}/{}", escape(key));
                    (key.clone(), self.written(&below, value, entry))
                });
                Value::Object(fields.collect())
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items =
                    items.map(|(at, item)| self.written(&format!("{pointer}/{at}"), item, entry));
                Value::Array(items.collect())
            }
            leaf => self.written_leaf(pointer, leaf, entry),
        }
    }

    fn written_leaf(&mut self, pointer: &str, leaf: &Value, entry: &mut Entry) -> Value {
        let writing = self.secrets.writing(pointer, leaf);
        if writing == Writing::Never {
            let name = self.proposals.name(self.draft.id, pointer);
            let text = format!("${{{name}}}");
            entry.proposed.insert(name);
            return text.into();
        }
        let Some(text) = leaf.as_str() else {
            return leaf.clone();
        };
        if let Some(typed) = self.draft.typed.get(pointer)
            && entry.pointer != pointer
        {
            self.deeper.push(pointer.to_owned());
            return typed.clone();
        }
        for name in variables_in(text) {
            match self.proposals.is_proposed(name) {
                true => entry.proposed.insert(name.to_owned()),
                false => entry.taken.insert(name.to_owned()),
            };
        }
        written_text(text).into()
    }

    /// The variable at a place inside of what `above` writes: there it becomes a number or Boolean again. Overrides are applied in
    /// the order of their paths, so what is above comes first.
    fn one_deeper(&mut self, above: &str, start: &str, pointer: &str) {
        let parts = pointer[start.len()..].split('/').skip(1);
        let parts = parts.map(|part| said(&part.replace("~1", "/").replace("~0", "~")));
        let path = parts.collect::<Option<Vec<_>>>();
        let path = path.map(|parts| format!("{above}.{}", parts.join(".")));
        let leaf = self.draft.after.pointer(pointer).and_then(Value::as_str);
        match (path, leaf) {
            (Some(path), Some(text)) => self.entries.push(Entry {
                path,
                pointer: pointer.to_owned(),
                is_wide: false,
                value: written_text(text).into(),
                taken: variables_in(text).map(str::to_owned).collect(),
                proposed: BTreeSet::new(),
            }),
            _ => self.stays_text.push(pointer.to_owned()),
        }
    }

    /// The override path of a place, when it can be said.
    fn path(&self, place: &Place) -> Option<String> {
        let id = self.draft.id;
        let mut parts = vec![id.kind.folder(), id.name.as_str()];
        let first = place.parts.first().map(String::as_str);
        // A name that the document has beside `properties` would be taken for that.
        let is_beside =
            |first: &str| first == "properties" || self.draft.before.get(first).is_some();
        if first.is_none_or(is_beside) {
            parts.push("properties");
        }
        parts.extend(place.parts.iter().map(String::as_str));
        let text = parts.iter().map(|part| said(part));
        let text = text.collect::<Option<Vec<_>>>()?.join(".");
        let read = OverridePath::parse(&text).ok()?;
        let is_same =
            read.id.kind == id.kind && read.id.name == id.name && read.place() == &parts[2..];
        is_same.then_some(text)
    }

    /// Whether the override would be taken for something else than `after`.
    fn is_taken_otherwise(
        &self,
        before: Option<&Value>,
        after: &Value,
        written: &Value,
        pointer: &str,
    ) -> bool {
        let lone = written.as_object().filter(|object| object.len() == 1);
        let is_marked =
            lone.is_some_and(|object| object.get("secret").is_some_and(Value::is_string));
        let is_read = match (before, after) {
            // Text is read as the number or Boolean that it takes the place of.
            (Some(Value::Number(_) | Value::Bool(_)), Value::String(text)) => {
                variables_in(text).next().is_none() || !self.draft.typed.contains_key(pointer)
            }
            _ => false,
        };
        is_marked || is_read
    }
}

/// A part of an override's path; nothing where it cannot be one.
fn said(part: &str) -> Option<String> {
    match part {
        part if part.contains(']') => None,
        part if part.contains(['.', '[']) => Some(format!("[{part}]")),
        part => Some(part.to_owned()),
    }
}

/// Whether most of a value stays as it is.
fn is_wide(before: Option<&Value>, after: &Value) -> bool {
    const MUCH: usize = 200;
    let are_same = matches!(
        (before, after),
        (Some(Value::Object(_)), Value::Object(_)) | (Some(Value::Array(_)), Value::Array(_))
    );
    are_same && after.to_string().len() > MUCH
}
