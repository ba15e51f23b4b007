//! The bundles that were deployed, beside the records that name them: each file once, under its digest, and the manifest last.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dataops_bundle::{Bundle, Contents, Digest, MANIFEST, Manifest, OpenError};
use futures::{StreamExt, TryStreamExt, stream};

use super::{AT_ONCE, Ledger, LedgerError};

/// The largest file that is kept: what a store reads.
const LARGEST: usize = 16 << 20;

/// Why a bundle could not be kept or brought back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The place cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A file is larger than what is kept.
    #[error("`{path}` has more than {LARGEST} bytes")]
    TooLarge {
        /// The file's path in the bundle.
        path: String,
    },
    /// What is kept is not what was sealed.
    #[error("the bundle {digest} in {place} is not what was sealed: {reason}")]
    Altered {
        /// The bundle's digest.
        digest: String,
        /// Where it is.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// What was brought back is not what was sealed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Ledger {
    /// Keeps a bundle. What is there already is not written again.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or has a file that is too large.
    pub async fn keep_bundle(&self, bundle: &Bundle) -> Result<(), BundleError> {
        let manifest = manifest_key(bundle.digest());
        if self.read(&manifest).await?.is_some() {
            return Ok(());
        }
        let mut contents = bundle.contents().iter();
        if let Some((path, _)) = contents.find(|(_, bytes)| bytes.len() > LARGEST) {
            let path = path.to_owned();
            return Err(BundleError::TooLarge { path });
        }
        let contents = bundle.contents().iter();
        let files = stream::iter(contents.map(|(_, bytes)| bytes.to_vec()));
        let written = files.map(|bytes| async move {
            let key = file_key(&Digest::of(&bytes));
            self.keep(&key, bytes).await
        });
        written
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        let bytes = serde_json::to_vec_pretty(bundle.manifest()).expect("every key is text");
        Ok(self.keep(&manifest, bytes).await?)
    }

    /// Whether a bundle is kept.
    ///
    /// # Errors
    ///
    /// When it cannot be told.
    pub async fn has_bundle(&self, digest: &Digest) -> Result<bool, LedgerError> {
        Ok(self.read(&manifest_key(digest)).await?.is_some())
    }

    /// Brings a bundle back into a folder, and verifies it there.
    ///
    /// # Errors
    ///
    /// When it is not kept, or not as it was sealed.
    pub async fn bring_bundle(
        &self,
        digest: &Digest,
        folder: &Path,
    ) -> Result<Bundle, BundleError> {
        let altered = |reason: String| BundleError::Altered {
            digest: digest.to_string(),
            place: self.place(),
            reason,
        };
        let key = manifest_key(digest);
        let bytes = self.present(&key).await?;
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| altered(error.to_string()))?;
        let mut contents = Contents::default();
        let kept = stream::iter(manifest.files.clone()).map(|file| async move {
            let bytes = self.present(&file_key(&file.sha256)).await?;
            Ok::<_, LedgerError>((file.path, bytes))
        });
        let kept: Vec<_> = kept.buffer_unordered(AT_ONCE).try_collect().await?;
        for (path, bytes) in kept {
            // A path that leads elsewhere is none of a bundle.
            let inserted = contents.insert(path, bytes);
            inserted.map_err(|error| altered(error.to_string()))?;
        }
        for (path, bytes) in contents.iter() {
            write(&folder.join(path), bytes)?;
        }
        write(&folder.join(MANIFEST), &bytes)?;
        let bundle = Bundle::open(folder)?;
        match bundle.digest() == digest {
            true => Ok(bundle),
            false => Err(altered(format!("its digest is {}", bundle.digest()))),
        }
    }

    async fn present(&self, key: &str) -> Result<Vec<u8>, LedgerError> {
        let found = self.read(key).await?;
        found.ok_or_else(|| LedgerError::Missing {
            place: self.place(),
            key: key.to_owned(),
        })
    }
}

/// The same for all environments that share a place.
fn manifest_key(digest: &Digest) -> String {
    format!("bundles/{digest}.json")
}

fn file_key(digest: &Digest) -> String {
    format!("files/{digest}")
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), BundleError> {
    let written = match path.parent() {
        Some(folder) => fs::create_dir_all(folder).and_then(|()| fs::write(path, bytes)),
        None => fs::write(path, bytes),
    };
    written.map_err(|source| BundleError::File {
        path: path.to_owned(),
        source,
    })
}
