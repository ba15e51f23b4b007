//! What a request may ask for that the emulator lacks. To pass over it would give, write or delete something else.

use super::request::Call;
use crate::problem::Problem;
use crate::service::Service;

/// Parameters that name another version of a blob, or another kind of thing.
const PARAMETERS: [&str; 9] = [
    "action",
    "deletetype",
    "endbefore",
    "prevsnapshot",
    "resource",
    "showonly",
    "snapshot",
    "startfrom",
    "versionid",
];

/// Headers that choose, encrypt, encode or protect.
const HEADERS: [&str; 16] = [
    "x-ms-access-tier-if-modified-since",
    "x-ms-access-tier-if-unmodified-since",
    "x-ms-default-encryption-scope",
    "x-ms-encryption-algorithm",
    "x-ms-encryption-key",
    "x-ms-encryption-key-sha256",
    "x-ms-encryption-scope",
    "x-ms-if-tags",
    "x-ms-immutability-policy-mode",
    "x-ms-immutability-policy-until-date",
    "x-ms-legal-hold",
    "x-ms-seal-blob",
    "x-ms-source-content-crc64",
    "x-ms-source-content-md5",
    "x-ms-source-if-tags",
    "x-ms-structured-body",
];

/// Refuses what would change the meaning of the request.
pub(super) fn refuse(call: &Call) -> Result<(), Problem> {
    let parameter = PARAMETERS
        .into_iter()
        .find_map(|name| Some((name, call.query(name)?)));
    if let Some((name, value)) = parameter {
        return Err(lacking_with(call, &format!("{name}={value}")));
    }
    // Kinds of resources stand in the addresses of accounts and containers only.
    if let (Some(kind), false) = (call.query("restype"), call.blob.is_empty()) {
        return Err(lacking_with(call, &format!("restype={kind}")));
    }
    if let Some(name) = HEADERS
        .into_iter()
        .find(|name| call.headers.contains_key(*name))
    {
        return Err(lacking_header(call, name));
    }
    Ok(())
}

/// The operation is one that the emulator lacks.
pub(super) fn lacking(call: &Call) -> Problem {
    let named = |name: &str| Some(format!("{name}={}", call.query(name)?));
    let told: Vec<String> = ["restype", "comp"].into_iter().filter_map(named).collect();
    match told.is_empty() {
        true => Problem::not_implemented(Service::Blob, &call.method, &call.path),
        false => lacking_with(call, &told.join("&")),
    }
}

/// The operation is there, and what a parameter asks of it is not.
pub(super) fn lacking_with(call: &Call, query: &str) -> Problem {
    let what = format!("{}?{query}", call.path);
    Problem::not_implemented(Service::Blob, &call.method, &what)
}

/// The operation is there, and what a header asks of it is not.
pub(super) fn lacking_header(call: &Call, header: &str) -> Problem {
    let what = match call.header(header) {
        // A key is nobody else's business.
        Some(value) if !header.contains("encryption-key") => {
            format!("{} with the header {header}: {value}", call.path)
        }
        _ => format!("{} with the header {header}", call.path),
    };
    Problem::not_implemented(Service::Blob, &call.method, &what)
}
