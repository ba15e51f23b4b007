//! Comments of scripts and pipelines, in which nothing is set.

/// A text with spaces in the place of its comments, `<# … #>` and `# …`, so that all else stays where it is.
pub(super) fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        let begins_word = kept
            .chars()
            .next_back()
            .is_none_or(|before| before.is_whitespace() || matches!(before, ';' | '{' | '('));
        let length = match c {
            _ if quote.is_none() && rest.starts_with("<#") => {
                rest.find("#>").map_or(rest.len(), |end| end + 2)
            }
            '#' if quote.is_none() && begins_word => rest.find('\n').unwrap_or(rest.len()),
            _ => 0,
        };
        if length > 0 {
            // Lines are kept, and so is the number of bytes.
            kept.extend(rest[..length].bytes().map(|byte| match byte {
                b'\n' => '\n',
                _ => ' ',
            }));
            rest = &rest[length..];
            continue;
        }
        match (quote, c) {
            // What is quoted ends with its line at the latest: an apostrophe may be one of a word.
            (_, '\n') => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
        kept.push(c);
        rest = &rest[c.len_utf8()..];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_blank_and_all_else_is_where_it_was() {
        for (text, expected) in [
            ("a # b\nc", "a    \nc"),
            ("a <# é\n#> b", "a      \n   b"),
            ("x: 'a # b' # c", "x: 'a # b'    "),
            ("colour: a#b", "colour: a#b"),
            ("# don't\ny: 1 # z", "       \ny: 1    "),
            ("<# never ends", "             "),
        ] {
            assert_eq!(without_comments(text), expected, "{text}");
            assert_eq!(expected.len(), text.len(), "{text}");
        }
    }
}
