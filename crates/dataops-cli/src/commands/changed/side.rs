//! What is looked at, and how it differs from what there was.

use std::path::{Path, PathBuf};

use adf_diff::{Subject, compare};
use dataops_solution::settings::{FILE_NAME, Settings, SettingsError};
use dataops_solution::source::{SolutionFiles, SolutionSource};
use dataops_solution::touched::{Change, Part, Touched};

use super::since::Base;
use crate::context::Context;
use crate::failure::Failure;
use crate::repository::Git;

/// The commit that is looked at.
pub(super) struct Head {
    root: PathBuf,
    pub(super) git: Git,
    pub(super) id: String,
    pub(super) settings: Settings,
    /// The environments that are deployed to in Azure, in the order of the settings.
    pub(super) targets: Vec<String>,
}

impl Head {
    pub(super) async fn read(root: &Path, git: Git, id: String) -> Result<Self, Failure> {
        let Some(text) = git.text(&id, FILE_NAME).await? else {
            let failure = Failure::usage(format!("the commit has no {FILE_NAME} in this folder"));
            return Err(failure.hint("commit it, or name the solution's folder by --solution DIR"));
        };
        let settings = Settings::parse(Path::new(FILE_NAME), &text)?;
        Ok(Self {
            targets: targets(&settings, text),
            settings,
            root: root.to_owned(),
            git,
            id,
        })
    }

    /// Refuses an environment that there is not.
    pub(super) fn knows(&self, name: &str) -> Result<(), Failure> {
        if self.settings.environments.contains_key(name) {
            return Ok(());
        }
        Err(SettingsError::UnknownEnvironment {
            name: name.to_owned(),
            known: self.settings.environments.keys().cloned().collect(),
        }
        .into())
    }

    /// What is touched since then.
    pub(super) async fn since(&self, context: &Context, base: &Base) -> Result<Touched, Failure> {
        let id = match base {
            Base::Nothing { why } => return Ok(Touched::everything(&self.settings, why)),
            Base::Commit { id, .. } => id,
        };
        let Some(text) = self.git.text(id, FILE_NAME).await? else {
            let why = format!("there was no {FILE_NAME} here");
            return Ok(Touched::everything(&self.settings, &why));
        };
        let there = match Settings::parse(Path::new(FILE_NAME), &text) {
            Ok(settings) => settings,
            Err(error) => {
                let text = format!("{FILE_NAME} of the base cannot be read ({error})");
                context.warn(
                    "warning",
                    &format!("{text}; everything counts as changed"),
                    None,
                );
                return Ok(Touched::everything(&self.settings, &text));
            }
        };
        let files = self.git.changed_files(id, &self.id).await?;
        let folder = self.git.folder_of(None);
        let change = Change {
            base: &there,
            head: &self.settings,
            files: &files,
            folder: &folder,
            adf_differs: false,
        };
        let touched = Touched::by(change);
        // Documents are read only where some have changed.
        if !touched.has(Part::Adf) || !self.adf_differs(id, &there).await? {
            return Ok(touched);
        }
        Ok(Touched::by(Change {
            adf_differs: true,
            ..change
        }))
    }

    /// Whether Data Factory documents mean something else. What cannot be read may.
    async fn adf_differs(&self, base: &str, there: &Settings) -> Result<bool, Failure> {
        let (Some(one), Some(other)) = (&there.adf, &self.settings.adf) else {
            return Ok(true);
        };
        if one != other {
            return Ok(true);
        }
        let git = Git::of(&self.root.join(&other.root)).await?;
        let (Some(one), Some(other)) = (git.read(base).await?, git.read(&self.id).await?) else {
            return Ok(true);
        };
        if [&one, &other].iter().any(|it| !it.problems.is_empty()) {
            return Ok(true);
        }
        let changes = compare(&one, &other).changes;
        Ok(changes
            .iter()
            .any(|change| matches!(change.subject, Subject::Resource(_)) && !change.is_noise()))
    }
}

/// The environments that are not the local emulator, as they stand one after another.
fn targets(settings: &Settings, text: String) -> Vec<String> {
    let yaml = SolutionSource::new(text, SolutionFiles::default()).yaml;
    let environments = settings.environments.iter();
    let targets = environments.filter(|(_, it)| it.emulator != Some(true));
    let mut names: Vec<_> = targets.map(|(name, _)| name.clone()).collect();
    names.sort_by_key(|name| {
        let key = yaml.key_span(&["environments", name]).start;
        (key.line, key.column)
    });
    names
}
