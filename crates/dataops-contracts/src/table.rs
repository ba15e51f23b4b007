//! An object's files as a table of queries.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use data_contract::plan::Object;
use data_query::arrow::datatypes::{Schema, SchemaRef};
use data_query::arrow::error::ArrowError;
use data_query::{Batches, Queries, QueryError, Table};
use data_scan::{Options, Progress, Source, read_as};
use futures::StreamExt;
use tokio::sync::mpsc;

/// Batches that are read before they are asked for.
const AHEAD: usize = 4;

/// Adds an object, by its name and its physical name, which are both in use.
pub(crate) fn add(
    queries: &mut Queries,
    object: &Object,
    (source, schema): (&Source, &SchemaRef),
    (options, progress): (&Options, &Arc<Progress>),
) -> Result<(), QueryError> {
    let table: Arc<dyn Table> = Arc::new(Files {
        object: object.clone(),
        source: source.clone(),
        schema: Arc::clone(schema),
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
    object: Object,
    source: Source,
    schema: SchemaRef,
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
        Arc::clone(&self.schema)
    }

    fn scan(&self, columns: &[usize]) -> Batches {
        let (object, narrow, order) = match only(&self.object, &self.schema, columns) {
            Ok(only) => only,
            Err(error) => {
                let error = Err(error.to_string());
                return futures::stream::once(async { error }).boxed();
            }
        };
        let source = self.source.clone();
        let (options, progress) = (self.options.clone(), Arc::clone(&self.progress));
        let (give, take) = mpsc::channel(AHEAD);
        let take_back = give.clone();
        tokio::task::spawn_blocking(move || {
            let each = |batch: data_query::arrow::array::RecordBatch| {
                let batch = batch.project(&order).map_err(|error| error.to_string());
                give.blocking_send(batch).is_ok()
            };
            let reading =
                AssertUnwindSafe(|| read_as(&object, (&source, narrow), &options, &progress, each));
            let Ok(reading) = catch_unwind(reading) else {
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

/// An object with only the columns that are read, and where each is in its batches. Without a column, rows are only counted.
type Only = (Object, SchemaRef, Vec<usize>);

fn only(object: &Object, schema: &SchemaRef, columns: &[usize]) -> Result<Only, ArrowError> {
    let name = |at: &usize| schema.field(*at).name().as_str();
    let wanted: Vec<&str> = columns.iter().map(name).collect();
    let mut narrow = object.clone();
    narrow.measures.clear();
    narrow
        .columns
        .retain(|column| wanted.contains(&column.name().as_str()));
    let plain = data_scan::schema(&narrow);
    let fields = plain.fields().iter().map(|field| {
        let known = schema.field_with_name(field.name());
        known.unwrap_or(field).clone()
    });
    let types = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let order = columns.iter().map(|at| types.index_of(name(at)));
    let order = order.collect::<Result<_, _>>()?;
    Ok((narrow, types, order))
}
