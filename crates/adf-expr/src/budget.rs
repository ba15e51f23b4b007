//! How much one evaluation may handle, so that a short expression cannot fill the memory.

use std::cell::Cell;

use serde_json::Value;

use crate::scope::Scope;

/// The most bytes that the arguments of all calls in one string may have together, and that one result may have; several
/// times what the service keeps of an activity's output (4 MB).
pub(crate) const MOST: usize = 32 << 20;

/// What an element counts apart from its text.
const ELEMENT: usize = 16;

/// The evaluation of one string: what it can see, and what it may still handle.
pub(crate) struct Evaluation<'s> {
    pub(crate) scope: &'s dyn Scope,
    left: Cell<usize>,
}

impl<'s> Evaluation<'s> {
    pub(crate) fn new(scope: &'s dyn Scope) -> Self {
        Self {
            scope,
            left: Cell::new(MOST),
        }
    }

    /// Counts a value that is handed on; says whether that was still allowed.
    pub(crate) fn takes(&self, value: &Value) -> bool {
        let left = self.left.get().checked_sub(weight(value));
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// About how many bytes a value has.
pub(crate) fn weight(value: &Value) -> usize {
    ELEMENT
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(weight).sum(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| name.len() + weight(field))
                .sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}
