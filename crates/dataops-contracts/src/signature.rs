//! How blobs are read without anybody signing in: by a shared access signature, or by one that a key of the account makes.

use std::time::Duration;

use azure_core::credentials::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;

use crate::server::Host;

/// The version of signatures that are made here.
const VERSION: &str = "2022-11-02";

/// How long a signature that is made here holds: longer than any test.
const HOLDS: Duration = Duration::from_secs(24 * 60 * 60);

/// Clocks differ.
const EARLIER: Duration = Duration::from_secs(15 * 60);

/// A shared access signature, of one account or of any.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The account; without it the signature is tried on every one.
    account: Option<String>,
    /// The host of the account, where it is told, or why it is none.
    host: Result<Option<Host>, SignatureError>,
    token: Secret,
    of_key: bool,
}

/// Variables that say how blobs are read, and contradict themselves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} {reason}")]
pub struct SignatureError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

const TOKEN: &str = "AZURE_STORAGE_SAS_TOKEN";
const STRING: &str = "AZURE_STORAGE_CONNECTION_STRING";
const KEY: &str = "AZURE_STORAGE_KEY";
const ACCOUNT: &str = "AZURE_STORAGE_ACCOUNT";

impl Signature {
    /// The signature that variables give or make: `AZURE_STORAGE_SAS_TOKEN`, `AZURE_STORAGE_CONNECTION_STRING`, or `AZURE_STORAGE_KEY`
    /// with the account of `AZURE_STORAGE_ACCOUNT`, in this order.
    ///
    /// # Errors
    ///
    /// When a connection string lacks its parts, or a key is none.
    pub fn from_variables<'v>(
        variable: impl Fn(&str) -> Option<&'v str>,
        now: Timestamp,
    ) -> Result<Option<Self>, SignatureError> {
        let given = |name: &str| {
            variable(name)
                .map(str::trim)
                .filter(|text| !text.is_empty())
        };
        if let Some(token) = given(TOKEN) {
            if !token.contains('=') {
                return Err(SignatureError {
                    variable: TOKEN,
                    reason: "has no shared access signature, such as `sv=…&sig=…`; a key of the account is given as AZURE_STORAGE_KEY",
                });
            }
            return Ok(Some(Self {
                account: None,
                host: Ok(None),
                token: Secret::new(token.to_owned()),
                of_key: false,
            }));
        }
        if let Some(text) = given(STRING) {
            return of_connection_string(text, now).map(Some);
        }
        let (Some(key), Some(account)) = (given(KEY), given(ACCOUNT)) else {
            return Ok(None);
        };
        Self::of_key(KEY, account, key, now).map(Some)
    }

    fn of_key(
        variable: &'static str,
        account: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<Self, SignatureError> {
        let reason = "has no key of a storage account, which is Base64";
        let wrong = SignatureError { variable, reason };
        let key = STANDARD.decode(key).map_err(|_| wrong.clone())?;
        let mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| wrong)?;
        let time = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let (start, end) = (time(now - EARLIER), time(now + HOLDS));
        // Reading and listing, of blobs alone, at every level.
        let fields = ["rl", "b", "sco", &start, &end, "", "", VERSION, ""];
        let text = format!("{account}\n{}\n", fields.join("\n"));
        let signed = STANDARD.encode(mac.chain_update(text).finalize().into_bytes());
        let token = [
            ("sv", VERSION),
            ("ss", "b"),
            ("srt", "sco"),
            ("sp", "rl"),
            ("st", &start),
            ("se", &end),
            ("sig", &signed),
        ];
        let token = token.map(|(name, value)| format!("{name}={}", encoded(value)));
        Ok(Self {
            account: Some(account.to_owned()),
            host: Ok(None),
            token: Secret::new(token.join("&")),
            of_key: true,
        })
    }

    /// The signature for an account, whose host is told or the usual one, and the host that it is for.
    ///
    /// # Errors
    ///
    /// When it is for a host that is none of Azure storage: it must not go to another account of the same name.
    pub(crate) fn of(
        &self,
        account: &str,
        told: Option<&Host>,
    ) -> Result<Option<(&Secret, Option<&Host>)>, SignatureError> {
        let own = self.account.as_deref();
        if !own.is_none_or(|own| own.eq_ignore_ascii_case(account)) {
            return Ok(None);
        }
        let host = self.host.as_ref().map_err(Clone::clone)?.as_ref();
        Ok(match (host, told) {
            (Some(host), Some(told)) if !host.is_same_account(told) => None,
            _ => Some((&self.token, host)),
        })
    }

    /// The same, for any account where everything goes to one.
    pub(crate) fn of_name(&self, account: &str) -> Option<&Secret> {
        let own = self.account.as_deref();
        own.is_none_or(|own| own.eq_ignore_ascii_case(account))
            .then_some(&self.token)
    }

    /// Whether it was made here, by a key of the account.
    pub(crate) fn is_of_key(&self) -> bool {
        self.of_key
    }
}

fn of_connection_string(text: &str, now: Timestamp) -> Result<Signature, SignatureError> {
    let part = |wanted: &str| {
        let mut parts = text.split(';').filter_map(|part| part.split_once('='));
        let (_, value) = parts.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
        Some(value.trim()).filter(|value| !value.is_empty())
    };
    let endpoint = part("BlobEndpoint").map(authority);
    let of_endpoint = || endpoint?.split(['.', ':']).next();
    let account = part("AccountName").or_else(of_endpoint);
    let lacking = |reason| SignatureError {
        variable: STRING,
        reason,
    };
    let account = account.ok_or_else(|| lacking("names no account"))?;
    let host = match (endpoint, part("EndpointSuffix")) {
        (Some(host), _) => Host::read(host).map(Some),
        (None, Some(suffix)) => Host::of_suffix(account, suffix).map(Some),
        (None, None) => Some(None),
    };
    let is_of_account = |host: &Option<Host>| {
        host.as_ref()
            .is_none_or(|host| host.account.eq_ignore_ascii_case(account))
    };
    let foreign = "names an endpoint that is no Blob service of Azure for its account, and blobs are read from those alone";
    let host = host.filter(is_of_account).ok_or_else(|| lacking(foreign));
    match (part("SharedAccessSignature"), part("AccountKey")) {
        (Some(token), _) => Ok(Signature {
            account: Some(account.to_owned()),
            host,
            token: Secret::new(token.trim_start_matches('?').to_owned()),
            of_key: false,
        }),
        (None, Some(key)) => Ok(Signature {
            host,
            ..Signature::of_key(STRING, account, key, now)?
        }),
        (None, None) => Err(lacking("has neither AccountKey nor SharedAccessSignature")),
    }
}

/// The host and the port of an address.
fn authority(address: &str) -> &str {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    rest.trim_end_matches('/')
}

/// A value of a query: everything but letters, digits and `-` is escaped.
fn encoded(value: &str) -> String {
    let bytes = value.bytes().map(|byte| match byte {
        b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    });
    bytes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(variables: &[(&str, &str)]) -> Result<Option<(Option<String>, String)>, String> {
        let variable = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| *value)
        };
        let signature = Signature::from_variables(variable, Timestamp::UNIX_EPOCH);
        match signature {
            Ok(signature) => Ok(signature.map(|it| (it.account, it.token.secret().to_owned()))),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_key_makes_a_signature_that_reads_and_lists() {
        let by_key = token(&[(KEY, "c2VjcmV0"), (ACCOUNT, "acct")]).unwrap();
        let by_string = "DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";
        let by_string = token(&[(STRING, by_string)]).unwrap();

        assert_eq!(by_key, by_string);
        insta::assert_snapshot!(by_key.unwrap().1, @"sv=2022-11-02&ss=b&srt=sco&sp=rl&st=1969-12-31T23%3A45%3A00Z&se=1970-01-02T00%3A00%3A00Z&sig=ajx0F8t4lRrUskAp44Ji9TiFdaxbK8fu2%2BMjFMSQBT4%3D");
    }

    #[test]
    fn a_signature_goes_before_a_string_and_that_before_a_key() {
        let string =
            "BlobEndpoint=https://other.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=s";
        let all = [
            (TOKEN, "sv=0&sig=t"),
            (STRING, string),
            (KEY, "c2VjcmV0"),
            (ACCOUNT, "acct"),
        ];

        assert_eq!(token(&all), Ok(Some((None, "sv=0&sig=t".to_owned()))));
        let other = (Some("other".to_owned()), "sv=1&sig=s".to_owned());
        assert_eq!(token(&all[1..]), Ok(Some(other)));
        assert_eq!(token(&all[2..3]), Ok(None));
    }

    #[test]
    fn a_signature_goes_to_its_own_host_alone() {
        let of = |string: &str, told: Option<&str>| {
            let string = format!("{string};SharedAccessSignature=sv=1&sig=s");
            let variable = |name: &str| (name == STRING).then_some(string.as_str());
            let signature = Signature::from_variables(variable, Timestamp::UNIX_EPOCH);
            let signature = signature.unwrap().unwrap();
            let told = told.map(|host| Host::read(host).unwrap());
            let found = signature.of("acct", told.as_ref());
            found.map(|found| found.map(|(_, host)| host.map(|host| host.blobs.clone())))
        };
        let china = "AccountName=acct;EndpointSuffix=core.chinacloudapi.cn";
        let zone = "BlobEndpoint=https://acct.z10.blob.storage.azure.net/";
        let host = |host: &str| Ok(Some(Some(host.to_owned())));

        assert_eq!(of(china, None), host("acct.blob.core.chinacloudapi.cn"));
        assert_eq!(of(zone, None), host("acct.z10.blob.storage.azure.net"));
        assert_eq!(of(china, Some("acct.blob.core.windows.net")), Ok(None));
        assert_eq!(of("AccountName=other", None), Ok(None));
        for foreign in [
            "AccountName=acct;BlobEndpoint=http://127.0.0.1:10000/acct",
            "AccountName=acct;BlobEndpoint=https://blobs.evil.example",
            "AccountName=acct;BlobEndpoint=https://other.blob.core.windows.net",
            "AccountName=acct;EndpointSuffix=evil.example",
        ] {
            let error = of(foreign, None).unwrap_err();
            assert!(error.to_string().contains("names an endpoint"), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_secret() {
        assert_eq!(
            token(&[(KEY, "no base64!"), (ACCOUNT, "acct")]),
            Err("AZURE_STORAGE_KEY has no key of a storage account, which is Base64".to_owned())
        );
        let pasted = token(&[(TOKEN, "CANARYKEY")]).unwrap_err();
        assert!(pasted.starts_with("AZURE_STORAGE_SAS_TOKEN has no") && !pasted.contains("CANARY"));
        assert!(token(&[(STRING, "AccountName=acct")]).is_err());
        assert!(token(&[(STRING, "AccountKey=c2VjcmV0")]).is_err());
    }
}
