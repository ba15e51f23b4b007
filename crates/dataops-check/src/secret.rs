//! What is known to be a secret by its name.

/// Whether a property of a linked service of this name holds a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    matches!(
        name.to_ascii_lowercase().as_str(),
        "accesskey"
            | "accesstoken"
            | "accountkey"
            | "apikey"
            | "clientsecret"
            | "clusterpassword"
            | "clustersshpassword"
            | "connectionpassword"
            | "functionkey"
            | "passphrase"
            | "password"
            | "privatekeycontent"
            | "refreshtoken"
            | "sastoken"
            | "secretaccesskey"
            | "securitytoken"
            | "serviceprincipalcredential"
            | "serviceprincipalkey"
    )
}
