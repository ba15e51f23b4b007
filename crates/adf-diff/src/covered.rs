//! What is told of a difference: secrets are compared, and never leave the comparison.

use adf_model::secret::{Secrecy, masked};
use serde_json::Value;

use crate::noise::HIDDEN;
use crate::{Path, Step, What};

/// What stands for a secret.
const MASK: &str = "***";

/// A difference without secrets.
pub(crate) struct Covered {
    pub(crate) what: What,
    /// Whether what differs is a secret.
    pub(crate) is_secret: bool,
    /// Whether a secret within what is told differs too.
    pub(crate) other_secret: bool,
}

impl Covered {
    /// What is told of a difference at a place.
    pub(crate) fn of(what: What, at: Secrecy) -> Self {
        let mut covered = Self {
            what: What::Moved { from: 0, to: 0 },
            is_secret: at.is_secret(),
            other_secret: false,
        };
        covered.what = match what {
            What::Added(value) => What::Added(at.masked(&value, MASK)),
            What::Removed(value) => What::Removed(at.masked(&value, MASK)),
            What::Changed { before, after } => covered.changed(&before, &after, at),
            What::Renamed { from, to } => What::Renamed {
                from: text(&from),
                to: text(&to),
            },
            What::Relocated { from, to } => What::Relocated {
                from: text(&from),
                to: text(&to),
            },
            moved @ What::Moved { .. } => moved,
        };
        covered
    }

    fn changed(&mut self, before: &Value, after: &Value, at: Secrecy) -> What {
        let (old, new) = (at.secrets(before), at.secrets(after));
        let (shown_before, shown_after) = (at.masked(before, MASK), at.masked(after, MASK));
        if old != new {
            // What differs only in what is masked is a secret as a whole.
            self.is_secret |= shown_before == shown_after;
            self.other_secret = !(self.is_secret || old.is_empty() || new.is_empty());
        }
        What::Changed {
            before: shown_before,
            after: shown_after,
        }
    }
}

/// A place whose names have no secrets in them.
pub(crate) fn path(steps: &[Step]) -> Path {
    let steps = steps.iter().map(|step| match step {
        Step::Key(key) => Step::Key(text(key)),
        Step::Name(name) => Step::Name(text(name)),
        Step::Index(index) => Step::Index(*index),
    });
    Path(steps.collect())
}

/// A text without the secrets in it.
pub(crate) fn text(text: &str) -> String {
    masked(text, MASK).into_owned()
}

/// Whether two texts are the same but for secrets of which the service gives back stars on one side.
pub(crate) fn is_hidden_by_service(at: Secrecy, before: &Value, after: &Value) -> bool {
    let has_stars = |value: &Value| value.as_str().is_some_and(|text| text.contains(HIDDEN));
    if !(before.is_string() && after.is_string() && (has_stars(before) || has_stars(after))) {
        return false;
    }
    let (old, new) = (at.secrets(before), at.secrets(after));
    old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| old == new || old == HIDDEN || new == HIDDEN)
        && at.masked(before, MASK) == at.masked(after, MASK)
}
