//! What is no JSON and means nothing can be taken away, or written as JSON writes it.

use std::collections::HashMap;
use std::ops::Range;

use adf_source::{Problem, ProblemKind, SourceFile};

use crate::{Context, Fix};

/// The texts of the files that can be mended.
pub(super) struct Fixes<'a>(HashMap<&'a str, &'a SourceFile>);

impl<'a> Fixes<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let repository = context.repository;
        if !repository
            .problems
            .iter()
            .any(|problem| is_mended(problem.kind))
        {
            return Self(HashMap::new());
        }
        let resources = repository.resources.iter().map(|resource| &resource.file);
        let others = [
            &repository.parameters_definition,
            &repository.publish_config,
        ];
        let files = resources.chain(others.into_iter().flatten());
        Self(files.map(|file| (file.path.as_str(), file)).collect())
    }

    /// The change that mends a problem, where there is one.
    pub(super) fn fix(&self, problem: &Problem) -> Option<Fix> {
        let text = self.0.get(problem.path.as_str())?.text();
        let bytes = problem.span.as_ref()?.bytes.clone();
        let written = text.get(bytes.clone())?;
        let (message, bytes, text) = match problem.kind {
            ProblemKind::Comment => (
                "take the comment away",
                with_blanks(text, bytes),
                String::new(),
            ),
            ProblemKind::TrailingComma if written == "," => {
                ("take the comma away", bytes, String::new())
            }
            ProblemKind::ControlCharacter => ("write it as an escape", bytes, escaped(written)?),
            _ => return None,
        };
        Some(Fix {
            message: message.to_owned(),
            bytes,
            text,
        })
    }
}

const fn is_mended(kind: ProblemKind) -> bool {
    matches!(
        kind,
        ProblemKind::Comment | ProblemKind::TrailingComma | ProblemKind::ControlCharacter
    )
}

/// A comment with the blanks before it, and with its line where it has one for itself.
fn with_blanks(text: &str, comment: Range<usize>) -> Range<usize> {
    // A comment to the end of a line of Windows does not have its line break.
    let written = text[comment.clone()].trim_end_matches('\r');
    let comment = comment.start..comment.start + written.len();
    let before = text[..comment.start].trim_end_matches([' ', '\t']);
    let after = &text[comment.end..];
    let rest = after.trim_start_matches([' ', '\t', '\r']);
    let alone = before.is_empty() || before.ends_with('\n');
    match rest.strip_prefix('\n') {
        Some(next) if alone => before.len()..text.len() - next.len(),
        _ if alone => comment,
        _ => before.len()..comment.end,
    }
}

/// Control characters as JSON writes them; none where there is something else.
fn escaped(written: &str) -> Option<String> {
    let only = !written.is_empty() && written.chars().all(|character| character < ' ');
    only.then(|| {
        let quoted = serde_json::Value::from(written).to_string();
        quoted.trim_matches('"').to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, comment: &str) -> String {
        let start = text.find(comment).unwrap();
        let mut text = text.to_owned();
        text.replace_range(with_blanks(&text, start..start + comment.len()), "");
        text
    }

    #[test]
    fn a_comment_goes_with_its_line() {
        assert_eq!(
            without("{\n\t// x\n\t\"a\": 1\n}", "// x"),
            "{\n\t\"a\": 1\n}"
        );
        assert_eq!(without("{\r\n  /* x */\r\n}", "/* x */"), "{\r\n}");
        assert_eq!(without("{\"a\": 1 // x\n}", "// x"), "{\"a\": 1\n}");
        assert_eq!(without("{\"a\": 1 // x\r\n}", "// x\r"), "{\"a\": 1\r\n}");
        assert_eq!(without("{ /* x */ \"a\": 1}", "/* x */"), "{ \"a\": 1}");
        assert_eq!(without("// x\n{}", "// x"), "{}");
        assert_eq!(without("{}\n// x", "// x"), "{}\n");
    }

    #[test]
    fn control_characters_become_escapes() {
        assert_eq!(escaped("\n").as_deref(), Some("\\n"));
        assert_eq!(escaped("\u{1}\t").as_deref(), Some("\\u0001\\t"));
        assert_eq!(escaped("a"), None);
    }
}
