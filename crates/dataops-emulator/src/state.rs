//! What the emulator knows, shared by all its services.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::adf;
use crate::adf::approvals::Approvals;
use crate::aml;
use crate::auth;
use crate::blob::disk::Disk;
use crate::data_dir::DataDir;
use crate::databricks;
use crate::faults::Faults;
use crate::pace::Pace;
use crate::problem::in_full;
use crate::server::{Options, StartError};
use crate::vault::Vaults;

/// What the emulator knows, shared by all its services.
pub struct State {
    pub(crate) account: String,
    pub(crate) python: Option<PathBuf>,
    pub(crate) endpoint: OnceLock<Url>,
    /// Cancelled when the emulator stops; whatever works in the background ends then.
    pub(crate) stopping: CancellationToken,
    /// What works in the background.
    pub(crate) tasks: TaskTracker,
    pub(crate) adf: adf::store::Store,
    pub(crate) blob: Disk,
    pub(crate) faults: Faults,
    pub(crate) approvals: Approvals,
    pub(crate) pace: Pace,
    pub(crate) databricks: databricks::Workspace,
    pub(crate) aml: aml::Workspace,
    pub(crate) vaults: Vaults,
    account_key: String,
    token: String,
    dir: DataDir,
}

impl State {
    /// Opens the data directory of `options` and everything in it.
    ///
    /// # Errors
    ///
    /// When the directory cannot be used or what is in it is damaged.
    pub fn open(options: Options) -> Result<Self, StartError> {
        if !is_account(&options.account) {
            return Err(StartError::Account(options.account));
        }
        if let Some(key) = &options.account_key {
            STANDARD.decode(key).map_err(|_| StartError::AccountKey)?;
        }
        let dir = DataDir::open(options.data_dir)?;
        let token = dir.secret("token", options.token)?;
        let account_key = dir.secret("account-key", options.account_key)?;
        STANDARD
            .decode(&account_key)
            .map_err(|_| StartError::AccountKey)?;
        let blob = Disk::open(dir.path())?;
        let stopping = CancellationToken::new();
        let storage = databricks::Storage {
            account: options.account.clone(),
            key: account_key.clone(),
            root: blob.root().to_owned(),
        };
        let databricks = open_databricks(&dir, storage, options.python.clone(), &stopping)?;
        let aml = open_aml(&dir, &blob, options.python.clone(), &stopping)?;
        Ok(Self {
            account: options.account,
            python: options.python,
            endpoint: OnceLock::new(),
            stopping,
            tasks: TaskTracker::new(),
            adf: adf::store::Store::open(&dir.path().join("adf"))?,
            blob,
            databricks,
            aml,
            vaults: Vaults::open(dir.path())?,
            faults: Faults::default(),
            approvals: Approvals::default(),
            pace: Pace::default(),
            account_key,
            token,
            dir,
        })
    }

    /// The Databricks workspace, for callers in the same process.
    #[must_use]
    pub fn databricks(&self) -> &databricks::Workspace {
        &self.databricks
    }

    /// The Azure Machine Learning workspace, for callers in the same process.
    #[must_use]
    pub fn aml(&self) -> &aml::Workspace {
        &self.aml
    }

    /// The data directory.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The token that callers send.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// The storage account's key, as Base64.
    pub(crate) fn account_key(&self) -> &str {
        &self.account_key
    }

    pub(crate) fn account_key_bytes(&self) -> Vec<u8> {
        STANDARD.decode(&self.account_key).unwrap_or_default()
    }

    pub(crate) fn is_token(&self, given: &str) -> bool {
        auth::same(given, &self.token)
    }

    /// The value of the page's cookie; it cannot be turned back into the token.
    pub(crate) fn cookie(&self) -> String {
        let digest = Sha256::digest(format!("page {}", self.token));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Where the emulator answers, such as `http://127.0.0.1:8080`; without a socket, its in-process name.
    pub(crate) fn endpoint(&self) -> String {
        self.endpoint
            .get()
            .map_or("http://localhost", Url::as_str)
            .trim_end_matches('/')
            .to_owned()
    }
}

fn open_databricks(
    dir: &DataDir,
    storage: databricks::Storage,
    python: Option<PathBuf>,
    stopping: &CancellationToken,
) -> Result<databricks::Workspace, StartError> {
    let mut dependencies = databricks::Dependencies::new(storage);
    dependencies.python = python;
    dependencies.stopping = stopping.clone();
    databricks::Workspace::open(&dir.path().join("databricks"), dependencies)
        .map_err(|error| StartError::Damaged(in_full(&error)))
}

fn open_aml(
    dir: &DataDir,
    blob: &Disk,
    python: Option<PathBuf>,
    stopping: &CancellationToken,
) -> Result<aml::Workspace, StartError> {
    let mut dependencies = aml::Dependencies::new(blob.root());
    dependencies.python = python;
    dependencies.stopping = stopping.clone();
    aml::Workspace::open(&dir.path().join("aml"), dependencies)
        .map_err(|error| StartError::Damaged(in_full(&error)))
}

/// Whether a storage account can have this name; the first segment of a path must tell services apart.
fn is_account(name: &str) -> bool {
    let taken = [
        "subscriptions",
        "providers",
        "api",
        "oidc",
        "discovery",
        "mlflow",
        "jobs",
        "secrets",
    ];
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=24).contains(&name.len()) && name.bytes().all(allowed) && !taken.contains(&name)
}
