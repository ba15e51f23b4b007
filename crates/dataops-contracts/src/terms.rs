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
    services: Option<String>,
    resources: Option<String>,
    addresses: Option<String>,
    protocols: Option<String>,
}

/// Why the storage refused a shared access signature.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// Its time is over.
    Expired(Timestamp),
    /// Its time has not come.
    NotYet(Timestamp),
    /// It does not allow to read and to list; what it allows, by the letters of `sp`.
    Lacks(String),
    /// It is not for the Blob service; the services that it is for, by the letters of `ss`.
    Services(String),
    /// It does not reach containers and blobs; what it reaches, by the letters of `srt`.
    Resources(String),
    /// It is for other addresses, those of `sip`.
    Addresses(String),
    /// It is for another protocol, that of `spr`.
    Protocols(String),
    /// Something else than what it says, by the code of the service.
    Other(Option<String>),
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
                "ss" => terms.services = Some(value),
                "srt" => terms.resources = Some(value),
                "sip" => terms.addresses = Some(value),
                "spr" => terms.protocols = Some(value),
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
            401 | 403 => Some(self.because(error_code.as_deref(), now)),
            _ => None,
        }
    }

    fn because(&self, code: Option<&str>, now: Timestamp) -> Refused {
        if let Some(end) = self.end.filter(|end| *end <= now) {
            return Refused::Expired(end);
        }
        if let Some(start) = self.start.filter(|start| *start > now) {
            return Refused::NotYet(start);
        }
        let lacks = |given: &Option<String>, letters: &[char]| {
            let given = given.clone()?;
            let lacks = letters.iter().any(|letter| !given.contains(*letter));
            lacks.then_some(given)
        };
        let permissions = || lacks(&self.permissions, &['r', 'l']).map(Refused::Lacks);
        let services = || lacks(&self.services, &['b']).map(Refused::Services);
        let resources = || lacks(&self.resources, &['c', 'o']).map(Refused::Resources);
        // Other refusals, such as that of a firewall, are not about what the signature says.
        let found = match code {
            Some("AuthorizationPermissionMismatch") => permissions(),
            Some("AuthorizationServiceMismatch") => services(),
            Some("AuthorizationResourceTypeMismatch") => resources(),
            Some("AuthorizationSourceIPMismatch") => self.addresses.clone().map(Refused::Addresses),
            Some("AuthorizationProtocolMismatch") => self.protocols.clone().map(Refused::Protocols),
            Some("AuthenticationFailed") => Some(Refused::Unknown),
            None => permissions().or_else(services).or_else(resources),
            Some(_) => None,
        };
        found.unwrap_or_else(|| Refused::Other(code.map(str::to_owned)))
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
                let lacks = lacking(given, [('r', "read (r)"), ('l', "list (l)")], " and to ");
                write!(out, "the shared access signature does not allow to {lacks}; its permissions are `{given}`")
            }
            Self::Services(given) => write!(out, "the shared access signature is not for the Blob service (b); its services are `{given}`"),
            Self::Resources(given) => {
                let lacks = lacking(given, [('c', "containers (c)"), ('o', "blobs (o)")], " and ");
                write!(out, "the shared access signature does not reach {lacks}; its resource types are `{given}`")
            }
            Self::Addresses(given) => write!(out, "the shared access signature is for the addresses {given} alone, and this machine has another"),
            Self::Protocols(given) => write!(out, "the shared access signature is for {given} alone"),
            Self::Other(Some(code)) => write!(out, "the storage account refused the shared access signature ({code})"),
            Self::Other(None) => out.write_str("the storage account refused the shared access signature, and did not say why"),
            Self::Unknown => out.write_str("the storage account does not know the shared access signature: it is not complete, or the key or policy that made it is another one now"),
        }
    }
}

impl Refused {
    /// What to do.
    #[must_use]
    pub fn hint(&self, account: &str, container: &str) -> String {
        if matches!(self, Self::Other(_)) {
            return "check that the account's firewall lets this network in, and that it allows shared access signatures of this kind".to_owned();
        }
        format!(
            "make another one that reads and lists, by `az storage container generate-sas --account-name {account} --name {container} --permissions rl \
             --expiry TIME --auth-mode login --as-user`, and give it as AZURE_STORAGE_SAS_TOKEN; without any, data are \
             read as whoever is signed in"
        )
    }
}

/// The names of the letters that are not given.
fn lacking(given: &str, names: [(char, &str); 2], and: &str) -> String {
    let lacks = names.iter().filter(|(letter, _)| !given.contains(*letter));
    let lacks: Vec<_> = lacks.map(|(_, name)| *name).collect();
    lacks.join(and)
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
    fn what_a_signature_of_an_account_is_for_is_said() {
        let valid = "ss=b&srt=sco&sp=rl&sip=10.0.0.1-10.0.0.9&spr=https&se=2027-01-01&sig=x";

        insta::assert_snapshot!(forbidden(&valid.replace("sco", "s"), "AuthorizationResourceTypeMismatch").unwrap(), @"the shared access signature does not reach containers (c) and blobs (o); its resource types are `s`");
        insta::assert_snapshot!(forbidden(&valid.replace("sco", "sc"), "AuthorizationResourceTypeMismatch").unwrap(), @"the shared access signature does not reach blobs (o); its resource types are `sc`");
        insta::assert_snapshot!(forbidden(&valid.replace("ss=b", "ss=fq"), "AuthorizationServiceMismatch").unwrap(), @"the shared access signature is not for the Blob service (b); its services are `fq`");
        insta::assert_snapshot!(forbidden(valid, "AuthorizationSourceIPMismatch").unwrap(), @"the shared access signature is for the addresses 10.0.0.1-10.0.0.9 alone, and this machine has another");
        insta::assert_snapshot!(forbidden(valid, "AuthorizationProtocolMismatch").unwrap(), @"the shared access signature is for https alone");
        insta::assert_snapshot!(told(&valid.replace("sco", "s"), StatusCode::Forbidden, None).unwrap(), @"the shared access signature does not reach containers (c) and blobs (o); its resource types are `s`");
        let hint = Refused::Resources("s".to_owned()).hint("a", "c");
        assert!(!hint.contains("location"), "{hint}");
    }

    #[test]
    fn what_is_not_about_the_signature_is_not_laid_on_it() {
        let valid = "sp=rl&se=2027-01-01&sig=x";

        insta::assert_snapshot!(forbidden(valid, "AuthorizationFailure").unwrap(), @"the storage account refused the shared access signature (AuthorizationFailure)");
        insta::assert_snapshot!(forbidden(valid, "AuthorizationPermissionMismatch").unwrap(), @"the storage account refused the shared access signature (AuthorizationPermissionMismatch)");
        insta::assert_snapshot!(told(valid, StatusCode::Forbidden, None).unwrap(), @"the storage account refused the shared access signature, and did not say why");
        let firewall = Refused::Other(None).hint("a", "c");
        assert!(firewall.contains("firewall"), "{firewall}");
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
