//! Types that go together: of a dataset and its linked service, and of what reads or writes and its dataset.
//!
//! The service saves any pair. Only types of which all partners are known are looked at.

use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::{Group, rule};
use crate::pipeline::{Activity, Pipeline};
use crate::value::constant;
use crate::{Context, Finding, Findings, Related, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[&UNFIT],
    check,
};

static UNFIT: Rule = rule!(
    "ADF209",
    "unfit-type",
    Warning,
    "A type does not go together with that of the dataset or linked service that it stands for"
);

/// Stores of files, by what the types of locations and settings begin with, and the linked services for them.
const STORES: [(&str, &[&str]); 13] = [
    ("AmazonS3", &["AmazonS3"]),
    ("AmazonS3Compatible", &["AmazonS3Compatible"]),
    ("AzureBlobFS", &["AzureBlobFS"]),
    ("AzureBlobStorage", &["AzureBlobStorage", "AzureStorage"]),
    ("AzureDataLakeStore", &["AzureDataLakeStore"]),
    ("AzureFileStorage", &["AzureFileStorage"]),
    ("FileServer", &["FileServer"]),
    ("Ftp", &["FtpServer"]),
    ("GoogleCloudStorage", &["GoogleCloudStorage"]),
    ("Hdfs", &["Hdfs"]),
    ("Http", &["HttpServer"]),
    ("OracleCloudStorage", &["OracleCloudStorage"]),
    ("Sftp", &["Sftp"]),
];

/// Tables and the like, and the linked services that have them.
const TABLES: [(&str, &[&str]); 25] = [
    ("AzureBlob", &["AzureBlobStorage", "AzureStorage"]),
    ("AzureBlobFSFile", &["AzureBlobFS"]),
    ("AzureDataExplorerTable", &["AzureDataExplorer"]),
    ("AzureDataLakeStoreFile", &["AzureDataLakeStore"]),
    (
        "AzureDatabricksDeltaLakeDataset",
        &["AzureDatabricksDeltaLake"],
    ),
    ("AzureMySqlTable", &["AzureMySql"]),
    ("AzurePostgreSqlTable", &["AzurePostgreSql"]),
    ("AzureSqlDWTable", &["AzureSqlDW"]),
    ("AzureSqlMITable", &["AzureSqlMI"]),
    ("AzureSqlTable", &["AzureSqlDatabase"]),
    ("AzureTable", &["AzureTableStorage", "AzureStorage"]),
    ("CosmosDbMongoDbApiCollection", &["CosmosDbMongoDbApi"]),
    ("CosmosDbSqlApiCollection", &["CosmosDb"]),
    ("HttpFile", &["HttpServer"]),
    ("MySqlTable", &["MySql"]),
    ("ODataResource", &["OData"]),
    ("OdbcTable", &["Odbc"]),
    ("OracleTable", &["Oracle"]),
    ("PostgreSqlTable", &["PostgreSql"]),
    ("PostgreSqlV2Table", &["PostgreSqlV2"]),
    ("RestResource", &["RestService"]),
    ("SalesforceV2Object", &["SalesforceV2"]),
    ("SnowflakeTable", &["Snowflake"]),
    ("SnowflakeV2Table", &["SnowflakeV2"]),
    ("SqlServerTable", &["SqlServer", "AzureSqlMI"]),
];

/// Formats of files. A dataset of one is read by `<Format>Source` and written by `<Format>Sink`.
const FORMATS: [&str; 8] = [
    "Avro",
    "Binary",
    "DelimitedText",
    "Excel",
    "Json",
    "Orc",
    "Parquet",
    "Xml",
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for dataset in context.repository.of_kind(Kind::Dataset) {
        check_dataset(context, dataset, findings);
    }
    for pipeline in context.pipelines() {
        for activity in pipeline.active() {
            check_activity(context, pipeline, activity, findings);
        }
    }
}

/// A resource with the type that it has.
struct Typed<'a> {
    resource: &'a SourceResource,
    kind: &'a str,
}

impl<'a> Typed<'a> {
    /// What a reference leads to.
    fn of(context: &Context<'a>, kind: Kind, reference: Option<&Value>) -> Option<Self> {
        let name = reference?.member("referenceName")?.as_str()?;
        let resource = context.find(kind, name)?;
        let kind = resource.property("type")?.as_str()?;
        Some(Self { resource, kind })
    }

    /// Reports a value that does not fit.
    fn unfit(&self, file: &SourceFile, pointer: String, written: &str, findings: &mut Findings) {
        let message = format!(
            "`{written}` does not go together with {} of type {}",
            self.resource.id, self.kind
        );
        let related = Related::at(&self.resource.file, "/properties/type", "its type");
        findings.add(Finding::at(&UNFIT, file, pointer, message).related(related));
    }
}

fn check_dataset(context: &Context<'_>, dataset: &SourceResource, findings: &mut Findings) {
    let file = &dataset.file;
    let reference = dataset.property("linkedServiceName");
    let Some(service) = Typed::of(context, Kind::LinkedService, reference) else {
        return;
    };
    if let Some(kind) = dataset.property("type").and_then(Value::as_str)
        && partners(&TABLES, kind).is_some_and(|services| !services.contains(&service.kind))
    {
        let pointer = "/properties/type".to_owned();
        service.unfit(file, pointer, kind, findings);
    }
    let location = dataset.property("typeProperties");
    let location = location.and_then(|properties| properties.member("location"));
    let kind = location.and_then(|location| location.member("type"));
    if let Some(kind) = kind.and_then(Value::as_str)
        && !is_of_store(kind, "Location", service.kind)
    {
        let pointer = "/properties/typeProperties/location/type".to_owned();
        service.unfit(file, pointer, kind, findings);
    }
}

/// The sides of an activity: where its dataset is named, and where is said how it is read or written.
const SIDES: [(&str, Named, &[&str]); 5] = [
    (
        "Copy",
        Named::First("inputs"),
        &["typeProperties", "source"],
    ),
    ("Copy", Named::First("outputs"), &["typeProperties", "sink"]),
    ("Lookup", Named::Property, &["typeProperties", "source"]),
    ("GetMetadata", Named::Property, &["typeProperties"]),
    ("Delete", Named::Property, &["typeProperties"]),
];

/// Where an activity names its dataset.
#[derive(Clone, Copy)]
enum Named {
    /// First in a list of its own.
    First(&'static str),
    /// In the type's properties.
    Property,
}

impl Named {
    fn of<'a>(self, activity: &Activity<'a>) -> Option<&'a Value> {
        match self {
            Self::First(list) => activity.json.member(list)?.get(0),
            Self::Property => activity.type_property("dataset"),
        }
    }
}

fn check_activity(
    context: &Context<'_>,
    pipeline: &Pipeline<'_>,
    activity: &Activity<'_>,
    findings: &mut Findings,
) {
    let file = &pipeline.resource.file;
    let sides = SIDES
        .iter()
        .filter(|(kind, ..)| activity.kind() == Some(kind));
    for (_, named, how) in sides {
        let Some(dataset) = Typed::of(context, Kind::Dataset, named.of(activity)) else {
            continue;
        };
        let side = how
            .iter()
            .try_fold(activity.json, |side, key| side.member(key)?.as_object());
        let Some(side) = side else { continue };
        let at = |below: &str| format!("{}/{}/{below}", activity.pointer, how.join("/"));
        if let Some(kind) = side.member("type").and_then(constant)
            && !is_of_format(kind, dataset.kind)
        {
            dataset.unfit(file, at("type"), kind, findings);
        }
        let service = dataset.resource.property("linkedServiceName");
        let settings = side.member("storeSettings");
        if let Some(service) = Typed::of(context, Kind::LinkedService, service)
            && let Some(kind) = settings.and_then(|settings| constant(settings.member("type")?))
            && !(is_of_store(kind, "ReadSettings", service.kind)
                && is_of_store(kind, "WriteSettings", service.kind))
        {
            service.unfit(file, at("storeSettings/type"), kind, findings);
        }
    }
}

fn partners<'t>(table: &[(&str, &'t [&'t str])], kind: &str) -> Option<&'t [&'t str]> {
    let found = table.iter().find(|(known, _)| *known == kind);
    found.map(|(_, partners)| *partners)
}

/// Whether a type that ends in this may stand for a store behind a linked service; types of other stores are not known.
fn is_of_store(kind: &str, end: &str, service: &str) -> bool {
    let store = kind.strip_suffix(end);
    // Locations are called after the server.
    let store = store.map(|store| match store {
        "FtpServer" | "HttpServer" => store.trim_end_matches("Server"),
        store => store,
    });
    let services = store.and_then(|store| partners(&STORES, store));
    services.is_none_or(|services| services.contains(&service))
}

/// Whether a source or a sink of this type may stand for a dataset of that type.
fn is_of_format(kind: &str, dataset: &str) -> bool {
    let format = kind.strip_suffix("Source").or(kind.strip_suffix("Sink"));
    let Some(format) = format else { return true };
    format == dataset || !(FORMATS.contains(&format) || FORMATS.contains(&dataset))
}
