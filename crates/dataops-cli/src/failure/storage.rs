//! Failures of the storage account.

use azure_core::error::ErrorKind;
use dataops_core::connection::StorageError;

use super::judge_azure;
use crate::exit::Exit;

/// What an error of the storage account means, unless it only passes another one on.
pub(super) fn judge(error: &StorageError) -> Option<(Exit, Option<String>)> {
    match error {
        StorageError::NoContainer { .. } | StorageError::NoBlob { .. } => {
            let hint = "check the storage account, and the names of container and blob";
            Some((Exit::Refused, Some(hint.to_owned())))
        }
        StorageError::File { .. } => Some((Exit::Usage, None)),
        StorageError::Service { source, .. } => {
            let (exit, hint) = judge_azure(source);
            let is_denied = matches!(source.kind(), ErrorKind::HttpResponse { status, .. } if u16::from(*status) == 403);
            // No role that is about the account itself lets anybody read or write blobs.
            let role = "ask for a role for the data in the storage account, such as Storage Blob Data Contributor; where there is one, \
                        check that its firewall lets this network in";
            Some((exit, is_denied.then(|| role.to_owned()).or(hint)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use azure_core::http::StatusCode;
    use dataops_core::store::StoreError;

    use super::super::Failure;
    use super::*;

    #[test]
    fn who_may_not_write_blobs_is_told_a_role_for_data() {
        let source = azure_core::Error::with_message(
            ErrorKind::HttpResponse {
                status: StatusCode::Forbidden,
                error_code: Some("AuthorizationPermissionMismatch".to_owned()),
                raw_response: None,
            },
            "not you",
        );
        let error = StorageError::Service {
            container: "dataops".to_owned(),
            blob: Some("journal/qa/adf".to_owned()),
            source,
        };

        let failure = Failure::service(StoreError::Storage(error));

        assert_eq!(failure.exit, Exit::Refused);
        assert!(
            failure.hints()[0].contains("Storage Blob Data Contributor"),
            "{:?}",
            failure.hints()
        );
    }
}
