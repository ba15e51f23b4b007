//! Names that become one segment of a path.

use azure_core::error::ErrorKind;
use azure_core::{Error, Result};

/// A name that cannot stand in a path: it would address another resource, or a whole collection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a name of a {what}: it is empty or made of dots")]
#[non_exhaustive]
pub struct NameError {
    /// What should have been named.
    pub what: &'static str,
    /// What was given.
    pub name: String,
}

/// Gives `name` back when it addresses just one `what`.
pub(crate) fn named<'n>(what: &'static str, name: &'n str) -> Result<&'n str> {
    if matches!(name.trim(), "" | "." | "..") {
        let name = name.to_owned();
        return Err(Error::new(ErrorKind::Other, NameError { what, name }));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_address_something_else_are_refused() {
        for name in ["", " ", ".", ".."] {
            assert!(named("job", name).is_err(), "{name:?}");
        }
        assert_eq!(named("job", "a.b/c").unwrap(), "a.b/c");
    }
}
