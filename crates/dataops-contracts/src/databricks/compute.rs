//! Who measures: a SQL warehouse, or a cluster by a notebook.

use std::time::{Duration, Instant};

use data_contract::model::Server;
use data_contract::spark::Answer;
use databricks_client::{TimedOut, WorkspaceClient};
use serde::Serialize;

use super::Databricks;
use super::notebook::Notebook;
use super::warehouse::Warehouse;
use crate::CheckError;
use crate::server::format::custom;

/// Who measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compute {
    /// A SQL warehouse, by its id or its name.
    Warehouse(String),
    /// A cluster, by its id: a notebook runs there.
    Cluster(String),
}

impl Compute {
    /// What a server of a contract names by its custom properties.
    fn of_server(server: Server<'_>) -> Option<Self> {
        let of = |name: &str| {
            let text = custom(server, name)?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let of_path = of("httpPath").and_then(|path| {
            let (_, id) = path.rsplit_once("/warehouses/")?;
            Some(id.trim_end_matches('/').to_owned())
        });
        of("warehouseId")
            .or_else(|| of("warehouse"))
            .or(of_path)
            .map(Self::Warehouse)
            .or_else(|| of("clusterId").map(Self::Cluster))
    }
}

/// What a test in Databricks took.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Took {
    /// Who has measured.
    pub compute: Used,
    /// How many statements were executed.
    pub statements: usize,
    /// Seconds from the first one to the end of the last.
    pub seconds: f64,
}

/// Who has measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Used {
    /// A SQL warehouse.
    Warehouse {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
        /// Its size, such as `2X-Small`.
        size: Option<String>,
        /// How it stood before, such as `STOPPED`.
        before: Option<String>,
        /// After how many idle minutes it stops; 0 for never.
        auto_stop_minutes: Option<u32>,
    },
    /// A cluster.
    Cluster {
        /// Its id.
        id: String,
        /// How many notebooks ran on it.
        runs: usize,
    },
}

/// When a test has to have ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    begun: Instant,
    limit: Duration,
}

impl Deadline {
    /// From now on.
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            begun: Instant::now(),
            limit,
        }
    }

    /// How much time is left.
    pub(super) fn left(self) -> Duration {
        self.limit.saturating_sub(self.begun.elapsed())
    }

    /// Waits for something until then.
    ///
    /// # Errors
    ///
    /// Its own, or [`TimedOut`] inside the error.
    pub(super) async fn within<T>(
        self,
        what: &str,
        work: impl Future<Output = azure_core::Result<T>>,
    ) -> azure_core::Result<T> {
        let left = self.left();
        let late = || TimedOut::error(what, self.limit);
        match left.is_zero() {
            // It would be begun all the same.
            true => Err(late()),
            false => match tokio::time::timeout(left, work).await {
                Ok(done) => done,
                Err(_) => Err(late()),
            },
        }
    }

    /// Why something was ended.
    pub(super) fn reason(self) -> String {
        let seconds = self.limit.as_secs();
        let time = match seconds {
            60.. if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
            _ => format!("{seconds} s"),
        };
        format!("it was cancelled, because the test has taken {time}, which is its limit")
    }
}

/// Who answers statements.
pub(super) struct Runner {
    by: By,
    deadline: Deadline,
    statements: usize,
}

enum By {
    Warehouse(Box<Warehouse>),
    Notebook(Box<Notebook>),
}

impl Runner {
    /// Finds who measures. Nothing is executed yet.
    pub(super) async fn start(
        client: WorkspaceClient,
        server: Server<'_>,
        (how, deadline): (&Databricks<'_>, Deadline),
    ) -> Result<Self, CheckError> {
        let wanted = how.compute.clone().or_else(|| Compute::of_server(server));
        let by = match wanted {
            Some(Compute::Cluster(id)) => {
                let notebook = Notebook::start(client, id, (how, deadline)).await?;
                By::Notebook(Box::new(notebook))
            }
            wanted => {
                let named = match &wanted {
                    Some(Compute::Warehouse(named)) => Some(named.as_str()),
                    _ => None,
                };
                let warehouse = Warehouse::find(client, named, (how, deadline)).await?;
                By::Warehouse(Box::new(warehouse))
            }
        };
        Ok(Self {
            by,
            deadline,
            statements: 0,
        })
    }

    /// Whether there is time left.
    pub(super) fn has_time(&self) -> bool {
        !self.deadline.left().is_zero()
    }

    /// The answers to statements, in their order.
    pub(super) async fn ask(&mut self, statements: Vec<String>) -> Result<Vec<Answer>, CheckError> {
        if statements.is_empty() {
            return Ok(Vec::new());
        }
        self.statements += statements.len();
        match &mut self.by {
            By::Warehouse(warehouse) => warehouse.ask(statements, self.deadline).await,
            By::Notebook(notebook) => notebook.ask(statements, self.deadline).await,
        }
    }

    /// What it took until now.
    pub(super) fn took(&self) -> Took {
        Took {
            compute: match &self.by {
                By::Warehouse(warehouse) => warehouse.used(),
                By::Notebook(notebook) => notebook.used(),
            },
            statements: self.statements,
            seconds: self.deadline.begun.elapsed().as_secs_f64(),
        }
    }
}
