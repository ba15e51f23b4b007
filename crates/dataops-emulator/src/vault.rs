//! Key Vault, as far as configuration is taken from it: secrets that are set, read and listed. A vault is there once it is named.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as Segments, State as Extract};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::problem::Problem;
use crate::service::Service;
use crate::state::State;
use crate::store::{StoreError, Table};

/// The most bytes of a secret.
const LARGEST: usize = 25_600;

/// The vaults, by name.
pub(crate) struct Vaults(Table<Versions>);

/// The versions of a secret, the newest last.
type Versions = Vec<Version>;

#[derive(Clone, Serialize, Deserialize)]
struct Version {
    version: String,
    value: String,
    content_type: Option<String>,
    created: i64,
}

impl Vaults {
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self(Table::open(dir.join("vaults"))?))
    }

    pub(crate) fn clear(&self) -> Result<(), StoreError> {
        self.0.clear()
    }
}

/// What a secret is set to. It has no `Debug`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Setting {
    value: Option<String>,
    content_type: Option<String>,
}

pub(crate) fn router(state: Arc<State>) -> Router {
    let one = || get(read).put(set);
    Router::new()
        .route("/secrets", get(list))
        .route("/secrets/", get(list))
        .route("/secrets/{name}", one())
        .route("/secrets/{name}/", one())
        .route("/secrets/{name}/{version}", get(read_version))
        .with_state(state)
}

async fn set(
    Extract(state): Extract<Arc<State>>,
    Segments(name): Segments<String>,
    headers: HeaderMap,
    Json(setting): Json<Setting>,
) -> Result<Response, Problem> {
    let vault = vault(&headers);
    if !is_name(&name) {
        let message = format!(
            "the request URI contains an invalid name: `{name}`; a secret's has 1 to 127 letters, digits and dashes"
        );
        return Err(bad("BadParameter", message));
    }
    let Some(value) = setting.value else {
        return Err(bad("BadParameter", "property value is required"));
    };
    if value.len() > LARGEST {
        return Err(bad("BadParameter", "the value is longer than 25,600 bytes"));
    }
    let version = Version {
        version: Uuid::new_v4().simple().to_string(),
        value,
        content_type: setting.content_type,
        created: OffsetDateTime::now_utc().unix_timestamp(),
    };
    let key = key(&vault, &name);
    let mut versions = state.vaults.0.get(&key).unwrap_or_default();
    versions.push(version.clone());
    state.vaults.0.put(&key, versions)?;
    Ok(Json(bundle(&vault, &name, &version)).into_response())
}

async fn read(
    Extract(state): Extract<Arc<State>>,
    Segments(name): Segments<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    found(&state, &headers, &name, None)
}

async fn read_version(
    Extract(state): Extract<Arc<State>>,
    Segments((name, version)): Segments<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    // `/secrets/NAME/versions` is a list of them.
    if version == "versions" {
        let path = format!("/secrets/{name}/versions");
        return Err(Problem::not_implemented(Service::KeyVault, &method, &path));
    }
    found(&state, &headers, &name, Some(&version))
}

fn found(
    state: &State,
    headers: &HeaderMap,
    name: &str,
    version: Option<&str>,
) -> Result<Response, Problem> {
    let vault = vault(headers);
    let versions = state.vaults.0.get(&key(&vault, name)).unwrap_or_default();
    let found = match version {
        None => versions.last(),
        Some(wanted) => versions.iter().find(|one| one.version == wanted),
    };
    let found = found.ok_or_else(|| {
        let message = format!(
            "A secret with (name/id) {name} was not found in this key vault. If you recently deleted this secret you may be able to recover it"
        );
        Problem::new(Service::KeyVault, StatusCode::NOT_FOUND, "SecretNotFound", message)
    })?;
    Ok(Json(bundle(&vault, name, found)).into_response())
}

async fn list(Extract(state): Extract<Arc<State>>, headers: HeaderMap) -> Response {
    let vault = vault(&headers);
    let all = state.vaults.0.list();
    let items = all.iter().filter_map(|(key, versions)| {
        let (own, name) = key.split_once('/')?;
        let newest = versions.last().filter(|_| own == vault)?;
        let mut item = bundle(&vault, name, newest);
        let item_fields = item.as_object_mut()?;
        item_fields.shift_remove("value");
        item_fields.insert("id".to_owned(), id(&vault, name).into());
        Some(item)
    });
    let items: Vec<Value> = items.collect();
    Json(json!({"value": items, "nextLink": null})).into_response()
}

/// A vault is named by the host that a caller means; one that says nothing has one of its own.
fn vault(headers: &HeaderMap) -> String {
    let host = headers.get("x-forwarded-host");
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or("local");
    let name = host.split(['.', ':']).next().unwrap_or_default();
    name.to_ascii_lowercase()
}

/// Names are the same whatever their case.
fn key(vault: &str, name: &str) -> String {
    format!("{vault}/{}", name.to_ascii_lowercase())
}

fn id(vault: &str, name: &str) -> String {
    format!("https://{vault}.vault.azure.net/secrets/{name}")
}

fn bundle(vault: &str, name: &str, version: &Version) -> Value {
    let mut bundle = json!({
        "value": version.value,
        "id": format!("{}/{}", id(vault, name), version.version),
        "attributes": {
            "enabled": true, "created": version.created, "updated": version.created,
            "recoveryLevel": "Recoverable+Purgeable",
        },
    });
    if let Some(kind) = &version.content_type {
        bundle["contentType"] = kind.as_str().into();
    }
    bundle
}

fn bad(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new(Service::KeyVault, StatusCode::BAD_REQUEST, code, message)
}

fn is_name(name: &str) -> bool {
    let is_part = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
    (1..=127).contains(&name.len()) && name.bytes().all(is_part)
}
