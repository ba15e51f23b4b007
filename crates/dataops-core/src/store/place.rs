//! Where an environment's documents are kept. Two agents that name one place differently would not see each other.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dataops_solution::environment::Environment;
use rest_core::shown_address;

use super::{BlobStore, FolderStore, Store};
use crate::connection::{Connection, ConnectionError};

/// The container that documents are kept in unless said.
const CONTAINER: &str = "dataops";
/// The Blob service of the cloud that is connected to.
const SERVICE: &str = "blob.core.windows.net";

/// Where an environment's documents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a folder.
    Folder(PathBuf),
    /// In a container.
    Container {
        /// The storage account.
        account: String,
        /// The container.
        container: String,
    },
}

impl Place {
    /// As `records` of an environment says, otherwise in a container of its storage account, otherwise in a folder. `home` is the folder
    /// `.dataops` in that of the solution, from which a folder that `records` names is looked for. The connection need not be one to
    /// this environment: it only tells whether everything goes to an emulator, where there is one account alone.
    #[must_use]
    pub fn of(environment: &Environment, connection: &Connection, home: &Path) -> Self {
        let records = &environment.records;
        if let Some(folder) = &records.folder {
            let root = home.parent().unwrap_or(home);
            return Self::Folder(root.join(folder));
        }
        let own = environment.storage.as_ref();
        let own = own.map(|storage| storage.account.as_str());
        let account = match connection.is_emulated() {
            true => connection.storage_account(),
            false => records.account.as_deref().or(own),
        };
        let Some(account) = account else {
            return Self::Folder(home.to_owned());
        };
        Self::Container {
            account: account.to_owned(),
            container: records
                .container
                .clone()
                .unwrap_or_else(|| CONTAINER.to_owned()),
        }
    }

    /// The place that a text names: the address of a container, `https://ACCOUNT.blob.core.windows.net/CONTAINER`, or else a folder.
    ///
    /// # Errors
    ///
    /// When it begins as an address and is none of a container.
    pub fn named(text: &str) -> Result<Self, String> {
        // What signs in by itself is shown to nobody.
        let shown = shown_address(text);
        let Some(address) = text.strip_prefix("https://") else {
            return match text.is_empty() || text.contains("://") {
                true => Err(format!(
                    "`{shown}` is neither a folder nor the address of a container"
                )),
                false => Ok(Self::Folder(text.into())),
            };
        };
        if shown != text {
            return Err(format!(
                "`{shown}` has more than the address of a container: leave out what signs in, such as a SAS after the `?`, and give \
                 whoever calls this a role such as Storage Blob Data Contributor on the container"
            ));
        }
        let (host, container) = address.split_once('/').unwrap_or((address, ""));
        let (account, service) = host.split_once('.').unwrap_or((host, ""));
        let container = container.trim_end_matches('/');
        let is_name = |name: &str| {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !name.is_empty() && name.bytes().all(plain)
        };
        let is_container = (3..=63).contains(&container.len())
            && !container.starts_with('-')
            && !container.ends_with('-')
            && !container.contains("--");
        match service == SERVICE && is_name(account) && is_name(container) && is_container {
            true => Ok(Self::Container {
                account: account.to_owned(),
                container: container.to_owned(),
            }),
            false => Err(format!(
                "`{shown}` is no address of a container, such as https://ACCOUNT.blob.core.windows.net/CONTAINER"
            )),
        }
    }

    /// The text that names it, for a command.
    #[must_use]
    pub fn argument(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Container { account, container } => {
                format!("https://{account}.{SERVICE}/{container}")
            }
        }
    }

    /// The documents there.
    ///
    /// # Errors
    ///
    /// When there can be no storage account of that name.
    pub fn open(&self, connection: &Connection) -> Result<Arc<dyn Store>, ConnectionError> {
        Ok(match self {
            Self::Folder(folder) => Arc::new(FolderStore::new(folder)),
            Self::Container { account, container } => {
                let storage = connection.storage_of(account)?;
                Arc::new(BlobStore::new(storage, account, container))
            }
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(out, "{}", folder.display()),
            Self::Container { account, container } => {
                write!(
                    out,
                    "container `{container}` of storage account `{account}`"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_names_a_folder_or_a_container() {
        let container = Place::named("https://stqa.blob.core.windows.net/records/").unwrap();
        assert_eq!(
            container.to_string(),
            "container `records` of storage account `stqa`"
        );
        assert_eq!(
            Place::named("../records").unwrap(),
            Place::Folder("../records".into())
        );
        for wrong in [
            "",
            "http://stqa.blob.core.windows.net/records",
            "https://stqa.blob.core.windows.net",
            "https://stqa.blob.core.windows.net/a/b",
            "https://stqa.example/records",
            "https://stqa.blob.core.windows.net/re",
            "https://stqa.blob.core.windows.net/-records",
            "https://stqa.blob.core.windows.net/the--records",
            "https://stqa.blob.core.chinacloudapi.cn/records",
        ] {
            assert!(Place::named(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Place::named(&container.argument()).unwrap(), container);
    }

    #[test]
    fn what_signs_in_is_refused_and_not_repeated() {
        for wrong in [
            "https://stqa.blob.core.windows.net/records?sv=1&sig=CANARY",
            "https://u:CANARY@stqa.blob.core.windows.net/records",
            "https://stqa.blob.core.windows.net/a/b?sig=CANARY",
        ] {
            let refused = Place::named(wrong).unwrap_err();

            assert!(!refused.contains("CANARY"), "{refused}");
            assert!(refused.contains("a SAS after the `?`"), "{refused}");
        }
        let other = Place::named("ftp://u:CANARY@h/records").unwrap_err();
        assert!(!other.contains("CANARY"), "{other}");
    }
}
