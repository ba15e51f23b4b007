//! One activity run: its record while it goes on, and what it leaves behind.

use adf_expr::{EvalError, evaluate_json};
use adf_model::Activity;
use serde_json::{Map, Value, json};

use crate::flow::End;
use crate::frame::{Ended, Frame};
use crate::run::{Run, milliseconds};
use crate::secrets::{HIDDEN, Secrets};
use crate::sight::Sight;
use crate::{ActivityError, ActivityFailure, ActivityRunRecord, ActivityStatus, Timestamp};

/// Why an activity has no output.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(ActivityFailure),
    Cancelled,
}

impl From<ActivityFailure> for Stop {
    fn from(failure: ActivityFailure) -> Self {
        Self::Failed(failure)
    }
}

impl From<EvalError> for Stop {
    fn from(error: EvalError) -> Self {
        Self::Failed(error.into())
    }
}

/// The code of an expression that has no value.
const NO_VALUE: &str = "InvalidTemplate";

impl From<EvalError> for ActivityFailure {
    fn from(error: EvalError) -> Self {
        Self::user(NO_VALUE, error.to_string())
    }
}

/// How an activity run ended: its output, or why it has none.
pub(crate) type Outcome = Result<Value, Stop>;

pub(crate) struct ActivityRun<'a> {
    run: &'a Run,
    activity: &'a Activity,
    record: ActivityRunRecord,
    inside: Vec<(String, Value)>,
    /// What the activity was given, where nobody may see it.
    secure: Secrets,
    /// Whether it is known what the activity was given.
    is_given: bool,
}

impl<'a> ActivityRun<'a> {
    /// An activity run that has not begun.
    pub(crate) fn new(run: &'a Run, frame: &Frame<'a>, node: usize) -> Self {
        let activity = &frame.flow.nodes[node].activity;
        let service = activity.linked_service_name.as_ref();
        let record = ActivityRunRecord {
            activity_name: activity.name.clone(),
            activity_run_id: uuid::Uuid::new_v4().to_string(),
            activity_type: activity.kind.clone(),
            activity_run_start: None,
            activity_run_end: None,
            duration_in_ms: None,
            input: json!({}),
            output: json!({}),
            status: ActivityStatus::Queued,
            error: ActivityError::none(&activity.name),
            linked_service_name: service.map_or_else(String::new, |s| s.reference_name.clone()),
            pipeline_name: run.name.clone(),
            pipeline_run_id: run.request.run_id.clone(),
            retry_attempt: None,
            iteration_hash: frame.iteration.clone(),
            user_properties: Map::new(),
            recovery_status: "None".to_owned(),
        };
        Self {
            run,
            activity,
            record,
            inside: Vec::new(),
            secure: Secrets::default(),
            is_given: false,
        }
    }

    /// Keeps what was inside of a container, for those that come after it.
    pub(crate) fn keep(&mut self, inside: Vec<(String, Value)>) {
        self.inside = inside;
    }

    pub(crate) fn id(&self) -> &str {
        &self.record.activity_run_id
    }

    /// Begins the attempt; 0 is the first.
    pub(crate) fn begin(&mut self, attempt: u32, sight: &Sight<'_>) -> Result<(), Stop> {
        self.record.status = ActivityStatus::InProgress;
        self.record.activity_run_start = Some(Timestamp(self.run.host.now()));
        self.record.retry_attempt = (attempt > 0).then_some(attempt);
        let labels = self.labels(sight);
        self.tell();
        Ok(labels?)
    }

    fn tell(&self) {
        let shown = self.run.secrets.of_activity(&self.record);
        self.run.host.activity_run(&shown);
    }

    fn labels(&mut self, sight: &Sight<'_>) -> Result<(), EvalError> {
        for label in &self.activity.user_properties {
            let value = evaluate_json(&label.value, sight)?;
            let labels = &mut self.record.user_properties;
            labels.insert(label.name.clone(), value);
        }
        Ok(())
    }

    /// Says what the activity was given.
    pub(crate) fn input(&mut self, input: &Value) {
        self.is_given = true;
        match self.activity.policy.secure_input {
            true => self.secure.add(input),
            false => self.record.input = without_secrets(input),
        }
        self.tell();
    }

    /// Ends the activity run.
    pub(crate) fn finish(mut self, outcome: Outcome) -> Ended {
        let now = Timestamp(self.run.host.now());
        let start = self.record.activity_run_start.unwrap_or(now);
        self.record.activity_run_end = Some(now);
        self.record.duration_in_ms = Some(milliseconds(start, now));
        let name = &self.activity.name;
        let (status, end, output) = match outcome {
            Ok(output) => (ActivityStatus::Succeeded, End::Succeeded, Some(output)),
            Err(Stop::Cancelled) => {
                self.record.error.message = "the activity was cancelled".to_owned();
                (ActivityStatus::Cancelled, End::Cancelled, None)
            }
            Err(Stop::Failed(failure)) => {
                self.record.error = ActivityError::of(name, &failure);
                self.record.error.message = self.shown(&failure);
                (
                    ActivityStatus::Failed,
                    End::Failed,
                    failure.output.map(|output| *output),
                )
            }
        };
        let output = output.unwrap_or_else(|| json!({}));
        self.record.status = status;
        if !self.activity.policy.secure_output {
            self.record.output = output.clone();
        }
        self.tell();
        self.leave(end, output)
    }

    /// What is told of a failure, without what nobody may see.
    fn shown(&self, failure: &ActivityFailure) -> String {
        let is_unknown = self.activity.policy.secure_input && !self.is_given;
        if is_unknown && failure.error_code == NO_VALUE {
            // The message has the expression, and values that it came upon.
            return "an expression has no value; what it says is not shown, since `secureInput` hides what the activity is given"
                .to_owned();
        }
        self.secure.taken_out_of(&failure.message)
    }

    /// Takes the output of an earlier run over.
    pub(crate) fn recover(mut self, earlier: &ActivityRunRecord) -> Ended {
        self.record = ActivityRunRecord {
            activity_run_id: self.record.activity_run_id,
            pipeline_run_id: self.record.pipeline_run_id,
            recovery_status: "Recovered".to_owned(),
            ..earlier.clone()
        };
        self.tell();
        self.leave(End::Succeeded, earlier.output.clone())
    }

    fn leave(self, end: End, output: Value) -> Ended {
        let error = match end {
            End::Succeeded => Value::Null,
            _ => json!(self.record.error),
        };
        let mut view = Map::new();
        view.insert("output".to_owned(), output);
        view.insert("status".to_owned(), json!(self.record.status));
        view.insert("error".to_owned(), error);
        Ended {
            end,
            view: view.into(),
            message: self.record.error.message,
            inside: self.inside,
        }
    }

    /// It never starts, and counts as `end`.
    pub(crate) fn idle(mut self, status: ActivityStatus, end: End) -> Ended {
        self.record.status = status;
        self.tell();
        let message = match end {
            End::Failed => "the inactive activity is marked as failed".to_owned(),
            _ => String::new(),
        };
        let seen = match end {
            End::Succeeded => "Succeeded",
            End::Failed | End::Cancelled => "Failed",
            End::Skipped => "Skipped",
        };
        Ended {
            end,
            view: json!({"status": seen}),
            message,
            inside: Vec::new(),
        }
    }
}

/// Hides the values of secure strings.
fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.get("type") == Some(&json!("SecureString")) => {
            json!({"type": "SecureString", "value": HIDDEN})
        }
        Value::Object(fields) => {
            let hidden = fields.iter();
            hidden
                .map(|(name, field)| (name.clone(), without_secrets(field)))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}
