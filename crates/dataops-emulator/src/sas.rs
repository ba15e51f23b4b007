//! Shared access signatures ("Create a service SAS", "Create an account SAS"), of version 2020-12-06 and later.

use std::net::IpAddr;

use axum::http::{Method, Uri};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use percent_encoding::percent_decode_str;
use sha2::Sha256;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, Time};

/// The first version whose signed text has an encryption scope.
const FIRST: &str = "2020-12-06";
const MINUTES: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]Z");
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// The service's code and the reason.
pub(crate) type Refused = (&'static str, &'static str);

fn unsigned(reason: &'static str) -> Refused {
    ("AuthenticationFailed", reason)
}

/// A request that is signed in its query.
pub(crate) struct Signature<'r> {
    method: &'r Method,
    account: &'r str,
    container: String,
    blob: String,
    query: Vec<(String, String)>,
}

impl<'r> Signature<'r> {
    /// The signature of a request, if it has one.
    pub(crate) fn of(method: &'r Method, uri: &Uri, account: &'r str) -> Option<Self> {
        let query = uri.query().unwrap_or_default();
        let query: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        if !query.iter().any(|(name, _)| name == "sig") {
            return None;
        }
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let mut segments = uri.path().trim_start_matches('/').splitn(3, '/').skip(1);
        Some(Self {
            method,
            account,
            container: decode(segments.next().unwrap_or_default()),
            blob: decode(segments.next().unwrap_or_default()),
            query,
        })
    }

    fn get(&self, wanted: &str) -> &str {
        let mut pairs = self.query.iter();
        let found = pairs.find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// Refuses the request, with the reason, unless the signature allows it now.
    pub(crate) fn check(&self, key: &[u8], now: OffsetDateTime) -> Result<(), Refused> {
        if self.get("sv") < FIRST {
            return Err(unsigned(
                "signatures of a version before 2020-12-06 are not read",
            ));
        }
        if !self.get("skoid").is_empty() || !self.get("si").is_empty() {
            return Err(unsigned(
                "signatures of user delegation keys and of stored policies are not read",
            ));
        }
        let text = match (self.get("sr"), self.get("ss")) {
            ("", "") => return Err(unsigned("the signature says neither `sr` nor `ss`")),
            ("", _) => self.of_account()?,
            (resource, _) => self.of_resource(resource)?,
        };
        let given = STANDARD.decode(self.get("sig")).unwrap_or_default();
        let holds = Hmac::<Sha256>::new_from_slice(key)
            .is_ok_and(|mac| mac.chain_update(text).verify_slice(&given).is_ok());
        if !holds {
            return Err(unsigned(
                "the signature is not the one that the account's key makes",
            ));
        }
        self.check_bounds(now)?;
        let permitted = self.get("sp");
        match self.needed().iter().any(|it| permitted.contains(*it)) {
            true => Ok(()),
            false => Err((
                "AuthorizationPermissionMismatch",
                "the signature does not permit this operation",
            )),
        }
    }

    /// The signed text of an account's signature.
    fn of_account(&self) -> Result<String, Refused> {
        if !self.get("ss").contains('b') {
            return Err((
                "AuthorizationServiceMismatch",
                "the signature is not for the Blob service",
            ));
        }
        let level = match (self.container.is_empty(), self.blob.is_empty()) {
            (true, _) => 's',
            (false, true) => 'c',
            (false, false) => 'o',
        };
        if !self.get("srt").contains(level) {
            return Err((
                "AuthorizationResourceTypeMismatch",
                "the signature is not for this type of resource",
            ));
        }
        let fields = ["sp", "ss", "srt", "st", "se", "sip", "spr", "sv", "ses"];
        let fields = fields.map(|name| self.get(name)).join("\n");
        Ok(format!("{}\n{fields}\n", self.account))
    }

    /// The signed text of a signature of a blob or a container.
    fn of_resource(&self, resource: &str) -> Result<String, Refused> {
        let path = match (resource, self.blob.is_empty()) {
            ("b", false) => format!("{}/{}", self.container, self.blob),
            ("c", _) if !self.container.is_empty() => self.container.clone(),
            ("b" | "c", _) => return Err(unsigned("the signature is for another resource")),
            _ => {
                return Err(unsigned(
                    "signatures of blobs and containers are read, and no others",
                ));
            }
        };
        let first = ["sp", "st", "se"].map(|name| self.get(name)).join("\n");
        let last = [
            "si", "sip", "spr", "sv", "sr", "snapshot", "ses", "rscc", "rscd", "rsce", "rscl",
            "rsct",
        ];
        let last = last.map(|name| self.get(name)).join("\n");
        Ok(format!("{first}\n/blob/{}/{path}\n{last}", self.account))
    }

    fn check_bounds(&self, now: OffsetDateTime) -> Result<(), Refused> {
        let (start, end) = (self.get("st"), self.get("se"));
        if !start.is_empty() && time(start).is_none_or(|start| start > now) {
            return Err(unsigned("the signature is not valid yet"));
        }
        if time(end).is_none_or(|end| end <= now) {
            return Err(unsigned("the signature has expired"));
        }
        let protocols = self.get("spr");
        if !protocols.is_empty() && !protocols.split(',').any(|it| it == "http") {
            return Err((
                "AuthorizationProtocolMismatch",
                "the signature is for https only, and the emulator speaks http",
            ));
        }
        match self.get("sip") {
            "" => Ok(()),
            range if has_loopback(range) => Ok(()),
            _ => Err((
                "AuthorizationSourceIPMismatch",
                "the signature is for other addresses than this machine's own",
            )),
        }
    }

    /// The permissions of which one is needed.
    fn needed(&self) -> &'static [char] {
        let comp = self.get("comp");
        match (self.method, comp, self.blob.is_empty()) {
            (&Method::GET, "list", _) => &['l'],
            (_, "tags", false) => &['t'],
            (_, "batch", _) | (&Method::DELETE, ..) => &['d'],
            (&Method::GET | &Method::HEAD, ..) => &['r'],
            (&Method::PUT, "" | "block" | "blocklist", _) => &['w', 'c'],
            _ => &['w'],
        }
    }
}

fn time(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| PrimitiveDateTime::parse(text, MINUTES).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| Date::parse(text, DAY).map(|day| day.with_time(Time::MIDNIGHT).assume_utc()))
        .ok()
}

fn has_loopback(range: &str) -> bool {
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    let own: IpAddr = IpAddr::from([127, 0, 0, 1]);
    match (first.parse::<IpAddr>(), last.parse::<IpAddr>()) {
        (Ok(first), Ok(last)) => (first..=last).contains(&own),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-05-01 12:00 UTC);

    fn sign(text: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(b"key").unwrap();
        let signature = STANDARD.encode(mac.chain_update(text).finalize().into_bytes());
        url::form_urlencoded::byte_serialize(signature.as_bytes()).collect()
    }

    fn checked(method: &Method, path: &str, query: &str) -> Result<(), Refused> {
        let uri: Uri = format!("{path}?{query}").parse().unwrap();
        let signature = Signature::of(method, &uri, "acct").unwrap();
        signature.check(b"key", NOW)
    }

    #[test]
    fn a_blob_is_opened_for_what_is_permitted_and_no_longer() {
        let of = |end: &str, permitted: &str| {
            let text = format!(
                "{permitted}\n\n{end}\n/blob/acct/c/a b.csv\n\n\nhttps,http\n2021-06-08\nb\n\n\n\n\n\n\n"
            );
            let sig = sign(&text);
            format!("sv=2021-06-08&sr=b&spr=https,http&sp={permitted}&se={end}&sig={sig}")
        };
        let good = of("2026-05-02", "r");

        assert_eq!(checked(&Method::GET, "/acct/c/a%20b.csv", &good), Ok(()));
        for (method, path, query) in [
            (&Method::PUT, "/acct/c/a%20b.csv", good.clone()),
            (&Method::GET, "/acct/c/other", good.clone()),
            (&Method::GET, "/acct/c", good.clone()),
            (
                &Method::GET,
                "/acct/c/a%20b.csv",
                of("2026-05-01T11:59Z", "r"),
            ),
            (
                &Method::GET,
                "/acct/c/a%20b.csv",
                good.replace("sp=r", "sp=rw"),
            ),
            (
                &Method::GET,
                "/acct/c/a%20b.csv",
                good.replace("2021-06-08", "2019-12-12"),
            ),
        ] {
            assert!(
                checked(method, path, &query).is_err(),
                "{method} {path} {query}"
            );
        }
    }

    #[test]
    fn an_account_is_opened_for_types_of_resources() {
        let text = "acct\nrl\nb\nco\n\n2026-06-01T00:00:00Z\n127.0.0.0-127.0.0.9\n\n2022-11-02\n\n";
        let query = format!(
            "sv=2022-11-02&ss=b&srt=co&sp=rl&se=2026-06-01T00:00:00Z&sip=127.0.0.0-127.0.0.9&sig={}",
            sign(text)
        );

        assert_eq!(checked(&Method::GET, "/acct/c/b", &query), Ok(()));
        let list = format!("restype=container&comp=list&{query}");
        assert_eq!(checked(&Method::GET, "/acct/c", &list), Ok(()));
        assert!(checked(&Method::GET, "/acct/", &format!("comp=list&{query}")).is_err());
        assert!(checked(&Method::DELETE, "/acct/c/b", &query).is_err());
    }
}
