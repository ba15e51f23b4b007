//! One service endpoint: where it is, how to sign in, how to repeat.

use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::TokenCredential;
use azure_core::error::ErrorKind;
use azure_core::http::policies::Policy;
use azure_core::http::policies::auth::BearerTokenAuthorizationPolicy;
use azure_core::http::{ClientOptions, Method, Pipeline, RetryOptions, Transport, Url};
use azure_core::{Error, Result};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::loopback::{Loopback, is_loopback};
use crate::pace::Admission;
use crate::{Call, Pace, Retry, ServiceError, Verdict};

/// The name and version of a client crate, as they appear in `User-Agent`.
#[derive(Clone, Copy, Debug)]
pub struct Package {
    /// The crate's name.
    pub name: &'static str,
    /// The crate's version.
    pub version: &'static str,
}

/// Options for a [`RestClient`].
///
/// `client_options.retry` has no effect: it cannot tell a POST that starts work from one that reads. Use `retry`.
#[derive(Clone, Debug)]
pub struct RestClientOptions {
    /// When and how often a request is repeated.
    pub retry: Retry,
    /// How fast the service is called; nothing stands for as fast as callers want.
    pub pace: Option<Pace>,
    /// How long an answer may take to begin; a service that is silent for longer counts as one whose connection broke.
    pub patience: Duration,
    /// The most bytes of an answer that are read into memory.
    pub max_body_bytes: usize,
    /// Transport, policies, telemetry and cloud.
    pub client_options: ClientOptions,
}

impl Default for RestClientOptions {
    fn default() -> Self {
        Self {
            retry: Retry::default(),
            pace: None,
            patience: Duration::from_secs(240),
            max_body_bytes: 64 << 20,
            client_options: ClientOptions::default(),
        }
    }
}

/// Typed verbs on one endpoint of a service.
///
/// A `RestClient` is cheap to clone; [`RestClient::scope`] gives one for a sub-path.
#[derive(Clone, Debug)]
pub struct RestClient {
    base: Url,
    pipeline: Pipeline,
    api_version: Option<String>,
    pub(crate) retry: Retry,
    pace: Option<Pace>,
    pub(crate) patience: Duration,
    pub(crate) max_body_bytes: usize,
    pub(crate) judge: fn(&ServiceError) -> Verdict,
}

impl RestClient {
    /// Creates a client that sends `credential`'s token for `scope` with each request.
    ///
    /// # Errors
    ///
    /// As [`RestClient::with_policy`].
    pub fn new(
        package: Package,
        endpoint: &str,
        credential: Arc<dyn TokenCredential>,
        scope: &str,
        options: RestClientOptions,
    ) -> Result<Self> {
        let auth = BearerTokenAuthorizationPolicy::new(credential, [scope.to_owned()]);
        Self::with_policy(package, endpoint, Some(Arc::new(auth)), options)
    }

    /// Creates a client whose requests are authorized by `auth`, or not at all.
    ///
    /// An `http://` endpoint is accepted when its host is a loopback address: requests are then signed as if for `https` and
    /// sent to that address alone.
    ///
    /// # Errors
    ///
    /// When `endpoint` is not a URL, is plain `http` on another machine, or holds a user name or password.
    pub fn with_policy(
        package: Package,
        endpoint: &str,
        auth: Option<Arc<dyn Policy>>,
        options: RestClientOptions,
    ) -> Result<Self> {
        let RestClientOptions {
            retry,
            pace,
            patience,
            max_body_bytes,
            mut client_options,
        } = options;
        let base = secure(endpoint, &mut client_options)?;
        client_options.retry = RetryOptions::none();
        let pipeline = Pipeline::new(
            Some(package.name),
            Some(package.version),
            client_options,
            Vec::new(),
            auth.into_iter().collect(),
            None,
        );
        Ok(Self {
            base,
            pipeline,
            api_version: None,
            retry,
            pace,
            patience,
            max_body_bytes,
            judge: |_| Verdict::ByStatus,
        })
    }

    /// Lets `judge` decide about repeating a refused request where the status alone does not tell, as with a service that
    /// names the trouble in its text only.
    #[must_use]
    pub fn judge(mut self, judge: fn(&ServiceError) -> Verdict) -> Self {
        self.judge = judge;
        self
    }

    /// Repeats requests in another way: for a caller that shares one pace among many requests, and so repeats them itself.
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// When and how often requests are repeated.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.retry
    }

    /// Adds `api-version` to every URL made by this client.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// A client for the sub-path `segments`; names are percent-encoded.
    #[must_use]
    pub fn scope<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Self {
        let mut scoped = self.clone();
        extend(&mut scoped.base, segments);
        scoped
    }

    /// The URL of `segments` below this client's path, with `api-version` where the client has one.
    #[must_use]
    pub fn url<'s>(&self, segments: impl IntoIterator<Item = &'s str>) -> Url {
        let mut url = self.base.clone();
        extend(&mut url, segments);
        if let Some(version) = &self.api_version {
            url.query_pairs_mut().append_pair("api-version", version);
        }
        url
    }

    /// The URL that all paths start from.
    #[must_use]
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Starts a GET.
    pub fn get(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Get, url)
    }

    /// Starts a HEAD.
    pub fn head(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Head, url)
    }

    /// Starts a PUT.
    pub fn put(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Put, url)
    }

    /// Starts a PATCH; repeated only when it never arrived.
    pub fn patch(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Patch, url)
    }

    /// Starts a POST; repeated only when it never arrived, unless [`Call::repeatable`] says that it is safe.
    pub fn post(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Post, url)
    }

    /// Starts a DELETE.
    pub fn delete(&self, url: Url) -> Call<'_> {
        Call::new(self, Method::Delete, url)
    }

    /// Waits until a call may be sent, where the client has a pace.
    pub(crate) async fn admit(&self, method: Method) -> Option<Admission> {
        let pace = self.pace.as_ref()?;
        Some(pace.admit(method, self.retry.max_elapsed).await)
    }

    pub(crate) fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }
}

/// What cannot stand in a segment as it is. `Url` would drop tabs and line ends from a segment, and only then look for dots:
/// a name made of both would climb to what lies above.
const NOT_IN_SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Appends `segments`, each as one; a name of one or two dots cannot be a segment and is left out.
fn extend<'s>(url: &mut Url, segments: impl IntoIterator<Item = &'s str>) {
    let mut path = url.path().trim_end_matches('/').to_owned();
    for segment in segments {
        if !matches!(segment, "." | "..") {
            path.push('/');
            path.extend(utf8_percent_encode(segment, NOT_IN_SEGMENT));
        }
    }
    url.set_path(&path);
}

/// Reads an endpoint; one on plain loopback http becomes https behind a [`Loopback`] transport, because `azure_core` signs
/// nothing else.
fn secure(endpoint: &str, options: &mut ClientOptions) -> Result<Url> {
    let refuse = |reason: String| {
        Error::with_message(ErrorKind::Other, format!("endpoint `{endpoint}`: {reason}"))
    };
    let mut base: Url = endpoint
        .parse()
        .map_err(|error| refuse(format!("{error}")))?;
    if !base.username().is_empty() || base.password().is_some() {
        let message = "an endpoint holds a user name or password; give a credential instead";
        return Err(Error::with_message(ErrorKind::Other, message));
    }
    match base.scheme() {
        "https" if base.has_host() => {}
        "http" if is_loopback(&base) => {
            if options.transport.is_none() {
                let loopback =
                    Loopback::direct(base.clone()).map_err(|error| refuse(error.to_string()))?;
                options.transport = Some(Transport::new(Arc::new(loopback)));
            }
            let port = base.port_or_known_default();
            base.set_scheme("https")
                .and_then(|()| base.set_port(port))
                .map_err(|()| refuse("not a web address".into()))?;
        }
        "http" => {
            return Err(refuse(
                "a token is never sent over plain http; use https".into(),
            ));
        }
        _ => return Err(refuse("expected an https URL".into())),
    }
    base.set_query(None);
    base.set_fragment(None);
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: Package = Package {
        name: "rest-core",
        version: "0.0.0",
    };

    fn client(endpoint: &str) -> Result<RestClient> {
        RestClient::with_policy(PACKAGE, endpoint, None, RestClientOptions::default())
    }

    #[test]
    fn names_are_percent_encoded_as_one_segment() {
        let client = client("https://management.azure.com")
            .unwrap()
            .api_version("2018-06-01");

        let url = client
            .scope(["factories", "f"])
            .url(["pipelines", "a b/c%"]);

        assert_eq!(
            url.as_str(),
            "https://management.azure.com/factories/f/pipelines/a%20b%2Fc%25?api-version=2018-06-01"
        );
    }

    #[test]
    fn no_name_changes_the_path_around_it() {
        let client = client("https://management.azure.com").unwrap();
        let factory = client.scope(["factories", "f"]);
        for (name, segment) in [
            (".\t.", ".%09."),
            ("..\n", "..%0A"),
            ("\r..", "%0D.."),
            ("%2e%2e", "%252e%252e"),
            (".%2E", ".%252E"),
            ("../x", "..%2Fx"),
            ("..\\x", "..%5Cx"),
            ("a?b#c;d", "a%3Fb%23c;d"),
            ("a\0\u{7f}", "a%00%7F"),
            ("é", "%C3%A9"),
        ] {
            let url = factory.url(["pipelines", name, "start"]);

            let expected = format!("/factories/f/pipelines/{segment}/start");
            assert_eq!(url.path(), expected, "{name:?}");
            assert_eq!((url.query(), url.fragment()), (None, None), "{name:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_name_is_always_one_segment(name in "[./%\\\\?#\\PC\t\n\r]{1,8}") {
            proptest::prop_assume!(name != "." && name != "..");
            let url = client("https://management.azure.com").unwrap().url(["a", &name, "z"]);

            let segments: Vec<_> = url.path_segments().unwrap().collect();
            proptest::prop_assert_eq!((segments.len(), segments[0], segments[2]), (3, "a", "z"));
            let decoded = percent_encoding::percent_decode_str(segments[1]).decode_utf8().unwrap();
            proptest::prop_assert_eq!(decoded, name);
        }
    }

    #[test]
    fn plain_http_is_refused_away_from_this_machine() {
        let error = client("http://example.test").unwrap_err().to_string();

        assert!(error.contains("never sent over plain http"), "{error}");
    }

    #[test]
    fn loopback_http_is_signed_as_https() {
        assert_eq!(
            client("http://127.0.0.1:8080").unwrap().base().as_str(),
            "https://127.0.0.1:8080/"
        );
    }

    #[test]
    fn an_endpoint_with_a_password_is_refused_and_not_shown() {
        let error = client("https://me:hunter2@example.test").unwrap_err();

        assert!(
            error.to_string().contains("user name or password"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }

    #[test]
    fn nonsense_is_not_an_endpoint() {
        for endpoint in ["", "adf", "ftp://example.test", "https://"] {
            assert!(
                client(endpoint)
                    .unwrap_err()
                    .to_string()
                    .contains("endpoint"),
                "{endpoint}"
            );
        }
    }
}
