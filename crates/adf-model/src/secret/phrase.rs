//! Secrets that are known by the words around them, in commands, statements, markup and code. A text is read once for all of them.

use std::ops::Range;

use super::given::{is_made_up, is_value, value_at};
use super::header::has_digit;
use super::name::is_secret_name;
use super::pair::{end_of_quoted, floor};
use super::text::{Secret, SecretKind};

/// The longest part of a text that is looked at around a place.
const AROUND: usize = 256;

/// Calls that give the second text to the name in the first one.
const SETTERS: [&str; 9] = [
    "addheader",
    "config",
    "header",
    "option",
    "put",
    "set",
    "setenv",
    "setproperty",
    "setrequestheader",
];

/// Finds secrets by the words around them.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let look = match byte {
            b'-' => option,
            b'<' => element,
            b'(' => call,
            b'@' => oracle,
            b'B' | b'b' => by,
            b'P' | b'p' => sentence,
            _ => continue,
        };
        if at >= from
            && let Some(secret) = look(text, at)
        {
            from = secret.at.end;
            found.push(secret);
        }
    }
}

/// The option of a command: `--password X`, `-Token 'X'`, and `-u user:X` of curl.
fn option(text: &str, at: usize) -> Option<Secret> {
    let before = text[..at].chars().next_back();
    if !before.is_none_or(|mark| mark.is_whitespace() || "'\"`([,".contains(mark)) {
        return None;
    }
    let name = text[at..].trim_start_matches('-');
    let dashes = text.len() - at - name.len();
    let is_end = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    let name = &name[..name.find(is_end)?];
    let name = at + dashes..at + dashes + name.len();
    if dashes > 2 || name.is_empty() {
        return None;
    }
    let rest = &text[name.end..];
    let given = text.len() - rest.trim_start_matches([' ', '\t']).len();
    let is_user = matches!(&text[name.clone()], "u" | "user");
    if given == name.end || !(is_user || is_secret_name(&text[name.clone()])) {
        return None;
    }
    let mut value = value_at(text, given)?;
    if is_user {
        let head = &text[floor(text, at.saturating_sub(AROUND))..at];
        let user = &text[value.clone()];
        let password = user.split_once(':').map(|(_, password)| password)?;
        let is_id = user
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b':');
        if is_id || !is_value(password) || !head.to_ascii_lowercase().contains("curl") {
            return None;
        }
        value.start = value.end - password.len();
    }
    Some(property(value, Some(name)))
}

/// `<password>X</password>` and `<add key="password" value="X"/>`
fn element(text: &str, at: usize) -> Option<Secret> {
    let rest = &text[at + 1..];
    let part = &rest[..ceil(rest, AROUND)];
    let end = part.find('>')?;
    let tag = &part[..end];
    let name = tag.split([' ', '/']).next()?;
    if name.len() == tag.len() && is_secret_name(name) {
        let start = at + 1 + end + 1;
        let length = text[start..].find('<')?;
        let closing = text[start + length..].strip_prefix("</");
        let is_closed = closing.is_some_and(|closing| closing.starts_with(name));
        let value = start..start + length;
        let name = at + 1..at + 1 + name.len();
        return (is_closed && is_value(&text[value.clone()])).then(|| property(value, Some(name)));
    }
    let attribute = |wanted: &str| {
        let mut parts = tag.match_indices(wanted);
        parts.find_map(|(found, _)| {
            let value = tag[found + wanted.len()..].strip_prefix("=\"")?;
            let start = tag.len() - value.len();
            let is_whole = tag[..found].ends_with(char::is_whitespace);
            is_whole.then_some(start..start + value.find('"')?)
        })
    };
    let is_named = |range: &Range<usize>| is_secret_name(&tag[range.clone()]);
    let names = || ["key", "name"].into_iter().filter_map(attribute);
    let named = names().find(is_named);
    let value = attribute("value").filter(|value| is_value(&tag[value.clone()]))?;
    let shifted = |range: Range<usize>| at + 1 + range.start..at + 1 + range.end;
    (named.is_some() || is_secret_name(name)).then(|| property(shifted(value), named.map(shifted)))
}

/// A call that sets something, such as `spark.conf.set("fs.azure.account.key.x", "X")`.
fn call(text: &str, at: usize) -> Option<Secret> {
    let head = &text[floor(text, at.saturating_sub(AROUND))..at];
    let callee = &head[head
        .trim_end_matches(|letter: char| letter.is_ascii_alphanumeric())
        .len()..];
    if !SETTERS.contains(&callee.to_ascii_lowercase().as_str()) {
        return None;
    }
    let rest = text[at + 1..].trim_start();
    let quote = rest
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    let rest = &rest[1..];
    let start = text.len() - rest.len();
    let part = &rest[..ceil(rest, AROUND)];
    let name = &part[..part.find(quote)?];
    if !is_secret_name(name) {
        return None;
    }
    let value = rest[name.len() + 1..]
        .trim_start()
        .strip_prefix(',')?
        .trim_start();
    let quote = value
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''))?;
    let value = &value[1..];
    let from = text.len() - value.len();
    let value = from..from + end_of_quoted(value, "", quote)?;
    let is_clear = is_value(&text[value.clone()]);
    is_clear.then(|| property(value, Some(start..start + name.len())))
}

/// `jdbc:oracle:thin:user/X@host`
fn oracle(text: &str, at: usize) -> Option<Secret> {
    const DRIVER: &str = "jdbc:oracle:";
    let head = &text[floor(text, at.saturating_sub(AROUND))..at];
    let link = &head[head.rfind(DRIVER)? + DRIVER.len()..];
    let password = link.split_once('/').map(|(_, password)| password)?;
    let value = at - password.len()..at;
    let secret = Secret {
        at: value,
        name: None,
        kind: SecretKind::UserInfo,
    };
    (!password.contains(char::is_whitespace) && is_value(password)).then_some(secret)
}

/// `Basic` and a user and a password in base64, and `identified by 'X'`
fn by(text: &str, at: usize) -> Option<Secret> {
    let begins = |word: &str| {
        let part = text.get(at..at + word.len());
        part.is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    let before = &text[..at];
    if begins("basic ") && !before.ends_with(|letter: char| letter.is_ascii_alphanumeric()) {
        let start = at + "basic ".len();
        let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let length = text[start..]
            .bytes()
            .take_while(|byte| is_base64(byte))
            .count();
        let secret = &text[start..start + length];
        let is_secret = has_digit(secret) || (length >= 8 && secret.ends_with('='));
        return is_secret.then(|| Secret {
            at: start..start + length,
            name: None,
            kind: SecretKind::Header,
        });
    }
    const IDENTIFIED: &str = "identified ";
    let head = &before[floor(before, before.len().saturating_sub(IDENTIFIED.len()))..];
    if !(begins("by ") && head.eq_ignore_ascii_case(IDENTIFIED)) {
        return None;
    }
    let start = text.len() - text[at + "by ".len()..].trim_start().len();
    // Of Oracle; MySQL has a quoted text there.
    let value = value_at(text, start)?;
    Some(property(value, None))
}

/// `the password is X`, where `X` is no word.
fn sentence(text: &str, at: usize) -> Option<Secret> {
    const SAYS: &str = "password is ";
    let part = text.get(at..at + SAYS.len())?;
    if !part.eq_ignore_ascii_case(SAYS) {
        return None;
    }
    let value = value_at(text, at + SAYS.len())?;
    let word = text[value.clone()].trim_end_matches(['.', ',', ';', ')']);
    let name = at..at + "password".len();
    is_made_up(word).then(|| property(value.start..value.start + word.len(), Some(name)))
}

fn property(at: Range<usize>, name: Option<Range<usize>>) -> Secret {
    Secret {
        at,
        name,
        kind: SecretKind::Property,
    }
}

/// The first boundary between characters at or behind `at`, or the end.
fn ceil(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}
