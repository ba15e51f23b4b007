//! Which resources a deployment is about.

mod pattern;
mod selector;

use adf_model::ResourceId;

pub(crate) use pattern::Pattern;
pub use selector::{Selector, SelectorError};

/// Which resources a deployment is about; everything unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; everything where there is none.
    pub only: Vec<Selector>,
    /// None of these, whatever else is said.
    pub except: Vec<Selector>,
}

impl Selection {
    /// Whether everything is meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// Whether a resource in a folder is meant.
    #[must_use]
    pub fn selects(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        let only = self.only.is_empty() || self.only.iter().any(|one| one.matches(id, folder));
        only && !self.leaves_out(id, folder)
    }

    /// Whether a resource in a folder is left out by name.
    #[must_use]
    pub(crate) fn leaves_out(&self, id: &ResourceId, folder: Option<&str>) -> bool {
        self.except.iter().any(|one| one.matches(id, folder))
    }
}
