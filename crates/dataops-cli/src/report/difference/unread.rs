//! The files that could not be read, and of which nothing is known for that.

use crate::repository::Read;

use super::Review;

/// A file that could not be read.
pub(super) struct Unread {
    /// `base` or `head`.
    pub(super) side: &'static str,
    /// The file as it is shown, with the line where it breaks off.
    pub(super) place: String,
    /// What is wrong.
    pub(super) reason: String,
}

impl Review {
    /// Whether something was not compared because it cannot be read.
    pub(crate) fn is_incomplete(&self) -> bool {
        let difference = &self.difference;
        !(difference.unreadable_base.is_empty() && difference.unreadable_head.is_empty())
    }

    /// The files that could not be read, those of the base first.
    pub(super) fn unread(&self) -> Vec<Unread> {
        let difference = &self.difference;
        let sides = [
            ("base", &self.base, &difference.unreadable_base),
            ("head", &self.head, &difference.unreadable_head),
        ];
        let files = sides
            .into_iter()
            .flat_map(|(side, read, paths)| paths.iter().map(move |path| unread(side, read, path)));
        files.collect()
    }
}

fn unread(side: &'static str, read: &Read, path: &str) -> Unread {
    let mut problems = read.repository.problems.iter();
    let problem = problems.find(|problem| problem.path == path);
    let line = problem
        .and_then(|problem| problem.span.as_ref())
        .map(|span| format!(":{}", span.start.line))
        .unwrap_or_default();
    Unread {
        side,
        place: format!("{}{path}{line}", read.prefix),
        reason: problem.map_or_else(String::new, |problem| problem.message.clone()),
    }
}

/// `1 file cannot be read`, if any.
pub(super) fn count(review: &Review) -> Option<String> {
    let difference = &review.difference;
    let base = difference.unreadable_base.iter();
    let head = &difference.unreadable_head;
    // A file that cannot be read on either side is one file.
    let count = base.filter(|path| !head.contains(path)).count() + head.len();
    match count {
        0 => None,
        1 => Some("1 file cannot be read".to_owned()),
        count => Some(format!("{count} files cannot be read")),
    }
}
