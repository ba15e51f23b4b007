#![doc = include_str!("../README.md")]

pub mod aml;
pub mod databricks;
pub mod notebook;

mod adf;
mod auth;
mod blob;
mod control;
mod data_dir;
mod events;
mod faults;
mod host;
mod http_date;
mod openmp;
mod pace;
mod page;
mod private_file;
mod problem;
mod sas;
mod serve;
mod server;
mod service;
mod shared_key;
mod state;
mod storage_account;
mod store;
mod tokens;
mod vault;

pub use data_dir::DataDirError;
pub use server::{Options, Ready, Running, StartError, Stopper, app, start};
pub use state::State;
