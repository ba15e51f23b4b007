//! Whether CODEOWNERS says what the file wants: on GitHub, reviewers of paths are its owners.

use serde::Serialize;

/// Where GitHub looks for the file, in this order.
pub const PLACES: [&str; 3] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Who owns a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ownership {
    /// The path, as the file has it.
    pub path: String,
    /// The owners, as GitHub calls them.
    pub owners: Vec<String>,
}

impl Ownership {
    /// The line of CODEOWNERS that says so.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", pattern(&self.path), self.owners.join(" "))
    }
}

/// What is wrong with the owners of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[non_exhaustive]
pub enum Gap {
    /// No line is about the path.
    NoLine {
        /// What it has to say.
        wanted: Ownership,
    },
    /// The line lacks owners.
    Lacks {
        /// What it has to say.
        wanted: Ownership,
        /// The line, from 1.
        line: usize,
        /// Who is missing.
        missing: Vec<String>,
    },
    /// A line further down takes the path over.
    Overridden {
        /// What it has to say.
        wanted: Ownership,
        /// The line that says it, from 1.
        line: usize,
        /// The line that takes it over.
        by: usize,
    },
}

impl Gap {
    /// What the file has to say.
    #[must_use]
    pub fn wanted(&self) -> &Ownership {
        match self {
            Self::NoLine { wanted }
            | Self::Lacks { wanted, .. }
            | Self::Overridden { wanted, .. } => wanted,
        }
    }
}

impl std::fmt::Display for Gap {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoLine { wanted } => write!(out, "no line is about `{}`", pattern(&wanted.path)),
            Self::Lacks { line, missing, .. } => {
                write!(out, "line {line} lacks {}", missing.join(", "))
            }
            Self::Overridden { line, by, .. } => {
                write!(out, "line {by} takes over what line {line} says")
            }
        }
    }
}

/// A line that says something.
struct Line<'t> {
    number: usize,
    pattern: &'t str,
    owners: Vec<&'t str>,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (at, text) in text.lines().enumerate() {
        let said = text.split('#').next().unwrap_or_default();
        let mut words = said.split_whitespace();
        lines.extend(words.next().map(|pattern| Line {
            number: at + 1,
            pattern,
            owners: words.collect(),
        }));
    }
    lines
}

/// What the text of CODEOWNERS lacks of what is wanted; the last line that matches a path counts.
#[must_use]
pub fn gaps(text: &str, wanted: &[Ownership]) -> Vec<Gap> {
    let lines = lines(text);
    wanted.iter().filter_map(|it| gap(&lines, it)).collect()
}

fn gap(lines: &[Line<'_>], wanted: &Ownership) -> Option<Gap> {
    let own = folder(&pattern(&wanted.path)).to_owned();
    let Some(at) = lines.iter().rposition(|line| folder(line.pattern) == own) else {
        return Some(Gap::NoLine {
            wanted: wanted.clone(),
        });
    };
    let (line, below) = (&lines[at], &lines[at + 1..]);
    let has = |name: &str| {
        line.owners
            .iter()
            .any(|owner| owner.eq_ignore_ascii_case(name))
    };
    let missing: Vec<_> = wanted
        .owners
        .iter()
        .filter(|name| !has(name))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Some(Gap::Lacks {
            wanted: wanted.clone(),
            line: line.number,
            missing,
        });
    }
    let over = below.iter().find(|later| covers(later.pattern, &own))?;
    Some(Gap::Overridden {
        wanted: wanted.clone(),
        line: line.number,
        by: over.number,
    })
}

/// How CODEOWNERS writes a path of the file: `/adf/*` means everything below there, which is a folder for it.
fn pattern(path: &str) -> String {
    match path.strip_suffix("/*") {
        Some("") => "*".to_owned(),
        Some(folder) => format!("{folder}/"),
        None => path.to_owned(),
    }
}

/// A pattern without what means everything below.
fn folder(pattern: &str) -> &str {
    let pattern = pattern.strip_suffix("**").unwrap_or(pattern);
    match pattern {
        "*" | "/" | "" => "*",
        other => other.trim_end_matches('/'),
    }
}

/// Whether everything of a folder matches a pattern.
fn covers(pattern: &str, own: &str) -> bool {
    match folder(pattern) {
        "*" => true,
        above => own
            .strip_prefix(above)
            .is_some_and(|rest| rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let of = |path: &str, owners: &[&str]| Ownership {
            path: path.to_owned(),
            owners: owners.iter().map(ToString::to_string).collect(),
        };
        let wanted = [
            of("/adf/linkedService/*", &["@contoso/platform"]),
            of("/notebooks/*", &["@contoso/science", "@ada"]),
            of("*.md", &["@contoso/docs"]),
        ];
        gaps(text, &wanted)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_file_that_says_it_has_no_gaps() {
        let text = "\
# who looks at what
*                    @contoso/all
/adf/                @contoso/data
/adf/linkedService/  @Contoso/Platform   # and nobody else
/notebooks/**        @ada @contoso/science
*.md                 @contoso/docs
";

        assert_eq!(told(text), [""; 0]);
    }

    #[test]
    fn what_lacks_and_what_is_taken_over_is_told() {
        let text = "\
/adf/linkedService/ @contoso/platform
/notebooks/ @contoso/science
/adf/ @contoso/data
";

        assert_eq!(
            told(text),
            [
                "line 3 takes over what line 1 says",
                "line 2 lacks @ada",
                "no line is about `*.md`",
            ]
        );
    }

    #[test]
    fn every_path_is_a_line_that_can_be_written() {
        let line = |path: &str| {
            Ownership {
                path: path.to_owned(),
                owners: vec!["@a".to_owned(), "@b/c".to_owned()],
            }
            .line()
        };

        assert_eq!(line("/adf/*"), "/adf/ @a @b/c");
        assert_eq!(line("/*"), "* @a @b/c");
        assert_eq!(line("/dataops.yaml"), "/dataops.yaml @a @b/c");
    }

    proptest::proptest! {
        #[test]
        fn what_is_told_to_be_written_is_enough(paths in proptest::collection::vec("/[a-c]{1,2}(/[a-c]{1,2})?(/\\*)?", 1..4)) {
            let mut wanted: Vec<_> = paths
                .into_iter()
                .map(|path| Ownership { path, owners: vec!["@a".to_owned()] })
                .collect();
            // Those above come first, as the last that matches counts.
            wanted.sort_by_key(|it| it.path.matches('/').count() - usize::from(it.path.ends_with('*')));
            let text: String = wanted.iter().map(|it| it.line() + "\n").collect();

            proptest::prop_assert_eq!(gaps(&text, &wanted), []);
        }
    }
}
