//! The documents of a repository.

use std::path::Path;

use adf_model::{Kind, ResourceId};
use serde_json::Value;

use crate::{Files, Problem, SourceFile};

/// A resource and its file.
#[derive(Clone, Debug)]
pub struct SourceResource {
    /// The resource. Its name is the `name` in the file, otherwise the file's.
    pub id: ResourceId,
    /// Its file.
    pub file: SourceFile,
}

/// What a Data Factory git repository holds.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// The resources, the factory among them, in the order of kinds and then of the bytes of their paths.
    pub resources: Vec<SourceResource>,
    /// `arm-template-parameters-definition.json`.
    pub parameters_definition: Option<SourceFile>,
    /// `publish_config.json`.
    pub publish_config: Option<SourceFile>,
    /// What is wrong with files, in the order of their paths.
    pub problems: Vec<Problem>,
}

impl Repository {
    /// Makes documents of files.
    #[must_use]
    pub fn read(files: &Files) -> Self {
        let mut repository = Self {
            problems: files.problems().to_vec(),
            ..Self::default()
        };
        for (path, bytes) in files.iter() {
            match SourceFile::parse(path, bytes, &mut repository.problems) {
                Ok(file) => repository.add(file),
                Err(problem) => repository.problems.push(problem),
            }
        }
        repository.resources.sort_by(|left, right| {
            (left.id.kind, &left.file.path).cmp(&(right.id.kind, &right.file.path))
        });
        repository
    }

    fn add(&mut self, file: SourceFile) {
        match file.path.as_str() {
            "arm-template-parameters-definition.json" => self.parameters_definition = Some(file),
            "publish_config.json" => self.publish_config = Some(file),
            path => {
                if let Some(id) = id(path, file.json()) {
                    self.resources.push(SourceResource { id, file });
                }
            }
        }
    }

    /// The resources of a kind.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &SourceResource> {
        self.resources
            .iter()
            .filter(move |resource| resource.id.kind == kind)
    }
}

fn id(path: &str, json: &Value) -> Option<ResourceId> {
    let mut parts: Vec<_> = path.split('/').collect();
    let file = parts.pop()?;
    let stem = Path::new(file).file_stem()?.to_str()?;
    let name = json.get("name").and_then(Value::as_str).unwrap_or(stem);
    match parts.as_slice() {
        [folder] => Some(ResourceId::new(Kind::of_folder(folder)?, name)),
        [networks, network, folder]
            if Kind::of_folder(networks) == Some(Kind::ManagedVirtualNetwork) =>
        {
            Some(ResourceId::below(*network, Kind::of_folder(folder)?, name))
        }
        _ => None,
    }
}
