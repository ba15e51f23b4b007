//! A first contract from what data are like.
//!
//! What holds of all values that were seen becomes a rule only where it is likely to hold of the next ones too; the evidence stands
//! beside it as a comment, so that whoever knows the data can widen or narrow it.

mod column;
mod profile;
mod write;

pub use profile::{ColumnProfile, Histogram, MOST_VALUES, Profile, Spans};

use crate::text::count;
use write::Yaml;

/// What a contract says beside the data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The contract's `id`, and its name.
    pub id: String,
    /// Where the data are: the fields of a server, `server` and `type` among them.
    pub server: Vec<(String, String)>,
    /// The custom properties of that server, such as its `quote`.
    pub custom: Vec<(String, String)>,
    /// Whether the server's encoding is a guess.
    pub guessed: bool,
}

/// Writes a contract about objects that were looked at.
///
/// ```
/// use data_contract::infer::{About, ColumnProfile, Profile, infer};
///
/// let profile = Profile {
///     object: "orders".to_owned(),
///     rows: 3,
///     columns: vec![ColumnProfile {
///         name: "id".to_owned(),
///         logical_type: Some("integer".to_owned()),
///         distinct: Some(3),
///         ..ColumnProfile::default()
///     }],
///     ..Profile::default()
/// };
///
/// let text = infer(&About { id: "shop".to_owned(), ..About::default() }, &[profile]);
///
/// assert!(text.contains("required: true  # none of 3 is null"));
/// ```
#[must_use]
pub fn infer(about: &About, profiles: &[Profile]) -> String {
    let mut yaml = Yaml::default();
    yaml.comment("A first contract, from data as they were found. Comments say what was seen; widen what is only by chance so.");
    // Encodings came with 3.2.
    let encoded = about.server.iter().any(|(key, _)| key == "encoding");
    yaml.pair("apiVersion", if encoded { "v3.2.0" } else { "v3.1.0" });
    yaml.pair("kind", "DataContract");
    yaml.text("id", &about.id);
    yaml.text("name", &about.id);
    yaml.pair("version", "0.1.0");
    yaml.pair("status", "draft");
    if !about.server.is_empty() {
        yaml.open("servers");
        yaml.item(|yaml| server(yaml, about));
        yaml.close();
    }
    yaml.open("schema");
    for profile in profiles {
        yaml.item(|yaml| object(yaml, profile));
    }
    yaml.close();
    yaml.finish()
}

fn server(yaml: &mut Yaml, about: &About) {
    for (key, value) in &about.server {
        yaml.text(key, value);
        if about.guessed && key == "encoding" {
            yaml.note("a guess: the files are not UTF-8, and do not say what they are");
        }
    }
    if !about.custom.is_empty() {
        yaml.open("customProperties");
        for (property, value) in &about.custom {
            yaml.item(|yaml| {
                yaml.text("property", property);
                yaml.text("value", value);
            });
        }
        yaml.close();
    }
}

fn object(yaml: &mut Yaml, profile: &Profile) {
    yaml.text("name", &profile.object);
    yaml.pair("logicalType", "object");
    if profile.rows > 0 {
        yaml.open("quality");
        yaml.item(|yaml| {
            yaml.pair("metric", "rowCount");
            // A tenth is far from chance, and from nothing.
            let least = (profile.rows / 10).max(1);
            yaml.pair("mustBeGreaterOrEqualTo", &least.to_string());
            yaml.note(&format!("{} rows were seen", count(profile.rows)));
        });
        yaml.close();
    }
    if profile.columns.is_empty() {
        return;
    }
    yaml.open("properties");
    let tops = column::children(&profile.columns, &[]);
    let key = column::key(profile);
    for column in tops {
        let is_key = key.is_some_and(|key| key.name == column.name);
        yaml.item(|yaml| column::write(yaml, profile, column, is_key));
    }
    yaml.close();
}
