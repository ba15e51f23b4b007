//! Elements that a line has given another name: the next lines find them only by that.

use super::edit::Edit;
use super::path::{Missing, PropertyPath, Step};
use crate::note::{Note, NoteKind, Notes, Severity, Spot};

/// The elements that have been renamed so far.
#[derive(Debug, Default)]
pub(super) struct Renamed(Vec<Rename>);

#[derive(Debug)]
struct Rename {
    document: usize,
    /// The way to the element.
    element: Vec<String>,
    old: String,
    new: String,
    spot: Spot,
}

impl Renamed {
    /// An element's name has been changed; `parts` leads to the name.
    pub(super) fn add(
        &mut self,
        document: usize,
        parts: &[String],
        old: &str,
        new: &str,
        spot: Spot,
    ) {
        let element = &parts[..parts.len() - 1];
        let is_element = element
            .last()
            .is_some_and(|last| last.parse::<usize>().is_ok());
        if is_element {
            self.0.push(Rename {
                document,
                element: element.to_vec(),
                old: old.to_owned(),
                new: new.to_owned(),
                spot,
            });
        }
    }

    /// Tells when a path finds an element only by its new name.
    pub(super) fn used(
        &self,
        document: usize,
        path: &PropertyPath,
        parts: &[String],
        edit: &Edit<'_>,
        notes: &mut Notes,
    ) {
        for (at, step) in path.steps.iter().enumerate() {
            let Step::Named(name) = step else { continue };
            let found = self.0.iter().rev().find(|rename| {
                rename.document == document
                    && rename.element == parts[..=at]
                    && rename.new.to_lowercase() == name.to_lowercase()
            });
            if let Some(rename) = found {
                let message = format!(
                    "the element has this name only since line {}; before, it is `{}`",
                    rename.spot.line, rename.old
                );
                let spot = edit.path_spot(path.starts[at]);
                notes.add(Note::new(
                    Severity::Accident,
                    NoteKind::RelyingOnRename,
                    spot,
                    message,
                ));
            }
        }
    }

    /// What became of an element that is not found by a name.
    pub(super) fn hint(
        &self,
        document: usize,
        path: &PropertyPath,
        missing: &Missing<'_>,
    ) -> Option<String> {
        let Step::Named(name) = &path.steps[missing.at] else {
            return None;
        };
        let found = self.0.iter().rev().find(|rename| {
            rename.document == document && rename.old.to_lowercase() == name.to_lowercase()
        });
        found.map(|rename| {
            format!(
                "line {} has renamed it to `{}`",
                rename.spot.line, rename.new
            )
        })
    }
}
