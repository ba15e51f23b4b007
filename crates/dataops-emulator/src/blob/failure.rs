//! Why the Blob service refuses ("Blob service error codes").

use std::io;

use axum::http::StatusCode;

use crate::problem::{Problem, in_full};
use crate::service::Service;
use crate::store::StoreError;

/// A refusal; becomes the service's XML.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("the container `{0}` does not exist")]
    ContainerNotFound(String),
    #[error("the container `{0}` exists already")]
    ContainerAlreadyExists(String),
    #[error("the blob `{0}` does not exist")]
    BlobNotFound(String),
    #[error("the blob exists already")]
    BlobAlreadyExists,
    #[error("a condition of the request does not hold")]
    ConditionNotMet,
    #[error("a condition on the copy's source does not hold")]
    SourceConditionNotMet,
    #[error("only conditions on the time of the last change can be put on a container")]
    ConditionHeadersNotSupported,
    #[error("the metadata cannot be used: {0}")]
    InvalidMetadata(String),
    #[error("the range lies outside of the blob, which has {0} bytes")]
    InvalidRange(u64),
    #[error("the name `{0}` cannot be used: {1}")]
    InvalidResourceName(String, &'static str),
    #[error("the content's MD5 is not the one in the request")]
    Md5Mismatch,
    #[error("the header Content-MD5 is not the Base64 of 16 bytes")]
    InvalidMd5,
    #[error("the block list is invalid: {0}")]
    InvalidBlockList(String),
    #[error("the ids of the blocks of a blob have one length; another block has another one")]
    InvalidBlobOrBlock,
    #[error("the body is larger than {0} bytes")]
    RequestBodyTooLarge(u64),
    #[error("the query parameter `{0}` is invalid")]
    InvalidQueryParameterValue(&'static str),
    #[error("the query parameter `{0}` is out of range")]
    OutOfRangeQueryParameterValue(&'static str),
    #[error("the header `{0}` is missing")]
    MissingRequiredHeader(&'static str),
    #[error("the header `{0}` is invalid")]
    InvalidHeaderValue(&'static str),
    #[error("the copy's source cannot be used: {0}")]
    CannotVerifyCopySource(String),
    #[error("{2}")]
    Lease(StatusCode, &'static str, &'static str),
    #[error("the tags are invalid: {0}")]
    InvalidTags(String),
    #[error("the batch cannot be read: {0}")]
    InvalidBatch(String),
    #[error("the blob is in the archive; set its tier to Hot, Cool or Cold first")]
    BlobArchived,
    #[error("there is no copy to abort: copies within the account end at once")]
    NoPendingCopyOperation,
    #[error("the request's body broke off: {0}")]
    Incomplete(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the disk failed")]
    Io(#[from] io::Error),
}

impl Failure {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::ContainerNotFound(_) => (StatusCode::NOT_FOUND, "ContainerNotFound"),
            Self::ContainerAlreadyExists(_) => (StatusCode::CONFLICT, "ContainerAlreadyExists"),
            Self::BlobNotFound(_) => (StatusCode::NOT_FOUND, "BlobNotFound"),
            Self::BlobAlreadyExists => (StatusCode::CONFLICT, "BlobAlreadyExists"),
            Self::ConditionNotMet => (StatusCode::PRECONDITION_FAILED, "ConditionNotMet"),
            Self::SourceConditionNotMet => {
                (StatusCode::PRECONDITION_FAILED, "SourceConditionNotMet")
            }
            Self::ConditionHeadersNotSupported => (bad, "ConditionHeadersNotSupported"),
            Self::InvalidMetadata(_) => (bad, "InvalidMetadata"),
            Self::InvalidRange(_) => (StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange"),
            Self::InvalidResourceName(..) => (bad, "InvalidResourceName"),
            Self::Md5Mismatch => (bad, "Md5Mismatch"),
            Self::InvalidMd5 => (bad, "InvalidMd5"),
            Self::InvalidBlockList(_) => (bad, "InvalidBlockList"),
            Self::InvalidBlobOrBlock => (bad, "InvalidBlobOrBlock"),
            Self::RequestBodyTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "RequestBodyTooLarge"),
            Self::InvalidQueryParameterValue(_) => (bad, "InvalidQueryParameterValue"),
            Self::OutOfRangeQueryParameterValue(_) => (bad, "OutOfRangeQueryParameterValue"),
            Self::MissingRequiredHeader(_) => (bad, "MissingRequiredHeader"),
            Self::InvalidHeaderValue(_) => (bad, "InvalidHeaderValue"),
            Self::CannotVerifyCopySource(_) => (StatusCode::NOT_FOUND, "CannotVerifyCopySource"),
            Self::Lease(status, code, _) => (*status, code),
            Self::InvalidTags(_) => (bad, "InvalidTags"),
            Self::InvalidBatch(_) => (bad, "InvalidInput"),
            Self::BlobArchived => (StatusCode::CONFLICT, "BlobArchived"),
            Self::NoPendingCopyOperation => (StatusCode::CONFLICT, "NoPendingCopyOperation"),
            Self::Incomplete(_) => (bad, "InvalidInput"),
            Self::Store(_) | Self::Io(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let (status, code) = failure.status_and_code();
        Self::new(Service::Blob, status, code, in_full(&failure))
    }
}
