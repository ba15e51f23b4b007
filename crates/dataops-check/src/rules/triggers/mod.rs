//! Triggers: what they start, and when.

mod events;
mod moment;
mod schedule;
mod window;

use adf_model::Kind;
use adf_source::SourceResource;
use serde_json::Value;

use super::{Group, rule};
use crate::value::is_given;
use crate::{Context, Finding, Findings, Rule, suggestion};

pub(super) const GROUP: Group = Group {
    rules: &[
        &NOTHING,
        &NO_SCOPE,
        &SCOPE,
        &NO_PATH,
        &PATH,
        &EVENTS,
        &PIPELINES,
        &WINDOW,
        &CONCURRENCY,
        &RETRY,
        &DEPENDENCY,
        &RECURRENCE,
        &SCHEDULE,
        &FREQUENCY,
        &TIME_ZONE,
        &TIME,
        &END,
        &LOCAL,
        &STATE,
    ],
    check,
};

static NOTHING: Rule = rule!(
    "ADF701",
    "trigger-without-pipeline",
    Warning,
    "A started trigger starts no pipeline"
);
static NO_SCOPE: Rule = rule!(
    "ADF702",
    "event-scope",
    Error,
    "An event trigger does not say whose events it listens to"
);
static SCOPE: Rule = rule!(
    "ADF703",
    "event-scope-form",
    Warning,
    "The scope of an event trigger is no id of a resource that has such events"
);
static NO_PATH: Rule = rule!(
    "ADF704",
    "event-path",
    Error,
    "A blob event trigger names neither the beginning nor the end of a path"
);
static PATH: Rule = rule!(
    "ADF705",
    "event-path-form",
    Warning,
    "No blob has a path such as the one that a trigger waits for"
);
static EVENTS: Rule = rule!(
    "ADF706",
    "event-types",
    Error,
    "An event trigger names no event, or one that does not exist"
);
static PIPELINES: Rule = rule!(
    "ADF707",
    "trigger-pipelines",
    Error,
    "A trigger does not name what it starts in the way of its type"
);
static WINDOW: Rule = rule!(
    "ADF708",
    "window-size",
    Error,
    "The window of a tumbling window trigger is none that Data Factory has"
);
static CONCURRENCY: Rule = rule!(
    "ADF709",
    "window-concurrency",
    Error,
    "The number of windows at a time is out of range"
);
static RETRY: Rule = rule!(
    "ADF710",
    "window-retry",
    Warning,
    "The retries of a window are out of range"
);
static DEPENDENCY: Rule = rule!(
    "ADF711",
    "window-dependency",
    Error,
    "A tumbling window trigger waits for something that it cannot wait for"
);
static RECURRENCE: Rule = rule!(
    "ADF712",
    "trigger-recurrence",
    Error,
    "A schedule trigger does not say how often it fires"
);
static SCHEDULE: Rule = rule!(
    "ADF713",
    "trigger-schedule",
    Error,
    "A schedule names a minute, hour or day that does not exist"
);
static FREQUENCY: Rule = rule!(
    "ADF714",
    "schedule-frequency",
    Warning,
    "A schedule names days that its frequency does not go by"
);
static TIME_ZONE: Rule = rule!(
    "ADF715",
    "time-zone",
    Error,
    "A time zone is none that Data Factory knows"
);
static TIME: Rule = rule!(
    "ADF716",
    "trigger-time",
    Error,
    "The time from or to which a trigger fires is missing, or is none"
);
static END: Rule = rule!(
    "ADF717",
    "trigger-end",
    Warning,
    "A trigger ends before it begins"
);
static LOCAL: Rule = rule!(
    "ADF718",
    "trigger-time-offset",
    Note,
    "The time from which a trigger fires does not fit its time zone: an offset beside a zone, or UTC without `Z`"
);

static STATE: Rule = rule!(
    "ADF719",
    "trigger-state",
    Warning,
    "A trigger is in a state that Data Factory does not know"
);

/// The states of a trigger.
const STATES: [&str; 3] = ["Started", "Stopped", "Disabled"];

/// A trigger and where its findings go.
struct Trigger<'c, 'a> {
    context: &'c Context<'a>,
    resource: &'a SourceResource,
    properties: &'a Value,
}

fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in context.repository.of_kind(Kind::Trigger) {
        if let Some(properties) = resource.file.json().get("properties") {
            let trigger = Trigger {
                context,
                resource,
                properties,
            };
            trigger.check(findings);
        }
    }
}

impl<'a> Trigger<'_, 'a> {
    fn check(&self, findings: &mut Findings) {
        self.check_state(findings);
        // Their shape is looked at with that of all resources.
        if !self
            .properties
            .get("typeProperties")
            .is_some_and(Value::is_object)
        {
            return;
        }
        let kind = self.properties.get("type").and_then(Value::as_str);
        match kind {
            Some("BlobEventsTrigger") => events::check_blob(self, findings),
            Some("CustomEventsTrigger") => events::check_custom(self, findings),
            Some("TumblingWindowTrigger") => window::check(self, findings),
            Some("ScheduleTrigger") => schedule::check(self, findings),
            _ => return,
        }
        self.check_pipelines(kind == Some("TumblingWindowTrigger"), findings);
    }

    fn check_state(&self, findings: &mut Findings) {
        let state = self.properties.get("runtimeState").and_then(Value::as_str);
        let known = |state: &str| STATES.iter().any(|known| known.eq_ignore_ascii_case(state));
        if let Some(state) = state.filter(|state| !known(state)) {
            let message = format!("`{state}` is no state of a trigger");
            let meant = suggestion::meant(state, STATES);
            let hint = meant.unwrap_or_else(|| "it is Started or Stopped".to_owned());
            findings.add(self.at(&STATE, "runtimeState", message).hint(hint));
        }
    }

    fn check_pipelines(&self, single: bool, findings: &mut Findings) {
        let (right, wrong) = match single {
            true => ("pipeline", "pipelines"),
            false => ("pipelines", "pipeline"),
        };
        let started: Vec<_> = match self.properties.get(right) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(object @ Value::Object(_)) => vec![object],
            _ => Vec::new(),
        };
        if started.is_empty() && is_given(self.properties.get(wrong)) {
            let message = match single {
                true => "a tumbling window trigger starts one `pipeline`, not `pipelines`",
                false => "a trigger of this type starts a list of `pipelines`, not one `pipeline`",
            };
            findings.add(self.at_key(&PIPELINES, wrong, message));
            return;
        }
        for (at, start) in started.iter().enumerate() {
            if start.pointer("/pipelineReference/referenceName").is_none() {
                let place = match single {
                    true => right.to_owned(),
                    false => format!("{right}/{at}"),
                };
                let message = "`pipelineReference` is missing";
                findings.add(self.at(&PIPELINES, &place, message));
            }
        }
        let state = self.properties.get("runtimeState").and_then(Value::as_str);
        if started.is_empty() && state == Some("Started") {
            let message = format!("{} is started, and starts nothing", self.resource.id);
            findings.add(
                self.at(&NOTHING, "runtimeState", message)
                    .hint("name a pipeline, or stop the trigger"),
            );
        }
    }

    /// A property of the type.
    fn property(&self, name: &str) -> Option<&'a Value> {
        let value = self.properties.get("typeProperties")?.get(name)?;
        (!value.is_null()).then_some(value)
    }

    /// A finding about what stands below `properties`.
    fn at(&self, rule: &'static Rule, below: &str, message: impl Into<String>) -> Finding {
        Finding::at(
            rule,
            &self.resource.file,
            format!("/properties/{below}"),
            message,
        )
    }

    /// A finding about the key of what stands below `properties`.
    fn at_key(&self, rule: &'static Rule, below: &str, message: impl Into<String>) -> Finding {
        Finding::at_key(
            rule,
            &self.resource.file,
            format!("/properties/{below}"),
            message,
        )
    }

    /// A finding about something that is missing, at the trigger's type.
    fn missing(&self, rule: &'static Rule, message: impl Into<String>) -> Finding {
        self.at(rule, "type", message)
    }
}
