//! All expressions in a part of a document, and what references in it are given.

use adf_expr::{Symbols, Types, expression_object};
use adf_model::{Kind, Members as _, ResourceId};
use serde_json::{Map, Value};

use super::declarations::Signatures;
use super::given::{Given, Missing, PARAMETERS};
use super::judge::{Judge, Judged, Plain, Text};
use crate::walk::{Step, Way};

/// Members that are never evaluated, whatever they hold.
const NEVER: [&str; 4] = [
    "type",
    "referenceName",
    "encryptedCredential",
    "annotations",
];

/// Members in which names of columns may begin with `@`.
const WITH_COLUMNS: [&str; 3] = ["translator", "structure", "schema"];

/// How a part of a document is looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'s> {
    pub(super) symbols: &'s Symbols<'s>,
    pub(super) signatures: &'s Signatures<'s>,
    /// What text is that has no expression of the service in it.
    pub(super) plain: Plain,
}

impl Judge<'_, '_> {
    /// Looks at every expression in the value that `way` leads to.
    pub(super) fn values<'a>(
        &mut self,
        way: &mut Way<'a>,
        value: &'a Value,
        look: Look<'_>,
    ) -> Judged {
        if let Some(judged) = self.value(way, value, look) {
            return judged;
        }
        match value {
            Value::Object(object) => self.members(way, object, look),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    way.within(Step::Index(at), |way| self.values(way, item, look));
                }
            }
            _ => {}
        }
        Judged::literal(Types::of(value))
    }

    /// Looks at a value that is text or an expression object; nothing for others.
    pub(super) fn value(&mut self, way: &Way<'_>, value: &Value, look: Look<'_>) -> Option<Judged> {
        let (text, is_object) = match value {
            Value::String(text) => (text.as_str(), false),
            Value::Object(object) => (expression_object(object)?.as_str()?, true),
            _ => return None,
        };
        let text = Text {
            text,
            is_object,
            plain: match look.plain {
                Plain::Data if is_object => Plain::Text,
                plain => plain,
            },
        };
        Some(self.text(way, text, look.symbols))
    }

    fn members<'a>(&mut self, way: &mut Way<'a>, object: &'a Map<String, Value>, look: Look<'_>) {
        // Only pipelines use datasets.
        let takes = |kind| match kind {
            Kind::LinkedService => true,
            Kind::Dataset => self.owner == Kind::Pipeline,
            _ => false,
        };
        let target = target(object).filter(|target| takes(target.kind));
        let declared = target
            .as_ref()
            .and_then(|target| Some((target, look.signatures.get(target)?)));
        if let Some((target, declared)) = declared {
            let given = Given {
                target,
                declared,
                values: object.member("parameters"),
                at: PARAMETERS,
                reference: "/referenceName",
                missing: match target.kind {
                    _ if is_handed_on(way) => Missing::Allowed,
                    Kind::LinkedService => Missing::MayFail,
                    _ => Missing::Fails,
                },
            };
            self.given(way, &given, look);
        }
        for (key, member) in object {
            let is_given = declared.is_some() && key == "parameters";
            if is_given || NEVER.contains(&key.as_str()) {
                continue;
            }
            let look = match WITH_COLUMNS.contains(&key.as_str()) {
                true => Look {
                    plain: Plain::Data,
                    ..look
                },
                false => look,
            };
            way.within(Step::Key(key), |way| self.values(way, member, look));
        }
    }
}

/// Whether a reference is one of those that a web activity sends on, with or without values.
fn is_handed_on(way: &Way<'_>) -> bool {
    matches!(way.last(), Some(Step::Index(_)))
        && matches!(way.key(), Some("datasets" | "linkedServices"))
}

/// The pointer of what a value says, inside of an expression object.
pub(super) fn pointer(way: &Way<'_>, value: &Value) -> String {
    let mut pointer = way.pointer();
    if value.as_object().and_then(expression_object).is_some() {
        pointer.push_str("/value");
    }
    pointer
}

/// What a reference names.
pub(super) fn target(object: &Map<String, Value>) -> Option<ResourceId> {
    let name = object.member("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.member("type")?.as_str()?)?;
    Some(ResourceId::new(kind, name))
}
