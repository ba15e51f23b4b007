//! Names as segments of a path.

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};

/// Checks that `name` stays one segment of a path: an empty name and the two dot names vanish from a URL, and the call would reach
/// what lies above.
pub(crate) fn segment<'n>(what: &str, name: &'n str) -> Result<&'n str> {
    match name {
        "" | "." | ".." => {
            let message = format!("`{name}` is not the name of a {what}");
            Err(Error::with_message(ErrorKind::Other, message))
        }
        _ => Ok(name),
    }
}

/// The longest name of a deployment.
const LONGEST: usize = 64;

/// Checks a deployment's name as the service does, so that a name that it refuses is not sent.
pub(crate) fn deployment(name: &str) -> Result<&str> {
    let known = |letter: char| letter.is_ascii_alphanumeric() || "-_.()".contains(letter);
    if name.len() > LONGEST || !name.chars().all(known) {
        let message = format!(
            "`{name}` is not the name of a deployment: 1 to {LONGEST} letters, digits, `-`, `_`, `.`, `(` and `)`"
        );
        return Err(Error::with_message(ErrorKind::Other, message));
    }
    segment("deployment", name)
}
