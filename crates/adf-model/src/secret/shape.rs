//! Secrets that are known by how they look.

use super::text::{Secret, SecretKind};

/// How a token begins, which bytes follow, how many at least, and what it is.
struct Shape {
    start: &'static str,
    allowed: fn(u8) -> bool,
    least: usize,
    what: &'static str,
}

/// How a signed token begins: `{"` in base64. Its parts are joined by points, which other texts in base64 have not.
const JWT: &str = "eyJ";

const SHAPES: [Shape; 9] = [
    Shape {
        start: "dapi",
        allowed: is_hex,
        least: 32,
        what: "a token of Databricks",
    },
    Shape {
        start: "ghp_",
        allowed: is_word,
        least: 36,
        what: "a token of GitHub",
    },
    Shape {
        start: "github_pat_",
        allowed: is_word,
        least: 30,
        what: "a token of GitHub",
    },
    Shape {
        start: "AKIA",
        allowed: is_word,
        least: 16,
        what: "an access key of AWS",
    },
    Shape {
        start: JWT,
        allowed: is_base64_url,
        least: 40,
        what: "a signed token",
    },
    Shape {
        start: "xoxb-",
        allowed: is_base64_url,
        least: 20,
        what: "a token of Slack",
    },
    Shape {
        start: "xoxp-",
        allowed: is_base64_url,
        least: 20,
        what: "a token of Slack",
    },
    Shape {
        start: "hooks.slack.com/services/",
        allowed: is_base64_url,
        least: 12,
        what: "a webhook of Slack",
    },
    Shape {
        start: "discord.com/api/webhooks/",
        allowed: is_base64_url,
        least: 12,
        what: "a webhook of Discord",
    },
];

/// The first letters of all shapes.
const FIRST: &[u8] = b"Adeghx";

/// No secret that is known by how it looks is shorter.
pub(super) const SHORTEST: usize = 20;

/// Finds tokens and keys.
pub(super) fn find(text: &str, found: &mut Vec<Secret>) {
    if text.len() < SHORTEST {
        return;
    }
    find_tokens(text, found);
    find_private_keys(text, found);
    find_storage_keys(text, found);
}

/// Looks at each place for all shapes at once: texts are many, and few have any.
fn find_tokens(text: &str, found: &mut Vec<Secret>) {
    let bytes = text.as_bytes();
    // What has been looked at for a shape is not looked at for it again.
    let mut from = [0; SHAPES.len()];
    let firsts = bytes.iter().enumerate();
    for (at, _) in firsts.filter(|(_, byte)| FIRST.contains(byte)) {
        let begins = |shape: &Shape| bytes[at..].starts_with(shape.start.as_bytes());
        for (shape, from) in SHAPES.iter().zip(&mut from) {
            if at < *from || !begins(shape) {
                continue;
            }
            let rest = at + shape.start.len();
            let allowed = bytes[rest..]
                .iter()
                .take_while(|byte| (shape.allowed)(**byte));
            let length = allowed.count();
            *from = rest + length;
            let is_inside = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
            let is_whole = shape.start != JWT || bytes[at..*from].contains(&b'.');
            // Where a webhook is sent to may be seen.
            let start = if shape.start.ends_with('/') { rest } else { at };
            if length >= shape.least && !is_inside && is_whole {
                found.push(Secret {
                    at: start..*from,
                    name: None,
                    kind: SecretKind::Token(shape.what),
                });
            }
        }
    }
}

/// Blocks such as `-----BEGIN RSA PRIVATE KEY-----`, of whatever kind, as far as they go.
fn find_private_keys(text: &str, found: &mut Vec<Secret>) {
    const BEGIN: &str = "-----BEGIN ";
    const END: &str = "-----END";
    let mut has_end = true;
    let mut from = 0;
    for (at, _) in text.match_indices(BEGIN) {
        let label = text[at + BEGIN.len()..].split("-----").next();
        let label = label.unwrap_or_default();
        if at < from || label.len() > 40 || !label.contains("PRIVATE KEY") {
            continue;
        }
        let start = at + BEGIN.len() + label.len();
        let start = start
            + text[start..]
                .bytes()
                .take_while(|byte| *byte == b'-')
                .count();
        let ended = match has_end {
            true => text[start..].find(END),
            false => None,
        };
        has_end = ended.is_some();
        let length = ended.unwrap_or_else(|| {
            let body = text[start..].bytes();
            body.take_while(|byte| is_in_block(*byte)).count()
        });
        let least = if has_end { 1 } else { SHORTEST };
        let body = &text[start..start + length];
        let written = body.bytes().filter(u8::is_ascii_alphanumeric).count();
        if written >= least {
            from = start + length;
            found.push(Secret {
                at: at..from,
                name: None,
                kind: SecretKind::Token("a private key"),
            });
        }
    }
}

/// 64 bytes in base64, apart from what is around them.
fn find_storage_keys(text: &str, found: &mut Vec<Secret>) {
    const LENGTH: usize = 88;
    let bytes = text.as_bytes();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
    for (end, _) in text.match_indices("==") {
        let end = end + 2;
        let Some(start) = end.checked_sub(LENGTH) else {
            continue;
        };
        let goes_on = bytes
            .get(end)
            .is_some_and(|byte| is_base64(*byte) || *byte == b'=');
        let is_part = goes_on || (start > 0 && is_base64(bytes[start - 1]));
        if !is_part && bytes[start..end - 2].iter().all(|byte| is_base64(*byte)) {
            found.push(Secret {
                at: start..end,
                name: None,
                kind: SecretKind::StorageKey,
            });
        }
    }
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_base64_url(byte: u8) -> bool {
    is_word(byte) || b"-.=%/+".contains(&byte)
}

/// What a PEM block has in it until its end, white space included and as written in JSON within JSON.
fn is_in_block(byte: u8) -> bool {
    is_word(byte) || b"+/=\\ \r\n".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shape_is_shorter_than_the_shortest() {
        for shape in &SHAPES {
            assert!(
                shape.start.len() + shape.least >= SHORTEST,
                "{}",
                shape.what
            );
            assert!(FIRST.contains(&shape.start.as_bytes()[0]), "{}", shape.what);
        }
    }
}
