//! Names of properties that hold secrets.

/// Whether a property of this name holds a secret. What says how to reach something has more such names: a `…Key` of a pipeline is
/// seldom one.
pub(super) fn is_secret(name: &str, is_connection: bool) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let names_a_place = ends(&[
        "name",
        "version",
        "path",
        "url",
        "uri",
        "id",
        "thumbprint",
        "type",
    ]);
    if names_a_place && name != "sasuri" {
        return false;
    }
    let everywhere = name.contains("password")
        || name.contains("passphrase")
        || name.starts_with("privatekey")
        || ends(&[
            "pwd",
            "secret",
            "token",
            "authorization",
            "embeddedcertdata",
        ])
        || matches!(
            name.replace(['-', '_'], "").as_str(),
            "sasuri"
                | "credstring"
                | "pfx"
                | "encryptedcredential"
                | "accountkey"
                | "accesskey"
                | "secretaccesskey"
                | "sharedaccesskey"
                | "functionkey"
                | "xfunctionskey"
                | "apikey"
                | "xapikey"
                | "ocpapimsubscriptionkey"
                | "serviceprincipalkey"
                | "serviceprincipalcredential"
        );
    everywhere || (is_connection && ends(&["key", "cert"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in [
            "password",
            "catalogAdminPassword",
            "servicePrincipalKey",
            "accessToken",
            "sasUri",
            "sasToken",
            "clientSecret",
            "privateKeyContent",
            "passPhrase",
            "Authorization",
            "x-functions-key",
            "encryptedCredential",
        ] {
            assert!(is_secret(name, false), "{name}");
        }
        for name in ["key", "encryptionKey", "servicePrincipalEmbeddedCert"] {
            assert!(is_secret(name, true) && !is_secret(name, false), "{name}");
        }
    }

    #[test]
    fn what_tells_where_a_secret_is_is_none() {
        for name in [
            "secretName",
            "secretVersion",
            "accessKeyId",
            "privateKeyPath",
            "certThumbprint",
            "authenticationType",
            "userName",
            "keyColumns",
            "tokenEndpoint",
        ] {
            assert!(!is_secret(name, true), "{name}");
        }
    }
}
