//! The lines of a configuration, whichever form it is written in.

use adf_model::Kind;
use adf_model::pointer::escape;
use adf_source::{Position, SourceFile, Span};
use serde_json::Value;

use super::csv::{self, Cell};
use crate::note::{InputError, Note, NoteKind, Notes, Severity, Spot};
use crate::suggestion::nearest;
use crate::text::{InputFile, Text, short};

/// What a line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Update,
    Add,
    Remove,
}

/// Which resources a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Among {
    /// Those of a kind.
    Kind(Kind),
    /// Those of the first kind that has one of the name.
    FirstKind,
}

/// A text of a line, with its places.
#[derive(Debug)]
pub(crate) enum Written<'f> {
    Csv(&'f Text, Cell),
    Json(String, Spot),
}

impl Written<'_> {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Csv(_, cell) => &cell.text,
            Self::Json(text, _) => text,
        }
    }

    /// The place of a byte of the text.
    pub(crate) fn spot(&self, offset: usize) -> Spot {
        match self {
            Self::Csv(file, cell) => file.spot(cell.at(offset)),
            Self::Json(_, spot) => spot.clone(),
        }
    }
}

/// A line.
#[derive(Debug)]
pub(crate) struct Edit<'f> {
    pub(crate) among: Among,
    pub(crate) name: Written<'f>,
    /// The path, whose first byte that counts is at `path_start`.
    pub(crate) path: Written<'f>,
    pub(crate) path_start: usize,
    pub(crate) action: Action,
    pub(crate) value: Written<'f>,
}

impl Edit<'_> {
    /// The path behind its `+` or `-`.
    pub(crate) fn path_text(&self) -> &str {
        &self.path.text()[self.path_start..]
    }

    pub(crate) fn path_spot(&self, offset: usize) -> Spot {
        self.path.spot(self.path_start + offset)
    }
}

/// What the first column may say, in the order in which a JSON file's names are looked up.
pub(crate) const KINDS: [Kind; 10] = [
    Kind::LinkedService,
    Kind::Pipeline,
    Kind::Dataset,
    Kind::DataFlow,
    Kind::Trigger,
    Kind::IntegrationRuntime,
    Kind::Factory,
    Kind::ManagedVirtualNetwork,
    Kind::ManagedPrivateEndpoint,
    Kind::Credential,
];

/// The action that the first character of a path stands for, and where the path begins.
fn action(path: &str) -> (Action, usize) {
    let start = path.len() - path.trim_start().len();
    match path.as_bytes().get(start) {
        Some(b'+') => (Action::Add, start + 1),
        Some(b'-') => (Action::Remove, start + 1),
        _ => (Action::Update, start),
    }
}

/// The lines of a CSV file.
pub(crate) fn of_csv<'f>(file: &'f Text, notes: &mut Notes) -> Result<Vec<Edit<'f>>, InputError> {
    let rows = csv::read(file, notes)?;
    let mut edits = Vec::with_capacity(rows.len());
    for row in rows {
        let mut cells = row.cells.into_iter();
        let mut next = || cells.next().unwrap_or_else(|| Cell::new("", row.start));
        let [kind, name, path, value] = [next(), next(), next(), next()];
        match kind_of(kind.text.trim()) {
            Ok(kind) => {
                let (action, path_start) = action(&path.text);
                edits.push(Edit {
                    among: Among::Kind(kind),
                    name: Written::Csv(file, name),
                    path: Written::Csv(file, path),
                    path_start,
                    action,
                    value: Written::Csv(file, value),
                });
            }
            Err(hint) => {
                let spot = file.spot(kind.at(0));
                let message = format!("`{}` is no type", short(kind.text.trim()));
                let note = Note::new(Severity::Lost, NoteKind::Malformed, spot, message);
                notes.add(note.hint(hint));
            }
        }
    }
    Ok(edits)
}

fn kind_of(text: &str) -> Result<Kind, String> {
    let found = KINDS
        .into_iter()
        .find(|kind| kind.folder().eq_ignore_ascii_case(text));
    found.ok_or_else(|| {
        let folders = KINDS.map(Kind::folder);
        let last = text.rsplit(['\\', '/']).next().unwrap_or_default();
        match nearest(last, folders) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("types are {}", folders.join(", ")),
        }
    })
}

/// The lines of a JSON file: an object of names, each with an array of `{name, value, action}`.
pub(crate) fn of_json<'f>(
    input: &InputFile,
    notes: &mut Notes,
) -> Result<Vec<Edit<'f>>, InputError> {
    let file = parse(input)?;
    let spot = |span: Span| Spot::new(&input.path, span.start);
    let Some(names) = file.json().as_object() else {
        return Err(InputError {
            spot: spot(file.span("")),
            reason: "it is no object of names".to_owned(),
            hint: None,
        });
    };
    let mut edits = Vec::new();
    for (name, lines) in names {
        let pointer = format!("/{}", escape(name));
        let Some(lines) = lines.as_array() else {
            let message = format!("`{}` has no array of changes", short(name));
            let spot = spot(file.key_span(&pointer));
            notes.add(Note::new(
                Severity::Lost,
                NoteKind::Malformed,
                spot,
                message,
            ));
            continue;
        };
        for (at, line) in lines.iter().enumerate() {
            let line_pointer = format!("{pointer}/{at}");
            let name_spot = spot(file.key_span(&pointer));
            match json_edit(&file, input, &line_pointer, line) {
                Ok((path, action, value)) => {
                    let (marked, path_start) = self::action(path.text());
                    edits.push(Edit {
                        among: Among::FirstKind,
                        name: Written::Json(name.clone(), name_spot),
                        path,
                        path_start,
                        action: if marked == Action::Update {
                            action
                        } else {
                            marked
                        },
                        value,
                    });
                }
                Err(message) => {
                    let spot = spot(file.span(&line_pointer));
                    notes.add(Note::new(
                        Severity::Lost,
                        NoteKind::Malformed,
                        spot,
                        message,
                    ));
                }
            }
        }
    }
    Ok(edits)
}

fn json_edit<'f>(
    file: &SourceFile,
    input: &InputFile,
    pointer: &str,
    line: &Value,
) -> Result<(Written<'f>, Action, Written<'f>), String> {
    let spot = |key: &str| {
        let span = file.span(&format!("{pointer}/{key}"));
        Spot::new(&input.path, span.start)
    };
    let path = line.get("name").and_then(Value::as_str);
    let path = path.ok_or("a change has a path in its `name`")?;
    let action = match line.get("action").map(|action| action.as_str()) {
        None => Action::Update,
        Some(Some(word)) if word.eq_ignore_ascii_case("update") => Action::Update,
        Some(Some(word)) if word.eq_ignore_ascii_case("add") => Action::Add,
        Some(Some(word)) if word.eq_ignore_ascii_case("remove") => Action::Remove,
        Some(_) => return Err("an `action` is `update`, `add` or `remove`".to_owned()),
    };
    let value = match line.get("value") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "True".to_owned(),
        Some(Value::Bool(false)) => "False".to_owned(),
        Some(other) => other.to_string(),
    };
    Ok((
        Written::Json(path.to_owned(), spot("name")),
        action,
        Written::Json(value, spot("value")),
    ))
}

/// Reads a JSON file that must be one.
pub(crate) fn parse(input: &InputFile) -> Result<SourceFile, InputError> {
    SourceFile::parse(&input.path, &input.bytes, &mut Vec::new()).map_err(|problem| InputError {
        spot: Spot::new(
            &input.path,
            problem
                .span
                .map_or(Position { line: 1, column: 1 }, |span| span.start),
        ),
        reason: problem.message,
        hint: problem.hint,
    })
}
