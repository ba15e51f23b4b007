//! What the service answers beside documents, and what it is asked with.

mod absent;
mod factory;
mod filter;
mod run;
mod runtime;
mod status;
mod timestamp;

pub use factory::{
    DataPlaneAccess, DataPlaneAccessRequest, FactoryUpdate, FeatureValue, FeatureValues,
};
pub use filter::{Filter, Operator, Order, OrderBy, RunField, RunFilter};
pub use run::{
    ActivityError, ActivityRun, CreatedRun, InvokedBy, PipelineRun, RerunFrom, TriggerRun,
};
pub use runtime::{
    AuthKey, AuthKeys, ConnectionInfo, EventSubscription, IntegrationRuntimeStatus,
    IntegrationRuntimeStatusProperties, IntegrationRuntimeUpdate, LinkedRuntime,
};
pub use status::{
    ActivityRunStatus, EventSubscriptionStatus, IntegrationRuntimeState, PipelineRunStatus,
    TriggerRunStatus,
};
