//! Whether a run may start, and with what.

use std::collections::HashSet;

use adf_expr::{lookup, render};
use adf_model::{Activity, Document, ParseError, Pipeline};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::contents::{Contents, contents};
use crate::flow::Flow;
use crate::secrets::{HIDDEN, Secrets, is_secure};
use crate::{
    Definitions, Finding, PipelineRunRecord, Rejected, RunRequest, RunStatus, Timestamp,
    check_definition,
};

/// A pipeline that may run, with all its parameters.
pub(crate) struct Admitted {
    /// The name, as the definition spells it.
    pub(crate) name: String,
    pub(crate) pipeline: Document<Pipeline>,
    pub(crate) flow: Flow,
    pub(crate) parameters: Map<String, Value>,
}

/// Checks a pipeline, all that it calls, and its arguments.
pub(crate) fn admit(
    definitions: &dyn Definitions,
    name: &str,
    arguments: &Map<String, Value>,
) -> Result<Admitted, Rejected> {
    let mut seen = HashSet::from([name.to_lowercase()]);
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        let Some(pipeline) = definitions.pipeline(&name) else {
            continue;
        };
        let findings = check_definition(&name, &pipeline, definitions);
        if !findings.is_empty() {
            let pipeline = name;
            return Err(Rejected::InvalidDefinition { pipeline, findings });
        }
        let called = called(&pipeline.properties.activities);
        open.extend(
            called
                .into_iter()
                .filter(|called| seen.insert(called.to_lowercase())),
        );
    }
    admit_alone(definitions, name, arguments)
}

fn called(flow: &[Activity]) -> Vec<String> {
    let mut names = Vec::new();
    for activity in flow.iter().filter(|activity| !activity.is_inactive()) {
        let Ok(contents) = contents(activity) else {
            continue;
        };
        if let Contents::Execute(execute) = &contents {
            names.push(execute.pipeline.reference_name.clone());
        }
        names.extend(contents.flows().into_iter().flat_map(called));
    }
    names
}

/// Takes a pipeline whose definition was checked with that of its caller.
pub(crate) fn admit_alone(
    definitions: &dyn Definitions,
    name: &str,
    arguments: &Map<String, Value>,
) -> Result<Admitted, Rejected> {
    let Some(pipeline) = definitions.pipeline(name) else {
        let pipeline = name.to_owned();
        return Err(Rejected::PipelineNotFound { pipeline });
    };
    let parameters = parameters(name, &pipeline, arguments)?;
    let flow = Flow::new(&pipeline.properties.activities).map_err(|error| unread(name, &error))?;
    let spelled = pipeline
        .name()
        .filter(|own| own.to_lowercase() == name.to_lowercase())
        .unwrap_or(name)
        .to_owned();
    Ok(Admitted {
        name: spelled,
        pipeline,
        flow,
        parameters,
    })
}

fn unread(pipeline: &str, error: &ParseError) -> Rejected {
    Rejected::InvalidDefinition {
        pipeline: pipeline.to_owned(),
        findings: vec![Finding {
            activity: None,
            reason: error.to_string(),
            hint: None,
        }],
    }
}

fn parameters(
    name: &str,
    pipeline: &Pipeline,
    arguments: &Map<String, Value>,
) -> Result<Map<String, Value>, Rejected> {
    let declared = pipeline.properties.parameters.iter();
    declared
        .map(|(parameter, declaration)| {
            let default = declaration.default_value.as_ref();
            let given = lookup(arguments, parameter);
            match given.or(default.filter(|default| !default.is_null())) {
                Some(value) => Ok((parameter.clone(), value.clone())),
                None => Err(Rejected::MissingParameter {
                    pipeline: name.to_owned(),
                    parameter: parameter.clone(),
                }),
            }
        })
        .collect()
}

impl Admitted {
    /// Keeps the values of its secure parameters hidden from now on.
    pub(crate) fn hide(&self, secrets: &Secrets) {
        for (name, declared) in &self.pipeline.properties.parameters {
            if is_secure(&declared.kind)
                && let Some(value) = self.parameters.get(name)
            {
                secrets.add(value);
            }
        }
    }

    /// The record of the run before it starts, as the run itself keeps it.
    pub(crate) fn record(&self, request: &RunRequest, now: OffsetDateTime) -> PipelineRunRecord {
        let properties = &self.pipeline.properties;
        let shown = self.parameters.iter().map(|(name, value)| {
            let declared = properties.parameters.get(name);
            let text = match declared.is_some_and(|declared| is_secure(&declared.kind)) {
                true => HIDDEN.to_owned(),
                false => render(value).into_owned(),
            };
            (name.clone(), Value::from(text))
        });
        PipelineRunRecord {
            run_id: request.run_id.clone(),
            debug_run_id: None,
            run_group_id: request.group_id.clone(),
            is_latest: true,
            pipeline_name: self.name.clone(),
            parameters: shown.collect(),
            run_dimension: Map::new(),
            invoked_by: request.invoked_by.clone(),
            run_start: None,
            run_end: None,
            duration_in_ms: None,
            status: RunStatus::Queued,
            message: String::new(),
            last_updated: Timestamp(now),
            annotations: properties
                .annotations
                .as_array()
                .cloned()
                .unwrap_or_default(),
            pipeline_return_value: None,
        }
    }
}
