//! Conditional headers ("Specifying conditional headers for Blob service operations").

use super::disk::{Blob, Disk};
use super::failure::Failure;
use super::request::Call;
use crate::http_date;

const LEASE: &str = "x-ms-lease-id";

fn key(call: &Call) -> String {
    format!("{}/{}", call.container, call.blob)
}

/// Checks the lease of a blob that gets another block.
pub(super) fn of_block(disk: &Disk, call: &Call) -> Result<(), Failure> {
    disk.guard(&key(call), call.header(LEASE))
}

/// What the conditions of a read say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// The caller gets the blob.
    Go,
    /// The caller has it already.
    NotModified,
}

/// Checks the conditions of a read.
pub(super) fn of_read(disk: &Disk, call: &Call, blob: &Blob) -> Result<Reading, Failure> {
    if call.header(LEASE).is_some() {
        disk.guard(&key(call), call.header(LEASE))?;
    }
    written_since(call, blob)?;
    if let Some(known) = call.header("if-none-match") {
        return Ok(match names(known, &blob.etag) {
            true => Reading::NotModified,
            false => Reading::Go,
        });
    }
    let since = call.header("if-modified-since").and_then(http_date::parse);
    Ok(match since {
        Some(since) if blob.modified.unix_timestamp() <= since.unix_timestamp() => {
            Reading::NotModified
        }
        _ => Reading::Go,
    })
}

/// Checks the lease and the conditions of a write over what is there, if anything.
pub(super) fn of_write(disk: &Disk, call: &Call, current: Option<&Blob>) -> Result<(), Failure> {
    disk.guard(&key(call), call.header(LEASE))?;
    let Some(blob) = current else {
        return match call.header("if-match") {
            Some(_) => Err(Failure::ConditionNotMet),
            None => Ok(()),
        };
    };
    written_since(call, blob)?;
    match call.header("if-none-match") {
        Some("*") => Err(Failure::BlobAlreadyExists),
        Some(known) if names(known, &blob.etag) => Err(Failure::ConditionNotMet),
        _ => match call.header("if-modified-since").and_then(http_date::parse) {
            Some(since) if blob.modified.unix_timestamp() <= since.unix_timestamp() => {
                Err(Failure::ConditionNotMet)
            }
            _ => Ok(()),
        },
    }
}

fn written_since(call: &Call, blob: &Blob) -> Result<(), Failure> {
    if call
        .header("if-match")
        .is_some_and(|wanted| !names(wanted, &blob.etag))
    {
        return Err(Failure::ConditionNotMet);
    }
    let limit = call
        .header("if-unmodified-since")
        .and_then(http_date::parse);
    match limit {
        Some(limit) if blob.modified.unix_timestamp() > limit.unix_timestamp() => {
            Err(Failure::ConditionNotMet)
        }
        _ => Ok(()),
    }
}

fn names(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(|one| one.trim().trim_matches('"'))
        .any(|one| one == "*" || one == etag)
}
