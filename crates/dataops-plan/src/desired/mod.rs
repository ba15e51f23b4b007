//! What a factory ought to be: the documents of a source as an environment wants them.

mod documents;
mod error;
mod factory;
mod globals;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use adf_model::secret::SecureParameters;
use adf_model::{Kind, ResourceId};
use adf_source::Repository;
use dataops_solution::environment::Environment;
use dataops_solution::fit::{Addition, Fit};
use dataops_solution::overrides::{OverridePath, OverrideValue};
use dataops_solution::renames::Renames;
use dataops_solution::suggestion::nearest;
use serde_json::{Value, json};

pub use documents::documents;
pub use error::DesiredError;
pub use globals::all_global_parameters;

use documents::{complete, unique};

use crate::changes::changes;
use crate::compare::compare;
use crate::concealed;
use crate::digest::Digest;
use crate::prepared::Prepared;
use crate::secret::without_secrets;

/// What differs in an environment.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    /// The factory's name there.
    pub factory: Option<String>,
    /// Values of documents. What stands for something else, such as `aml://…`, is replaced by the caller.
    pub overrides: Vec<(OverridePath, OverrideValue)>,
    /// Values of global parameters, by name.
    pub global_parameters: BTreeMap<String, Value>,
    /// Resources that are called otherwise.
    pub renames: Renames,
    /// How values were found in the place of what stood for them, where a reader should know; added by the caller.
    pub notes: Vec<Note>,
}

/// How the value of a setting was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The path or the name of the setting.
    pub setting: String,
    /// How, as a clause.
    pub text: String,
    /// What to do where it is not what is meant.
    pub hint: String,
}

impl Overlay {
    /// What an environment says.
    ///
    /// # Errors
    ///
    /// When a path or a rename cannot be read.
    pub fn of(environment: &Environment) -> Result<Self, DesiredError> {
        let overrides = environment.overrides.iter();
        let overrides = overrides.map(|(path, value)| {
            let path = OverridePath::parse(path)?;
            Ok((path, value.clone()))
        });
        Ok(Self {
            factory: environment.azure().ok().map(|azure| azure.factory.clone()),
            overrides: overrides.collect::<Result<_, DesiredError>>()?,
            global_parameters: environment.global_parameters.clone(),
            renames: Renames::parse(&environment.renames)?,
            notes: Vec::new(),
        })
    }
}

/// What a factory ought to be.
#[derive(Clone, Debug)]
pub struct Desired {
    pub(crate) factory: Option<DesiredResource>,
    pub(crate) resources: BTreeMap<ResourceId, DesiredResource>,
    /// What overrides have added to the documents.
    pub(crate) added: Vec<Added>,
    /// How values of the environment were found.
    pub(crate) notes: Vec<Note>,
    /// The set without a global parameter, for those who ask for it.
    no_globals: DesiredResource,
}

impl Default for Desired {
    fn default() -> Self {
        let id = ResourceId::new(Kind::GlobalParameters, "default");
        let document = json!({"name": "default", "properties": {}});
        Self {
            factory: None,
            resources: BTreeMap::new(),
            added: Vec::new(),
            notes: Vec::new(),
            no_globals: DesiredResource::new(id, document, &BTreeSet::new()),
        }
    }
}

/// A property that an override has added.
#[derive(Clone, Debug)]
pub(crate) struct Added {
    /// The resource, as it is called in the environment.
    pub(crate) id: ResourceId,
    /// The path as it is written.
    pub(crate) path: String,
    pub(crate) addition: Addition,
}

/// What overrides have put into a document.
#[derive(Clone, Default)]
struct Put {
    /// The JSON pointers of secrets.
    secrets: Vec<String>,
    /// The paths that were new, and what each has added.
    added: Vec<(String, Addition)>,
}

/// A resource as it ought to be.
#[derive(Clone, Debug)]
pub struct DesiredResource {
    id: ResourceId,
    pub(crate) prepared: Arc<Prepared>,
}

impl DesiredResource {
    fn new(id: ResourceId, json: Value, secrets: &BTreeSet<String>) -> Self {
        let prepared = Arc::new(Prepared::of(id.kind, json, secrets));
        Self { id, prepared }
    }

    /// Which it is.
    #[must_use]
    pub fn id(&self) -> &ResourceId {
        &self.id
    }

    /// The digest of its normal form, in which no secret counts.
    #[must_use]
    pub fn digest(&self) -> &Digest {
        &self.prepared.digest
    }

    /// Whether a document of the factory is what it ought to be, as far as that can be seen: most secrets do not show.
    #[must_use]
    pub fn is_met_by(&self, live: &Value) -> bool {
        let kind = self.id.kind;
        let live = Prepared::of(kind, live.clone(), &BTreeSet::new());
        let compared = compare(&self.prepared, &live);
        !compared.has_other_secret() && (compared.is_same || changes(kind, &compared).is_empty())
    }

    /// The JSON pointers of its secrets.
    pub fn secret_places(&self) -> impl Iterator<Item = &str> {
        let secrets = self.prepared.masked.secrets.iter();
        secrets.map(|secret| secret.pointer.as_str())
    }

    /// What is sent: the whole document **with its secrets**, without what the service says of it, and without what is sealed for
    /// another factory.
    #[must_use]
    pub fn body(&self) -> Value {
        let mut body = self.prepared.masked.reveal();
        if let Some(body) = body.as_object_mut() {
            for name in ["id", "etag", "eTag", "systemData"] {
                body.shift_remove(name);
            }
        }
        let details = body.pointer_mut("/properties/typeProperties");
        if let Some(details) = details.and_then(Value::as_object_mut) {
            details.shift_remove("encryptedCredential");
        }
        body
    }
}

impl Desired {
    /// The documents of a repository as an environment wants them.
    ///
    /// # Errors
    ///
    /// When a file cannot be read, or what the environment says does not fit the documents.
    pub fn of(repository: &Repository, overlay: &Overlay) -> Result<Self, DesiredError> {
        Self::of_documents(documents(repository)?, overlay)
    }

    /// Documents as an environment wants them.
    ///
    /// # Errors
    ///
    /// When what the environment says does not fit the documents.
    pub fn of_documents(
        documents: Vec<(ResourceId, Value)>,
        overlay: &Overlay,
    ) -> Result<Self, DesiredError> {
        let (factories, mut documents): (Vec<_>, Vec<_>) = documents
            .into_iter()
            .filter(|(id, _)| id.kind != Kind::PrivateEndpointConnection)
            .partition(|(id, _)| id.kind == Kind::Factory);
        documents.extend(factory::choose(factories, overlay.factory.as_deref())?);
        unique(&documents)?;
        for (id, document) in &mut documents {
            complete(id, document);
        }
        let mut desired = Self {
            notes: overlay.notes.clone(),
            ..Self::default()
        };
        let put = override_values(&mut documents, overlay)?;
        overlay.renames.apply(&mut documents)?;
        let mut secrets = Vec::with_capacity(put.len());
        for (put, (id, _)) in put.into_iter().zip(&documents) {
            secrets.push(BTreeSet::from_iter(put.secrets));
            let added = put.added.into_iter().map(|(path, addition)| Added {
                id: id.clone(),
                path,
                addition,
            });
            desired.added.extend(added);
        }
        let secure = SecureParameters::of(documents.iter().map(|(id, document)| (id, document)));
        for ((_, document), secrets) in documents.iter().zip(&mut secrets) {
            secrets.extend(secure.arguments(document));
        }
        let mut globals = globals::Globals::default();
        for ((id, mut json), secrets) in documents.into_iter().zip(secrets) {
            match id.kind {
                Kind::GlobalParameters => globals.of_resource(&json),
                Kind::Factory => {
                    globals.of_factory(&json);
                    factory::prepare(&mut json, overlay.factory.as_deref());
                    desired.factory = Some(DesiredResource::new(id, json, &secrets));
                }
                _ => {
                    let resource = DesiredResource::new(id.clone(), json, &secrets);
                    desired.resources.insert(id, resource);
                }
            }
        }
        if let Some(document) = globals.document(&overlay.global_parameters)? {
            let id = ResourceId::new(Kind::GlobalParameters, "default");
            let resource = DesiredResource::new(id.clone(), document, &BTreeSet::new());
            desired.resources.insert(id, resource);
        }
        Ok(desired)
    }

    /// What a plan puts in the place of a resource: the document of the source, whatever the factory is called; an empty set where
    /// the source has no global parameters.
    #[must_use]
    pub fn get(&self, id: &ResourceId) -> Option<&DesiredResource> {
        match id.kind {
            Kind::Factory => self.factory.as_ref(),
            Kind::GlobalParameters => self.resources.get(id).or(Some(&self.no_globals)),
            _ => self.resources.get(id),
        }
    }

    /// The paths of the overrides that have added a property.
    pub fn additions(&self) -> impl Iterator<Item = &str> {
        self.added.iter().map(|added| added.path.as_str())
    }

    /// A text of a service without the secrets that are put: it may repeat what it was sent.
    #[must_use]
    pub fn without_secrets(&self, text: &str) -> String {
        let mut shown = without_secrets(text).unwrap_or_else(|| text.to_owned());
        let documents = self.resources.values().map(|it| &*it.prepared);
        concealed::hide_in(&mut shown, documents);
        shown
    }

    /// A resource that is known only without its secrets, which would be lost if it were put.
    #[must_use]
    pub fn incomplete(&self) -> Option<&ResourceId> {
        let lacks = |resource: &&DesiredResource| {
            let prepared = &resource.prepared;
            let mut secrets = prepared.masked.secrets.iter();
            prepared.is_sealed || secrets.any(|secret| !secret.value.is_known())
        };
        self.resources.values().find(lacks).map(DesiredResource::id)
    }

    pub(crate) fn no_global_parameters(&self) -> &DesiredResource {
        &self.no_globals
    }

    /// Whether there is nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let mut ids = self.resources.keys();
        ids.all(|id| id.kind == Kind::GlobalParameters)
    }
}

/// Puts the environment's values into the documents, and tells what was put into each.
fn override_values(
    documents: &mut [(ResourceId, Value)],
    overlay: &Overlay,
) -> Result<Vec<Put>, DesiredError> {
    let mut put = vec![Put::default(); documents.len()];
    let place = |kind: Kind, name: &str| (kind, name.to_lowercase());
    let index: HashMap<_, _> = documents
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (place(id.kind, &id.name), at))
        .collect();
    for (path, value) in &overlay.overrides {
        let mut found = index.get(&place(path.id.kind, &path.id.name)).copied();
        if path.id.kind == Kind::Factory && overlay.factory.as_ref() == Some(&path.id.name) {
            found = documents
                .iter()
                .position(|(id, _)| id.kind == Kind::Factory);
        }
        if path.id.parent.is_some() {
            found = documents.iter().position(|(id, _)| path.is_about(id));
        }
        let Some(at) = found else {
            return Err(DesiredError::OverrideOfNothing {
                path: path.text.clone(),
                meant: meant(&path.id, documents),
                id: path.id.clone(),
            });
        };
        put[at].value(&mut documents[at].1, path, value)?;
    }
    Ok(put)
}

/// The name of the document of a kind that was meant.
fn meant(id: &ResourceId, documents: &[(ResourceId, Value)]) -> Option<String> {
    let known = documents.iter().filter(|(known, _)| known.kind == id.kind);
    let known = known.map(|(known, _)| known.name.as_str());
    nearest(&id.name, known).map(str::to_owned)
}

impl Put {
    /// Puts a value into its document.
    fn value(
        &mut self,
        document: &mut Value,
        path: &OverridePath,
        value: &OverrideValue,
    ) -> Result<(), DesiredError> {
        let fit = match value {
            OverrideValue::Plain(value) => path.fit(document, value),
            OverrideValue::Secret(secret) => path.fit_secret(document, secret.reveal()),
        };
        if let Ok(Fit::Adds { known }) = fit {
            let addition = path.addition(&known);
            // The documents of a repository have no place for most secrets.
            if value.plain().is_some() || addition.is_close {
                self.added.push((path.text.clone(), addition));
            }
        }
        match value {
            OverrideValue::Plain(value) => {
                path.apply(document, value.clone())?;
            }
            OverrideValue::Secret(secret) => {
                self.secrets.push(path.apply_secret(document, secret)?);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
