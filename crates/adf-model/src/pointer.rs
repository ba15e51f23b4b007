//! Steps of JSON pointers, as RFC 6901 writes them.

use std::borrow::Cow;

/// A key as a step of a JSON pointer.
///
/// ```
/// assert_eq!(adf_model::pointer::escape("a/b~c"), "a~1b~0c");
/// ```
#[must_use]
pub fn escape(key: &str) -> Cow<'_, str> {
    match key.contains(['~', '/']) {
        true => Cow::Owned(key.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(key),
    }
}
