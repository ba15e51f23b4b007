//! A difference in a few words.

use serde_json::Value;

use crate::expression;
use crate::{Path, PropertyChange, Step, What};

/// The longest value, in characters.
const LONGEST: usize = 48;

/// What stands in lists, by the lists' names.
const NOUNS: [(&str, &str); 17] = [
    ("variables", "variable"),
    ("globalParameters", "global parameter"),
    ("activities", "activity"),
    ("ifTrueActivities", "activity"),
    ("ifFalseActivities", "activity"),
    ("defaultActivities", "activity"),
    ("cases", "case"),
    ("dependsOn", "dependency on"),
    ("pipelines", "pipeline"),
    ("inputs", "input"),
    ("outputs", "output"),
    ("sources", "source"),
    ("sinks", "sink"),
    ("transformations", "transformation"),
    ("mappings", "mapping"),
    ("schema", "column"),
    ("structure", "column"),
];

/// ``activity `copy`: `container`: `input` → `archive` ``
pub(super) fn brief(change: &PropertyChange) -> String {
    let name = name(&change.path);
    match &change.what {
        What::Added(value) => format!("{name} is new{}", said(change, value)),
        What::Removed(value) => format!("{name} is gone{}", said(change, value)),
        What::Changed { .. } if change.is_secret => format!("{name} is another one"),
        What::Changed { before, after } => {
            let secret = match change.other_secret {
                true => ", and another secret in it",
                false => "",
            };
            format!("{name}: {} → {}{secret}", shown(before), shown(after))
        }
        What::Moved { from, to } => format!("{name} moved from place {} to {}", from + 1, to + 1),
        What::Relocated { from, to } => {
            let place = |place: &String| match place.as_str() {
                "" => "the pipeline".to_owned(),
                place => quoted(place),
            };
            format!("{name} moved from {} to {}", place(from), place(to))
        }
        What::Renamed { from, .. } => format!("{name} was called {}", quoted(from)),
    }
}

/// What a new or removed value says, where its name does not.
fn said(change: &PropertyChange, value: &Value) -> String {
    if change.is_secret {
        return String::new();
    }
    let kind = value.get("type").and_then(Value::as_str);
    match (change.path.0.last(), kind) {
        (Some(Step::Name(_)), Some(kind)) if !kind.ends_with("Reference") => {
            format!(" ({})", cut(kind))
        }
        (Some(Step::Name(_)), _) => String::new(),
        _ => format!(": {}", shown(value)),
    }
}

/// The property or element with the activity that it belongs to, without the rest of the way.
fn name(path: &Path) -> String {
    let steps = match path.0.as_slice() {
        [above @ .., Step::Key(last)] if last == "referenceName" || last == "activity" => above,
        steps => steps,
    };
    let own = match steps {
        [.., Step::Key(list), Step::Name(name)] => format!("{} {}", noun(list), quoted(name)),
        [.., Step::Key(list), Step::Key(name), Step::Key(key)]
            if list == "variables" || list == "globalParameters" =>
        {
            format!("{} {}: {}", noun(list), quoted(name), quoted(key))
        }
        [.., Step::Key(key)] => quoted(key),
        [.., Step::Key(list), Step::Index(_)] => format!("a value of {}", quoted(list)),
        _ => "a value".to_owned(),
    };
    if own.starts_with("activity ") {
        return own;
    }
    match activity(&steps[..steps.len().saturating_sub(1)]) {
        Some(activity) => format!("activity {}: {own}", quoted(activity)),
        None => own,
    }
}

/// The innermost activity on the way.
fn activity(steps: &[Step]) -> Option<&str> {
    let mut pairs = steps.windows(2).rev();
    pairs.find_map(|pair| match pair {
        [Step::Key(list), Step::Name(name)] if noun(list) == "activity" => Some(name.as_str()),
        _ => None,
    })
}

fn noun(list: &str) -> &str {
    let found = NOUNS.iter().find(|(known, _)| *known == list);
    found.map_or(list, |(_, noun)| noun)
}

pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", cut(&text.replace('`', "'")))
}

fn shown(value: &Value) -> String {
    if let Some(text) = expression::text(value) {
        return quoted(text);
    }
    let reference = value
        .get("referenceName")
        .or_else(|| value.get("name"))
        .and_then(Value::as_str);
    match (reference, value) {
        (Some(name), _) => quoted(name),
        (None, Value::Object(object)) => format!("an object of {} properties", object.len()),
        (None, Value::Array(items)) => format!("a list of {}", items.len()),
        (None, other) => quoted(&other.to_string()),
    }
}

fn cut(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    if line.chars().count() <= LONGEST {
        return line;
    }
    let mut kept: String = line.chars().take(LONGEST - 1).collect();
    kept.push('…');
    kept
}

/// `a`, `a and b`, `a, b and 3 more`.
pub(super) fn several(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} more", rest.len()),
    }
}
