//! Servers, and agreements of service.

use crate::model::{Contract, Property, Reference, Server, Sla, as_text};
use crate::plan::Kind;
use crate::suggestion::{meant, nearest};
use crate::time::{DurationError, seconds_of};

use super::links::{is_given, missing, names};
use super::properties::kind;
use super::rule::{
    DATA_FORMAT, Findings, NO_SERVER, SERVER_KEY, SERVER_TYPE, SERVER_UNREACHABLE, SLA_ELEMENT,
    SLA_PROPERTY, SLA_TYPE, SLA_VALUE,
};

/// Types of servers, with what each needs.
const SERVERS: [(&str, &[&str]); 44] = [
    ("api", &["location"]),
    ("athena", &["schema"]),
    ("azure", &["location", "format"]),
    ("bigquery", &["project", "dataset"]),
    ("btrieve", &["host", "database"]),
    ("clickhouse", &["host", "port", "database"]),
    ("cloudsql", &["host", "port", "database", "schema"]),
    ("custom", &[]),
    ("databricks", &["catalog", "schema"]),
    ("db2", &["host", "port", "database"]),
    ("denodo", &["host", "port"]),
    ("dremio", &["host", "port"]),
    ("duckdb", &["database"]),
    ("exasol", &["host"]),
    ("fastobjects", &["database"]),
    ("glue", &["account", "database"]),
    ("hana", &["host"]),
    ("hive", &["host", "database"]),
    ("iceberg", &["catalog", "catalogUrl"]),
    ("impala", &["host", "database"]),
    ("informix", &["host", "database"]),
    ("ingres", &["database", "host"]),
    ("kafka", &["host"]),
    ("kinesis", &[]),
    ("local", &["path", "format"]),
    ("mysql", &["host", "port", "database"]),
    ("oracle", &["host", "port", "serviceName"]),
    ("poet", &["database"]),
    ("postgres", &["host", "port", "database", "schema"]),
    ("postgresql", &["host", "port", "database", "schema"]),
    ("presto", &["host"]),
    ("pubsub", &["project"]),
    ("redshift", &["database", "schema"]),
    ("s3", &["location"]),
    ("sftp", &["location"]),
    ("snowflake", &["account", "database", "schema"]),
    ("sqlserver", &["host", "database", "schema"]),
    ("synapse", &["host", "port", "database"]),
    ("teradata", &["host"]),
    ("trino", &["host", "port", "catalog", "schema"]),
    ("vectorwise", &["database", "host"]),
    ("versant", &["database"]),
    ("vertica", &["host", "port", "database", "schema"]),
    ("zen", &["host", "database"]),
];
/// Types of servers whose data are read.
const READ: [&str; 3] = ["local", "azure", "databricks"];
/// Formats that are read.
const FORMATS: [&str; 7] = ["csv", "delta", "json", "jsonl", "ndjson", "parquet", "tsv"];
/// Agreements that show in data.
const MEASURED: [&str; 5] = ["freshness", "latency", "ly", "retention", "re"];

/// Looks at servers and agreements.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    if contract.servers().next().is_none() {
        let message =
            "the contract has no `servers`, so that the place of the data has to be told each time";
        findings.at(&NO_SERVER, contract.root(), message);
    }
    for server in contract.servers() {
        self::server(findings, server);
    }
    for sla in contract.sla() {
        agreement(findings, contract, sla);
    }
}

fn server(findings: &mut Findings<'_>, server: Server<'_>) {
    let name = server.kind();
    let Some(node) = server.node.get("type") else {
        return;
    };
    let Some((_, needs)) = SERVERS.iter().find(|(known, _)| *known == name) else {
        let hint = match name.as_ref() {
            "adls" | "abfss" | "blob" | "azureblob" | "adlsgen2" => {
                Some("did you mean `azure`?".to_owned())
            }
            "file" | "files" | "folder" => Some("did you mean `local`?".to_owned()),
            name => meant(name, SERVERS.map(|(known, _)| known)),
        };
        return findings.hinted(
            &SERVER_TYPE,
            node,
            format!("`{name}` is no type of a server"),
            hint,
        );
    };
    for key in *needs {
        if !is_given(server.node.get(key)) {
            findings.at(
                &SERVER_KEY,
                server.node,
                format!("a server of type `{name}` has `{key}`"),
            );
        }
    }
    if !READ.contains(&name.as_ref()) {
        let hint = Some(format!(
            "data are read from servers of type {}",
            READ.join(", ")
        ));
        findings.hinted(
            &SERVER_UNREACHABLE,
            node,
            format!("data on a server of type `{name}` are not read here"),
            hint,
        );
        return;
    }
    if let Some(node) = server.node.get("format")
        && let Some(format) = as_text(node)
        && !FORMATS.contains(&format.to_lowercase().as_str())
    {
        let hint = nearest(&format, FORMATS).map_or_else(
            || format!("read are {}", FORMATS.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        findings.hinted(
            &DATA_FORMAT,
            node,
            format!("data of the format `{format}` are not read here"),
            Some(hint),
        );
    }
}

fn agreement<'c>(findings: &mut Findings<'c>, contract: &'c Contract, sla: Sla<'_>) {
    let property = sla.property();
    if !MEASURED.contains(&property.as_ref()) {
        let node = sla.node.get("property").unwrap_or(sla.node);
        let hint = meant(&property, ["freshness", "latency", "retention"]);
        return findings.hinted(
            &SLA_PROPERTY,
            node,
            format!("`{property}` does not show in data, and is not measured"),
            hint,
        );
    }
    value(findings, sla);
    let mut elements = sla.elements();
    if elements.is_empty() {
        elements.extend(contract.default_element().map(std::borrow::Cow::into_owned));
    }
    if elements.is_empty() {
        let message = format!("`{property}` says in `element` which column has the time");
        findings.at(&SLA_ELEMENT, sla.node, message);
    }
    for element in elements {
        self::element(findings, contract, (sla, &element));
    }
}

fn value(findings: &mut Findings<'_>, sla: Sla<'_>) {
    let Some(node) = sla.value() else {
        return;
    };
    let value = as_text(node).unwrap_or_default();
    let unit = sla.unit();
    let Err(error) = seconds_of(&value, unit.as_deref()) else {
        return;
    };
    let hint = match &error {
        DurationError::Ambiguous => "write `min` or `mo`".to_owned(),
        DurationError::NoUnit => "add `unit: d`, or write the value as `PT6H`".to_owned(),
        DurationError::Unit(_) => "known are s, min, h, d, w, mo, y".to_owned(),
        DurationError::Malformed(_) => {
            "write a number with a unit, or a duration such as `PT6H`".to_owned()
        }
    };
    let place = match error {
        DurationError::Ambiguous | DurationError::Unit(_) => sla.node.get("unit").unwrap_or(node),
        _ => node,
    };
    findings.hinted(&SLA_VALUE, place, error.to_string(), Some(hint));
}

fn element<'c>(findings: &mut Findings<'c>, contract: &'c Contract, (sla, name): (Sla<'_>, &str)) {
    let place = sla.node.get("element").unwrap_or(sla.node);
    if findings.names.object(name).is_some() {
        return;
    }
    let reference = Reference::parse(name);
    let found = reference
        .as_ref()
        .and_then(|reference| findings.names.find(reference));
    let alone = || {
        let mut with = contract
            .objects()
            .filter_map(|object| findings.names.column(object, name));
        let first = with.next()?;
        with.next().is_none().then(|| first.last().copied())?
    };
    let property: Option<Property<'_>> = found.and_then(|found| found.property()).or_else(alone);
    let Some(property) = property else {
        if names(contract).is_empty() {
            return;
        }
        return missing_element(findings, place, name);
    };
    let kind = kind(property, contract.api());
    if !matches!(
        kind,
        Kind::Any | Kind::Date { .. } | Kind::Timestamp { .. } | Kind::String
    ) {
        let message = format!(
            "`{name}` holds {}, which have no age",
            crate::compile::plural(&kind)
        );
        findings.at(&SLA_TYPE, place, message);
    }
}

fn missing_element(findings: &mut Findings<'_>, place: &yaml_source::Node, name: &str) {
    let before = findings.found.len();
    missing(findings, place, name);
    for finding in &mut findings.found[before..] {
        finding.rule = SLA_ELEMENT.id;
        finding.name = SLA_ELEMENT.name;
    }
}
