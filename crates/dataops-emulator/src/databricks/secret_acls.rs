//! `secrets/acls/*`: who may do what with a scope. It is kept and told; the one user may do everything.

use axum::extract::State;
use axum::routing::{any, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Workspace;
use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;

/// What somebody may do.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Permission {
    Read,
    Write,
    Manage,
}

pub(super) fn router() -> Router<Workspace> {
    let at = |name: &str| format!("/api/2.0/secrets/acls/{name}");
    Router::new()
        .route(&at("put"), post(put))
        .route(&at("get"), any(one))
        .route(&at("list"), any(list))
        .route(&at("delete"), post(delete))
}

fn key(workspace: &Workspace, fields: &Fields) -> Result<(String, String, String), Refusal> {
    let (scope, principal) = (fields.required("scope")?, fields.required("principal")?);
    workspace.secrets().check_scope(&scope)?;
    let key = format!("{scope}/{principal}");
    Ok((scope, principal, key))
}

fn absent(scope: &str, principal: &str) -> Refusal {
    Refusal::missing(format!(
        "Failed to get secret acl for principal {principal} for scope {scope}."
    ))
}

async fn put(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (_, _, key) = key(&workspace, &fields)?;
    let wanted = fields.required("permission")?;
    let permission: Permission = serde_json::from_value(wanted.into())
        .map_err(|_| Refusal::invalid("permission must be READ, WRITE or MANAGE"))?;
    workspace.secrets().acls.put(&key, permission)?;
    empty()
}

async fn one(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (scope, principal, key) = key(&workspace, &fields)?;
    let found = workspace.secrets().acls.get(&key);
    let permission = found.ok_or_else(|| absent(&scope, &principal))?;
    Ok(Json(
        json!({"principal": principal, "permission": permission}),
    ))
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let scope = fields.required("scope")?;
    workspace.secrets().check_scope(&scope)?;
    let below = format!("{scope}/");
    let acls = workspace.secrets().acls.list_below(&below).into_iter();
    let items: Vec<Value> = acls
        .map(|(key, permission)| json!({"principal": key[below.len()..], "permission": permission}))
        .collect();
    Ok(Json(match items.is_empty() {
        true => json!({}),
        false => json!({"items": items}),
    }))
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (scope, principal, key) = key(&workspace, &fields)?;
    let removed = workspace.secrets().acls.remove(&key)?;
    removed
        .map(drop)
        .ok_or_else(|| absent(&scope, &principal))?;
    empty()
}
