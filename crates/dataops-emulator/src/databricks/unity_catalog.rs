//! Unity Catalog: storage credentials, external locations, catalogs, schemas and volumes, without rights of their own.
//!
//! An external volume shows the container that it names, as a mount does. Tables are lacking.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use axum::extract::{Path as UrlPath, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::fields::{Answer, Fields, empty};
use super::refusal::Refusal;
use super::{USER, Workspace};
use crate::private_file;
use crate::store::{StoreError, Table};

/// A kind of thing: its path segment, how errors name it, and the fields that its full name is made of.
struct Kind {
    segment: &'static str,
    code: &'static str,
    names: &'static [&'static str],
}

const KINDS: [Kind; 5] = [
    Kind {
        segment: "storage-credentials",
        code: "STORAGE_CREDENTIAL",
        names: &["name"],
    },
    Kind {
        segment: "external-locations",
        code: "EXTERNAL_LOCATION",
        names: &["name"],
    },
    Kind {
        segment: "catalogs",
        code: "CATALOG",
        names: &["name"],
    },
    Kind {
        segment: "schemas",
        code: "SCHEMA",
        names: &["catalog_name", "name"],
    },
    Kind {
        segment: "volumes",
        code: "VOLUME",
        names: &["catalog_name", "schema_name", "name"],
    },
];

pub(super) struct UnityCatalog {
    /// By `segment/full name`.
    rows: Table<Map<String, Value>>,
}

impl UnityCatalog {
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            rows: Table::open(dir.join("unity-catalog"))?,
        })
    }

    fn find(&self, kind: &Kind, name: &str) -> Result<Map<String, Value>, Refusal> {
        let found = self.rows.get(&key(kind, name));
        found.ok_or_else(|| Refusal::thing_missing(kind.code, name))
    }

    fn of_kind(&self, kind: &Kind) -> Vec<Map<String, Value>> {
        let rows = self.rows.list_below(&format!("{}/", kind.segment));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The schemas of each catalog, with those that every workspace has.
    pub(super) fn catalogs(&self) -> Result<BTreeMap<String, BTreeSet<String>>, Refusal> {
        let usual = || BTreeSet::from(["default".to_owned()]);
        let mut catalogs: BTreeMap<_, _> = ["main", "hive_metastore"]
            .map(|name| (name.to_owned(), usual()))
            .into();
        let text = |row: &Map<String, Value>, field: &str| {
            row.get(field).and_then(Value::as_str).map(str::to_owned)
        };
        for row in self.of_kind(kind("catalogs")?) {
            if let Some(name) = text(&row, "name") {
                catalogs.entry(name).or_insert_with(usual);
            }
        }
        for row in self.of_kind(kind("schemas")?) {
            if let (Some(catalog), Some(name)) = (text(&row, "catalog_name"), text(&row, "name")) {
                catalogs.entry(catalog).or_insert_with(usual).insert(name);
            }
        }
        Ok(catalogs)
    }
}

pub(super) fn router() -> Router<Workspace> {
    let root = "/api/2.1/unity-catalog";
    Router::new()
        .route(&format!("{root}/{{kind}}"), get(list).post(create))
        .route(
            &format!("{root}/{{kind}}/{{name}}"),
            get(one).patch(change).delete(remove),
        )
}

fn key(kind: &Kind, name: &str) -> String {
    // Names are compared without regard to case.
    format!("{}/{}", kind.segment, name.to_lowercase())
}

fn kind(segment: &str) -> Result<&'static Kind, Refusal> {
    let found = KINDS.iter().find(|kind| kind.segment == segment);
    found.ok_or_else(|| Refusal::not_emulated(&format!("`{segment}` of Unity Catalog")))
}

async fn list(
    State(workspace): State<Workspace>,
    UrlPath(segment): UrlPath<String>,
    fields: Fields,
) -> Answer {
    let kind = kind(&segment)?;
    let mut rows = workspace.unity_catalog().of_kind(kind);
    for filter in ["catalog_name", "schema_name"] {
        if let Some(wanted) = fields.text(filter)? {
            rows.retain(|row| row.get(filter).and_then(Value::as_str) == Some(&wanted));
        }
    }
    let collection = segment.replace('-', "_");
    Ok(Json(match rows.is_empty() {
        true => json!({}),
        false => json!({ collection: rows }),
    }))
}

async fn one(
    State(workspace): State<Workspace>,
    UrlPath((segment, name)): UrlPath<(String, String)>,
) -> Answer {
    let found = workspace.unity_catalog().find(kind(&segment)?, &name)?;
    Ok(Json(Value::Object(found)))
}

async fn create(
    State(workspace): State<Workspace>,
    UrlPath(segment): UrlPath<String>,
    fields: Fields,
) -> Answer {
    let kind = kind(&segment)?;
    let names: Result<Vec<_>, _> = kind
        .names
        .iter()
        .map(|name| fields.required(name))
        .collect();
    let names = names?;
    let odd =
        |name: &String| name.contains(['.', '/', ' ', '\\']) || name.chars().any(char::is_control);
    if let Some(name) = names.iter().find(|name| odd(name)) {
        return Err(Refusal::invalid(format!("`{name}` is not a valid name")));
    }
    let full_name = names.join(".");
    let catalog = workspace.unity_catalog();
    if catalog.rows.get(&key(kind, &full_name)).is_some() {
        return Err(Refusal::thing_exists(kind.code, &full_name));
    }
    check_above(&workspace, kind, &names, &fields)?;
    let mut row = fields.into_all();
    row.insert("full_name".to_owned(), full_name.clone().into());
    row.insert("owner".to_owned(), USER.into());
    if kind.segment == "volumes" {
        make_volume(&workspace, &names, &row)?;
    }
    catalog.rows.put(&key(kind, &full_name), row.clone())?;
    Ok(Json(Value::Object(row)))
}

/// Whether there is what the thing rests on.
fn check_above(
    workspace: &Workspace,
    of: &Kind,
    names: &[String],
    fields: &Fields,
) -> Result<(), Refusal> {
    let catalog = workspace.unity_catalog();
    match of.segment {
        "external-locations" => {
            fields.required("url")?;
            let credential = fields.required("credential_name")?;
            catalog.find(kind("storage-credentials")?, &credential)?;
        }
        "schemas" => drop(catalog.find(kind("catalogs")?, &names[0])?),
        "volumes" => drop(catalog.find(kind("schemas")?, &names[..2].join("."))?),
        _ => {}
    }
    Ok(())
}

/// Makes the folder behind a volume. That of an external one is the container, which an external location must cover.
fn make_volume(
    workspace: &Workspace,
    names: &[String],
    row: &Map<String, Value>,
) -> Result<(), Refusal> {
    let folder = workspace.volumes().locate(&names.join("/"))?;
    let failed = |error| Refusal::disk(&folder, &error);
    if row.get("volume_type").and_then(Value::as_str) != Some("EXTERNAL") {
        return private_file::create_folder(&folder).map_err(failed);
    }
    let location = row.get("storage_location").and_then(Value::as_str);
    let location =
        location.ok_or_else(|| Refusal::invalid("an EXTERNAL volume needs `storage_location`"))?;
    let covers = |row: &Map<String, Value>| {
        let url = row.get("url").and_then(Value::as_str).unwrap_or_default();
        let url = url.trim_end_matches('/');
        let rest = location.strip_prefix(url);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let locations = workspace
        .unity_catalog()
        .of_kind(kind("external-locations")?);
    if !locations.iter().any(covers) {
        let message = format!("no external location covers `{location}`");
        return Err(Refusal::invalid(message));
    }
    let container = workspace.mounts().folder(location)?;
    if let Some(above) = folder.parent() {
        private_file::create_folder(above).map_err(failed)?;
    }
    link(&container, &folder).map_err(failed)
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> std::io::Result<()> {
    private_file::create_folder(to)?;
    std::os::unix::fs::symlink(to, at)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

async fn change(
    State(workspace): State<Workspace>,
    UrlPath((segment, name)): UrlPath<(String, String)>,
    fields: Fields,
) -> Answer {
    let kind = kind(&segment)?;
    if kind.segment != "external-locations" {
        return Err(Refusal::not_emulated(&format!("changes of {segment}")));
    }
    let catalog = workspace.unity_catalog();
    let mut row = catalog.find(kind, &name)?;
    for field in ["url", "credential_name", "read_only", "comment"] {
        if let Some(value) = fields.value(field) {
            row.insert(field.to_owned(), value.clone());
        }
    }
    catalog.rows.put(&key(kind, &name), row.clone())?;
    Ok(Json(Value::Object(row)))
}

async fn remove(
    State(workspace): State<Workspace>,
    UrlPath((segment, name)): UrlPath<(String, String)>,
) -> Answer {
    let kind = kind(&segment)?;
    if kind.segment == "volumes" {
        return Err(Refusal::not_emulated("the deletion of volumes"));
    }
    let catalog = workspace.unity_catalog();
    catalog.find(kind, &name)?;
    catalog.rows.remove(&key(kind, &name))?;
    empty()
}
