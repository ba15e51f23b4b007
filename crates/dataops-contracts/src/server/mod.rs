//! Which server of a contract is meant, and where each object's data are on it.

mod address;
pub(crate) mod format;
mod host;

pub use address::{Address, AddressError};
pub use format::{delimiter, extension, format_of_location};
pub use host::Host;

use data_contract::Contract;
use data_contract::model::Server;
use data_contract::plan::Plan;
use data_scan::Format;

/// A server that cannot be used as it is described.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ServerError {
    /// Why.
    pub reason: String,
    /// What to do.
    pub hint: Option<String>,
    /// The key of the server that is wrong.
    pub key: Option<&'static str>,
}

impl ServerError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            hint: None,
            key: None,
        }
    }

    pub(crate) fn at(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<AddressError> for ServerError {
    fn from(error: AddressError) -> Self {
        let it = Self::new(error.to_string());
        match error.hint {
            Some(hint) => it.hint(hint),
            None => it,
        }
    }
}

/// Where an object's data are, and how they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub address: Address,
    /// How.
    pub format: Format,
}

/// The server by its name or environment; without either the first.
///
/// # Errors
///
/// When there is none of that name, or none at all.
pub fn choose<'c>(
    contract: &'c Contract,
    name: Option<&str>,
    environment: Option<&str>,
) -> Result<Server<'c>, ServerError> {
    let servers: Vec<_> = contract.servers().collect();
    let Some(first) = servers.first() else {
        return Err(ServerError::new(
            "the contract has no servers, so nobody knows where the data are",
        )
        .hint("add servers: [{server: local, type: local, path: data/*.csv, format: csv}]"));
    };
    if let Some(name) = name {
        let named = servers.iter().find(|server| server.name() == name);
        let names = || {
            servers
                .iter()
                .map(|server| format!("`{}`", server.name()))
                .collect::<Vec<_>>()
                .join(", ")
        };
        return named.copied().ok_or_else(|| {
            ServerError::new(format!("the contract has no server `{name}`"))
                .hint(format!("it has {}", names()))
        });
    }
    let of_environment = environment.and_then(|environment| {
        let mut of_it = servers.iter().filter(|server| {
            server
                .field("environment")
                .is_some_and(|of| of == environment)
                || server.name() == environment
        });
        of_it.next()
    });
    Ok(*of_environment.unwrap_or(first))
}

/// Where the data of each object are.
///
/// # Errors
///
/// When the server is of a type that is not read here, or says too little.
pub fn places(
    server: Server<'_>,
    plan: &Plan,
    account: Option<&str>,
) -> Result<Vec<Place>, ServerError> {
    let kind = server.kind();
    let field = |name: &str| {
        let value = server.field(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| {
            ServerError::new(format!("the server `{}` has no `{name}`", server.name()))
        })
    };
    let read: &dyn Fn(&str) -> Result<Address, ServerError> = match kind.as_ref() {
        "local" => &|text| Ok(Address::Local(text.to_owned())),
        "azure" => &|text| Ok(Address::of_azure(text, account)?),
        "databricks" => {
            return Err(ServerError::new(format!(
                "the server `{}` has tables of Databricks, which are not read here",
                server.name()
            ))
            .hint("leave out --backend here: they are measured in the workspace"));
        }
        other => {
            return Err(ServerError::new(format!(
                "servers of the type `{other}` are not supported"
            ))
            .hint("servers of the types local, azure and databricks are")
            .at("type"));
        }
    };
    let location = field(if kind == "local" { "path" } else { "location" })?;
    let names = plan
        .objects
        .iter()
        .map(|object| object.physical_name.as_str());
    let place = |location: String| {
        let address = read(&location)?;
        let format = format::format(server, address.path())?;
        Ok(Place { address, format })
    };
    let locations = locations(&location, &names.collect::<Vec<_>>())?;
    locations.into_iter().map(place).collect()
}

/// What stands for an object's physical name in a location.
const NAMES: [&str; 4] = ["{model}", "{object}", "{table}", "{schema}"];

/// The location of each object.
pub(crate) fn locations(location: &str, objects: &[&str]) -> Result<Vec<String>, ServerError> {
    let named = NAMES.iter().any(|name| location.contains(name));
    if !named && objects.len() > 1 {
        return Err(ServerError::new(format!(
            "`{location}` is one place for {} objects",
            objects.len()
        ))
        .hint("write {object} where the physical name of each belongs"));
    }
    let of = |object: &&str| {
        NAMES.iter().fold(location.to_owned(), |location, name| {
            location.replace(name, object)
        })
    };
    Ok(objects.iter().map(of).collect())
}
