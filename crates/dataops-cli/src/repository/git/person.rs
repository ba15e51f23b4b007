//! Who git takes the caller for.

use std::path::Path;
use std::process::{Command, Stdio};

/// The person of git's settings, as commits name one: `user.name <user.email>`. None where there is no git, or it knows nobody.
pub(crate) fn person(folder: &Path) -> Option<String> {
    let answer = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["config", "-z", "--get-regexp", r"^user\.(name|email)$"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    parse(&String::from_utf8_lossy(&answer.stdout))
}

/// What is set later, as in the repository, goes before what is set earlier, as on the machine.
fn parse(settings: &str) -> Option<String> {
    let last = |key: &str| {
        let mut settings = settings.split('\0').rev();
        let value = settings.find_map(|it| it.strip_prefix(key)?.strip_prefix('\n'));
        value.map(str::trim).filter(|value| !value.is_empty())
    };
    match (last("user.name"), last("user.email")) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.or(email).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_name_and_an_address() {
        let both = "user.name\nMachine\0user.email\nada@mail.test\0user.name\nAda Example\0";

        assert_eq!(parse(both).unwrap(), "Ada Example <ada@mail.test>");
        assert_eq!(parse("user.name\nAda\0").unwrap(), "Ada");
        assert_eq!(
            parse("user.name\n\0user.email\na@mail.test\0").unwrap(),
            "a@mail.test"
        );
        assert_eq!(parse(""), None);
    }
}
