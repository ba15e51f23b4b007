//! What differs between two repositories, for people, for pull requests and for programs.

mod human;
mod json;
pub(crate) mod markdown;
pub(crate) mod paint;
mod summary;
pub(crate) mod text;
mod unread;

use std::borrow::Cow;

use adf_diff::{Difference, How, PropertyChange, ResourceChange, Subject};
use adf_model::secret::masked;
use adf_source::SourceFile;

use crate::repository::Read;

pub(crate) use human::human;
pub(crate) use json::json;
pub(crate) use markdown::markdown;

/// A comparison with both its sides.
pub(crate) struct Review {
    pub(crate) base: Read,
    pub(crate) head: Read,
    pub(crate) difference: Difference,
    /// Whether what means nothing is shown too.
    pub(crate) with_noise: bool,
}

impl Review {
    /// The resources that are shown.
    pub(crate) fn changes(&self) -> impl Iterator<Item = &ResourceChange> {
        let changes = self.difference.changes.iter();
        changes.filter(|change| self.with_noise || !change.is_noise())
    }

    /// The differences of a resource that are shown.
    fn properties<'c>(
        &self,
        change: &'c ResourceChange,
    ) -> impl Iterator<Item = &'c PropertyChange> + use<'c> {
        let with_noise = self.with_noise;
        let properties = change.properties.iter();
        properties.filter(move |property| with_noise || !property.is_noise)
    }

    /// How many resources were added, removed, renamed and changed.
    fn counts(&self) -> Vec<(How, usize)> {
        let of = |how| {
            (
                how,
                self.changes().filter(|change| change.how == how).count(),
            )
        };
        let all = [How::Added, How::Removed, How::Renamed, How::Changed].map(of);
        all.into_iter().filter(|(_, count)| *count > 0).collect()
    }

    /// The resources that differ only in what means nothing, and are not shown.
    fn hidden(&self) -> usize {
        let shown = self.changes().count();
        self.difference.changes.len() - shown
    }

    /// The file of a change, with the line of a place in it: in the head, or in the base where it is gone.
    fn place(
        &self,
        change: &ResourceChange,
        property: Option<&PropertyChange>,
    ) -> (String, Option<usize>) {
        let in_head =
            change.head_path.is_some() && property.is_none_or(|property| property.head.is_some());
        let (side, path) = match in_head {
            true => (&self.head, change.head_path.as_deref()),
            false => (&self.base, change.base_path.as_deref()),
        };
        let path = path.unwrap_or_default();
        let pointer = property.and_then(|property| match in_head {
            true => property.head.as_deref(),
            false => property.base.as_deref(),
        });
        let file = side.file(&change.subject, change.was.as_deref().filter(|_| !in_head));
        let pointer = pointer.filter(|_| side.has_lines);
        let line = pointer.and_then(|pointer| Some(file?.key_span(pointer).start.line));
        (format!("{}{path}", side.prefix), line)
    }
}

impl Read {
    /// The file of a subject, under its old name where that is given.
    fn file(&self, subject: &Subject, old_name: Option<&str>) -> Option<&SourceFile> {
        match subject {
            Subject::Resource(id) => {
                let mut id = id.clone();
                if let Some(name) = old_name {
                    id.name = name.to_owned();
                }
                self.repository.get(&id).map(|resource| &resource.file)
            }
            Subject::File(path) => {
                let files = [
                    &self.repository.parameters_definition,
                    &self.repository.publish_config,
                ];
                files.into_iter().flatten().find(|file| file.path == *path)
            }
        }
    }
}

/// Text of a document without secrets in it.
pub(crate) fn without_secrets(text: &str) -> Cow<'_, str> {
    masked(text, "***")
}

/// What has become of a resource, in a word.
fn word(how: How) -> &'static str {
    match how {
        How::Added => "added",
        How::Removed => "removed",
        How::Renamed => "renamed",
        How::Changed => "changed",
    }
}

/// `2 added, 1 changed`, or that nothing differs; and how much could not be read.
fn counted(review: &Review) -> String {
    let counts = review.counts().into_iter();
    let mut counts: Vec<_> = counts
        .map(|(how, count)| format!("{count} {}", word(how)))
        .collect();
    if counts.is_empty() {
        counts.push("no difference".to_owned());
    }
    counts.extend(unread::count(review));
    counts.join(", ")
}

/// The names, at most `most` of them, and how many more there are.
fn listed(names: &[String], most: usize) -> String {
    let shown = names
        .iter()
        .take(most)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
