//! Data contracts: whether the data that they speak of are where the pipelines write.

use std::collections::BTreeSet;

use dataops_solution::source::Contents;
use dataops_solution::text::NotUtf8;
use dataops_solution::yaml::{self, Source};
use serde_json::Value;

use crate::rules::rule;
use crate::settings::Written;
use crate::suggestion::meant;
use crate::text::{fault, word_at};
use crate::{Context, Finding, Findings, Rule};

pub(super) static LOCATION: Rule = rule!(
    "XA116",
    "contract-location",
    Warning,
    "A data contract speaks of a container that the solution does not list"
);
pub(super) static FILE: Rule = rule!(
    "XA117",
    "contract-file",
    Error,
    "A data contract cannot be read"
);
pub(super) static UNWRITTEN: Rule = rule!(
    "XA120",
    "unwritten-location",
    Warning,
    "A data contract speaks of a container that no pipeline and no notebook mentions"
);

pub(super) fn check(context: &Context<'_>, written: Written<'_>, findings: &mut Findings) {
    for (path, contents) in written.contract_files() {
        match contents {
            Contents::Text(text) => check_contract(context, written, path, text, findings),
            _ => findings.extend(unreadable(path, contents)),
        }
    }
}

/// A contract that nobody can read is a test that nobody can run.
fn unreadable(path: &str, contents: &Contents) -> Option<Finding> {
    let (reason, span) = fault(contents)?;
    let what = match contents {
        Contents::UnreadableFolder(_) => "the folder",
        _ => "the contract",
    };
    let hint = matches!(contents, Contents::Bytes(_)).then_some(NotUtf8::HINT);
    let finding = Finding {
        span,
        ..Finding::in_file(&FILE, path, format!("{what} cannot be read: {reason}"))
    };
    Some(finding.hint_if(hint))
}

fn check_contract(
    context: &Context<'_>,
    written: Written<'_>,
    path: &str,
    text: &str,
    findings: &mut Findings,
) {
    let contract = match yaml::read::<Value>(text) {
        Ok(contract) => contract,
        Err(error) => {
            let number = |number: u64| usize::try_from(number).unwrap_or(1);
            let place = word_at(text, number(error.line), number(error.column));
            return findings.add(Finding {
                span: Some(place),
                ..Finding::in_file(&FILE, path, error.reason)
            });
        }
    };
    let source = Source::new(path, text);
    let at = |rule, place: &[&str], message: String| Finding {
        span: Some(source.span(place)),
        ..Finding::in_file(rule, path, message)
    };
    if contract.get("kind").and_then(Value::as_str) != Some("DataContract") {
        let message = "the file is no data contract: its `kind` is not `DataContract`".to_owned();
        return findings.add(at(&FILE, &["kind"], message));
    }
    let containers = &written.settings.storage.containers;
    if containers.is_empty() {
        return;
    }
    for (place, container) in containers_of(&contract) {
        let place: Vec<_> = place.iter().map(String::as_str).collect();
        if !containers.contains(&container) {
            let message = format!("the container `{container}` is not listed in dataops.yaml");
            let known = containers.iter().map(String::as_str);
            findings.add(at(&LOCATION, &place, message).hint_if(meant(&container, known)));
        } else if !is_mentioned(context, written, &container) {
            let message =
                format!("no pipeline and no notebook mentions the container `{container}`");
            findings.add(at(&UNWRITTEN, &place, message));
        }
    }
}

/// What stands for an object's physical name in a location.
const NAMES: [&str; 4] = ["{model}", "{object}", "{table}", "{schema}"];

/// The containers that a contract speaks of, each with the place that names it.
fn containers_of(contract: &Value) -> Vec<(Vec<String>, String)> {
    let items = |key| contract.get(key).and_then(Value::as_array);
    let numbered = |key| items(key).into_iter().flatten().enumerate();
    let mut found = Vec::new();
    for (number, server) in numbered("servers") {
        let place = ["servers".to_owned(), number.to_string()];
        let place = |key: &str| [&place[..], &[key.to_owned()]].concat();
        let Some(location) = server.get("location").and_then(Value::as_str) else {
            continue;
        };
        if let Some(container) = container_of(location) {
            found.push((place("location"), container.to_owned()));
            continue;
        }
        for (number, object) in numbered("schema") {
            let name = |key: &'static str| Some((key, object.get(key)?.as_str()?));
            let Some((key, name)) = name("physicalName").or_else(|| name("name")) else {
                continue;
            };
            let fill = |location: String, stands: &&str| location.replace(stands, name);
            let location = NAMES.iter().fold(location.to_owned(), fill);
            if let Some(container) = container_of(&location) {
                let place = ["schema".to_owned(), number.to_string(), key.to_owned()];
                found.push((place.to_vec(), container.to_owned()));
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|(place, _)| seen.insert(place.clone()));
    found
}

/// The container in the address of data on Azure, in each of the spellings that are in use.
fn container_of(location: &str) -> Option<&str> {
    let (scheme, rest) = location.split_once("://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let container = match authority.split_once('@') {
        Some((container, _)) => container,
        None if authority.contains('.') => path.split('/').next()?,
        None if matches!(scheme, "az" | "abfs" | "azure") => authority,
        None => return None,
    };
    let azure = matches!(
        scheme,
        "az" | "azure" | "abfs" | "abfss" | "wasb" | "wasbs" | "https"
    );
    (azure && !container.is_empty() && !container.contains(['$', '{', '*'])).then_some(container)
}

/// Whether something in the solution mentions a container, or where it is mounted.
fn is_mentioned(context: &Context<'_>, written: Written<'_>, container: &str) -> bool {
    let storage = &written.settings.storage;
    let roles = [&storage.training, &storage.testing];
    if roles.into_iter().flatten().any(|role| role == container) {
        return true;
    }
    let mount = storage.mounts.get(container);
    let mentions = |text: &str| {
        text.contains(container) || mount.is_some_and(|mount| text.contains(mount.as_str()))
    };
    let mut documents = context.repository.resources.iter();
    let mut notebooks = context
        .notebooks()
        .into_iter()
        .flat_map(|notebooks| &notebooks.files);
    documents.any(|resource| mentions(resource.file.text()))
        || notebooks.any(|file| mentions(file.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_stand_in_locations_by_their_physical_names() {
        let contract = serde_json::json!({
            "servers": [
                {"location": "az://{object}/${RUN_ID}/*.csv"},
                {"location": "abfss://{table}@st.dfs.core.windows.net/x"},
                {"location": "az://plain/{object}"},
                {"location": "az://${C}/{object}"}
            ],
            "schema": [{"name": "training"}, {"name": "b", "physicalName": "testing"}, {}]
        });

        let found = containers_of(&contract);

        let found: Vec<_> = found
            .iter()
            .map(|(place, container)| format!("{} {container}", place.join(".")))
            .collect();
        assert_eq!(
            found,
            [
                "schema.0.name training",
                "schema.1.physicalName testing",
                "servers.2.location plain"
            ]
        );
    }

    #[test]
    fn each_spelling_of_a_location_has_its_container() {
        for location in [
            "abfss://training@stclaims.dfs.core.windows.net/claims/*.parquet",
            "wasbs://training@stclaims.blob.core.windows.net/",
            "abfss://stclaims.dfs.core.windows.net/training/claims",
            "https://stclaims.blob.core.windows.net/training/${RUN_ID}/train.csv",
            "az://training/claims",
        ] {
            assert_eq!(container_of(location), Some("training"), "{location}");
        }
        for other in [
            "/dbfs/mnt/training",
            "s3://training/x",
            "abfss://${C}@st.test/",
            "training",
        ] {
            assert_eq!(container_of(other), None, "{other}");
        }
    }
}
