//! Databricks' own ways to sign in, where its users have set them up.

use databricks_client::{Config, Overrides};

use super::ConnectionError;
use dataops_solution::environment::Variables;

/// The settings of the workspace at `host`; everything but the host comes from Databricks' variables.
pub(super) fn config(host: &str, variables: &Variables) -> Result<Config, ConnectionError> {
    let look_up = |name: &str| match name {
        "DATABRICKS_HOST" => Some(host.to_owned()),
        _ => variables.get(name).map(str::to_owned),
    };
    Config::resolve(&Overrides::default(), &look_up, None)
        .map_err(|error| ConnectionError::Databricks(error.into()))
}
