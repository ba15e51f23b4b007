//! Where a text is a secret because of its place.

use crate::secret::is_secret_name;
use crate::walk::Way;

/// A place for a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// A property of a linked service.
    Property,
    /// A header of a request.
    Header,
    /// The value of a parameter or variable with this name.
    Value(&'a str),
}

/// Headers that authorise.
const HEADERS: [&str; 6] = [
    "api-key",
    "authorization",
    "ocp-apim-subscription-key",
    "x-api-key",
    "x-auth-token",
    "x-functions-key",
];

/// What holds names and their values.
const NAMED_VALUES: [&str; 8] = [
    "baseParameters",
    "extendedProperties",
    "jobParameters",
    "mlPipelineParameters",
    "newClusterSparkConf",
    "newClusterSparkEnvVars",
    "parameters",
    "storedProcedureParameters",
];

/// What declares names.
const DECLARATIONS: [&str; 3] = ["globalParameters", "parameters", "variables"];

impl<'a> Place<'a> {
    /// The place of the value that `way` leads to; none where a secret is nothing that belongs there.
    pub(super) fn of(way: &Way<'a>, is_connector: bool) -> Option<Self> {
        let mut keys = way.keys_up();
        let key = keys.next()?;
        let above = keys.next();
        let further = keys.next();
        if above.is_some_and(|above| matches!(above, "headers" | "authHeaders"))
            && HEADERS
                .iter()
                .any(|header| header.eq_ignore_ascii_case(key))
        {
            return Some(Self::Header);
        }
        if is_connector && above == Some("typeProperties") && is_secret_name(key) {
            return Some(Self::Property);
        }
        let declared = matches!(key, "defaultValue" | "value" | "content");
        match (above, further) {
            (Some(name), Some(holder))
                if declared
                    && (DECLARATIONS.contains(&holder) || NAMED_VALUES.contains(&holder)) =>
            {
                is_secret_by_name(name).then_some(Self::Value(name))
            }
            (Some(holder), _) if NAMED_VALUES.contains(&holder) && is_secret_by_name(key) => {
                Some(Self::Value(key))
            }
            _ => None,
        }
    }
}

/// Whether a name that somebody has chosen is that of a secret, and not of where it is kept.
fn is_secret_by_name(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let secret = [
        "accesskey",
        "accesstoken",
        "accountkey",
        "apikey",
        "authtoken",
        "clientsecret",
        "connectionstring",
        "functionkey",
        "passwd",
        "password",
        "privatekey",
        "sastoken",
        "secretkey",
        "secretvalue",
        "securitytoken",
        "serviceprincipalkey",
        "sharedkey",
    ];
    let ends = [
        "password", "passwd", "pwd", "secret", "token", "apikey", "key",
    ];
    secret.contains(&plain.as_str())
        || secret.iter().any(|secret| plain.ends_with(secret))
        || ends[..5].iter().any(|end| plain.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_of_their_places() {
        for name in [
            "password",
            "sql_password",
            "dbPwd",
            "clientSecret",
            "client-secret",
            "databricksToken",
            "storageAccountKey",
        ] {
            assert!(is_secret_by_name(name), "{name}");
        }
        for name in [
            "secretName",
            "passwordSecretName",
            "tokenUrl",
            "keyVault",
            "partitionKey",
            "primaryKey",
            "accountKeyVersion",
        ] {
            assert!(!is_secret_by_name(name), "{name}");
        }
    }
}
