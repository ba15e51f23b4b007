//! Databricks' own ways to sign in, where its users have set them up.

use databricks_client::{Config, Overrides, normalize_host};

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

/// Domains below which Databricks' workspaces are.
const DOMAINS: [&str; 5] = [
    ".azuredatabricks.net",
    ".databricks.azure.us",
    ".databricks.azure.cn",
    ".cloud.databricks.com",
    ".gcp.databricks.com",
];

/// The host of a workspace that a data contract may name, which is no reason to show a token to anybody: it is the one that is known,
/// or at least one of Databricks.
pub(super) fn host_of_contract(
    known: Option<&str>,
    named: Option<&str>,
) -> Result<Option<String>, ConnectionError> {
    let normal = |host: &str| {
        let host = normalize_host(host).to_ascii_lowercase();
        host.trim_end_matches('/').to_owned()
    };
    let (known, named) = (known.map(normal), named.map(normal));
    match (known, named) {
        (Some(known), Some(named)) if known != named => {
            Err(ConnectionError::OtherWorkspace { known, named })
        }
        (Some(known), _) => Ok(Some(known)),
        (None, Some(named)) => match DOMAINS.iter().any(|domain| named.ends_with(domain)) {
            true => Ok(Some(named)),
            false => Err(ConnectionError::ForeignWorkspace { named }),
        },
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_names_no_host_that_is_not_known_or_of_databricks() {
        let host = |known, named| host_of_contract(known, named).map_err(|error| error.to_string());

        let azure = "https://adb-1.2.azuredatabricks.net";
        assert_eq!(
            host(Some("adb-1.2.azuredatabricks.net/?o=1"), Some(azure)),
            Ok(Some(azure.to_owned()))
        );
        assert_eq!(
            host(None, Some("adb-1.2.azuredatabricks.net")),
            Ok(Some(azure.to_owned()))
        );
        assert_eq!(host(None, None), Ok(None));
        assert!(host(Some(azure), Some("adb-3.4.azuredatabricks.net")).is_err());
        assert!(host(None, Some("https://azuredatabricks.net.example.test")).is_err());
    }
}
