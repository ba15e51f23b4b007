//! What runs in a workspace for this program alone, so that it ends with what it was started for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use databricks_client::{ExecuteStatement, RunStarted, Statement, SubmitRun, WorkspaceClient};
use futures::future::join_all;
use tokio::sync::watch;

/// Statements and runs that go on. Clones are the same.
///
/// Each is started by a task of its own: where the caller is dropped while the answer is on its way, the id is learned all the same, and
/// nothing runs on unseen.
#[derive(Clone, Debug)]
pub struct Going(Arc<State>);

#[derive(Debug)]
struct State {
    known: Mutex<Known>,
    /// How many starts are not answered yet.
    starting: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct Known {
    client: Option<WorkspaceClient>,
    statements: BTreeSet<String>,
    runs: BTreeSet<i64>,
}

impl Default for Going {
    fn default() -> Self {
        Self(Arc::new(State {
            known: Mutex::default(),
            starting: watch::Sender::new(0),
        }))
    }
}

impl Going {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Executes a statement.
    ///
    /// # Errors
    ///
    /// Those of [`databricks_client::Statements::execute`].
    pub async fn execute(
        &self,
        client: &WorkspaceClient,
        statement: ExecuteStatement,
    ) -> azure_core::Result<Statement> {
        let (own, sent) = (self.clone(), client.clone());
        self.start(client, async move {
            let answer = sent.statements().execute(&statement, None).await?;
            let statement = answer.into_model()?;
            if !statement.is_terminal() {
                own.known()
                    .statements
                    .insert(statement.statement_id.clone());
            }
            Ok(statement)
        })
        .await
    }

    /// Submits a run.
    ///
    /// # Errors
    ///
    /// Those of [`databricks_client::Jobs::submit`].
    pub async fn submit(
        &self,
        client: &WorkspaceClient,
        run: SubmitRun,
    ) -> azure_core::Result<RunStarted> {
        let (own, sent) = (self.clone(), client.clone());
        self.start(client, async move {
            let started = sent.jobs().submit(&run, None).await?.into_model()?;
            own.known().runs.insert(started.run_id);
            Ok(started)
        })
        .await
    }

    async fn start<T: Send + 'static>(
        &self,
        client: &WorkspaceClient,
        start: impl Future<Output = azure_core::Result<T>> + Send + 'static,
    ) -> azure_core::Result<T> {
        self.known().client = Some(client.clone());
        self.0.starting.send_modify(|starting| *starting += 1);
        let own = self.clone();
        let started = tokio::spawn(async move {
            let started = start.await;
            own.0.starting.send_modify(|starting| *starting -= 1);
            started
        });
        match started.await {
            Ok(started) => started,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Notes that a statement has ended.
    pub fn statement_ended(&self, id: &str) {
        self.known().statements.remove(id);
    }

    /// Notes that a run has ended.
    pub fn run_ended(&self, id: i64) {
        self.known().runs.remove(&id);
    }

    /// Cancels a statement, which nobody waits for any more.
    pub async fn cancel(&self, client: &WorkspaceClient, id: &str) {
        // It ends by itself, or by the limit of the warehouse, where it cannot be cancelled.
        let _ = client.statements().cancel(id, None).await;
        self.statement_ended(id);
    }

    /// Cancels what goes on, within some time, and says how much was.
    pub async fn end(&self, patience: Duration) -> usize {
        let ended = tokio::time::timeout(patience, self.end_all()).await;
        ended.unwrap_or_default()
    }

    async fn end_all(&self) -> usize {
        let mut starting = self.0.starting.subscribe();
        // The sender lives as long as this value.
        let _ = starting.wait_for(|starting| *starting == 0).await;
        let Known {
            client,
            statements,
            runs,
        } = std::mem::take(&mut *self.known());
        let Some(client) = client else {
            return 0;
        };
        let of_statements = statements.iter().map(async |id| {
            let cancelled = client.statements().cancel(id, None).await;
            usize::from(cancelled.is_ok())
        });
        let of_runs = runs.iter().map(async |id| {
            let cancelled = client.jobs().cancel_run(*id, None).await;
            usize::from(cancelled.is_ok())
        });
        let (statements, runs) = futures::join!(join_all(of_statements), join_all(of_runs));
        statements.into_iter().chain(runs).sum()
    }
}
