//! Text of documents in Markdown, where none of it is markup.
//!
//! Inline it is within `<code>` with every character written as its number that could mean something to Markdown or HTML, and in fences
//! the fence is longer than any within. GitHub and Azure DevOps look for mentions and links to work items in neither.

use std::fmt::Write as _;

use crate::terminal::harmless;

/// The longest value and the longest inline text.
const LONG: usize = 300;
const INLINE: usize = 120;

/// A fence that nothing within can close.
pub(super) fn fence(body: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in body.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest.max(2) + 1)
}

/// Text of a document on one line of a fence.
pub(super) fn one_line(text: &str) -> String {
    let line = harmless(text).replace(['\n', '\r', '\t'], " ");
    cut(&line, LONG)
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most - 1).collect();
    kept.push('…');
    kept
}

/// Text of a document as inline code.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", encoded(&one_line(text)))
}

/// A sentence of ours with text of documents in backticks.
pub(crate) fn inline(text: &str) -> String {
    let parts = cut(text, INLINE * 4);
    let parts = parts.split('`').enumerate().map(|(at, part)| match at % 2 {
        0 => encoded(part).replace("&#58;", ":"),
        _ => format!("<code>{}</code>", encoded(&cut(part, INLINE))),
    });
    parts.collect()
}

/// Letters, digits and blanks as they are, everything else as its number.
fn encoded(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | ',' | ';' | '-' | '/' | '→' | '…' => kept.push(character),
            '\n' | '\t' => kept.push(' '),
            other if other.is_alphanumeric() => kept.push(other),
            other => {
                let _ = write!(kept, "&#{};", u32::from(other));
            }
        }
    }
    kept
}
