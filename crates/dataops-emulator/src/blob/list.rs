//! `List Blobs`: flat or by folder, in pages.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::OffsetDateTime;

use super::disk::{Blob, Copied};
use super::failure::Failure;
use super::lease::Standing;
use super::request::Call;
use super::tags;
use super::xml::Xml;
use super::{Answer, beyond};
use crate::http_date;
use crate::state::State;

const MOST: usize = 5000;

/// How many entries a page may have.
pub(super) fn limit(call: &Call) -> Result<usize, Failure> {
    match call.query("maxresults") {
        None => Ok(MOST),
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => Ok(limit.min(MOST)),
            _ => Err(Failure::OutOfRangeQueryParameterValue("maxresults")),
        },
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Blob(String),
    Prefix(String),
}

impl Entry {
    fn name(&self) -> &str {
        match self {
            Self::Blob(name) | Self::Prefix(name) => name,
        }
    }
}

/// `restype=container&comp=list`.
pub(super) fn blobs(state: &State, call: &Call) -> Answer {
    // What else may be included (snapshots, versions, deleted blobs) does not exist here.
    if included(call, "uncommittedblobs") {
        return Err(beyond::lacking_with(call, "include=uncommittedblobs"));
    }
    let limit = limit(call)?;
    let prefix = call.query("prefix").unwrap_or_default();
    let names = state.blob.names(&call.container, prefix)?;
    let from = marker(call)?;
    let mut entries = entries(names, prefix, call.query("delimiter"))
        .into_iter()
        .skip_while(|entry| entry.name() < from.as_str());
    let mut xml = Xml::new();
    let endpoint = format!("{}/{}", state.endpoint(), state.account);
    xml.open(&format!(
        "EnumerationResults ServiceEndpoint=\"{endpoint}/\" ContainerName=\"{}\"",
        call.container
    ));
    xml.maybe("Prefix", call.query("prefix"));
    xml.maybe("MaxResults", call.query("maxresults"));
    xml.maybe("Delimiter", call.query("delimiter"))
        .open("Blobs");
    for entry in entries.by_ref().take(limit) {
        match entry {
            Entry::Prefix(name) => {
                xml.open("BlobPrefix")
                    .text("Name", &name)
                    .close("BlobPrefix");
            }
            // A file that went away in between is no longer a blob.
            Entry::Blob(name) => {
                if let Ok(blob) = state.blob.blob(&call.container, &name) {
                    let lease = state.blob.lease(&format!("{}/{name}", call.container));
                    describe(&mut xml, call, (&name, &blob), lease);
                }
            }
        }
    }
    xml.close("Blobs");
    let next = entries.next();
    let next = next.map(|entry| URL_SAFE_NO_PAD.encode(entry.name()));
    xml.text("NextMarker", &next.unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(answer(xml))
}

fn marker(call: &Call) -> Result<String, Failure> {
    let Some(text) = call.query("marker") else {
        return Ok(String::new());
    };
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or(Failure::InvalidQueryParameterValue("marker"))
}

/// Blobs, or what their names have up to the delimiter; `names` are in order, so equal prefixes are neighbours.
fn entries(names: Vec<String>, prefix: &str, delimiter: Option<&str>) -> Vec<Entry> {
    let Some(delimiter) = delimiter else {
        return names.into_iter().map(Entry::Blob).collect();
    };
    let mut entries: Vec<_> = names
        .into_iter()
        .map(|name| match name[prefix.len()..].find(delimiter) {
            Some(at) => Entry::Prefix(name[..prefix.len() + at + delimiter.len()].to_owned()),
            None => Entry::Blob(name),
        })
        .collect();
    entries.sort_by(|left, right| left.name().cmp(right.name()));
    entries.dedup();
    entries
}

fn describe(xml: &mut Xml, call: &Call, (name, blob): (&str, &Blob), lease: Standing) {
    let header = |name: &str| blob.properties.headers.get(name).map(String::as_str);
    xml.open("Blob").text("Name", name).open("Properties");
    xml.text("Creation-Time", &http_date::format(blob.created));
    xml.text("Last-Modified", &http_date::format(blob.modified));
    xml.text("Etag", &blob.etag);
    xml.text("Content-Length", &blob.bytes.to_string());
    xml.text(
        "Content-Type",
        header("content-type").unwrap_or("application/octet-stream"),
    );
    xml.text(
        "Content-Encoding",
        header("content-encoding").unwrap_or_default(),
    );
    xml.text(
        "Content-Language",
        header("content-language").unwrap_or_default(),
    );
    xml.text("Content-MD5", header("content-md5").unwrap_or_default());
    xml.text("Cache-Control", header("cache-control").unwrap_or_default());
    xml.maybe("Content-Disposition", header("content-disposition"));
    xml.text("BlobType", "BlockBlob");
    let tier = blob.properties.tier.as_deref();
    xml.text("AccessTier", tier.unwrap_or("Hot"));
    xml.maybe("AccessTierInferred", tier.is_none().then_some("true"));
    xml.text("LeaseStatus", lease.status())
        .text("LeaseState", lease.word());
    if included(call, "copy")
        && let Some(copied) = &blob.properties.copied
    {
        describe_copy(xml, copied, blob.bytes);
    }
    let tags = &blob.properties.tags;
    let count = (!tags.is_empty()).then(|| tags.len().to_string());
    xml.maybe("TagCount", count.as_deref());
    xml.text("ServerEncrypted", "true").close("Properties");
    metadata(xml, call, &blob.properties.metadata);
    if included(call, "tags") && !tags.is_empty() {
        tags::write(xml, tags);
    }
    xml.close("Blob");
}

fn describe_copy(xml: &mut Xml, copied: &Copied, bytes: u64) {
    xml.text("CopyId", &copied.id)
        .text("CopyStatus", "success")
        .text("CopySource", &copied.source)
        .text("CopyProgress", &format!("{bytes}/{bytes}"));
    let ended = OffsetDateTime::from_unix_timestamp(copied.at).ok();
    xml.maybe(
        "CopyCompletionTime",
        ended.map(http_date::format).as_deref(),
    );
}

fn included(call: &Call, what: &str) -> bool {
    let wanted = call.query("include").unwrap_or_default();
    wanted.split(',').any(|part| part == what)
}

/// Metadata, when the caller wants it.
pub(super) fn metadata(xml: &mut Xml, call: &Call, metadata: &BTreeMap<String, String>) {
    if included(call, "metadata") {
        xml.open("Metadata");
        for (name, value) in metadata.iter().filter(|(name, _)| is_xml_name(name)) {
            xml.text(name, value);
        }
        xml.close("Metadata");
    }
}

fn is_xml_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit() || first == '-')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// XML as an answer.
pub(super) fn answer(xml: Xml) -> Response {
    let kind = [("content-type", "application/xml")];
    (StatusCode::OK, kind, xml.finish()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_at_the_delimiter() {
        let names = ["a/1", "a/2", "a/b/3", "a0", "b"]
            .map(str::to_owned)
            .to_vec();
        let shown = |prefix: &str| {
            let names = names.iter().filter(|name| name.starts_with(prefix));
            let entries = entries(names.cloned().collect(), prefix, Some("/"));
            let entries = entries.iter().map(|entry| entry.name().to_owned());
            entries.collect::<Vec<_>>()
        };

        assert_eq!(shown(""), ["a/", "a0", "b"]);
        assert_eq!(shown("a/"), ["a/1", "a/2", "a/b/"]);
        assert_eq!(shown("a"), ["a/", "a0"]);
    }
}
