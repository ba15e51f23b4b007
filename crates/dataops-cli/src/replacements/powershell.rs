//! Arguments as PowerShell writes them: `-ResourceGroupName rg`, `-resourcegroupname:rg`.

use std::ffi::OsString;

use clap::error::ErrorKind;

/// Parameters that every script has, and that say how to talk about the work rather than what it is: with the number of
/// arguments behind them, and what they are called here.
const COMMON: [(&str, usize, Option<&str>); 6] = [
    ("Verbose", 0, Some("--verbose")),
    ("Debug", 0, Some("--verbose")),
    ("ErrorAction", 1, None),
    ("WarningAction", 1, None),
    ("InformationAction", 1, None),
    ("ProgressAction", 1, None),
];

/// Rewrites `-Name value` and `-Name:value` to `--name value` for the names in `known`, without regard to case; other
/// arguments stay as they are. A name may be cut short as long as it is the only one, as in PowerShell.
pub(super) fn translate(
    args: impl IntoIterator<Item = OsString>,
    known: &[(&str, &str)],
) -> Vec<OsString> {
    let mut translated = Vec::new();
    let mut args = args.into_iter();
    while let Some(argument) = args.next() {
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
            None => match common(name) {
                Some((_, values, option)) => {
                    translated.extend(option.map(OsString::from));
                    args.by_ref()
                        .take(values.saturating_sub(usize::from(value.is_some())))
                        .for_each(drop);
                }
                None => translated.push(argument),
            },
        }
    }
    translated
}

fn common(name: &str) -> Option<(&'static str, usize, Option<&'static str>)> {
    let mut all = COMMON.into_iter();
    all.find(|(common, ..)| common.eq_ignore_ascii_case(name))
}

/// `-Name`, cut to two letters at most, but neither `--name` nor a short option such as `-p`.
fn is_parameter(text: &str) -> bool {
    text.len() > 2
        && text.starts_with('-')
        && text[1..].starts_with(|c: char| c.is_ascii_alphabetic())
}

/// Refuses a parameter that nobody knows. Clap would read `-Version` as a row of short options, and do what the first one says.
pub(super) fn refuse_unknown(
    args: &[OsString],
    known: &[(&str, &str)],
    command: &mut clap::Command,
) -> Result<(), clap::Error> {
    let takes_value = |letter: char| {
        command
            .get_opts()
            .any(|option| option.get_short() == Some(letter))
    };
    let mut texts = args.iter().skip(1).filter_map(|argument| argument.to_str());
    let unknown = texts.find(|text| {
        let name = text[text.len().min(1)..].split([':', '=']).next();
        let name = name.unwrap_or_default();
        let is_row = name.chars().all(|letter| letter == 'v' || letter == 'q');
        is_parameter(text)
            && !is_row
            && find(name, known).is_none()
            && common(name).is_none()
            && !name.starts_with(takes_value)
    });
    let Some(unknown) = unknown else {
        return Ok(());
    };
    let names: Vec<_> = known.iter().map(|(name, _)| format!("-{name}")).collect();
    Err(command.error(
        ErrorKind::UnknownArgument,
        format!(
            "there is no parameter `{unknown}`; there are {}",
            names.join(", ")
        ),
    ))
}

/// Puts the names before values that stand alone: the first belongs to the first parameter of `order` that is not given, as in
/// PowerShell.
pub(super) fn named(
    args: Vec<OsString>,
    order: &[(&str, &str)],
    command: &clap::Command,
) -> Vec<OsString> {
    let option = |text: &str| {
        let mut options = command.get_opts();
        match text.strip_prefix("--") {
            Some(long) => options.find(|option| option.get_long() == Some(long)),
            None => {
                let short = text.strip_prefix('-').and_then(one_letter);
                options.find(|option| option.get_short() == short && short.is_some())
            }
        }
    };
    let mut open: Vec<&str> = order.iter().map(|(_, long)| *long).collect();
    let texts = args.iter().filter_map(|argument| argument.to_str());
    let given: Vec<&str> = texts
        .filter_map(|text| option(text.split('=').next().unwrap_or_default())?.get_long())
        .collect();
    open.retain(|long| !given.contains(long));
    let mut open = open.into_iter();
    let mut named = Vec::new();
    let mut args = args.into_iter();
    named.extend(args.next());
    while let Some(argument) = args.next() {
        let text = argument.to_str().unwrap_or("-");
        if text == "--" {
            named.push(argument);
            named.extend(args.by_ref());
        } else if text.starts_with('-') {
            let takes_value = option(text).is_some_and(|it| it.get_action().takes_values());
            named.push(argument);
            if takes_value {
                named.extend(args.next());
            }
        } else {
            named.extend(open.next().map(|long| OsString::from(format!("--{long}"))));
            named.push(argument);
        }
    }
    named
}

fn one_letter(text: &str) -> Option<char> {
    let mut letters = text.chars();
    let first = letters.next();
    first.filter(|_| letters.next().is_none())
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
        assert_eq!(translated(&["-re", "rg"]), ["--resource-group", "rg"]);
        assert_eq!(translated(&["-pi"]), ["-pi"], "two names begin so");
    }

    #[test]
    fn what_every_script_takes_changes_nothing() {
        assert_eq!(
            translated(&["-Verbose", "-ErrorAction", "Stop", "-PipelineName", "p"]),
            ["--verbose", "--pipeline", "p"]
        );
        assert_eq!(translated(&["-erroraction:Stop", "-v"]), ["-v"]);
    }

    #[test]
    fn values_without_names_belong_to_what_is_not_given() {
        let value = |long: &'static str| clap::Arg::new(long).long(long);
        let command = clap::Command::new("x")
            .arg(value("resource-group").short('g'))
            .arg(value("pipeline"))
            .arg(value("id"))
            .arg(value("quiet").short('q').action(clap::ArgAction::SetTrue));
        let named = |args: &[&str]| -> Vec<String> {
            let args = ["x"].iter().chain(args).map(OsString::from).collect();
            let named = super::named(args, KNOWN, &command).into_iter().skip(1);
            named.map(|it| it.into_string().unwrap()).collect()
        };

        assert_eq!(
            named(&["rg", "-q", "p"]),
            ["--resource-group", "rg", "-q", "--pipeline", "p"]
        );
        assert_eq!(
            named(&["p", "-g", "rg", "--id=1", "more"]),
            ["--pipeline", "p", "-g", "rg", "--id=1", "more"]
        );
    }

    #[test]
    fn everything_else_stays() {
        let args = ["--pipeline", "x", "-p", "a=b", "-Pipeline", "-v", "-é"];

        assert_eq!(translated(&args), args);
    }
}
