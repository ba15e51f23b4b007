//! What is looked at, and how it differs from what there was.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use adf_diff::{Subject, compare};
use dataops_solution::settings::{FILE_NAME, Settings, SettingsError};
use dataops_solution::touched::{Change, Part, Touched};

use super::since::Base;
use crate::context::Context;
use crate::failure::Failure;
use crate::repository::Git;
use crate::terminal::harmless;

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
            targets: targets(&settings),
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

    /// Says what of the solution is not looked at, because no commit has it.
    pub(super) async fn warn_of_uncommitted(&self, context: &Context) -> Result<(), Failure> {
        if self.git.find("HEAD").await?.as_ref() != Some(&self.id) {
            return Ok(());
        }
        let files = self.git.uncommitted_files().await?;
        let folder = self.git.folder_of(None);
        let touched = Touched::by(Change {
            base: &self.settings,
            head: &self.settings,
            files: &files,
            folder: &folder,
            adf_differs: false,
        });
        let settings = format!("{folder}{FILE_NAME}");
        let settings = files.iter().filter(|file| file.path == settings);
        let parts = touched.parts.values().flatten();
        let paths: BTreeSet<_> = parts.chain(settings.map(|file| &file.path)).collect();
        let Some(first) = paths.first() else {
            return Ok(());
        };
        let first = harmless(first);
        let text = match paths.len() {
            1 => format!("what is changed in {first} is in no commit, and is not looked at"),
            2 => format!(
                "what is changed in {first} and another file is in no commit, and is not looked at"
            ),
            count => format!(
                "what is changed in {first} and {} more files is in no commit, and is not looked at",
                count - 1
            ),
        };
        context.warn("warning", &text, Some("commit it, and ask again"));
        Ok(())
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
fn targets(settings: &Settings) -> Vec<String> {
    let environments = settings.environments.iter();
    let targets = environments.filter(|(_, it)| it.emulator != Some(true));
    targets.map(|(name, _)| name.clone()).collect()
}
