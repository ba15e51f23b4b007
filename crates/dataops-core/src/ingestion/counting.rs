//! Who counts the rows of a file. Plain CSV is counted here; formats that need more than that are known above this crate.

use futures::future::BoxFuture;
use futures::{FutureExt as _, TryStreamExt as _};

use super::rows::{RowsError, Table, count_csv};
use crate::connection::Storage;

/// Counts what is not plain CSV: a file by its container and name, or a Delta table by its folder, whose name ends in `/`. `None` where
/// nobody knows the format.
pub type Counting =
    fn(Storage, String, String) -> BoxFuture<'static, Result<Option<Table>, RowsError>>;

/// Nothing but plain CSV is counted.
#[must_use]
pub fn only_csv(
    _: Storage,
    _: String,
    _: String,
) -> BoxFuture<'static, Result<Option<Table>, RowsError>> {
    futures::future::ready(Ok(None)).boxed()
}

/// Counts the rows of a file. Where nobody can, it is read a little, so that it is known to be readable.
pub(super) async fn count(
    counting: Counting,
    storage: &Storage,
    (container, blob): (&str, &str),
) -> Result<Table, RowsError> {
    if is_csv(blob) {
        return count_csv(storage, container, blob).await;
    }
    let counted = counting(storage.clone(), container.to_owned(), blob.to_owned()).await?;
    if let Some(table) = counted {
        return Ok(table);
    }
    if !blob.ends_with('/') {
        let mut content = storage.open(container, blob).await?;
        let first = content.try_next().await;
        first.map_err(|source| RowsError::BrokenOff { after: 0, source })?;
    }
    Ok(Table::uncounted())
}

fn is_csv(blob: &str) -> bool {
    let name = blob.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_csv_is_known_by_its_name() {
        assert!(is_csv("a.b/c.CSV"));
        for other in ["c.parquet", "a.csv/nothing", "c.csv.gz", "nothing.", "csv"] {
            assert!(!is_csv(other), "{other}");
        }
    }
}
