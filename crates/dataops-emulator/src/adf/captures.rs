//! Starting and stopping change data captures (`Change Data Capture - Start`, `Stop`, `Status`). Their state is kept; nothing
//! is captured.

use adf_model::{Kind, ResourceId};
use axum::http::{Method, StatusCode};
use axum::response::IntoResponse;
use serde_json::Value;

use super::call::Call;
use super::place::FactoryPath;
use super::{Answer, lacking, ok, resources};
use crate::state::State;

/// Where a row keeps whether it runs.
pub(super) const STATUS: &str = "status";

/// An action on a change data capture.
pub(super) fn act(
    state: &State,
    call: &Call,
    factory: &FactoryPath,
    name: &str,
    action: &str,
) -> Answer {
    let id = ResourceId::new(Kind::ChangeDataCapture, name);
    let wanted = match (&call.method, action) {
        (&Method::POST, "start") => Some("Running"),
        (&Method::POST, "stop") => Some("Stopped"),
        (&Method::GET, "status") => None,
        _ => return Err(lacking(call)),
    };
    let _writing = state.adf.exclusive();
    let Some(row) = state.adf.resource(factory, &id) else {
        return Err(resources::absent(factory, &id));
    };
    match wanted {
        Some(wanted) => {
            state.adf.resources.update(&factory.key_of(&id), |row| {
                row.behind.insert(STATUS.to_owned(), wanted.into());
            })?;
            Ok(StatusCode::OK.into_response())
        }
        None => {
            let status = row.behind.get(STATUS).and_then(Value::as_str);
            Ok(ok(&status.unwrap_or("Stopped").into()))
        }
    }
}
