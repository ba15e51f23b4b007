//! Small operations around the one user: who they are, and their tokens.

use std::path::Path;

use axum::extract::State;
use axum::http::HeaderName;
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::clock::now;
use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use super::{USER, USER_ID, WORKSPACE_ID, Workspace};
use crate::store::{StoreError, Table};

#[derive(Clone, Serialize, Deserialize)]
struct Token {
    /// The token itself is told once and not kept.
    digest: String,
    comment: String,
    creation_time: i64,
    expiry_time: i64,
}

impl Token {
    fn describe(&self, id: &str) -> Value {
        json!({
            "token_id": id, "comment": self.comment,
            "creation_time": self.creation_time, "expiry_time": self.expiry_time,
        })
    }

    fn is_valid(&self) -> bool {
        self.expiry_time < 0 || self.expiry_time > now()
    }
}

pub(super) struct Tokens {
    rows: Table<Token>,
}

impl Tokens {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            rows: Table::open(dir.join("tokens"))?,
        })
    }

    pub(super) fn accepts(&self, token: &str) -> bool {
        let digest = digest(token);
        let rows = self.rows.list();
        rows.iter()
            .any(|(_, row)| row.digest == digest && row.is_valid())
    }
}

fn digest(token: &str) -> String {
    let digest = Sha256::digest(token);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn router() -> Router<Workspace> {
    Router::new()
        .route("/api/2.0/preview/scim/v2/Me", get(me))
        .route("/api/2.0/token/create", post(create_token))
        .route("/api/2.0/token/list", any(list_tokens))
        .route("/api/2.0/token/delete", post(delete_token))
        .route("/.well-known/databricks-config", get(config))
}

async fn me() -> impl IntoResponse {
    let header = HeaderName::from_static("x-databricks-org-id");
    let user = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": USER_ID,
        "userName": USER,
        "displayName": "Emulator",
        "active": true,
        "emails": [{"value": USER, "type": "work", "primary": true}],
        "groups": [{"display": "admins", "value": "1"}, {"display": "users", "value": "2"}],
        "entitlements": [{"value": "workspace-access"}, {"value": "allow-cluster-create"}],
    });
    ([(header, WORKSPACE_ID)], Json(user))
}

async fn create_token(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let creation_time = now();
    let lifetime = fields.number("lifetime_seconds")?;
    let expiry_time = match lifetime {
        Some(seconds) if seconds > 0 => creation_time.saturating_add(seconds.saturating_mul(1000)),
        _ => -1,
    };
    let value = format!("dapi{}", Uuid::new_v4().simple());
    let token = Token {
        digest: digest(&value),
        comment: fields.text("comment")?.unwrap_or_default(),
        creation_time,
        expiry_time,
    };
    let id = Uuid::new_v4().simple().to_string();
    let info = token.describe(&id);
    workspace.tokens().rows.put(&id, token)?;
    Ok(Json(json!({"token_value": value, "token_info": info})))
}

async fn list_tokens(State(workspace): State<Workspace>) -> Answer {
    let rows = workspace.tokens().rows.list();
    let infos: Vec<Value> = rows.iter().map(|(id, row)| row.describe(id)).collect();
    Ok(Json(match infos.is_empty() {
        true => json!({}),
        false => json!({"token_infos": infos}),
    }))
}

async fn delete_token(State(workspace): State<Workspace>, fields: Fields) -> Answer {
    let id = fields.required("token_id")?;
    let removed = workspace.tokens().rows.remove(&id)?;
    removed
        .map(drop)
        .ok_or_else(|| Refusal::missing(format!("Token with ID {id} does not exist")))?;
    empty()
}

async fn config(State(workspace): State<Workspace>) -> Json<Value> {
    let endpoint = workspace.endpoint();
    Json(json!({
        "oidc_endpoint": format!("{endpoint}/oidc"),
        "workspace_id": WORKSPACE_ID,
        "cloud": "Azure",
    }))
}
