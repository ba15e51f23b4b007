//! Keys: whether they repeat, how many there are, and which ones another object has.

mod hash;
mod seek;
mod set;
mod shown;
mod spec;
mod verify;

pub(crate) use hash::{Hasher, Keyed, hash_columns};
pub(crate) use seek::{Seek, Wanted};
pub(crate) use set::{Sorted, beside};
pub(crate) use shown::shown;
pub(crate) use spec::{Bag, Fill, KeySpec, Width, key_specs};
pub(crate) use verify::{Fill as VerifyFill, Verification};
