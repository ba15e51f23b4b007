//! Texts that Markdown shows as they stand.

/// A text in code marks, whatever it holds, also in a table.
pub(super) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '`' => '\'',
            '|' => '¦',
            other if other.is_control() => ' ',
            other => other,
        })
        .collect();
    match shown.trim().is_empty() {
        true => String::new(),
        false => format!("`{}`", shown.trim()),
    }
}

/// A text that is no markup, also in a table.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '<' => escaped += "&lt;",
            '|' => escaped += "\\|",
            '*' | '_' | '[' | ']' | '\\' | '#' | '`' | '@' | '!' | '~' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_cell() {
        assert_eq!(code("a`|\nb"), "`a'¦ b`");
        assert_eq!(
            escape("a|b\n<img> [x](y) @all"),
            "a\\|b &lt;img> \\[x\\](y) \\@all"
        );
    }
}
