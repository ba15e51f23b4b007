//! Paths of properties as azure.datafactory.tools writes them: `$.properties.activities["Copy"].typeProperties.x`.

use std::fmt;

use serde_json::Value;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A property.
    Member(String),
    /// An element by its number; from the end where it is negative.
    At(i64),
    /// An element by its name.
    Named(String),
}

/// A path of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PropertyPath {
    pub(crate) steps: Vec<Step>,
    /// Where each step is written.
    pub(crate) starts: Vec<usize>,
    /// Whether a step is in quotes or brackets, which `add` and `remove` took for parts of names.
    pub(crate) has_marks: bool,
    /// Whether it begins with `$.` but not with `$.properties.`, which the old tool cannot read.
    pub(crate) is_from_root: bool,
}

/// A path that cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathFault {
    pub(crate) at: usize,
    pub(crate) reason: &'static str,
}

/// The deepest path that is read.
const DEEPEST: usize = 100;

impl PropertyPath {
    /// Reads a path behind its `+` or `-`.
    pub(crate) fn parse(text: &str) -> Result<Self, PathFault> {
        let mut path = Self {
            steps: Vec::new(),
            starts: Vec::new(),
            has_marks: false,
            is_from_root: false,
        };
        let start = text.len() - text.trim_start().len();
        let whole = text.trim_end();
        let mut at = start;
        for head in ["$.properties.", "$."] {
            let found = whole.get(at..at + head.len());
            if found.is_some_and(|found| found.eq_ignore_ascii_case(head)) {
                at += head.len();
                path.is_from_root = head == "$.";
                break;
            }
        }
        let mut expects_name = true;
        while at < whole.len() {
            at = match (whole.as_bytes()[at], expects_name) {
                (b'[', _) => path.indexer(whole, at)?,
                (b'.', false) => {
                    expects_name = true;
                    at += 1;
                    continue;
                }
                (_, true) => path.member(whole, at)?,
                _ => return Err(fault(at, "a `.` or `[` belongs here")),
            };
            expects_name = false;
            if path.steps.len() > DEEPEST {
                return Err(fault(at, "it has more than 100 parts"));
            }
        }
        match expects_name {
            true => Err(fault(whole.len(), "the name of a property is missing")),
            false => Ok(path),
        }
    }

    fn push(&mut self, step: Step, at: usize) {
        self.steps.push(step);
        self.starts.push(at);
    }

    fn member(&mut self, text: &str, at: usize) -> Result<usize, PathFault> {
        if let Some((name, end)) = quoted(text, at)? {
            self.has_marks = true;
            self.push(Step::Member(name), at);
            return Ok(end);
        }
        let length = text[at..].find(['.', '[']).unwrap_or(text.len() - at);
        if length == 0 {
            return Err(fault(at, "the name of a property is missing"));
        }
        self.push(Step::Member(text[at..at + length].to_owned()), at);
        Ok(at + length)
    }

    fn indexer(&mut self, text: &str, at: usize) -> Result<usize, PathFault> {
        self.has_marks = true;
        let inside = at + 1 + (text[at + 1..].len() - text[at + 1..].trim_start().len());
        if let Some((name, end)) = quoted(text, inside)? {
            let blanks = text[end..].len() - text[end..].trim_start().len();
            let close = end + blanks;
            if !text[close..].starts_with(']') {
                return Err(fault(close, "the `[` is not closed"));
            }
            self.push(Step::Named(name), at);
            return Ok(close + 1);
        }
        let Some(length) = text[inside..].find(']') else {
            return Err(fault(at, "the `[` is not closed"));
        };
        let number = text[inside..inside + length].trim();
        match number.parse() {
            Ok(number) => self.push(Step::At(number), at),
            Err(_) => {
                let reason = "between brackets stands a number, or a name in quotes";
                return Err(fault(inside, reason));
            }
        }
        Ok(inside + length + 1)
    }
}

fn fault(at: usize, reason: &'static str) -> PathFault {
    PathFault { at, reason }
}

/// The text in quotes at `at`, and where it ends; a doubled quote is one.
fn quoted(text: &str, at: usize) -> Result<Option<(String, usize)>, PathFault> {
    let mut characters = text[at..].char_indices().peekable();
    let Some((_, quote @ ('\'' | '"'))) = characters.next() else {
        return Ok(None);
    };
    let mut name = String::new();
    while let Some((offset, character)) = characters.next() {
        if character != quote {
            name.push(character);
        } else if characters.peek().is_some_and(|(_, next)| *next == quote) {
            name.push(quote);
            characters.next();
        } else {
            return Ok(Some((name, at + offset + 1)));
        }
    }
    Err(fault(at, "the quote is not closed"))
}

impl fmt::Display for PropertyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.steps.iter().enumerate() {
            match step {
                Step::Member(name) => {
                    if at > 0 {
                        out.write_str(".")?;
                    }
                    let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                    match plain {
                        true => out.write_str(name)?,
                        false => write!(out, "'{}'", name.replace('\'', "''"))?,
                    }
                }
                Step::At(number) => write!(out, "[{number}]")?,
                Step::Named(name) => write!(out, "[\"{}\"]", name.replace('"', "\"\""))?,
            }
        }
        Ok(())
    }
}

/// A step that leads nowhere.
#[derive(Clone, Debug)]
pub(crate) struct Missing<'v> {
    /// Its number.
    pub(crate) at: usize,
    /// What is there instead.
    pub(crate) here: &'v Value,
}

impl Step {
    /// Where the step leads in a value: a key as it is written there, or a number.
    pub(crate) fn find(&self, here: &Value) -> Option<String> {
        match (self, here) {
            (Self::Member(name), Value::Object(object)) => match object.contains_key(name) {
                true => Some(name.clone()),
                false => {
                    let lower = name.to_lowercase();
                    let key = object.keys().find(|key| key.to_lowercase() == lower);
                    key.cloned()
                }
            },
            (Self::At(number), Value::Array(items)) => {
                let at = match usize::try_from(*number) {
                    Ok(at) => at,
                    Err(_) => {
                        let back = usize::try_from(number.unsigned_abs()).ok()?;
                        items.len().checked_sub(back)?
                    }
                };
                (at < items.len()).then(|| at.to_string())
            }
            (Self::Named(name), Value::Array(items)) => {
                let lower = name.to_lowercase();
                let is_it = |item: &Value| {
                    let own = element_name(item).map(str::to_lowercase);
                    own.as_deref() == Some(lower.as_str())
                };
                let all = items.iter().all(|item| element_name(item).is_some());
                let at = items.iter().position(is_it).filter(|_| all)?;
                Some(at.to_string())
            }
            _ => None,
        }
    }
}

/// The name by which an element is found.
pub(crate) fn element_name(item: &Value) -> Option<&str> {
    item.get("name").or_else(|| item.get("Name"))?.as_str()
}

/// The name by which an override finds an element, whatever happens to the others: its own, before and after.
pub(crate) fn element_name_as_override(old: &[Value], new: &[Value], at: usize) -> Option<String> {
    let name = |item: &Value| item.get("name").and_then(Value::as_str).map(str::to_owned);
    let own = name(&old[at]).filter(|own| Some(own) == name(&new[at]).as_ref())?;
    let only = old
        .iter()
        .filter(|item| name(item).as_ref() == Some(&own))
        .count()
        == 1;
    let is_name = own.parse::<usize>().is_err() && !own.is_empty() && !own.contains(']');
    let names_change = old.iter().zip(new).any(|(old, new)| name(old) != name(new));
    (only && is_name && !names_change).then_some(own)
}

/// What a part of a JSON pointer leads to.
pub(crate) fn child<'v>(here: &'v Value, part: &str) -> Option<&'v Value> {
    match here {
        Value::Object(object) => object.get(part),
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => None,
    }
}

/// The same, to be changed.
pub(crate) fn child_mut<'v>(here: &'v mut Value, part: &str) -> Option<&'v mut Value> {
    match here {
        Value::Object(object) => object.get_mut(part),
        Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
        _ => None,
    }
}

impl PropertyPath {
    /// Where the path leads in a value.
    pub(crate) fn locate<'v>(&self, root: &'v Value) -> Result<Vec<String>, Missing<'v>> {
        let mut parts = Vec::with_capacity(self.steps.len());
        let mut here = root;
        for (at, step) in self.steps.iter().enumerate() {
            let found = step
                .find(here)
                .and_then(|part| Some((child(here, &part)?, part)));
            let Some((next, part)) = found else {
                return Err(Missing { at, here });
            };
            here = next;
            parts.push(part);
        }
        Ok(parts)
    }

    /// The path with another step in the place of one.
    pub(crate) fn with_step(&self, at: usize, step: Step) -> Self {
        let mut other = self.clone();
        other.steps[at] = step;
        other
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_is_read_in_every_spelling() {
        for (text, shown) in [
            ("$.properties.a.b", "a.b"),
            ("a.b", "a.b"),
            ("$.activities[1].x", "activities[1].x"),
            (
                "activities[\"Copy Data\"].'a-b'",
                "activities[\"Copy Data\"].'a-b'",
            ),
            ("activities['x.y'].n ", "activities[\"x.y\"].n"),
            (
                "globalParameters.GP-Bool.value",
                "globalParameters.'GP-Bool'.value",
            ),
            ("a[-1][0]", "a[-1][0]"),
        ] {
            assert_eq!(PropertyPath::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_path_is_placed() {
        for (text, at) in [
            ("", 0),
            ("a..b", 2),
            ("a.", 2),
            ("a[x]", 2),
            ("a[0", 1),
            ("a['x", 2),
            ("a['x'", 5),
            ("'a'b", 3),
        ] {
            assert_eq!(PropertyPath::parse(text).unwrap_err().at, at, "{text}");
        }
    }

    #[test]
    fn a_path_leads_through_a_document_whatever_the_case() {
        let document = json!({"Activities": [{"name": "Copy"}, {"name": "Train", "n": {"A": 1}}], "plain": [{"x": 1}]});
        let locate = |text: &str| {
            let path = PropertyPath::parse(text).unwrap();
            path.locate(&document).map_err(|missing| missing.at)
        };

        assert_eq!(
            locate("activities['TRAIN'].N.a").unwrap(),
            ["Activities", "1", "n", "A"]
        );
        assert_eq!(
            locate("activities[-1].n").unwrap(),
            ["Activities", "1", "n"]
        );
        assert_eq!(locate("activities['x']"), Err(1));
        assert_eq!(locate("plain['x']"), Err(1));
        assert_eq!(locate("activities.name"), Err(1));
    }
}
