//! Input of a test must not start what production data start.

use adf_client::Remote;
use adf_model::{Factory, Kind};
use serde_json::Value;

use super::{Canary, SmokeError};
use crate::connection::Connection;

/// Refuses input for which a started trigger of the factory would fire.
pub(super) async fn check(connection: &Connection, canary: &Canary) -> Result<(), SmokeError> {
    let Some(input) = &canary.input else {
        return Ok(());
    };
    let remote = Remote::new(connection.factory()?);
    let triggers = remote
        .list(Kind::Trigger)
        .await
        .map_err(SmokeError::Triggers)?;
    let path = format!("/{}/blobs/{}", input.container, input.blob);
    let fires = triggers
        .into_iter()
        .find(|(_, trigger)| would_fire(trigger, &path));
    match fires {
        Some((id, _)) => Err(SmokeError::WouldFire {
            container: input.container.clone(),
            blob: input.blob.clone(),
            trigger: id.name,
        }),
        None => Ok(()),
    }
}

/// Whether a trigger fires for a new blob, whatever account it is in.
fn would_fire(trigger: &Value, path: &str) -> bool {
    let text = |pointer: &str| trigger.pointer(pointer).and_then(Value::as_str);
    if text("/properties/type") != Some("BlobEventsTrigger")
        || text("/properties/runtimeState") != Some("Started")
    {
        return false;
    }
    let begins = text("/properties/typeProperties/blobPathBeginsWith").unwrap_or_default();
    let ends = text("/properties/typeProperties/blobPathEndsWith").unwrap_or_default();
    path.starts_with(begins) && path.ends_with(ends)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_trigger_fires_for_what_begins_and_ends_as_it_says() {
        let trigger = |state: &str, begins: &str, ends: &str| json!({"properties": {"type": "BlobEventsTrigger", "runtimeState": state, "typeProperties": {"blobPathBeginsWith": begins, "blobPathEndsWith": ends}}});
        let path = "/input/blobs/_smoke/1/a.csv";

        assert!(would_fire(
            &trigger("Started", "/input/blobs/", ".csv"),
            path
        ));
        assert!(would_fire(
            &json!({"properties": {"type": "BlobEventsTrigger", "runtimeState": "Started"}}),
            path
        ));
        assert!(!would_fire(
            &trigger("Stopped", "/input/blobs/", ".csv"),
            path
        ));
        assert!(!would_fire(
            &trigger("Started", "/other/blobs/", ".csv"),
            path
        ));
        assert!(!would_fire(
            &trigger("Started", "/input/blobs/", ".parquet"),
            path
        ));
        assert!(!would_fire(
            &json!({"properties": {"type": "ScheduleTrigger", "runtimeState": "Started"}}),
            path
        ));
    }
}
