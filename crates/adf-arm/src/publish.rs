//! What `publish_config.json` says about the templates.

use adf_source::SourceFile;
use serde_json::Value;

/// Which parts of a factory's own document belong to the templates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublishConfig {
    /// `includeGlobalParamsTemplate`: the global parameters, as a resource of their own (since 2022).
    pub global_parameters: bool,
    /// `includeFactoryTemplate`: the factory itself, with its global parameters (2020 to 2022).
    pub factory: bool,
}

impl PublishConfig {
    /// Reads the flags; what is absent or no Boolean is not set.
    #[must_use]
    pub fn read(file: Option<&SourceFile>) -> Self {
        let flag = |name: &str| {
            file.and_then(|file| file.json().get(name))
                .is_some_and(is_set)
        };
        Self {
            global_parameters: flag("includeGlobalParamsTemplate"),
            factory: flag("includeFactoryTemplate"),
        }
    }
}

fn is_set(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
