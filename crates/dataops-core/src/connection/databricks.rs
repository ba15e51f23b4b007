//! The Databricks workspace of an environment, and Databricks' own ways to sign in, where its users have set them up.

use databricks_client::{
    Config, Overrides, WorkspaceClient, WorkspaceClientOptions, normalize_host,
};
use dataops_solution::environment::Variables;
use url::Url;

use super::error::client;
use super::{Access, Connection, ConnectionError};

impl Connection {
    /// The environment's Databricks workspace.
    ///
    /// # Errors
    ///
    /// When the environment does not say where it is, or there is no way to sign in there.
    pub fn databricks(&self) -> Result<WorkspaceClient, ConnectionError> {
        let host = self.environment.databricks.as_ref();
        self.databricks_at(host.map(|settings| settings.host.as_str()))
    }

    /// The workspace of a data contract, which may name its host: the environment's, the one of `DATABRICKS_HOST`, or the one that is
    /// named.
    ///
    /// # Errors
    ///
    /// When nobody says which one, it is another one than the environment's, or there is no way to sign in there.
    pub fn databricks_named(
        &self,
        named: Option<&str>,
    ) -> Result<WorkspaceClient, ConnectionError> {
        if self.is_emulated() {
            return self.databricks_at(None);
        }
        let of_environment = self.environment.databricks.as_ref();
        let known = of_environment
            .map(|settings| settings.host.as_str())
            .or_else(|| self.variables.get("DATABRICKS_HOST"));
        let host = host_of_contract(
            known.filter(|host| !host.is_empty()),
            named.filter(|host| !host.is_empty()),
        )?;
        let host = host.ok_or(ConnectionError::UnknownWorkspace)?;
        self.databricks_at(Some(&host))
    }

    /// The variable of Databricks by which whoever calls signs in to workspaces there, in place of the way to Azure.
    #[must_use]
    pub fn databricks_by(&self) -> Option<&'static str> {
        let mut own = OWN.into_iter();
        match self.is_emulated() {
            true => None,
            false => own.find(|name| self.variables.get(name).is_some()),
        }
    }

    fn databricks_at(&self, host: Option<&str>) -> Result<WorkspaceClient, ConnectionError> {
        let mut options = WorkspaceClientOptions::default();
        options.rest.client_options = self.client_options();
        if let Access::Emulator(emulator) = &self.access {
            options.rest.retry = self.retry;
            return WorkspaceClient::new(
                emulator.url.as_str(),
                emulator.credential(),
                Some(options),
            )
            .map_err(client("Databricks"));
        }
        let host = host.ok_or_else(|| self.environment.lacks("databricks"))?;
        if self.databricks_by().is_none() {
            return WorkspaceClient::new(host, self.token(), Some(options))
                .map_err(client("Databricks"));
        }
        let config = config(host, &self.variables)?;
        WorkspaceClient::from_config(&config, Some(options)).map_err(client("Databricks"))
    }
}

/// Variables of Databricks' own ways to sign in.
const OWN: [&str; 2] = ["DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET"];

/// The settings of the workspace at `host`; everything but the host comes from Databricks' variables.
fn config(host: &str, variables: &Variables) -> Result<Config, ConnectionError> {
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
fn host_of_contract(
    known: Option<&str>,
    named: Option<&str>,
) -> Result<Option<String>, ConnectionError> {
    let (known, named) = (known.map(normalize_host), named.map(normalize_host));
    match (known, named) {
        (Some(known), Some(named)) if known != named => {
            Err(ConnectionError::OtherWorkspace { known, named })
        }
        (Some(known), _) => Ok(Some(known)),
        (None, Some(named)) => match is_of_databricks(&named) {
            true => Ok(Some(named)),
            false => Err(ConnectionError::ForeignWorkspace { named }),
        },
        (None, None) => Ok(None),
    }
}

/// Whether an address is that of a workspace, as whoever sends a request there reads it.
fn is_of_databricks(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let plain = url.scheme() == "https" && url.port().is_none() && url.username().is_empty();
    let host = url.host_str().unwrap_or_default();
    plain && DOMAINS.iter().any(|domain| host.ends_with(domain))
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
        for foreign in [
            "https://azuredatabricks.net.example.test",
            r"https://127.0.0.1:8443\.azuredatabricks.net",
            r"example.test\@adb-1.2.azuredatabricks.net",
            "https://me:p@adb-1.2.azuredatabricks.net",
            "https://example.test%2f.azuredatabricks.net",
            "https://example.test?.azuredatabricks.net",
            "http://adb-1.2.azuredatabricks.net",
            "https://adb-1.2.azuredatabricks.net:8443",
        ] {
            assert!(host(None, Some(foreign)).is_err(), "{foreign}");
        }
    }
}
