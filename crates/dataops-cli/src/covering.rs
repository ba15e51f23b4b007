//! Secrets in the files whose lines are shown, whatever the line is shown for.

use std::borrow::Cow;
use std::ops::Range;

use adf_model::Kind;
use adf_model::secret::{Secrecy, secrets_of_text};

/// The places of secrets in the text of a file, which may be no document at all.
pub(crate) fn secrets(path: &str, text: &str) -> Vec<Range<usize>> {
    secrets_of_text(text, secrecy(path))
}

/// What is known of a document by its folder.
fn secrecy(path: &str) -> Secrecy {
    let mut folders = path.rsplit(['/', '\\']).skip(1);
    let kind = folders.find_map(Kind::of_folder);
    kind.map(Secrecy::of).unwrap_or_default()
}

/// A part of a text, which begins at `start`, with `…` in place of each covered piece but for its quotes.
pub(crate) fn uncovered<'t>(part: &'t str, start: usize, covered: &[Range<usize>]) -> Cow<'t, str> {
    let end = start + part.len();
    let mut pieces: Vec<_> = covered
        .iter()
        .map(|bytes| bytes.start.max(start)..bytes.end.min(end))
        .filter(|bytes| bytes.start < bytes.end)
        .collect();
    if pieces.is_empty() {
        return Cow::Borrowed(part);
    }
    pieces.sort_by_key(|bytes| bytes.start);
    let mut shown = String::new();
    let mut at = start;
    for piece in pieces.into_iter().filter(|bytes| bytes.start >= start) {
        if piece.end <= at {
            continue;
        }
        shown.push_str(
            part.get(at - start..piece.start.max(at) - start)
                .unwrap_or_default(),
        );
        shown.push_str("\"…\"");
        at = piece.end;
    }
    shown.push_str(part.get(at - start..).unwrap_or_default());
    Cow::Owned(shown)
}
