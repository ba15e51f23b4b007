//! Keys and values as YAML writes them, each on one line.

use serde_json::Value;

/// Words that YAML readers take for something else than text.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// A key or text in a block mapping.
pub(crate) fn block(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// A value in a block mapping: texts as plain as they can be, everything else in flow style.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => block(text),
        other => flow(other),
    }
}

/// A value anywhere.
pub(crate) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) if object.is_empty() => "{}".to_owned(),
        Value::Object(object) => {
            let fields = object.iter().map(|(key, value)| {
                let key = if is_plain(key) {
                    key.clone()
                } else {
                    quoted(key)
                };
                format!("{key}: {}", flow(value))
            });
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Text in double quotes. What JSON writes is what YAML reads, but for characters that YAML does not print, and for `##`, with which
/// commands of a CI system begin.
pub(crate) fn quoted(text: &str) -> String {
    let json = Value::from(text)
        .to_string()
        .replace("##", "\\u0023\\u0023");
    let mut result = String::with_capacity(json.len());
    for character in json.chars() {
        let is_printed = matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}'
            | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..);
        match is_printed && !matches!(character, '\u{fdd0}'..='\u{fdef}') {
            true => result.push(character),
            false => result += &format!("\\u{:04x}", u32::from(character)),
        }
    }
    result
}

fn is_plain(text: &str) -> bool {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '/' || c == '_';
    let is_next = |c: char| c.is_ascii_alphanumeric() || "_-./:@+$%".contains(c);
    text.starts_with(is_first)
        && text.chars().all(is_next)
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}
