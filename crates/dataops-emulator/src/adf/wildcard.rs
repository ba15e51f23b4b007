//! Wildcards of the Copy activity.

/// Whether a folder has the form of a path of wildcards, or lies below one that has.
pub(super) fn folder_matches(pattern: &str, folder: &str, deeper: bool) -> bool {
    let patterns: Vec<_> = pattern.split('/').collect();
    let parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let enough = parts.len() == patterns.len() || (deeper && parts.len() > patterns.len());
    enough
        && patterns
            .iter()
            .zip(&parts)
            .all(|(pattern, part)| matches(pattern, part))
}

/// Whether a name has the form of a wildcard: `*` is any text, `?` none or one character, `^` takes the next one as it is.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let mut reachable = vec![true];
    let name: Vec<char> = name.chars().collect();
    reachable.resize(name.len() + 1, false);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let before = reachable.clone();
        match letter {
            '*' => {
                let first = before.iter().position(|yes| *yes).unwrap_or(usize::MAX);
                for (at, yes) in reachable.iter_mut().enumerate() {
                    *yes = at >= first;
                }
            }
            '?' => {
                for at in 1..reachable.len() {
                    reachable[at] = before[at] || before[at - 1];
                }
            }
            letter => {
                let wanted = match letter {
                    '^' => letters.next().unwrap_or('^'),
                    letter => letter,
                };
                reachable[0] = false;
                for at in 1..reachable.len() {
                    reachable[at] = before[at - 1] && name[at - 1] == wanted;
                }
            }
        }
    }
    reachable.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_names() {
        for (pattern, name) in [
            ("*", "a.csv"),
            ("*.csv", "a.csv"),
            ("a?.csv", "a.csv"),
            ("a?.csv", "ab.csv"),
            ("^*.csv", "*.csv"),
            ("*a*b*", "xxaxxb"),
            ("", ""),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.csv", "a.txt"),
            ("a?.csv", "abc.csv"),
            ("^*.csv", "a.csv"),
            ("", "a"),
            ("a", ""),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn folder_wildcards_match_level_by_level() {
        assert!(folder_matches("20*", "2026", false));
        assert!(!folder_matches("20*", "2026/01", false));
        assert!(folder_matches("20*", "2026/01", true));
        assert!(folder_matches("20*/0?", "2026/01", false));
        assert!(!folder_matches("20*", "", true));
    }
}
