//! Entra's token endpoints. Any client gets the emulator's token when it knows it already, as its client secret.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State as Extract};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;
use time::OffsetDateTime;

use crate::problem::Problem;
use crate::service::Service;
use crate::state::State;

/// `POST /{tenant}/oauth2/token` and `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/{tenant}/oauth2/token", post(issue))
        .route("/{tenant}/oauth2/v2.0/token", post(issue))
        .with_state(state)
}

async fn issue(
    Extract(state): Extract<Arc<State>>,
    Path(_tenant): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let field = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    };
    let refused =
        |status, code, message: &str| Problem::new(Service::Tokens, status, code, message);
    if field("grant_type") != "client_credentials" {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "the emulator issues tokens for client_credentials only",
        ));
    }
    if !state.is_token(field("client_secret")) {
        return Err(refused(
            StatusCode::UNAUTHORIZED,
            "invalid_client",
            "the client secret is not the token that the emulator printed when it was ready",
        ));
    }
    let lifetime = 86_400;
    let now = OffsetDateTime::now_utc().unix_timestamp();
    let resource = match field("resource") {
        "" => field("scope").trim_end_matches("/.default"),
        resource => resource,
    };
    let answer = json!({
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "expires_on": (now + lifetime).to_string(),
        "not_before": now.to_string(),
        "resource": resource,
        "access_token": state.token(),
    });
    Ok((
        [
            ("cache-control", "no-store"),
            ("content-type", "application/json; charset=utf-8"),
        ],
        answer.to_string(),
    )
        .into_response())
}
