//! Statements on a SQL warehouse.

use std::time::Duration;

use data_contract::spark::Answer;
use databricks_client::{
    ApiError, ApiErrorKind, Disposition, ExecuteStatement, OnWaitTimeout, ResultFormat, Statement,
    TimedOut, Wait, Warehouse as Found, WarehouseState, WorkspaceClient, may_pass,
};
use dataops_core::workspace::Going;
use futures::{StreamExt, TryStreamExt, stream};

use super::compute::{Deadline, Used};
use super::{Databricks, reason};
use crate::CheckError;
use crate::server::ServerError;

/// So many statements are on their way at once; a warehouse of one cluster runs ten, and others wait in its queue.
const AT_ONCE: usize = 6;

/// How often a statement is sent again where the service has a passing trouble. It is a query, which changes nothing.
const TRIES: u32 = 4;

/// The first pause between two questions about a statement.
const FIRST: Duration = Duration::from_millis(300);

/// The longest one.
const LONGEST: Duration = Duration::from_secs(5);

/// How long the workspace may take to answer that something is cancelled, once nobody waits for that.
pub(super) const TO_CANCEL: Duration = Duration::from_secs(5);

/// A warehouse that measures.
pub(super) struct Warehouse {
    client: WorkspaceClient,
    found: Found,
    going: Going,
}

impl Warehouse {
    /// The warehouse of an id or a name; without either the only one that there is.
    pub(super) async fn find(
        client: WorkspaceClient,
        named: Option<&str>,
        (how, deadline): (&Databricks<'_>, Deadline),
    ) -> Result<Self, CheckError> {
        let what = "the question which SQL warehouse measures";
        let found = match named {
            Some(id) if is_id(id) => {
                let warehouses = client.warehouses();
                let found = deadline.within(what, warehouses.get(id, None)).await?;
                found.into_model()?
            }
            named => choose(deadline.within(what, all(&client)).await?, named)?,
        };
        let warehouse = Self {
            client,
            found,
            going: how.going.clone(),
        };
        how.told.tell(&warehouse.stands());
        Ok(warehouse)
    }

    /// How the warehouse stands, for people.
    fn stands(&self) -> String {
        let named = named(&self.found);
        match &self.found.state {
            Some(WarehouseState::Running) => format!("{named} is running"),
            Some(WarehouseState::Starting) => format!("{named} is starting"),
            Some(WarehouseState::Stopped | WarehouseState::Stopping) => format!(
                "{named} stands still: the first statement starts it, which may take minutes, and it is billed while it runs"
            ),
            Some(state) => format!("{named} is {state}"),
            None => format!("{named} measures"),
        }
    }

    /// The answers to statements, in their order.
    pub(super) async fn ask(
        &self,
        statements: Vec<String>,
        deadline: Deadline,
    ) -> Result<Vec<Answer>, CheckError> {
        stream::iter(statements)
            .map(|sql| self.one(sql, deadline))
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    async fn one(&self, sql: String, deadline: Deadline) -> Result<Answer, CheckError> {
        let ended = match self.ended(&sql, Disposition::Inline, deadline).await? {
            Ok(ended) => ended,
            Err(reason) => return Ok(Err(reason)),
        };
        match reason::of(&ended) {
            None => self.rows(ended, deadline).await,
            Some(reason) if is_too_large(&reason) => {
                let linked = self.ended(&sql, Disposition::ExternalLinks, deadline);
                match linked.await? {
                    Ok(ended) => match reason::of(&ended) {
                        None => self.rows(ended, deadline).await,
                        Some(reason) => Ok(Err(reason)),
                    },
                    Err(reason) => Ok(Err(reason)),
                }
            }
            Some(reason) => Ok(Err(reason)),
        }
    }

    /// The statement once it has ended, or why it has not.
    async fn ended(
        &self,
        sql: &str,
        disposition: Disposition,
        deadline: Deadline,
    ) -> Result<Result<Statement, String>, CheckError> {
        let statement = ExecuteStatement {
            statement: sql.to_owned(),
            warehouse_id: self.found.id.clone(),
            wait_timeout: Some("0s".to_owned()),
            on_wait_timeout: Some(OnWaitTimeout::Continue),
            disposition: Some(disposition),
            format: Some(ResultFormat::JsonArray),
            ..ExecuteStatement::default()
        };
        let sent = deadline.within("a statement", self.execute(statement));
        let begun = match sent.await {
            Ok(begun) => begun,
            Err(error) => return late(error, deadline).or_else(refused).map(Err),
        };
        if begun.is_terminal() {
            return Ok(Ok(begun));
        }
        let (id, wait) = (begun.statement_id, wait(deadline));
        match self.client.statements().wait(&id, wait).await {
            Ok(ended) => {
                self.going.statement_ended(&id);
                Ok(Ok(ended))
            }
            Err(error) => {
                // What is not cancelled in time ends by itself, or by the limit of the warehouse.
                let cancel = self.going.cancel(&self.client, &id);
                let _ = tokio::time::timeout(TO_CANCEL, cancel).await;
                Ok(Err(late(error, deadline)?))
            }
        }
    }

    async fn execute(&self, statement: ExecuteStatement) -> azure_core::Result<Statement> {
        let mut pause = FIRST;
        for _ in 1..TRIES {
            match self.going.execute(&self.client, statement.clone()).await {
                Err(error) if may_pass(&error) => tokio::time::sleep(pause).await,
                other => return other,
            }
            pause *= 3;
        }
        self.going.execute(&self.client, statement).await
    }

    async fn rows(&self, ended: Statement, deadline: Deadline) -> Result<Answer, CheckError> {
        let truncated = ended
            .manifest
            .as_ref()
            .is_some_and(|manifest| manifest.truncated == Some(true));
        if truncated {
            return Ok(Err("the answer was cut off by a limit".to_owned()));
        }
        let statements = self.client.statements();
        let rows = deadline.within("the rows of an answer", statements.rows(ended));
        match rows.await {
            Ok(rows) => Ok(Ok(rows)),
            Err(error) => Ok(Err(late(error, deadline)?)),
        }
    }

    /// Who has measured.
    pub(super) fn used(&self) -> Used {
        let Found {
            id,
            name,
            cluster_size,
            auto_stop_mins,
            state,
            ..
        } = &self.found;
        Used::Warehouse {
            id: id.clone(),
            name: name.clone().unwrap_or_else(|| id.clone()),
            size: cluster_size.clone(),
            before: state.as_ref().map(ToString::to_string),
            auto_stop_minutes: *auto_stop_mins,
        }
    }
}

/// How a statement is waited for.
fn wait(deadline: Deadline) -> Wait {
    Wait {
        limit: deadline.left(),
        first: FIRST,
        longest: LONGEST,
    }
}

/// Why something has no answer that was waited for to the end of the time.
pub(super) fn late(error: azure_core::Error, deadline: Deadline) -> azure_core::Result<String> {
    match TimedOut::of(&error) {
        Some(_) => Ok(deadline.reason()),
        None => Err(error),
    }
}

/// A statement that the service does not take is an error of its checks; anything else ends the test.
fn refused(error: azure_core::Error) -> Result<String, CheckError> {
    match ApiError::of(&error) {
        Some(refusal) if refusal.kind() == ApiErrorKind::BadRequest => {
            Ok(reason::short(&refusal.message))
        }
        _ => Err(error.into()),
    }
}

/// Whether the result does not fit into an answer, so that it has to be fetched by links.
fn is_too_large(reason: &str) -> bool {
    reason.contains("EXTERNAL_LINKS")
}

fn is_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|letter| letter.is_ascii_hexdigit())
}

/// The warehouses that are there.
async fn all(client: &WorkspaceClient) -> azure_core::Result<Vec<Found>> {
    let pager = client.warehouses().list(None);
    let mut all: Vec<Found> = pager.try_collect().await?;
    let is_gone = |found: &Found| {
        let state = found.state.as_ref();
        matches!(
            state,
            Some(WarehouseState::Deleting | WarehouseState::Deleted)
        )
    };
    all.retain(|found| !is_gone(found));
    Ok(all)
}

fn choose(all: Vec<Found>, named: Option<&str>) -> Result<Found, CheckError> {
    let names: Vec<_> = all.iter().map(self::named).collect();
    let hint = match names.is_empty() {
        true => {
            "the workspace has none that you may see; a cluster measures by --cluster ID".to_owned()
        }
        false => format!("there are {}", names.join(", ")),
    };
    let mut fitting = all.into_iter().filter(|warehouse| match named {
        Some(wanted) => warehouse.name.as_deref() == Some(wanted) || warehouse.id == wanted,
        None => true,
    });
    let reason = match (fitting.next(), fitting.next(), named) {
        (Some(one), None, _) => return Ok(one),
        (Some(_), Some(_), None) => "nobody says which SQL warehouse measures".to_owned(),
        (Some(_), Some(_), Some(name)) => format!("several SQL warehouses are called `{name}`"),
        (None, _, Some(name)) => format!("there is no SQL warehouse `{name}`"),
        (None, _, None) => "there is no SQL warehouse that measures".to_owned(),
    };
    let hint = match named {
        None => format!("name one by --warehouse or DATABRICKS_WAREHOUSE_ID; {hint}"),
        Some(_) => hint,
    };
    Err(ServerError::new(reason).hint(hint).into())
}

/// ``SQL warehouse `name` (2X-Small, 0123456789abcdef)``.
fn named(found: &Found) -> String {
    let name = found.name.as_deref().unwrap_or(&found.id);
    match &found.cluster_size {
        Some(size) => format!("SQL warehouse `{name}` ({size})"),
        None => format!("SQL warehouse `{name}`"),
    }
}
