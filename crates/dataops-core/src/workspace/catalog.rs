//! Unity Catalog: external locations, catalogs, schemas and volumes.

use std::collections::{BTreeMap, BTreeSet};

use databricks_client::{
    ApiError, Catalog, ExternalLocation, Schema, Securable, StorageCredential, Volume, VolumeType,
    WorkspaceClient,
};
use dataops_solution::settings::CatalogSettings;
use serde_json::json;

use super::WorkspaceError;

/// A thing that there ought to be in Unity Catalog.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Thing {
    /// Only looked for: a metastore admin makes it.
    Credential(String),
    Location(ExternalLocation),
    Catalog(Catalog),
    Schema(Schema),
    Volume(Volume),
}

/// What was found of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ThingState {
    Missing,
    Same,
    /// What differs, and whether it can be changed.
    Differs(Vec<&'static str>, bool),
}

/// What the settings ask for, in the order in which it can be made.
pub(crate) fn wanted(settings: &CatalogSettings) -> Result<Vec<Thing>, WorkspaceError> {
    let locations = settings.external_locations.values();
    let credentials: BTreeSet<_> = locations.map(|it| it.credential.clone()).collect();
    let mut things: Vec<_> = credentials.into_iter().map(Thing::Credential).collect();
    things.extend(locations_of(settings));
    let volumes = volumes_of(settings)?;
    let mut schemas = BTreeMap::new();
    for (name, root) in &settings.schemas {
        let [catalog, schema] = parts(name, "databricks.unityCatalog.schemas", "catalog.schema")?;
        schemas.insert((catalog, schema), root.storage_root.clone());
    }
    for volume in &volumes {
        let place = (volume.catalog_name.clone(), volume.schema_name.clone());
        schemas.entry(place).or_default();
    }
    let mut catalogs: BTreeMap<_, _> = settings
        .catalogs
        .iter()
        .map(|(name, root)| (name.clone(), root.storage_root.clone()))
        .collect();
    for (catalog, _) in schemas.keys() {
        catalogs.entry(catalog.clone()).or_default();
    }
    things.extend(catalogs.into_iter().map(|(name, storage_root)| {
        Thing::Catalog(Catalog {
            name,
            storage_root,
            ..Catalog::default()
        })
    }));
    things.extend(
        schemas
            .into_iter()
            .map(|((catalog_name, name), storage_root)| {
                Thing::Schema(Schema {
                    name,
                    catalog_name,
                    storage_root,
                    ..Schema::default()
                })
            }),
    );
    things.extend(volumes.into_iter().map(Thing::Volume));
    Ok(things)
}

fn locations_of(settings: &CatalogSettings) -> impl Iterator<Item = Thing> {
    settings.external_locations.iter().map(|(name, location)| {
        Thing::Location(ExternalLocation {
            name: name.clone(),
            url: location.url.clone(),
            credential_name: location.credential.clone(),
            read_only: Some(location.read_only),
            ..ExternalLocation::default()
        })
    })
}

fn volumes_of(settings: &CatalogSettings) -> Result<Vec<Volume>, WorkspaceError> {
    let volumes = settings.volumes.iter().map(|(name, volume)| {
        let place = "databricks.unityCatalog.volumes";
        let [catalog_name, schema_name, name] = parts(name, place, "catalog.schema.volume")?;
        Ok(Volume {
            name,
            catalog_name,
            schema_name,
            volume_type: match volume.location {
                Some(_) => VolumeType::External,
                None => VolumeType::Managed,
            },
            storage_location: volume.location.clone(),
            ..Volume::default()
        })
    });
    volumes.collect()
}

fn parts<const N: usize>(
    name: &str,
    place: &str,
    form: &str,
) -> Result<[String; N], WorkspaceError> {
    let parts: Vec<_> = name.split('.').map(str::to_owned).collect();
    let wrong = || WorkspaceError::Lookup(format!("`{place}` has `{name}`, which is no `{form}`"));
    let parts: [String; N] = parts.try_into().map_err(|_| wrong())?;
    match parts.iter().any(String::is_empty) {
        true => Err(wrong()),
        false => Ok(parts),
    }
}

impl Thing {
    /// Its kind, as people call it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Credential(_) => "storage credential",
            Self::Location(_) => "external location",
            Self::Catalog(_) => "catalog",
            Self::Schema(_) => "schema",
            Self::Volume(_) => "volume",
        }
    }

    /// Its full name.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Credential(name) => name.clone(),
            Self::Location(location) => location.name.clone(),
            Self::Catalog(catalog) => catalog.name.clone(),
            Self::Schema(schema) => format!("{}.{}", schema.catalog_name, schema.name),
            Self::Volume(volume) => {
                let Volume {
                    catalog_name,
                    schema_name,
                    name,
                    ..
                } = volume;
                format!("{catalog_name}.{schema_name}.{name}")
            }
        }
    }

    /// Its kind and its name.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.kind(), self.name())
    }

    /// The titles of what it rests on: what it is in, and of what `things` have the external location that its data are below.
    pub(crate) fn needs(&self, things: &[Self]) -> Vec<String> {
        let (within, root) = match self {
            Self::Credential(_) => (None, None),
            Self::Location(location) => {
                let credential = format!("storage credential {}", location.credential_name);
                (Some(credential), None)
            }
            Self::Catalog(catalog) => (None, catalog.storage_root.as_deref()),
            Self::Schema(schema) => (
                Some(format!("catalog {}", schema.catalog_name)),
                schema.storage_root.as_deref(),
            ),
            Self::Volume(volume) => (
                Some(format!(
                    "schema {}.{}",
                    volume.catalog_name, volume.schema_name
                )),
                volume.storage_location.as_deref(),
            ),
        };
        let below = root.into_iter().flat_map(|root| {
            let is_above = move |thing: &&Self| match thing {
                Self::Location(location) => is_below(root, &location.url),
                _ => false,
            };
            things.iter().filter(is_above).map(Self::title)
        });
        within.into_iter().chain(below).collect()
    }

    /// Looks for it.
    pub(crate) async fn find(
        &self,
        client: &WorkspaceClient,
    ) -> Result<ThingState, WorkspaceError> {
        let name = self.name();
        Ok(match self {
            Self::Credential(_) => {
                let found = self.get::<StorageCredential>(client, &name).await?;
                found.map_or(ThingState::Missing, |_| ThingState::Same)
            }
            Self::Location(wanted) => match self.get::<ExternalLocation>(client, &name).await? {
                None => ThingState::Missing,
                Some(there) => {
                    let read_only = there.read_only.unwrap_or(false);
                    state(
                        [
                            ("url", is_same_place(&wanted.url, &there.url)),
                            (
                                "credential",
                                wanted.credential_name == there.credential_name,
                            ),
                            ("readOnly", wanted.read_only == Some(read_only)),
                        ],
                        true,
                    )
                }
            },
            Self::Catalog(_) => {
                let found = self.get::<Catalog>(client, &name).await?;
                found.map_or(ThingState::Missing, |_| ThingState::Same)
            }
            Self::Schema(_) => {
                let found = self.get::<Schema>(client, &name).await?;
                found.map_or(ThingState::Missing, |_| ThingState::Same)
            }
            Self::Volume(wanted) => match self.get::<Volume>(client, &name).await? {
                None => ThingState::Missing,
                Some(there) => {
                    let place = wanted.storage_location.as_deref();
                    let there_place = there.storage_location.as_deref().unwrap_or_default();
                    let same_place = place.is_none_or(|place| is_same_place(place, there_place));
                    let same_type = wanted.volume_type == there.volume_type;
                    state(
                        [("type", same_type), ("location", same_place), ("", true)],
                        false,
                    )
                }
            },
        })
    }

    async fn get<S: Securable>(
        &self,
        client: &WorkspaceClient,
        name: &str,
    ) -> Result<Option<S>, WorkspaceError> {
        let found = client.unity_catalog().get::<S>(name, None).await;
        match found.and_then(azure_core::http::Response::into_model) {
            Ok(found) => Ok(Some(found)),
            Err(error) if ApiError::of(&error).is_some_and(|error| error.is_not_found()) => {
                Ok(None)
            }
            Err(error) => {
                let step = WorkspaceError::step(format!("looking for {} `{name}`", self.kind()));
                Err(step(error))
            }
        }
    }

    /// Makes it, or changes it.
    pub(crate) async fn ensure(
        &self,
        client: &WorkspaceClient,
        exists: bool,
    ) -> Result<(), WorkspaceError> {
        let catalog = client.unity_catalog();
        let done = match self {
            Self::Credential(_) => Ok(()),
            Self::Location(wanted) if exists => {
                let change = json!({
                    "url": wanted.url, "credential_name": wanted.credential_name, "read_only": wanted.read_only,
                });
                let name = &wanted.name;
                let changed = catalog.update::<ExternalLocation>(name, &change, None);
                changed.await.map(drop)
            }
            Self::Location(wanted) => catalog.create(wanted, None).await.map(drop),
            Self::Catalog(wanted) => catalog.create(wanted, None).await.map(drop),
            Self::Schema(wanted) => catalog.create(wanted, None).await.map(drop),
            Self::Volume(wanted) => catalog.create(wanted, None).await.map(drop),
        };
        let verb = if exists { "changing" } else { "creating" };
        done.map_err(WorkspaceError::step(format!(
            "{verb} {} `{}`",
            self.kind(),
            self.name()
        )))
    }
}

fn state(same: [(&'static str, bool); 3], changeable: bool) -> ThingState {
    let differing = same.into_iter().filter(|(_, same)| !same);
    let differing: Vec<_> = differing.map(|(field, _)| field).collect();
    match differing.is_empty() {
        true => ThingState::Same,
        false => ThingState::Differs(differing, changeable),
    }
}

/// Places are the same with and without a slash at their end.
fn is_same_place(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

/// Whether a place is another one, or in it.
fn is_below(place: &str, other: &str) -> bool {
    let other = other.trim_end_matches('/');
    let rest = place.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(text: &str) -> Result<Vec<String>, String> {
        let settings: CatalogSettings = dataops_solution::yaml::read(text).unwrap();
        let wanted = wanted(&settings).map_err(|error| error.to_string())?;
        let shown = wanted
            .iter()
            .map(|thing| format!("{} {}", thing.kind(), thing.name()));
        Ok(shown.collect())
    }

    #[test]
    fn what_lies_below_an_external_location_rests_on_it() {
        let text = "
externalLocations:
  raw: { url: 'abfss://raw@a.dfs.core.windows.net/', credential: mi }
  in: { url: 'abfss://raw@a.dfs.core.windows.net/in', credential: mi }
catalogs: { ingest: { storageRoot: 'abfss://raw@a.dfs.core.windows.net/ingest' } }
schemas: { ingest.bronze: { storageRoot: 'abfss://other@a.dfs.core.windows.net/' } }
volumes:
  ingest.bronze.input: { location: 'abfss://raw@a.dfs.core.windows.net/in' }
  ingest.bronze.inner: { location: 'abfss://raw@a.dfs.core.windows.net/inner' }
  ingest.bronze.own: {}
";
        let settings: CatalogSettings = dataops_solution::yaml::read(text).unwrap();
        let wanted = wanted(&settings).unwrap();
        let needs = wanted.iter().map(|thing| {
            let needs = thing.needs(&wanted).join(", ");
            format!("{}: {needs}", thing.title())
        });
        assert_eq!(
            needs.collect::<Vec<_>>(),
            [
                "storage credential mi: ",
                "external location in: storage credential mi",
                "external location raw: storage credential mi",
                "catalog ingest: external location raw",
                "schema ingest.bronze: catalog ingest",
                "volume ingest.bronze.inner: schema ingest.bronze, external location raw",
                "volume ingest.bronze.input: schema ingest.bronze, external location in, external location raw",
                "volume ingest.bronze.own: schema ingest.bronze",
            ]
        );
    }

    #[test]
    fn what_is_above_a_volume_comes_before_it() {
        let text = "
externalLocations: { raw: { url: 'abfss://raw@a.dfs.core.windows.net/', credential: mi } }
volumes: { ingest.bronze.input: { location: 'abfss://raw@a.dfs.core.windows.net/in' }, ingest.gold.out: {} }
";
        assert_eq!(
            things(text).unwrap(),
            [
                "storage credential mi",
                "external location raw",
                "catalog ingest",
                "schema ingest.bronze",
                "schema ingest.gold",
                "volume ingest.bronze.input",
                "volume ingest.gold.out",
            ]
        );
        assert_eq!(
            things("volumes: { ingest.input: {} }").unwrap_err(),
            "`databricks.unityCatalog.volumes` has `ingest.input`, which is no `catalog.schema.volume`"
        );
    }
}
