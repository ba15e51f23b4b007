#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    reason = "a fake that cannot be set up fails its test"
)]

mod reply;
mod service;

pub use reply::Reply;
pub use service::{Script, Service};
