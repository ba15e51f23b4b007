//! Queries over tables, within limits.

use std::any::Any;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use data_contract::plan::Literal;
use datafusion::common::{DataFusionError, ScalarValue, TableReference};
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{FunctionRegistry, SessionStateBuilder};
use datafusion::logical_expr::AggregateUDF;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinSet;

use crate::division::TrueDivision;
use crate::names::{self, Names};
use crate::sums::ExactSum;
use crate::table::Provider;
use crate::types::Microseconds;
use crate::value::literal;
use crate::{QueryError, Table, growth};

/// What a query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory for sorting, grouping and joining, in bytes; what is more goes to temporary files.
    pub memory: usize,
    /// Temporary files, in bytes.
    pub disk: u64,
    /// Time for one query.
    pub time: Duration,
    /// Threads.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 512 << 20,
            disk: 32 << 30,
            time: Duration::from_secs(3600),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// Tables, and queries about them.
pub struct Queries {
    context: SessionContext,
    names: Names,
    limits: Limits,
    engine: Engine,
}

/// The threads that queries run on. A plan that computes for long gives way to nobody, so whoever waits for it, with a limit or for
/// Ctrl-C, must not stand on the same thread.
struct Engine {
    handle: Handle,
    runtime: Option<Runtime>,
}

/// The name of the threads that queries run on. What panics there is told as what is wrong with a query.
pub const THREAD: &str = "query";

impl Engine {
    fn new(threads: usize) -> std::io::Result<Self> {
        let mut builder = Builder::new_multi_thread();
        let builder = builder.worker_threads(threads.max(1)).enable_all();
        let runtime = builder.thread_name(THREAD).build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // What still computes is not waited for: it ends at its next step, or with the program.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The part of the memory that operators may have, in hundredths; the rest is for what they do not count.
const COUNTED: usize = 90;

/// What is kept back for merging at most, in bytes.
const MERGING: usize = 10 << 20;

/// What a function may make at once however many threads there are.
const LEAST: usize = 64 << 20;

impl Queries {
    /// Without a table.
    ///
    /// # Errors
    ///
    /// When there is no folder for temporary files, or no thread.
    pub fn new(limits: Limits) -> Result<Self, QueryError> {
        let counted = limits.memory / 100 * COUNTED;
        // What is sorted and grouped at the same time gets its share, and spills beyond it; who comes first would leave others nothing.
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(counted)))
            .with_max_temp_directory_size(limits.disk)
            .build_arc()
            .map_err(|error| QueryError::running(&error, limits.memory))?;
        let threads = limits.threads.max(1);
        let config = SessionConfig::new()
            .with_target_partitions(threads)
            // Each part that is sorted keeps this back for merging what it has spilled.
            .with_sort_spill_reservation_bytes((limits.memory / 8 / threads).min(MERGING))
            .with_information_schema(false);
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(runtime)
            .with_default_features()
            .with_type_planner(Arc::new(Microseconds))
            .build();
        let mut context = SessionContext::new_with_state(state);
        context
            .register_expr_planner(Arc::new(TrueDivision))
            .map_err(|error| QueryError::planning(&error))?;
        context.register_udaf(AggregateUDF::new_from_impl(ExactSum::default()));
        growth::limit(&context, (limits.memory / 2 / threads).max(LEAST));
        Ok(Self {
            context,
            names: Names::default(),
            limits,
            engine: Engine::new(limits.threads)
                .map_err(|error| QueryError::Failed(format!("no thread for queries: {error}")))?,
        })
    }

    /// A table, by a name whose case means nothing.
    ///
    /// # Errors
    ///
    /// When there is a table of this name.
    pub fn add(&mut self, name: &str, table: Arc<dyn Table>) -> Result<(), QueryError> {
        let name = name.to_lowercase();
        let schema = table.schema();
        let mut columns = HashSet::new();
        names::of(schema.fields(), &mut columns, &mut self.names.inner);
        let reference = TableReference::bare(name.clone());
        if self.context.table_exist(reference.clone()).unwrap_or(false) {
            return Err(QueryError::Invalid(format!(
                "there are two tables with the name `{name}`"
            )));
        }
        self.context
            .register_table(reference, Arc::new(Provider::new(table)))
            .map_err(|error| QueryError::planning(&error))?;
        self.names.outer.insert(name);
        self.names.outer.extend(columns);
        Ok(())
    }

    /// The one value of a query.
    ///
    /// # Errors
    ///
    /// When it is no SELECT, cannot be planned, brings something else than one value, or goes beyond a limit.
    pub async fn scalar(&self, query: &str) -> Result<Literal, QueryError> {
        let query = names::known(query, &self.names)?;
        let limit = self.limits.time;
        // Whoever does not wait any longer, ends it: what is in the set is aborted with it.
        let mut running = JoinSet::new();
        let one = one(self.context.clone(), query, self.limits.memory);
        running.spawn_on(one, &self.engine.handle);
        match tokio::time::timeout(limit, running.join_next()).await {
            Ok(Some(Ok(value))) => value,
            // A fault of the engine is one of this query: what else is asked for is answered all the same.
            Ok(Some(Err(ended))) => Err(match ended.try_into_panic() {
                Ok(panic) => self.broken(told(panic.as_ref())),
                Err(ended) => QueryError::Broken(ended.to_string()),
            }),
            Ok(None) | Err(_) => Err(QueryError::TimedOut(limit)),
        }
    }
}

impl Queries {
    /// What a panic of the engine means.
    fn broken(&self, said: String) -> QueryError {
        // A join whose side does not fit in memory reads it again to spill it, which the engine cannot where it is read in parts.
        match said.contains("partition not used yet") {
            true => QueryError::TooLarge {
                limit: self.limits.memory >> 20,
                reason: "one side of a join does not fit".to_owned(),
            },
            false => QueryError::Broken(said),
        }
    }
}

async fn one(context: SessionContext, query: String, memory: usize) -> Result<Literal, QueryError> {
    let plan = context
        .state()
        .create_logical_plan(&query)
        .await
        .map_err(|error| QueryError::planning(&error))?;
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
        .verify_plan(&plan)
        .map_err(|_| QueryError::NotReadOnly)?;
    let running = |error: DataFusionError| QueryError::running(&error, memory);
    let frame = context
        .execute_logical_plan(plan)
        .await
        .map_err(|error| QueryError::planning(&error))?;
    let columns = frame.schema().fields().len();
    let mut stream = frame.execute_stream().await.map_err(running)?;
    let (mut rows, mut value) = (0, None);
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(running)?;
        rows += batch.num_rows();
        if columns == 1 && batch.num_rows() == 1 && value.is_none() {
            value = Some(ScalarValue::try_from_array(batch.column(0), 0).map_err(running)?);
        }
        if rows > 1 {
            break;
        }
    }
    match value {
        Some(value) if rows == 1 => literal(&value),
        _ => Err(QueryError::NotOneValue { rows, columns }),
    }
}

/// What somebody said who panicked.
fn told(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it does not say why").to_owned()
}
