//! Service connections and variable groups, as far as somebody has to know which they are.

use serde::Deserialize;

/// A service connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ServiceEndpoint {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A variable group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct VariableGroup {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
}
