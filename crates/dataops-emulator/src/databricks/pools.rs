//! Instance pools and cluster policies. A pool is a name: no machines stand by.

use std::path::Path;

use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Workspace;
use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use crate::store::{StoreError, Table};

pub(super) struct Pools {
    pools: Table<Map<String, Value>>,
    policies: Table<Map<String, Value>>,
}

impl Pools {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            pools: Table::open(dir.join("instance-pools"))?,
            policies: Table::open(dir.join("cluster-policies"))?,
        })
    }
}

pub(super) fn router() -> Router<Workspace> {
    let pools = |name: &str| format!("/api/2.0/instance-pools/{name}");
    let policies = |name: &str| format!("/api/2.0/policies/clusters/{name}");
    Router::new()
        .route(&pools("create"), post(create_pool))
        .route(&pools("edit"), post(edit_pool))
        .route(&pools("get"), any(get_pool))
        .route(&pools("list"), any(list_pools))
        .route(&pools("delete"), post(delete_pool))
        .route(&policies("create"), post(create_policy))
        .route(&policies("list"), any(list_policies))
        .route(&policies("delete"), post(delete_policy))
}

async fn create_pool(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    fields.required("node_type_id")?;
    let name = fields.required("instance_pool_name")?;
    let rows = &workspace.pools().pools;
    if rows
        .list()
        .iter()
        .any(|(_, row)| row["instance_pool_name"] == name)
    {
        let message = format!("an instance pool named `{name}` exists already");
        return Err(Refusal::invalid(message));
    }
    let id = format!("pool-{}", Uuid::new_v4().simple());
    rows.put(&id, fields.into_all())?;
    Ok(Json(json!({ "instance_pool_id": id })))
}

async fn edit_pool(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("instance_pool_id")?;
    let node = fields.required("node_type_id")?;
    fields.required("instance_pool_name")?;
    let before = pool(&workspace, &id)?;
    if before["node_type_id"] != node {
        return Err(Refusal::invalid("node_type_id of a pool cannot be changed"));
    }
    let mut row = fields.into_all();
    row.remove("instance_pool_id");
    workspace.pools().pools.put(&id, row)?;
    empty()
}

async fn get_pool(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("instance_pool_id")?;
    Ok(Json(describe(&id, &pool(&workspace, &id)?)))
}

async fn list_pools(State(workspace): State<Workspace>) -> Answer {
    let rows = workspace.pools().pools.list();
    let pools: Vec<_> = rows.iter().map(|(id, row)| describe(id, row)).collect();
    Ok(Json(match pools.is_empty() {
        true => json!({}),
        false => json!({ "instance_pools": pools }),
    }))
}

async fn delete_pool(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("instance_pool_id")?;
    pool(&workspace, &id)?;
    workspace.pools().pools.remove(&id)?;
    empty()
}

fn pool(workspace: &Workspace, id: &str) -> Result<Map<String, Value>, Refusal> {
    let found = workspace.pools().pools.get(id);
    found.ok_or_else(|| Refusal::missing(format!("Can't find an instance pool with id: {id}")))
}

fn describe(id: &str, row: &Map<String, Value>) -> Value {
    let mut pool = row.clone();
    pool.insert("instance_pool_id".to_owned(), id.into());
    pool.insert("state".to_owned(), "ACTIVE".into());
    let stats =
        json!({"used_count": 0, "idle_count": 0, "pending_used_count": 0, "pending_idle_count": 0});
    pool.insert("stats".to_owned(), stats);
    Value::Object(pool)
}

async fn create_policy(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let name = fields.required("name")?;
    let rows = &workspace.pools().policies;
    if rows.list().iter().any(|(_, row)| row["name"] == name) {
        return Err(Refusal::invalid(format!(
            "A policy named {name} already exists"
        )));
    }
    let id = Uuid::new_v4().simple().to_string()[..16].to_uppercase();
    rows.put(&id, fields.into_all())?;
    Ok(Json(json!({ "policy_id": id })))
}

async fn list_policies(State(workspace): State<Workspace>) -> Answer {
    let rows = workspace.pools().policies.list();
    let policies: Vec<_> = rows
        .into_iter()
        .map(|(id, mut row)| {
            row.insert("policy_id".to_owned(), id.into());
            Value::Object(row)
        })
        .collect();
    Ok(Json(match policies.is_empty() {
        true => json!({}),
        false => json!({ "policies": policies }),
    }))
}

async fn delete_policy(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("policy_id")?;
    let removed = workspace.pools().policies.remove(&id)?;
    let missing = || Refusal::missing(format!("Policy {id} does not exist"));
    removed.ok_or_else(missing)?;
    empty()
}
