//! What runs in a workspace for this program alone, or lies there, so that it ends with what it was started for.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use databricks_client::{
    ExecuteStatement, ImportFormat, ImportOptions, RunStarted, Statement, SubmitRun,
    WorkspaceClient,
};
use futures::future::join_all;
use tokio::sync::watch;

/// Statements and runs that go on, and notebooks for them. Clones are the same.
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
    notebooks: BTreeSet<String>,
}

/// What has come of what went on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// How many statements and runs the workspace has cancelled.
    pub cancelled: usize,
    /// How many may go on, since it has not said that they are cancelled.
    pub left: usize,
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

    /// Brings a notebook, which is gone when this is at its end.
    ///
    /// # Errors
    ///
    /// Those of [`databricks_client::Workspace::import`].
    pub async fn import(
        &self,
        client: &WorkspaceClient,
        path: &str,
        (text, format): (String, ImportFormat),
    ) -> azure_core::Result<()> {
        let (own, sent, path) = (self.clone(), client.clone(), path.to_owned());
        self.start(client, async move {
            // It may be there although the answer is lost.
            own.known().notebooks.insert(path.clone());
            let options = ImportOptions {
                overwrite: true,
                ..ImportOptions::default()
            };
            let workspace = sent.workspace();
            let import = workspace.import(&path, text.as_bytes(), format, Some(options));
            import.await.map(drop)
        })
        .await
    }

    /// Deletes a notebook that was brought. One that cannot be deleted says nothing that is secret.
    pub async fn remove(&self, client: &WorkspaceClient, path: &str) {
        let _ = client.workspace().delete(path, false, None).await;
        self.known().notebooks.remove(path);
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

    /// Cancels what goes on and deletes what was brought, within some time, and says what has come of it.
    pub async fn end(&self, patience: Duration) -> Ended {
        let cancelled = AtomicUsize::new(0);
        let all = AtomicUsize::new(0);
        // It tells how far it has come also where it does not come to its end.
        let _ = tokio::time::timeout(patience, self.end_all(&all, &cancelled)).await;
        let cancelled = cancelled.into_inner();
        let unknown = *self.0.starting.borrow();
        let unasked = {
            let known = self.known();
            known.statements.len() + known.runs.len()
        };
        Ended {
            cancelled,
            left: all.into_inner().saturating_sub(cancelled) + unknown + unasked,
        }
    }

    async fn end_all(&self, all: &AtomicUsize, cancelled: &AtomicUsize) {
        let mut starting = self.0.starting.subscribe();
        // The sender lives as long as this value.
        let _ = starting.wait_for(|starting| *starting == 0).await;
        let Known {
            client,
            statements,
            runs,
            notebooks,
        } = std::mem::take(&mut *self.known());
        let Some(client) = client else {
            return;
        };
        all.store(statements.len() + runs.len(), Ordering::Relaxed);
        let note = |ended: bool| cancelled.fetch_add(usize::from(ended), Ordering::Relaxed);
        let of_statements = statements.iter().map(async |id| {
            note(client.statements().cancel(id, None).await.is_ok());
        });
        let of_runs = runs.iter().map(async |id| {
            note(client.jobs().cancel_run(*id, None).await.is_ok());
        });
        let of_notebooks = notebooks.iter().map(async |path| {
            let _ = client.workspace().delete(path, false, None).await;
        });
        futures::join!(
            join_all(of_statements),
            join_all(of_runs),
            join_all(of_notebooks)
        );
    }
}
