#![doc = include_str!("../README.md")]

mod bundle;
mod checkout;
mod contents;
mod manifest;
mod seal;
mod solution;
mod write;

pub use bundle::{Bundle, Difference, OpenError};
pub use checkout::{Checkout, CheckoutError};
pub use contents::{Contents, PathError};
pub use manifest::{Digest, Entry, MANIFEST, Manifest, Origin};
pub use seal::Sealed;
pub use solution::{CollectError, Collected, collect};
pub use write::{WriteError, Written};
