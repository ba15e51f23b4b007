//! What the properties of each type of resource must have.

use adf_model::{Kind, Members as _};
use adf_source::SourceResource;
use serde_json::Value;

use super::{Expected, NO_PROPERTIES, REQUIRED, check_member, references};
use crate::value::is_given;
use crate::{Finding, Findings};

/// What `typeProperties` of linked services must have.
const LINKED_SERVICES: [(&str, &[&str]); 14] = [
    (
        "AzureBatch",
        &["accountName", "batchUri", "poolName", "linkedServiceName"],
    ),
    ("AzureDataExplorer", &["endpoint", "database"]),
    ("AzureDatabricks", &["domain"]),
    ("AzureFunction", &["functionAppUrl"]),
    ("AzureKeyVault", &["baseUrl"]),
    (
        "AzureMLService",
        &["subscriptionId", "resourceGroupName", "mlWorkspaceName"],
    ),
    ("FileServer", &["host"]),
    ("FtpServer", &["host"]),
    ("HttpServer", &["url"]),
    ("OData", &["url"]),
    ("RestService", &["url"]),
    ("Sftp", &["host"]),
    ("SharePointOnlineList", &["siteUrl", "tenantId"]),
    ("HDInsight", &["clusterUri"]),
];

/// Types of datasets that are files in a place.
const WITH_LOCATION: [&str; 9] = [
    "Avro",
    "Binary",
    "DelimitedText",
    "Excel",
    "Iceberg",
    "Json",
    "Orc",
    "Parquet",
    "Xml",
];

pub(super) fn check(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    let kind = properties
        .member("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match resource.id.kind {
        Kind::Dataset => {
            require(resource, properties, "linkedServiceName", findings);
            if WITH_LOCATION.contains(&kind) {
                require_of_type(resource, properties, &["location"], findings);
                check_location(resource, properties, findings);
            }
        }
        Kind::LinkedService => {
            if !is_given(properties.member("typeProperties")) {
                let message = format!("{} has no `typeProperties`", resource.id);
                findings.add(Finding::at(
                    &NO_PROPERTIES,
                    &resource.file,
                    place(resource),
                    message,
                ));
                return;
            }
            let of_type = LINKED_SERVICES.iter().find(|(of, _)| *of == kind);
            let required = of_type.map_or(&[][..], |(_, required)| *required);
            require_of_type(resource, properties, required, findings);
            references::check_secrets(&resource.file, properties, findings);
        }
        Kind::Pipeline
            if !is_given(properties.member("activities"))
                && is_given(properties.member("typeProperties")) =>
        {
            let message = format!("{} needs `activities`", resource.id);
            findings.add(
                Finding::at(&REQUIRED, &resource.file, place(resource), message).hint(
                    "`typeProperties` belongs to another kind: is the file in the right folder?",
                ),
            );
        }
        Kind::DataFlow | Kind::Trigger if !is_given(properties.member("typeProperties")) => {
            let message = format!("{} has no `typeProperties`", resource.id);
            findings.add(Finding::at(
                &NO_PROPERTIES,
                &resource.file,
                place(resource),
                message,
            ));
        }
        _ => {}
    }
}

/// Where the files of a dataset are: in a place of a type.
fn check_location(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    let Some(types) = properties.member("typeProperties") else {
        return;
    };
    let file = &resource.file;
    let above = || "/properties/typeProperties".to_owned();
    check_member(file, (types, above), "location", Expected::Object, findings);
    let location = types.member("location").filter(|value| value.is_object());
    if location.is_some_and(|location| !is_given(location.member("type"))) {
        let message = format!("{} needs `typeProperties.location.type`", resource.id);
        let pointer = "/properties/typeProperties/location";
        findings.add(Finding::at_key(&REQUIRED, file, pointer, message));
    }
}

fn require(resource: &SourceResource, parent: &Value, name: &str, findings: &mut Findings) {
    if !is_given(parent.member(name)) {
        let message = format!("{} needs `{name}`", resource.id);
        findings.add(Finding::at(
            &REQUIRED,
            &resource.file,
            place(resource),
            message,
        ));
    }
}

fn require_of_type(
    resource: &SourceResource,
    properties: &Value,
    required: &[&str],
    findings: &mut Findings,
) {
    for name in required {
        let property = properties
            .member("typeProperties")
            .and_then(|parent| parent.member(name));
        if !is_given(property) {
            let kind = properties
                .member("type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let message = format!("{} ({kind}) needs `typeProperties.{name}`", resource.id);
            findings.add(Finding::at(
                &REQUIRED,
                &resource.file,
                "/properties/type",
                message,
            ));
        }
    }
}

fn place(resource: &SourceResource) -> &'static str {
    match resource.file.json().member("name") {
        Some(_) => "/name",
        None => "/properties",
    }
}
