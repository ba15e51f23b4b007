//! A first contract from what data are like.

mod profile;

pub use profile::{ColumnProfile, Histogram, Profile};
