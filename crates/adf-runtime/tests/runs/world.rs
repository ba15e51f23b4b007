//! A factory, an executor that does as it is told, and everything that they left behind.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use adf_model::{Kind, ResourceId};
use adf_runtime::{
    ActivityCall, ActivityFailure, ActivityRunRecord, ActivityStatus, Cancellation, Clock, Engine,
    Executor, PipelineRunRecord, Recorder, Rejected, RunOutcome, RunRequest, Snapshot,
    VirtualClock,
};
use futures::FutureExt as _;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const START: OffsetDateTime = datetime!(2026-03-01 08:00 UTC);

/// Keeps the newest record of each run, in the order in which they began.
#[derive(Default)]
pub(crate) struct Memory {
    pipelines: Mutex<Vec<PipelineRunRecord>>,
    activities: Mutex<Vec<ActivityRunRecord>>,
    statuses: Mutex<Vec<String>>,
}

impl Recorder for Memory {
    fn pipeline_run(&self, record: &PipelineRunRecord) {
        let status = format!("{} {:?}", record.pipeline_name, record.status);
        self.statuses.lock().unwrap().push(status);
        let mut all = self.pipelines.lock().unwrap();
        match all.iter_mut().find(|known| known.run_id == record.run_id) {
            Some(known) => *known = record.clone(),
            None => all.push(record.clone()),
        }
    }

    fn activity_run(&self, record: &ActivityRunRecord) {
        let mut all = self.activities.lock().unwrap();
        let mut known = all.iter_mut();
        match known.find(|known| known.activity_run_id == record.activity_run_id) {
            Some(known) => *known = record.clone(),
            None => all.push(record.clone()),
        }
    }
}

/// What an activity of type `Task` does.
#[derive(Clone)]
pub(crate) enum Act {
    Give(Value),
    Fail(&'static str),
    /// Takes so many seconds.
    Take(u64),
    /// Ends only when it is asked to stop.
    Hang,
}

/// Executes activities of type `Task` as written down by name, one entry for each attempt; the last one stays.
#[derive(Default)]
pub(crate) struct Script {
    acts: Mutex<HashMap<String, Vec<Act>>>,
    calls: Mutex<Vec<ActivityCall>>,
    stopped: Mutex<Vec<String>>,
    clock: Option<VirtualClock>,
}

impl Executor for Script {
    async fn execute(&self, call: ActivityCall) -> Result<Value, ActivityFailure> {
        if call.kind != "Task" {
            return Err(ActivityFailure::unsupported(&call.kind));
        }
        self.calls.lock().unwrap().push(call.clone());
        let act = {
            let mut acts = self.acts.lock().unwrap();
            match acts.get_mut(&call.activity) {
                Some(acts) if acts.len() > 1 => acts.remove(0),
                Some(acts) => acts[0].clone(),
                None => Act::Give(json!({})),
            }
        };
        match act {
            Act::Give(output) => Ok(output),
            Act::Fail(message) => Err(ActivityFailure::system("3204", message)),
            Act::Take(seconds) => {
                let clock = self.clock.as_ref().unwrap();
                clock.sleep(Duration::from_secs(seconds)).await;
                Ok(json!({}))
            }
            Act::Hang => {
                call.cancellation.cancelled().await;
                self.stopped.lock().unwrap().push(call.activity);
                Ok(json!({}))
            }
        }
    }
}

type TestEngine = Engine<Arc<Script>, VirtualClock, Arc<Memory>, Snapshot>;

/// What somebody can do while a run goes on.
pub(crate) struct Hands {
    pub(crate) engine: TestEngine,
    pub(crate) clock: VirtualClock,
    pub(crate) cancellation: Cancellation,
    memory: Arc<Memory>,
}

impl Hands {
    /// The run of a pipeline, once it has begun.
    pub(crate) fn run_of(&self, pipeline: &str) -> String {
        let all = self.memory.pipelines.lock().unwrap();
        let found = all.iter().find(|run| run.pipeline_name == pipeline);
        found.unwrap().run_id.clone()
    }
}

pub(crate) struct World {
    pub(crate) factory: Snapshot,
    script: Script,
}

impl World {
    /// A factory with the pipeline `main`.
    pub(crate) fn new(main: Value) -> Self {
        Self::empty(Map::new()).pipeline("main", main)
    }

    pub(crate) fn empty(global_parameters: Map<String, Value>) -> Self {
        Self {
            factory: Snapshot::new("adf-test", global_parameters),
            script: Script::default(),
        }
    }

    /// Adds a pipeline.
    pub(crate) fn pipeline(self, name: &str, properties: Value) -> Self {
        self.resource(Kind::Pipeline, name, properties)
    }

    pub(crate) fn resource(mut self, kind: Kind, name: &str, properties: Value) -> Self {
        let json = json!({"name": name, "properties": properties});
        self.factory
            .insert(&ResourceId::new(kind, name), json)
            .unwrap();
        self
    }

    /// Says what the attempts of an activity do.
    pub(crate) fn acts(self, activity: &str, acts: &[Act]) -> Self {
        let mut all = self.script.acts.lock().unwrap();
        all.insert(activity.to_owned(), acts.to_vec());
        drop(all);
        self
    }

    pub(crate) fn run(self) -> Aftermath {
        self.run_with(json!({}))
    }

    pub(crate) fn run_with(self, parameters: Value) -> Aftermath {
        self.request(RunRequest::manual("main", object(parameters)))
    }

    pub(crate) fn request(self, request: RunRequest) -> Aftermath {
        self.attempt(request, |_| async {}).unwrap()
    }

    pub(crate) fn refused(self, parameters: Value) -> Rejected {
        let request = RunRequest::manual("main", object(parameters));
        self.attempt(request, |_| async {}).err().unwrap()
    }

    /// Runs while `meanwhile` does something with the engine.
    pub(crate) fn attempt<F: Future<Output = ()>>(
        mut self,
        request: RunRequest,
        meanwhile: impl FnOnce(Hands) -> F,
    ) -> Result<Aftermath, Rejected> {
        let clock = VirtualClock::new(START);
        self.script.clock = Some(clock.clone());
        let (script, memory) = (Arc::new(self.script), Arc::new(Memory::default()));
        let engine = Engine::new(script.clone(), clock.clone(), memory.clone(), self.factory);
        let cancellation = Cancellation::new();
        let run = engine.run(request, cancellation.clone());
        let other = meanwhile(Hands {
            engine: engine.clone(),
            clock: clock.clone(),
            cancellation,
            memory: memory.clone(),
        });

        let (outcome, ()) = clock
            .drive(futures::future::join(run, other))
            .now_or_never()
            .expect("the run waits for something other than its clock");

        Ok(Aftermath {
            outcome: outcome?,
            script,
            memory,
        })
    }
}

/// What a run has left behind.
pub(crate) struct Aftermath {
    pub(crate) outcome: RunOutcome,
    script: Arc<Script>,
    memory: Arc<Memory>,
}

impl Aftermath {
    pub(crate) fn status(&self) -> String {
        format!("{:?}", self.outcome.run.status)
    }

    pub(crate) fn message(&self) -> &str {
        &self.outcome.run.message
    }

    pub(crate) fn variable(&self, name: &str) -> &Value {
        &self.outcome.variables[name]
    }

    /// The seconds that the run took.
    pub(crate) fn seconds(&self) -> i64 {
        self.outcome.run.duration_in_ms.unwrap() / 1000
    }

    /// The runs of an activity, in the order in which they began.
    pub(crate) fn activity(&self, name: &str) -> Vec<ActivityRunRecord> {
        let all = self.memory.activities.lock().unwrap();
        all.iter()
            .filter(|run| run.activity_name == name)
            .cloned()
            .collect()
    }

    pub(crate) fn only(&self, name: &str) -> ActivityRunRecord {
        let mut runs = self.activity(name);
        assert_eq!(runs.len(), 1, "runs of {name}");
        runs.remove(0)
    }

    pub(crate) fn all_activities(&self) -> Vec<ActivityRunRecord> {
        self.memory.activities.lock().unwrap().clone()
    }

    /// The states of all activities, such as `A Succeeded, B Failed Failed`, by name.
    pub(crate) fn states(&self) -> String {
        let mut states: BTreeMap<String, Vec<ActivityStatus>> = BTreeMap::new();
        for run in self.all_activities() {
            states
                .entry(run.activity_name)
                .or_default()
                .push(run.status);
        }
        let shown = states.into_iter().map(|(name, states)| {
            let states: Vec<String> = states.iter().map(|state| format!("{state:?}")).collect();
            format!("{name} {}", states.join(" "))
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn pipeline_runs(&self) -> Vec<PipelineRunRecord> {
        self.memory.pipelines.lock().unwrap().clone()
    }

    /// Every status that was told, such as `main InProgress`.
    pub(crate) fn told(&self) -> Vec<String> {
        self.memory.statuses.lock().unwrap().clone()
    }

    pub(crate) fn calls(&self) -> Vec<ActivityCall> {
        self.script.calls.lock().unwrap().clone()
    }

    /// The activities that were asked to stop, and did.
    pub(crate) fn stopped(&self) -> Vec<String> {
        self.script.stopped.lock().unwrap().clone()
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        other => panic!("{other} is not an object"),
    }
}

/// An activity; `after` is such as `A` (succeeded), `A:Failed` or `A:Failed+Skipped B`.
pub(crate) fn activity(name: &str, kind: &str, after: &str, properties: Value) -> Value {
    let dependency = |text: &str| {
        let (parent, conditions) = text.split_once(':').unwrap_or((text, "Succeeded"));
        let conditions: Vec<&str> = conditions.split('+').collect();
        json!({"activity": parent, "dependencyConditions": conditions})
    };
    let depends_on: Vec<Value> = after.split_whitespace().map(dependency).collect();
    let mut activity = json!({"name": name, "type": kind, "dependsOn": depends_on});
    activity["typeProperties"] = properties;
    activity
}

pub(crate) fn task(name: &str, after: &str) -> Value {
    activity(name, "Task", after, json!({}))
}

pub(crate) fn fail(name: &str, after: &str) -> Value {
    activity(
        name,
        "Fail",
        after,
        json!({"message": format!("{name} broke"), "errorCode": "E1"}),
    )
}

pub(crate) fn set(name: &str, after: &str, variable: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    activity(
        name,
        "SetVariable",
        after,
        json!({"variableName": variable, "value": value}),
    )
}

pub(crate) fn append(name: &str, after: &str, variable: &str, value: impl Into<Value>) -> Value {
    let value = value.into();
    activity(
        name,
        "AppendVariable",
        after,
        json!({"variableName": variable, "value": value}),
    )
}

pub(crate) fn call(name: &str, after: &str, pipeline: &str, parameters: Value) -> Value {
    let reference = json!({"referenceName": pipeline, "type": "PipelineReference"});
    let mut properties = json!({"pipeline": reference, "waitOnCompletion": true});
    properties["parameters"] = parameters;
    activity(name, "ExecutePipeline", after, properties)
}

/// The expression object of `text`.
pub(crate) fn ex(text: &str) -> Value {
    json!({"value": text, "type": "Expression"})
}

/// A pipeline with the variables `out`, `n` and `log`.
pub(crate) fn pipeline(activities: impl IntoIterator<Item = Value>) -> Value {
    json!({
        "activities": activities.into_iter().collect::<Vec<_>>(),
        "variables": {"out": {"type": "String"}, "n": {"type": "Integer"}, "log": {"type": "Array"}, "flag": {"type": "Boolean"}}
    })
}
