//! What a side has done, and which of it meets a finding.

use std::collections::BTreeMap;

use adf_diff::{
    Difference, How, Line, Path, PropertyChange, ResourceChange, Step, Subject as About, What,
    Whose, lines,
};
use adf_source::{Repository, SourceFile, Span};
use dataops_solution::settings::FILE_NAME;

use super::{SideChange, Words};
use crate::{Finding, Subject};

/// The most changes of a side that are told for one finding.
const MOST: usize = 2;
/// Values that are longer are not looked through for names.
const LONGEST: usize = 10_000;
/// How much it says that a change is at the finding's place, names what the finding names, is in its file.
const AT_PLACE: usize = 4;
const NAMES_IT: usize = 2;
const IN_FILE: usize = 1;

/// Where a finding is: the file from the solution's root, and the place by names.
pub(super) struct Place {
    path: String,
    steps: Option<Path>,
}

impl Place {
    pub(super) fn of(result: &Subject<'_>, finding: &Finding) -> Self {
        let file = finding.path.strip_prefix(result.prefix);
        let file = file.and_then(|path| find(result.repository, path));
        let pointer = finding
            .pointer
            .as_ref()
            .filter(|pointer| !pointer.is_empty());
        Self {
            path: finding.path.clone(),
            steps: file
                .zip(pointer)
                .map(|(file, pointer)| Path::of_pointer(file.json(), pointer)),
        }
    }
}

fn find<'r>(repository: &'r Repository, path: &str) -> Option<&'r SourceFile> {
    let mut files = repository.resources.iter().map(|resource| &resource.file);
    files.find(|file| file.path == path)
}

/// Everything that a side has done.
pub(super) struct Changes {
    changes: Vec<Change>,
    files: Vec<FileChange>,
    whose: Whose,
}

/// A change of a document.
struct Change {
    told: SideChange,
    steps: Option<Path>,
    words: Words,
}

/// A change of another file.
struct FileChange {
    told: SideChange,
    /// The name without folders and ending.
    stem: String,
    /// What differs, with the line of the side's text.
    lines: Vec<(usize, String)>,
}

impl Changes {
    pub(super) fn of(
        base: &Subject<'_>,
        side: &Subject<'_>,
        difference: &Difference,
        whose: Whose,
    ) -> Self {
        let mut all = Self {
            changes: Vec::new(),
            files: Vec::new(),
            whose,
        };
        for change in difference
            .changes
            .iter()
            .filter(|change| !change.is_noise())
        {
            all.add_resource(side, change);
        }
        all.add_files(base, side);
        all
    }

    fn add_resource(&mut self, side: &Subject<'_>, change: &ResourceChange) {
        let path = change.head_path.as_ref().or(change.base_path.as_ref());
        let Some(path) = path.map(|path| format!("{}{path}", side.prefix)) else {
            return;
        };
        let subject = match &change.subject {
            About::Resource(id) => id.to_string(),
            About::File(path) => format!("`{path}`"),
        };
        let whole = match (change.how, &change.was) {
            (How::Added, _) => Some(format!("{subject} is new")),
            (How::Removed, _) => Some(format!("{subject} is gone")),
            (How::Renamed, Some(was)) => Some(format!("{subject} was called `{was}`")),
            (How::Renamed | How::Changed, _) => None,
        };
        if let Some(text) = whole {
            self.push(path.clone(), None, None, text);
        }
        let file = match &change.subject {
            About::Resource(id) => side.repository.get(id).map(|resource| &resource.file),
            About::File(_) => None,
        };
        let properties = change.properties.iter();
        for property in properties.filter(|property| !property.is_noise) {
            let span = file.and_then(|file| place_of(file, property));
            self.push(path.clone(), span, Some(property), property.brief());
        }
    }

    fn push(
        &mut self,
        path: String,
        span: Option<Span>,
        property: Option<&PropertyChange>,
        text: String,
    ) {
        self.changes.push(Change {
            words: property.map_or_else(|| Words::of(&text), words),
            steps: property.map(|property| property.path.clone()),
            told: SideChange {
                whose: self.whose,
                path,
                span,
                text,
            },
        });
    }

    /// The files of the solution that are no documents of Data Factory.
    fn add_files(&mut self, base: &Subject<'_>, side: &Subject<'_>) {
        let (before, after) = (texts(base), texts(side));
        for (path, text) in &before {
            match after.get(path) {
                Some(new) if new != text => {
                    let lines = differing(text, new);
                    let told = format!("`{path}` is changed");
                    self.push_file(path, told, lines);
                }
                Some(_) => {}
                None => {
                    let moved = after
                        .iter()
                        .find(|(path, new)| *new == text && !before.contains_key(*path));
                    let told = match moved {
                        Some((to, _)) => format!("`{path}` is called `{to}` now"),
                        None => format!("`{path}` is gone"),
                    };
                    self.push_file(path, told, Vec::new());
                }
            }
        }
        for path in after.keys().filter(|path| !before.contains_key(*path)) {
            self.push_file(path, format!("`{path}` is new"), Vec::new());
        }
    }

    fn push_file(&mut self, path: &str, text: String, lines: Vec<(usize, String)>) {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        self.files.push(FileChange {
            stem: stem.to_owned(),
            lines,
            told: SideChange {
                whose: self.whose,
                path: path.to_owned(),
                span: None,
                text,
            },
        });
    }

    /// The changes that have most to do with a finding.
    pub(super) fn meeting(&self, place: &Place, words: &Words) -> Vec<SideChange> {
        let changes = self.changes.iter().map(|change| {
            let weight = change.weight(place, words);
            (weight, change.told.clone())
        });
        let files = self.files.iter().map(|file| file.weighed(place, words));
        let weighed: Vec<_> = changes.chain(files).collect();
        let most = weighed.iter().map(|(weight, _)| *weight).max();
        let most = most.filter(|most| *most > 0);
        let told = weighed
            .into_iter()
            .filter(|(weight, _)| Some(*weight) == most);
        told.map(|(_, told)| told).take(MOST).collect()
    }
}

impl Change {
    fn weight(&self, place: &Place, words: &Words) -> usize {
        let is_in_file = self.told.path == place.path;
        let is_at_place = is_in_file
            && match (&self.steps, &place.steps) {
                (Some(own), Some(place)) => place.0.starts_with(&own.0),
                (None, _) => true,
                (Some(_), None) => false,
            };
        let named = self.words.common(words);
        usize::from(is_at_place) * AT_PLACE + named * NAMES_IT + usize::from(is_in_file) * IN_FILE
    }
}

impl FileChange {
    fn weighed(&self, place: &Place, words: &Words) -> (usize, SideChange) {
        let line = self.lines.iter().find(|(_, text)| words.are_in(text));
        let is_there = self.told.path == place.path;
        let is_named = is_there || words.has(&self.stem) || self.told.path == FILE_NAME;
        let weight = match (is_named, line) {
            (true, Some(_)) => AT_PLACE + NAMES_IT,
            (true, None) if self.lines.is_empty() => AT_PLACE,
            (true, None) => IN_FILE,
            (false, _) => 0,
        };
        let mut told = self.told.clone();
        told.span = line.or(self.lines.first()).map(|(line, _)| {
            let mut span = Span::default();
            span.start.line = *line;
            span.end.line = *line;
            span
        });
        (weight, told)
    }
}

/// Where a change is seen in a side's file: what is gone, in what is left around it.
fn place_of(file: &SourceFile, property: &PropertyChange) -> Option<Span> {
    if let Some(pointer) = &property.head {
        return Some(file.key_span(pointer));
    }
    let steps = property.path.0.as_slice();
    // The document as a whole is no place.
    let around = (1..steps.len())
        .rev()
        .map(|length| Path(steps[..length].to_vec()));
    let pointer = around
        .into_iter()
        .find_map(|path| path.pointer_in(file.json()))?;
    Some(file.key_span(&pointer))
}

/// The names on the way to a change, and those that it is about.
fn words(property: &PropertyChange) -> Words {
    let mut words = Words::default();
    for step in property.path.0.iter().rev() {
        match step {
            Step::Name(name) => words.add(name),
            Step::Key(key) => words.add(key),
            Step::Index(_) => {}
        }
    }
    match &property.what {
        What::Added(value) | What::Removed(value) => add_names(&mut words, value),
        What::Changed { before, after } => {
            add_names(&mut words, before);
            add_names(&mut words, after);
        }
        What::Renamed { from, to } => {
            words.add(from);
            words.add(to);
        }
        What::Moved { .. } | What::Relocated { .. } => {}
    }
    words
}

/// Texts that are a name, and what expressions name.
fn add_names(words: &mut Words, value: &serde_json::Value) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::String(text) if text.len() <= LONGEST => {
                words.add(text);
                for name in text.split('\'').skip(1).step_by(2) {
                    words.add(name);
                }
            }
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(object) => open.extend(object.values()),
            _ => {}
        }
    }
}

/// The texts of a solution's files, without those of Data Factory.
fn texts<'a>(subject: &Subject<'a>) -> BTreeMap<&'a str, &'a str> {
    let Some(solution) = subject.solution else {
        return BTreeMap::new();
    };
    let files = solution.files.iter().map(|(path, _)| path);
    let mut texts: BTreeMap<_, _> = files
        .filter(|path| subject.prefix.is_empty() || !path.starts_with(subject.prefix))
        .filter_map(|path| Some((path, solution.files.text(path)?)))
        .collect();
    texts.insert(FILE_NAME, solution.yaml.text());
    texts
}

/// The lines that differ, with the numbers of those of the new text that they are at.
fn differing(before: &str, after: &str) -> Vec<(usize, String)> {
    let mut number = 1;
    let mut found = Vec::new();
    for line in lines(before, after, 0) {
        match line {
            Line::Same(_) => number += 1,
            Line::Skipped(count) => number += count,
            Line::Removed(text) => found.push((number, text)),
            Line::Added(text) => {
                found.push((number, text));
                number += 1;
            }
        }
    }
    found
}
