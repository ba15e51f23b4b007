//! What endpoints and deployments have in common: resources of Azure Resource Manager with tags and an identity.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::aml::document::Document;
use crate::aml::now;
use crate::aml::refusal::Refusal;

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// The row of an endpoint or a deployment.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) location: String,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) identity: Option<Value>,
    kind: Option<String>,
    sku: Option<Value>,
    /// As they are shown, but for how far the making is.
    pub(super) properties: Map<String, Value>,
    created: String,
    modified: String,
}

impl Resource {
    /// What a PUT makes of the resource that was there `before`.
    pub(super) fn written(
        name: &str,
        body: &Document,
        properties: Map<String, Value>,
        before: Option<&Self>,
    ) -> Result<Self, Refusal> {
        let now = now();
        let kept = before.and_then(|before| before.identity.as_ref());
        Ok(Self {
            name: before.map_or(name, |before| &before.name).to_owned(),
            location: body.required("location")?,
            tags: filled(body.texts("tags")?)?,
            identity: identity(body, kept)?,
            kind: body.text("kind")?,
            sku: body.value("sku").cloned(),
            properties,
            created: before.map_or_else(|| now.clone(), |before| before.created.clone()),
            modified: now,
        })
    }

    /// Changes tags and identity, as a PATCH does: a tag that is null goes.
    pub(super) fn patch(&mut self, body: &Document) -> Result<(), Refusal> {
        for (name, value) in body.members("tags")? {
            match value {
                Value::Null => drop(self.tags.remove(&name)),
                Value::String(text) => drop(self.tags.insert(name, text)),
                _ => return Err(Refusal::bad("`tags` must be an object of strings")),
            }
        }
        self.tags = filled(std::mem::take(&mut self.tags))?;
        if body.has("identity") {
            self.identity = identity(body, self.identity.as_ref())?;
        }
        self.modified = now();
        Ok(())
    }

    /// The resource as Azure Resource Manager tells it.
    pub(super) fn shown(&self, id: &str, kind: &str, properties: &Map<String, Value>) -> Value {
        let mut shown = json!({
            "id": id,
            "name": self.name,
            "type": format!("Microsoft.MachineLearningServices/workspaces/{kind}"),
            "properties": properties,
            "systemData": {
                "createdAt": self.created,
                "createdBy": "local",
                "createdByType": "User",
                "lastModifiedAt": self.modified,
            },
            "tags": self.tags,
            "location": self.location,
        });
        let more = [
            ("kind", self.kind.clone().map(Value::from)),
            ("identity", self.identity.clone()),
            ("sku", self.sku.clone()),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                shown[name] = value;
            }
        }
        shown
    }

    /// Some of what callers may add to, and not take away from.
    pub(super) fn own(&self) -> BTreeMap<String, String> {
        let own = self.properties.get("properties");
        let own = own.and_then(|own| serde_json::from_value(own.clone()).ok());
        own.unwrap_or_default()
    }
}

/// Refuses a name of an endpoint that could not stand in its host.
pub(super) fn check_endpoint_name(name: &str) -> Result<(), Refusal> {
    let bytes = name.as_bytes();
    let fits = (3..=32).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes
            .iter()
            .all(|letter| letter.is_ascii_alphanumeric() || *letter == b'-');
    match fits {
        true => Ok(()),
        false => Err(Refusal::invalid(format!(
            "`{name}` is no name of a batch endpoint: 3 to 32 letters, digits and hyphens, a letter first and no hyphen last"
        ))),
    }
}

/// Refuses a name of a deployment that the specification does not allow.
pub(super) fn check_deployment_name(name: &str) -> Result<(), Refusal> {
    let bytes = name.as_bytes();
    let fits = bytes.len() <= 255
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes
            .iter()
            .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_'));
    match fits {
        true => Ok(()),
        false => Err(Refusal::invalid(format!(
            "`{name}` is no name of a batch deployment: letters, digits, hyphens and underscores, and none of these last two first"
        ))),
    }
}

fn filled(tags: BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Refusal> {
    match tags.iter().find(|(_, value)| value.is_empty()) {
        None => Ok(tags),
        Some((name, _)) => Err(Refusal::invalid(format!(
            "tag `{name}`: Tag values must not be null or empty."
        ))),
    }
}

/// The identity that was given; what it is in Entra stays as it was.
fn identity(body: &Document, before: Option<&Value>) -> Result<Option<Value>, Refusal> {
    let Some(given) = body.object("identity")? else {
        return Ok(None);
    };
    let kinds = [
        "None",
        "SystemAssigned",
        "UserAssigned",
        "SystemAssigned,UserAssigned",
    ];
    let kind = given.required("type")?.replace(' ', "");
    let kind = kinds.iter().find(|known| known.eq_ignore_ascii_case(&kind));
    let kind = kind
        .ok_or_else(|| Refusal::bad(format!("`identity.type` is one of {}", kinds.join(", "))))?;
    let kept = before.and_then(|before| before["principalId"].as_str());
    let principal = match (kind.starts_with("SystemAssigned"), kept) {
        (true, Some(kept)) if kept != NOBODY => kept.to_owned(),
        (true, _) => Uuid::new_v4().to_string(),
        (false, _) => NOBODY.to_owned(),
    };
    let mut identity = json!({"type": kind, "principalId": principal, "tenantId": NOBODY});
    if let Some(users) = given.value("userAssignedIdentities") {
        identity["userAssignedIdentities"] = users.clone();
    }
    Ok(Some(identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_endpoints_become_hosts() {
        for name in ["abc", "A-1", &"a".repeat(32)] {
            assert!(check_endpoint_name(name).is_ok(), "{name}");
        }
        for name in ["ab", "1ab", "ab-", "a_b", "a/b", "...", &"a".repeat(33)] {
            assert!(check_endpoint_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn names_of_deployments_stand_in_paths() {
        for name in ["v", "1_b-", &"a".repeat(255)] {
            assert!(check_deployment_name(name).is_ok(), "{name}");
        }
        for name in ["", "-v", "a/b", "..", "é", &"a".repeat(256)] {
            assert!(check_deployment_name(name).is_err(), "{name}");
        }
    }
}
