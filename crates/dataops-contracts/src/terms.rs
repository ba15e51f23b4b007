//! What a shared access signature allows, and until when: why the storage may have refused it.

use std::fmt;

use azure_core::error::ErrorKind;
use dataops_core::connection::StorageError;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// What stands in a shared access signature beside what makes it a secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    permissions: Option<String>,
}

/// Why the storage refused a shared access signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its time is over.
    Expired(Timestamp),
    /// Its time has not come.
    NotYet(Timestamp),
    /// It does not allow to read and to list; what it allows, by the letters of `sp`.
    Lacks(String),
    /// The service says that it is not the one that the account's key, or a policy, makes.
    Unknown,
}

impl Terms {
    /// Those of a token, with or without `?`. Nothing is kept of what signs it.
    pub(crate) fn of(token: &str) -> Self {
        let mut terms = Self::default();
        let pairs = token.trim_start_matches('?').split('&');
        for (name, value) in pairs.filter_map(|pair| pair.split_once('=')) {
            let value = decoded(value);
            match name {
                "st" => terms.start = time(&value),
                "se" => terms.end = time(&value),
                "sp" => terms.permissions = Some(value),
                _ => {}
            }
        }
        terms
    }

    /// Why the storage refused, where it is the signature.
    pub(crate) fn refused(&self, error: &StorageError, now: Timestamp) -> Option<Refused> {
        let StorageError::Service { source, .. } = error else {
            return None;
        };
        let ErrorKind::HttpResponse {
            status, error_code, ..
        } = source.kind()
        else {
            return None;
        };
        match u16::from(*status) {
            401 | 403 => self.because(error_code.as_deref(), now),
            _ => None,
        }
    }

    fn because(&self, code: Option<&str>, now: Timestamp) -> Option<Refused> {
        if let Some(end) = self.end.filter(|end| *end <= now) {
            return Some(Refused::Expired(end));
        }
        if let Some(start) = self.start.filter(|start| *start > now) {
            return Some(Refused::NotYet(start));
        }
        // Other refusals, such as that of a firewall, are not about what the signature says.
        match code {
            Some("AuthorizationPermissionMismatch") | None => {
                let given = self.permissions.as_ref()?;
                let lacks = ['r', 'l'].iter().any(|letter| !given.contains(*letter));
                lacks.then(|| Refused::Lacks(given.clone()))
            }
            Some("AuthenticationFailed") => Some(Refused::Unknown),
            _ => None,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired(end) => write!(out, "the shared access signature expired at {end}"),
            Self::NotYet(start) => {
                write!(out, "the shared access signature is not valid before {start}")
            }
            Self::Lacks(given) => {
                let names = [('r', "read (r)"), ('l', "list (l)")];
                let lacks = names.iter().filter(|(letter, _)| !given.contains(*letter));
                let lacks: Vec<_> = lacks.map(|(_, name)| *name).collect();
                let lacks = lacks.join(" and to ");
                write!(out, "the shared access signature does not allow to {lacks}; its permissions are `{given}`")
            }
            Self::Unknown => out.write_str("the storage account does not know the shared access signature: it is not complete, or the key or policy that made it is another one now"),
        }
    }
}

impl Refused {
    /// What to do.
    #[must_use]
    pub fn hint(&self, account: &str, container: &str) -> String {
        format!(
            "make another one that reads and lists, by `az storage container generate-sas --account-name {account} --name {container} --permissions rl \
             --expiry TIME --auth-mode login --as-user`, and give it as AZURE_STORAGE_SAS_TOKEN or in the server's `location`; without any, data are \
             read as whoever is signed in"
        )
    }
}

/// A time as signatures have it: to the second, to the minute, or only the day, all in UTC.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let plain = text.trim_end_matches(['Z', 'z']);
    let day = || plain.parse::<Date>().map(DateTime::from);
    let time = match plain.contains('T') {
        true => DateTime::strptime("%Y-%m-%dT%H:%M", plain).ok()?,
        false => day().ok()?,
    };
    TimeZone::UTC.to_timestamp(time).ok()
}

/// A value of a query as text.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        (rest, _) = match (first, escaped) {
            (b'%', Some(byte)) => (&after[2..], bytes.push(byte)),
            (other, _) => (after, bytes.push(*other)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use azure_core::http::StatusCode;

    use super::*;

    fn told(token: &str, status: StatusCode, code: Option<&str>) -> Option<String> {
        let kind = ErrorKind::HttpResponse {
            status,
            error_code: code.map(str::to_owned),
            raw_response: None,
        };
        let error = StorageError::Service {
            container: "data".to_owned(),
            blob: None,
            source: azure_core::Error::with_message(
                kind,
                "Signature not valid in the specified time frame",
            ),
        };
        let now = "2026-03-01T12:00:00Z".parse().unwrap();
        let refused = Terms::of(token).refused(&error, now)?;
        Some(format!("{refused}"))
    }

    fn forbidden(token: &str, code: &str) -> Option<String> {
        told(token, StatusCode::Forbidden, Some(code))
    }

    #[test]
    fn a_signature_whose_time_is_over_is_said_to_have_expired() {
        let expired = "the shared access signature expired at 2026-03-01T12:00:00Z";
        for end in [
            "2026-03-01T12%3A00%3A00Z",
            "2026-03-01T12:00Z",
            "2026-03-01T12:00:00.000Z",
        ] {
            let token = format!("?sv=2022-11-02&sp=rl&st=2026-01-01&se={end}&sig=CANARY");
            assert_eq!(
                forbidden(&token, "AuthenticationFailed").as_deref(),
                Some(expired)
            );
        }
        // The answer to a HEAD has no body, and may have no code.
        assert_eq!(
            told("se=2026-02-28&sig=x", StatusCode::Forbidden, None).as_deref(),
            Some("the shared access signature expired at 2026-02-28T00:00:00Z")
        );
    }

    #[test]
    fn what_else_a_signature_lacks_is_said() {
        let valid = "sp=rl&st=2026-01-01&se=2027-01-01&sig=x";
        let early = valid.replace("2026-01-01", "2026-03-02T01:02:03Z");

        insta::assert_snapshot!(forbidden(&early, "AuthenticationFailed").unwrap(), @"the shared access signature is not valid before 2026-03-02T01:02:03Z");
        insta::assert_snapshot!(forbidden(&valid.replace("rl", "wd"), "AuthorizationPermissionMismatch").unwrap(), @"the shared access signature does not allow to read (r) and to list (l); its permissions are `wd`");
        insta::assert_snapshot!(forbidden(&valid.replace("rl", "rw"), "AuthorizationPermissionMismatch").unwrap(), @"the shared access signature does not allow to list (l); its permissions are `rw`");
        insta::assert_snapshot!(forbidden(valid, "AuthenticationFailed").unwrap(), @"the storage account does not know the shared access signature: it is not complete, or the key or policy that made it is another one now");
    }

    #[test]
    fn what_is_not_about_the_signature_is_not_laid_on_it() {
        let valid = "sp=rl&se=2027-01-01&sig=x";

        assert_eq!(forbidden(valid, "AuthorizationFailure"), None);
        assert_eq!(forbidden(valid, "AuthorizationPermissionMismatch"), None);
        let expired = "sp=rl&se=2025-01-01&sig=x";
        assert_eq!(
            told(expired, StatusCode::NotFound, Some("ContainerNotFound")),
            None
        );
        assert_eq!(
            told(expired, StatusCode::ServiceUnavailable, Some("ServerBusy")),
            None
        );
    }
}
