//! Text of a service, made fit for a terminal and a log.

/// The longest message that is kept, in characters.
const LONGEST: usize = 4_000;

/// Drops control characters, which could drive a terminal, hides tokens, and cuts what is far too long.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .take(LONGEST)
        .collect();
    let mut words = visible
        .trim()
        .split(' ')
        .map(str::to_owned)
        .collect::<Vec<_>>();
    for at in 0..words.len() {
        let after_bearer =
            at > 0 && words[at - 1].eq_ignore_ascii_case("bearer") && words[at].len() > 15;
        if after_bearer || is_token(&words[at]) {
            words[at] = "[hidden]".to_owned();
        }
    }
    words.join(" ")
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
            "token [hidden] expired"
        );
        assert_eq!(clean("Bearer token missing"), "Bearer token missing");
    }
}
