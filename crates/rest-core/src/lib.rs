#![doc = include_str!("../README.md")]

mod address;
mod body;
mod call;
mod client;
mod credential;
mod error;
mod gather;
mod loopback;
mod operation;
mod origin;
mod pace;
mod page;
mod retry;
mod segment;
mod wait;

pub use address::{shown_address, shown_path};
pub use call::Call;
pub use client::{Package, RestClient, RestClientOptions};
pub use credential::StaticToken;
pub use error::{
    BodyError, ErrorDetail, OperationError, ServiceError, ServiceErrorExt, clean, reworded,
};
pub use gather::gather;
pub use loopback::{Loopback, NotLoopback, is_loopback};
pub use pace::{Bucket, Pace};
pub use page::{Listing, Next, Page};
pub use retry::{Retry, Verdict, retry_after};
pub use segment::segment;
pub use wait::{Polled, TimedOut, Wait, poll};
