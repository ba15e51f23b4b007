//! SQL warehouses: names that are kept. One that stands still starts with a statement, as on the service.

use std::path::Path;

use axum::extract::{self, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::databricks::fields::{Answer, Fields, empty};
use crate::databricks::refusal::Refusal;
use crate::databricks::{USER, Workspace};
use crate::store::{StoreError, Table};

pub(super) struct Kept(Table<Map<String, Value>>);

impl Kept {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self(Table::open(dir.join("warehouses"))?))
    }

    fn one(&self, id: &str) -> Result<Map<String, Value>, Refusal> {
        let found = self.0.get(id);
        found.ok_or_else(|| Refusal::missing(format!("SQL warehouse {id} does not exist.")))
    }

    /// Starts the warehouse of a statement.
    pub(super) fn run(&self, id: &str) -> Result<(), Refusal> {
        if self.0.get(id).is_none() {
            return Err(Refusal::invalid(format!("Warehouse {id} does not exist.")));
        }
        self.0.update(id, running)?;
        Ok(())
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Map<String, Value>)) -> Answer {
        self.one(id)?;
        self.0.update(id, change)?;
        empty()
    }

    fn check_name(&self, name: &str, own: &str) -> Result<(), Refusal> {
        let rows = self.0.list();
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

fn running(row: &mut Map<String, Value>) {
    row.insert("state".into(), "RUNNING".into());
}

pub(super) fn router() -> Router<Workspace> {
    let at = "/api/2.0/sql/warehouses";
    Router::new()
        .route(at, get(list).post(create))
        .route(&format!("{at}/"), get(list).post(create))
        .route(&format!("{at}/{{id}}"), get(one).delete(delete))
        .route(&format!("{at}/{{id}}/edit"), post(edit))
        .route(&format!("{at}/{{id}}/start"), post(start))
        .route(&format!("{at}/{{id}}/stop"), post(stop))
}

fn describe(id: &str, row: &Map<String, Value>) -> Value {
    let mut answer = Value::Object(row.clone());
    answer["id"] = id.into();
    answer["creator_name"] = USER.into();
    answer["health"] = json!({"status": "HEALTHY"});
    answer
}

async fn list(State(workspace): State<Workspace>) -> Answer {
    let rows = workspace.sql().warehouses.0.list();
    let found: Vec<Value> = rows.iter().map(|(id, row)| describe(id, row)).collect();
    Ok(Json(json!({"warehouses": found})))
}

async fn create(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let name = fields.required("name")?;
    workspace.sql().warehouses.check_name(&name, "")?;
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
    workspace.sql().warehouses.0.put(&id, row)?;
    Ok(Json(json!({"id": id})))
}

async fn one(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    Ok(Json(describe(&id, &workspace.sql().warehouses.one(&id)?)))
}

async fn edit(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
    fields: Fields,
) -> Answer {
    if let Some(name) = fields.text("name")? {
        workspace.sql().warehouses.check_name(&name, &id)?;
    }
    let given = fields.into_all();
    workspace
        .sql()
        .warehouses
        .change(&id, |row| row.extend(given))
}

async fn start(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    workspace.sql().warehouses.change(&id, running)
}

async fn stop(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    let stopped = |row: &mut Map<String, Value>| {
        row.insert("state".into(), "STOPPED".into());
    };
    workspace.sql().warehouses.change(&id, stopped)
}

async fn delete(
    State(workspace): State<Workspace>,
    extract::Path(id): extract::Path<String>,
) -> Answer {
    workspace.sql().warehouses.one(&id)?;
    workspace.sql().warehouses.0.remove(&id)?;
    empty()
}
