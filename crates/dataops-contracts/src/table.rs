//! An object's files as a table of queries.

use std::fmt;
use std::sync::Arc;

use data_contract::plan::Object;
use data_query::arrow::datatypes::SchemaRef;
use data_query::{Batches, Queries, QueryError, Table};
use data_scan::{Layout, Options, Progress, Source, caught, read};
use futures::StreamExt;
use tokio::sync::mpsc;

/// Batches that are read before they are asked for.
const AHEAD: usize = 4;

/// Adds an object, by its name and its physical name, which are both in use.
pub(crate) fn add(
    queries: &mut Queries,
    object: &Object,
    (source, layout): (&Source, Layout),
    (options, progress): (&Options, &Arc<Progress>),
) -> Result<(), QueryError> {
    let table: Arc<dyn Table> = Arc::new(Files {
        source: source.clone(),
        layout,
        options: options.clone(),
        progress: Arc::clone(progress),
    });
    queries.add(&object.name, Arc::clone(&table))?;
    match object.physical_name.eq_ignore_ascii_case(&object.name) {
        true => Ok(()),
        false => queries.add(&object.physical_name, table),
    }
}

struct Files {
    source: Source,
    layout: Layout,
    options: Options,
    progress: Arc<Progress>,
}

impl fmt::Debug for Files {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Files")
            .field("location", &self.source.location)
            .finish_non_exhaustive()
    }
}

impl Table for Files {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.layout.schema())
    }

    fn scan(&self, columns: &[usize]) -> Batches {
        let layout = self.layout.only(columns);
        let source = self.source.clone();
        let (options, progress) = (self.options.clone(), Arc::clone(&self.progress));
        let (give, take) = mpsc::channel(AHEAD);
        let take_back = give.clone();
        tokio::task::spawn_blocking(move || {
            let each = |batch: data_query::arrow::array::RecordBatch| {
                give.blocking_send(Ok(batch)).is_ok()
            };
            let reading = || read(&layout, &source, &options, &progress, each);
            let Some(reading) = caught(reading) else {
                // Rows that are missing must not look as if there were none.
                let _ = take_back.blocking_send(Err("the reading of it broke down".to_owned()));
                return;
            };
            let error = match reading {
                Ok(files) => files
                    .into_iter()
                    .find_map(|file| Some(format!("{}: {}", file.path, file.unreadable?))),
                Err(error) => Some(error.to_string()),
            };
            if let Some(error) = error {
                // Who does not listen any more has ended the reading, and does not miss it.
                let _ = give.blocking_send(Err(error));
            }
        });
        futures::stream::unfold(
            take,
            |mut take| async move { Some((take.recv().await?, take)) },
        )
        .boxed()
    }
}
