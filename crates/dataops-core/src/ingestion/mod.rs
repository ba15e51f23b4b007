//! Whether data arrived: the first, contract-free test of an ingestion.

mod counting;
mod data;
mod rows;

pub use counting::{Counting, only_csv};
pub use rows::{RowsError, Table};

use serde::Serialize;

use self::counting::count;
use self::data::{Data, data_of};
use crate::connection::{Storage, StorageError};

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
    /// What counts files that are no plain CSV.
    pub counting: Counting,
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
    /// The rows of the training data, where they were counted.
    pub training_rows: Option<u64>,
    /// The rows of the testing data, where they were counted.
    pub testing_rows: Option<u64>,
}

impl IngestionReport {
    /// Whether every check that was made holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.outcome != CheckOutcome::Failed)
    }

    /// The rows that were written, where all of them were counted.
    #[must_use]
    pub fn written_rows(&self) -> Option<u64> {
        let both = self.training_rows.zip(self.testing_rows);
        both.map(|(training, testing)| training + testing)
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
    /// Nobody asked for it, or nobody can tell.
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
        let mut report = IngestionReport {
            run_id: self.run_id.clone(),
            checks,
            input_rows: None,
            training_rows: training.rows,
            testing_rows: testing.rows,
        };
        let written = report.written_rows();
        let stray = training.stray.as_deref().or(testing.stray.as_deref());
        report.input_rows = self
            .input_rows(storage, (written, stray), &mut report.checks)
            .await?;
        Ok(report)
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
        let data = data_of(blobs, &prefix);
        if data.is_empty() {
            checks.push(failed(
                &format!("{what} folder exists"),
                format!("{container}/{prefix} has no data files"),
            ));
            return Ok(Table::default());
        }
        checks.push(passed(&format!("{what} folder exists"), size(&data)));
        self.table(storage, container, (what, &data), checks).await
    }

    /// What the data of a folder come to.
    async fn table(
        &self,
        storage: &Storage,
        container: &str,
        (what, data): (&str, &[Data]),
        checks: &mut Vec<Check>,
    ) -> Result<Table, StorageError> {
        let mut whole = Table::default();
        let (mut unknown, mut known) = (None, false);
        let mut otherwise = None;
        for part in data {
            let counted = count(self.counting, storage, (container, &part.name)).await;
            match counted {
                Ok(table) => {
                    match table.rows {
                        None => unknown = unknown.or(Some(&part.name)),
                        Some(_) => known = true,
                    }
                    let different = whole.difference(&table);
                    let named = different.map(|different| (&part.name, different));
                    otherwise = otherwise.or(named);
                    whole.join(table);
                }
                Err(RowsError::Storage(error)) => return Err(error),
                Err(error) => {
                    checks.push(failed(
                        &format!("{what} data are readable"),
                        format!("{container}/{}: {error}", part.name),
                    ));
                    return Ok(whole);
                }
            }
        }
        let name = format!("{what} data are readable");
        checks.push(match unknown {
            None => passed(&name, format!("{} columns", whole.columns.len())),
            Some(file) => {
                let found = format!("{container}/{file} is of a format that is not known here");
                skipped(&name, found)
            }
        });
        checks.extend(otherwise.map(|(file, different)| {
            let found = format!(
                "{container}/{file} has [{}] and lacks [{}], beside the first file",
                different.has.join(", "),
                different.lacks.join(", ")
            );
            failed(&format!("{what} files have the same columns"), found)
        }));
        let bytes: u64 = data.iter().map(|part| part.bytes).sum();
        let (some, found) = match whole.rows {
            Some(1) => (true, "1 row".to_owned()),
            Some(rows) => (rows > 0, format!("{} rows", grouped(rows))),
            None => (bytes > 0, format!("{}; rows not counted", sized(bytes))),
        };
        let name = format!("{what} data are not empty");
        checks.push(Check::of(&name, some, found));
        // Nobody can add up rows where some files have them and others nobody knows.
        whole.stray = unknown
            .filter(|_| known)
            .map(|file| format!("{container}/{file}"));
        Ok(whole)
    }

    async fn input_rows(
        &self,
        storage: &Storage,
        (written, stray): (Option<u64>, Option<&str>),
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
        let read = match count(self.counting, storage, (container, blob)).await {
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
        checks.push(match (read, written) {
            (Some(read), Some(written)) => {
                let found = format!("{} read, {} written", grouped(read), grouped(written));
                Check::of(name, read == written, found)
            }
            (None, _) => {
                let found =
                    format!("rows not counted: nobody knows the format of {container}/{blob}");
                skipped(name, found)
            }
            (Some(read), None) if stray.is_some() => failed(
                name,
                format!("{read} read; rows written not counted: nobody knows the format of {}, and other files have another", stray.unwrap_or_default()),
            ),
            (Some(read), None) => skipped(name, format!("{read} read; rows written not counted")),
        });
        Ok(read)
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
    let is_missing = |table: &Table| table.columns.is_empty() && table.rows == Some(0);
    if is_missing(training) || is_missing(testing) {
        return failed(name, "not compared: data are missing".to_owned());
    }
    if training.columns.is_empty() || testing.columns.is_empty() {
        return skipped(name, "not compared: columns are not known".to_owned());
    }
    if lost.is_empty() && extra.is_empty() {
        return passed(name, format!("{} columns", training.columns.len()));
    }
    let found = format!(
        "only in training: [{}]; only in testing: [{}]",
        lost.join(", "),
        extra.join(", ")
    );
    match training.may_lack || testing.may_lack {
        true => skipped(name, format!("{found}; records of JSON may leave some out")),
        false => failed(name, found),
    }
}

/// `1 file, 9.2 MB`.
fn size(data: &[Data]) -> String {
    let bytes: u64 = data.iter().map(|part| part.bytes).sum();
    let files = match data.iter().map(|part| part.files).sum::<usize>() {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    format!("{files}, {}", sized(bytes))
}

/// A number with a comma between each three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn sized(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
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
