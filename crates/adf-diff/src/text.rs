//! Texts line by line, and the part of a line that differs.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use serde::Serialize;

/// A line of one text or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "text")]
pub enum Line {
    /// It is in both.
    Same(String),
    /// It is in the base only.
    Removed(String),
    /// It is in the head only.
    Added(String),
    /// So many lines that are in both are left out.
    Skipped(usize),
}

/// Two texts line by line, with `context` lines around what differs. Work and memory are about linear in the texts.
#[must_use]
pub fn lines(before: &str, after: &str, context: usize) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (split(before), split(after));
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut lines = Vec::new();
    // The lines of the base that are shown or skipped already.
    let mut shown = 0;
    let mut hunks = diff.hunks().peekable();
    while let Some(hunk) = hunks.next() {
        let removed = range(&hunk.before);
        let start = removed.start.saturating_sub(context).max(shown);
        skip(start - shown, &mut lines);
        lines.extend(
            old[start..removed.start]
                .iter()
                .map(|line| Line::Same((*line).to_owned())),
        );
        lines.extend(
            old[removed.clone()]
                .iter()
                .map(|line| Line::Removed((*line).to_owned())),
        );
        lines.extend(
            new[range(&hunk.after)]
                .iter()
                .map(|line| Line::Added((*line).to_owned())),
        );
        let limit = hunks
            .peek()
            .map_or(old.len(), |next| range(&next.before).start);
        let end = (removed.end + context).min(limit);
        lines.extend(
            old[removed.end..end]
                .iter()
                .map(|line| Line::Same((*line).to_owned())),
        );
        shown = end;
    }
    skip(old.len() - shown, &mut lines);
    lines
}

fn skip(count: usize, lines: &mut Vec<Line>) {
    if count > 0 {
        lines.push(Line::Skipped(count));
    }
}

fn split(text: &str) -> Vec<&str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .collect()
}

fn range(range: &Range<u32>) -> Range<usize> {
    // A text in memory has fewer lines than `usize` counts.
    usize::try_from(range.start).unwrap_or(usize::MAX)
        ..usize::try_from(range.end).unwrap_or(usize::MAX)
}

/// The bytes of each text between what both begin and end with.
#[must_use]
pub fn differing(before: &str, after: &str) -> (Range<usize>, Range<usize>) {
    let pairs = before.chars().zip(after.chars());
    let start: usize = pairs
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one.len_utf8())
        .sum();
    let (one, other) = (&before[start..], &after[start..]);
    let pairs = one.chars().rev().zip(other.chars().rev());
    let end: usize = pairs
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one.len_utf8())
        .sum();
    (start..before.len() - end, start..after.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_context_and_the_rest_is_counted() {
        let before = "a\nb\nc\nd\ne\nf\ng";
        let after = "a\nb\nc\nD\ne\nf\ng\nh";

        let shown: Vec<_> = lines(before, after, 1)
            .into_iter()
            .map(|line| match line {
                Line::Same(text) => format!(" {text}"),
                Line::Removed(text) => format!("-{text}"),
                Line::Added(text) => format!("+{text}"),
                Line::Skipped(count) => format!("~{count}"),
            })
            .collect();

        assert_eq!(shown.join(" "), "~2  c -d +D  e ~1  g +h");
    }

    #[test]
    fn line_ends_of_windows_mean_nothing() {
        assert_eq!(lines("a\r\nb", "a\nb", 3), [Line::Skipped(2)]);
    }

    #[test]
    fn what_differs_lies_between_what_is_common() {
        assert_eq!(differing("input/raw.csv", "input/new.csv"), (6..8, 6..8));
        assert_eq!(differing("aa", "aaa"), (2..2, 2..3));
        assert_eq!(differing("é", "è"), (0..2, 0..2));
    }
}
