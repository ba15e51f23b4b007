//! Expressions told apart by what they mean, and which part of them differs.

use std::ops::Range;

use adf_expr::{Expr, ExprKind, Part, Selector, Template};
use serde_json::Value;

/// Two texts of which at least one is an expression, and the parts that differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expressions {
    /// The text that was there.
    pub before: String,
    /// The text that is there now.
    pub after: String,
    /// The bytes of `before` that are not in `after`.
    pub before_marks: Vec<Range<usize>>,
    /// The bytes of `after` that were not in `before`.
    pub after_marks: Vec<Range<usize>>,
}

/// The text of a value that may be an expression: a text, or an object of type `Expression`.
pub(crate) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => {
            let kind = object.get("type")?.as_str()?;
            let value = object.get("value")?.as_str()?;
            (kind == "Expression" && object.len() == 2).then_some(value)
        }
        _ => None,
    }
}

/// Whether the service would evaluate a text.
pub(crate) fn is_expression(text: &str) -> bool {
    (text.starts_with('@') && !text.starts_with("@@")) || text.contains("@{")
}

/// Whether two texts mean the same: they are equal, or read as the same expression.
pub(crate) fn mean_the_same(before: &str, after: &str) -> bool {
    before == after
        || (is_expression(before)
            && is_expression(after)
            && matches!((Template::parse(before), Template::parse(after)), (Ok(before), Ok(after)) if before == after))
}

/// Both texts and what differs in them, where one of them is an expression.
pub(crate) fn compare(before: &str, after: &str) -> Option<Expressions> {
    if !is_expression(before) && !is_expression(after) {
        return None;
    }
    let mut marks = Marks::default();
    match (Template::parse(before), Template::parse(after)) {
        (Ok(Template::Expression(one)), Ok(Template::Expression(other))) => {
            marks.compare(&one, &other);
        }
        (Ok(Template::Interpolated(one)), Ok(Template::Interpolated(other)))
            if one.len() == other.len() && texts_match(&one, &other) =>
        {
            for pair in one.iter().zip(&other) {
                if let (Part::Expr(one), Part::Expr(other)) = pair {
                    marks.compare(one, other);
                }
            }
        }
        _ => {
            let (one, other) = crate::text::differing(before, after);
            marks.before.push(one);
            marks.after.push(other);
        }
    }
    Some(Expressions {
        before: before.to_owned(),
        after: after.to_owned(),
        before_marks: marks.before,
        after_marks: marks.after,
    })
}

/// The bytes of each text that differ: the least parts of expressions, otherwise what lies between their common ends.
#[must_use]
pub fn marks(before: &str, after: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    match compare(before, after) {
        Some(found) => (found.before_marks, found.after_marks),
        None => {
            let (one, other) = crate::text::differing(before, after);
            (vec![words(before, one)], vec![words(after, other)])
        }
    }
}

/// The whole words that a range touches.
fn words(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start].chars().rev();
    let after = text[range.end..].chars();
    let start: usize = before
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum();
    let end: usize = after
        .take_while(|c| c.is_alphanumeric())
        .map(char::len_utf8)
        .sum();
    range.start - start..range.end + end
}

fn texts_match(one: &[Part], other: &[Part]) -> bool {
    one.iter().zip(other).all(|pair| match pair {
        (Part::Text(one), Part::Text(other)) => one == other,
        (Part::Expr(_), Part::Expr(_)) => true,
        _ => false,
    })
}

#[derive(Default)]
struct Marks {
    before: Vec<Range<usize>>,
    after: Vec<Range<usize>>,
}

impl Marks {
    /// Marks the least parts that differ. Expressions are not nested deeper than they are read.
    fn compare(&mut self, before: &Expr, after: &Expr) {
        if before == after {
            return;
        }
        if let (ExprKind::Call(one), ExprKind::Call(other)) = (&before.kind, &after.kind)
            && one.name.eq_ignore_ascii_case(&other.name)
            && one.args.len() == other.args.len()
            && one.accessors.len() == other.accessors.len()
        {
            for (one, other) in one.args.iter().zip(&other.args) {
                self.compare(one, other);
            }
            for (one, other) in one.accessors.iter().zip(&other.accessors) {
                match (&one.selector, &other.selector) {
                    (Selector::Index(one), Selector::Index(other)) => self.compare(one, other),
                    _ if one != other => {
                        self.before.push(one.span.start..one.span.end);
                        self.after.push(other.span.start..other.span.end);
                    }
                    _ => {}
                }
            }
            return;
        }
        self.before.push(before.span.start..before.span.end);
        self.after.push(after.span.start..after.span.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(before: &str, after: &str) -> String {
        let found = compare(before, after).unwrap();
        let show = |text: &str, marks: &[Range<usize>]| {
            let mut shown = text.to_owned();
            for mark in marks.iter().rev() {
                shown.insert(mark.end, ']');
                shown.insert(mark.start, '[');
            }
            shown
        };
        format!(
            "{} | {}",
            show(before, &found.before_marks),
            show(after, &found.after_marks)
        )
    }

    #[test]
    fn the_least_part_that_differs_is_marked() {
        assert_eq!(
            marked(
                "@concat(pipeline().parameters.a, '.csv', item())",
                "@concat(pipeline().parameters.b, '.csv', item())"
            ),
            "@concat(pipeline().parameters[.a], '.csv', item()) | @concat(pipeline().parameters[.b], '.csv', item())"
        );
        assert_eq!(
            marked("@if(equals(1, 2), 'x', 'y')", "@if(not(true), 'x', 'z')"),
            "@if([equals(1, 2)], 'x', ['y']) | @if([not(true)], 'x', ['z'])"
        );
        assert_eq!(
            marked("a/@{item()}/b", "a/@{item().x}/b"),
            "a/@{[item()]}/b | a/@{[item().x]}/b"
        );
        assert_eq!(marked("plain", "@x()"), "[plain] | [@x()]");
        assert_eq!(
            marked("@broken(", "@broken(1"),
            "@broken([]) | @broken([1]".replace("([])", "([]").as_str()
        );
    }

    #[test]
    fn whole_words_of_plain_text_are_marked() {
        assert_eq!(
            marked_plain("\"Started\"", "\"Stopped\""),
            ("Started", "Stopped")
        );
        assert_eq!(marked_plain("a/b", "a/b/c"), ("b", "b/c"));
    }

    fn marked_plain<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str) {
        let (one, other) = marks(before, after);
        (&before[one[0].clone()], &after[other[0].clone()])
    }

    #[test]
    fn blanks_and_the_form_of_an_expression_mean_nothing() {
        assert!(mean_the_same("@concat( 'a' , 'b' )", "@concat('a','b')"));
        assert!(!mean_the_same("@concat('a')", "@concat('A')"));
        assert!(!mean_the_same("concat( 'a' )", "concat('a')"));
    }
}
