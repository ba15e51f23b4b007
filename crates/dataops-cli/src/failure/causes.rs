//! What is behind an error.

use std::error::Error;

use dataops_core::apply::ApplyError;
use dataops_core::connection::ConnectionError;
use dataops_core::deployment::{DeployError, MlPipelineError};
use dataops_core::ingestion::IngestionError;
use dataops_core::planning::PlanningError;
use dataops_core::run::RunError;
use dataops_core::store::StoreError;
use dataops_core::workspace::WorkspaceError;

/// An error, what it stands for, and what has caused it.
pub(super) fn causes<'e>(
    error: &'e (dyn Error + 'static),
) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| {
        let current: &'e (dyn Error + 'static) = *cause;
        within(current).or_else(|| current.source())
    })
}

/// The error that a transparent one stands for; it is not among the causes.
fn within<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    if let Some(RunError::Connection(inner)) = error.downcast_ref() {
        return Some(inner);
    }
    if let Some(IngestionError::Storage(inner)) = error.downcast_ref() {
        return Some(inner);
    }
    if let Some(WorkspaceError::Connection(inner)) = error.downcast_ref() {
        return Some(inner);
    }
    if let Some(inner) = of_deployment(error) {
        return Some(inner);
    }
    match error.downcast_ref()? {
        ConnectionError::Settings(inner) => Some(inner),
        ConnectionError::Credential(inner) => Some(inner),
        _ => None,
    }
}

/// The same for what has to do with deployments.
fn of_deployment<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref() {
        Some(DeployError::Connection(inner)) => return Some(inner),
        Some(DeployError::Planning(inner)) => return Some(inner),
        Some(DeployError::Apply(inner)) => return Some(inner),
        Some(DeployError::Journal(inner)) => return Some(inner),
        Some(DeployError::Storage(inner)) => return Some(inner),
        Some(DeployError::Workspace(inner)) => return Some(inner),
        Some(DeployError::MachineLearning(inner)) => return Some(inner),
        _ => {}
    }
    if let Some(PlanningError::Connection(inner)) = error.downcast_ref() {
        return Some(inner);
    }
    if let Some(MlPipelineError::Connection(inner)) = error.downcast_ref() {
        return Some(inner);
    }
    match error.downcast_ref() {
        Some(ApplyError::Connection(inner)) => return Some(inner),
        Some(ApplyError::Journal(inner)) => return Some(inner),
        _ => {}
    }
    match error.downcast_ref()? {
        StoreError::Storage(inner) => Some(inner),
        _ => None,
    }
}
