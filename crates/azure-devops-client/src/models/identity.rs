//! People and groups.

use serde::Deserialize;
use serde_json::Value;

/// Somebody, or a group.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identity {
    /// Its id, a GUID, by which policies know it.
    pub id: String,
    /// The name that its provider has given it, such as `[ingestion]\Contributors`.
    #[serde(default)]
    pub provider_display_name: String,
    /// The name that somebody has given it here.
    pub custom_display_name: Option<String>,
    /// Whether it may sign in.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// Account, e-mail address and more, each as `{"$type","$value"}`.
    #[serde(default)]
    pub properties: Value,
}

fn yes() -> bool {
    true
}

impl Identity {
    /// The name that people see.
    #[must_use]
    pub fn display_name(&self) -> &str {
        let custom = self.custom_display_name.as_deref();
        custom
            .filter(|name| !name.is_empty())
            .unwrap_or(&self.provider_display_name)
    }

    /// Whether it is called just so: by a display name, its account or its e-mail address, in any case.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let property = |key: &str| self.properties[key]["$value"].as_str();
        [
            Some(self.provider_display_name.as_str()),
            self.custom_display_name.as_deref(),
            property("Account"),
            property("Mail"),
        ]
        .into_iter()
        .flatten()
        .any(|own| own.eq_ignore_ascii_case(name))
    }
}
