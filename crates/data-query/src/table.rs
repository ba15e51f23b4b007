//! A table that a query reads: Arrow batches from anywhere, of only the columns that it needs.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{
    Array, ArrayData, ArrayRef, RecordBatch, RecordBatchOptions, make_array,
};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::TableType;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::Expr;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use futures::StreamExt;
use futures::stream::BoxStream;

use crate::error::Unreadable;
use crate::names;

/// Batches of a table, as they are read; an error ends them.
pub type Batches = BoxStream<'static, std::result::Result<RecordBatch, String>>;

/// A table that can be read more than once.
pub trait Table: fmt::Debug + Send + Sync {
    /// Its columns.
    fn schema(&self) -> SchemaRef;

    /// Its rows, with the columns at these places of the schema, in this order.
    fn scan(&self, columns: &[usize]) -> Batches;
}

/// A table as the engine knows it: names in lower case, since names of SQL have none.
#[derive(Debug)]
pub(crate) struct Provider {
    table: Arc<dyn Table>,
    schema: SchemaRef,
}

impl Provider {
    pub(crate) fn new(table: Arc<dyn Table>) -> Self {
        let schema = table.schema();
        let fields = schema.fields().iter().map(|field| names::lowered(field));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        Self { table, schema }
    }
}

#[async_trait]
impl TableProvider for Provider {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _session: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let columns = match projection {
            Some(columns) => columns.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        let schema = Arc::new(self.schema.project(&columns)?);
        let part: Arc<dyn PartitionStream> = Arc::new(Part {
            table: Arc::clone(&self.table),
            columns,
            schema: Arc::clone(&schema),
        });
        let plan = StreamingTableExec::try_new(schema, vec![part], None, [], false, limit)?;
        Ok(Arc::new(plan))
    }
}

/// Some columns of a table.
#[derive(Debug)]
struct Part {
    table: Arc<dyn Table>,
    columns: Vec<usize>,
    schema: SchemaRef,
}

impl PartitionStream for Part {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let schema = Arc::clone(&self.schema);
        let batches = self.table.scan(&self.columns).map(move |batch| {
            let batch =
                batch.map_err(|reason| DataFusionError::External(Box::new(Unreadable(reason))))?;
            // The schema has other names; the count of rows is all there is of a batch without columns.
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let columns = batch.columns().iter().zip(schema.fields());
            let columns = columns.map(|(column, field)| renamed(column, field.data_type()));
            let columns = columns.collect::<Result<Vec<_>>>()?;
            Ok(RecordBatch::try_new_with_options(
                Arc::clone(&schema),
                columns,
                &rows,
            )?)
        });
        let schema = Arc::clone(&self.schema);
        Box::pin(RecordBatchStreamAdapter::new(schema, batches))
    }
}

/// The same array by another type, which differs in names of fields alone.
fn renamed(array: &ArrayRef, to: &DataType) -> Result<ArrayRef> {
    if array.data_type() == to {
        return Ok(Arc::clone(array));
    }
    Ok(make_array(relabelled(array.to_data(), to)?))
}

fn relabelled(data: ArrayData, to: &DataType) -> Result<ArrayData> {
    let inner: Vec<&DataType> = match to {
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::List(item) => vec![item.data_type()],
        _ => Vec::new(),
    };
    let children = data.child_data().iter().cloned();
    let children = match inner.len() == children.len() {
        true => children
            .zip(inner)
            .map(|(child, to)| relabelled(child, to))
            .collect::<Result<Vec<_>>>()?,
        false => children.collect(),
    };
    let data = data.into_builder().data_type(to.clone());
    Ok(data.child_data(children).build()?)
}
