//! Panics of foreign code that reads foreign bytes: they are caught and told as what is wrong with a file.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Does work; `None` where it panicked.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let outer = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(outer);
    done.ok()
}

/// Whether a panic of this thread is one that is caught, so that a hook need not tell it as a fault of the program.
#[must_use]
pub fn is_caught() -> bool {
    CAUGHT.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_known_as_one_that_is_caught() {
        assert!(!is_caught());
        let within = caught(|| {
            let inner: Option<()> = caught(|| std::panic::resume_unwind(Box::new("damaged")));
            (inner, is_caught())
        });
        assert_eq!(within, Some((None, true)));
        assert!(!is_caught());
    }
}
