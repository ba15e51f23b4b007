//! Text of a service, made fit for a terminal and a log.

use std::ops::Range;

/// The longest message that is kept, in characters.
const LONGEST: usize = 4_000;

/// Drops control characters, which could drive a terminal, hides tokens, and cuts what is far too long.
///
/// ```
/// assert_eq!(rest_core::clean("\u{1b}[1mnot signed: SIG=a%2Fb&sp=r"), "[1mnot signed: SIG=[hidden]&sp=r");
/// ```
#[must_use]
pub fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(LONGEST)
        .collect();
    hide(visible.trim())
}

/// Replaces every secret that can be told by its name, by its form, or by the word before it.
fn hide(text: &str) -> String {
    tokens(&named(text))
}

/// What these names stand for, in `sig=…`, `Account Key = …` or `"clientSecret":"…"`; in lower case, without `_` and `-`.
const SECRET_NAMES: [&str; 15] = [
    "sig",
    "signature",
    "accountkey",
    "sharedaccesskey",
    "clientsecret",
    "secret",
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "clientassertion",
    "password",
    "passwd",
    "pwd",
    "apikey",
    "functionskey",
];

/// Hides the values of names, up to where they end: a quoted one at its quote, another one at a separator or a blank.
fn named(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(in_name) {
        let end = rest[start..].find(|c| !in_name(c));
        let end = end.map_or(rest.len(), |length| start + length);
        let (before, after) = rest.split_at(end);
        shown.push_str(before);
        rest = after;
        if is_secret_name(&before[start..], before[..start].chars().next_back())
            && let Some(value) = value_of(after)
        {
            shown.push_str(&after[..value.start]);
            shown.push_str("[hidden]");
            rest = &after[value.end..];
        }
    }
    shown.push_str(rest);
    shown
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

fn is_secret_name(name: &str, before: Option<char>) -> bool {
    // A function's key in an address; elsewhere a code is that of an error.
    if name.eq_ignore_ascii_case("code") {
        return matches!(before, Some('?' | '&'));
    }
    // Behind `%3F` and `%26`, which are `?` and `&`, begins a name.
    let name = match before {
        Some('%') => name.get(2..).unwrap_or_default(),
        _ => name,
    };
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&name.as_str())
}

/// Where the value is behind a name, if one follows: after `=`, or after `:` between quotes.
fn value_of(after: &str) -> Option<Range<usize>> {
    let unquoted = after.trim_start_matches('\\');
    let quoted = unquoted.starts_with(['"', '\'']);
    let sign = unquoted.get(usize::from(quoted)..)?.trim_start_matches(' ');
    let is_sign = sign.starts_with('=') || (quoted && sign.starts_with(':'));
    let value = match sign.get(..3) {
        Some(escaped) if escaped.eq_ignore_ascii_case("%3d") => &sign[3..],
        _ => sign.get(1..).filter(|_| is_sign)?,
    };
    let value = value.trim_start_matches([' ', '\\']);
    let start = after.len() - value.len();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (start, length) = match quote {
        Some(quote) if after[..start].ends_with('\\') => {
            let end = value[1..].find(&format!("\\{quote}"));
            (start + 1, end.unwrap_or(value.len() - 1))
        }
        Some(quote) => (start + 1, end_of_quoted(&value[1..], quote)),
        None => {
            let ends = |c: char| c.is_whitespace() || matches!(c, ';' | '&' | '"' | '\'');
            (start, value.find(ends).unwrap_or(value.len()))
        }
    };
    (length > 0).then(|| start..start + length)
}

/// Where a quoted value ends: at the next quote that is not escaped.
fn end_of_quoted(value: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        if c == quote && !escaped {
            return at;
        }
        escaped = c == '\\' && !escaped;
    }
    value.len()
}

/// Hides tokens, which are known by their form or by the word before them.
fn tokens(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, "");
    while !rest.is_empty() {
        let gap = rest.find(in_token).unwrap_or(rest.len());
        let (between, from_word) = rest.split_at(gap);
        let end = from_word.find(|c| !in_token(c)).unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        shown.push_str(between);
        if is_credential(before, word) {
            shown.push_str("[hidden]");
        } else {
            let parts = word.split('/');
            let parts = parts.map(|part| if is_token(part) { "[hidden]" } else { part });
            shown.push_str(&parts.collect::<Vec<_>>().join("/"));
        }
        (rest, before) = (after, word);
    }
    shown
}

/// The characters of tokens, of base64 and of its percent-encoding.
fn in_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~+/%".contains(c)
}

/// What stands after the name of an authentication scheme, and is no word of a sentence.
fn is_credential(before: &str, word: &str) -> bool {
    let mixed = word.chars().skip(1).any(|c| !c.is_ascii_lowercase());
    (before.eq_ignore_ascii_case("bearer") && word.len() > 15)
        || (before.eq_ignore_ascii_case("basic") && word.len() > 7 && mixed)
}

/// A Databricks personal access token or a JSON web token.
fn is_token(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let databricks = word
        .strip_prefix("dapi")
        .is_some_and(|rest| rest.len() >= 32);
    databricks || (word.starts_with("eyJ") && word.matches('.').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_hidden_in_an_address_that_is_escaped() {
        for text in [
            "/c/x.csv%3Fsv=1&sig=CANARY",
            "/c/x.csv%3Fsig=CANARY&sv=1",
            "/c/x.csv%3Fsv%3D1%26sig%3DCANARY",
            "?SIG=CANARY",
            "%3fSig%3dCANARY",
        ] {
            let shown = clean(text);
            assert!(!shown.contains("CANARY"), "{shown}");
            assert!(shown.contains("[hidden]"), "{shown}");
        }
    }

    #[test]
    fn terminal_commands_and_tokens_are_dropped() {
        assert_eq!(clean("a\u{1b}[31mred\u{7}"), "a[31mred");
        assert_eq!(
            clean("used Bearer abcdefghijklmnopqrstuv here"),
            "used Bearer [hidden] here"
        );
        assert_eq!(
            clean("token eyJhbGciOi.eyJzdWIi.c2ln, expired"),
            "token [hidden], expired"
        );
        assert_eq!(clean("Bearer token missing"), "Bearer token missing");
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        let pat = format!("dapi{}", "0123456789abcdef".repeat(2));
        let token = "eyJhbGciOi.eyJzdWIi.c2ln";
        for (said, shown) in [
            (format!("used\n{pat}\tonce"), "used\n[hidden]\tonce"),
            (
                format!(r#"{{"token":"{token}"}}"#),
                r#"{"token":"[hidden]"}"#,
            ),
            (
                format!("Authorization:Bearer\n{token}"),
                "Authorization:Bearer\n[hidden]",
            ),
            (
                "https://a.test/c?sv=1&sig=ab%2Bcd%3D&se=2".to_owned(),
                "https://a.test/c?sv=1&sig=[hidden]&se=2",
            ),
            (
                "AccountName=a;AccountKey=ab+/cd==;x".to_owned(),
                "AccountName=a;AccountKey=[hidden];x",
            ),
            (
                r#"{"client_secret": "hunter2"}"#.to_owned(),
                r#"{"client_secret": "[hidden]"}"#,
            ),
            (
                "Password=p@ss w; Password = other; Pwd='a;b';User=u".to_owned(),
                "Password=[hidden] w; Password = [hidden]; Pwd='[hidden]';User=u",
            ),
            (
                r#"{"password":"a\"?b","clientSecret" : "cs~1","code":"Denied"}"#.to_owned(),
                r#"{"password":"[hidden]","clientSecret" : "[hidden]","code":"Denied"}"#,
            ),
            (
                r#"body {\"password\":\"a b\"}"#.to_owned(),
                r#"body {\"password\":\"[hidden]\"}"#,
            ),
            (
                "https://h.test/x?code=KEY&refresh_token=r3f code=404".to_owned(),
                "https://h.test/x?code=[hidden]&refresh_token=[hidden] code=404",
            ),
            (
                format!("/signed/{token}/x, Basic dXNlcjpwdw=="),
                "/signed/[hidden]/x, Basic [hidden]==",
            ),
            (
                "Basic authentication is off; Password=".to_owned(),
                "Basic authentication is off; Password=",
            ),
            (
                "wrong password: try again".to_owned(),
                "wrong password: try again",
            ),
            (
                "a signal = 5, ключ — ok".to_owned(),
                "a signal = 5, ключ — ok",
            ),
        ] {
            assert_eq!(clean(&said), shown);
        }
    }
}
