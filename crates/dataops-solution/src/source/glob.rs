//! Patterns of paths: `*` and `?` within a part, `**` for any parts.

/// The most parts of a pattern; more match nothing.
const MOST_PARTS: usize = 64;

/// A pattern of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<String>,
}

impl Glob {
    /// Reads a pattern whose parts are separated by `/`.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        let parts = pattern.split('/').filter(|part| !matches!(*part, "" | "."));
        let mut parts: Vec<_> = parts.take(MOST_PARTS).map(str::to_owned).collect();
        parts.dedup_by(|one, other| one == "**" && other == "**");
        Self { parts }
    }

    /// The folder that everything that matches lies in.
    #[must_use]
    pub fn base(&self) -> String {
        let plain = self
            .parts
            .iter()
            .take_while(|part| !part.contains(['*', '?']));
        let mut parts: Vec<_> = plain.map(String::as_str).collect();
        if parts.len() == self.parts.len() {
            parts.pop();
        }
        parts.join("/")
    }

    /// Whether a path matches.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        self.open_after(path)[self.parts.len()]
    }

    /// Whether a path below a folder may match.
    #[must_use]
    pub fn may_match_below(&self, folder: &str) -> bool {
        folder.is_empty() || self.open_after(folder)[..self.parts.len()].contains(&true)
    }

    /// `open[at]`: the pattern's first parts match the path, and part `at` is next.
    fn open_after(&self, path: &str) -> Vec<bool> {
        let mut open = vec![false; self.parts.len() + 1];
        open[0] = true;
        self.pass_over(&mut open);
        for part in path.split('/') {
            let mut next = vec![false; open.len()];
            for (at, pattern) in self.parts.iter().enumerate() {
                if open[at] && pattern == "**" {
                    next[at] = true;
                } else if open[at] && part_matches(pattern, part) {
                    next[at + 1] = true;
                }
            }
            self.pass_over(&mut next);
            open = next;
        }
        open
    }

    /// `**` may stand for nothing.
    fn pass_over(&self, open: &mut [bool]) {
        for (at, pattern) in self.parts.iter().enumerate() {
            open[at + 1] |= open[at] && pattern == "**";
        }
    }
}

/// Whether one part matches: the last `*` is extended as far as needed.
fn part_matches(pattern: &str, part: &str) -> bool {
    let pattern: Vec<_> = pattern.chars().collect();
    let part: Vec<_> = part.chars().collect();
    let (mut at, mut reached) = (0, 0);
    let mut star = None;
    while reached < part.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, reached));
                at += 1;
            }
            Some(expected) if *expected == '?' || *expected == part[reached] => {
                at += 1;
                reached += 1;
            }
            _ => {
                let Some((star_at, from)) = star else {
                    return false;
                };
                star = Some((star_at, from + 1));
                (at, reached) = (star_at + 1, from + 1);
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path) in [
            ("contracts/*.odcs.yaml", "contracts/claims.odcs.yaml"),
            ("./contracts/**/*.yaml", "contracts/a/b/c.yaml"),
            ("contracts/**/*.yaml", "contracts/c.yaml"),
            ("**", "a/b"),
            ("a?c", "abc"),
            ("*a*b*", "xxaxxbxx"),
        ] {
            assert!(Glob::new(pattern).matches(path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("contracts/*.yaml", "contracts/a/c.yaml"),
            ("*.yaml", "a.yml"),
            ("a/**", "b/a"),
            ("a?c", "ac"),
            ("", "a"),
        ] {
            assert!(!Glob::new(pattern).matches(path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_folder_is_entered_where_something_in_it_may_match() {
        for (pattern, folder) in [
            ("contracts/*.yaml", ""),
            ("contracts/*.yaml", "contracts"),
            ("contracts/*/x.yaml", "contracts/a"),
            ("contracts/**/*.yaml", "contracts/a/b"),
            ("**", "a"),
        ] {
            assert!(
                Glob::new(pattern).may_match_below(folder),
                "{pattern} {folder}"
            );
        }
        for (pattern, folder) in [
            ("contracts/*.yaml", "contracts/a"),
            ("contracts/*.yaml", "other"),
            ("contracts", "contracts"),
        ] {
            assert!(
                !Glob::new(pattern).may_match_below(folder),
                "{pattern} {folder}"
            );
        }
    }

    #[test]
    fn the_base_has_no_pattern() {
        assert_eq!(Glob::new("a/b/*.yaml").base(), "a/b");
        assert_eq!(Glob::new("a/b.yaml").base(), "a");
        assert_eq!(Glob::new("**/b").base(), "");
    }
}
