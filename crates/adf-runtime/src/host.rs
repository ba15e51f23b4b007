//! The engine's surroundings behind one object, so that the interpreter is compiled once.

use std::time::Duration;

use futures::future::BoxFuture;
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    ActivityCall, ActivityFailure, ActivityRunRecord, Cancellation, Definitions, PipelineRunRecord,
};

pub(crate) trait Host: Send + Sync {
    fn definitions(&self) -> &dyn Definitions;
    fn now(&self) -> OffsetDateTime;
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
    fn execute(&self, call: ActivityCall) -> BoxFuture<'_, Result<Value, ActivityFailure>>;
    fn pipeline_run(&self, record: &PipelineRunRecord);
    fn activity_run(&self, record: &ActivityRunRecord);
    fn begin(&self, run_id: &str, cancellation: &Cancellation);
    fn end(&self, run_id: &str);
    /// How many runs go on.
    fn going(&self) -> usize;
}
