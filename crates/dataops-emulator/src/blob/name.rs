//! Names of containers and blobs, and which of them can be folders and files.

use super::failure::Failure;

/// Checks a container's name: 3 to 63 lower-case letters, digits and single hyphens.
pub(super) fn check_container(name: &str) -> Result<(), Failure> {
    let refused = |reason| Err(Failure::InvalidResourceName(name.to_owned(), reason));
    let word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    if !(3..=63).contains(&bytes.len()) {
        return refused("a container's name has 3 to 63 characters");
    }
    let ends = bytes.first().is_some_and(|byte| word(*byte))
        && bytes.last().is_some_and(|byte| word(*byte));
    if !ends || name.contains("--") || !bytes.iter().all(|byte| word(*byte) || *byte == b'-') {
        return refused("a container's name has lower-case letters, digits and single hyphens");
    }
    Ok(())
}

/// Checks a blob's name. The service allows more; here a blob is a file, so that it can be mounted as one.
pub(super) fn check_blob(name: &str) -> Result<(), Failure> {
    let refused = |reason| Err(Failure::InvalidResourceName(name.to_owned(), reason));
    if name.is_empty() || name.chars().count() > 1024 {
        return refused("a blob's name has 1 to 1024 characters");
    }
    if name.chars().any(char::is_control) {
        return refused("a control character cannot stand in a file's name");
    }
    if name.contains(['\u{FFFE}', '\u{FFFF}']) {
        return refused("one of its characters cannot stand in a list, which is XML");
    }
    if cfg!(windows) && name.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        return refused("one of its characters cannot stand in a file's name on this system");
    }
    for segment in name.split('/') {
        match segment {
            "" => return refused("the emulator keeps blobs as files, and this has an empty part"),
            "." | ".." => {
                return refused("the emulator keeps blobs as files, and `.` and `..` are none");
            }
            long if long.len() > 255 => {
                return refused("the emulator keeps blobs as files, and a part has over 255 bytes");
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the service could have a blob of a name, such as that of a folder with `/` behind it.
pub(super) fn is_possible(name: &str) -> bool {
    (1..=1024).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_can_be_files_are_taken() {
        for good in ["a", "a/b c.csv", "año/…", "..a", "a..b/c"] {
            assert!(check_blob(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "..",
            "a/../../b",
            "./a",
            "a\0b",
            "a\nb",
            "a\u{FFFF}",
        ] {
            assert!(check_blob(bad).is_err(), "{bad:?}");
        }
        assert!(check_blob(&"a".repeat(256)).is_err());
    }

    #[test]
    fn container_names_follow_the_service() {
        for good in ["abc", "input", "a-b-1"] {
            assert!(check_container(good).is_ok(), "{good}");
        }
        for bad in [
            "ab", "Input", "a--b", "-ab", "ab-", "$root", "a_b", "..", "a.b", "x/../y",
        ] {
            assert!(check_container(bad).is_err(), "{bad}");
        }
        assert!(check_container(&"a".repeat(64)).is_err());
    }
}
