//! Documents as blobs of a container.

use async_trait::async_trait;

use super::{Store, StoreError, Stored, Version, When, check};
use crate::connection::{BlobCondition, Storage, StorageError};

/// Documents as blobs of a container, which is made when the first one is written.
#[derive(Clone, Debug)]
pub struct BlobStore {
    storage: Storage,
    account: String,
    container: String,
}

impl BlobStore {
    /// A container of a storage account, which need not exist yet.
    #[must_use]
    pub fn new(storage: Storage, account: impl Into<String>, container: impl Into<String>) -> Self {
        Self {
            storage,
            account: account.into(),
            container: container.into(),
        }
    }
}

fn failure(key: &str) -> impl FnOnce(StorageError) -> StoreError {
    let key = key.to_owned();
    move |error| match error {
        StorageError::Condition { .. } => StoreError::Conflict { key },
        other => other.into(),
    }
}

fn is_absent(error: &StorageError) -> bool {
    matches!(
        error,
        StorageError::NoBlob { .. } | StorageError::NoContainer { .. }
    )
}

/// How often a silent service is asked.
const ATTEMPTS: usize = 3;

impl BlobStore {
    /// Asks again when the service is silent: every call here may be made twice.
    async fn patiently<T, Asked>(&self, key: &str, ask: impl Fn() -> Asked) -> Result<T, StoreError>
    where
        Asked: Future<Output = Result<T, StorageError>> + Send,
    {
        for _ in 0..ATTEMPTS {
            if let Ok(answered) = tokio::time::timeout(self.storage.patience(), ask()).await {
                return answered.map_err(failure(key));
            }
        }
        Err(StoreError::Silent {
            key: key.to_owned(),
        })
    }

    async fn write(
        &self,
        key: &str,
        bytes: Vec<u8>,
        condition: BlobCondition<'_>,
    ) -> Result<String, StorageError> {
        let (storage, container) = (&self.storage, &self.container);
        let first = storage.write(container, key, bytes.clone(), condition);
        match first.await {
            Err(StorageError::NoContainer { .. }) => {
                storage.ensure_container(container).await?;
                storage.write(container, key, bytes, condition).await
            }
            written => written,
        }
    }
}

#[async_trait]
impl Store for BlobStore {
    async fn get(&self, key: &str) -> Result<Option<Stored>, StoreError> {
        check(key)?;
        let read = self.patiently(key, || async {
            match self.storage.read(&self.container, key).await {
                Err(error) if is_absent(&error) => Ok(None),
                read => read.map(Some),
            }
        });
        let read = read.await?;
        Ok(read.map(|(bytes, etag)| Stored {
            bytes,
            version: Version(etag),
        }))
    }

    async fn put(&self, key: &str, bytes: Vec<u8>, when: When) -> Result<Version, StoreError> {
        check(key)?;
        let condition = match &when {
            When::Always => BlobCondition::None,
            When::Absent => BlobCondition::Absent,
            When::Still(Version(etag)) => BlobCondition::Etag(etag),
        };
        let write = || self.write(key, bytes.clone(), condition);
        self.patiently(key, write).await.map(Version)
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let list = self.patiently(prefix, || async {
            match self.storage.list(&self.container, prefix).await {
                Err(error) if is_absent(&error) => Ok(Vec::new()),
                listed => listed,
            }
        });
        Ok(list.await?.into_iter().map(|blob| blob.name).collect())
    }

    async fn delete(&self, key: &str, version: Option<&Version>) -> Result<(), StoreError> {
        check(key)?;
        let condition = match version {
            None => BlobCondition::None,
            Some(Version(etag)) => BlobCondition::Etag(etag),
        };
        let delete = || async {
            match self.storage.remove(&self.container, key, condition).await {
                Err(error) if is_absent(&error) => Ok(()),
                removed => removed,
            }
        };
        self.patiently(key, delete).await
    }

    fn place(&self) -> String {
        let Self {
            account, container, ..
        } = self;
        format!("container `{container}` of storage account `{account}`")
    }
}
