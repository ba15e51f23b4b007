//! Statements: executed in the background, asked for until they have ended.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{self, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use uuid::Uuid;

use crate::databricks::Workspace;
use crate::databricks::fields::{Answer, Fields, empty};
use crate::databricks::refusal::Refusal;

/// So many statements are remembered; the service forgets them after some hours.
const MOST: usize = 1_000;

/// So many rows are in one part of a result.
const PART: usize = 5_000;

/// So many bytes of values are handed over in answers.
const INLINE: usize = 25 << 20;

/// How long an answer waits where nobody says how long.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far a statement is.
#[derive(Clone, Debug)]
enum Standing {
    Running,
    Succeeded {
        columns: Vec<Map<String, Value>>,
        rows: Arc<Vec<Vec<Option<String>>>>,
    },
    Failed {
        code: String,
        message: String,
    },
    Cancelled,
}

type Told = watch::Sender<Standing>;

#[derive(Default)]
pub(super) struct Statements(Mutex<Known>);

#[derive(Default)]
struct Known {
    by_id: HashMap<String, Arc<Told>>,
    order: VecDeque<String>,
}

impl Statements {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: &str) -> Result<Arc<Told>, Refusal> {
        let found = self.lock().by_id.get(id).cloned();
        found.ok_or_else(|| Refusal::not_found(format!("The statement {id} was not found.")))
    }

    fn begin(&self, id: &str) -> Arc<Told> {
        let told = Arc::new(watch::Sender::new(Standing::Running));
        let mut known = self.lock();
        known.by_id.insert(id.to_owned(), Arc::clone(&told));
        known.order.push_back(id.to_owned());
        if known.order.len() > MOST
            && let Some(oldest) = known.order.pop_front()
        {
            known.by_id.remove(&oldest);
        }
        told
    }
}

pub(super) fn router() -> Router<Workspace> {
    let at = "/api/2.0/sql/statements";
    Router::new()
        .route(at, post(execute))
        .route(&format!("{at}/"), post(execute))
        .route(&format!("{at}/{{id}}"), get(one))
        .route(&format!("{at}/{{id}}/result/chunks/{{index}}"), get(chunk))
        .route(&format!("{at}/{{id}}/cancel"), post(cancel))
}

async fn execute(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    fields.required("statement")?;
    let warehouse = fields.required("warehouse_id")?;
    let patience = patience(&fields)?;
    if fields.text("disposition")?.as_deref() == Some("EXTERNAL_LINKS") {
        return Err(Refusal::not_emulated("statements with external links"));
    }
    workspace.sql().warehouses.run(&warehouse)?;
    let id = Uuid::new_v4().to_string();
    let told = workspace.sql().statements.begin(&id);
    tokio::spawn(work(
        workspace.clone(),
        id.clone(),
        fields.all().clone(),
        Arc::clone(&told),
    ));
    let mut ended = told.subscribe();
    let ended = ended.wait_for(|standing| !matches!(standing, Standing::Running));
    let late = tokio::time::timeout(patience, ended).await.is_err();
    if late && fields.text("on_wait_timeout")?.as_deref() == Some("CANCEL") {
        end(&workspace, &id, &told).await;
    }
    Ok(Json(described(&id, &told, patience.is_zero())))
}

/// How long the answer waits.
fn patience(fields: &Fields) -> Result<Duration, Refusal> {
    let Some(text) = fields.text("wait_timeout")? else {
        return Ok(PATIENCE);
    };
    let seconds = text
        .strip_suffix('s')
        .and_then(|digits| digits.parse().ok());
    match seconds {
        Some(seconds @ (0 | 5..=50)) => Ok(Duration::from_secs(seconds)),
        _ => Err(Refusal::invalid(format!(
            "wait_timeout `{text}` must be 0s, or between 5s and 50s"
        ))),
    }
}

/// Executes a statement to its end.
async fn work(workspace: Workspace, id: String, fields: Map<String, Value>, told: Arc<Told>) {
    let standing = executed(&workspace, &id, &fields).await;
    told.send_if_modified(|known| {
        let running = matches!(known, Standing::Running);
        if running {
            *known = standing;
        }
        running
    });
}

#[cfg(unix)]
async fn executed(workspace: &Workspace, id: &str, fields: &Map<String, Value>) -> Standing {
    let executed = workspace.sql().engine.execute(workspace, id, fields).await;
    let failed = |code: &str, message: String| Standing::Failed {
        code: code.to_owned(),
        message,
    };
    match executed {
        Err(message) => failed("NOT_IMPLEMENTED", message),
        Ok(executed) => match executed.failure {
            Some(failure) => failed(&failure.code, failure.message),
            None if bytes(&executed.rows) > INLINE => failed(
                "BAD_REQUEST",
                "Inline byte limit exceeded: the result is larger than 25 MiB, and the emulator has no EXTERNAL_LINKS.".to_owned(),
            ),
            None => Standing::Succeeded {
                columns: executed.columns,
                rows: Arc::new(executed.rows),
            },
        },
    }
}

#[cfg(not(unix))]
#[expect(
    clippy::unused_async,
    reason = "it is executed where processes have groups"
)]
async fn executed(_: &Workspace, _: &str, _: &Map<String, Value>) -> Standing {
    Standing::Failed {
        code: "NOT_IMPLEMENTED".to_owned(),
        message: "the emulator executes SQL on Linux and macOS only".to_owned(),
    }
}

fn bytes(rows: &[Vec<Option<String>>]) -> usize {
    let cells = rows.iter().flatten().flatten();
    cells.map(String::len).sum()
}

/// A statement as the service tells it. One that was sent without waiting is pending in the first answer.
fn described(id: &str, told: &Told, is_new: bool) -> Value {
    let standing = told.borrow().clone();
    let state = match &standing {
        _ if is_new => "PENDING",
        Standing::Running => "RUNNING",
        Standing::Succeeded { .. } => "SUCCEEDED",
        Standing::Failed { .. } => "FAILED",
        Standing::Cancelled => "CANCELED",
    };
    let mut answer = json!({"statement_id": id, "status": {"state": state}});
    match standing {
        _ if is_new => {}
        Standing::Failed { code, message } => {
            answer["status"]["error"] = json!({"error_code": code, "message": message});
        }
        Standing::Succeeded { columns, rows } => {
            answer["manifest"] = manifest(&columns, &rows);
            answer["result"] = part(id, &rows, 0);
        }
        Standing::Running | Standing::Cancelled => {}
    }
    answer
}

fn manifest(columns: &[Map<String, Value>], rows: &[Vec<Option<String>>]) -> Value {
    let columns = columns.iter().enumerate().map(|(at, column)| {
        let mut column = column.clone();
        column.insert("position".to_owned(), at.into());
        Value::Object(column)
    });
    let columns: Vec<_> = columns.collect();
    let chunks = rows.chunks(PART).enumerate().map(
        |(at, rows)| json!({"chunk_index": at, "row_offset": at * PART, "row_count": rows.len()}),
    );
    json!({
        "format": "JSON_ARRAY",
        "schema": {"column_count": columns.len(), "columns": columns},
        "chunks": chunks.collect::<Vec<_>>(),
        "total_chunk_count": rows.len().div_ceil(PART),
        "total_row_count": rows.len(),
        "total_byte_count": bytes(rows),
        "truncated": false,
    })
}

/// A part of a result.
fn part(id: &str, rows: &[Vec<Option<String>>], index: usize) -> Value {
    let from = index.saturating_mul(PART).min(rows.len());
    let to = from.saturating_add(PART).min(rows.len());
    let mut part = json!({
        "chunk_index": index,
        "row_offset": from,
        "row_count": to - from,
        "data_array": rows[from..to],
    });
    if to < rows.len() {
        let next = index + 1;
        part["next_chunk_index"] = next.into();
        part["next_chunk_internal_link"] =
            format!("/api/2.0/sql/statements/{id}/result/chunks/{next}").into();
    }
    part
}

async fn one(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    let told = workspace.sql().statements.find(&id)?;
    Ok(Json(described(&id, &told, false)))
}

async fn chunk(
    State(workspace): State<Workspace>,
    extract::Path((id, index)): extract::Path<(String, usize)>,
) -> Answer {
    let told = workspace.sql().statements.find(&id)?;
    let standing = told.borrow().clone();
    match standing {
        Standing::Succeeded { rows, .. } if index == 0 || index < rows.len().div_ceil(PART) => {
            Ok(Json(part(&id, &rows, index)))
        }
        Standing::Succeeded { .. } => Err(Refusal::not_found(format!(
            "The statement {id} has no part {index}."
        ))),
        _ => Err(Refusal::bad(
            "BAD_REQUEST",
            format!("The statement {id} has no result."),
        )),
    }
}

async fn cancel(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    let told = workspace.sql().statements.find(&id)?;
    end(&workspace, &id, &told).await;
    empty()
}

/// Ends a statement that goes on.
async fn end(workspace: &Workspace, id: &str, told: &Told) {
    let ended = told.send_if_modified(|standing| {
        let running = matches!(standing, Standing::Running);
        if running {
            *standing = Standing::Cancelled;
        }
        running
    });
    #[cfg(unix)]
    if ended {
        workspace.sql().engine.cancel(id).await;
    }
    #[cfg(not(unix))]
    let _ = (workspace, id, ended);
}
