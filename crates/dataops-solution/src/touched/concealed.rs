//! What settings say, without what nobody may see.

use std::borrow::Cow;
use std::collections::BTreeMap;

use adf_model::secret::{Secrecy, SecureParameters};
use adf_model::{Kind, ResourceId};
use serde_json::{Value, json};

use super::values::MASK;
use crate::overrides::OverridePath;

/// Members whose names do not tell what their values are: the documents do.
const TOLD_BY_DOCUMENTS: [&str; 3] = ["value", "defaultValue", "content"];

/// The documents of both sides of a change, by which it is known what is a secret: one that was is none to be shown, even if it is no more.
pub(super) struct Concealed<'d> {
    documents: &'d [(&'d ResourceId, &'d Value)],
}

impl<'d> Concealed<'d> {
    pub(super) fn by(documents: &'d [(&'d ResourceId, &'d Value)]) -> Self {
        Self { documents }
    }

    /// A setting that no document is about. More names are those of secrets there, as in what says how to reach something.
    pub(super) fn setting(name: &str, value: &Value) -> Value {
        let within = Secrecy::of(Kind::LinkedService).masked(&json!({ name: value }), MASK);
        within.get(name).cloned().unwrap_or_default()
    }

    /// The value of a global parameter, which the factory says the type of.
    pub(super) fn global_parameter(&self, name: &str, value: &Value) -> Value {
        let factories = self
            .documents
            .iter()
            .filter(|(id, _)| id.kind == Kind::Factory);
        let kinds = factories.filter_map(|(_, document)| {
            let declared = document
                .pointer("/properties/globalParameters")?
                .get(name)?;
            declared.get("type")
        });
        let shown = kinds.map(|kind| {
            let whole = json!({ name: { "type": kind, "value": value } });
            let masked = Secrecy::of(Kind::Factory).masked(&whole, MASK);
            masked[name]["value"].clone()
        });
        let mut shown = shown.chain([Self::setting(name, value)]);
        shown
            .find(|shown| shown != value)
            .unwrap_or_else(|| value.clone())
    }

    /// The values of an environment's overrides, by their paths, as the documents that they make have them.
    pub(super) fn overrides(&self, overrides: &BTreeMap<&str, Value>) -> BTreeMap<String, Value> {
        let parsed = overrides.iter().filter_map(|(text, value)| {
            let path = OverridePath::parse(text).ok()?;
            Some((*text, path, value))
        });
        let parsed: Vec<_> = parsed.collect();
        let made = self.documents.iter().map(|(id, document)| {
            let mut document = (*document).clone();
            let about = parsed.iter().filter(|(_, path, _)| path.is_about(id));
            let places = about.filter_map(|(text, path, value)| {
                let pointer = path.apply(&mut document, (*value).clone()).ok()?;
                Some((*text, pointer))
            });
            let places: Vec<_> = places.collect();
            (*id, document, places)
        });
        let made: Vec<_> = made.collect();
        let made_of = made.iter().map(|(id, document, _)| (*id, document));
        let secure = SecureParameters::of(self.documents.iter().copied().chain(made_of));
        let mut shown = BTreeMap::new();
        for (id, document, places) in &made {
            if places.is_empty() {
                continue;
            }
            let masked = Secrecy::of(id.kind).masked(&secure.marked(document), MASK);
            for (text, pointer) in places {
                let value = masked.pointer(pointer).unwrap_or(&Value::Null);
                let value = alike(&overrides[text], value);
                let kept = shown.entry((*text).to_owned());
                let kept = kept.or_insert_with(|| value.clone().into_owned());
                // What is a secret in one of the documents is none to be shown.
                if *kept == overrides[text] {
                    *kept = value.into_owned();
                }
            }
        }
        for (text, value) in overrides {
            let alone = || Self::without_document(text, value);
            shown.entry((*text).to_owned()).or_insert_with(alone);
        }
        shown
    }

    /// An override of something that no document has.
    fn without_document(text: &str, value: &Value) -> Value {
        let last = text.rsplit('.').next().unwrap_or_default();
        match value {
            Value::String(_) if TOLD_BY_DOCUMENTS.contains(&last) => MASK.into(),
            value => Self::setting(last, value),
        }
    }
}

/// What is shown of a value, in its form: one that was marked as a secret is not told as an object.
fn alike<'v>(value: &Value, shown: &'v Value) -> Cow<'v, Value> {
    match value.is_object() == shown.is_object() {
        true => Cow::Borrowed(shown),
        false => Cow::Owned(MASK.into()),
    }
}
