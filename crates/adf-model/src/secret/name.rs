//! Names of properties, parameters and variables that hold secrets.

/// What is a secret wherever it stands in a name, unless the name is that of something about it.
const ANYWHERE: [&str; 8] = [
    // Settings of Spark, which end in the name of a storage account.
    "fsazureaccountkey",
    "fsazuresas",
    "oauthclientsecret",
    "passcode",
    "password",
    "passphrase",
    "passwd",
    "privatekey",
];

/// What is a secret at the end of a name, in any spelling.
const ENDS: [&str; 28] = [
    "accesskey",
    "accountkey",
    "apikey",
    "authkey",
    "authorization",
    "basicauth",
    "clientkey",
    "credstring",
    "embeddedcertdata",
    "encryptedcredential",
    "functionkey",
    "functionskey",
    "hmackey",
    "hostkey",
    "masterkey",
    "pwd",
    "secret",
    "secretkey",
    "secretstring",
    "serviceprincipalcredential",
    "serviceprincipalkey",
    "sharedaccesssignature",
    "sharedkey",
    "signingkey",
    "sshkey",
    "storagekey",
    "subscriptionkey",
    "token",
];

/// What is a secret at the end of a name although such an end tells of something else as a rule.
const ENDS_ALL_THE_SAME: [&str; 4] = ["authheader", "authorizationheader", "sasuri", "sasurl"];

/// Parts one of which each name of a secret has: what has none need not be looked at closely.
const STEMS: [&str; 17] = [
    "auth",
    "bearer",
    "cert",
    "cookie",
    "cred",
    "hmac",
    "jwt",
    "key",
    "pass",
    "pat",
    "pfx",
    "psk",
    "pw",
    "sas",
    "secret",
    "signature",
    "token",
];

/// Words that are a secret as the last of a name: too short for an end of any spelling.
const LAST_WORDS: [&str; 10] = [
    "bearer", "cookie", "jwt", "pat", "pfx", "pass", "psk", "pw", "pwd", "sas",
];

/// What is a secret at the end of a name of what connects, and something else as often elsewhere.
const ENDS_OF_CONNECTIONS: [&str; 7] = [
    "cert",
    "clientcertificate",
    "credential",
    "credentials",
    "hmac",
    "key",
    "signature",
];

/// What ends the names of connection strings.
const CONNECTION_STRINGS: [&str; 4] =
    ["connectionstring", "connectionstr", "connstring", "connstr"];

/// Words behind the name of a secret that leave it one.
const ADDED: [&str; 16] = [
    "value",
    "text",
    "content",
    "plain",
    "plaintext",
    "clear",
    "old",
    "new",
    "current",
    "default",
    "primary",
    "secondary",
    "dev",
    "test",
    "prod",
    "uat",
];

/// What a name ends with that is about a secret: where it is, of which kind, how long it lasts.
const ABOUT: [&str; 44] = [
    "age",
    "algorithm",
    "alias",
    "audience",
    "column",
    "columns",
    "count",
    "enabled",
    "encoding",
    "endpoint",
    "expiration",
    "expires",
    "expiry",
    "field",
    "file",
    "filename",
    "fingerprint",
    "format",
    "header",
    "hint",
    "id",
    "ids",
    "issuer",
    "kind",
    "label",
    "length",
    "lifetime",
    "location",
    "method",
    "mode",
    "name",
    "names",
    "path",
    "policy",
    "provider",
    "required",
    "reset",
    "rotation",
    "scope",
    "thumbprint",
    "type",
    "uri",
    "url",
    "version",
];

/// Words of a name that say that it is that of a place for secrets.
const VAULTS: [&str; 4] = ["akv", "keyvault", "kv", "vault"];

/// Tokens that open nothing.
const HARMLESS_TOKENS: [&str; 8] = [
    "cancellationtoken",
    "continuationtoken",
    "deltatoken",
    "nexttoken",
    "pagetoken",
    "paginationtoken",
    "skiptoken",
    "synctoken",
];

/// Keys that are no secret even of what connects. Its primary key is none of a table, as its secondary one is none.
const HARMLESS_KEYS: [&str; 9] = [
    "businesskey",
    "foreignkey",
    "mergekey",
    "naturalkey",
    "partitionkey",
    "publickey",
    "rowkey",
    "sortkey",
    "surrogatekey",
];

/// Whether a property, parameter, variable or header of this name holds a secret, and not where one is kept or what is about one.
///
/// ```
/// use adf_model::secret::is_secret_name;
///
/// assert!(is_secret_name("sqlPwd") && is_secret_name("client-secret") && is_secret_name("storageaccountkey"));
/// assert!(!is_secret_name("secretName") && !is_secret_name("tokenUrl") && !is_secret_name("partitionKey"));
/// ```
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    may_be_secret(name) && Name::of(name).is_secret()
}

/// Whether a property of this name of a linked service, credential or integration runtime holds a secret. There, each key and
/// certificate is one; elsewhere a `…Key` is seldom one.
#[must_use]
pub fn is_secret_of_connection(name: &str) -> bool {
    if !may_be_secret(name) {
        return false;
    }
    let name = Name::of(name);
    let plain = name.plain.as_str();
    let ends = |ends: &[&str]| ends.iter().any(|end| plain.ends_with(end));
    name.is_secret()
        || plain == "certificate"
        || (ends(&ENDS_OF_CONNECTIONS) && !ends(&HARMLESS_KEYS))
}

/// Whether a property, parameter or variable of this name holds a connection string, in whatever spelling.
#[must_use]
pub fn is_connection_string_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes
        .windows(4)
        .any(|part| part.eq_ignore_ascii_case(b"conn"))
        && {
            let plain = Name::of(name).plain;
            CONNECTION_STRINGS.iter().any(|end| plain.ends_with(end))
        }
}

/// The longest name that is looked at without memory of its own.
const SHORT: usize = 64;

/// Whether a name has one of the stems, whatever stands between their letters. Most names of a document have none.
fn may_be_secret(name: &str) -> bool {
    let mut letters = [0; SHORT];
    if name.len() > SHORT || !name.is_ascii() {
        return true;
    }
    let mut length = 0;
    for letter in name.bytes().filter(u8::is_ascii_alphabetic) {
        letters[length] = letter.to_ascii_lowercase();
        length += 1;
    }
    let letters = &letters[..length];
    (0..length).any(|at| {
        let mut stems = STEMS.iter();
        stems.any(|stem| letters[at..].starts_with(stem.as_bytes()))
    })
}

/// A name, in lower case.
struct Name {
    /// Its words: `dbPwd2` and `db_pwd` have the same.
    words: Vec<String>,
    /// The words as one, without those that add nothing.
    plain: String,
}

impl Name {
    fn of(name: &str) -> Self {
        let mut words = words(name);
        while words.len() > 1
            && words
                .last()
                .is_some_and(|last| ADDED.contains(&last.as_str()))
        {
            words.pop();
        }
        let plain = words.concat();
        Self { words, plain }
    }

    fn is_secret(&self) -> bool {
        let plain = self.plain.as_str();
        let ends = |ends: &[&str]| ends.iter().any(|end| plain.ends_with(end));
        if ends(&ENDS_ALL_THE_SAME) {
            return true;
        }
        let is_word = |word: &str| self.words.iter().any(|own| own == word);
        if ends(&ABOUT)
            || ends(&HARMLESS_TOKENS)
            || VAULTS.iter().any(|word| is_word(word))
            || plain.contains("keyvault")
        {
            return false;
        }
        let last = self.words.last().map_or("", String::as_str);
        ANYWHERE.iter().any(|part| plain.contains(part))
            || is_word("pwd")
            || LAST_WORDS.contains(&last)
            || ends(&ENDS)
    }
}

/// The words of a name: what is no letter parts them, and so does a change from small letters to a capital one. Digits are none.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut letters = name.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        if !letter.is_alphabetic() {
            before = None;
            words.push(String::new());
            continue;
        }
        let begins = letter.is_uppercase()
            && match before {
                Some(before) if char::is_uppercase(before) => {
                    letters.peek().is_some_and(|next| next.is_lowercase())
                }
                Some(_) => true,
                None => false,
            };
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
        before = Some(letter);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRETS: [&str; 74] = [
        "password",
        "Password",
        "PASSWORD",
        "sql_password",
        "catalogAdminPassword",
        "passwordProd",
        "password_2",
        "dbpassword",
        "passPhrase",
        "dbPassphrase",
        "sqlPwd",
        "db_pwd",
        "PWD",
        "pwdOld",
        "passwd",
        "adminPass",
        "secret",
        "clientSecret",
        "client-secret",
        "client_secret",
        "secretValue",
        "CLIENTSECRET",
        "appSecretText",
        "token",
        "accessToken",
        "databricksToken",
        "sasToken",
        "sas",
        "blobSas",
        "sasUri",
        "sas_url",
        "githubPat",
        "jwt",
        "pfx",
        "accountKey",
        "storageAccountKey",
        "storageaccountkey",
        "StorageKey",
        "servicePrincipalKey",
        "apiKey",
        "api-key",
        "x-functions-key",
        "x-api-key",
        "functionKey",
        "Ocp-Apim-Subscription-Key",
        "secretAccessKey",
        "sharedKey",
        "privateKey",
        "privateKeyContent",
        "Authorization",
        "authHeader",
        "encryptedCredential",
        "servicePrincipalCredential",
        "embeddedCertData",
        "credString",
        "fs.azure.account.key.st.dfs.core.windows.net",
        "spark.hadoop.fs.azure.account.oauth2.client.secret.st.dfs.core.windows.net",
        "APIKey",
        "SASToken",
        "passcode",
        "root_pw",
        "pw2",
        "PW",
        "wifi_psk",
        "cookie",
        "Set-Cookie",
        "bearer",
        "basicAuth",
        "hmacKey",
        "signing-key",
        "sshKey",
        "API_TOKEN",
        "webhookSecret",
        "loginPasscode",
    ];

    const OTHERS: [&str; 65] = [
        "",
        "_",
        "user",
        "userName",
        "secretName",
        "passwordSecretName",
        "secretVersion",
        "secretname",
        "accessKeyId",
        "privateKeyPath",
        "certThumbprint",
        "authenticationType",
        "authorizationType",
        "passwordLength",
        "keyColumns",
        "tokenEndpoint",
        "tokenUrl",
        "token_type",
        "tokens",
        "maxTokens",
        "keyVault",
        "keyVaultSecret",
        "keyVaultName",
        "kvSecret",
        "partitionKey",
        "primaryKey",
        "businessKey",
        "rowkey",
        "accountKeyVersion",
        "continuationToken",
        "nextPageToken",
        "skipToken",
        "passwordExpiry",
        "secretScope",
        "compass",
        "path",
        "patch",
        "connectionString",
        "passThrough",
        "sassy",
        "Kansas",
        "keyboard",
        "publicKey",
        "bypass",
        "spat",
        "fs.azure.account.oauth2.client.id",
        "fs.azure.account.oauth2.client.endpoint",
        "credential",
        "credentials",
        "auth",
        "certificate",
        "signature",
        "hmac",
        "methodSignature",
        "cookies",
        "cookieName",
        "cookieFile",
        "upward",
        "stopWatch",
        "forbearance",
        "trustServerCertificate",
        "slackWebhook",
        "connStr",
        "instrumentationKey",
        "pwm",
    ];

    /// Secrets of what connects, and nowhere else.
    const OF_CONNECTIONS: [&str; 14] = [
        "key",
        "encryptionKey",
        "servicePrincipalEmbeddedCert",
        "clientCert",
        "primaryKey",
        "secondaryKey",
        "credential",
        "credentialValue",
        "credentials",
        "signature",
        "requestSignature",
        "hmac",
        "certificate",
        "clientCertificate",
    ];

    #[test]
    fn secrets_are_known_by_their_names() {
        for name in SECRETS {
            assert!(is_secret_name(name), "{name}");
            assert!(is_secret_of_connection(name), "{name}");
        }
        for name in OF_CONNECTIONS {
            assert!(
                is_secret_of_connection(name) && !is_secret_name(name),
                "{name}"
            );
        }
    }

    #[test]
    fn what_tells_of_a_secret_is_none() {
        for name in OTHERS {
            assert!(!is_secret_name(name), "{name}");
        }
        for name in [
            "trustServerCertificate",
            "validateCertificate",
            "credentialType",
            "credentialName",
            "certificateThumbprint",
            "signatureMethod",
            "partitionKey",
            "auth",
            "authenticationType",
            "keyspace",
        ] {
            assert!(!is_secret_of_connection(name), "{name}");
        }
    }

    #[test]
    fn connection_strings_are_known_in_any_spelling() {
        for name in [
            "connectionString",
            "connectionstring",
            "serviceBusConnectionString",
            "connection_string",
            "connStr",
            "CONN-STR",
            "ConnString",
            "sqlConnStringProd",
        ] {
            assert!(is_connection_string_name(name), "{name}");
        }
        for name in [
            "connectVia",
            "connection",
            "connectionStringName",
            "connectionStringId",
            "",
        ] {
            assert!(!is_connection_string_name(name), "{name}");
        }
    }

    #[test]
    fn each_known_part_of_a_secret_has_a_stem() {
        let all = ANYWHERE.iter().chain(&ENDS).chain(&ENDS_ALL_THE_SAME);

        for part in all
            .chain(&LAST_WORDS)
            .chain(&ENDS_OF_CONNECTIONS)
            .chain(&["pwd", "certificate"])
        {
            assert!(may_be_secret(part), "{part}");
        }
        assert!(may_be_secret("s-e-c-r-e-t") && may_be_secret("to\u{212a}en"));
        assert!(!may_be_secret("referenceName") && !may_be_secret(""));
    }

    #[test]
    fn words_are_parted_by_capitals_and_by_signs() {
        for (name, parts) in [
            ("sqlPwd", &["sql", "pwd"][..]),
            ("SASToken", &["sas", "token"]),
            ("x-functions-key", &["x", "functions", "key"]),
            ("password2Old", &["password", "old"]),
            ("ÄnderungsToken", &["änderungs", "token"]),
        ] {
            assert_eq!(words(name), parts, "{name}");
        }
    }
}
