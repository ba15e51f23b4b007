//! Text that is safe and pleasant to read.

use azure_core::time::Duration;

/// Text from a service, a notebook or a file, unable to drive a terminal or to pass for a command of a CI system.
///
/// Control characters are dropped but for line breaks and tabs. `##vso[` and `##[` of Azure Pipelines and a leading `::` of
/// GitHub are broken up.
#[must_use]
pub(crate) fn harmless(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let lines = visible.split('\n').map(|line| {
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

/// `0.4s`, `12.3s`, `2m 05s`, `1h 02m`.
#[must_use]
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_seconds_f64().max(0.0);
    let whole = time.whole_seconds().max(0);
    match whole {
        0..60 => format!("{seconds:.1}s"),
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
            [of(-5), of(420), of(59_940), of(125_000), of(3_720_000)],
            ["0.0s", "0.4s", "59.9s", "2m 05s", "1h 02m"]
        );
    }
}
