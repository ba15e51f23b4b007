//! Percent-encoding and data URIs.

use std::fmt::Write;

use crate::value::{Binary, from_base64};

/// Percent-encodes all but letters, digits and `-_.~`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes percent escapes and `+`; broken escapes stay as they are.
pub(crate) fn decode_form(text: &str) -> Vec<u8> {
    decode(&text.replace('+', " "))
}

fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut units = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if let Some(unit) = unit_escape(rest) {
            units.push(unit);
            rest = &rest[6..];
            continue;
        }
        push_units(&mut units, &mut out);
        if let Some(byte) = byte_escape(rest) {
            out.push(byte);
            rest = &rest[3..];
        } else {
            out.push(*first);
            rest = after;
        }
    }
    push_units(&mut units, &mut out);
    out
}

/// `%41`
fn byte_escape(bytes: &[u8]) -> Option<u8> {
    let digits = bytes.strip_prefix(b"%")?.get(..2)?;
    hex(digits).and_then(|value| u8::try_from(value).ok())
}

/// `%u0041`, a UTF-16 code unit
fn unit_escape(bytes: &[u8]) -> Option<u16> {
    hex(bytes.strip_prefix(b"%u")?.get(..4)?)
}

fn push_units(units: &mut Vec<u16>, out: &mut Vec<u8>) {
    out.extend_from_slice(String::from_utf16_lossy(units).as_bytes());
    units.clear();
}

fn hex(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value * 16 + u16::try_from(digit).ok()?)
    })
}

/// A data URI in its parts; without a content type it is text.
pub(crate) struct Data {
    pub(crate) content_type: String,
    pub(crate) content: Content,
}

pub(crate) enum Content {
    /// As it was written, not looked at.
    Base64(String),
    Bytes(Vec<u8>),
}

impl Data {
    /// What it carries; none where the base64 is none.
    pub(crate) fn decoded(self) -> Option<Binary> {
        let bytes = match self.content {
            Content::Base64(text) => from_base64(&text)?,
            Content::Bytes(bytes) => bytes,
        };
        Some(Binary::new(self.content_type, bytes))
    }
}

/// Reads a data URI.
pub(crate) fn parse_data(uri: &str) -> Option<Data> {
    let scheme = uri
        .get(..5)
        .filter(|scheme| scheme.eq_ignore_ascii_case("data:"))?;
    let (head, data) = uri[scheme.len()..].split_once(',')?;
    let base64 = head.len().checked_sub(7).and_then(|at| {
        let tail = head
            .get(at..)
            .filter(|tail| tail.eq_ignore_ascii_case(";base64"))?;
        Some(&head[..head.len() - tail.len()])
    });
    let content_type = match base64.unwrap_or(head) {
        "" => "text/plain".to_owned(),
        parameters if parameters.starts_with(';') => format!("text/plain{parameters}"),
        given => given.to_owned(),
    };
    let content = match base64 {
        Some(_) => Content::Base64(String::from_utf8_lossy(&decode(data)).into_owned()),
        None => Content::Bytes(decode_form(data)),
    };
    Some(Data {
        content_type,
        content,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_escapes_stay() {
        assert_eq!(
            decode_form("%4a%zz%4%C3%A9+%ud83d%ude00%u1"),
            "J%zz%4é 😀%u1".as_bytes()
        );
    }

    #[test]
    fn data_uris_have_default_types() {
        let plain = parse_data("DATA:,a%20b").and_then(Data::decoded).unwrap();
        let charset = parse_data("data:;charset=utf-8;base64,YQ==");
        let charset = charset.and_then(Data::decoded).unwrap();

        assert_eq!(
            (plain.text().as_str(), plain.content_type.as_str()),
            ("a b", "text/plain")
        );
        assert_eq!(
            (charset.text().as_str(), charset.content_type.as_str()),
            ("a", "text/plain;charset=utf-8")
        );
        assert!(parse_data("data:text/plain").is_none());
        assert!(parse_data("é,").is_none());
    }
}
