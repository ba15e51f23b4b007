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
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let escaped = (byte == b'%').then(|| hex_pair(bytes.get(at + 1), bytes.get(at + 2)));
        if let Some(Some(value)) = escaped {
            out.push(value);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

fn hex_pair(high: Option<&u8>, low: Option<&u8>) -> Option<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Reads a data URI; without a content type it is ASCII text (RFC 2397).
pub(crate) fn parse_data(uri: &str) -> Option<Binary> {
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
        "" => "text/plain;charset=US-ASCII".to_owned(),
        parameters if parameters.starts_with(';') => format!("text/plain{parameters}"),
        given => given.to_owned(),
    };
    let bytes = if base64.is_some() {
        from_base64(&String::from_utf8_lossy(&decode(data)))?
    } else {
        decode(data)
    };
    Some(Binary::new(content_type, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_escapes_stay() {
        assert_eq!(decode_form("%4a%zz%4%C3%A9+"), "J%zz%4é ".as_bytes());
    }

    #[test]
    fn data_uris_have_default_types() {
        let plain = parse_data("DATA:,a%20b").unwrap();
        let charset = parse_data("data:;charset=utf-8;base64,YQ==").unwrap();

        assert_eq!(
            (plain.text().as_str(), plain.content_type.as_str()),
            ("a b", "text/plain;charset=US-ASCII")
        );
        assert_eq!(
            (charset.text().as_str(), charset.content_type.as_str()),
            ("a", "text/plain;charset=utf-8")
        );
        assert!(parse_data("data:text/plain").is_none());
        assert!(parse_data("é,").is_none());
    }
}
