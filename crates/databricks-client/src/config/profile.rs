//! `~/.databrickscfg`: profiles in an ini file.

use std::path::{Path, PathBuf};

use super::ConfigError;

/// The profile that is used when none is named; others inherit nothing from it.
const DEFAULT: &str = "DEFAULT";

/// A section that is no profile.
const SETTINGS: &str = "__settings__";

/// A profile of a file; its values may be secrets, so there is no `Debug`.
pub(super) struct Profile {
    pub(super) file: PathBuf,
    pub(super) name: String,
    entries: Vec<(String, String)>,
}

impl Profile {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let entry = self.entries.iter().rev().find(|(name, _)| name == key);
        entry
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

/// Reads the profile `name` of `file`, or the file's default one; without a name, a missing file or profile is none.
pub(super) fn read(file: &Path, name: Option<&str>) -> Result<Option<Profile>, ConfigError> {
    let unreadable = |reason: String| ConfigError::Unreadable {
        file: file.to_owned(),
        reason,
    };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && name.is_none() => {
            return Ok(None);
        }
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let text = String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8".into()))?;
    let sections =
        parse(&text).map_err(|(line, reason)| unreadable(format!("line {line}: {reason}")))?;
    let wanted = match name {
        Some(name) => name.to_owned(),
        None => default_name(&sections).unwrap_or(DEFAULT).to_owned(),
    };
    let by_name = name.is_some() || wanted != DEFAULT;
    let entries: Vec<_> = sections
        .iter()
        .filter(|section| section.name == wanted)
        .collect();
    if (entries.is_empty() || wanted == SETTINGS) && by_name {
        let profiles = sections.iter().map(|section| section.name.clone());
        return Err(ConfigError::NoProfile {
            file: file.to_owned(),
            profile: wanted,
            profiles: profiles.filter(|name| name != SETTINGS).collect(),
        });
    }
    let entries = entries
        .iter()
        .flat_map(|section| section.entries.clone())
        .collect();
    Ok(Some(Profile {
        file: file.to_owned(),
        name: wanted,
        entries,
    }))
}

fn default_name(sections: &[Section]) -> Option<&str> {
    let settings = sections.iter().find(|section| section.name == SETTINGS)?;
    let entry = settings
        .entries
        .iter()
        .find(|(key, _)| key == "default_profile")?;
    Some(entry.1.as_str()).filter(|name| !name.is_empty())
}

#[derive(Debug, PartialEq, Eq)]
struct Section {
    name: String,
    entries: Vec<(String, String)>,
}

/// Reads an ini file; entries before the first section belong to the default profile. A line's text is kept out of errors:
/// it may be a token.
fn parse(text: &str) -> Result<Vec<Section>, (usize, &'static str)> {
    let mut sections = Vec::new();
    let mut section = Section {
        name: DEFAULT.to_owned(),
        entries: Vec::new(),
    };
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = without_comment(line).trim();
        if line.is_empty() {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = rest
                .strip_suffix(']')
                .ok_or((number + 1, "a section must end with `]`"))?;
            let next = Section {
                name: name.trim().to_owned(),
                entries: Vec::new(),
            };
            let before = std::mem::replace(&mut section, next);
            if before.name != DEFAULT || !before.entries.is_empty() {
                sections.push(before);
            }
            continue;
        }
        let (key, value) = line
            .split_once('=')
            .ok_or((number + 1, "expected `key = value`"))?;
        section
            .entries
            .push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    sections.push(section);
    Ok(sections)
}

/// A comment starts with `#` or `;` at the start of a line or after a blank.
fn without_comment(line: &str) -> &str {
    let mut before_is_blank = true;
    for (at, c) in line.char_indices() {
        if before_is_blank && matches!(c, '#' | ';') {
            return &line[..at];
        }
        before_is_blank = c.is_whitespace();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_need_a_blank_before_them() {
        let sections = parse("; first\n[a]\nhost = https://x.test ; mine\ntoken=a#b;c\n").unwrap();

        assert_eq!(
            sections,
            [Section {
                name: "a".into(),
                entries: vec![
                    ("host".into(), "https://x.test".into()),
                    ("token".into(), "a#b;c".into())
                ],
            }]
        );
    }

    #[test]
    fn a_broken_line_is_named_by_number_and_not_shown() {
        assert_eq!(parse("[a]\ndapi0123"), Err((2, "expected `key = value`")));
        assert_eq!(parse("[a\n"), Err((1, "a section must end with `]`")));
    }
}
