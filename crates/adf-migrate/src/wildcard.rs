//! PowerShell's wildcards: `*`, `?`, `[abc]`, `[a-c]`; a backtick takes the meaning from what follows it. Case does not count.

/// A pattern of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wildcard(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Any,
    One,
    OneOf(Vec<(char, char)>),
    Just(char),
}

impl Wildcard {
    /// Reads a pattern. A bracket that is not closed stands for itself.
    pub(crate) fn new(text: &str) -> Self {
        let mut rest: Vec<char> = text.chars().flat_map(char::to_lowercase).rev().collect();
        let mut parts = Vec::new();
        while let Some(first) = rest.pop() {
            match first {
                '*' if parts.last() == Some(&Part::Any) => {}
                '*' => parts.push(Part::Any),
                '?' => parts.push(Part::One),
                '`' => parts.push(Part::Just(rest.pop().unwrap_or('`'))),
                '[' => match class(&rest) {
                    Some((ranges, length)) => {
                        rest.truncate(rest.len() - length);
                        parts.push(Part::OneOf(ranges));
                    }
                    None => parts.push(Part::Just('[')),
                },
                other => parts.push(Part::Just(other)),
            }
        }
        Self(parts)
    }

    /// Whether it stands for one name only.
    pub(crate) fn is_exact(&self) -> bool {
        self.0.iter().all(|part| matches!(part, Part::Just(_)))
    }

    /// Whether a name has this form. Time is that of their lengths multiplied, at most.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
        let (mut at, mut part) = (0, 0);
        let mut retry = None;
        while at < name.len() {
            match self.0.get(part) {
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
        self.0[part..].iter().all(|part| *part == Part::Any)
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

/// The ranges up to the closing bracket, and how many characters they take; `rest` is the text backwards.
fn class(rest: &[char]) -> Option<(Vec<(char, char)>, usize)> {
    let inside: Vec<char> = rest
        .iter()
        .rev()
        .take_while(|c| **c != ']')
        .copied()
        .collect();
    if inside.is_empty() || inside.len() == rest.len() {
        return None;
    }
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(from) = inside.get(at) {
        match (inside.get(at + 1), inside.get(at + 2)) {
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
    Some((ranges, inside.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_names() {
        for (pattern, name) in [
            ("*", ""),
            ("PL_*", "pl_copy"),
            ("*a*b*", "xxaxxbxx"),
            ("???KeyVault*", "AzuKeyVault1"),
            ("Scd[123]", "scd2"),
            ("[a-c]x", "Bx"),
            ("a[b", "a[b"),
            ("a`*", "a*"),
            ("a`[b]", "a[b]"),
            ("a`", "a`"),
        ] {
            assert!(Wildcard::new(pattern).matches(name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("", "a"),
            ("a*b", "a"),
            ("Scd[123]", "Scd4"),
            ("a`*", "ab"),
            ("?", "ab"),
            ("[]", ""),
        ] {
            assert!(!Wildcard::new(pattern).matches(name), "{pattern} {name}");
        }
    }
}
