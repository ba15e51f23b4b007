//! Triggers that could never fire: the service takes none whose clock makes no sense, and starts none that listens to nothing.

use adf_model::{BlobEvents, TriggerProperties};
use serde_json::Value;

use crate::adf::storage::instant;

const SCHEDULES: [&str; 6] = ["Minute", "Hour", "Day", "Week", "Month", "Year"];
const WINDOWS: [&str; 3] = ["Minute", "Hour", "Month"];
/// What a storage account tells.
const EVENTS: [&str; 2] = [
    "Microsoft.Storage.BlobCreated",
    "Microsoft.Storage.BlobDeleted",
];

/// What is wrong with the times at which a trigger fires.
pub(super) fn clock(trigger: &TriggerProperties) -> Result<(), String> {
    let own = &trigger.type_properties;
    match trigger.kind.as_str() {
        "ScheduleTrigger" => {
            let recurrence = &own["recurrence"];
            if !recurrence.is_object() {
                return Err("`recurrence` is missing".to_owned());
            }
            frequency(&recurrence["frequency"], &SCHEDULES)?;
            let interval = &recurrence["interval"];
            if !interval.is_null() {
                within("interval", interval, 1, 1000)?;
            }
            zone(&recurrence["timeZone"])?;
            time("startTime", &recurrence["startTime"])?;
            time("endTime", &recurrence["endTime"])
        }
        "TumblingWindowTrigger" => {
            frequency(&own["frequency"], &WINDOWS)?;
            within("interval", &own["interval"], 1, i64::MAX)?;
            within("maxConcurrency", &own["maxConcurrency"], 1, 50)?;
            if own["startTime"].is_null() {
                return Err("`startTime` is missing".to_owned());
            }
            time("startTime", &own["startTime"])?;
            time("endTime", &own["endTime"])
        }
        _ => Ok(()),
    }
}

/// What keeps a trigger from ever hearing of an event.
pub(super) fn events(events: &BlobEvents) -> Result<(), String> {
    let given = |path: &Option<String>| path.clone().filter(|path| !path.is_empty());
    let begins = given(&events.blob_path_begins_with);
    if begins.is_none() && given(&events.blob_path_ends_with).is_none() {
        return Err("give `blobPathBeginsWith`, `blobPathEndsWith` or both".to_owned());
    }
    if let Some(path) = begins.filter(|path| !path.starts_with('/')) {
        return Err(format!(
            "`blobPathBeginsWith` is `{path}`; it begins with `/` and the container, as `/input/blobs/` does"
        ));
    }
    if events.events.is_empty() {
        return Err(format!(
            "`events` is empty; give {} or {}",
            EVENTS[0], EVENTS[1]
        ));
    }
    let unknown = |event: &&String| !EVENTS.iter().any(|known| known.eq_ignore_ascii_case(event));
    if let Some(event) = events.events.iter().find(unknown) {
        return Err(format!("no storage account has events `{event}`"));
    }
    let scope = events.scope.to_lowercase();
    match scope.contains("/providers/microsoft.storage/storageaccounts/") {
        true => Ok(()),
        false => Err(format!(
            "`scope` is `{}`, which is no id of a storage account",
            events.scope
        )),
    }
}

fn frequency(value: &Value, known: &[&str]) -> Result<(), String> {
    let is_known = |name: &str| known.iter().any(|known| known.eq_ignore_ascii_case(name));
    match value.as_str() {
        Some(name) if is_known(name) => Ok(()),
        _ => Err(format!(
            "`frequency` is {value}; it is one of {}",
            known.join(", ")
        )),
    }
}

fn within(name: &str, value: &Value, least: i64, most: i64) -> Result<(), String> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_i64(),
    };
    match number {
        Some(number) if (least..=most).contains(&number) => Ok(()),
        _ if most == i64::MAX => Err(format!("`{name}` is {value}; it is {least} or more")),
        _ => Err(format!("`{name}` is {value}; it is {least} to {most}")),
    }
}

fn zone(value: &Value) -> Result<(), String> {
    let Some(name) = value.as_str() else {
        return Ok(());
    };
    match adf_expr::time_zones().any(|known| known.eq_ignore_ascii_case(name)) {
        true => Ok(()),
        false => Err(format!(
            "`timeZone` is `{name}`, which is no time zone of Windows"
        )),
    }
}

fn time(name: &str, value: &Value) -> Result<(), String> {
    match value {
        Value::Null => Ok(()),
        Value::String(text) if instant(text).is_some() => Ok(()),
        _ => Err(format!("`{name}` is {value}, which is no time")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clock_of(kind: &str, properties: &Value) -> Result<(), String> {
        let trigger = json!({"type": kind, "typeProperties": properties});
        clock(&serde_json::from_value(trigger).unwrap())
    }

    #[test]
    fn a_clock_that_never_strikes_is_told() {
        let schedule = json!({"frequency": "Day", "interval": 1, "startTime": "2026-01-01T00:00:00", "timeZone": "W. Europe Standard Time"});
        let window = json!({"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z", "maxConcurrency": 1});
        let mended = |whole: &Value, name: &str, value: Value| {
            let mut changed = whole.clone();
            changed[name] = value;
            changed
        };

        assert_eq!(
            clock_of("ScheduleTrigger", &json!({"recurrence": schedule})),
            Ok(())
        );
        assert_eq!(clock_of("TumblingWindowTrigger", &window), Ok(()));
        let told = clock_of("ScheduleTrigger", &json!({})).unwrap_err();
        assert!(told.contains("recurrence"), "{told}");
        for (name, value) in [
            ("frequency", json!("Foo")),
            ("interval", json!(0)),
            ("timeZone", json!("Nowhere")),
            ("startTime", json!("x")),
        ] {
            let recurrence = mended(&schedule, name, value);
            let told = clock_of("ScheduleTrigger", &json!({"recurrence": recurrence})).unwrap_err();
            assert!(told.contains(name), "{told}");
        }
        for (name, value) in [
            ("frequency", json!("Day")),
            ("interval", json!(0)),
            ("maxConcurrency", json!(51)),
            ("startTime", json!("x")),
            ("startTime", Value::Null),
        ] {
            let told =
                clock_of("TumblingWindowTrigger", &mended(&window, name, value)).unwrap_err();
            assert!(told.contains(name), "{told}");
        }
    }

    #[test]
    fn a_trigger_that_hears_nothing_is_told() {
        let scope =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/x";
        let whole =
            json!({"scope": scope, "events": EVENTS, "blobPathBeginsWith": "/input/blobs/"});
        let sound = |value: &Value| events(&serde_json::from_value(value.clone()).unwrap());

        assert_eq!(sound(&whole), Ok(()));
        for (name, value) in [
            ("scope", json!("x")),
            ("events", json!([])),
            ("events", json!(["Foo"])),
            ("blobPathBeginsWith", json!("input/blobs/")),
            ("blobPathBeginsWith", json!("")),
        ] {
            let mut changed = whole.clone();
            changed[name] = value;
            assert!(sound(&changed).is_err(), "{changed}");
        }
    }
}
