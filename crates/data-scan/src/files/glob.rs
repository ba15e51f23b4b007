//! Patterns of paths: `*`, `?`, `[ab]`, `{a,b}` within a part, `**` for any parts.

/// A pattern that may hold alternatives, each without them.
#[derive(Clone, Debug)]
pub(super) struct Glob(Vec<Vec<String>>);

/// A pattern may have so many alternatives.
const MOST: usize = 1024;

impl Glob {
    /// Whether a path is a pattern.
    pub(super) fn is_pattern(path: &str) -> bool {
        path.contains(['*', '?', '[', '{'])
    }

    /// Takes a pattern apart.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let mut alternatives = vec![String::new()];
        expand(pattern, &mut alternatives)?;
        let parts = |path: &String| path.split('/').map(str::to_owned).collect();
        Ok(Self(alternatives.iter().map(parts).collect()))
    }

    /// The folder that everything matching is in.
    pub(super) fn folder(pattern: &str) -> &str {
        let first = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
        pattern[..first]
            .rfind('/')
            .map_or("", |slash| &pattern[..=slash])
    }

    /// Whether a path matches, or a folder that it is in does.
    pub(super) fn matches(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        self.0.iter().any(|pattern| {
            let pattern: Vec<&str> = pattern.iter().map(String::as_str).collect();
            (1..=parts.len()).any(|length| parts_match(&pattern, &parts[..length]))
        })
    }
}

fn expand(pattern: &str, alternatives: &mut Vec<String>) -> Result<(), String> {
    let Some(open) = pattern.find('{') else {
        alternatives
            .iter_mut()
            .for_each(|text| text.push_str(pattern));
        return Ok(());
    };
    let (mut depth, mut cuts, mut close) = (0, vec![open], None);
    for (place, letter) in pattern[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 1 => {
                close = Some(open + place);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 1 => cuts.push(open + place),
            _ => {}
        }
    }
    let close = close.ok_or_else(|| format!("`{{` is not closed in `{pattern}`"))?;
    cuts.push(close);
    let before = std::mem::take(alternatives);
    for pair in cuts.windows(2) {
        let mut inner: Vec<String> = before
            .iter()
            .map(|text| format!("{text}{}", &pattern[..open]))
            .collect();
        expand(&pattern[pair[0] + 1..pair[1]], &mut inner)?;
        alternatives.append(&mut inner);
        if alternatives.len() > MOST {
            return Err(format!("`{pattern}` has more than {MOST} alternatives"));
        }
    }
    expand(&pattern[close + 1..], alternatives)
}

/// Each `**` is tried with as few parts as do.
fn parts_match(pattern: &[&str], parts: &[&str]) -> bool {
    let (mut at, mut part) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while part < parts.len() {
        if pattern.get(at) == Some(&"**") {
            back = Some((at, part));
            at += 1;
        } else if pattern
            .get(at)
            .is_some_and(|pattern| part_matches(pattern, parts[part]))
        {
            at += 1;
            part += 1;
        } else if let Some((any, taken)) = back {
            back = Some((any, taken + 1));
            at = any + 1;
            part = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|pattern| *pattern == "**")
}

fn part_matches(pattern: &str, part: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let part: Vec<char> = part.chars().collect();
    let (mut at, mut letter) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while letter < part.len() {
        if pattern.get(at) == Some(&'*') {
            back = Some((at, letter));
            at += 1;
        } else if let Some(next) = one_matches(&pattern, at, part[letter]) {
            at = next;
            letter += 1;
        } else if let Some((any, taken)) = back {
            back = Some((any, taken + 1));
            at = any + 1;
            letter = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

/// Where the pattern goes on after it took a letter.
fn one_matches(pattern: &[char], at: usize, letter: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let close = at
                + 2
                + pattern
                    .get(at + 2..)?
                    .iter()
                    .position(|letter| *letter == ']')?;
            let negated = matches!(pattern[at + 1], '!' | '^');
            let class = &pattern[at + 1 + usize::from(negated)..close];
            let mut found = false;
            let mut place = 0;
            while place < class.len() {
                if class.get(place + 1) == Some(&'-') && place + 2 < class.len() {
                    found |= (class[place]..=class[place + 2]).contains(&letter);
                    place += 3;
                } else {
                    found |= class[place] == letter;
                    place += 1;
                }
            }
            (found != negated).then_some(close + 1)
        }
        other => (*other == letter).then_some(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Glob::new(pattern).unwrap().matches(path)
    }

    #[test]
    fn patterns_match_parts_of_paths() {
        for (pattern, path) in [
            ("a/*.csv", "a/b.csv"),
            ("a/*.csv", "a/b.csv/part-0"),
            ("**/*.csv", "b.csv"),
            ("a/**/c.csv", "a/b/b/c.csv"),
            ("a/{b,c{1,2}}/?.csv", "a/c2/x.csv"),
            ("a/[a-c]x[!0].csv", "a/bx1.csv"),
            ("*a*b*", "xxaxxbxx"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("a/*.csv", "a/b/c.csv"),
            ("a/*.csv", "a/b.csv.gz"),
            ("a/?.csv", "a/xy.csv"),
            ("a/[!b].csv", "a/b.csv"),
            ("*a*b", "xxaxxbxx"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
        assert!(Glob::new("a{b").is_err());
        assert!(Glob::new(&"{a,b}".repeat(20)).is_err());
    }

    #[test]
    fn all_matches_are_below_the_folder_of_a_pattern() {
        assert_eq!(Glob::folder("/data/run=1/*.csv"), "/data/run=1/");
        assert_eq!(Glob::folder("*.csv"), "");
    }
}
