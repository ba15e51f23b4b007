//! Every spelling of a place in Azure storage that is in use.

/// Where a server's data are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// Files of this machine: a path, with `/` between its parts.
    Local(String),
    /// Blobs.
    Blobs {
        /// The storage account.
        account: String,
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
    /// The text, without what may be a signature.
    pub text: String,
    /// Why.
    pub reason: &'static str,
}

/// Hosts behind the name of the account.
const HOSTS: [&str; 2] = [".blob.", ".dfs."];

impl Address {
    /// Reads the `location` of a server of the type `azure`:
    ///
    /// - `abfss://CONTAINER@ACCOUNT.dfs.core.windows.net/PATH`, and so `abfs`, `wasb`, `wasbs`
    /// - `abfss://ACCOUNT.dfs.core.windows.net/CONTAINER/PATH`, and so `az`, `azure`
    /// - `https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH?SIGNATURE`, and the same with `dfs`
    /// - `az://CONTAINER/PATH`, `azure://CONTAINER/PATH`, where the account comes from elsewhere
    ///
    /// # Errors
    ///
    /// When it is none of these.
    pub fn of_azure(text: &str, account: Option<&str>) -> Result<Self, AddressError> {
        let (plain, signature) = match text.split_once('?') {
            // A `?` of a pattern stands for a character; a signature says `sig=`.
            Some((plain, query)) if query.contains("sig=") => (plain, Some(query.to_owned())),
            _ => (text, None),
        };
        let refused = |reason| AddressError {
            text: plain.to_owned(),
            reason,
        };
        let (scheme, rest) = plain
            .split_once("://")
            .ok_or_else(|| refused("there is no `://`"))?;
        let scheme = scheme.to_ascii_lowercase();
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (account, container, path) = match scheme.as_str() {
            "abfss" | "abfs" | "wasbs" | "wasb" | "az" | "azure" | "adl" => {
                match authority.split_once('@') {
                    Some((container, host)) => (account_of(host), container, path),
                    None if is_host(authority) => first_part(account_of(authority), path),
                    None => (account.unwrap_or_default(), authority, path),
                }
            }
            "https" | "http" if is_host(authority) => first_part(account_of(authority), path),
            "https" | "http" => return Err(refused("the host is none of Azure storage")),
            _ => return Err(refused("its scheme is none of abfss, wasbs, az and https")),
        };
        if account.is_empty() {
            return Err(refused("it names no storage account"));
        }
        // What else stood there could make another host of it.
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if !account.bytes().all(is_part) {
            return Err(refused(
                "the name of a storage account has letters and digits only",
            ));
        }
        if container.is_empty() {
            return Err(refused("it names no container"));
        }
        Ok(Self::Blobs {
            account: account.to_owned(),
            container: container.to_owned(),
            path: path.trim_matches('/').to_owned(),
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
                container,
                path,
                ..
            } => {
                format!("https://{account}.blob.core.windows.net/{container}/{path}")
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

fn is_host(authority: &str) -> bool {
    HOSTS.iter().any(|host| authority.contains(host))
}

fn account_of(host: &str) -> &str {
    host.split('.').next().unwrap_or_default()
}

fn first_part<'t>(account: &'t str, path: &'t str) -> (&'t str, &'t str, &'t str) {
    let (container, path) = path.split_once('/').unwrap_or((path, ""));
    (account, container, path)
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
                "the host is none of Azure storage",
            ),
            (
                "https://acct.blob.core.windows.net/",
                "it names no container",
            ),
            (
                r"abfss://training@localhost:8080\.dfs.core.windows.net/x.csv",
                "the name of a storage account has letters",
            ),
            (
                "abfss://training@example#.dfs.core.windows.net/x.csv",
                "the name of a storage account has letters",
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
