//! The text of a file: unpacked and decoded as its dataset says.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read};

use adf_runtime::{ActivityFailure, ResolvedDataset};
use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use serde_json::Value;

use crate::adf::settings::{is_given, not_emulated};
use crate::adf::storage::{Location, failed, user};
use crate::blob::failure::Failure;
use crate::state::State;

/// The largest text that is read, in bytes; the service limits the result to 4 MB.
const LARGEST: u64 = 64 << 20;

/// Settings that datasets of text files have in common.
pub(super) const SETTINGS: [&str; 5] = [
    "location",
    "encodingName",
    "compression",
    "compressionCodec",
    "compressionLevel",
];

/// How the text of a file is written.
pub(super) struct Coding {
    packing: Packing,
    charset: Charset,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    Plain,
    Gzip,
    Deflate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Charset {
    /// Each byte is the character of that number.
    Latin1,
    /// Seven bits; anything else is unknown.
    Ascii,
    Web(&'static Encoding),
}

impl Coding {
    /// Reads the settings of a dataset.
    pub(super) fn of(dataset: &ResolvedDataset) -> Result<Self, ActivityFailure> {
        let own = &dataset.properties;
        let codec = match &own["compression"] {
            Value::Object(compression) => compression.get("type"),
            _ => None,
        };
        let codec = codec.or(own.get("compressionCodec"));
        Ok(Self {
            packing: packing(codec.unwrap_or(&Value::Null))?,
            charset: charset(&own["encodingName"])?,
        })
    }

    /// The text of a blob, without a byte order mark.
    pub(super) fn read(
        &self,
        state: &State,
        at: &Location,
        name: &str,
    ) -> Result<String, ActivityFailure> {
        let blob = state.blob.blob(&at.container, name);
        let blob = blob.map_err(|failure| failed(&failure))?;
        let file = File::open(blob.path).map_err(|error| failed(&Failure::Io(error)))?;
        let file = BufReader::new(file);
        let bytes = match self.packing {
            Packing::Plain => bounded(file, name)?,
            Packing::Gzip => bounded(MultiGzDecoder::new(file), name)?,
            Packing::Deflate => bounded(DeflateDecoder::new(file), name)?,
        };
        Ok(self.charset.text(&bytes).into_owned())
    }
}

fn bounded(reader: impl Read, name: &str) -> Result<Vec<u8>, ActivityFailure> {
    let mut bytes = Vec::new();
    let read = reader.take(LARGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| user("UserErrorInvalidData", &format!("`{name}`: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        let message = format!("`{name}` has more than {LARGEST} bytes, the most that are read");
        return Err(user("UserErrorLookupTooLarge", &message));
    }
    Ok(bytes)
}

fn packing(codec: &Value) -> Result<Packing, ActivityFailure> {
    if !is_given(codec) {
        return Ok(Packing::Plain);
    }
    match codec.as_str().map(str::to_lowercase).as_deref() {
        Some("gzip") => Ok(Packing::Gzip),
        Some("deflate") => Ok(Packing::Deflate),
        _ => Err(not_emulated(&format!("the compression {codec}"))),
    }
}

fn charset(name: &Value) -> Result<Charset, ActivityFailure> {
    let name = match name {
        Value::Null => return Ok(Charset::Web(UTF_8)),
        Value::String(name) => name.trim(),
        _ => {
            return Err(user(
                "UserErrorInvalidDataset",
                "the encodingName is no text",
            ));
        }
    };
    match name.to_lowercase().as_str() {
        "" | "utf-8 without bom" => Ok(Charset::Web(UTF_8)),
        "iso-8859-1" | "latin1" => Ok(Charset::Latin1),
        "us-ascii" | "ascii" => Ok(Charset::Ascii),
        label => Encoding::for_label_no_replacement(label.as_bytes())
            .map(Charset::Web)
            .ok_or_else(|| not_emulated(&format!("the encodingName `{name}`"))),
    }
}

impl Charset {
    fn text(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Web(encoding) => encoding.decode(bytes).0,
            Self::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Self::Ascii => bytes
                .iter()
                .map(|byte| {
                    if byte.is_ascii() {
                        char::from(*byte)
                    } else {
                        '?'
                    }
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_decoded_as_its_encoding_says() {
        for (name, bytes, text) in [
            (Value::Null, &b"\xef\xbb\xbf\xc3\xa9"[..], "é"),
            (json!("UTF-8"), b"\xc3\xa9\xff", "é\u{fffd}"),
            (json!("UTF-8 without BOM"), b"\xc3\xa9", "é"),
            (json!("ISO-8859-1"), b"\xe9\x80", "é\u{80}"),
            (json!("WINDOWS-1252"), b"\xe9\x80", "é€"),
            (json!("UTF-16"), b"\xff\xfe\xe9\0", "é"),
            (json!("UTF-16"), b"\xe9\0", "é"),
            (json!("UTF-16BE"), b"\0\xe9", "é"),
            (json!("US-ASCII"), b"e\xe9", "e?"),
        ] {
            let charset = charset(&name).unwrap();

            assert_eq!(charset.text(bytes), text, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_name() {
        for (found, name) in [
            (charset(&json!("UTF-32")).map(|_| ()), "`UTF-32`"),
            (charset(&json!("CP875")).map(|_| ()), "`CP875`"),
            (packing(&json!("ZipDeflate")).map(|_| ()), "\"ZipDeflate\""),
            (packing(&json!("bzip2")).map(|_| ()), "\"bzip2\""),
        ] {
            let told = found.unwrap_err().message;
            assert!(told.contains(name), "{told}");
        }
        assert_eq!(packing(&json!("none")).ok(), Some(Packing::Plain));
        assert_eq!(packing(&json!("GZip")).ok(), Some(Packing::Gzip));
    }
}
