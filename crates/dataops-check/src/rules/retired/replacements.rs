//! What has been retired, and what takes its place.
//!
//! From the documentation of Data Factory (planned connector deprecations, connector lifecycle) and the retirement notices of the
//! services behind the connectors.

/// How far a type is gone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Pipelines do not run with it any longer, or may stop to at any time; since when.
    Off(&'static str),
    /// It works, and a newer type takes its place.
    Superseded,
}

/// A type of linked service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connector {
    pub(super) kind: &'static str,
    pub(super) stage: Stage,
    /// What to do.
    pub(super) instead: &'static str,
    /// Whether a second version has the same type.
    pub(super) has_second_version: bool,
}

/// The types of activities, what they need, and what to do.
pub(super) const ACTIVITIES: [(&str, &str, &str); 3] = [
    (
        "AzureMLBatchExecution",
        "Machine Learning Studio (classic), which was retired on 31 August 2024",
        "publish the model with Azure Machine Learning, and run it by `AzureMLExecutePipeline`",
    ),
    (
        "AzureMLUpdateResource",
        "Machine Learning Studio (classic), which was retired on 31 August 2024",
        "publish the model with Azure Machine Learning, and run it by `AzureMLExecutePipeline`",
    ),
    (
        "DataLakeAnalyticsU-SQL",
        "Azure Data Lake Analytics, which was retired on 29 February 2024",
        "rewrite the script for Spark, and run it by `DatabricksNotebook` or a data flow",
    ),
];

const ODBC: &str = "use the `Odbc` connector with the vendor's driver, or `RestService`";

const fn off(kind: &'static str, since: &'static str, instead: &'static str) -> Connector {
    Connector {
        kind,
        stage: Stage::Off(since),
        instead,
        has_second_version: false,
    }
}

const fn first_version(
    kind: &'static str,
    since: &'static str,
    instead: &'static str,
) -> Connector {
    Connector {
        has_second_version: true,
        ..off(kind, since, instead)
    }
}

/// The types of linked services.
pub(super) const CONNECTORS: [Connector; 28] = [
    off("AmazonMWS", "2024", ODBC),
    off(
        "AzureDataLakeAnalytics",
        "29 February 2024",
        "move the work to Databricks or Synapse",
    ),
    off(
        "AzureDataLakeStore",
        "29 February 2024",
        "Data Lake Storage Gen1 is gone; use `AzureBlobFS` for Gen2",
    ),
    off("AzureML", "31 August 2024", "use `AzureMLService`"),
    off(
        "AzureMariaDB",
        "31 December 2024",
        "use `AzureMySql` or `MariaDB`",
    ),
    off("Concur", "31 December 2024", ODBC),
    off("Couchbase", "31 December 2024", ODBC),
    off("Drill", "31 December 2024", ODBC),
    off("Eloqua", "31 December 2024", ODBC),
    off(
        "GoogleBigQuery",
        "10 January 2025",
        "use `GoogleBigQueryV2`",
    ),
    off("HBase", "31 December 2024", ODBC),
    off("Magento", "31 December 2024", ODBC),
    off("Marketo", "31 December 2024", ODBC),
    first_version(
        "MariaDB",
        "10 January 2025",
        "use version 2.0 of the connector",
    ),
    first_version(
        "MySql",
        "10 January 2025",
        "use version 2.0 of the connector",
    ),
    off("OracleServiceCloud", "31 December 2024", ODBC),
    off("Paypal", "31 December 2024", ODBC),
    off("Phoenix", "31 December 2024", ODBC),
    off("PostgreSql", "10 January 2025", "use `PostgreSqlV2`"),
    off("Responsys", "31 December 2024", ODBC),
    off("Salesforce", "10 January 2025", "use `SalesforceV2`"),
    off("SalesforceMarketingCloud", "31 December 2024", ODBC),
    off(
        "SalesforceServiceCloud",
        "10 January 2025",
        "use `SalesforceServiceCloudV2`",
    ),
    off("ServiceNow", "1 March 2025", "use `ServiceNowV2`"),
    off("Snowflake", "10 January 2025", "use `SnowflakeV2`"),
    off("Zoho", "31 December 2024", ODBC),
    superseded(
        "AzureStorage",
        "use `AzureBlobStorage` for blobs, `AzureTableStorage` for tables",
    ),
    superseded("MongoDb", "use `MongoDbV2`"),
];

const fn superseded(kind: &'static str, instead: &'static str) -> Connector {
    Connector {
        stage: Stage::Superseded,
        ..off(kind, "", instead)
    }
}

const FORMATS: &str =
    "use a dataset of the format, such as `DelimitedText`, `Json`, `Parquet` or `Binary`";

/// The types of datasets that name a store and leave the format open.
pub(super) const LEGACY_DATASETS: [(&str, &str); 9] = [
    ("AmazonS3Object", FORMATS),
    ("AzureBlob", FORMATS),
    ("AzureBlobFSFile", FORMATS),
    ("AzureDataLakeStoreFile", FORMATS),
    ("DocumentDbCollection", "use `CosmosDbSqlApiCollection`"),
    ("FileShare", FORMATS),
    ("HttpFile", FORMATS),
    ("MongoDbCollection", "use `MongoDbV2Collection`"),
    (
        "RelationalTable",
        "use the dataset of the store, such as `OdbcTable`, `Db2Table` or `TeradataTable`",
    ),
];

const SIDES: &str =
    "use the source or sink of the format, such as `DelimitedTextSource`, with its `storeSettings`";

/// The types of sources and sinks that belong to those datasets.
pub(super) const LEGACY_COPY: [(&str, &str); 10] = [
    ("AzureBlobFSSource", SIDES),
    ("AzureBlobFSSink", SIDES),
    ("AzureDataLakeStoreSource", SIDES),
    ("AzureDataLakeStoreSink", SIDES),
    ("BlobSource", SIDES),
    ("BlobSink", SIDES),
    ("DocumentDbCollectionSource", "use `CosmosDbSqlApiSource`"),
    ("FileSystemSource", SIDES),
    ("FileSystemSink", SIDES),
    ("HttpSource", SIDES),
];
