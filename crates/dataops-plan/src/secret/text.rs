//! Secrets inside of texts: connection strings, signed links, headers.

use super::STARS;

/// The names whose values are secrets, in connection strings and in the queries of links.
const NAMES: [&str; 18] = [
    "accountkey",
    "sharedaccesskey",
    "sharedaccesssignature",
    "sharedsecret",
    "accesskey",
    "password",
    "pwd",
    "accesstoken",
    "access_token",
    "apikey",
    "api-key",
    "api_key",
    "clientsecret",
    "client_secret",
    "client secret",
    "secret",
    "sig",
    "token",
];

/// What a text begins with whose rest is a secret.
const BEGINNINGS: [&str; 4] = ["Bearer ", "Basic ", "SharedAccessSignature ", "token "];

/// The text with stars in the places of its secrets; nothing where it has none.
pub(super) fn masked(text: &str) -> Option<String> {
    if let Some(beginning) = beginning(text) {
        return Some(format!("{beginning}{STARS}"));
    }
    if text.starts_with("dapi") && text.len() > 32 && !text.contains(' ') {
        return Some(STARS.to_owned());
    }
    let mut masked = String::new();
    let mut copied = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find(['=', '@']) {
        let at = from + found;
        from = at + 1;
        if at < copied {
            continue;
        }
        let secret = match text.as_bytes()[at] {
            b'=' => value_of_name(text, at),
            _ => password_of_link(text, at),
        };
        if let Some((start, end)) = secret.filter(|(start, end)| copied <= *start && start < end) {
            masked.push_str(&text[copied..start]);
            masked.push_str(STARS);
            copied = end;
        }
    }
    masked.push_str(&text[copied..]);
    (masked != text || text.contains(STARS)).then_some(masked)
}

/// The beginning of a header; what follows it must look like no expression.
fn beginning(text: &str) -> Option<&str> {
    let length = BEGINNINGS.iter().find_map(|beginning| {
        let head = text.get(..beginning.len())?;
        let is_it = head.eq_ignore_ascii_case(beginning);
        (is_it && text.len() >= beginning.len() + 8 && !text[beginning.len()..].contains(' '))
            .then_some(beginning.len())
    })?;
    text.get(..length)
}

/// The value behind the `=` at `at`, where the name before it is that of a secret.
fn value_of_name(text: &str, at: usize) -> Option<(usize, usize)> {
    let before = &text[..at];
    let start = before
        .rfind([';', '?', '&', '\'', '"', '(', '{', '\n'])
        .map_or(0, |mark| mark + 1);
    let mark = before[..start].chars().next_back();
    let in_link = matches!(mark, Some('?' | '&'));
    let name = before[start..].trim().to_ascii_lowercase();
    let is_secret = NAMES.contains(&name.as_str()) || (in_link && name == "code");
    if !is_secret {
        return None;
    }
    let value = &text[at + 1..];
    // A link ends at white space; what stands in a connection string may hold anything but a semicolon.
    let end = match in_link || name == "sig" {
        true => value.find(['&', ' ', '\'', '"', '#', '\n']),
        false => value.find(';'),
    };
    Some((at + 1, at + 1 + end.unwrap_or(value.len())))
}

/// The password in `scheme://user:password@host`, one of whose `@` is at `at`.
fn password_of_link(text: &str, at: usize) -> Option<(usize, usize)> {
    let user = text[..at].rfind("://")? + 3;
    let rest = &text[user..];
    let end = rest
        .find(['/', '?', ' ', '\'', '"', '\n'])
        .unwrap_or(rest.len());
    // A password may hold an `@`, a host may not.
    let password_end = rest[..end].rfind('@')?;
    let colon = rest[..password_end].find(':')?;
    Some((user + colon + 1, user + password_end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_parts_of_a_text_become_stars() {
        for (text, shown) in [
            (
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=s3cr3t==;EndpointSuffix=x",
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=**********;EndpointSuffix=x",
            ),
            (
                "Server=tcp:s.test;User ID=u;Password=a b&c=d",
                "Server=tcp:s.test;User ID=u;Password=**********",
            ),
            (
                "https://a.blob.test/c?sv=2020&sig=abc%3D&se=1",
                "https://a.blob.test/c?sv=2020&sig=**********&se=1",
            ),
            (
                "https://f.test/api/x?code=abc==",
                "https://f.test/api/x?code=**********",
            ),
            (
                "mongodb://user:pa:ss@host.test/db",
                "mongodb://user:**********@host.test/db",
            ),
            ("amqp://u:a@b:c@host.test", "amqp://u:**********@host.test"),
            ("Bearer eyJhbGciOi", "Bearer **********"),
            ("Password=**********;A=b", "Password=**********;A=b"),
            (
                "@concat('Server=x;Password=', 'hunter2;more')",
                "@concat('Server=x;Password=**********;more')",
            ),
        ] {
            assert_eq!(masked(text).as_deref(), Some(shown), "{text}");
        }
        let token = format!("dapi{}", "0123456789abcdef".repeat(2));
        assert_eq!(masked(&token).as_deref(), Some(STARS));
    }

    #[test]
    fn a_text_without_secrets_stays() {
        for text in [
            "",
            "@pipeline().parameters.password",
            "Server=s;Database=d;Integrated Security=True",
            "https://a.test/x?page=1",
            "user@host.test",
            "https://host.test/@user:name",
            "Basic authentication is used",
            "code=1",
            "a = b; c = d",
            "Password=",
        ] {
            assert_eq!(masked(text), None, "{text}");
        }
    }
}
