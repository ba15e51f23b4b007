//! What belongs to one smoke test alone: its id, its folder, its input, its parameters.

use dataops_solution::Solution;
use dataops_solution::settings::SmokeSettings;
use serde_json::{Map, Value};

use super::{CanaryInput, SmokeError};

/// The folder of a test, unless the settings say otherwise.
const FOLDER: &str = "_smoke/{id}";

/// What belongs to one smoke test alone.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Canary {
    /// Its folder in each container.
    pub folder: String,
    /// Its input.
    pub input: Option<CanaryInput>,
    /// What the pipeline is given.
    pub parameters: Map<String, Value>,
}

impl CanaryInput {
    /// Whether it is a file that can be read.
    pub(super) fn check(&self) -> Result<(), SmokeError> {
        let file = std::fs::File::open(&self.file).and_then(|file| file.metadata());
        let file = file.and_then(|file| match file.is_dir() {
            true => Err(std::io::ErrorKind::IsADirectory.into()),
            false => Ok(()),
        });
        file.map_err(|source| SmokeError::Input {
            file: self.file.clone(),
            source,
        })
    }
}

impl Canary {
    pub(super) fn of(solution: &Solution, settings: &SmokeSettings) -> Result<Self, SmokeError> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        Self::with_id(solution, settings, id.get(..12).unwrap_or(&id))
    }

    fn with_id(
        solution: &Solution,
        settings: &SmokeSettings,
        id: &str,
    ) -> Result<Self, SmokeError> {
        let pattern = settings.folder.as_deref().unwrap_or(FOLDER);
        let is_path = pattern
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."));
        if !is_path || !pattern.contains("{id}") {
            return Err(SmokeError::Folder(pattern.to_owned()));
        }
        let folder = pattern.replace("{id}", id);
        let file = settings.input.as_ref().map(|input| solution.path(input));
        let name = file
            .as_ref()
            .and_then(|file| file.file_name()?.to_str())
            .map(str::to_owned);
        let input = match (file, &name) {
            (Some(file), Some(name)) => {
                let container = settings
                    .container
                    .clone()
                    .or_else(|| solution.settings.storage.input.clone());
                Some(CanaryInput {
                    container: container.ok_or(SmokeError::NoContainer)?,
                    blob: format!("{folder}/{name}"),
                    file,
                })
            }
            _ => None,
        };
        let filled = Filled {
            folder: &folder,
            file: name.as_deref().unwrap_or_default(),
            id,
        };
        let parameters = settings.parameters.iter();
        let parameters = parameters
            .map(|(name, value)| (name.clone(), filled.value(value)))
            .collect();
        Ok(Self {
            folder,
            input,
            parameters,
        })
    }
}

/// What placeholders stand for.
struct Filled<'f> {
    folder: &'f str,
    file: &'f str,
    id: &'f str,
}

impl Filled<'_> {
    fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let text = text
                    .replace("{folder}", self.folder)
                    .replace("{file}", self.file);
                text.replace("{id}", self.id).into()
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), self.value(value)));
                Value::Object(fields.collect())
            }
            plain => plain.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn canary(smoke: &str) -> Result<Canary, SmokeError> {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!(
            "name: s\nstorage: {{ input: in }}\nenvironments:\n  qa: {{ emulator: true, smoke: {smoke} }}\n"
        );
        std::fs::write(folder.path().join("dataops.yaml"), settings).unwrap();
        let solution = Solution::find(folder.path()).unwrap();
        let smoke = solution.settings.environments["qa"].smoke.clone().unwrap();
        Canary::with_id(&solution, &smoke, "4711")
    }

    #[test]
    fn placeholders_are_filled_wherever_they_stand() {
        let canary = canary("{ pipeline: p, input: tests/a.csv, parameters: { at: '{folder}/{file}', deep: { list: ['x-{id}', 3] } } }").unwrap();

        assert_eq!(canary.folder, "_smoke/4711");
        let parameters = Value::Object(canary.parameters);
        assert_eq!(
            parameters,
            json!({"at": "_smoke/4711/a.csv", "deep": {"list": ["x-4711", 3]}})
        );
        let input = canary.input.unwrap();
        assert_eq!(
            (input.container.as_str(), input.blob.as_str()),
            ("in", "_smoke/4711/a.csv")
        );
    }

    #[test]
    fn a_folder_that_others_could_share_is_refused() {
        for folder in ["data", "", "../{id}", "a//{id}", "/{id}"] {
            let refused = canary(&format!("{{ pipeline: p, folder: '{folder}' }}"));
            assert!(matches!(refused, Err(SmokeError::Folder(_))), "{folder}");
        }
    }

    #[test]
    fn two_tests_have_folders_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("dataops.yaml"),
            "name: s\nenvironments: { qa: { emulator: true, smoke: { pipeline: p } } }\n",
        )
        .unwrap();
        let solution = Solution::find(folder.path()).unwrap();
        let smoke = solution.settings.environments["qa"].smoke.clone().unwrap();

        let made = [(); 2].map(|()| Canary::of(&solution, &smoke).unwrap().folder);

        assert_ne!(made[0], made[1]);
    }
}
