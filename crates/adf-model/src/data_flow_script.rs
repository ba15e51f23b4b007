//! What the script of a data flow declares. Scripts are in a language of their own; only their first block is read.

use serde_json::Value;

/// A parameter that the script of a data flow declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptParameter {
    /// Its name.
    pub name: String,
    /// Whether it has a value where none is given.
    pub has_default: bool,
}

/// The parameters that a data flow's script declares, by the document's `properties`; none where it cannot be read.
#[must_use]
pub fn script_parameters(properties: &Value) -> Option<Vec<ScriptParameter>> {
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
fn parameter(piece: &str) -> Option<ScriptParameter> {
    let (name, rest) = piece.trim().split_once(char::is_whitespace)?;
    let rest = rest.trim_start().strip_prefix("as")?.trim_start();
    let (_, default) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(ScriptParameter {
        name: name.trim_matches(['{', '}']).to_owned(),
        has_default: !default.trim().is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(script: &str) -> Option<Vec<String>> {
        let found = script_parameters(&json!({"typeProperties": {"script": script}}))?;
        let shown = found.into_iter().map(|parameter| {
            let mark = if parameter.has_default { "?" } else { "" };
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
