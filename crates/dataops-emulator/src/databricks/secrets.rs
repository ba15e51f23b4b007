//! `secrets/*`.

use std::path::Path;

use axum::extract::State;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::clock::now;
use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use super::secret_acls::{self, Permission};
use super::workspace_api::decode;
use super::{USER, Workspace};
use crate::notebook;
use crate::store::{StoreError, Table};

/// The largest value.
const LARGEST: usize = 128 << 10;

#[derive(Clone, Serialize, Deserialize)]
struct Secret {
    /// Base64.
    value: String,
    last_updated_timestamp: i64,
}

pub(super) struct Secrets {
    scopes: Table<()>,
    secrets: Table<Secret>,
    /// Permissions by `scope/principal`.
    pub(super) acls: Table<Permission>,
}

impl Secrets {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            scopes: Table::open(dir.join("secret-scopes"))?,
            secrets: Table::open(dir.join("secrets"))?,
            acls: Table::open(dir.join("secret-acls"))?,
        })
    }

    /// All of them, as a run needs them.
    pub(super) fn all(&self) -> notebook::Secrets {
        let mut all = notebook::Secrets::default();
        for (scope, ()) in self.scopes.list() {
            all.add_scope(scope);
        }
        for (key, secret) in self.secrets.list() {
            if let (Some((scope, key)), Ok(value)) =
                (key.split_once('/'), STANDARD.decode(secret.value))
            {
                all.insert(scope, key, value);
            }
        }
        all
    }

    /// The text behind `{{secrets/scope/key}}`; other texts are what they are.
    pub(super) fn resolve(&self, text: &str) -> String {
        let reference = text
            .strip_prefix("{{secrets/")
            .and_then(|rest| rest.strip_suffix("}}"));
        reference
            .and_then(|key| self.secrets.get(key))
            .and_then(|secret| STANDARD.decode(secret.value).ok())
            .and_then(|value| String::from_utf8(value).ok())
            .unwrap_or_else(|| text.to_owned())
    }

    pub(super) fn check_scope(&self, scope: &str) -> Result<(), Refusal> {
        match self.scopes.get(scope) {
            Some(()) => Ok(()),
            None => Err(Refusal::missing(format!("Scope {scope} does not exist!"))),
        }
    }
}

pub(super) fn router() -> Router<Workspace> {
    let at = |name: &str| format!("/api/2.0/secrets/{name}");
    Router::new()
        .route(&at("scopes/create"), post(create_scope))
        .route(&at("scopes/list"), any(list_scopes))
        .route(&at("scopes/delete"), post(delete_scope))
        .route(&at("put"), post(put))
        .route(&at("get"), get(one))
        .route(&at("list"), any(list))
        .route(&at("delete"), post(delete))
        .merge(secret_acls::router())
}

fn named(fields: &Fields, field: &str) -> Result<String, Refusal> {
    let name = fields.required(field)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@ ".contains(&byte);
    match name.len() <= 128 && name.bytes().all(allowed) {
        true => Ok(name),
        false => Err(Refusal::invalid(format!(
            "`{field}` has at most 128 letters, digits, dashes, underscores and periods"
        ))),
    }
}

async fn create_scope(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let scope = named(&fields, "scope")?;
    if fields.text("scope_backend_type")?.as_deref() == Some("AZURE_KEYVAULT") {
        return Err(Refusal::not_emulated("secret scopes of a key vault"));
    }
    let scopes = &workspace.secrets().scopes;
    if scopes.get(&scope).is_some() {
        return Err(Refusal::exists(format!("Scope {scope} already exists!")));
    }
    scopes.put(&scope, ())?;
    let managers = fields.text("initial_manage_principal")?;
    for principal in [USER].into_iter().chain(managers.as_deref()) {
        let key = format!("{scope}/{principal}");
        workspace.secrets().acls.put(&key, Permission::Manage)?;
    }
    empty()
}

async fn list_scopes(State(workspace): State<Workspace>) -> Answer {
    let scopes = workspace.secrets().scopes.list().into_iter();
    let scopes: Vec<Value> = scopes
        .map(|(name, ())| json!({"name": name, "backend_type": "DATABRICKS"}))
        .collect();
    Ok(Json(json!({"scopes": scopes})))
}

async fn delete_scope(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let scope = fields.required("scope")?;
    let secrets = workspace.secrets();
    secrets.check_scope(&scope)?;
    for (key, _) in secrets.secrets.list_below(&format!("{scope}/")) {
        secrets.secrets.remove(&key)?;
    }
    for (key, _) in secrets.acls.list_below(&format!("{scope}/")) {
        secrets.acls.remove(&key)?;
    }
    secrets.scopes.remove(&scope)?;
    empty()
}

async fn put(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (scope, key) = (fields.required("scope")?, named(&fields, "key")?);
    workspace.secrets().check_scope(&scope)?;
    let value = match (fields.text("string_value")?, fields.text("bytes_value")?) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => decode(&text)?,
        _ => {
            return Err(Refusal::malformed(
                "exactly one of string_value and bytes_value must be given",
            ));
        }
    };
    if value.len() > LARGEST {
        return Err(Refusal::bad(
            "RESOURCE_LIMIT_EXCEEDED",
            format!("a secret has at most {LARGEST} bytes"),
        ));
    }
    let secret = Secret {
        value: STANDARD.encode(value),
        last_updated_timestamp: now(),
    };
    workspace
        .secrets()
        .secrets
        .put(&format!("{scope}/{key}"), secret)?;
    empty()
}

fn absent(scope: &str, key: &str) -> Refusal {
    Refusal::missing(format!(
        "Secret does not exist with scope: {scope} and key: {key}"
    ))
}

async fn one(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (scope, key) = (fields.required("scope")?, fields.required("key")?);
    workspace.secrets().check_scope(&scope)?;
    let secret = workspace.secrets().secrets.get(&format!("{scope}/{key}"));
    let secret = secret.ok_or_else(|| absent(&scope, &key))?;
    Ok(Json(json!({"key": key, "value": secret.value})))
}

async fn list(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let scope = fields.required("scope")?;
    workspace.secrets().check_scope(&scope)?;
    let below = format!("{scope}/");
    let found: Vec<Value> = workspace
        .secrets()
        .secrets
        .list_below(&below)
        .into_iter()
        .map(|(key, secret)| {
            json!({"key": key[below.len()..], "last_updated_timestamp": secret.last_updated_timestamp})
        })
        .collect();
    Ok(Json(match found.is_empty() {
        true => json!({}),
        false => json!({"secrets": found}),
    }))
}

async fn delete(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let (scope, key) = (fields.required("scope")?, fields.required("key")?);
    workspace.secrets().check_scope(&scope)?;
    let removed = workspace
        .secrets()
        .secrets
        .remove(&format!("{scope}/{key}"))?;
    removed.map(drop).ok_or_else(|| absent(&scope, &key))?;
    empty()
}
