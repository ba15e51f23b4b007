//! Names as segments of a path.

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};

/// Checks that `name` stays one segment of a path.
///
/// An empty name and the two dot names vanish from a URL, and the call would reach what lies above: a DELETE of a pipeline
/// named `..` would become one of the collection.
pub(crate) fn segment<'n>(what: &str, name: &'n str) -> Result<&'n str> {
    if matches!(name, "" | "." | "..") {
        let message = format!("`{name}` is not the name of a {what}");
        return Err(Error::with_message(ErrorKind::Other, message));
    }
    Ok(name)
}
