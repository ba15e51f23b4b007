//! Where a text is a secret because of its place.

use adf_model::secret::{is_secret_name, is_secret_of_connection};

use crate::walk::Way;

/// A place for a secret.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// A property of a linked service.
    Property,
    /// A header of a request.
    Header,
    /// A member of a body that is sent.
    Field,
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

/// Headers that authorise nobody.
const HARMLESS_HEADERS: [&str; 5] = [
    "accept",
    "api-version",
    "content-type",
    "user-agent",
    "x-ms-version",
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
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(key));
        match above {
            Some("headers") if is(&HEADERS) || is_secret_name(key) => return Some(Self::Header),
            // These are there to authorise.
            Some("authHeaders") if !is(&HARMLESS_HEADERS) => return Some(Self::Header),
            Some("authentication") if is(&["password", "pfx"]) => return Some(Self::Property),
            _ => {}
        }
        if way.keys_up().skip(1).any(|key| key == "body") && is_secret_name(key) {
            return Some(Self::Field);
        }
        if is_connector && above == Some("typeProperties") && is_secret_of_connection(key) {
            return Some(Self::Property);
        }
        let declared = matches!(key, "defaultValue" | "value" | "content");
        match (above, further) {
            (Some(name), Some(holder))
                if declared
                    && (DECLARATIONS.contains(&holder) || NAMED_VALUES.contains(&holder)) =>
            {
                is_secret_name(name).then_some(Self::Value(name))
            }
            (Some(holder), _) if NAMED_VALUES.contains(&holder) && is_secret_name(key) => {
                Some(Self::Value(key))
            }
            // Within an object that is the value.
            _ if is_secret_name(key)
                // Sealed for one factory.
                && key != "encryptedCredential"
                && way.keys_up().skip(1).any(|above| {
                    DECLARATIONS.contains(&above) || NAMED_VALUES.contains(&above)
                }) =>
            {
                Some(Self::Value(key))
            }
            _ => None,
        }
    }
}
