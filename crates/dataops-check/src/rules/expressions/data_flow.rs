//! The parameters and streams of data flows. Their scripts are in a language of their own; only its first block is read.

use adf_expr::Types;
use adf_model::{Kind, ResourceId};
use serde_json::Value;

use super::declarations::Parameter;

/// The parameters that a data flow's script declares; none where it cannot be read.
pub(super) fn parameters(properties: &Value) -> Option<Vec<Parameter>> {
    let properties = properties.get("typeProperties")?;
    let script = match (properties.get("script"), properties.get("scriptLines")) {
        (Some(Value::String(script)), _) => script.clone(),
        (_, Some(Value::Array(lines))) => {
            let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        }
        _ => return None,
    };
    let Some(block) = script.trim_start().strip_prefix("parameters") else {
        return Some(Vec::new());
    };
    let block = block.trim_start().strip_prefix('{')?;
    pieces(block)?.into_iter().map(parameter).collect()
}

/// The text up to the closing brace, cut at commas outside of quotes and brackets.
fn pieces(block: &str) -> Option<Vec<&str>> {
    let mut pieces = Vec::new();
    let (mut quote, mut depth, mut start) = (None, 0_usize, 0);
    let mut characters = block.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => drop(characters.next()),
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, '}') if depth == 0 => {
                pieces.push(&block[start..at]);
                return Some(pieces);
            }
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                pieces.push(&block[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    None
}

/// `name as type (default)`
fn parameter(piece: &str) -> Option<Parameter> {
    let (name, rest) = piece.trim().split_once(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix("as")?.trim_start();
    let (_, default) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(Parameter {
        name: name.trim_matches(['{', '}']).to_owned(),
        types: Types::ANY,
        required: default.trim().is_empty(),
    })
}

/// A source or sink of a data flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    pub(super) name: String,
    /// The dataset that it reads or writes.
    pub(super) dataset: ResourceId,
}

/// The sources and sinks of a data flow that are datasets.
pub(super) fn streams(properties: &Value) -> impl Iterator<Item = Stream> {
    let ends = ["sources", "sinks"].into_iter();
    let ends = ends.filter_map(move |end| properties.get("typeProperties")?.get(end)?.as_array());
    ends.flatten().filter_map(|stream| {
        let dataset = stream.get("dataset")?.get("referenceName")?.as_str()?;
        Some(Stream {
            name: stream.get("name")?.as_str()?.to_owned(),
            dataset: ResourceId::new(Kind::Dataset, dataset),
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(script: &str) -> Option<Vec<String>> {
        let found = parameters(&json!({"typeProperties": {"script": script}}))?;
        let shown = found.into_iter().map(|parameter| {
            let mark = if parameter.required { "" } else { "?" };
            format!("{}{mark}", parameter.name)
        });
        Some(shown.collect())
    }

    #[test]
    fn parameters_stand_at_the_beginning_of_the_script() {
        let script = "parameters{\n\tday as string,\n\trate as decimal(10,2) (1.5),\n\tnote as string ('a, } \\' b')\n}\nsource(output(";

        assert_eq!(shown(script).unwrap(), ["day", "rate?", "note?"]);
        assert_eq!(shown("source(output(").unwrap(), [""; 0]);
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        assert_eq!(shown("parameters{ day as"), None);
        assert_eq!(shown("parameters{ ))) }"), None);
    }
}
