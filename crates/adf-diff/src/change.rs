//! What differs between two documents.

use serde_json::Value;

use crate::Path;
use crate::expression::{self, Expressions};

/// How a place differs. Secrets are masked.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A value that was not there.
    Added(Value),
    /// A value that is no longer there.
    Removed(Value),
    /// Another value.
    Changed {
        /// The value that was there.
        before: Value,
        /// The value that is there now.
        after: Value,
    },
    /// The same element of a list at another place in it.
    Moved {
        /// The place where it was, from 0.
        from: usize,
        /// The place where it is now.
        to: usize,
    },
    /// The same activity in another container.
    Relocated {
        /// Where it was, such as `each › Body`; the pipeline itself is empty.
        from: String,
        /// Where it is now.
        to: String,
    },
    /// The same element of a list under another name.
    Renamed {
        /// The name that it had.
        from: String,
        /// The name that it has.
        to: String,
    },
}

/// A place that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct PropertyChange {
    /// The place, by names rather than numbers.
    pub path: Path,
    /// The JSON pointer in the base's document; none where the place is new.
    pub base: Option<String>,
    /// The JSON pointer in the head's document; none where the place is gone.
    pub head: Option<String>,
    /// How it differs.
    pub what: What,
    /// Whether it means nothing: when it was published, how the service writes it, an order without a meaning.
    pub is_noise: bool,
    /// Whether what differs is a secret.
    pub is_secret: bool,
    /// Whether a secret within what is told is another one too.
    pub other_secret: bool,
    /// Whether it only follows that something else was renamed.
    pub follows_rename: bool,
}

impl PropertyChange {
    /// Both texts as expressions, where one of them is one.
    #[must_use]
    pub fn expressions(&self) -> Option<Expressions> {
        match &self.what {
            What::Changed { before, after } => {
                expression::compare(expression::text(before)?, expression::text(after)?)
            }
            _ => None,
        }
    }

    /// Both texts, where one of them has several lines.
    #[must_use]
    pub fn texts(&self) -> Option<(&str, &str)> {
        let What::Changed { before, after } = &self.what else {
            return None;
        };
        let texts = (expression::text(before)?, expression::text(after)?);
        (texts.0.contains('\n') || texts.1.contains('\n')).then_some(texts)
    }
}
