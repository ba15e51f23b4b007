//! One file for each command: its arguments, and what it does.

pub(crate) mod audit;
pub(crate) mod bind;
pub(crate) mod build;
pub(crate) mod changed;
pub(crate) mod completions;
pub(crate) mod contract;
pub(crate) mod demo;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod drop;
pub(crate) mod emulator;
pub(crate) mod env;
pub(crate) mod eval;
pub(crate) mod export;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod lease;
pub(crate) mod migrate;
pub(crate) mod notebook;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod promote;
pub(crate) mod review;
pub(crate) mod rollback;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod schema;
pub(crate) mod smoke;
pub(crate) mod test;
pub(crate) mod triggers;
pub(crate) mod validate;

/// Reads the name of something in Azure: an empty one, and those that lead upwards in a path, name nothing.
pub(crate) fn name(text: &str) -> Result<String, String> {
    match text {
        "" => Err("a name is not empty".to_owned()),
        "." | ".." => Err(format!("`{text}` is no name")),
        _ => Ok(text.to_owned()),
    }
}

/// Reads `name=value`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`{text}` is not NAME=VALUE")),
    }
}
