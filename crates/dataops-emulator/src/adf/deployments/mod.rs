//! Deployments of templates to a resource group (`Microsoft.Resources/deployments`): validated, carried out resource by resource with
//! the emulator's own code for each, kept with their operations.

mod changes;
mod history;
mod request;
mod routes;
mod run;
mod template;

pub(super) use history::History;
pub(super) use routes::handle;
