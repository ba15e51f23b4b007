//! What activities and triggers hand to pipelines and data flows.

use adf_model::{Kind, Members as _, ResourceId};
use serde_json::{Map, Value};

use super::catalogue as rules;
use super::data_flow::Stream;
use super::given::{Given, Missing, PARAMETERS};
use super::judge::{Judge, Plain};
use super::values::{Look, target};
use crate::walk::{Step, Way};
use crate::{Finding, suggestion};

impl Judge<'_, '_> {
    /// A pipeline that is started: a reference under `key`, and `parameters` beside it.
    pub(super) fn started<'a>(
        &mut self,
        way: &mut Way<'a>,
        object: &'a Map<String, Value>,
        key: Started,
        look: Look<'_>,
    ) {
        let values = object.member("parameters");
        let reference = object.member(key.name()).and_then(Value::as_object);
        let target = reference.and_then(target);
        let target = target.filter(|target| target.kind == Kind::Pipeline);
        let declared = target
            .as_ref()
            .and_then(|target| Some((target, look.signatures.get(target)?)));
        if let Some((target, declared)) = declared {
            let given = Given {
                target,
                declared,
                values,
                at: PARAMETERS,
                reference: key.pointer(),
                missing: Missing::RunRefused,
            };
            self.given(way, &given, look);
        } else if let Some(values) = values {
            way.within(Step::Key("parameters"), |way| {
                self.values(way, values, look)
            });
        }
    }

    /// A reference to a data flow, with what its parameters and its datasets are given.
    pub(super) fn data_flow<'a>(&mut self, way: &mut Way<'a>, value: &'a Value, look: Look<'_>) {
        let reference = value
            .as_object()
            .and_then(|object| Some((object, target(object)?)));
        let reference = reference.filter(|(_, target)| target.kind == Kind::DataFlow);
        let declared = reference.and_then(|(object, target)| {
            let declared = look.signatures.get(&target)?;
            Some((object, target, declared))
        });
        let Some((object, target, declared)) = declared else {
            self.values(way, value, look);
            return;
        };
        let given = Given {
            target: &target,
            declared,
            values: object.member("parameters"),
            at: PARAMETERS,
            reference: "/referenceName",
            missing: Missing::Fails,
        };
        let inside = Look {
            plain: Plain::DataFlow,
            ..look
        };
        self.given(way, &given, inside);
        self.streams(way, (object, &target), look);
    }

    /// What the datasets of a data flow's streams are given, by the names of the streams.
    fn streams<'a>(
        &mut self,
        way: &mut Way<'a>,
        (object, target): (&'a Map<String, Value>, &ResourceId),
        look: Look<'_>,
    ) {
        const KEY: &str = "datasetParameters";
        let values = object.get(KEY).and_then(Value::as_object);
        let streams = look.signatures.streams(&target.name);
        for stream in streams {
            let dataset = stream.dataset.as_ref();
            let declared =
                dataset.and_then(|dataset| Some((dataset, look.signatures.get(dataset)?)));
            let Some((dataset, declared)) = declared else {
                continue;
            };
            let entry = values.and_then(|values| values.get_key_value(&stream.name));
            let key = entry.map_or("", |(key, _)| key.as_str());
            let given = Given {
                target: dataset,
                declared,
                values: entry.map(|(_, values)| values),
                at: &[Step::Key(KEY), Step::Key(key)],
                reference: "/referenceName",
                missing: Missing::Fails,
            };
            self.given(way, &given, look);
        }
        // What is left over is looked at all the same.
        let is_given = |name: &str| {
            let mut streams = streams.iter().filter(|stream| stream.name == name);
            streams.any(|stream| {
                let dataset = stream.dataset.as_ref();
                dataset.is_some_and(|dataset| look.signatures.get(dataset).is_some())
            })
        };
        for (name, value) in values.into_iter().flatten() {
            if !is_given(name) {
                way.within_all(&[Step::Key(KEY), Step::Key(name)], |way| {
                    self.values(way, value, look);
                    self.unknown_stream(way, (name, value), target, streams);
                });
            }
        }
    }

    /// Values for the dataset of a stream that the data flow does not have.
    fn unknown_stream(
        &mut self,
        way: &Way<'_>,
        (name, value): (&str, &Value),
        target: &ResourceId,
        streams: &[Stream],
    ) {
        let gives = value.as_object().is_some_and(|values| !values.is_empty());
        if !gives || streams.is_empty() || streams.iter().any(|stream| stream.name == name) {
            return;
        }
        let message = format!("{target} has no source and no sink `{name}`");
        let known = streams.iter().map(|stream| stream.name.as_str());
        let hint = suggestion::meant(name, known).unwrap_or_else(|| "take it away".to_owned());
        let finding = Finding::at_key(&rules::UNKNOWN_ARGUMENT, self.file, way.pointer(), message);
        self.findings.add(finding.hint(hint));
    }
}

/// What starts a pipeline.
#[derive(Clone, Copy)]
pub(super) enum Started {
    ByActivity,
    ByTrigger,
}

impl Started {
    fn name(self) -> &'static str {
        match self {
            Self::ByActivity => "pipeline",
            Self::ByTrigger => "pipelineReference",
        }
    }

    fn pointer(self) -> &'static str {
        match self {
            Self::ByActivity => "/pipeline/referenceName",
            Self::ByTrigger => "/pipelineReference/referenceName",
        }
    }
}
