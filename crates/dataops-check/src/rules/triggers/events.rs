//! Triggers that listen to events of a storage account or of an Event Grid topic.

use serde_json::Value;

use super::{EVENTS, NO_PATH, NO_SCOPE, PATH, SCOPE, Trigger};
use crate::value::constant;
use crate::{Findings, suggestion};

const BLOB_EVENTS: [&str; 2] = [
    "Microsoft.Storage.BlobCreated",
    "Microsoft.Storage.BlobDeleted",
];

pub(super) fn check_blob(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    check_scope(
        trigger,
        "/providers/microsoft.storage/storageaccounts/",
        findings,
    );
    check_events(trigger, Some(&BLOB_EVENTS), findings);
    let path = |name: &str| {
        let text = trigger.property(name).and_then(constant);
        text.filter(|text| !text.is_empty())
    };
    let (begins, ends) = (path("blobPathBeginsWith"), path("blobPathEndsWith"));
    if begins.is_none() && ends.is_none() {
        let message = "a blob event trigger needs `blobPathBeginsWith` or `blobPathEndsWith`";
        findings.add(trigger.missing(&NO_PATH, message));
    }
    if let Some(begins) = begins {
        check_beginning(trigger, begins, findings);
    }
    if let Some(ends) = ends.filter(|ends| ends.contains(['*', '?'])) {
        let message = format!("`{ends}` is compared as it is, without wildcards");
        let place = "typeProperties/blobPathEndsWith";
        findings.add(
            trigger
                .at(&PATH, place, message)
                .hint("write what the path ends with, such as `.csv`"),
        );
    }
}

/// A path is `/container/blobs/folder/file`.
fn check_beginning(trigger: &Trigger<'_, '_>, begins: &str, findings: &mut Findings) {
    let place = "typeProperties/blobPathBeginsWith";
    let mut parts = begins.trim_start_matches('/').splitn(3, '/');
    let container = parts.next().unwrap_or_default();
    let blobs = parts.next();
    let wanted = if begins.contains(['*', '?']) {
        let message = format!("`{begins}` is compared as it is, without wildcards");
        (message, "write what the path begins with".to_owned())
    } else if !begins.starts_with('/') {
        let message = format!("`{begins}` does not begin with `/`");
        (message, format!("write `/{container}/blobs/`"))
    } else if blobs.is_some_and(|blobs| !"blobs".starts_with(blobs)) {
        let rest = begins.trim_start_matches('/');
        let rest = rest.split_once('/').map_or("", |(_, rest)| rest);
        let message = format!("`{begins}` leaves `/blobs/` out behind the container");
        (message, format!("write `/{container}/blobs/{rest}`"))
    } else {
        return;
    };
    findings.add(trigger.at(&PATH, place, wanted.0).hint(wanted.1));
}

pub(super) fn check_custom(trigger: &Trigger<'_, '_>, findings: &mut Findings) {
    check_scope(trigger, "/providers/microsoft.eventgrid/", findings);
    check_events(trigger, None, findings);
}

fn check_scope(trigger: &Trigger<'_, '_>, provider: &str, findings: &mut Findings) {
    let scope = trigger.property("scope");
    match scope.map(|scope| scope.as_str().unwrap_or_default()) {
        None | Some("") => {
            let message = format!("{} has no `scope`", trigger.resource.id);
            let finding = match scope {
                Some(_) => trigger.at(&NO_SCOPE, "typeProperties/scope", message),
                None => trigger.missing(&NO_SCOPE, message),
            };
            findings.add(finding.hint("it is the id of the resource that has the events"));
        }
        Some(text) => {
            let lower = text.to_lowercase();
            if !lower.starts_with("/subscriptions/") || !lower.contains(provider) {
                let message = "the scope is no id of such a resource";
                let form = format!("/subscriptions/…/resourceGroups/…{provider}…");
                findings.add(
                    trigger
                        .at(&SCOPE, "typeProperties/scope", message)
                        .hint(format!("it has the form {form}")),
                );
            }
        }
    }
}

fn check_events(trigger: &Trigger<'_, '_>, known: Option<&[&str]>, findings: &mut Findings) {
    let events = trigger.property("events");
    let items = events
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    if items.is_empty() {
        let message = format!("{} names no events", trigger.resource.id);
        let finding = match events {
            Some(_) => trigger.at_key(&EVENTS, "typeProperties/events", message),
            None => trigger.missing(&EVENTS, message),
        };
        findings.add(finding);
    }
    let Some(known) = known else {
        return;
    };
    for (at, event) in items.iter().enumerate() {
        let name = event.as_str().unwrap_or_default();
        if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let message = format!("a blob has no event `{name}`");
            let place = format!("typeProperties/events/{at}");
            let meant = suggestion::meant(name, known.iter().copied());
            let hint = meant.unwrap_or_else(|| format!("it is one of {}", known.join(", ")));
            findings.add(trigger.at(&EVENTS, &place, message).hint(hint));
        }
    }
}
