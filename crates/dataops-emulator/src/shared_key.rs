//! The Shared Key signature of storage requests ("Authorize with Shared Key", Blob service, 2015-02-21 and later).

use std::cmp::Ordering;

use axum::http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, HeaderName,
    IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE,
};
use axum::http::{Method, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use percent_encoding::percent_decode_str;
use sha2::Sha256;

const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// What a signature is made of.
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a Method,
    pub(crate) uri: &'a Uri,
    /// The path that the caller sent.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

impl Signed<'_> {
    /// Whether `signature` is the one that `key` makes for this request of `account`.
    ///
    /// The documentation sorts headers by their text; the official clients sort as the service does, hyphens last. Both
    /// orders are accepted.
    pub(crate) fn holds(&self, account: &str, key: &[u8], signature: &str) -> bool {
        let Ok(given) = STANDARD.decode(signature) else {
            return false;
        };
        [compare_text, compare_words].into_iter().any(|order| {
            let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else {
                return false;
            };
            mac.chain_update(self.text(account, order))
                .verify_slice(&given)
                .is_ok()
        })
    }

    fn text(&self, account: &str, order: fn(&str, &str) -> Ordering) -> String {
        let mut text = format!("{}\n", self.method);
        let dated = self.headers.contains_key("x-ms-date");
        for name in [
            CONTENT_ENCODING,
            CONTENT_LANGUAGE,
            CONTENT_LENGTH,
            CONTENT_MD5,
            CONTENT_TYPE,
            DATE,
            IF_MODIFIED_SINCE,
            IF_MATCH,
            IF_NONE_MATCH,
            IF_UNMODIFIED_SINCE,
            RANGE,
        ] {
            let value = self.header(name.as_str());
            let empty = (name == CONTENT_LENGTH && value == "0") || (name == DATE && dated);
            text.push_str(if empty { "" } else { &value });
            text.push('\n');
        }
        self.push_own_headers(&mut text, order);
        self.push_resource(&mut text, account);
        text
    }

    fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter();
        let values: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
        values.join(",").trim().to_owned()
    }

    fn push_own_headers(&self, text: &mut String, order: fn(&str, &str) -> Ordering) {
        let mut names: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        names.retain(|name| name.starts_with("x-ms-"));
        names.sort_by(|left, right| order(left, right));
        for name in names {
            text.push_str(&format!("{name}:{}\n", self.header(name)));
        }
    }

    fn push_resource(&self, text: &mut String, account: &str) {
        text.push_str(&format!("/{account}{}", self.path));
        let query = self.uri.query().unwrap_or_default();
        let mut parameters: Vec<(String, String)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decode(name).to_lowercase(), decode(value)))
            .collect();
        parameters.sort();
        let mut last = None;
        for (name, value) in parameters {
            if last.as_ref() == Some(&name) {
                text.push_str(&format!(",{value}"));
            } else {
                text.push_str(&format!("\n{name}:{value}"));
            }
            last = Some(name);
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn compare_text(left: &str, right: &str) -> Ordering {
    left.cmp(right)
}

/// Hyphens do not count, and an underscore comes before everything else.
fn compare_words(left: &str, right: &str) -> Ordering {
    let weights = |name: &str| -> Vec<char> {
        name.chars()
            .filter(|&letter| letter != '-')
            .map(|letter| if letter == '_' { '!' } else { letter })
            .collect()
    };
    weights(left)
        .cmp(&weights(right))
        .then_with(|| right.find('-').cmp(&left.find('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(signed: &Signed<'_>, key: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        let mac = mac.chain_update(signed.text("acct", compare_words));
        STANDARD.encode(mac.finalize().into_bytes())
    }

    #[test]
    fn the_signed_text_follows_the_documentation() {
        let uri: Uri = "/acct/c%20d/b?restype=container&comp=metadata&comp=a%2Fb&timeout=20"
            .parse()
            .unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-length", "0"),
            ("content-type", "text/plain"),
            ("date", "ignored"),
            ("x-ms-version", "2020-04-08"),
            ("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"),
        ] {
            headers.insert(HeaderName::from_static(name), value.parse().unwrap());
        }
        let signed = Signed {
            method: &Method::PUT,
            uri: &uri,
            path: uri.path(),
            headers: &headers,
        };

        assert_eq!(
            signed.text("acct", compare_text),
            "PUT\n\n\n\n\ntext/plain\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2020-04-08\n\
             /acct/acct/c%20d/b\ncomp:a/b,metadata\nrestype:container\ntimeout:20"
        );
    }

    #[test]
    fn a_signature_holds_for_its_request_and_key_only() {
        let uri: Uri = "/acct/c/b".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-meta-a-b", "1".parse().unwrap());
        headers.insert("x-ms-meta-aa", "2".parse().unwrap());
        let get = |method| Signed {
            method,
            uri: &uri,
            path: uri.path(),
            headers: &headers,
        };
        let signature = sign(&get(&Method::GET), b"key");

        assert!(get(&Method::GET).holds("acct", b"key", &signature));
        assert!(!get(&Method::PUT).holds("acct", b"key", &signature));
        assert!(!get(&Method::GET).holds("acct", b"other", &signature));
        assert!(!get(&Method::GET).holds("acct", b"key", "not base64!"));
        assert!(!get(&Method::GET).holds("acct", b"key", ""));
    }
}
