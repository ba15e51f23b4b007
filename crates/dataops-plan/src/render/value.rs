//! Values in one line.

use serde_json::Value;

/// How many characters of a value are shown.
const LONGEST: usize = 160;

/// How many characters before the first difference of two long values are shown.
const BEFORE: usize = 40;

/// A value in one line, cut where it is long.
pub(super) fn one(value: &Value) -> String {
    cut(&written(value), 0)
}

/// Two values in one line each; of long ones the part around the first difference.
pub(super) fn both(old: &Value, new: &Value) -> (String, String) {
    let (old, new) = (written(old), written(new));
    if old.chars().count().max(new.chars().count()) <= LONGEST {
        return (old, new);
    }
    let same = old
        .chars()
        .zip(new.chars())
        .take_while(|(one, other)| one == other);
    let from = same.count().saturating_sub(BEFORE);
    (cut(&old, from), cut(&new, from))
}

fn written(value: &Value) -> String {
    let text = value.to_string();
    text.chars()
        .map(|character| match character {
            // JSON writes the lower ones itself; these also change how a terminal shows a line.
            '\u{7f}'..='\u{9f}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => '\u{fffd}',
            other => other,
        })
        .collect()
}

fn cut(text: &str, from: usize) -> String {
    let mut rest = text.chars().skip(from);
    let mut shown = if from > 0 {
        "…".to_owned()
    } else {
        String::new()
    };
    shown.extend(rest.by_ref().take(LONGEST));
    match rest.next() {
        Some(_) => shown + "…",
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_long_values_the_difference_is_shown() {
        let long = |end: &str| json!("x".repeat(500) + end);

        let (old, new) = both(&long("one"), &long("two"));

        assert!(old.starts_with("…xxx") && old.ends_with("one\""), "{old}");
        assert!(new.ends_with("two\""), "{new}");
        assert!(one(&long("")).chars().count() == LONGEST + 1);
        assert_eq!(
            both(&json!(1), &json!("a")),
            ("1".to_owned(), "\"a\"".to_owned())
        );
    }

    #[test]
    fn what_turns_a_line_around_is_not_shown() {
        assert_eq!(one(&json!("a\u{202e}b\n")), "\"a\u{fffd}b\\n\"");
    }
}
