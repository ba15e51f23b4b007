//! Links that a service sends us: a token goes only where the client was pointed at.

use azure_core::error::ErrorKind;
use azure_core::http::Url;
use azure_core::{Error, Result};

/// Reads a link of a service (`nextLink`, `Location`, `Azure-AsyncOperation`), relative to `base`.
///
/// Accepted is the endpoint's own host, and a host below it, such as `westeurope.management.azure.com` for
/// `management.azure.com`.
pub(crate) fn follow(base: &Url, link: &str) -> Result<Url> {
    let url = base.join(link).map_err(|error| {
        Error::with_error(
            ErrorKind::DataConversion,
            error,
            "the service sent a link that is not one",
        )
    })?;
    let home = base.host_str().unwrap_or_default();
    let host = url.host_str().unwrap_or_default();
    let below = host
        .strip_suffix(home)
        .is_some_and(|sub| sub.ends_with('.'));
    let same = host == home && url.port_or_known_default() == base.port_or_known_default();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if url.scheme() == "https" && anonymous && (same || below) {
        return Ok(url);
    }
    Err(Error::with_message(
        ErrorKind::Other,
        format!(
            "the service sent a link to `{}://{host}`; a token for `{home}` is not sent there",
            url.scheme()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stay_with_the_endpoint() {
        let base: Url = "https://management.azure.com/subscriptions/s"
            .parse()
            .unwrap();

        let accepted = |link: &str| follow(&base, link).is_ok();

        assert!(accepted("https://management.azure.com/x?$skipToken=1"));
        assert!(accepted("https://westeurope.management.azure.com/x"));
        assert!(accepted("/relative?x=1"));
        assert!(!accepted("https://evilmanagement.azure.com/x"));
        assert!(!accepted("http://management.azure.com/x"));
        assert!(!accepted("https://management.azure.com:8443/x"));
        assert!(!accepted("https://example.test/x"));
        assert!(!accepted("https://me:secret@management.azure.com/x"));
        assert!(!accepted("javascript:alert(1)"));
        assert!(!accepted("https://[::1"));
    }
}
