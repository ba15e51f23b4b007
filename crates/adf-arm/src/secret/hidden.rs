//! Which secrets a linked service has that its file does not show.
//!
//! Measured on templates beside their sources; types without a sample follow the service's models: the password or key of
//! the way of signing in that the properties choose.

use serde_json::{Map, Value};

use crate::secret::is_blank;

/// The keys of the secrets that belong to a linked service of type `kind`. `sealed` says whether it has an `encryptedCredential`.
pub(super) fn secrets(kind: &str, written: &Map<String, Value>, sealed: bool) -> Vec<&'static str> {
    let form = Form(written);
    if kind == "AzureFunction" {
        // Asked for even by functions that need no key.
        return vec!["functionKey"];
    }
    if !sealed {
        return Vec::new();
    }
    form.storage(kind)
        .or_else(|| form.database(kind))
        .or_else(|| form.web(kind))
        .or_else(|| always(kind))
        .unwrap_or_else(|| form.by_sign_in())
}

/// The properties that tell how a linked service signs in.
struct Form<'a>(&'a Map<String, Value>);

type Secrets = Option<Vec<&'static str>>;

impl Form<'_> {
    fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(|value| !is_blank(value))
    }

    fn signs_in(&self, ways: &[&str]) -> bool {
        self.0
            .get("authenticationType")
            .and_then(Value::as_str)
            .is_some_and(|way| ways.iter().any(|known| known.eq_ignore_ascii_case(way)))
    }

    fn storage(&self, kind: &str) -> Secrets {
        let connected = self.has("connectionString") || self.has("sasUri");
        let principal = self.has("servicePrincipalId");
        Some(match kind {
            "AzureBlobFS" if self.has("sasUri") => vec![],
            "AzureBlobStorage" if connected => vec![],
            "AzureBlobFS" | "AzureBlobStorage"
                if principal && self.has("servicePrincipalCredentialType") =>
            {
                vec!["servicePrincipalCredential"]
            }
            "AzureBlobFS" | "AzureBlobStorage" if principal => vec!["servicePrincipalKey"],
            "AzureBlobFS" => vec!["accountKey"],
            "AzureFileStorage" if connected => vec![],
            "AzureFileStorage" if self.has("userId") => vec!["password"],
            "AzureBlobStorage" | "AzureFileStorage" | "AzureTableStorage" | "AzureStorage" => {
                vec![]
            }
            "AmazonS3" | "AmazonS3Compatible" | "GoogleCloudStorage" | "OracleCloudStorage" => {
                vec!["secretAccessKey"]
            }
            _ => return None,
        })
    }

    fn database(&self, kind: &str) -> Secrets {
        let connected = self.has("connectionString");
        let principal = self.has("servicePrincipalId");
        Some(match kind {
            "AzureSqlDatabase" | "AzureSqlDW" | "AzureSqlMI" => match (connected, principal) {
                (true, true) => vec!["servicePrincipalKey"],
                (true, false) => vec![],
                (false, true) => vec!["servicePrincipalCredential"],
                (false, false) => vec!["password"],
            },
            "SqlServer" | "AmazonRdsForSqlServer" if self.has("userName") => vec!["password"],
            "SqlServer" | "AmazonRdsForSqlServer" => vec![],
            "CosmosDb" if !connected && self.has("servicePrincipalCredentialType") => {
                vec!["servicePrincipalCredential"]
            }
            "CosmosDb" if !connected => vec!["accountKey"],
            "Informix" | "MicrosoftAccess" => vec!["password", "credential"],
            "Odbc" => vec!["password"],
            _ if connected => vec![],
            _ => return None,
        })
    }

    fn web(&self, kind: &str) -> Secrets {
        Some(match kind {
            "RestService" if self.signs_in(&["Basic"]) => vec!["password"],
            "RestService" if self.signs_in(&["AadServicePrincipal"]) => {
                vec!["servicePrincipalKey"]
            }
            "RestService" if self.signs_in(&["OAuth2ClientCredential"]) => vec!["clientSecret"],
            "RestService" => vec![],
            "HttpServer" | "OData" | "Sftp" | "Hive"
                if self.signs_in(&["Anonymous", "None", "ManagedServiceIdentity"]) =>
            {
                vec![]
            }
            "OData" if self.has("servicePrincipalId") => vec!["servicePrincipalKey"],
            "HttpServer" if self.signs_in(&["ClientCertificate"]) => {
                vec!["embeddedCertData", "password"]
            }
            "Sftp" if self.signs_in(&["SshPublicKey"]) => vec!["privateKeyContent", "passPhrase"],
            "HttpServer" | "OData" | "Sftp" | "Hive" => vec!["password"],
            "Dynamics" | "DynamicsCrm" | "CommonDataServiceForApps" => {
                match self.signs_in(&["Office365", "Ifd"]) {
                    true => vec!["password"],
                    false => vec!["servicePrincipalCredential"],
                }
            }
            "SharePointOnlineList" if self.has("servicePrincipalCredentialType") => {
                vec![
                    "servicePrincipalEmbeddedCert",
                    "servicePrincipalEmbeddedCertPassword",
                ]
            }
            "SharePointOnlineList" => vec!["servicePrincipalKey"],
            _ => return None,
        })
    }

    /// What a type without a row of its own hides, by the name that it signs in with.
    fn by_sign_in(&self) -> Vec<&'static str> {
        let named = ["userName", "username", "user", "userId"];
        if self.signs_in(&["Anonymous", "Windows", "ManagedServiceIdentity"])
            && !named.iter().any(|key| self.has(key))
        {
            vec![]
        } else if self.has("servicePrincipalCredentialType") {
            vec!["servicePrincipalCredential"]
        } else if self.has("servicePrincipalId") {
            vec!["servicePrincipalKey"]
        } else if named.iter().any(|key| self.has(key)) {
            vec!["password"]
        } else {
            vec![]
        }
    }
}

/// Types whose secrets do not depend on other properties.
fn always(kind: &str) -> Secrets {
    let keys: &[&str] = match kind {
        "AzureDatabricks" | "AzureDatabricksDeltaLake" => &["accessToken"],
        "AzureDataExplorer"
        | "Kusto"
        | "AzureDataLakeStore"
        | "AzureDataLakeAnalytics"
        | "AzureMLService"
        | "Office365"
        | "DynamicsAX" => &["servicePrincipalKey"],
        "AzureBatch" | "EventHubs" => &["accessKey"],
        "AzureML" => &["apiKey"],
        "AzureSearch" => &["key"],
        "HDInsightOnDemand" => &[
            "clusterPassword",
            "clusterSshPassword",
            "servicePrincipalKey",
        ],
        "Hubspot" => &["clientSecret", "accessToken", "refreshToken"],
        "Lakehouse" | "Warehouse" => &["servicePrincipalCredential"],
        "Salesforce" | "SalesforceServiceCloud" => &["password", "securityToken"],
        "SalesforceV2"
        | "SalesforceServiceCloudV2"
        | "SalesforceMarketingCloud"
        | "Paypal"
        | "Marketo"
        | "Responsys"
        | "Square" => &["clientSecret"],
        "GoogleBigQuery" | "GoogleBigQueryV2" => &["clientSecret", "refreshToken"],
        "GoogleAdWords" => &["developerToken", "refreshToken", "clientSecret"],
        "QuickBooks" => &["accessToken", "accessTokenSecret"],
        "Xero" => &["consumerKey", "privateKey"],
        "AmazonMWS" => &["mwsAuthToken", "secretKey"],
        "Magento" | "Shopify" | "Zoho" => &["accessToken"],
        "Asana" | "Dataworld" | "GoogleSheets" | "Smartsheet" => &["apiToken"],
        "Quickbase" => &["userToken"],
        "AppFigures" => &["password", "clientKey"],
        "Couchbase" => &["credString"],
        "GitHub" => &["credential"],
        "FileServer" | "FtpServer" | "HDInsight" | "MySql" | "SapBw" | "SapBW" | "SapEcc"
        | "SapOdp" | "SapOpenHub" | "SapTable" | "ServiceNow" | "ServiceNowV2" | "SnowflakeV2" => {
            &["password"]
        }
        _ => return None,
    };
    Some(keys.to_vec())
}
