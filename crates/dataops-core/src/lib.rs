//! What is done with a solution: connections, deployments, runs and tests.

pub mod apply;
pub mod connection;
pub mod deployment;
pub mod ingestion;
pub mod ledger;
pub mod planning;
pub mod preparation;
pub mod run;
pub mod smoke;
pub mod store;
pub mod workspace;
