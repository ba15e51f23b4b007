//! What stands where a secret would, and is none.

/// Whether a text is the mask that the service shows in the place of a secret.
pub(super) fn is_mask(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| byte == b'*')
}

/// Whether a text is no secret: nothing, a mask, a variable of a pipeline, or a word for it.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || is_mask(text) {
        return true;
    }
    let enclosed = [
        ("<", ">"),
        ("[", "]"),
        ("{", "}"),
        ("__", "__"),
        ("%", "%"),
        ("#", "#"),
    ];
    if enclosed.iter().any(|(open, close)| {
        text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
    }) {
        return true;
    }
    if ["${", "$(", "{{", "#{", "$["]
        .iter()
        .any(|mark| text.contains(mark))
    {
        return true;
    }
    let first = text.chars().next();
    if text.chars().all(|character| Some(character) == first) {
        return true;
    }
    let lower = text.to_ascii_lowercase();
    let words = [
        "accesstoken",
        "changeme",
        "dummy",
        "fake",
        "na",
        "none",
        "null",
        "password",
        "placeholder",
        "redacted",
        "removed",
        "replaceme",
        "sample",
        "secret",
        "tbd",
        "todo",
        "token",
        "true",
        "false",
        "your",
    ];
    let plain: String = lower.chars().filter(char::is_ascii_alphanumeric).collect();
    words.contains(&plain.as_str()) || plain.starts_with("your") || plain.starts_with("replace")
}

/// Whether a text reads as the name of a secret in a key vault: words in small letters, joined by hyphens.
pub(super) fn is_name_of_secret(text: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text.contains('-') && text.split('-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_variables_are_no_secrets() {
        for text in [
            "",
            " ",
            "*****",
            "<password>",
            "${PASSWORD}",
            "$(pwd)",
            "xxxxxx",
            "changeMe",
            "your-key-here",
            "__PWD__",
            "[parameters('x')]",
            "Password",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        assert!(is_name_of_secret("sql-connection-string") && is_placeholder("N/A"));
        assert!(!is_name_of_secret("hunter-2-hunter") && !is_name_of_secret("secret"));
        for text in ["Tr0ub4dor", "hunter2", "p@ss w0rd"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
