//! Formats of text, without regular expressions.

use std::net::Ipv6Addr;

use data_contract::plan::Format;

/// Whether a text is of a format; numbers' formats hold for every text.
pub(super) fn is_of(format: Format, text: &[u8]) -> bool {
    match format {
        Format::Email => is_email(text),
        Format::Uuid => is_uuid(text),
        Format::Uri => is_uri(text),
        Format::Hostname => is_hostname(text),
        Format::Ipv4 => is_ipv4(text),
        Format::Ipv6 => {
            std::str::from_utf8(text).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
        }
        Format::Byte => is_base64(text),
        _ => true,
    }
}

/// `^[^@\s]+@[^@\s]+\.[^@\s]+$`
fn is_email(text: &[u8]) -> bool {
    let mut parts = text.split(|byte| *byte == b'@');
    let (Some(local), Some(domain), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0B;
    !local.is_empty()
        && !text.iter().any(blank)
        && domain.len() > 2
        && domain[1..domain.len() - 1].contains(&b'.')
}

fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_uri(text: &[u8]) -> bool {
    let Some(colon) = text.iter().position(|byte| *byte == b':') else {
        return false;
    };
    let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
    let named = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    let encoded = |place: usize| {
        rest.get(place + 1..place + 3)
            .is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
    };
    named
        && !rest.is_empty()
        && rest.iter().enumerate().all(|(place, byte)| match byte {
            b'%' => encoded(place),
            byte => byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(byte) || !byte.is_ascii(),
        })
}

fn is_hostname(text: &[u8]) -> bool {
    let label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && label[0] != b'-'
            && label[label.len() - 1] != b'-'
    };
    text.len() <= 253 && text.split(|byte| *byte == b'.').all(label)
}

fn is_ipv4(text: &[u8]) -> bool {
    let part = |part: &[u8]| match part {
        [b'0'] => true,
        [b'1'..=b'9', rest @ ..] if rest.len() < 3 && rest.iter().all(u8::is_ascii_digit) => {
            part.iter()
                .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
                < 256
        }
        _ => false,
    };
    text.split(|byte| *byte == b'.').count() == 4 && text.split(|byte| *byte == b'.').all(part)
}

fn is_base64(text: &[u8]) -> bool {
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    text.len().is_multiple_of(4)
        && padding <= 2
        && text[..text.len() - padding]
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_of_a_format_or_not() {
        let cases = [
            (
                Format::Email,
                &["a@b.test", "ü.x+y@b.c.test"][..],
                &[
                    "a",
                    "@b.test",
                    "a@b",
                    "a@.b",
                    "a@b.",
                    "a b@c.test",
                    "a@b@c.d",
                ][..],
            ),
            (
                Format::Uuid,
                &["123e4567-e89b-12d3-A456-426614174000"],
                &[
                    "123e4567e89b12d3a456426614174000",
                    "",
                    "g23e4567-e89b-12d3-a456-426614174000",
                ],
            ),
            (
                Format::Uri,
                &["https://a.test/x?y=%20#z", "urn:isbn:1"],
                &["a.test", "1a:b", "a:", "a:b c", "a:%2"],
            ),
            (
                Format::Hostname,
                &["a", "a-1.b.test"],
                &["", "a..b", "-a", "a_b", "a."],
            ),
            (
                Format::Ipv4,
                &["0.0.0.0", "255.10.1.99"],
                &["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4.5", "1.2.3.x"],
            ),
            (
                Format::Ipv6,
                &["::1", "2001:db8::"],
                &["1.2.3.4", ":::", "12345::"],
            ),
            (
                Format::Byte,
                &["", "YQ==", "YWI="],
                &["YQ=", "Y===", "Y!==", "=YQ="],
            ),
        ];
        for (format, good, bad) in cases {
            for text in good {
                assert!(is_of(format, text.as_bytes()), "{format:?} {text}");
            }
            for text in bad {
                assert!(!is_of(format, text.as_bytes()), "{format:?} {text}");
            }
        }
    }
}
