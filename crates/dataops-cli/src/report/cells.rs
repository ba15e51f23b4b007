//! Text in cells of Markdown tables, where nothing of it is markup or a mention.

use crate::terminal::harmless;

/// Text for a cell, in which only parts between backticks are code, and nothing is markup or a mention.
pub(crate) fn cell(text: &str) -> String {
    let text = harmless(text).replace(['\n', '\t'], " ");
    let parts: Vec<_> = text.split('`').collect();
    if parts.len() % 2 == 0 {
        // A backtick too many: nothing is code.
        return plain(&text);
    }
    let part = |(at, part): (usize, &&str)| match at % 2 {
        0 => plain(part),
        _ => code(part),
    };
    parts.iter().enumerate().map(part).collect()
}

/// Text as code.
pub(crate) fn code(text: &str) -> String {
    let text = harmless(text)
        .replace(['\n', '\t', '`'], " ")
        .replace('|', "\\|");
    match text.trim().is_empty() {
        true => String::new(),
        false => format!("`{text}`"),
    }
}

fn plain(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_documents_is_no_markup() {
        assert_eq!(
            cell("pipeline `a|b` is *new*"),
            "pipeline `a\\|b` is \\*new\\*"
        );
        assert_eq!(cell("<img src=x> @team"), "&lt;img src=x&gt; &#64;team");
        assert_eq!(cell("odd ` tick\n| b"), "odd \\` tick \\| b");
        assert_eq!(code("a`b"), "`a b`");
    }
}
