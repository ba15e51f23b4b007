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
        for text in ["Tr0ub4dor", "hunter2", "p@ss w0rd"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
