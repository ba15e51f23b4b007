//! `sql/warehouses` and `sql/statements`. Warehouses are kept; a statement fails, since there is no engine.

use std::path::Path;

use axum::extract::{self, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use super::{USER, Workspace};
use crate::store::{StoreError, Table};

/// The only thing that a statement can tell.
const NO_ENGINE: &str = "the emulator does not execute SQL statements; run them in a notebook with pyspark, or on a real warehouse";

pub(super) struct Sql {
    warehouses: Table<Map<String, Value>>,
    /// Ids of statements.
    statements: Table<()>,
}

impl Sql {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            warehouses: Table::open(dir.join("warehouses"))?,
            statements: Table::open(dir.join("statements"))?,
        })
    }

    fn warehouse(&self, id: &str) -> Result<Map<String, Value>, Refusal> {
        let found = self.warehouses.get(id);
        found.ok_or_else(|| Refusal::missing(format!("SQL warehouse {id} does not exist.")))
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> Answer {
        self.warehouse(id)?;
        self.warehouses.update(id, change)?;
        empty()
    }

    fn check_name(&self, name: &str, own: &str) -> Result<(), Refusal> {
        let rows = self.warehouses.list();
        let taken = rows
            .iter()
            .any(|(id, row)| id != own && row.get("name").and_then(Value::as_str) == Some(name));
        match taken {
            true => Err(Refusal::exists(format!(
                "A warehouse named `{name}` already exists."
            ))),
            false => Ok(()),
        }
    }
}

pub(super) fn router() -> Router<Workspace> {
    let warehouses = "/api/2.0/sql/warehouses";
    let statements = "/api/2.0/sql/statements";
    let mut router = Router::new();
    for slash in ["", "/"] {
        router = router
            .route(&format!("{warehouses}{slash}"), get(list).post(create))
            .route(&format!("{statements}{slash}"), post(execute));
    }
    router
        .route(&format!("{warehouses}/{{id}}"), get(one).delete(delete))
        .route(&format!("{warehouses}/{{id}}/edit"), post(edit))
        .route(&format!("{warehouses}/{{id}}/start"), post(start))
        .route(&format!("{warehouses}/{{id}}/stop"), post(stop))
        .route(&format!("{statements}/{{id}}"), get(statement))
        .route(&format!("{statements}/{{id}}/cancel"), post(cancel))
}

fn describe(id: &str, row: &Map<String, Value>) -> Value {
    let mut answer = Value::Object(row.clone());
    answer["id"] = id.into();
    answer["creator_name"] = USER.into();
    answer["health"] = json!({"status": "HEALTHY"});
    answer
}

async fn list(State(workspace): State<Workspace>) -> Answer {
    let rows = workspace.sql().warehouses.list();
    let found: Vec<Value> = rows.iter().map(|(id, row)| describe(id, row)).collect();
    Ok(Json(json!({"warehouses": found})))
}

async fn create(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let name = fields.required("name")?;
    workspace.sql().check_name(&name, "")?;
    let id = Uuid::new_v4().simple().to_string()[..16].to_owned();
    let mut row = fields.into_all();
    for (field, value) in [
        ("cluster_size", json!("2X-Small")),
        ("min_num_clusters", json!(1)),
        ("max_num_clusters", json!(1)),
        ("auto_stop_mins", json!(120)),
        ("warehouse_type", json!("PRO")),
    ] {
        row.entry(field).or_insert(value);
    }
    row.insert("state".into(), "RUNNING".into());
    workspace.sql().warehouses.put(&id, row)?;
    Ok(Json(json!({"id": id})))
}

async fn one(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    Ok(Json(describe(&id, &workspace.sql().warehouse(&id)?)))
}

async fn edit(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
    fields: Fields,
) -> Answer {
    if let Some(name) = fields.text("name")? {
        workspace.sql().check_name(&name, &id)?;
    }
    let given = fields.into_all();
    workspace.sql().change(&id, |row| row.extend(given))
}

async fn start(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    let running = |row: &mut Map<String, Value>| {
        row.insert("state".into(), "RUNNING".into());
    };
    workspace.sql().change(&id, running)
}

async fn stop(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    let stopped = |row: &mut Map<String, Value>| {
        row.insert("state".into(), "STOPPED".into());
    };
    workspace.sql().change(&id, stopped)
}

async fn delete(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    workspace.sql().warehouse(&id)?;
    workspace.sql().warehouses.remove(&id)?;
    empty()
}

fn failed(id: &str) -> Value {
    json!({
        "statement_id": id,
        "status": {"state": "FAILED", "error": {"error_code": "BAD_REQUEST", "message": NO_ENGINE}},
    })
}

async fn execute(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    fields.required("statement")?;
    let warehouse = fields.required("warehouse_id")?;
    if workspace.sql().warehouse(&warehouse).is_err() {
        let message = format!("Warehouse {warehouse} does not exist.");
        return Err(Refusal::invalid(message));
    }
    let id = Uuid::new_v4().to_string();
    workspace.sql().statements.put(&id, ())?;
    Ok(Json(failed(&id)))
}

fn known(workspace: &Workspace, id: &str) -> Result<(), Refusal> {
    let found = workspace.sql().statements.get(id);
    found.ok_or_else(|| Refusal::not_found(format!("The statement {id} was not found.")))
}

async fn statement(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    known(&workspace, &id)?;
    Ok(Json(failed(&id)))
}

async fn cancel(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    known(&workspace, &id)?;
    empty()
}
