//! The settings of an environment, in the order in which `dataops.yaml` has them.

use serde_json::Value;

use super::scalar;
use crate::environment::EnvironmentDraft;

/// One setting: of the environment itself, or in one of its sections.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub(crate) section: Option<&'static str>,
    pub(crate) key: String,
    pub(crate) value: Value,
}

impl Setting {
    /// The keys that lead to it.
    pub(crate) fn path<'s>(&'s self, environment: &'s str) -> Vec<&'s str> {
        let above = ["environments", environment].into_iter();
        above
            .chain(self.section)
            .chain([self.key.as_str()])
            .collect()
    }

    pub(crate) fn is_trigger(&self) -> bool {
        self.section == Some("triggers")
    }

    /// Its value in a block mapping.
    pub(crate) fn block_value(&self) -> String {
        match &self.value {
            // Words such as `off` are what these settings are made of.
            Value::String(word) if self.is_trigger() => word.clone(),
            value => scalar::value(value),
        }
    }

    fn line(&self, indent: usize) -> String {
        format!(
            "{:indent$}{}: {}\n",
            "",
            scalar::block(&self.key),
            self.block_value()
        )
    }

    fn flow(&self) -> String {
        format!(
            "{}: {}",
            scalar::quoted(&self.key),
            scalar::flow(&self.value)
        )
    }
}

/// All settings of an environment.
pub(crate) fn all(environment: &EnvironmentDraft) -> Vec<Setting> {
    let setting = |section, key: &str, value: Value| Setting {
        section,
        key: key.to_owned(),
        value,
    };
    let texts = [
        ("resourceGroup", &environment.resource_group),
        ("location", &environment.location),
        ("dataFactory", &environment.data_factory),
    ];
    let own = texts.into_iter().filter_map(|(key, text)| {
        let text = text.as_ref()?;
        Some(setting(None, key, text.as_str().into()))
    });
    let deletes = environment.delete_not_in_source;
    let deletes = deletes.map(|deletes| setting(None, "deleteNotInSource", deletes.into()));
    let values = [
        ("overrides", &environment.overrides),
        ("globalParameters", &environment.global_parameters),
    ];
    let values = values.into_iter().flat_map(|(section, entries)| {
        entries
            .iter()
            .map(move |(key, value)| setting(Some(section), key, value.clone()))
    });
    let words = [
        ("renames", &environment.renames),
        ("triggers", &environment.triggers),
    ];
    let words = words.into_iter().flat_map(|(section, entries)| {
        entries
            .iter()
            .map(move |(key, word)| setting(Some(section), key, word.as_str().into()))
    });
    own.chain(deletes).chain(values).chain(words).collect()
}

/// Settings as the lines of a block mapping, indented by `indent`.
pub(crate) fn lines(settings: &[Setting], indent: usize, step: usize) -> String {
    let mut text = String::new();
    for these in settings.chunk_by(|one, other| one.section == other.section) {
        match these.first().and_then(|first| first.section) {
            Some(section) => {
                text += &format!("{:indent$}{section}:\n", "");
                text += &bare_lines(these, indent + step);
            }
            None => text += &bare_lines(these, indent),
        }
    }
    text
}

/// The same without their sections.
pub(crate) fn bare_lines(settings: &[Setting], indent: usize) -> String {
    settings
        .iter()
        .map(|setting| setting.line(indent))
        .collect()
}

/// Settings as the inside of a flow mapping.
pub(crate) fn flow(settings: &[Setting]) -> String {
    let parts = settings.chunk_by(|one, other| one.section == other.section);
    let parts = parts.map(
        |these| match these.first().and_then(|first| first.section) {
            Some(section) => format!("{section}: {{ {} }}", bare_flow(these)),
            None => bare_flow(these),
        },
    );
    parts.collect::<Vec<_>>().join(", ")
}

/// The same without their sections.
pub(crate) fn bare_flow(settings: &[Setting]) -> String {
    let parts: Vec<_> = settings.iter().map(Setting::flow).collect();
    parts.join(", ")
}
