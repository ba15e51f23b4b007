//! Patterns of names: `*` is any text, `?` a character, `[a-c]` one of some. Case does not count.

/// A pattern of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Any,
    One,
    /// Ranges of characters; a single one is a range of itself.
    OneOf(Vec<(char, char)>),
    Just(char),
}

impl Pattern {
    /// Reads a pattern. A bracket that is not closed stands for itself.
    pub(crate) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        let mut rest = lower.as_str();
        let mut parts = Vec::new();
        while let Some(first) = rest.chars().next() {
            rest = &rest[first.len_utf8()..];
            match (first, rest.split_once(']')) {
                ('*', _) => parts.push(Part::Any),
                ('?', _) => parts.push(Part::One),
                ('[', Some((inside, after))) if !inside.is_empty() => {
                    parts.push(Part::OneOf(ranges(inside)));
                    rest = after;
                }
                _ => parts.push(Part::Just(first)),
            }
        }
        parts.dedup_by(|one, other| (&*one, &*other) == (&Part::Any, &Part::Any));
        Self {
            text: text.to_owned(),
            parts,
        }
    }

    /// The pattern as it is written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it stands for one name only.
    pub(crate) fn is_exact(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Just(_)))
    }

    /// Whether a name has this form. Time is that of their lengths multiplied, at most.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.to_lowercase().chars().collect();
        let (mut at, mut part) = (0, 0);
        let mut retry = None;
        while at < name.len() {
            match self.parts.get(part) {
                Some(Part::Any) => {
                    retry = Some((part, at));
                    part += 1;
                }
                Some(one) if one.takes(name[at]) => {
                    at += 1;
                    part += 1;
                }
                // The last `*` takes one character more.
                _ => match retry {
                    Some((any, from)) => {
                        retry = Some((any, from + 1));
                        at = from + 1;
                        part = any + 1;
                    }
                    None => return false,
                },
            }
        }
        self.parts[part..].iter().all(|part| *part == Part::Any)
    }
}

impl Part {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Just(one) => *one == character,
            Self::OneOf(ranges) => ranges
                .iter()
                .any(|(from, to)| (*from..=*to).contains(&character)),
        }
    }
}

fn ranges(inside: &str) -> Vec<(char, char)> {
    let all: Vec<char> = inside.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(from) = all.get(at) {
        match (all.get(at + 1), all.get(at + 2)) {
            (Some('-'), Some(to)) => {
                ranges.push((*from, *to));
                at += 3;
            }
            _ => {
                ranges.push((*from, *from));
                at += 1;
            }
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "anything"),
            ("PL_*", "pl_copy"),
            ("*_copy", "PL_a_copy"),
            ("*a*b*", "xxaxxbxx"),
            ("???KeyVault*", "AzuKeyVault1"),
            ("ScdType[123]", "ScdType2"),
            ("[a-c]x", "bx"),
            ("a[b", "a[b"),
            ("été?", "Étés"),
        ] {
            assert!(Pattern::new(pattern).matches(name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("a", ""),
            ("a*b", "a"),
            ("ScdType[123]", "ScdType4"),
            ("[a-c]x", "dx"),
            ("?", "ab"),
        ] {
            assert!(!Pattern::new(pattern).matches(name), "{pattern} {name}");
        }
    }

    /// As simple as it can be said, and as slow.
    fn plainly(pattern: &[char], name: &[char]) -> bool {
        match pattern {
            [] => name.is_empty(),
            ['*', rest @ ..] => (0..=name.len()).any(|at| plainly(rest, &name[at..])),
            ['?', rest @ ..] => !name.is_empty() && plainly(rest, &name[1..]),
            [one, rest @ ..] => name.first() == Some(one) && plainly(rest, &name[1..]),
        }
    }

    proptest! {
        #[test]
        fn a_pattern_matches_what_it_says(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
            let expected = plainly(
                &pattern.chars().collect::<Vec<_>>(),
                &name.chars().collect::<Vec<_>>(),
            );

            prop_assert_eq!(Pattern::new(&pattern).matches(&name), expected);
        }
    }
}
