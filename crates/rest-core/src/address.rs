//! Addresses as they may be shown: who signs in by them, and what their queries say, is nobody else's business.

use std::borrow::Cow;

/// What stands in the place of what is left out.
const MASK: &str = "***";

/// Schemes whose addresses have a container before the `@`.
const OF_CONTAINERS: [&str; 4] = ["abfs", "abfss", "wasb", "wasbs"];

/// A text with stars in its addresses, where they have a user with a password or a token, and a query. A container before the `@`, as in
/// `abfss://CONTAINER@ACCOUNT`, is shown.
///
/// ```
/// use rest_core::shown_address;
///
/// let wheel = "https://bot:hunter2@packages.test/a-1.0.whl?sig=abc#sha256=0a";
/// assert_eq!(shown_address(wheel), "https://***@packages.test/a-1.0.whl?***#sha256=0a");
/// assert_eq!(shown_address("abfss://libs@lake.test/x.jar"), "abfss://libs@lake.test/x.jar");
/// ```
#[must_use]
pub fn shown_address(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, address) = (&rest[..at], &rest[at + 3..]);
        let end = address.find(ends).unwrap_or(address.len());
        // What an address redirects to begins another one.
        let (address, behind) = address.split_at(end);
        shown.push_str(before);
        shown.push_str("://");
        address_without(scheme(before), address, &mut shown);
        rest = behind;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// A whole text that is one address or path, blanks and all.
///
/// ```
/// use rest_core::shown_path;
///
/// assert_eq!(shown_path("dbfs:/jars/x.jar?sig=abc"), "dbfs:/jars/x.jar?***");
/// ```
#[must_use]
pub fn shown_path(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let rest = match text.split_once("://") {
        None => text,
        Some((scheme, address)) => {
            shown.push_str(scheme);
            shown.push_str("://");
            address_without(scheme, address, &mut shown);
            return shown;
        }
    };
    address_without("", rest, &mut shown);
    shown
}

fn ends(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || "\"'`<>".contains(letter)
}

/// The scheme at the end of a text.
fn scheme(before: &str) -> &str {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    &before[before.trim_end_matches(is_part).len()..]
}

/// Appends what is behind the scheme, without the user and the query.
fn address_without(scheme: &str, address: &str, shown: &mut String) {
    let path = address.find(['?', '#']).unwrap_or(address.len());
    let (path, behind) = address.split_at(path);
    let host = match scheme.is_empty() {
        true => path,
        false => without_user(scheme, path, shown),
    };
    shown.push_str(host);
    let fragment = behind.find('#').unwrap_or(behind.len());
    let (query, fragment) = behind.split_at(fragment);
    if !query.is_empty() {
        shown.push('?');
        shown.push_str(if query.len() > 1 { MASK } else { "" });
    }
    shown.push_str(fragment);
}

/// Appends what stands for the user, and gives what is behind it.
fn without_user<'p>(scheme: &str, path: &'p str, shown: &mut String) -> &'p str {
    let authority = path.split('/').next().unwrap_or(path);
    // A password may have a `/` in it that nobody has encoded: what is before it is no host with a port then.
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let goes_on = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| !is_port(port));
    let at = match authority.rfind('@') {
        None if goes_on => path.rfind('@'),
        found => found,
    };
    let Some(at) = at else {
        return path;
    };
    let user = &path[..at];
    let is_container = OF_CONTAINERS
        .iter()
        .any(|it| it.eq_ignore_ascii_case(scheme));
    shown.push_str(match is_container && !user.contains(':') {
        true => user,
        false => MASK,
    });
    &path[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_signs_in_and_queries_are_left_out() {
        for (text, shown) in [
            ("https://u:CANARY@h.test/a.whl", "https://***@h.test/a.whl"),
            (
                "git+https://CANARY@h.test/r.git@v1",
                "git+https://***@h.test/r.git@v1",
            ),
            ("https://u:CAN/ARY@h.test/a", "https://***@h.test/a"),
            (
                "https://h.test:8443/a@1?x=CANARY",
                "https://h.test:8443/a@1?***",
            ),
            (
                "abfss://c@a.test/x.jar?sig=CANARY#f",
                "abfss://c@a.test/x.jar?***#f",
            ),
            ("wasbs://c:CANARY@a.test/x", "wasbs://***@a.test/x"),
            (
                "no `https://h.test/?a=CANARY`, and \"ftp://CANARY@x/\"",
                "no `https://h.test/?***`, and \"ftp://***@x/\"",
            ),
            (
                "https://h.test/?to=https://CANARY@x/?k=CANARY",
                "https://h.test/?***",
            ),
            ("https://h.test/?", "https://h.test/?"),
            (
                "lightgbm==4.5.0; python_version > '3'",
                "lightgbm==4.5.0; python_version > '3'",
            ),
            ("://", "://"),
        ] {
            assert_eq!(shown_address(text), shown);
        }
    }

    #[test]
    fn a_path_is_one_address_blanks_and_all() {
        for (text, shown) in [
            ("/Volumes/a b/x.whl", "/Volumes/a b/x.whl"),
            ("dbfs:/x.egg?sig=CANARY b", "dbfs:/x.egg?***"),
            (
                "https://u:CAN ARY@h/a b.whl?x=1 CANARY",
                "https://***@h/a b.whl?***",
            ),
        ] {
            assert_eq!(shown_path(text), shown);
        }
    }
}
