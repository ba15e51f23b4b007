//! Arguments as PowerShell writes them: `-ResourceGroupName rg`, `-resourcegroupname:rg`.

use std::ffi::OsString;

use clap::error::ErrorKind;

/// Rewrites `-Name value` and `-Name:value` to `--name value` for the names in `known`, without regard to case; other
/// arguments stay as they are. A name may be cut short as long as it is the only one, as in PowerShell.
pub(super) fn translate(
    args: impl IntoIterator<Item = OsString>,
    known: &[(&str, &str)],
) -> Vec<OsString> {
    let mut translated = Vec::new();
    for argument in args {
        let Some(text) = argument.to_str().filter(|text| is_parameter(text)) else {
            translated.push(argument);
            continue;
        };
        let (name, value) = match text[1..].split_once(':') {
            Some((name, value)) => (name, Some(value)),
            None => (&text[1..], None),
        };
        match find(name, known) {
            Some(long) => {
                translated.push(format!("--{long}").into());
                translated.extend(value.map(OsString::from));
            }
            None => translated.push(argument),
        }
    }
    translated
}

/// `-Name`, but neither `--name` nor a short option such as `-p`.
fn is_parameter(text: &str) -> bool {
    text.len() > 3
        && text.starts_with('-')
        && text[1..].starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Names the parameter that nobody knows. Clap reads `-Bogus` as a row of short options and complains of its first letter.
pub(super) fn explain(
    error: clap::Error,
    args: &[OsString],
    known: &[(&str, &str)],
    command: &mut clap::Command,
) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let mut texts = args.iter().skip(1).filter_map(|argument| argument.to_str());
    let unknown = texts.find(|text| {
        let name = text[text.len().min(1)..].split([':', '=']).next();
        is_parameter(text)
            && find(name.unwrap_or_default(), known).is_none()
            && !command
                .get_opts()
                .any(|option| option.get_short() == text.chars().nth(1))
    });
    let Some(unknown) = unknown else {
        return error;
    };
    let names: Vec<_> = known.iter().map(|(name, _)| format!("-{name}")).collect();
    command.error(
        ErrorKind::UnknownArgument,
        format!(
            "there is no parameter `{unknown}`; there are {}",
            names.join(", ")
        ),
    )
}

fn find<'k>(name: &str, known: &[(&str, &'k str)]) -> Option<&'k str> {
    let exact = known
        .iter()
        .find(|(long, _)| long.eq_ignore_ascii_case(name));
    let starts = |long: &str| {
        long.len() > name.len()
            && long.is_char_boundary(name.len())
            && long[..name.len()].eq_ignore_ascii_case(name)
    };
    let mut cut = known.iter().filter(|(long, _)| starts(long));
    match (exact, cut.next(), cut.next()) {
        (Some((_, option)), _, _) | (None, Some((_, option)), None) => Some(option),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[(&str, &str)] = &[
        ("ResourceGroupName", "resource-group"),
        ("PipelineName", "pipeline"),
        ("PipelineId", "id"),
    ];

    fn translated(args: &[&str]) -> Vec<String> {
        let args = args.iter().map(OsString::from);
        translate(args, KNOWN)
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect()
    }

    #[test]
    fn names_are_found_in_any_case_and_cut_short() {
        assert_eq!(
            translated(&["-RESOURCEGROUPNAME", "rg"]),
            ["--resource-group", "rg"]
        );
        assert_eq!(translated(&["-Resource", "rg"]), ["--resource-group", "rg"]);
        assert_eq!(translated(&["-PipelineName:a:b"]), ["--pipeline", "a:b"]);
    }

    #[test]
    fn everything_else_stays() {
        let args = ["--pipeline", "x", "-p", "a=b", "-Pipeline", "-v", "-é"];

        assert_eq!(translated(&args), args);
    }
}
