//! What the service knows, and what it is told.

mod check;
mod comment;
mod git;
mod identity;
mod policy;
mod resource;

pub use check::{CheckConfiguration, CheckResource, CheckType, NewCheck};
pub use comment::{Author, Comment, Thread, ThreadStatus};
pub use git::{Branch, Definition, Environment, Repository};
pub use identity::Identity;
pub use policy::{NewPolicy, PolicyConfiguration, PolicyType, PolicyTypeId};
pub use resource::{ServiceEndpoint, VariableGroup};
