//! What the workspace refuses, classified, and what the client itself finds.

mod classify;

use std::fmt;
use std::ops::Deref;

use azure_core::Error;
use azure_core::error::ErrorKind;
use rest_core::{ServiceError, Verdict, shown_address};

use classify::classify;
pub(crate) use classify::{is_passing, judge};

use crate::clusters::{ClusterState, TerminationReason};
use crate::libraries::LibraryStatus;

/// What kind of refusal an [`ApiError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// The request is wrong, or does not fit the state of what it is about.
    BadRequest,
    /// The token is missing, expired or not one for this service; a sign-in page or a redirect to one counts too.
    Unauthenticated,
    /// The identity may not do this.
    PermissionDenied,
    /// What was asked for does not exist.
    NotFound,
    /// What was to be made exists already, or someone else changed it at the same time.
    Conflict,
    /// A rate or a quota is used up for now.
    TooManyRequests,
    /// The service gave the request up.
    Cancelled,
    /// The service failed.
    Internal,
    /// The service does not have this operation.
    NotImplemented,
    /// The service is not available for now.
    Unavailable,
    /// The service took too long.
    DeadlineExceeded,
    /// Anything else.
    Other,
}

/// A refusal of the workspace with its class: a view of the [`ServiceError`] inside an [`azure_core::Error`].
///
/// The service's code outranks the HTTP status, which is often 400 whatever happened.
///
/// ```
/// # fn example(error: azure_core::Error) {
/// use databricks_client::ApiError;
///
/// if ApiError::of(&error).is_some_and(|refusal| refusal.is_not_found()) {
///     println!("it is gone already");
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ApiError<'e> {
    service: &'e ServiceError,
    kind: ApiErrorKind,
}

impl<'e> ApiError<'e> {
    /// Finds the workspace's refusal inside `error`.
    #[must_use]
    pub fn of(error: &'e Error) -> Option<Self> {
        let service: &ServiceError = error.downcast_ref()?;
        Some(Self {
            service,
            kind: classify(service),
        })
    }

    /// What kind of refusal it is.
    #[must_use]
    pub fn kind(&self) -> ApiErrorKind {
        self.kind
    }

    /// Whether what was asked for does not exist.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.kind == ApiErrorKind::NotFound
    }

    /// Whether what was to be made exists already.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.kind == ApiErrorKind::Conflict
    }

    /// Whether the token was not accepted, as opposed to the identity's rights.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        self.kind == ApiErrorKind::Unauthenticated
    }

    /// Whether the identity's rights do not suffice.
    #[must_use]
    pub fn is_permission_denied(&self) -> bool {
        self.kind == ApiErrorKind::PermissionDenied
    }

    /// Whether the service gives `reason`, such as `FILES_API_DIRECTORY_IS_NOT_EMPTY`, among the details.
    #[must_use]
    pub fn has_reason(&self, reason: &str) -> bool {
        let mut codes = self
            .details
            .iter()
            .filter_map(|detail| detail.code.as_deref());
        codes.any(|code| code == reason)
    }

    /// What can be done about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        let said = |text: &str| self.message.contains(text);
        Some(match self.kind {
            _ if said("The parent folder") => {
                "an import makes no folders: make the parent folder first"
            }
            _ if self.has_reason("WORKSPACE_OBJECT_TYPE_MISMATCH") => {
                "an import does not turn a file, a notebook or a folder into another: delete it first"
            }
            _ if said("userAADToken") => {
                "a Key Vault backed scope is made with the Entra token of a user; a personal access token or a service principal cannot"
            }
            _ if said("Databricks IP ACL") => {
                "this machine's address is not on the workspace's access list"
            }
            _ if said("exceeded max size") || said("Size exceeds") => {
                "strip the notebook's outputs, or put the data into a volume"
            }
            ApiErrorKind::Unauthenticated => {
                "check that the host is the workspace's own, and that the token is valid there"
            }
            ApiErrorKind::PermissionDenied if said("Invalid access token") => {
                "the personal access token is wrong, expired or revoked"
            }
            ApiErrorKind::PermissionDenied if said("User not authorized") => {
                "add the identity to the workspace, or give the workspace's Azure resource id"
            }
            _ => return None,
        })
    }
}

impl Deref for ApiError<'_> {
    type Target = ServiceError;

    fn deref(&self) -> &ServiceError {
        self.service
    }
}

impl fmt::Display for ApiError<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.service.fmt(out)
    }
}

/// Whether a request that was refused, or not answered, may be worth another attempt, where sending it twice does no harm. For a
/// caller that repeats requests itself.
#[must_use]
pub fn may_pass(error: &Error) -> bool {
    let verdict = error.downcast_ref::<ServiceError>().map(judge);
    match verdict {
        Some(Verdict::TurnedAway | Verdict::Passing) => true,
        Some(Verdict::Final) => false,
        Some(Verdict::ByStatus) | None => is_passing(error),
    }
}

/// What the client finds without, or in spite of, an answer of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabricksError {
    /// Content is larger than its operation takes; nothing was sent.
    #[error("`{path}` has {bytes} bytes; {operation} takes at most {limit}")]
    TooLarge {
        /// The operation.
        operation: &'static str,
        /// Where the content was to go.
        path: String,
        /// Its size.
        bytes: u64,
        /// The most that is taken.
        limit: u64,
    },
    /// A path that would not mean what it says; nothing was sent.
    #[error("path `{path}`: {reason}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A name or id that cannot stand in a URL; nothing was sent.
    #[error("`{name}` is not a name or an id")]
    Name {
        /// The name.
        name: String,
    },
    /// An idempotency token is empty or has more than 64 characters; nothing was sent.
    #[error("idempotency token `{token}` must have 1 to 64 characters")]
    IdempotencyToken {
        /// The token.
        token: String,
    },
    /// A cluster does not run and will not.
    #[error("cluster {cluster_id} is {state}{}", cluster_reason(message.as_deref(), reason.as_ref()))]
    ClusterNotRunning {
        /// The cluster.
        cluster_id: String,
        /// Its state.
        state: ClusterState,
        /// What the service says about the state.
        message: Option<String>,
        /// Why it ended.
        reason: Option<TerminationReason>,
    },
    /// Libraries could not be installed.
    #[error("cluster {cluster_id}: {}", libraries_failed(failed))]
    LibrariesFailed {
        /// The cluster.
        cluster_id: String,
        /// The libraries that failed.
        failed: Vec<LibraryStatus>,
    },
    /// A warehouse does not run and will not.
    #[error("warehouse {id} is {state}")]
    WarehouseNotRunning {
        /// The warehouse.
        id: String,
        /// Its state.
        state: String,
    },
    /// Several jobs have the name that was looked for.
    #[error("{} jobs are named `{name}` ({}); address one by its id", ids.len(), list(ids))]
    SeveralJobs {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<i64>,
    },
    /// A web page came in place of a file.
    #[error(
        "`{path}` was answered with a web page; check the host and that the credential is valid there"
    )]
    PageInPlaceOfFile {
        /// The file.
        path: String,
    },
    /// The service answered what cannot be.
    #[error("{what}")]
    Nonsense {
        /// What it was.
        what: String,
    },
}

impl DatabricksError {
    /// Finds such an error inside an [`azure_core::Error`].
    #[must_use]
    pub fn of(error: &Error) -> Option<&Self> {
        error.downcast_ref()
    }

    pub(crate) fn into_error(self) -> Error {
        Error::new(ErrorKind::Other, self)
    }
}

fn cluster_reason(message: Option<&str>, reason: Option<&TerminationReason>) -> String {
    let mut text = String::new();
    if let Some(message) = message.filter(|message| !message.is_empty()) {
        text.push_str(": ");
        text.push_str(message);
    }
    if let Some(reason) = reason {
        text.push_str(&format!(" ({reason})"));
    }
    text
}

fn libraries_failed(failed: &[LibraryStatus]) -> String {
    let each: Vec<_> = failed
        .iter()
        .map(|status| match shown_address(&status.messages.join("; ")) {
            why if why.is_empty() => format!("{} was not installed", status.library),
            why => format!("{} was not installed: {why}", status.library),
        })
        .collect();
    each.join("\n")
}

fn list(ids: &[i64]) -> String {
    ids.iter()
        .map(i64::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
