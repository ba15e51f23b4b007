//! Offsets from UTC as the JDK writes them, by letter and how often it stands there.

use super::super::iso::Rest;

/// The offset that is farthest from UTC, in seconds.
const FARTHEST: i64 = 18 * 3600;
const MICROS: i64 = 1_000_000;

/// What stands for UTC itself, and how hours, minutes and seconds follow each other.
struct Form {
    zero: &'static [u8],
    colon: bool,
    minutes: Part,
    seconds: Part,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    No,
    Optional,
    Required,
}

/// Whether so many letters stand for an offset.
pub(super) fn is_known(letter: u8, length: usize) -> bool {
    match letter {
        b'O' => matches!(length, 1 | 4),
        b'V' => length == 2,
        b'z' => length < 5,
        _ => length < 6,
    }
}

/// Reads an offset by `X`, `x`, `Z` or `O`, in microseconds.
pub(super) fn offset(letter: u8, length: usize, rest: &mut Rest<'_>) -> Option<i64> {
    let seconds = match (letter, length) {
        (b'O', 1) => localized(rest, true)?,
        (b'O', _) | (b'Z', 4) => localized(rest, false)?,
        _ => plain(&form(letter, length), rest)?,
    };
    (seconds.abs() <= FARTHEST).then_some(seconds * MICROS)
}

fn form(letter: u8, length: usize) -> Form {
    let colon = matches!(length, 3 | 5) && letter != b'Z' || length == 5;
    let zero: &[u8] = match (letter, length) {
        (b'X', _) | (b'Z', 5) => b"Z",
        (b'x', 1) => b"+00",
        (b'x', 3 | 5) => b"+00:00",
        _ => b"+0000",
    };
    Form {
        zero,
        colon,
        minutes: match (letter, length) {
            (b'Z', _) | (_, 2..) => Part::Required,
            _ => Part::Optional,
        },
        seconds: match (letter, length) {
            (b'Z', 5) | (b'X' | b'x', 4 | 5) => Part::Optional,
            _ => Part::No,
        },
    }
}

/// Zero is looked for first, as the JDK does: `+0030` is no offset of one `x`.
fn plain(form: &Form, rest: &mut Rest<'_>) -> Option<i64> {
    if let Some((zero, behind)) = rest.0.split_at_checked(form.zero.len())
        && zero.eq_ignore_ascii_case(form.zero)
    {
        rest.0 = behind;
        return Some(0);
    }
    let sign = sign(rest)?;
    let hours = i64::from(rest.digits(2, 2)?);
    let minutes = part(rest, form.minutes, form.colon)?;
    let seconds = part(rest, form.seconds, form.colon)?;
    Some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// `GMT`, alone or with an offset behind it, whose parts the short form may leave out.
fn localized(rest: &mut Rest<'_>, short: bool) -> Option<i64> {
    let (name, behind) = rest.0.split_at_checked(3)?;
    if !name.eq_ignore_ascii_case(b"GMT") {
        return None;
    }
    rest.0 = behind;
    let Some(sign) = sign(rest) else {
        return Some(0);
    };
    let (least, minutes) = match short {
        true => (1, Part::Optional),
        false => (2, Part::Required),
    };
    let hours = i64::from(rest.digits(least, 2)?);
    let minutes = part(rest, minutes, true)?;
    let seconds = part(rest, Part::Optional, true)?;
    Some(sign * (hours * 3600 + minutes * 60 + seconds))
}

fn sign(rest: &mut Rest<'_>) -> Option<i64> {
    Some(match rest.one_of(b"+-")? {
        b'-' => -1,
        _ => 1,
    })
}

/// Minutes or seconds: two digits, behind a colon where there is one.
fn part(rest: &mut Rest<'_>, part: Part, colon: bool) -> Option<i64> {
    if part == Part::No {
        return Some(0);
    }
    let mut tried = Rest(rest.0);
    let is_behind = !colon || tried.one_of(b":").is_some();
    let digits = if is_behind { tried.digits(2, 2) } else { None };
    match digits.filter(|value| *value < 60) {
        Some(value) => {
            rest.0 = tried.0;
            Some(i64::from(value))
        }
        None if part == Part::Optional => Some(0),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{TimePattern, Zone};

    /// What `DateTimeFormatter` of JDK 17 makes of texts, letters by letters, in minutes; only those that it reads.
    const JDK: [(&str, &[(&str, i64)]); 19] = [
        (
            "X",
            &[
                ("Z", 0),
                ("z", 0),
                ("+01", 60),
                ("+0130", 90),
                ("-05", -300),
                ("+18", 1080),
                ("+1800", 1080),
                ("+00", 0),
                ("-00", 0),
                ("+0000", 0),
                ("+0030", 30),
            ],
        ),
        ("XX", &BASIC_Z),
        ("XXX", &[("Z", 0), ("z", 0), ("+01:30", 90), ("+00:30", 30)]),
        ("XXXX", &BASIC_Z),
        (
            "XXXXX",
            &[("Z", 0), ("z", 0), ("+01:30", 90), ("+00:30", 30)],
        ),
        (
            "x",
            &[
                ("+01", 60),
                ("+0130", 90),
                ("-05", -300),
                ("+18", 1080),
                ("+1800", 1080),
                ("+00", 0),
                ("-00", 0),
            ],
        ),
        ("xx", &BASIC),
        ("xxx", &[("+01:30", 90), ("+00:30", 30)]),
        ("xxxx", &BASIC),
        ("xxxxx", &[("+01:30", 90), ("+00:30", 30)]),
        ("Z", &BASIC),
        ("ZZ", &BASIC),
        ("ZZZ", &BASIC),
        ("ZZZZ", &[("GMT", 0), ("gmt", 0), ("GMT+01:30", 90)]),
        (
            "ZZZZZ",
            &[("Z", 0), ("z", 0), ("+01:30", 90), ("+00:30", 30)],
        ),
        (
            "O",
            &[
                ("GMT", 0),
                ("gmt", 0),
                ("GMT+1", 60),
                ("GMT+01", 60),
                ("GMT+01:30", 90),
                ("GMT+1:30", 90),
            ],
        ),
        ("OOOO", &[("GMT", 0), ("gmt", 0), ("GMT+01:30", 90)]),
        ("VV", &ZONES),
        ("z", &ZONES),
    ];
    const ZONES: [(&str, i64); 10] = [
        ("Z", 0),
        ("z", 0),
        ("+01:30", 90),
        ("+00:30", 30),
        ("GMT", 0),
        ("gmt", 0),
        ("GMT+01:30", 90),
        ("UTC", 0),
        ("UTC+01:00", 60),
        ("Europe/Berlin", 60),
    ];
    const BASIC: [(&str, i64); 4] = [("+0130", 90), ("+1800", 1080), ("+0000", 0), ("+0030", 30)];
    const BASIC_Z: [(&str, i64); 6] = [
        ("Z", 0),
        ("z", 0),
        ("+0130", 90),
        ("+1800", 1080),
        ("+0000", 0),
        ("+0030", 30),
    ];
    /// All texts that were tried.
    const TEXTS: [&str; 29] = [
        "Z",
        "z",
        "+01",
        "+0130",
        "+01:30",
        "-05",
        "+1",
        "+013",
        "+18",
        "+1801",
        "+1800",
        "+19:00",
        "+18:30",
        "+00",
        "-00",
        "+0000",
        "+0030",
        "+00:30",
        "+01:60",
        "GMT",
        "gmt",
        "GMT+1",
        "GMT+01",
        "GMT+01:30",
        "GMT+1:30",
        "UTC",
        "UTC+01:00",
        "Europe/Berlin",
        "",
    ];

    #[test]
    fn offsets_are_read_as_by_the_jdk() {
        for (letters, read) in JDK {
            let pattern = TimePattern::parse(&format!("yyyy HH:mm{letters}")).unwrap();
            let minutes = |text: &str| {
                let text = format!("1970 00:00{text}");
                let micros = pattern.timestamp(text.as_bytes(), &Zone::UTC)?;
                Some(-micros / 60_000_000)
            };
            for text in TEXTS {
                let of_jdk = read.iter().find(|(known, _)| *known == text);
                assert_eq!(
                    minutes(text),
                    of_jdk.map(|(_, minutes)| *minutes),
                    "{letters} {text}"
                );
            }
            let seconds = matches!(letters, "XXXX" | "xxxx");
            assert_eq!(minutes("+013015").is_some(), seconds, "{letters}");
            let seconds = matches!(letters, "XXXXX" | "xxxxx" | "ZZZZZ" | "VV" | "z");
            assert_eq!(minutes("+01:30:15").is_some(), seconds, "{letters}");
        }
    }

    #[test]
    fn more_letters_than_the_jdk_knows_are_no_pattern() {
        for (letters, known) in [
            ("XXXXXX", false),
            ("xxxxxx", false),
            ("ZZZZZZ", false),
            ("OO", false),
            ("V", false),
            ("VV", true),
            ("zzzz", true),
            ("zzzzz", false),
        ] {
            assert_eq!(TimePattern::parse(letters).is_ok(), known, "{letters}");
        }
    }
}
