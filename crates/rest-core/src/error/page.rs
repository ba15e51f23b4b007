//! Web pages and redirects in place of an answer: a sign-in page, a gateway's error page, a private link.

use super::shapes::Said;
use super::text::clean;

/// Whether a body is a web page.
pub(super) fn looks_like_html(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&body[..body.len().min(512)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// A page with a success status.
pub(super) fn sign_in(body: &[u8]) -> Said {
    let html = String::from_utf8_lossy(body);
    let title = element(&html, "title")
        .map(|title| format!(" (\"{title}\")"))
        .unwrap_or_default();
    Said {
        code: Some("SignInPage".to_owned()),
        message: format!(
            "the service sent a web page{title} in place of an answer; check the host name, and that the credential is valid there"
        ),
        ..Said::default()
    }
}

/// What a gateway's error page says: its `<pre>`, otherwise its `<title>`.
pub(super) fn gateway(body: &str) -> Option<String> {
    element(body, "pre").or_else(|| element(body, "title"))
}

/// A redirect, which is never followed with a token.
pub(super) fn redirect(location: &str) -> Said {
    if let Some(at) = location.find("private-link-validation-error") {
        let workspace: String = location[at..]
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        return Said {
            code: Some("PRIVATE_LINK_VALIDATION_ERROR".to_owned()),
            message: format!(
                "workspace {workspace} is reached by private link only, and this machine is not on it"
            ),
            ..Said::default()
        };
    }
    let target = clean(location.split(['?', '#']).next().unwrap_or_default());
    Said {
        code: Some("Redirected".to_owned()),
        message: format!(
            "the service redirects to `{target}`; a token is not sent there, check the host name and the credential"
        ),
        ..Said::default()
    }
}

fn element(html: &str, name: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let open = lower.find(&format!("<{name}"))?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find(&format!("</{name}"))?;
    let text = clean(html.get(start..end)?)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    (!text.is_empty()).then_some(text)
}
