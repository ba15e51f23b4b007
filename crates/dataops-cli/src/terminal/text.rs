//! Text that is safe and pleasant to read.

use azure_core::time::Duration;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text from a service, a notebook or a file, unable to drive a terminal or to pass for a command of a CI system.
///
/// Control characters are dropped but for line breaks and tabs, and so are those that turn the direction of writing. `##vso[`
/// and `##[` of Azure Pipelines and a leading `::` of GitHub are broken up.
#[must_use]
pub(crate) fn harmless(text: &str) -> String {
    let visible: String = text.chars().filter(|c| is_shown(*c)).collect();
    without_commands(&visible)
}

/// The same in one line.
#[must_use]
pub(crate) fn one_line(text: &str) -> String {
    harmless(&text.replace(['\n', '\t'], " "))
}

fn is_shown(character: char) -> bool {
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !turns && (!character.is_control() || matches!(character, '\n' | '\t'))
}

/// Text that may be painted, but cannot pass for a command of a CI system.
#[must_use]
pub(crate) fn without_commands(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let line = without_case(line, "##vso", "**vso").replace("##[", "**[");
        match line.trim_start() {
            command if command.starts_with("::") => line.replacen("::", ": :", 1),
            _ => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn without_case(text: &str, from: &str, to: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut kept = String::new();
    let mut at = 0;
    while let Some(found) = lower[at..].find(from) {
        kept.push_str(&text[at..at + found]);
        kept.push_str(to);
        at += found + from.len();
    }
    kept.push_str(&text[at..]);
    kept
}

/// JSON that cannot pass for a command of a CI system or drive a terminal; it means the same.
#[must_use]
pub(crate) fn harmless_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.replace("##", "\\u0023\\u0023").chars() {
        if is_shown(character) {
            text.push(character);
        } else {
            // All that is not shown lies within the basic plane, and in JSON text only within strings.
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        }
    }
    text
}

/// A page of HTML that cannot pass for a command of a CI system or drive a terminal where it is printed; it looks the same.
#[must_use]
pub(crate) fn harmless_page(page: &str) -> String {
    let visible: String = page.chars().filter(|c| is_shown(*c)).collect();
    let lines = visible.split('\n').map(|line| {
        let line = line.replace("##", "&#35;&#35;");
        match line.trim_start() {
            command if command.starts_with("::") => line.replacen("::", "&#58;:", 1),
            _ => line,
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `text` in at most `width` columns, with `…` where something was cut off.
#[must_use]
pub(crate) fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut columns = 0;
    for character in text.chars() {
        columns += character.width().unwrap_or(0);
        if columns >= width {
            break;
        }
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// `text` in just `width` columns.
#[must_use]
pub(crate) fn padded(text: &str, width: usize) -> String {
    let text = shortened(text, width);
    let missing = width.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// `0.4s`, `12.3s`, `2m 05s`, `1h 02m`.
#[must_use]
pub(crate) fn duration(time: Duration) -> String {
    let whole = time.whole_seconds().max(0);
    match whole {
        0..60 => format!("{whole}.{}s", time.subsec_milliseconds().max(0) / 100),
        60..3600 => format!("{}m {:02}s", whole / 60, whole % 60),
        _ => format!("{}h {:02}m", whole / 3600, whole % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relayed_text_cannot_forge_a_command() {
        assert_eq!(
            harmless("a ##VSO[task.complete result=Succeeded;]x"),
            "a **vso[task.complete result=Succeeded;]x"
        );
        assert_eq!(harmless("##[error]no"), "**[error]no");
        assert_eq!(
            harmless("x\n  ::set-output name=a::b"),
            "x\n  : :set-output name=a::b"
        );
        assert_eq!(harmless("a::b"), "a::b");
        assert_eq!(harmless("\u{1b}]0;title\u{7}\rdone"), "]0;titledone");
        assert_eq!(harmless("##v\u{8}so[x]"), "**vso[x]");
    }

    #[test]
    fn durations_are_short() {
        let of = |millis| duration(Duration::milliseconds(millis));

        assert_eq!(
            [of(-5), of(420), of(59_990), of(125_000), of(3_720_000)],
            ["0.0s", "0.4s", "59.9s", "2m 05s", "1h 02m"]
        );
    }

    #[test]
    fn text_that_turns_the_direction_of_writing_is_straightened() {
        assert_eq!(harmless("a\u{202e}b\u{2066}c"), "abc");
        assert_eq!(harmless("שלום"), "שלום");
    }

    #[test]
    fn json_keeps_its_meaning_without_commands() {
        let value =
            serde_json::json!({"a": "###vso[x]\u{9b}2J\u{202e}", "b\\##[error]": "::error::"});

        let text = harmless_json(&value.to_string());

        assert!(!text.contains("##") && text.chars().all(is_shown), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }

    #[test]
    fn columns_are_counted_as_a_terminal_does() {
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("abcd", 4), "abcd");
        assert_eq!(shortened("数据准备", 5), "数据…");
        assert_eq!(padded("数据", 6), "数据  ");
        assert_eq!(shortened("ab", 0), "…");
    }
}
