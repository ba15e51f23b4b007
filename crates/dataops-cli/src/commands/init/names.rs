//! Names that fit wherever they go: factories, storage accounts, stages and variables of pipelines.

use std::path::Path;

use crate::failure::Failure;

/// A storage account is called `stingest` and the environment, in 24 characters.
const LONGEST_ENVIRONMENT: usize = 16;
const LONGEST_SOLUTION: usize = 40;
/// Stages and environments of the pipelines that are called so themselves.
const TAKEN: [&str; 3] = ["build", "local", "records"];
/// Words that YAML, or a system that reads it, takes for something else than a text.
const WORDS: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Reads the name of a solution.
pub(super) fn solution(text: &str) -> Result<String, String> {
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let begins = text.starts_with(|it: char| it.is_ascii_lowercase());
    match begins && text.len() <= LONGEST_SOLUTION && text.chars().all(fits) && !text.ends_with('-')
    {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "a name is a small letter, then small letters, digits and `-`, {LONGEST_SOLUTION} at most"
        )),
    }
}

/// Reads the name of an environment.
pub(super) fn environment(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let begins = text.starts_with(|it: char| it.is_ascii_lowercase());
    match () {
        () if TAKEN.contains(&text) => Err(format!("`{text}` is the name of something else")),
        () if WORDS.contains(&text) => Err(format!(
            "YAML takes `{text}` for something else than a name"
        )),
        () if begins && text.len() <= LONGEST_ENVIRONMENT && text.chars().all(fits) => {
            Ok(text.to_owned())
        }
        () => Err(format!(
            "an environment is a small letter, then small letters and digits, {LONGEST_ENVIRONMENT} at most"
        )),
    }
}

/// Refuses an environment that stands there twice.
pub(super) fn chain(environments: &[String]) -> Result<(), Failure> {
    let mut seen = std::collections::BTreeSet::new();
    match environments.iter().find(|name| !seen.insert(*name)) {
        Some(twice) => Err(Failure::usage(format!("`{twice}` is named twice"))),
        None => Ok(()),
    }
}

/// A name after that of a folder.
pub(super) fn of_folder(dir: &Path) -> Option<String> {
    let absolute = dir
        .canonicalize()
        .or_else(|_| std::path::absolute(dir))
        .ok()?;
    let mut name = String::new();
    for letter in absolute.file_name()?.to_str()?.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => name.push(letter),
            // An accent that stands alone, as macOS writes them.
            '\u{300}'..='\u{36f}' => {}
            other => match spelled(other) {
                Some(letters) => name.push_str(letters),
                None if name.ends_with('-') => {}
                None => name.push('-'),
            },
        }
    }
    let begins = name.trim_start_matches(|it: char| !it.is_ascii_lowercase());
    let short: String = begins.chars().take(LONGEST_SOLUTION).collect();
    solution(short.trim_end_matches('-')).ok()
}

/// A small letter without what only some languages have above, below or across it.
fn spelled(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ä' | 'æ' => "ae",
        'ö' | 'ø' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_everywhere_they_go() {
        for name in ["a", "claims-2", "data-ingestion"] {
            assert_eq!(solution(name).as_deref(), Ok(name));
        }
        for name in ["", "2a", "A", "a_b", "a-", "ä", &"a".repeat(41)] {
            assert!(solution(name).is_err(), "{name}");
        }
        for name in ["qa", "test2"] {
            assert_eq!(environment(name).as_deref(), Ok(name));
        }
        for name in [
            "",
            "local",
            "build",
            "q-a",
            "QA",
            "null",
            "yes",
            "on",
            &"a".repeat(17),
        ] {
            assert!(environment(name).is_err(), "{name}");
        }
        assert_eq!(
            of_folder(Path::new("/x/2 My Claims!")).unwrap(),
            "my-claims"
        );
        for (folder, name) in [
            ("Über Größe", "ueber-groesse"),
            ("U\u{308}ber", "uber"),
            ("données – été", "donnees-ete"),
            ("a__b", "a-b"),
        ] {
            assert_eq!(of_folder(&Path::new("/x").join(folder)).unwrap(), name);
        }
        assert_eq!(of_folder(Path::new("/x/42")), None);
    }
}
