//! Text that is no expression, and looks as if it were meant as one.

use std::ops::Range;

use adf_expr::{ExprKind, Template, function_names};

/// What can be called beside functions.
const REFERENCES: [&str; 9] = [
    "pipeline",
    "activity",
    "variables",
    "item",
    "dataset",
    "linkedService",
    "trigger",
    "triggerBody",
    "triggerOutputs",
];

/// Whether text is an expression as it stands.
pub(super) fn is_expression(text: &str) -> bool {
    text.starts_with('@') && matches!(Template::parse(text), Ok(Template::Expression(_)))
}

/// Whether text holds an expression that can be read.
pub(super) fn has_expression(text: &str) -> bool {
    matches!(
        Template::parse(text),
        Ok(Template::Expression(_) | Template::Interpolated(_))
    )
}

/// Whether text names something that can only be meant for the service, such as `item()`.
pub(super) fn mentions_a_reference(text: &str) -> bool {
    text.match_indices('(').any(|(at, _)| {
        let before = text[..at].trim_end();
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric());
        let name = &before[start.map_or(0, |start| start + 1)..];
        REFERENCES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// Whether text would call something known, if only it began with `@`.
pub(super) fn like_an_expression(text: &str) -> bool {
    let text = text.trim();
    let name: &str = text.split('(').next().unwrap_or_default();
    if name.len() == text.len() || !is_known(name.trim_end()) {
        return false;
    }
    match Template::parse(&format!("@{text}")) {
        Ok(Template::Expression(expression)) => matches!(expression.kind, ExprKind::Call(_)),
        _ => false,
    }
}

/// The first `@name(` of something that can be called.
pub(super) fn stray_call(text: &str) -> Option<Range<usize>> {
    let calls = text.match_indices('@').filter_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|before| before.is_alphanumeric() || "@_.".contains(before)) {
            return None;
        }
        let rest = &text[at + 1..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
        let is_call = rest[length..].trim_start().starts_with('(') && is_known(&rest[..length]);
        is_call.then_some(at..at + 1 + length)
    });
    calls.into_iter().next()
}

fn is_known(name: &str) -> bool {
    let mut known = REFERENCES.into_iter().chain(function_names());
    known.any(|known| known.eq_ignore_ascii_case(name))
}

/// The beginning of a text, for messages.
pub(super) fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_in_the_middle_of_text_are_seen() {
        let text = "in/@pipeline().RunId";

        assert_eq!(&text[stray_call(text).unwrap()], "@pipeline");
        for text in [
            "select @x, @@rowcount from t",
            "mail@item(1)",
            "@pipeline",
            "declare @concat int",
        ] {
            assert_eq!(stray_call(text), None, "{text}");
        }
    }

    #[test]
    fn only_calls_look_like_expressions() {
        for text in ["pipeline().parameters.x", " concat('a', item().b)"] {
            assert!(like_an_expression(text), "{text}");
        }
        for text in ["wildcard", "N/A", "dbo.load(1)", "length (m)", "true"] {
            assert!(!like_an_expression(text), "{text}");
        }
    }
}
