//! The storage account as Azure Resource Manager knows it (`Microsoft.Storage`): its keys.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::problem::Problem;
use crate::state::State;

/// `Storage Accounts - List Keys`. The account is in every resource group.
pub(crate) fn list_keys(state: &State, account: &str) -> Result<Response, Problem> {
    if !account.eq_ignore_ascii_case(&state.account) {
        let message = format!("the storage account `{account}` does not exist");
        return Err(Problem::arm(
            StatusCode::NOT_FOUND,
            "ResourceNotFound",
            message,
        ));
    }
    let key = json!({ "keyName": "key1", "value": state.account_key(), "permissions": "FULL" });
    Ok(Json(json!({ "keys": [key] })).into_response())
}
