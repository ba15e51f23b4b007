//! Keys that a pass gathers, and what for.

use std::sync::{Arc, Mutex, PoisonError};

use super::sheet::Filled;
use crate::kernel::Hit;
use crate::keys::{Bag, Fill, KeySpec, Seek, Verification, VerifyFill, Width};

/// Keys that are gathered in a pass.
pub(crate) struct Keys<'a> {
    pub(crate) spec: KeySpec,
    pub(crate) goal: Goal<'a>,
}

/// What keys are gathered for.
pub(crate) enum Goal<'a> {
    /// To be counted.
    Count(Mutex<Bag>),
    /// To be looked at again.
    Verify(Mutex<Verification>),
    /// For rows of some of them.
    Seek(Seek<'a>),
}

impl Goal<'_> {
    /// Takes keys of a file, whose rows count from `base` on.
    pub(super) fn add(&self, file: usize, base: u64, filled: Filled) {
        match self {
            Self::Count(bag) => {
                let fill = Fill {
                    first: filled.first,
                    second: filled.second,
                    doubtful: filled.doubtful,
                };
                bag.lock().unwrap_or_else(PoisonError::into_inner).add(fill);
            }
            Self::Verify(verification) => {
                let fill = VerifyFill {
                    first: &filled.first,
                    second: &filled.second,
                    values: &filled.values,
                };
                let row = |key: usize| base + filled.rows.get(key).map_or(0, |row| u64::from(*row));
                let verification = verification.lock();
                let mut verification = verification.unwrap_or_else(PoisonError::into_inner);
                verification.add(file, &fill, row);
            }
            Self::Seek(seek) => {
                let mut values = filled.values.into_iter().peekable();
                let hits = (0_u32..).zip(filled.rows).map(|(key, row)| Hit {
                    row: base + u64::from(row),
                    value: values.next_if(|(of, _)| *of == key).map(|(_, value)| value),
                });
                seek.add(file, hits);
            }
        }
    }
}

impl Keys<'_> {
    /// Whether a second hash is needed.
    pub(crate) fn second(&self) -> bool {
        self.spec.width == Width::Double || matches!(self.goal, Goal::Verify(_))
    }

    /// First hashes of keys that are looked at again, in order.
    pub(crate) fn suspects(&self) -> Option<Arc<[u64]>> {
        match &self.goal {
            Goal::Count(_) | Goal::Seek(_) => None,
            Goal::Verify(verification) => {
                let verification = verification.lock().unwrap_or_else(PoisonError::into_inner);
                Some(verification.suspects())
            }
        }
    }

    /// Whether the rows of keys are needed.
    pub(crate) fn rows(&self) -> bool {
        matches!(self.goal, Goal::Verify(_))
    }
}
