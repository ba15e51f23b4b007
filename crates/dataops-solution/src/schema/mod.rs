//! The JSON Schema of `dataops.yaml`, for editors.
//!
//! It is a file of the repository, so that an editor can be pointed at it and a change of it is reviewed. The tests make it from
//! the types that the settings are read into.

/// The JSON Schema of `dataops.yaml` (draft 2020-12).
pub const SCHEMA: &str = include_str!("dataops.schema.json");

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use tests::consents;
