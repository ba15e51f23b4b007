//! What is added to a `dataops.yaml` that somebody has written: their lines, comments and order stay.

use dataops_solution::yaml::{self, Source, YamlError};
use serde_json::Value;

use super::settings::{self, Setting};
use super::{block, scalar};
use crate::environment::EnvironmentDraft;

/// A file with more in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extended {
    /// The text.
    pub text: String,
    /// Settings that have another value in the file: they were left as they are, or replaced.
    pub differing: Vec<String>,
}

/// A file that cannot be extended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExtendError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] YamlError),
    /// It is written in a way that this does not understand.
    #[error("environment `{0}` is written in a way that nothing can be added to it")]
    Odd(String),
}

/// The key of all environments.
const ENVIRONMENTS: &str = "environments";
/// How far a block is indented that begins a mapping.
const STEP: usize = 2;

/// Adds environments to a text. Settings that are there with another value stay, unless `replaces`.
///
/// # Errors
///
/// When the text cannot be read, or not be extended.
pub fn extend(
    text: &str,
    environments: &[EnvironmentDraft],
    replaces: bool,
) -> Result<Extended, ExtendError> {
    let mut extended = Extended {
        text: text.to_owned(),
        differing: Vec::new(),
    };
    for environment in environments {
        let odd = || ExtendError::Odd(environment.name.clone());
        let name = environment.name.as_str();
        let before = View::of(&extended.text)?;
        let mut wanted = Vec::new();
        let mut text = extended.text.clone();
        for setting in settings::all(environment) {
            let path = setting.path(name);
            match before.get(&path) {
                Some(there) if is_same(there, &setting) => {}
                Some(_) => {
                    extended.differing.push(path.join("."));
                    if replaces {
                        text = View::of(&text)?.replaced(&path, &setting).ok_or_else(odd)?;
                    }
                }
                None => wanted.push(setting),
            }
        }
        let text = added(text, environment, &wanted)?.ok_or_else(odd)?;
        let after = View::of(&text).map_err(|_| odd())?;
        let are_there = wanted.iter().all(|setting| {
            let there = after.get(&setting.path(name));
            there.is_some_and(|there| is_same(there, setting))
        });
        if !are_there || !(replaces || keeps(&before.value, &after.value)) {
            return Err(odd());
        }
        extended.text = text;
    }
    Ok(extended)
}

/// Whether all of a document is still there.
fn keeps(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Null, _) => true,
        (Value::Object(before), Value::Object(after)) => before
            .iter()
            .all(|(key, value)| after.get(key).is_some_and(|after| keeps(value, after))),
        (before, after) => before == after,
    }
}

/// `off` and `on` may be read as truth values.
fn is_same(there: &Value, setting: &Setting) -> bool {
    let word = match there {
        Value::Bool(true) => "on",
        Value::Bool(false) => "off",
        _ => "",
    };
    *there == setting.value || (setting.is_trigger() && setting.value == word)
}

/// The text with an environment's settings; nothing where it is written in an odd way.
fn added(
    mut text: String,
    environment: &EnvironmentDraft,
    wanted: &[Setting],
) -> Result<Option<String>, YamlError> {
    let name = environment.name.as_str();
    let view = View::of(&text)?;
    let whole = settings::flow(wanted);
    let flow = format!("{}: {{ {whole} }}", scalar::quoted(name));
    if view.get(&[ENVIRONMENTS]).is_none() {
        let lines = |indent: usize| {
            let inside = block(environment, indent + STEP, STEP);
            format!("{:indent$}{ENVIRONMENTS}:\n{inside}", "")
        };
        return Ok(view.appended(&[], &lines, &format!("{ENVIRONMENTS}: {{ {flow} }}")));
    }
    if view.get(&[ENVIRONMENTS, name]).is_none() {
        let lines = |indent: usize| block(environment, indent, STEP);
        return Ok(view.appended(&[ENVIRONMENTS], &lines, &flow));
    }
    for these in wanted.chunk_by(|one, other| one.section == other.section) {
        let view = View::of(&text)?;
        let section = these.first().and_then(|first| first.section);
        let section = section.filter(|section| view.get(&[ENVIRONMENTS, name, section]).is_some());
        let path: Vec<_> = [ENVIRONMENTS, name].into_iter().chain(section).collect();
        let lines = |indent: usize| match section {
            Some(_) => settings::bare_lines(these, indent),
            None => settings::lines(these, indent, STEP),
        };
        let flow = match section {
            Some(_) => settings::bare_flow(these),
            None => settings::flow(these),
        };
        match view.appended(&path, &lines, &flow) {
            Some(more) => text = more,
            None => return Ok(None),
        }
    }
    Ok(Some(text))
}

/// A text, and what it says where.
struct View<'t> {
    text: &'t str,
    source: Source,
    value: Value,
}

impl<'t> View<'t> {
    fn of(text: &'t str) -> Result<Self, YamlError> {
        Ok(Self {
            text,
            source: Source::new("dataops.yaml", text),
            value: yaml::read(text)?,
        })
    }

    fn get(&self, path: &[&str]) -> Option<&Value> {
        path.iter()
            .try_fold(&self.value, |here, part| here.get(part))
    }

    /// Where a value begins, and where its last visible character ends.
    fn span(&self, path: &[&str]) -> (usize, usize) {
        let bytes = self.source.span(path).bytes;
        let inside = self.text.get(bytes.clone()).unwrap_or_default();
        (bytes.start, bytes.start + inside.trim_end().len())
    }

    /// Where a value ends, with its brackets.
    fn end(&self, path: &[&str]) -> usize {
        let mut path = path.to_vec();
        loop {
            let (start, end) = self.span(&path);
            if let Some(end) = flow_end(&self.text[start..]) {
                return start + end;
            }
            match self.get(&path).and_then(Value::as_object) {
                Some(object) if !object.is_empty() => {
                    path.extend(object.keys().next_back().map(String::as_str));
                }
                _ => return end.max(start),
            }
        }
    }

    /// How far the line is indented whose first word is the key at a path; nothing where something stands before it.
    fn indent(&self, path: &[&str]) -> Option<usize> {
        let at = self.source.key_span(path).bytes.start;
        let line = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = &self.text[line..at];
        before
            .trim_start_matches('\u{feff}')
            .chars()
            .all(|c| c == ' ')
            .then_some(at - line)
    }

    /// The end of the line that a byte is in, with its line break.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..]
            .find('\n')
            .map_or(self.text.len(), |end| at + end + 1)
    }

    fn inserted(&self, at: usize, lines: &str) -> String {
        let (before, after) = self.text.split_at(at);
        let end = if before.is_empty() || before.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        format!("{before}{end}{lines}{after}")
    }

    /// The text with more in the mapping at a path: as lines with their indentation, or as text within braces.
    fn appended(
        &self,
        path: &[&str],
        lines: &dyn Fn(usize) -> String,
        flow: &str,
    ) -> Option<String> {
        let (start, _) = self.span(path);
        let is_flow = self.text[start..].starts_with('{');
        match self.get(path)? {
            Value::Null => {
                let indent = self.indent(path)? + STEP;
                let at = self.line_end(self.source.key_span(path).bytes.end);
                Some(self.inserted(at, &lines(indent)))
            }
            Value::Object(object) if object.is_empty() => {
                let open = self.text[start..].find('{')? + start;
                let close = self.text[open..].find('}')? + open + 1;
                let before = self.text[..open].trim_end_matches(' ');
                Some(match self.indent(path) {
                    Some(indent) => {
                        let rest = &self.text[close..];
                        let rest = rest
                            .strip_prefix("\r\n")
                            .or(rest.strip_prefix('\n'))
                            .unwrap_or(rest);
                        format!("{before}\n{}{rest}", lines(indent + STEP))
                    }
                    None => format!("{before} {{ {flow} }}{}", &self.text[close..]),
                })
            }
            Value::Object(object) if is_flow => {
                let last = object.keys().next_back()?;
                let path: Vec<_> = path.iter().copied().chain([last.as_str()]).collect();
                let at = self.end(&path);
                let (before, after) = self.text.split_at(at);
                Some(format!("{before}, {flow}{after}"))
            }
            Value::Object(object) => {
                let first = object.keys().next()?;
                let child: Vec<_> = path.iter().copied().chain([first.as_str()]).collect();
                let at = match path.is_empty() {
                    true => self.text.len(),
                    false => self.line_end(self.end(path)),
                };
                Some(self.inserted(at, &lines(self.indent(&child)?)))
            }
            _ => None,
        }
    }

    /// The text with another value for a setting. What is written over several lines is left to people.
    fn replaced(&self, path: &[&str], setting: &Setting) -> Option<String> {
        let (start, _) = self.span(path);
        let end = self.end(path);
        let old = self.text.get(start..end)?;
        let value = match self.indent(path) {
            Some(_) => setting.block_value(),
            None => scalar::flow(&setting.value),
        };
        let is_simple = !old.is_empty() && !old.contains('\n') && !old.starts_with(['|', '>']);
        is_simple.then(|| format!("{}{value}{}", &self.text[..start], &self.text[end..]))
    }
}

/// Where a value in brackets ends; nothing where a text begins with none.
fn flow_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut before = '{';
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (character, quote) {
            ('\\', Some('"')) => {
                characters.next();
            }
            (end, Some(open)) if end == open => quote = None,
            (_, Some(_)) => {}
            (open @ ('"' | '\''), None) if "{[,:".contains(before) => quote = Some(open),
            ('{' | '[', None) => depth += 1,
            ('}' | ']', None) => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 && quote.is_none() {
            return matches!(character, '}' | ']').then_some(at + 1);
        }
        if !character.is_whitespace() {
            before = character;
        }
    }
    None
}
