//! Which places of documents hold ids of the ML side.

use adf_model::{Kind, ResourceId};
use dataops_plan::{Note, Overlay};
use dataops_solution::overrides::{OverridePath, OverrideValue};
use serde_json::Value;

use super::PlanningError;

/// The type of the activities that run ML pipelines, and where they have ids.
const ACTIVITY: &str = "AzureMLExecutePipeline";
const IDS: [&str; 3] = ["mlPipelineId", "mlPipelineEndpointId", "version"];

/// The places of some documents that hold ids of the ML side.
pub(super) struct MlPlaces<'p> {
    /// What the environment sets to addresses of the ML side.
    ours: &'p Overlay,
    documents: &'p [(ResourceId, Value)],
}

impl<'p> MlPlaces<'p> {
    pub(super) fn of(ours: &'p Overlay, documents: &'p [(ResourceId, Value)]) -> Self {
        Self { ours, documents }
    }

    /// What a reader should know of a value that is put into one of them: that it is no id where one is.
    pub(super) fn note(&self, path: &OverridePath, value: &OverrideValue) -> Option<Note> {
        let value = value.plain()?;
        let found = self.documents.iter().find(|(id, _)| path.is_about(id));
        let (_, document) = found?;
        let old = document.pointer(&pointer(path, document, value)?)?;
        let (old, new) = (old.as_str()?, value.as_str()?);
        let is_known = |text: &str| is_guid(text) || text.contains("://");
        let is_other = is_known(old) && !is_known(new) && !new.starts_with('@');
        is_other.then(|| Note {
            setting: path.text.clone(),
            text: format!("`{new}` is no id, and takes the place of one"),
            hint: format!(
                "runs ask Azure ML for it as it stands there; an address such as aml://pipelines/{new} is looked up"
            ),
        })
    }

    /// That a value is put into one of them.
    pub(super) fn has(
        &self,
        path: &OverridePath,
        value: &OverrideValue,
    ) -> Result<(), PlanningError> {
        let mut ours = self.ours.overrides.iter();
        if ours.any(|(known, _)| known.text == path.text) {
            return Ok(());
        }
        let found = self.documents.iter().find(|(id, _)| path.is_about(id));
        let place = found.and_then(|(_, document)| pointer(path, document, value.plain()?));
        let holds = place.is_some_and(|place| {
            found.is_some_and(|(id, document)| {
                self.is_set(id, document, &place)
                    || id.kind == Kind::Pipeline && is_id(document, &place)
            })
        });
        match holds {
            true => Ok(()),
            false => Err(PlanningError::NotMl {
                path: path.text.clone(),
                known: self.known(),
            }),
        }
    }

    /// Whether the environment sets the place to an address.
    fn is_set(&self, id: &ResourceId, document: &Value, place: &str) -> bool {
        let text = Value::from("aml://");
        let mut ours = self.ours.overrides.iter();
        let is_override = ours.any(|(known, _)| {
            known.is_about(id) && pointer(known, document, &text).as_deref() == Some(place)
        });
        let mut globals = self.ours.global_parameters.keys();
        let is_global = |name: &String| {
            place == format!("/properties/{}/value", adf_model::pointer::escape(name))
        };
        is_override || id.kind == Kind::GlobalParameters && globals.any(is_global)
    }

    /// All of them, as they are written.
    fn known(&self) -> Vec<String> {
        let ours = self.ours.overrides.iter();
        let mut known: Vec<_> = ours.map(|(path, _)| path.text.clone()).collect();
        let globals = self.ours.global_parameters.keys();
        known.extend(globals.map(|name| format!("globalParameters.default.{name}.value")));
        for (id, document) in self.documents {
            if id.kind == Kind::Pipeline {
                ids(&document["properties"], &mut Vec::new(), &mut |steps| {
                    known.push(format!("pipeline.{}.{}", id.name, steps.join(".")));
                });
            }
        }
        known.sort();
        known.dedup();
        known
    }
}

/// Whether a text is an id as Azure ML makes them: 32 hexadecimal digits in five groups.
fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    let is_digit = |byte: u8| byte == b'-' || byte.is_ascii_hexdigit();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(is_digit)
}

fn pointer(path: &OverridePath, document: &Value, value: &Value) -> Option<String> {
    path.apply(&mut document.clone(), value.clone()).ok()
}

/// Whether an activity that runs ML pipelines has an id there.
fn is_id(document: &Value, place: &str) -> bool {
    let place = place.strip_suffix("/value").unwrap_or(place);
    let activity = IDS.iter().find_map(|id| {
        let above = place.strip_suffix(id)?;
        above.strip_suffix("/typeProperties/")
    });
    let activity = activity.and_then(|above| document.pointer(above));
    activity.is_some_and(|activity| activity["type"] == ACTIVITY)
}

/// Tells the places of ids that are there, in activities within others too.
fn ids(value: &Value, steps: &mut Vec<String>, tell: &mut impl FnMut(&[String])) {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(key, it)| (key.clone(), it)).collect(),
        Value::Array(items) => {
            let named = |(at, it): (usize, &Value)| match it["name"].as_str() {
                Some(name) if !name.contains(['.', '[', ']', '"', '\'']) => name.to_owned(),
                _ => at.to_string(),
            };
            let items = items.iter().enumerate();
            items.map(|(at, it)| (named((at, it)), it)).collect()
        }
        _ => return,
    };
    if value["type"] == ACTIVITY {
        for id in IDS {
            if value["typeProperties"].get(id).is_some() {
                let place = ["typeProperties".to_owned(), id.to_owned()];
                tell(&[steps.as_slice(), &place].concat());
            }
        }
    }
    for (step, value) in below {
        steps.push(step);
        ids(value, steps, tell);
        steps.pop();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn outcome(path: &str) -> Result<(), PlanningError> {
        let pipeline = json!({"name": "p", "properties": {
        "variables": {"id": {"type": "String", "defaultValue": "old"}},
        "activities": [
            {"name": "if", "type": "IfCondition", "typeProperties": {"ifTrueActivities": [
                {"name": "train", "type": "AzureMLExecutePipeline", "typeProperties": {"mlPipelineId": "old"}}]}},
            {"name": "copy", "type": "Copy", "typeProperties": {"source": {"type": "x"}, "version": "1"}},
        ]}});
        let documents = [(ResourceId::new(Kind::Pipeline, "p"), pipeline)];
        let known = OverridePath::parse("pipeline.p.variables.id.defaultValue").unwrap();
        let mut ours = Overlay::default();
        ours.overrides
            .push((known, json!("aml://pipelines/training").into()));
        let path = OverridePath::parse(path).unwrap();
        MlPlaces::of(&ours, &documents).has(&path, &json!("new").into())
    }

    #[test]
    fn ids_of_the_ml_side_are_bound() {
        for path in [
            "pipeline.p.variables.id.defaultValue",
            "pipeline.P.properties.variables[\"id\"].defaultValue",
            "pipeline.p.activities.if.typeProperties.ifTrueActivities.train.typeProperties.mlPipelineId",
            "pipeline.p.activities.0.typeProperties.ifTrueActivities.0.typeProperties.version",
        ] {
            outcome(path).unwrap();
        }
    }

    #[test]
    fn a_value_that_is_no_id_is_told_where_one_is() {
        const OLD: &str = "5dd2ae1a-9b4c-4b1e-8f0c-0123456789ab";
        let path = OverridePath::parse("pipeline.p.variables.id.defaultValue").unwrap();
        let note = |old: &str, new: &str| {
            let variables = json!({"id": {"type": "String", "defaultValue": old}});
            let pipeline = json!({"name": "p", "properties": {"variables": variables}});
            let documents = [(ResourceId::new(Kind::Pipeline, "p"), pipeline)];
            let ours = Overlay::default();
            MlPlaces::of(&ours, &documents).note(&path, &json!(new).into())
        };

        let told = note(OLD, "hello").unwrap();
        assert_eq!(told.setting, path.text);
        assert_eq!(told.text, "`hello` is no id, and takes the place of one");
        for old in ["aml://pipelines/training", "https://ml.test/pipelines/1"] {
            assert!(note(old, "hello").is_some(), "{old}");
        }
        for (old, new) in [
            (OLD, OLD),
            (OLD, "5DD2AE1A-9b4c-4b1e-8f0c-0123456789ab"),
            (OLD, "aml://pipelines/training"),
            (OLD, "@pipeline().parameters.id"),
            ("set by the ML side", "hello"),
        ] {
            assert_eq!(note(old, new), None, "{old} {new}");
        }
    }

    #[test]
    fn nothing_else_is_bound() {
        for path in [
            "pipeline.p.description",
            "pipeline.p.activities.copy.typeProperties.source.type",
            "pipeline.p.activities.copy.typeProperties.version",
            "pipeline.p.activities.if.typeProperties.ifTrueActivities.train.type",
            "pipeline.p.variables.other.defaultValue",
            "linkedService.s.typeProperties.url",
        ] {
            let Err(PlanningError::NotMl { known, .. }) = outcome(path) else {
                panic!("{path} is bound");
            };
            let train = "pipeline.p.activities.if.typeProperties.ifTrueActivities.train.typeProperties.mlPipelineId";
            assert_eq!(known, [train, "pipeline.p.variables.id.defaultValue"]);
        }
    }
}
