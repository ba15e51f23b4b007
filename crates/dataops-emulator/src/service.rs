//! Which service a path belongs to. It decides how a caller signs in, which router answers and how errors look.

/// A service of the emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// Azure Resource Manager: Data Factory and whatever else is below `/subscriptions`.
    Arm,
    /// A Databricks workspace: `/api/…`.
    Databricks,
    /// Azure Machine Learning: `/pipelines/v1.0/…`, `/history/v1.0/…`, and its resources below `/subscriptions`.
    AzureMl,
    /// The Blob service: `/{account}/…`.
    Blob,
    /// Key Vault: `/secrets/…`.
    KeyVault,
    /// Entra tokens: `/{tenant}/oauth2/…`.
    Tokens,
    /// The emulator's own page and controls: `/` and `/_emulator/…`.
    Control,
}

impl Service {
    /// The service that answers for `path`, whose first segment is compared with the storage account's name.
    pub(crate) fn of(path: &str, account: &str) -> Self {
        let lower = path.to_ascii_lowercase();
        let mut segments = lower.trim_start_matches('/').split('/');
        let first = segments.next().unwrap_or_default();
        let second = segments.next().unwrap_or_default();
        match (first, second) {
            ("" | "_emulator" | "favicon.ico", _) => Self::Control,
            ("subscriptions", _) if lower.contains("/microsoft.machinelearningservices/") => {
                Self::AzureMl
            }
            ("subscriptions" | "providers", _) => Self::Arm,
            ("api" | "oidc" | ".well-known", _) => Self::Databricks,
            (_, "v1.0") => Self::AzureMl,
            ("discovery" | "mlflow" | "batchendpoints" | "jobs", _) => Self::AzureMl,
            _ if first.eq_ignore_ascii_case(account) => Self::Blob,
            (_, "oauth2") => Self::Tokens,
            ("secrets", _) => Self::KeyVault,
            _ => Self::Control,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_one_service() {
        for (path, service) in [
            ("/", Service::Control),
            ("/_emulator/state", Service::Control),
            (
                "/SUBSCRIPTIONS/s/resourceGroups/g/providers/Microsoft.DataFactory/factories",
                Service::Arm,
            ),
            (
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w",
                Service::AzureMl,
            ),
            ("/api/2.2/jobs/list", Service::Databricks),
            ("/pipelines/v1.0/subscriptions/s", Service::AzureMl),
            ("/some-tenant/oauth2/v2.0/token", Service::Tokens),
            ("/acct/container/api/2.0", Service::Blob),
            ("/acct", Service::Blob),
            ("/acct/oauth2/token", Service::Blob),
            ("/secrets/sql?api-version=7.4", Service::KeyVault),
            ("/unknown/thing", Service::Control),
        ] {
            assert_eq!(Service::of(path, "acct"), service, "{path}");
        }
    }
}
