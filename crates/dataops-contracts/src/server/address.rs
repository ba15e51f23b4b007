//! Every spelling of a place in Azure storage that is in use.

use rest_core::{clean, shown_path};

use super::host::Host;

/// Where a server's data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Files of this machine: a path, with `/` between its parts.
    Local(String),
    /// Blobs.
    Blobs {
        /// The storage account.
        account: String,
        /// Its host, where the address says it.
        host: Option<Host>,
        /// The container.
        container: String,
        /// What comes behind it: a blob, a folder or a pattern.
        path: String,
        /// The shared access signature that the address has, without `?`.
        signature: Option<String>,
    },
}

/// Text that is no place of data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no place in Azure storage: {reason}")]
pub struct AddressError {
    /// The text, without what signs in.
    pub text: String,
    /// Why.
    pub reason: &'static str,
    /// What to do, where that is not plain.
    pub hint: Option<&'static str>,
}

/// What is wrong with a text, and what to do.
type Fault = (&'static str, Option<&'static str>);

/// Neither a signature nor a token goes to another host.
const FOREIGN: Fault = (
    "its host is none of Azure storage",
    Some(
        "hosts are ACCOUNT.blob.core.windows.net, the same with dfs, core.usgovcloudapi.net and core.chinacloudapi.cn, and \
         ACCOUNT.zNN.blob.storage.azure.net; in place of a domain of your own, name the account",
    ),
);

impl Address {
    /// Reads the `location` of a server of the type `azure`:
    ///
    /// - `abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH`, and so `abfs`, `wasb`, `wasbs`
    /// - `abfss://ACCOUNT.dfs.core.windows.net/CONTAINER/PATH`, and so `az`, `azure`
    /// - `https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH?SIGNATURE`, and the same with `dfs`; its characters may be escaped
    /// - `az://CONTAINER/PATH`, `azure://CONTAINER/PATH`, where the account comes from elsewhere
    ///
    /// # Errors
    ///
    /// When it is none of these, or at a host that is none of Azure storage.
    pub fn of_azure(text: &str, account: Option<&str>) -> Result<Self, AddressError> {
        let (plain, signature) = without_signature(text.trim());
        let refused = |(reason, hint): Fault| AddressError {
            text: clean(&shown(plain)),
            reason,
            hint,
        };
        let (host, whole) = parts(plain).map_err(refused)?;
        let (container, path) = whole.split_once('/').unwrap_or((&whole, ""));
        let account = host.as_ref().map(|host| host.account.as_str()).or(account);
        let Some(account) = account.filter(|account| !account.is_empty()) else {
            return Err(refused(("it names no storage account", None)));
        };
        // What else stood there could make another host of it.
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !account.bytes().all(is_part) {
            return Err(refused((
                "the name of a storage account has letters and digits only",
                None,
            )));
        }
        if container.is_empty() {
            return Err(refused(("it names no container", None)));
        }
        Ok(Self::Blobs {
            account: account.to_owned(),
            container: container.to_owned(),
            path: path.trim_matches('/').to_owned(),
            host,
            signature,
        })
    }

    /// For people, without a signature.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Local(path) => path.clone(),
            Self::Blobs {
                account,
                host,
                container,
                path,
                ..
            } => {
                let host = host.clone().unwrap_or_else(|| Host::of_account(account));
                format!("https://{}/{container}/{path}", host.blobs)
            }
        }
    }

    /// What comes behind the container, or the path of a local file.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Local(path) | Self::Blobs { path, .. } => path,
        }
    }
}

/// The host, if the address says it, and what is behind it: the container and its path.
fn parts(plain: &str) -> Result<(Option<Host>, String), Fault> {
    if is_signed(plain) {
        let hint = "write `?` before a signature, and not `%3F`";
        return Err(("it has a signature within its path", Some(hint)));
    }
    let (scheme, rest) = plain.split_once("://").ok_or(("there is no `://`", None))?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let known = |host: &str| Host::read(host).map(Some).ok_or(FOREIGN);
    match scheme.to_ascii_lowercase().as_str() {
        "abfss" | "abfs" | "wasbs" | "wasb" | "az" | "azure" | "adl" => {
            match authority.split_once('@') {
                Some((container, host)) => Ok((known(host)?, format!("{container}/{path}"))),
                // The name of a container has no dots.
                None if authority.contains(['.', ':']) => Ok((known(authority)?, path.to_owned())),
                None => Ok((None, format!("{authority}/{path}"))),
            }
        }
        "https" | "http" if authority.contains('@') => Err((
            "it names a user",
            Some("leave out what is before the `@`: nobody signs in to Azure storage by it"),
        )),
        "https" | "http" => {
            let host = known(authority)?;
            let path = decoded(path).ok_or(("what is escaped in it is no UTF-8", None))?;
            Ok((host, path))
        }
        _ => Err(("its scheme is none of abfss, wasbs, az and https", None)),
    }
}

/// The text, and the signature behind it. A `?` of a pattern stands for a character; a signature says `sig=`.
fn without_signature(text: &str) -> (&str, Option<String>) {
    let signs = |query: &str| {
        let mut names = query.split('&').filter_map(|pair| pair.split_once('='));
        names.any(|(name, _)| name.eq_ignore_ascii_case("sig"))
    };
    let mut marks = text.rmatch_indices('?').map(|(at, _)| at);
    match marks.find(|at| signs(&text[at + 1..])) {
        Some(at) => (&text[..at], Some(text[at + 1..].to_owned())),
        None => (text, None),
    }
}

/// Whether there is still a signature in a text without one: its `?` is escaped.
fn is_signed(plain: &str) -> bool {
    let lower = plain.to_ascii_lowercase();
    let begins = |at: usize| {
        ["?", "&", "%3f", "%26"]
            .iter()
            .any(|mark| lower[..at].ends_with(mark))
    };
    let mut all = lower
        .match_indices("sig=")
        .chain(lower.match_indices("sig%3d"));
    all.any(|(at, _)| begins(at))
}

/// An address without a user and a password; its `?` may be those of a pattern.
fn shown(plain: &str) -> String {
    match plain.contains('@') {
        true => shown_path(plain),
        false => plain.to_owned(),
    }
}

/// A path with its escapes resolved; a `%` that begins none stands for itself.
fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| char::from(*after.get(at)?).to_digit(16);
        rest = match (first, digit(0).zip(digit(1))) {
            (b'%', Some((high, low))) => {
                bytes.push(u8::try_from(high * 16 + low).ok()?);
                &after[2..]
            }
            _ => {
                bytes.push(*first);
                after
            }
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, String, String), String> {
        match Address::of_azure(text, Some("fromenv")) {
            Ok(Address::Blobs {
                account,
                container,
                path,
                ..
            }) => Ok((account, container, path)),
            Ok(local) => Err(format!("{local:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn every_spelling_means_the_same_place() {
        let place = (
            "acct".to_owned(),
            "training".to_owned(),
            "run 1/*.csv".to_owned(),
        );
        for text in [
            "abfss://training@acct.dfs.core.windows.net/run 1/*.csv",
            "wasbs://training@acct.blob.core.windows.net/run 1/*.csv",
            "abfss://acct.dfs.core.windows.net/training/run 1/*.csv",
            "az://acct.blob.core.windows.net/training/run 1/*.csv",
            "abfss://training@acct.dfs.core.windows.net/run 1/*.csv/",
            "https://acct.blob.core.windows.net/training/run 1/*.csv",
            "https://acct.dfs.core.windows.net/training//run 1/*.csv",
            "HTTPS://acct.blob.core.windows.net/training/run 1/*.csv?sv=2024-11-04&sig=a%2Fb",
        ] {
            assert_eq!(read(text), Ok(place.clone()), "{text}");
        }
        let short = read("az://training/run 1/?.csv").expect("a place");
        assert_eq!(
            short,
            (
                "fromenv".to_owned(),
                "training".to_owned(),
                "run 1/?.csv".to_owned()
            )
        );
    }

    #[test]
    fn the_host_that_is_named_is_the_one_that_is_asked() {
        for (text, shown) in [
            (
                "https://acct.blob.core.usgovcloudapi.net/c/x.csv",
                "https://acct.blob.core.usgovcloudapi.net/c/x.csv",
            ),
            (
                "abfss://c@acct.dfs.core.chinacloudapi.cn/x.csv",
                "https://acct.blob.core.chinacloudapi.cn/c/x.csv",
            ),
            (
                "https://acct.z10.dfs.storage.azure.net/c/x.csv",
                "https://acct.z10.blob.storage.azure.net/c/x.csv",
            ),
            (
                "az://c/x.csv",
                "https://fromenv.blob.core.windows.net/c/x.csv",
            ),
        ] {
            let address = Address::of_azure(text, Some("fromenv")).expect("a place");
            assert_eq!(address.shown(), shown);
        }
        for text in [
            "https://acct.blob.evil.example/c/x.csv?sig=CANARY",
            "abfss://c@acct.dfs.fabric.microsoft.com/x.csv",
            "az://acct.blob.evil.example/c/x.csv",
            "https://u:CANARY@acct.blob.core.windows.net/c/x.csv",
            "https://acct.blob.core.windows.net@evil.example/c/x.csv",
        ] {
            let error = Address::of_azure(text, None).expect_err("another host");
            assert!(
                error.hint.is_some() && !error.to_string().contains("CANARY"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_escaped_in_an_address_of_https_is_resolved() {
        let place = |path: &str| Ok(("acct".to_owned(), "data".to_owned(), path.to_owned()));
        let https = |path: &str| read(&format!("https://acct.blob.core.windows.net/data/{path}"));

        assert_eq!(https("run%201/x.csv"), place("run 1/x.csv"));
        assert_eq!(https("%C3%A4%2520%3f.csv?sig=s"), place("ä%20?.csv"));
        assert_eq!(https("100%/50%zz"), place("100%/50%zz"));
        assert!(https("%ff.csv").is_err());
        let plain = "abfss://data@acct.dfs.core.windows.net/run%201/x.csv";
        assert_eq!(read(plain), place("run%201/x.csv"));
    }

    #[test]
    fn a_signature_begins_at_its_own_mark() {
        for (text, path) in [
            ("?.csv?sv=1&SIG=CANARY", "?.csv"),
            ("a?b/?.csv?sig=CANARY&sv=1", "a?b/?.csv"),
            ("  x.csv?sig=CANARY ", "x.csv"),
        ] {
            let text = text.replace(
                path,
                &format!("https://acct.blob.core.windows.net/data/{path}"),
            );
            let address = Address::of_azure(&text, None).expect("a place");
            assert_eq!(address.path(), path);
            assert!(matches!(
                address,
                Address::Blobs {
                    signature: Some(_),
                    ..
                }
            ));
        }
        for text in [
            "x.csv%3Fsv=1&sig=CANARY",
            "x.csv%3fSIG=CANARY",
            "x.csv%3Fsig%3DCANARY",
        ] {
            let text = format!("https://acct.blob.core.windows.net/data/{text}");
            let error = Address::of_azure(&text, None).expect_err("a signature in the path");
            assert!(!error.to_string().contains("CANARY"), "{error}");
        }
    }

    #[test]
    fn a_slash_behind_a_folder_means_nothing() {
        let place = |path: &str| Ok(("fromenv".to_owned(), "data".to_owned(), path.to_owned()));
        assert_eq!(read("az://data/deep/1/"), place("deep/1"));
        for root in ["az://data", "az://data/", "az://data//"] {
            assert_eq!(read(root), place(""), "{root}");
        }
    }

    #[test]
    fn a_signature_is_kept_and_never_shown() {
        let text = "https://acct.blob.core.windows.net/training/x.csv?sv=1&sig=SECRET";
        let address = Address::of_azure(text, None).expect("a place");

        assert!(
            matches!(&address, Address::Blobs { signature: Some(signature), .. } if signature == "sv=1&sig=SECRET")
        );
        assert_eq!(
            address.shown(),
            "https://acct.blob.core.windows.net/training/x.csv"
        );
        let refused = Address::of_azure("ftp://a/b?sig=SECRET", None).expect_err("a scheme");
        assert!(!refused.to_string().contains("SECRET"));
    }

    #[test]
    fn what_is_no_place_says_why() {
        for (text, reason) in [
            ("training/x.csv", "there is no `://`"),
            ("s3://bucket/x.csv", "its scheme is none of"),
            (
                "https://example.test/training/x.csv",
                "its host is none of Azure storage",
            ),
            (
                "https://acct.blob.core.windows.net/",
                "it names no container",
            ),
            (
                r"abfss://training@localhost:8080\.dfs.core.windows.net/x.csv",
                "its host is none of Azure storage",
            ),
            (
                "abfss://training@example#.dfs.core.windows.net/x.csv",
                "its host is none of Azure storage",
            ),
        ] {
            assert!(
                read(text).is_err_and(|error| error.contains(reason)),
                "{text}"
            );
        }
        let nobody = Address::of_azure("az://training/x.csv", None).expect_err("no account");
        assert_eq!(nobody.reason, "it names no storage account");
    }
}
