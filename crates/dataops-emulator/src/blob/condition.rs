//! Conditional headers ("Specifying conditional headers for Blob service operations").

use super::disk::{Blob, Disk};
use super::failure::Failure;
use super::request::Call;
use crate::http_date;

const LEASE: &str = "x-ms-lease-id";
const SOURCE_LEASE: &str = "x-ms-source-lease-id";

/// The names of four conditions.
struct Names {
    is: &'static str,
    is_not: &'static str,
    changed: &'static str,
    unchanged: &'static str,
}

/// On what the request is about.
const OWN: Names = Names {
    is: "if-match",
    is_not: "if-none-match",
    changed: "if-modified-since",
    unchanged: "if-unmodified-since",
};

/// On the source of a copy.
const SOURCE: Names = Names {
    is: "x-ms-source-if-match",
    is_not: "x-ms-source-if-none-match",
    changed: "x-ms-source-if-modified-since",
    unchanged: "x-ms-source-if-unmodified-since",
};

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
    let times = Times::read(call, &OWN)?;
    if !is_as_expected(call, &OWN, &times, blob) {
        return Err(Failure::ConditionNotMet);
    }
    Ok(match is_news(call, &OWN, &times, blob) {
        true => Reading::Go,
        false => Reading::NotModified,
    })
}

/// Checks the lease and the conditions of a write over what is there, if anything.
pub(super) fn of_write(disk: &Disk, call: &Call, current: Option<&Blob>) -> Result<(), Failure> {
    disk.guard(&key(call), call.header(LEASE))?;
    let Some(blob) = current else {
        return match call.header(OWN.is) {
            Some(_) => Err(Failure::ConditionNotMet),
            None => Ok(()),
        };
    };
    let times = Times::read(call, &OWN)?;
    if !is_as_expected(call, &OWN, &times, blob) {
        return Err(Failure::ConditionNotMet);
    }
    match is_news(call, &OWN, &times, blob) {
        true => Ok(()),
        false if call.header(OWN.is_not) == Some("*") => Err(Failure::BlobAlreadyExists),
        false => Err(Failure::ConditionNotMet),
    }
}

/// Checks the conditions of what is done to a blob's lease.
pub(super) fn of_lease(call: &Call, blob: &Blob) -> Result<(), Failure> {
    match holds(call, &OWN, blob)? {
        true => Ok(()),
        false => Err(Failure::ConditionNotMet),
    }
}

/// Checks the lease and the conditions of the source of a copy.
pub(super) fn of_source(disk: &Disk, call: &Call, key: &str, blob: &Blob) -> Result<(), Failure> {
    if let Some(lease) = call.header(SOURCE_LEASE) {
        disk.guard(key, Some(lease))?;
    }
    match holds(call, &SOURCE, blob)? {
        true => Ok(()),
        false => Err(Failure::SourceConditionNotMet),
    }
}

/// Checks the conditions of a change of a container, which are about its time only.
pub(super) fn of_container(call: &Call, modified: i64) -> Result<(), Failure> {
    if call.header(OWN.is).is_some() || call.header(OWN.is_not).is_some() {
        return Err(Failure::ConditionHeadersNotSupported);
    }
    let times = Times::read(call, &OWN)?;
    match times.changed_since(modified) && times.unchanged_since(modified) {
        true => Ok(()),
        false => Err(Failure::ConditionNotMet),
    }
}

fn holds(call: &Call, names: &Names, blob: &Blob) -> Result<bool, Failure> {
    let times = Times::read(call, names)?;
    Ok(is_as_expected(call, names, &times, blob) && is_news(call, names, &times, blob))
}

/// Whether the blob is what the caller knows.
fn is_as_expected(call: &Call, names: &Names, times: &Times, blob: &Blob) -> bool {
    let modified = blob.modified.unix_timestamp();
    let wanted = call.header(names.is);
    wanted.is_none_or(|wanted| has(wanted, &blob.etag)) && times.unchanged_since(modified)
}

/// Whether the blob is something else than the caller has; the entity tag says so better than the time.
fn is_news(call: &Call, names: &Names, times: &Times, blob: &Blob) -> bool {
    match call.header(names.is_not) {
        Some(known) => !has(known, &blob.etag),
        None => times.changed_since(blob.modified.unix_timestamp()),
    }
}

/// The times of a request's conditions, in seconds since 1970.
struct Times {
    changed: Option<i64>,
    unchanged: Option<i64>,
}

impl Times {
    fn read(call: &Call, names: &Names) -> Result<Self, Failure> {
        let moment = |name: &'static str| match call.header(name) {
            None => Ok(None),
            Some(text) => http_date::parse(text)
                .map(|at| Some(at.unix_timestamp()))
                .ok_or(Failure::InvalidHeaderValue(name)),
        };
        Ok(Self {
            changed: moment(names.changed)?,
            unchanged: moment(names.unchanged)?,
        })
    }

    fn changed_since(&self, modified: i64) -> bool {
        self.changed.is_none_or(|since| modified > since)
    }

    fn unchanged_since(&self, modified: i64) -> bool {
        self.unchanged.is_none_or(|since| modified <= since)
    }
}

/// Whether a list names an entity tag.
fn has(list: &str, etag: &str) -> bool {
    list.split(',')
        .map(|one| one.trim().trim_matches('"'))
        .any(|one| one == "*" || one == etag)
}
