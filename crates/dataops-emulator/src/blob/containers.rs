//! Containers (`Create Container`, `Delete Container`, `Get Container Properties`, `List Containers`).

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use time::OffsetDateTime;

use super::condition;
use super::container::Container;
use super::failure::Failure;
use super::lease::Standing;
use super::request::Call;
use super::xml::Xml;
use super::{Answer, lacking};
use crate::http_date;
use crate::state::State;

const LEASE: &str = "x-ms-lease-id";

/// `restype=container`.
pub(super) fn one(state: &State, call: &Call) -> Answer {
    let name = &call.container;
    match call.method {
        Method::PUT => {
            if !state.blob.create_container(name, call.metadata()?)? {
                return Err(Failure::ContainerAlreadyExists(name.clone()).into());
            }
            let headers = headers(&state.blob.container(name)?, None);
            Ok((StatusCode::CREATED, headers).into_response())
        }
        Method::GET | Method::HEAD => {
            holds_lease(state, call)?;
            let lease = state.blob.lease(name);
            let headers = headers(&state.blob.container(name)?, Some(lease));
            Ok((StatusCode::OK, headers).into_response())
        }
        Method::DELETE => {
            state.blob.delete_container(name, || {
                let modified = state.blob.container(name)?.modified;
                condition::of_container(call, modified)?;
                state.blob.guard(name, call.header(LEASE))
            })?;
            Ok(StatusCode::ACCEPTED.into_response())
        }
        _ => Err(lacking(call)),
    }
}

/// `restype=container&comp=metadata`.
pub(super) fn metadata(state: &State, call: &Call) -> Answer {
    if matches!(call.method, Method::GET | Method::HEAD) {
        return one(state, call);
    }
    if call.method != Method::PUT {
        return Err(lacking(call));
    }
    let metadata = call.metadata()?;
    {
        let _writing = state.blob.exclusive();
        let modified = state.blob.container(&call.container)?.modified;
        condition::of_container(call, modified)?;
        holds_lease(state, call)?;
        state.blob.describe_container(&call.container, metadata)?;
    }
    let headers = headers(&state.blob.container(&call.container)?, None);
    Ok((StatusCode::OK, headers).into_response())
}

/// Checks a lease that the request says it has; what does not delete the container needs none.
fn holds_lease(state: &State, call: &Call) -> Result<(), Failure> {
    match call.header(LEASE) {
        Some(lease) => state.blob.guard(&call.container, Some(lease)),
        None => Ok(()),
    }
}

fn modified(container: &Container) -> String {
    let at = OffsetDateTime::from_unix_timestamp(container.modified);
    http_date::format(at.unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

/// The headers of an answer; all of them when it is told how the lease stands.
pub(super) fn headers(container: &Container, lease: Option<Standing>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: &str, value: &str| {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    };
    put("etag", &format!("\"{}\"", container.etag));
    put("last-modified", &modified(container));
    if let Some(lease) = lease {
        put("x-ms-lease-status", lease.status());
        put("x-ms-lease-state", lease.word());
        put("x-ms-has-immutability-policy", "false");
        put("x-ms-has-legal-hold", "false");
        for (name, value) in &container.metadata {
            put(&format!("x-ms-meta-{name}"), value);
        }
    }
    headers
}

/// `comp=list` of the account.
pub(super) fn list(state: &State, call: &Call) -> Answer {
    let prefix = call.query("prefix").unwrap_or_default();
    let from = call.query("marker").unwrap_or_default();
    let limit = super::list::limit(call)?;
    let names = state.blob.containers()?.into_iter();
    let mut names = names.filter(|name| name.starts_with(prefix) && name.as_str() >= from);
    let mut xml = Xml::new();
    let endpoint = format!("{}/{}", state.endpoint(), state.account);
    xml.open(&format!(
        "EnumerationResults ServiceEndpoint=\"{endpoint}/\""
    ));
    xml.maybe("Prefix", call.query("prefix")).open("Containers");
    for name in names.by_ref().take(limit) {
        let container = state.blob.container(&name)?;
        xml.open("Container").text("Name", &name).open("Properties");
        xml.text("Last-Modified", &modified(&container));
        xml.text("Etag", &format!("\"{}\"", container.etag));
        let lease = state.blob.lease(&name);
        xml.text("LeaseStatus", lease.status())
            .text("LeaseState", lease.word());
        xml.close("Properties");
        super::list::metadata(&mut xml, call, &container.metadata);
        xml.close("Container");
    }
    xml.close("Containers");
    xml.text("NextMarker", &names.next().unwrap_or_default());
    xml.close("EnumerationResults");
    Ok(super::list::answer(xml))
}

/// What kind of account this is.
pub(super) fn account() -> Response {
    let headers = [
        ("x-ms-sku-name", "Standard_LRS"),
        ("x-ms-account-kind", "StorageV2"),
        ("x-ms-is-hns-enabled", "false"),
    ];
    (StatusCode::OK, headers).into_response()
}
