//! The address of a running emulator.

use std::sync::Arc;

use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::Transport;
use rest_core::{Loopback, StaticToken};
use url::Url;

use dataops_solution::environment::Variables;

/// The address of a running emulator, and the token that it wants.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EmulatorAddress {
    /// Its endpoint, on a loopback address.
    pub url: Url,
    /// Its storage account.
    pub account: String,
    token: Secret,
    transport: Transport,
}

/// An address that cannot be an emulator's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmulatorAddressError {
    /// It is no URL.
    #[error("`{text}` is not an address")]
    Malformed {
        /// What was given.
        text: String,
        /// Why.
        #[source]
        source: url::ParseError,
    },
    /// It is on another machine.
    #[error(
        "`{0}` is not on this machine; an emulator is reached on a loopback address such as http://127.0.0.1:8080"
    )]
    NotLoopback(Url),
    /// The token is missing.
    #[error("DATAOPS_EMULATOR is set, DATAOPS_EMULATOR_TOKEN is not")]
    NoToken,
}

/// The storage account of an emulator that was started without naming one.
const DEFAULT_ACCOUNT: &str = "devstoreaccount1";

impl EmulatorAddress {
    /// An emulator at `endpoint`.
    ///
    /// # Errors
    ///
    /// When `endpoint` is not a loopback address.
    pub fn new(
        endpoint: &str,
        account: impl Into<String>,
        token: impl Into<Secret>,
    ) -> Result<Self, EmulatorAddressError> {
        let url: Url = endpoint
            .parse()
            .map_err(|source| EmulatorAddressError::Malformed {
                text: endpoint.to_owned(),
                source,
            })?;
        let Ok(loopback) = Loopback::direct(url.clone()) else {
            return Err(EmulatorAddressError::NotLoopback(url));
        };
        Ok(Self {
            url,
            transport: Transport::new(Arc::new(loopback)),
            account: account.into(),
            token: token.into(),
        })
    }

    /// The emulator that `DATAOPS_EMULATOR`, `DATAOPS_EMULATOR_TOKEN` and `DATAOPS_EMULATOR_ACCOUNT` name, if any.
    ///
    /// # Errors
    ///
    /// When they do not fit together.
    pub fn from_variables(variables: &Variables) -> Result<Option<Self>, EmulatorAddressError> {
        let Some(endpoint) = variables.get("DATAOPS_EMULATOR") else {
            return Ok(None);
        };
        let token = variables
            .get("DATAOPS_EMULATOR_TOKEN")
            .ok_or(EmulatorAddressError::NoToken)?;
        let account = variables
            .get("DATAOPS_EMULATOR_ACCOUNT")
            .unwrap_or(DEFAULT_ACCOUNT);
        Self::new(endpoint, account, token.to_owned()).map(Some)
    }

    /// The URL of the Blob service, as a client signs it.
    pub(crate) fn blob_service(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port_or_known_default().unwrap_or_default();
        format!("https://{host}:{port}/{}", self.account)
    }

    /// The connections to it, which its clients share.
    pub(crate) fn transport(&self) -> Transport {
        self.transport.clone()
    }

    pub(crate) fn credential(&self) -> Arc<dyn TokenCredential> {
        Arc::new(StaticToken::new(self.token.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emulator_is_on_this_machine_and_has_a_token() {
        let of = |values: &[(&str, &str)]| {
            EmulatorAddress::from_variables(&Variables::new(values.iter().copied()))
        };

        assert!(of(&[]).unwrap().is_none());
        assert!(matches!(
            of(&[("DATAOPS_EMULATOR", "http://127.0.0.1:1")]),
            Err(EmulatorAddressError::NoToken)
        ));
        let far = of(&[
            ("DATAOPS_EMULATOR", "http://example.test"),
            ("DATAOPS_EMULATOR_TOKEN", "t"),
        ]);
        assert!(matches!(far, Err(EmulatorAddressError::NotLoopback(_))));
        let near = of(&[
            ("DATAOPS_EMULATOR", "http://127.0.0.1:81"),
            ("DATAOPS_EMULATOR_TOKEN", "t"),
        ])
        .unwrap()
        .unwrap();
        assert_eq!(near.blob_service(), "https://127.0.0.1:81/devstoreaccount1");
    }
}
