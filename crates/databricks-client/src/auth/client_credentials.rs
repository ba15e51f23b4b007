//! OAuth for a Databricks service principal.

use async_trait::async_trait;
use azure_core::Result;
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::error::{Error, ErrorKind};
use azure_core::time::{Duration, OffsetDateTime};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use futures::lock::Mutex;
use rest_core::{RestClient, RestClientOptions};
use serde::Deserialize;

use crate::client::PACKAGE;

/// A token is renewed this long before it expires, a little earlier than `azure_core` asks for another.
const RENEW_BEFORE: Duration = Duration::minutes(6);

/// The credential of a Databricks service principal with an OAuth secret (machine to machine): it asks the workspace itself,
/// `POST {host}/oidc/v1/token`, and keeps the token until shortly before it expires.
#[derive(Debug)]
pub struct ClientCredentials {
    rest: RestClient,
    client_id: String,
    client_secret: Secret,
    kept: Mutex<Option<AccessToken>>,
}

/// The answer; it holds the token, so there is no `Debug`.
#[derive(Deserialize)]
struct Granted {
    access_token: Secret,
    expires_in: Seconds,
}

/// Token endpoints tell the lifetime as a number or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(i64),
    Text(String),
}

impl Seconds {
    fn get(self) -> Option<i64> {
        match self {
            Self::Number(seconds) => Some(seconds),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

impl ClientCredentials {
    /// A credential for the workspace at `host`.
    ///
    /// # Errors
    ///
    /// When `host` is not a web address, or is plain `http` on another machine.
    pub fn new(
        host: &str,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
        options: Option<RestClientOptions>,
    ) -> Result<Self> {
        let host = crate::config::normalize_host(host);
        Ok(Self {
            rest: RestClient::with_policy(PACKAGE, &host, None, options.unwrap_or_default())?,
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            kept: Mutex::new(None),
        })
    }

    async fn ask(&self) -> Result<AccessToken> {
        let pair = format!("{}:{}", self.client_id, self.client_secret.secret());
        let granted: Granted = self
            .rest
            .post(self.rest.url(["oidc", "v1", "token"]))
            .header(
                "authorization",
                format!("Basic {}", BASE64_STANDARD.encode(pair)),
            )
            .body(
                "application/x-www-form-urlencoded",
                "grant_type=client_credentials&scope=all-apis",
            )
            .repeatable()
            .send()
            .await?
            .into_model()?;
        let seconds = granted
            .expires_in
            .get()
            .unwrap_or_default()
            .clamp(0, 86_400);
        let expires_on = OffsetDateTime::now_utc() + Duration::seconds(seconds);
        Ok(AccessToken::new(granted.access_token, expires_on))
    }
}

#[async_trait]
impl TokenCredential for ClientCredentials {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> Result<AccessToken> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept
            .as_ref()
            .filter(|token| token.expires_on > OffsetDateTime::now_utc() + RENEW_BEFORE)
        {
            return Ok(token.clone());
        }
        let token = self.ask().await.map_err(|error| {
            let message = format!(
                "signing in as service principal {}: {error}",
                self.client_id
            );
            Error::with_error(ErrorKind::Credential, error, message)
        })?;
        *kept = Some(token.clone());
        Ok(token)
    }
}
