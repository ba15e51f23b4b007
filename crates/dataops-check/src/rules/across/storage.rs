//! Containers and mounts that the factory names.

use adf_model::Kind;
use adf_model::pointer::escape;
use adf_source::SourceResource;
use serde_json::Value;

use super::members;
use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::{is_slip, meant};
use crate::value::constant;
use crate::{Context, Finding, Findings, Rule};

pub(super) static TRIGGER: Rule = rule!(
    "XA109",
    "trigger-container",
    Warning,
    "A trigger listens to a container that the solution does not list"
);
pub(super) static INPUT: Rule = rule!(
    "XA110",
    "input-container",
    Error,
    "The trigger for dropped files listens to another container than files are dropped into"
);
pub(super) static DATASET: Rule = rule!(
    "XA111",
    "dataset-container",
    Warning,
    "A dataset names a container that is nearly one of the solution's"
);
pub(super) static MOUNT: Rule = rule!(
    "XA119",
    "unknown-mount",
    Warning,
    "An activity gives a notebook a mount point that the solution does not list"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    let storage = &written.settings.storage;
    if !storage.containers.is_empty() {
        for trigger in context.repository.of_kind(Kind::Trigger) {
            check_trigger(written, trigger, findings);
        }
        for dataset in context.repository.of_kind(Kind::Dataset) {
            check_dataset(written, dataset, findings);
        }
    }
    if !storage.mounts.is_empty() {
        check_mounts(context, written, findings);
    }
}

fn check_trigger(written: Written<'_>, trigger: &SourceResource, findings: &mut Findings) {
    let json = trigger.file.json();
    if json.pointer("/properties/type").and_then(Value::as_str) != Some("BlobEventsTrigger") {
        return;
    }
    let settings = written.settings;
    let named = settings.trigger.as_deref();
    let drops = named.is_some_and(|name| name.eq_ignore_ascii_case(&trigger.id.name));
    let listed = |name: &str| {
        settings
            .storage
            .containers
            .iter()
            .any(|known| known == name)
    };
    let input = settings
        .storage
        .input
        .as_deref()
        .filter(|input| drops && listed(input));
    for property in ["blobPathBeginsWith", "blobPathEndsWith"] {
        let pointer = format!("/properties/typeProperties/{property}");
        let container = json
            .pointer(&pointer)
            .and_then(constant)
            .and_then(container_of);
        let Some(container) = container else {
            continue;
        };
        let finding = |rule, message| Finding::at(rule, &trigger.file, pointer.clone(), message);
        if let Some(input) = input.filter(|input| *input != container) {
            let message = format!(
                "the trigger listens to container `{container}`; files are dropped into `{input}`"
            );
            let related = written.related(&["storage", "input"], "the container for dropped files");
            findings.add(
                finding(&INPUT, message)
                    .hint(format!("did you mean `/{input}/blobs/`?"))
                    .related(related),
            );
        } else if !listed(container) {
            let message = format!("the container `{container}` is not listed in dataops.yaml");
            let known = settings.storage.containers.iter().map(String::as_str);
            let hint = meant(container, known);
            findings.add(
                finding(&TRIGGER, message)
                    .hint(hint.unwrap_or_else(|| "add it to `storage.containers`".to_owned())),
            );
        }
    }
}

/// The container in `/container/blobs/folder/`.
fn container_of(path: &str) -> Option<&str> {
    let (container, rest) = path.trim_start_matches('/').split_once('/')?;
    let blobs = rest == "blobs" || rest.starts_with("blobs/");
    (path.starts_with('/') && blobs && !container.is_empty()).then_some(container)
}

fn check_dataset(written: Written<'_>, dataset: &SourceResource, findings: &mut Findings) {
    let containers = &written.settings.storage.containers;
    for property in ["container", "fileSystem"] {
        let pointer = format!("/properties/typeProperties/location/{property}");
        let name = dataset.file.json().pointer(&pointer).and_then(constant);
        let Some(name) = name.filter(|name| !containers.iter().any(|known| known == name)) else {
            continue;
        };
        if let Some(near) = containers.iter().find(|known| is_slip(name, known)) {
            let message = format!("the container `{name}` is not listed in dataops.yaml");
            let finding = Finding::at(&DATASET, &dataset.file, pointer, message);
            findings.add(finding.hint(format!("did you mean `{near}`?")));
        }
    }
}

fn check_mounts(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    let mounts = &written.settings.storage.mounts;
    let points = || mounts.values().map(|point| point.trim_end_matches('/'));
    for pipeline in context.pipelines() {
        for activity in pipeline.active() {
            if activity.kind() != Some("DatabricksNotebook") {
                continue;
            }
            for (name, value) in members(activity.type_property("baseParameters")) {
                let Some(path) = constant(value).filter(|path| path.starts_with("/mnt/")) else {
                    continue;
                };
                let below = |point: &str| {
                    path.strip_prefix(point)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                };
                if points().any(below) {
                    continue;
                }
                let pointer = format!(
                    "{}/typeProperties/baseParameters/{}",
                    activity.pointer,
                    escape(name)
                );
                let message = format!("nothing is mounted at `{path}`");
                let finding = Finding::at(&MOUNT, &pipeline.resource.file, pointer, message);
                let listed = points()
                    .map(|point| format!("`{point}`"))
                    .collect::<Vec<_>>();
                let hint = meant(path, points());
                findings.add(finding.hint(
                    hint.unwrap_or_else(|| format!("dataops.yaml mounts {}", listed.join(", "))),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_stands_before_blobs() {
        assert_eq!(container_of("/in/blobs/new/"), Some("in"));
        assert_eq!(container_of("/in/blobs"), Some("in"));
        for other in ["in/blobs/", ".csv", "/in/", "//blobs/", "/in/blobsx"] {
            assert_eq!(container_of(other), None, "{other}");
        }
    }
}
