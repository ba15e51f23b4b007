//! What Azure Resource Manager expects of a deployment, property by property.

use arm_client::models::{ChangeType, PropertyChange, PropertyChangeType, WhatIfChange};
use dataops_plan::{Change, Desired, Plan, ResourceKey, STARS, What, secret_places};
use rest_core::Wait;
use serde::Serialize;
use serde_json::Value;

use super::Label;
use super::concealed::Places;
use super::order::{ArmError, ArmOrder};
use crate::connection::Connection;

/// What the service expects of a resource.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Expected {
    /// Which.
    pub resource: ResourceKey,
    /// What would become of it, in the service's word.
    pub change: ChangeType,
    /// Whether the plan puts it. What it leaves is the same by its meaning, and not put.
    pub is_put: bool,
    /// What would differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// Why the service cannot tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<String>,
}

/// The answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WhatIfOutcome {
    /// The resources that the service was asked about and has answered for, in the order of kinds and names.
    pub resources: Vec<Expected>,
    /// Those that the plan puts and that it says nothing about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<ResourceKey>,
    /// Whether only what the plan puts was asked about, because all of it would be more than a template may have.
    pub only_put: bool,
}

impl WhatIfOutcome {
    /// Asks about everything that a plan is about, whether it differs or not: the service judges for itself.
    ///
    /// # Errors
    ///
    /// When even what the plan puts is too much for a template, or the service refuses.
    pub async fn ask(
        connection: &Connection,
        plan: &Plan,
        desired: &Desired,
        label: &Label,
        wait: Wait,
    ) -> Result<Self, ArmError> {
        let (order, only_put) = match ArmOrder::of_all(connection, plan, desired, label) {
            Err(ArmError::TooLarge { .. }) => {
                (ArmOrder::of(connection, plan, desired, label)?, true)
            }
            order => (order?, false),
        };
        let mut outcome = Self {
            resources: Vec::new(),
            silent: Vec::new(),
            only_put,
        };
        let Some(order) = order else {
            return Ok(outcome);
        };
        let doing = || ArmError::service("asking Azure Resource Manager what would change");
        let asked = order
            .client
            .what_if(&order.name, &order.deployment, wait, None);
        let answer = asked.await.map_err(|error| doing()(order.hidden(error)))?;
        if let Some(error) = &answer.error {
            let text = order.without_secrets(&error.to_string());
            return Err(doing()(azure_core::Error::with_message(
                azure_core::error::ErrorKind::Other,
                text,
            )));
        }
        let is_put = |key: &ResourceKey| plan.resource(key).is_some_and(|it| it.action.puts());
        for change in answer.changes() {
            if let Some(key) = order.key_of(&change.resource_id) {
                outcome
                    .resources
                    .push(expected(&order, desired, (key, is_put(key)), change));
            }
        }
        outcome
            .resources
            .sort_by(|left, right| left.resource.cmp(&right.resource));
        let told = |key: &&ResourceKey| outcome.resources.iter().any(|it| it.resource == **key);
        let silent = order
            .places
            .values()
            .filter(|key| is_put(key) && !told(key));
        outcome.silent = silent.cloned().collect();
        Ok(outcome)
    }

    /// Whether neither the service nor the plan knows of anything to do.
    #[must_use]
    pub fn has_nothing(&self) -> bool {
        let differs = |it: &Expected| it.change != ChangeType::NoChange;
        self.silent.is_empty() && !self.resources.iter().any(|it| it.is_put || differs(it))
    }
}

fn expected(
    order: &ArmOrder,
    desired: &Desired,
    (key, is_put): (&ResourceKey, bool),
    change: &WhatIfChange,
) -> Expected {
    let mut changes = Vec::new();
    let view = View {
        order,
        key,
        set: Places::of(desired.get(key.id())),
    };
    for property in change.delta.iter().flatten() {
        view.property("", property, 0, &mut changes);
    }
    Expected {
        resource: key.clone(),
        change: change.change_type.clone(),
        is_put,
        changes,
        unsupported: change.unsupported_reason.clone(),
    }
}

/// How deep changes are told.
const DEEPEST: usize = 64;

/// Changes of a resource, for people to see.
struct View<'v> {
    order: &'v ArmOrder,
    key: &'v ResourceKey,
    /// Where the environment, or the document, has secrets.
    set: Places,
}

impl View<'_> {
    fn property(
        &self,
        above: &str,
        property: &PropertyChange,
        depth: usize,
        out: &mut Vec<Change>,
    ) {
        let path = joined(above, &property.path);
        let children = property.children.as_deref().unwrap_or_default();
        if !children.is_empty() && depth < DEEPEST {
            for child in children {
                self.property(&path, child, depth + 1, out);
            }
            return;
        }
        let (old, new) = (
            self.shown(&path, property.before.as_ref()),
            self.shown(&path, property.after.as_ref()),
        );
        let what = match property.property_change_type {
            PropertyChangeType::NoEffect => return,
            PropertyChangeType::Create => What::Added { new },
            PropertyChangeType::Delete => What::Removed { old },
            _ => What::Changed { old, new },
        };
        let path = path.strip_prefix("properties.").unwrap_or(&path).to_owned();
        let json = serde_json::json!({ "path": path, "what": what });
        if let Ok(change) = serde_json::from_value(json) {
            out.push(change);
        }
    }

    /// A value without the secrets in it.
    fn shown(&self, path: &str, value: Option<&Value>) -> Value {
        // By the names above it, too, a value can be a secret.
        let mut document = value.cloned().unwrap_or_default();
        self.set.conceal(path, &mut document);
        for name in path.rsplit('.').filter(|name| !name.is_empty()) {
            let name = name.split('[').next().unwrap_or(name);
            document = serde_json::json!({ name: document });
        }
        for pointer in secret_places(self.key.kind, &document) {
            if let Some(place) = document.pointer_mut(&pointer) {
                *place = STARS.into();
            }
        }
        let mut inner = document;
        for name in path.split('.').filter(|name| !name.is_empty()) {
            let name = name.split('[').next().unwrap_or(name);
            inner = inner.get_mut(name).map(Value::take).unwrap_or(inner);
        }
        self.hide(inner)
    }

    /// Stars in the place of what was given as a secret.
    fn hide(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.order.without_secrets(&text).into(),
            Value::Array(items) => items.into_iter().map(|item| self.hide(item)).collect(),
            Value::Object(fields) => Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name, self.hide(value)))
                    .collect(),
            ),
            plain => plain,
        }
    }
}

/// A path below another; a number is a place in an array.
fn joined(above: &str, below: &str) -> String {
    let is_place = !below.is_empty() && below.bytes().all(|byte| byte.is_ascii_digit());
    match (above, is_place) {
        ("", _) => below.to_owned(),
        (_, true) => format!("{above}[{below}]"),
        (_, false) => format!("{above}.{below}"),
    }
}
