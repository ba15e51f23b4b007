//! Hosts that an answer names and a token would go to.

use azure_core::error::ErrorKind;
use azure_core::http::Url;
use azure_core::{Error, Result};

/// An answer of the service names a host that no token is sent to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the service names `{link}` as its {what}; a token is not sent there (add its domain to `trusted_domains` if it is right)"
)]
#[non_exhaustive]
pub struct UntrustedHost {
    /// What the link was given for.
    pub what: &'static str,
    /// The link, without its query.
    pub link: String,
}

/// Where a token may go.
#[derive(Clone, Debug)]
pub(crate) struct Trust {
    home: Option<String>,
    domains: Vec<String>,
}

impl Trust {
    pub(crate) fn new(home: &Url, domains: &[String]) -> Self {
        Self {
            home: home.host_str().map(str::to_owned),
            domains: domains.to_vec(),
        }
    }

    /// Gives `link` back when a token may go there.
    pub(crate) fn accept<'l>(&self, what: &'static str, link: &'l str) -> Result<&'l str> {
        let url = Url::parse(link).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        let below = |domain: &String| {
            host == domain
                || host
                    .strip_suffix(domain.as_str())
                    .is_some_and(|sub| sub.ends_with('.'))
        };
        let home = self.home.as_deref() == Some(host);
        let mut domains = self.domains.iter().filter(|domain| !domain.is_empty());
        if !host.is_empty() && (home || domains.any(below)) {
            return Ok(link);
        }
        let shown = link.split(['?', '#']).next().unwrap_or_default().to_owned();
        Err(Error::new(
            ErrorKind::Other,
            UntrustedHost { what, link: shown },
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_services_own_domains_are_trusted() {
        let home = "https://management.azure.com".parse().unwrap();
        let trust = Trust::new(&home, &["azureml.ms".to_owned(), String::new()]);
        let accepted = |link: &str| trust.accept("services map", link).is_ok();

        assert!(accepted("https://westeurope.api.azureml.ms/discovery"));
        assert!(accepted("https://management.azure.com/x"));
        assert!(!accepted("https://evilazureml.ms/"));
        assert!(!accepted("https://azureml.ms.example.test/"));
        assert!(!accepted("https://example.test/?x=azureml.ms"));
        assert!(!accepted("not a link"));
        assert!(!accepted(""));
    }
}
