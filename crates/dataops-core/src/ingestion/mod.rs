//! Whether data arrived: the first, contract-free test of an ingestion.

mod rows;

pub use rows::{RowsError, Table, count_csv};

use serde::Serialize;

use crate::connection::{BlobEntry, Storage, StorageError};

/// What is tested: where a run has written, and what it read.
#[derive(Clone, Debug)]
pub struct IngestionTest {
    /// The container with the training data, in a folder named after the run.
    pub training: String,
    /// The container with the testing data, in a folder named after the run.
    pub testing: String,
    /// The run.
    pub run_id: String,
    /// The input that was split.
    pub input: Input,
}

/// The input of a run, whose rows its data add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A blob.
    Blob {
        /// Its container.
        container: String,
        /// Its name.
        blob: String,
    },
    /// It is not known, and the test does not hold without it.
    Unknown,
    /// Nobody asks for it; the rows are not added up.
    NotAsked,
}

/// What came out.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct IngestionReport {
    /// The run.
    pub run_id: String,
    /// The checks, in order.
    pub checks: Vec<Check>,
    /// The rows of the input, where they were counted.
    pub input_rows: Option<u64>,
    /// The rows of the training data.
    pub training_rows: u64,
    /// The rows of the testing data.
    pub testing_rows: u64,
}

impl IngestionReport {
    /// Whether every check that was made holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.outcome != CheckOutcome::Failed)
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Check {
    /// What should hold.
    pub name: String,
    /// Whether it does.
    pub outcome: CheckOutcome,
    /// What was found.
    pub found: String,
}

impl Check {
    /// One that holds, or does not.
    #[must_use]
    pub fn of(name: &str, holds: bool, found: String) -> Self {
        match holds {
            true => passed(name, found),
            false => failed(name, found),
        }
    }

    /// One that could not be made.
    pub(crate) fn skipped(name: &str, found: String) -> Self {
        skipped(name, found)
    }
}

/// Whether a check holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CheckOutcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// Nobody asked for it.
    Skipped,
}

/// The test itself could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestionError {
    /// A container could not be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl IngestionTest {
    /// Looks at what the run has written. Blobs are streamed; nothing is held in memory.
    ///
    /// # Errors
    ///
    /// When a container cannot be read at all. Data that are missing or broken are failed checks.
    pub async fn run(&self, storage: &Storage) -> Result<IngestionReport, IngestionError> {
        let mut checks = Vec::new();
        let training = self
            .folder(storage, &self.training, "training", &mut checks)
            .await?;
        let testing = self
            .folder(storage, &self.testing, "testing", &mut checks)
            .await?;
        checks.push(same_columns(&training, &testing));
        let input = self
            .input_rows(storage, training.rows + testing.rows, &mut checks)
            .await?;
        Ok(IngestionReport {
            run_id: self.run_id.clone(),
            checks,
            input_rows: input,
            training_rows: training.rows,
            testing_rows: testing.rows,
        })
    }

    async fn folder(
        &self,
        storage: &Storage,
        container: &str,
        what: &str,
        checks: &mut Vec<Check>,
    ) -> Result<Table, StorageError> {
        let prefix = format!("{}/", self.run_id);
        let blobs = match storage.list(container, &prefix).await {
            Err(StorageError::NoContainer { container }) => {
                checks.push(failed(
                    &format!("{what} folder exists"),
                    format!("there is no container `{container}`"),
                ));
                return Ok(Table::default());
            }
            listed => listed?,
        };
        let data: Vec<_> = blobs.into_iter().filter(is_data).collect();
        if data.is_empty() {
            checks.push(failed(
                &format!("{what} folder exists"),
                format!("{container}/{prefix} has no data files"),
            ));
            return Ok(Table::default());
        }
        checks.push(passed(&format!("{what} folder exists"), size(&data)));
        let mut whole = Table::default();
        for blob in &data {
            let counted = count_csv(storage, container, &blob.name).await;
            match counted {
                Ok(table) => whole.join(table),
                Err(RowsError::Storage(error)) => return Err(error),
                Err(error) => {
                    checks.push(failed(
                        &format!("{what} data are readable"),
                        format!("{container}/{}: {error}", blob.name),
                    ));
                    return Ok(whole);
                }
            }
        }
        checks.push(passed(
            &format!("{what} data are readable"),
            format!("{} columns", whole.columns.len()),
        ));
        let rows = format!("{} rows", whole.rows);
        let name = format!("{what} data are not empty");
        checks.push(if whole.rows > 0 {
            passed(&name, rows)
        } else {
            failed(&name, rows)
        });
        Ok(whole)
    }

    async fn input_rows(
        &self,
        storage: &Storage,
        written: u64,
        checks: &mut Vec<Check>,
    ) -> Result<Option<u64>, StorageError> {
        let name = "training and testing rows add up to the input";
        let (container, blob) = match &self.input {
            Input::Blob { container, blob } => (container, blob),
            missing => {
                let unknown = match missing {
                    Input::NotAsked => skipped,
                    _ => failed,
                };
                let found = "the input is not known; name it by --input CONTAINER/BLOB";
                checks.push(unknown(name, found.to_owned()));
                return Ok(None);
            }
        };
        let read = match count_csv(storage, container, blob).await {
            Ok(table) => table.rows,
            Err(RowsError::Storage(StorageError::Service {
                container,
                blob,
                source,
            })) => {
                return Err(StorageError::Service {
                    container,
                    blob,
                    source,
                });
            }
            Err(error) => {
                checks.push(failed(
                    name,
                    format!("the input {container}/{blob} cannot be read: {error}"),
                ));
                return Ok(None);
            }
        };
        let found = format!("{read} read, {written} written");
        checks.push(if read == written {
            passed(name, found)
        } else {
            failed(name, found)
        });
        Ok(Some(read))
    }
}

fn same_columns(training: &Table, testing: &Table) -> Check {
    let name = "training and testing data have the same columns";
    let missing = |from: &Table, to: &Table| -> Vec<String> {
        from.columns
            .iter()
            .filter(|column| !to.columns.contains(column))
            .cloned()
            .collect()
    };
    let (lost, extra) = (missing(training, testing), missing(testing, training));
    if training.columns.is_empty() || testing.columns.is_empty() {
        return failed(name, "not compared: data are missing".to_owned());
    }
    if lost.is_empty() && extra.is_empty() {
        return passed(name, format!("{} columns", training.columns.len()));
    }
    failed(
        name,
        format!(
            "only in training: [{}]; only in testing: [{}]",
            lost.join(", "),
            extra.join(", ")
        ),
    )
}

/// `1 file, 9.2 MB`.
fn size(blobs: &[BlobEntry]) -> String {
    let bytes: u64 = blobs.iter().map(|blob| blob.bytes).sum();
    let files = if blobs.len() == 1 {
        "1 file".to_owned()
    } else {
        format!("{} files", blobs.len())
    };
    match bytes {
        0..1_000 => format!("{files}, {bytes} bytes"),
        1_000..1_000_000 => format!("{files}, {:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{files}, {:.1} MB", bytes as f64 / 1e6),
        _ => format!("{files}, {:.1} GB", bytes as f64 / 1e9),
    }
}

/// Not the markers that Spark and Hadoop leave beside data.
fn is_data(blob: &BlobEntry) -> bool {
    let name = blob.name.rsplit('/').next().unwrap_or_default();
    !name.is_empty() && !name.starts_with('_') && !name.starts_with('.')
}

fn passed(name: &str, found: String) -> Check {
    check(name, CheckOutcome::Passed, found)
}

fn failed(name: &str, found: String) -> Check {
    check(name, CheckOutcome::Failed, found)
}

fn skipped(name: &str, found: String) -> Check {
    check(name, CheckOutcome::Skipped, found)
}

fn check(name: &str, outcome: CheckOutcome, found: String) -> Check {
    Check {
        name: name.to_owned(),
        outcome,
        found,
    }
}
