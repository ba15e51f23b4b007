//! What PowerShell makes of the text of a value: variables of the environment, dollar signs, backticks. Nothing is executed.

use crate::text::{CLOSE, OPEN};

/// A value after PowerShell has expanded it. Variables of the environment are between marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expanded {
    pub(crate) text: String,
    /// The variables of the environment, in their order.
    pub(crate) variables: Vec<Variable>,
    /// Where a `$word` became nothing.
    pub(crate) blanked: Vec<usize>,
    /// Where code would have been run.
    pub(crate) code: Option<usize>,
}

/// A variable of the environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) at: usize,
}

impl Expanded {
    /// Expands a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut expanded = Self::default();
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let after = at + first.len_utf8();
            at = match first {
                '`' => expanded.escape(text, after),
                '$' => expanded.dollar(text, at),
                other => {
                    expanded.text.push(other);
                    after
                }
            };
        }
        expanded
    }

    fn escape(&mut self, text: &str, at: usize) -> usize {
        let Some(escaped) = text[at..].chars().next() else {
            return at;
        };
        self.text.push(match escaped {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '0' => '\0',
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'v' => '\u{b}',
            other => other,
        });
        at + escaped.len_utf8()
    }

    /// What begins with the `$` at `at`; returns where the text goes on.
    fn dollar(&mut self, text: &str, at: usize) -> usize {
        let rest = &text[at + 1..];
        if let Some(inside) = rest.strip_prefix('{') {
            let Some(length) = inside.find('}') else {
                self.text.push('$');
                return at + 1;
            };
            self.named(&inside[..length], at);
            return at + 1 + 1 + length + 1;
        }
        if let Some(inside) = rest.strip_prefix('(') {
            return self.parenthesis(inside, at);
        }
        let length = match rest.chars().next() {
            Some('$' | '?' | '^') => 1,
            Some(first) if is_word(first) => name_length(rest),
            _ => {
                self.text.push('$');
                return at + 1;
            }
        };
        self.named(&rest[..length], at);
        at + 1 + length
    }

    /// `$($Env:NAME)` is a variable; anything else in parentheses is code.
    fn parenthesis(&mut self, inside: &str, at: usize) -> usize {
        let length = closing(inside);
        let variable = inside[..length].trim();
        let bare = variable.strip_prefix('$').filter(|name| {
            let name = env(name).unwrap_or_default();
            !name.is_empty() && name.chars().all(is_word)
        });
        match bare {
            Some(name) => self.named(name, at),
            None => self.code = self.code.or(Some(at)),
        }
        (at + 2 + length + 1).min(at + 2 + inside.len())
    }

    fn named(&mut self, name: &str, at: usize) {
        if let Some(variable) = env(name).filter(|name| is_variable(name)) {
            self.text.push(OPEN);
            self.text.push_str(variable);
            self.text.push(CLOSE);
            self.variables.push(Variable {
                name: variable.to_owned(),
                at,
            });
            return;
        }
        match name.to_ascii_lowercase().as_str() {
            "true" => self.text.push_str("True"),
            "false" => self.text.push_str("False"),
            "null" => {}
            _ => self.blanked.push(at),
        }
    }
}

/// Whether a text is a variable and nothing else.
pub(crate) fn is_one_variable(text: &str) -> bool {
    let inside = text
        .strip_prefix(OPEN)
        .and_then(|text| text.strip_suffix(CLOSE));
    inside.is_some_and(|name| !name.contains([OPEN, CLOSE]))
}

/// Whether there is a variable in a text.
pub(crate) fn has_variable(text: &str) -> bool {
    text.contains(OPEN)
}

/// The name behind `Env:`.
fn env(name: &str) -> Option<&str> {
    let head = name.get(..4)?;
    head.eq_ignore_ascii_case("env:").then(|| &name[4..])
}

/// Whether `dataops.yaml` can name such a variable.
fn is_variable(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// How long the name at the beginning of a text is, with its scope.
fn name_length(text: &str) -> usize {
    let word = |text: &str| text.find(|c| !is_word(c)).unwrap_or(text.len());
    let scope = word(text);
    match text[scope..].strip_prefix(':') {
        Some(rest) if rest.starts_with(is_word) => scope + 1 + word(rest),
        _ => scope,
    }
}

/// Where the parenthesis that has been opened before `text` closes; its end where it does not.
fn closing(text: &str) -> usize {
    let mut depth = 1_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let expanded = Expanded::of(text);
        let code = if expanded.code.is_some() { " code" } else { "" };
        let blanked = expanded.blanked.len();
        let blanked = if blanked > 0 {
            format!(" blanked {blanked}")
        } else {
            String::new()
        };
        expanded.text.replace(OPEN, "<").replace(CLOSE, ">") + code + &blanked
    }

    #[test]
    fn variables_of_the_environment_are_read_in_three_forms() {
        for (text, expected) in [
            ("$Env:HOST", "<HOST>"),
            ("https://$env:HOST/x", "https://<HOST>/x"),
            ("${ENV:HOST}name", "<HOST>name"),
            ("$($Env:A)$($Env:B_1)", "<A><B_1>"),
            ("$Env:A-$Env:B", "<A>-<B>"),
            ("$Env:A.B", "<A>.B"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn other_dollars_become_nothing_and_code_is_not_run() {
        for (text, expected) in [
            ("pa$word", "pa blanked 1"),
            ("a$global:x.b", "a.b blanked 1"),
            ("${x}y", "y blanked 1"),
            ("$$", " blanked 1"),
            ("costs 5$", "costs 5$"),
            ("$ 5", "$ 5"),
            ("$.x", "$.x"),
            ("`$word", "$word"),
            ("a``b`n", "a`b\n"),
            ("$true $NULL", "True "),
            ("$(Get-Date)", " code"),
            ("a$(x(y))b", "ab code"),
            ("$(x", " code"),
            ("${x", "${x"),
            ("$Env:", ": blanked 1"),
            ("${Env:a b}", " blanked 1"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
