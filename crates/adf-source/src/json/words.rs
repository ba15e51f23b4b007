//! How a text is spoken of.

use std::ops::Range;

/// The longest piece of a text in a message, in characters.
const LONGEST: usize = 80;

/// `text`, cut where it is long, with nothing that does not show.
pub(crate) fn short(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        shown.push_str(&visible(character));
    }
    shown
}

/// A character, or its number where it does not show.
pub(super) fn visible(character: char) -> String {
    let hidden = character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    match hidden {
        true => format!("U+{:04X}", u32::from(character)),
        false => character.to_string(),
    }
}

/// What stands at `at`, and its bytes. Only its beginning is looked at, however long it is.
pub(super) fn found(text: &str, at: usize) -> (String, Range<usize>) {
    let rest = beginning(&text[at..]);
    let Some(first) = rest.chars().next() else {
        return ("the end of the file".to_owned(), at..at);
    };
    let is_word = |character: char| character.is_alphanumeric() || "_$@-".contains(character);
    let length = match first {
        '"' => quoted(rest),
        _ if is_word(first) => rest
            .find(|character| !is_word(character))
            .unwrap_or(rest.len()),
        _ => first.len_utf8(),
    };
    let shown = match first {
        '\u{a0}' => "a no-break space (U+00A0)".to_owned(),
        '\u{feff}' => "a byte order mark (U+FEFF)".to_owned(),
        '\0' => "a zero byte".to_owned(),
        _ => format!("`{}`", short(&rest[..length])),
    };
    (shown, at..at + length)
}

/// As much of a text as is ever shown, and more.
fn beginning(text: &str) -> &str {
    let mut ends = text.char_indices().map(|(at, _)| at);
    &text[..ends.nth(4 * LONGEST).unwrap_or(text.len())]
}

/// The length of the string that `text` begins with, as far as its line goes.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\n' | '\r' => return at,
            '"' if !escaped => return at + 1,
            _ => escaped = character == '\\' && !escaped,
        }
    }
    text.len()
}

/// What to do about what stands at `at`.
pub(super) fn hint(text: &str, at: usize) -> Option<&'static str> {
    let rest = &text[at..];
    let first = rest.chars().next()?;
    match first {
        '\'' => Some("JSON has double quotes only"),
        '“' | '”' | '„' | '‘' | '’' => {
            Some("these are typographic quotes; JSON has `\"`")
        }
        '\u{a0}' => Some("write a plain space"),
        ',' => Some("is there a comma too many?"),
        _ if ["True", "False", "None"]
            .iter()
            .any(|word| rest.starts_with(word)) =>
        {
            Some("JSON writes `true`, `false` and `null`")
        }
        _ if first.is_alphabetic() || first == '_' => Some("is a quote missing?"),
        _ => None,
    }
}

/// The line at `at`, where a merge left its marker.
pub(super) fn conflict_marker(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let begins = at == 0 || text.as_bytes()[at - 1] == b'\n';
    let marked = [
        "<<<<<<< ",
        ">>>>>>> ",
        "||||||| ",
        "=======\n",
        "=======\r\n",
    ];
    if !begins || !marked.iter().any(|marker| rest.starts_with(marker)) {
        return None;
    }
    let line = rest.lines().next()?;
    Some(at..at + line.len())
}
