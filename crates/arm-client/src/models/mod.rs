//! What is sent and what is answered.

mod change;
mod deployment;
mod operation;

pub use change::{ChangeType, PropertyChange, PropertyChangeType, WhatIf, WhatIfChange};
pub use deployment::{
    Deployed, DeployedProperties, Deployment, Mode, ProvisioningState, Validation,
};
pub use operation::{Operation, OperationProperties, TargetResource};
