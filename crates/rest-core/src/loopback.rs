//! A transport that answers for a public endpoint from this machine.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use azure_core::Result;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, Url};
use url::Position;

/// Sends every request to a loopback address, whatever host it names.
///
/// A client keeps its public `https` endpoint, its authentication and its links; only the last step is replaced. A token can
/// therefore never leave the machine in clear. The original host travels in `x-forwarded-host`, so that links in an answer
/// can name it.
#[derive(Clone, Debug)]
pub struct Loopback {
    to: Url,
    inner: Arc<dyn HttpClient>,
}

/// azure_core's own limits.
const CONNECTING: Duration = Duration::from_secs(20);
const READING: Duration = Duration::from_secs(60);

/// The target of a [`Loopback`] is not on this machine.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an http loopback address such as http://127.0.0.1:8080")]
pub struct NotLoopback(Url);

impl Loopback {
    /// Sends all requests to `to` by `inner`.
    ///
    /// # Errors
    ///
    /// When `to` is not a loopback address.
    pub fn new(to: Url, inner: Arc<dyn HttpClient>) -> std::result::Result<Self, NotLoopback> {
        if is_loopback(&to) {
            Ok(Self { to, inner })
        } else {
            Err(NotLoopback(to))
        }
    }

    /// Sends all requests to `to` without a detour: no proxy sees them, nothing is packed or unpacked on the way, and the
    /// certificates of this machine, which take longer to read than most answers, stay unread.
    ///
    /// # Errors
    ///
    /// When `to` is not a loopback address.
    pub fn direct(to: Url) -> std::result::Result<Self, NotLoopback> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECTING)
            .read_timeout(READING)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .no_gzip()
            .tls_certs_only([])
            .build()
            .expect("a client without certificates and proxies depends on nothing that could fail");
        Self::new(to, Arc::new(client))
    }

    fn redirect(&self, request: &Request) -> Request {
        let mut local = request.clone();
        let url = local.url_mut();
        let public = url[Position::BeforeHost..Position::AfterPort].to_owned();
        let _ = (
            url.set_scheme(self.to.scheme()),
            url.set_host(self.to.host_str()),
            url.set_port(self.to.port()),
        );
        local.insert_header("x-forwarded-host", public);
        local.insert_header("x-forwarded-proto", request.url().scheme().to_owned());
        local
    }
}

#[async_trait]
impl HttpClient for Loopback {
    async fn execute_request(&self, request: &Request) -> Result<AsyncRawResponse> {
        self.inner.execute_request(&self.redirect(request)).await
    }
}

/// Whether `url` is plain http on this machine: `127.0.0.0/8`, `[::1]` or `localhost`.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    url.scheme() == "http"
        && (host == "localhost" || address.is_ok_and(|address| address.is_loopback()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        let loopback = |text: &str| is_loopback(&text.parse().unwrap());

        assert!(loopback("http://127.0.0.1:1"));
        assert!(loopback("http://127.8.9.1"));
        assert!(loopback("http://[::1]:80"));
        assert!(loopback("http://localhost:80"));
        assert!(!loopback("https://127.0.0.1"));
        assert!(!loopback("http://localhost.example.test"));
        assert!(!loopback("http://10.0.0.1"));
        assert!(!loopback("http://0.0.0.0"));
        assert!(!loopback("http://127.0.0.1.example.test"));
    }
}
