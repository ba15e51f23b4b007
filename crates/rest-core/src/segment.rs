//! Names as segments of a path.

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};

/// Checks that `name` stays one segment of a path, and gives it back.
///
/// An empty name and the two dot names vanish from a URL, and the call would reach what lies above: a DELETE of a pipeline
/// named `..` would become one of the collection.
///
/// # Errors
///
/// When the name is none of a `what`.
pub fn segment<'n>(what: &str, name: &'n str) -> Result<&'n str> {
    match name {
        "" | "." | ".." => {
            let message = format!("`{name}` is not the name of a {what}");
            Err(Error::with_message(ErrorKind::Other, message))
        }
        _ => Ok(name),
    }
}
