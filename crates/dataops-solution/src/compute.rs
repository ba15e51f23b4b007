//! What an environment needs in its Databricks workspace before a notebook can run there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

/// A Databricks workspace.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct DatabricksSettings {
    /// The workspace's address.
    pub host: String,
    /// The workspace's Azure resource id, to say how access is given to it.
    pub resource_id: Option<String>,
    /// The cluster that runs the notebooks.
    pub cluster: Option<ClusterSettings>,
    /// Instance pools that `env prepare` makes, by name.
    #[serde(default)]
    pub instance_pools: BTreeMap<String, PoolSettings>,
    /// Secret scopes that `env prepare` makes, by name.
    #[serde(default)]
    pub secret_scopes: BTreeMap<String, ScopeSettings>,
    /// The secret that holds the storage account's key for mounts; without it, the key is asked of Azure and kept in the scope
    /// `dataops`.
    pub mount_key: Option<SecretPlace>,
    /// What `env prepare` makes in Unity Catalog.
    pub unity_catalog: Option<CatalogSettings>,
}

/// The cluster that runs the notebooks.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ClusterSettings {
    /// The cluster's name.
    pub name: String,
    /// A file with the cluster's specification, as JSON.
    pub spec: Option<PathBuf>,
    /// The instance pool that its machines come from, by name.
    pub instance_pool: Option<String>,
    /// The cluster policy that it follows, by name.
    pub policy: Option<String>,
    /// The libraries that it has.
    #[serde(default)]
    pub libraries: Vec<LibrarySettings>,
}

/// A library of a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
#[non_exhaustive]
pub enum LibrarySettings {
    /// A Python package, such as `lightgbm==4.5.0`.
    Pypi {
        /// The package, with its version.
        package: String,
        /// The index that it comes from.
        repo: Option<String>,
    },
    /// A Maven artefact.
    Maven {
        /// `group:artifact:version`.
        coordinates: String,
        /// The repository that it comes from.
        repo: Option<String>,
        /// Dependencies that are left out.
        #[serde(default)]
        exclusions: Vec<String>,
    },
    /// An R package.
    Cran {
        /// The package.
        package: String,
        /// The repository that it comes from.
        repo: Option<String>,
    },
    /// A Python wheel by its path in the workspace or a volume.
    Whl(String),
    /// A JAR by its path.
    Jar(String),
    /// A `requirements.txt` by its path in the workspace or a volume.
    Requirements(String),
}

/// An instance pool.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PoolSettings {
    /// A file with the pool's specification, as JSON.
    pub spec: PathBuf,
}

/// A secret scope: values, or a Key Vault.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ScopeSettings {
    /// The secrets, by key; each value comes from a variable, `${NAME}`. Only `env prepare` needs them.
    pub values: BTreeMap<String, String>,
    /// The Key Vault that keeps the secrets, in place of values.
    pub key_vault: Option<KeyVaultSettings>,
}

/// A Key Vault.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct KeyVaultSettings {
    /// Its Azure resource id.
    pub resource_id: String,
    /// Its address, such as `https://name.vault.azure.net/`.
    pub dns_name: String,
}

/// A secret in a scope.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SecretPlace {
    /// The scope.
    pub scope: String,
    /// The key.
    pub key: String,
}

/// What there ought to be in Unity Catalog.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct CatalogSettings {
    /// Places of a storage account that Unity Catalog reaches, by name.
    pub external_locations: BTreeMap<String, LocationSettings>,
    /// Catalogs, by name.
    pub catalogs: BTreeMap<String, StorageRoot>,
    /// Schemas, by `catalog.schema`. Their catalogs are made too.
    pub schemas: BTreeMap<String, StorageRoot>,
    /// Volumes, by `catalog.schema.volume`. Their catalogs and schemas are made too.
    pub volumes: BTreeMap<String, VolumeSettings>,
}

/// A place of a storage account that Unity Catalog reaches.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct LocationSettings {
    /// The place, such as `abfss://raw@account.dfs.core.windows.net/`.
    pub url: String,
    /// The storage credential that opens it, by name. A metastore admin makes it.
    pub credential: String,
    /// Whether nothing is written there.
    #[serde(default)]
    pub read_only: bool,
}

/// Where a catalog or schema keeps what it manages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct StorageRoot {
    /// The place in a storage account; that of what is above when left out.
    pub storage_root: Option<String>,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct VolumeSettings {
    /// The place in a storage account that it shows; a volume without one is managed.
    pub location: Option<String>,
}

impl ClusterSettings {
    /// A cluster that is known by its name alone.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            spec: None,
            instance_pool: None,
            policy: None,
            libraries: Vec::new(),
        }
    }
}

impl SecretPlace {
    /// The secret `key` of `scope`.
    #[must_use]
    pub fn new(scope: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            scope: scope.into(),
            key: key.into(),
        }
    }
}

impl LibrarySettings {
    /// The same, with each of its texts as `fill` gives it.
    pub(crate) fn filled<E>(&self, fill: impl Fn(&str) -> Result<String, E>) -> Result<Self, E> {
        let optional = |text: &Option<String>| text.as_deref().map(&fill).transpose();
        Ok(match self {
            Self::Pypi { package, repo } => Self::Pypi {
                package: fill(package)?,
                repo: optional(repo)?,
            },
            Self::Maven {
                coordinates,
                repo,
                exclusions,
            } => Self::Maven {
                coordinates: fill(coordinates)?,
                repo: optional(repo)?,
                exclusions: exclusions
                    .iter()
                    .map(|text| fill(text))
                    .collect::<Result<_, E>>()?,
            },
            Self::Cran { package, repo } => Self::Cran {
                package: fill(package)?,
                repo: optional(repo)?,
            },
            Self::Whl(path) => Self::Whl(fill(path)?),
            Self::Jar(path) => Self::Jar(fill(path)?),
            Self::Requirements(path) => Self::Requirements(fill(path)?),
        })
    }

    /// The library as Databricks takes it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut library = match self {
            Self::Pypi { package, repo } => {
                serde_json::json!({"pypi": {"package": package, "repo": repo}})
            }
            Self::Maven {
                coordinates,
                repo,
                exclusions,
            } => {
                let exclusions = (!exclusions.is_empty()).then_some(exclusions);
                serde_json::json!({"maven": {"coordinates": coordinates, "repo": repo, "exclusions": exclusions}})
            }
            Self::Cran { package, repo } => {
                serde_json::json!({"cran": {"package": package, "repo": repo}})
            }
            Self::Whl(path) => serde_json::json!({"whl": path}),
            Self::Jar(path) => serde_json::json!({"jar": path}),
            Self::Requirements(path) => serde_json::json!({"requirements": path}),
        };
        let members = library.as_object_mut().into_iter();
        for member in members.flat_map(|library| library.values_mut()) {
            if let Some(member) = member.as_object_mut() {
                member.retain(|_, value| !value.is_null());
            }
        }
        library
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn libraries_are_read_as_databricks_writes_them() {
        let text = "
host: h
cluster:
  name: c
  libraries:
  - pypi: { package: lightgbm==4.5.0 }
  - maven: { coordinates: 'g:a:1', exclusions: ['x:y'] }
  - whl: /Workspace/Shared/a.whl
";
        let settings: DatabricksSettings = crate::yaml::read(text).unwrap();

        let libraries = settings.cluster.unwrap().libraries;
        let libraries: Vec<_> = libraries.iter().map(LibrarySettings::to_json).collect();
        assert_eq!(
            json!(libraries),
            json!([
                {"pypi": {"package": "lightgbm==4.5.0"}},
                {"maven": {"coordinates": "g:a:1", "exclusions": ["x:y"]}},
                {"whl": "/Workspace/Shared/a.whl"},
            ])
        );
    }

    #[test]
    fn what_is_no_library_is_refused_in_its_place() {
        let refused = |library: &str| {
            let text = format!("host: h\ncluster:\n  name: c\n  libraries:\n  - {library}\n");
            crate::yaml::read::<DatabricksSettings>(&text)
                .unwrap_err()
                .to_string()
        };

        insta::assert_snapshot!(refused("npm: x"), @"5:5: unknown variant `npm`, expected one of pypi, maven, cran, whl, jar, requirements");
        insta::assert_snapshot!(refused("pypi: { pakage: x }"), @"5:13: unknown field `pakage`, expected one of package, repo");
        assert!(refused("lightgbm").starts_with("5:5: "));
    }
}
