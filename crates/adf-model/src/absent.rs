//! `null` in the place of what is left out: the tools that write these documents do both.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the default.
pub(crate) fn null_as_default<'de, T, D>(json: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::deserialize(json)?.unwrap_or_default())
}
