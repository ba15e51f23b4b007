//! Leases (`Lease Blob`, `Lease Container`): whoever holds one is the only one who may write, until it ends, is released or
//! broken.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Answer;
use super::blobs::written;
use super::condition;
use super::disk::Disk;
use super::failure::Failure;
use super::request::Call;
use crate::state::State;

/// A lease that was once taken; a released one is forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Lease {
    id: String,
    /// For how long it was taken; `None` for ever.
    seconds: Option<i64>,
    /// When it ends, in milliseconds since 1970; `None` never.
    until: Option<i64>,
    breaking: bool,
}

/// How a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Available,
    Leased,
    Expired,
    Breaking,
    Broken,
}

impl Standing {
    fn of(lease: Option<&Lease>, now: i64) -> Self {
        let Some(lease) = lease else {
            return Self::Available;
        };
        match (lease.breaking, lease.until.is_none_or(|until| until > now)) {
            (false, true) => Self::Leased,
            (false, false) => Self::Expired,
            (true, true) => Self::Breaking,
            (true, false) => Self::Broken,
        }
    }

    /// `x-ms-lease-state`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Available => "available",
            Self::Leased => "leased",
            Self::Expired => "expired",
            Self::Breaking => "breaking",
            Self::Broken => "broken",
        }
    }

    /// `x-ms-lease-status`.
    pub(super) fn status(self) -> &'static str {
        match self.is_locked() {
            true => "locked",
            false => "unlocked",
        }
    }

    fn is_locked(self) -> bool {
        matches!(self, Self::Leased | Self::Breaking)
    }
}

fn now() -> i64 {
    let nanos = OffsetDateTime::now_utc().unix_timestamp_nanos();
    i64::try_from(nanos / 1_000_000).unwrap_or(i64::MAX)
}

fn conflict(code: &'static str, message: &'static str) -> Failure {
    Failure::Lease(StatusCode::CONFLICT, code, message)
}

fn lost(code: &'static str, message: &'static str) -> Failure {
    Failure::Lease(StatusCode::PRECONDITION_FAILED, code, message)
}

impl Disk {
    /// How the lease of a blob (`container/blob`) or container stands.
    pub(super) fn lease(&self, key: &str) -> Standing {
        Standing::of(self.leases.get(key).as_ref(), now())
    }

    /// Refuses to write to what somebody else has leased, and to go on with a lease that is lost.
    pub(super) fn guard(&self, key: &str, given: Option<&str>) -> Result<(), Failure> {
        let lease = self.leases.get(key);
        let locked = Standing::of(lease.as_ref(), now()).is_locked();
        let own = |given: &str| {
            let id = lease.as_ref().map(|lease| lease.id.as_str());
            id.is_some_and(|id| id.eq_ignore_ascii_case(given))
        };
        match given {
            None if locked => Err(lost(
                "LeaseIdMissing",
                "there is a lease, and the request has no lease id",
            )),
            None => Ok(()),
            Some(given) if locked && own(given) => Ok(()),
            Some(_) if locked && !key.contains('/') => Err(lost(
                "LeaseIdMismatchWithContainerOperation",
                "the lease id is not that of the container's lease",
            )),
            Some(_) if locked => Err(lost(
                "LeaseIdMismatchWithBlobOperation",
                "the lease id is not that of the blob's lease",
            )),
            Some(given) if own(given) => Err(lost("LeaseLost", "the lease has ended")),
            Some(_) => Err(lost(
                "LeaseNotPresentWithBlobOperation",
                "there is no lease, and the request has a lease id",
            )),
        }
    }
}

/// `comp=lease` of a blob.
pub(super) fn blob(state: &Arc<State>, call: &Call) -> Answer {
    let blob = state.blob.blob(&call.container, &call.blob)?;
    condition::of_lease(call, &blob)?;
    let key = format!("{}/{}", call.container, call.blob);
    act(state, call, &key, written(&blob))
}

/// `restype=container&comp=lease`.
pub(super) fn container(state: &Arc<State>, call: &Call) -> Answer {
    let container = state.blob.container(&call.container)?;
    condition::of_container(call, container.modified)?;
    let headers = super::containers::headers(&container, None);
    act(state, call, &call.container, headers)
}

fn act(state: &State, call: &Call, key: &str, mut headers: HeaderMap) -> Answer {
    let _writing = state.blob.exclusive();
    let current = state.blob.leases.get(key);
    let (kept, told) = Request::read(call)?.apply(current, now())?;
    match kept {
        Some(lease) => state.blob.leases.put(key, lease).map_err(Failure::Store)?,
        None => drop(state.blob.leases.remove(key).map_err(Failure::Store)?),
    }
    let status = match told {
        Told::Taken(id) => {
            put(&mut headers, "x-ms-lease-id", &id);
            StatusCode::CREATED
        }
        Told::Held(id) => {
            put(&mut headers, "x-ms-lease-id", &id);
            StatusCode::OK
        }
        Told::Released => StatusCode::OK,
        Told::EndsIn(seconds) => {
            put(&mut headers, "x-ms-lease-time", &seconds.to_string());
            StatusCode::ACCEPTED
        }
    };
    Ok((status, headers).into_response())
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// What a caller wants to happen to a lease.
#[derive(Debug)]
enum Request {
    Acquire {
        seconds: Option<i64>,
        proposed: Option<String>,
    },
    Renew(String),
    Change(String, String),
    Release(String),
    Break(Option<i64>),
}

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    Taken(String),
    Held(String),
    Released,
    EndsIn(i64),
}

impl Request {
    fn read(call: &Call) -> Result<Self, Failure> {
        let id = |name: &'static str| {
            let text = call
                .header(name)
                .ok_or(Failure::MissingRequiredHeader(name))?;
            let id = Uuid::try_parse(text).map_err(|_| Failure::InvalidHeaderValue(name))?;
            Ok::<_, Failure>(id.to_string())
        };
        let number = |name: &'static str| {
            let text = call.header(name).map(str::parse::<i64>).transpose();
            text.map_err(|_| Failure::InvalidHeaderValue(name))
        };
        let (own, proposed) = ("x-ms-lease-id", "x-ms-proposed-lease-id");
        Ok(match call.header("x-ms-lease-action").unwrap_or_default() {
            "acquire" => Self::Acquire {
                seconds: match number("x-ms-lease-duration")? {
                    Some(-1) => None,
                    Some(seconds @ 15..=60) => Some(seconds),
                    _ => return Err(Failure::InvalidHeaderValue("x-ms-lease-duration")),
                },
                proposed: match call.header(proposed) {
                    Some(_) => Some(id(proposed)?),
                    None => None,
                },
            },
            "renew" => Self::Renew(id(own)?),
            "change" => Self::Change(id(own)?, id(proposed)?),
            "release" => Self::Release(id(own)?),
            "break" => Self::Break(match number("x-ms-lease-break-period")? {
                Some(seconds) if !(0..=60).contains(&seconds) => {
                    return Err(Failure::InvalidHeaderValue("x-ms-lease-break-period"));
                }
                seconds => seconds,
            }),
            _ => return Err(Failure::InvalidHeaderValue("x-ms-lease-action")),
        })
    }

    /// The lease afterwards, and what the caller is told.
    fn apply(self, current: Option<Lease>, now: i64) -> Result<(Option<Lease>, Told), Failure> {
        let standing = Standing::of(current.as_ref(), now);
        let until = |seconds: Option<i64>| seconds.map(|seconds| now + 1000 * seconds);
        if let Self::Acquire { seconds, proposed } = self {
            let same = |lease: &Lease| Some(&lease.id) == proposed.as_ref();
            if standing == Standing::Breaking
                || (standing == Standing::Leased && !current.as_ref().is_some_and(same))
            {
                return Err(conflict("LeaseAlreadyPresent", "there is a lease already"));
            }
            let id = proposed.unwrap_or_else(|| Uuid::new_v4().to_string());
            let lease = Lease {
                id: id.clone(),
                seconds,
                until: until(seconds),
                breaking: false,
            };
            return Ok((Some(lease), Told::Taken(id)));
        }
        let Some(mut lease) = current else {
            return Err(conflict(
                "LeaseNotPresentWithLeaseOperation",
                "there is no lease",
            ));
        };
        if let Self::Break(period) = self {
            // What is broken or has ended stays so; breaking never takes longer than what is left.
            let left = match lease.until {
                Some(until) => ((until - now).max(0) + 999) / 1000,
                None => period.unwrap_or(0),
            };
            let seconds = period.map_or(left, |period| period.min(left));
            lease.breaking = true;
            lease.until = Some(now + 1000 * seconds);
            return Ok((Some(lease), Told::EndsIn(seconds)));
        }
        self.by_holder(lease, standing, now)
    }

    /// What only the holder may do.
    fn by_holder(
        self,
        mut lease: Lease,
        standing: Standing,
        now: i64,
    ) -> Result<(Option<Lease>, Told), Failure> {
        let (Self::Renew(given) | Self::Change(given, _) | Self::Release(given)) = &self else {
            return Err(Failure::InvalidHeaderValue("x-ms-lease-action"));
        };
        let becomes = match &self {
            Self::Change(_, proposed) => Some(proposed),
            _ => None,
        };
        if *given != lease.id && becomes != Some(&lease.id) {
            return Err(conflict(
                "LeaseIdMismatchWithLeaseOperation",
                "the lease id is not that of the lease",
            ));
        }
        let ended = matches!(standing, Standing::Breaking | Standing::Broken);
        match self {
            Self::Renew(_) if ended => Err(conflict(
                "LeaseIsBrokenAndCannotBeRenewed",
                "the lease was broken",
            )),
            Self::Renew(id) => {
                lease.until = lease.seconds.map(|seconds| now + 1000 * seconds);
                Ok((Some(lease), Told::Held(id)))
            }
            Self::Change(..) if standing != Standing::Leased => Err(conflict(
                "LeaseNotPresentWithLeaseOperation",
                "the lease has ended",
            )),
            Self::Change(_, proposed) => {
                lease.id.clone_from(&proposed);
                Ok((Some(lease), Told::Held(proposed)))
            }
            _ => Ok((None, Told::Released)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "11111111-1111-1111-1111-111111111111";
    const TWO: &str = "22222222-2222-2222-2222-222222222222";

    fn acquire(seconds: Option<i64>, id: &str) -> Request {
        Request::Acquire {
            seconds,
            proposed: Some(id.to_owned()),
        }
    }

    fn code(failure: Failure) -> &'static str {
        match failure {
            Failure::Lease(_, code, _) => code,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_lease_ends_by_itself_and_is_renewed_until_somebody_else_takes_it() {
        let (lease, told) = acquire(Some(15), ONE).apply(None, 0).unwrap();
        assert_eq!(told, Told::Taken(ONE.to_owned()));
        let standing = |now| Standing::of(lease.as_ref(), now);
        assert_eq!(
            (standing(14_999), standing(15_000)),
            (Standing::Leased, Standing::Expired)
        );

        let other = acquire(None, TWO).apply(lease.clone(), 14_000).unwrap_err();
        let renewed = Request::Renew(ONE.to_owned())
            .apply(lease.clone(), 20_000)
            .unwrap();
        let taken = acquire(None, TWO).apply(lease, 20_000).unwrap();
        let late = Request::Renew(ONE.to_owned())
            .apply(taken.0, 20_001)
            .unwrap_err();

        assert_eq!(code(other), "LeaseAlreadyPresent");
        assert_eq!(renewed.0.unwrap().until, Some(35_000));
        assert_eq!(taken.1, Told::Taken(TWO.to_owned()));
        assert_eq!(code(late), "LeaseIdMismatchWithLeaseOperation");
    }

    #[test]
    fn a_lease_is_changed_released_and_broken() {
        let (lease, _) = acquire(None, ONE).apply(None, 0).unwrap();
        let change = Request::Change(ONE.to_owned(), TWO.to_owned());
        let (lease, told) = change.apply(lease, 1).unwrap();
        assert_eq!(told, Told::Held(TWO.to_owned()));

        let (broken, told) = Request::Break(Some(30)).apply(lease.clone(), 2).unwrap();
        let at = |now| Standing::of(broken.as_ref(), now);
        let again = acquire(None, ONE).apply(broken.clone(), 3).unwrap_err();
        let renewed = Request::Renew(TWO.to_owned())
            .apply(broken.clone(), 3)
            .unwrap_err();
        let released = Request::Release(TWO.to_owned()).apply(lease, 3).unwrap();
        let none = Request::Break(None).apply(None, 3).unwrap_err();

        assert_eq!(told, Told::EndsIn(30));
        assert_eq!((at(3), at(30_002)), (Standing::Breaking, Standing::Broken));
        assert_eq!(code(again), "LeaseAlreadyPresent");
        assert_eq!(code(renewed), "LeaseIsBrokenAndCannotBeRenewed");
        assert_eq!(released, (None, Told::Released));
        assert_eq!(code(none), "LeaseNotPresentWithLeaseOperation");
    }
}
