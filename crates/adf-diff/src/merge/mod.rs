//! Whether two changes of one factory fit together.
//!
//! Git merges lines. Here both changes are merged by what they mean, property by property, and what the result lacks that neither
//! change lacks alone is told, with who has done what.

mod broken;
mod contract;
mod document;
mod found;
mod list;
mod need;
mod repository;
mod verdict;

pub use found::{Fault, Found, Place, Whose};
pub use need::Need;
pub use repository::{Conflict, Merged, merge};
pub use verdict::check;
