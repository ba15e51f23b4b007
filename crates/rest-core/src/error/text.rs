//! Text of a service, made fit for a terminal and a log.

/// The longest message that is kept, in characters.
const LONGEST: usize = 4_000;

/// Drops control characters, which could drive a terminal, hides tokens, and cuts what is far too long.
pub(crate) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(LONGEST)
        .collect();
    hide(visible.trim())
}

/// Replaces every secret that can be told by its form or by the word before it.
fn hide(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, "");
    while !rest.is_empty() {
        let gap = rest.find(in_word).unwrap_or(rest.len());
        let (between, from_word) = rest.split_at(gap);
        let end = from_word.find(|c| !in_word(c)).unwrap_or(from_word.len());
        let (word, after) = from_word.split_at(end);
        shown.push_str(between);
        shown.push_str(if is_secret(before, between, word) {
            "[hidden]"
        } else {
            word
        });
        (rest, before) = (after, word);
    }
    shown
}

/// The characters of tokens, of base64 and of its percent-encoding.
fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~+/%".contains(c)
}

/// What the value after one of these names is, in `sig=…`, `AccountKey=…` or `"client_secret":"…"`.
const SECRET_NAMES: [&str; 6] = [
    "sig",
    "accountkey",
    "sharedaccesskey",
    "client_secret",
    "access_token",
    "password",
];

fn is_secret(before: &str, between: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let is_value = between == "=" || (between.starts_with('"') && between.contains(':'));
    let named = SECRET_NAMES
        .iter()
        .any(|secret| before.eq_ignore_ascii_case(secret));
    let after_bearer = before.eq_ignore_ascii_case("bearer") && word.len() > 15;
    after_bearer || (is_value && named) || is_token(word)
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
                "AccountName=a;AccountKey=[hidden]==;x",
            ),
            (
                r#"{"client_secret": "hunter2"}"#.to_owned(),
                r#"{"client_secret": "[hidden]"}"#,
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
