//! The name of a deployment.

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};
use rest_core::segment;

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
