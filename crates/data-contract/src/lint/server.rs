//! Servers: their types, and the keys of each.

use crate::model::{Server, as_text};
use crate::suggestion::{meant, nearest};

use super::links::is_given;
use super::rule::{
    DATA_FORMAT, Findings, Level, NO_SERVER, SERVER_KEY, SERVER_TYPE, SERVER_UNREACHABLE,
    UNKNOWN_KEY,
};
use super::standard::SERVER;
use super::walk::of_unknown;

/// What a type of servers has beside the keys of all.
struct ServerType {
    name: &'static str,
    /// What it needs.
    needs: &'static [&'static str],
    /// What else it may have; `None` where the standard does not say.
    others: Option<&'static [&'static str]>,
}

const fn kind_of(
    name: &'static str,
    needs: &'static [&'static str],
    others: Option<&'static [&'static str]>,
) -> ServerType {
    ServerType {
        name,
        needs,
        others,
    }
}

/// Types of servers.
static SERVERS: [ServerType; 44] = [
    kind_of("api", &["location"], Some(&[])),
    kind_of(
        "athena",
        &["schema"],
        Some(&["stagingDir", "catalog", "regionName", "workgroup"]),
    ),
    kind_of(
        "azure",
        &["location", "format"],
        Some(&["delimiter", "encoding"]),
    ),
    kind_of("bigquery", &["project", "dataset"], Some(&[])),
    kind_of("btrieve", &["host", "database"], Some(&["port", "schema"])),
    kind_of("clickhouse", &["host", "port", "database"], Some(&[])),
    kind_of(
        "cloudsql",
        &["host", "port", "database", "schema"],
        Some(&[]),
    ),
    kind_of(
        "custom",
        &[],
        Some(&[
            "account",
            "catalog",
            "database",
            "dataset",
            "delimiter",
            "encoding",
            "endpointUrl",
            "format",
            "host",
            "location",
            "path",
            "port",
            "project",
            "region",
            "regionName",
            "schema",
            "serviceName",
            "stagingDir",
            "warehouse",
            "stream",
        ]),
    ),
    kind_of("databricks", &["catalog", "schema"], Some(&["host"])),
    kind_of("db2", &["host", "port", "database"], Some(&["schema"])),
    kind_of("denodo", &["host", "port"], Some(&["database"])),
    kind_of("dremio", &["host", "port"], Some(&["schema"])),
    kind_of("duckdb", &["database"], Some(&["schema"])),
    kind_of("exasol", &["host"], None),
    kind_of("fastobjects", &["database"], None),
    kind_of(
        "glue",
        &["account", "database"],
        Some(&["location", "format"]),
    ),
    kind_of("hana", &["host"], None),
    kind_of("hive", &["host", "database"], Some(&["port"])),
    kind_of("iceberg", &["catalog", "catalogUrl"], None),
    kind_of("impala", &["host", "database"], Some(&["port"])),
    kind_of("informix", &["host", "database"], Some(&["port"])),
    kind_of("ingres", &["database", "host"], None),
    kind_of("kafka", &["host"], Some(&["format"])),
    kind_of("kinesis", &[], Some(&["region", "format", "stream"])),
    kind_of(
        "local",
        &["path", "format"],
        Some(&["delimiter", "encoding"]),
    ),
    kind_of("mysql", &["host", "port", "database"], Some(&[])),
    kind_of("oracle", &["host", "port", "serviceName"], Some(&[])),
    kind_of("poet", &["database"], None),
    kind_of(
        "postgres",
        &["host", "port", "database", "schema"],
        Some(&[]),
    ),
    kind_of(
        "postgresql",
        &["host", "port", "database", "schema"],
        Some(&[]),
    ),
    kind_of("presto", &["host"], Some(&["catalog", "schema"])),
    kind_of("pubsub", &["project"], Some(&[])),
    kind_of(
        "redshift",
        &["database", "schema"],
        Some(&["host", "region", "account"]),
    ),
    kind_of(
        "s3",
        &["location"],
        Some(&["endpointUrl", "format", "delimiter", "encoding"]),
    ),
    kind_of(
        "sftp",
        &["location"],
        Some(&["format", "delimiter", "encoding"]),
    ),
    kind_of(
        "snowflake",
        &["account", "database", "schema"],
        Some(&["host", "port", "warehouse"]),
    ),
    kind_of(
        "sqlserver",
        &["host", "database", "schema"],
        Some(&["port"]),
    ),
    kind_of("synapse", &["host", "port", "database"], Some(&[])),
    kind_of("teradata", &["host"], None),
    kind_of("trino", &["host", "port", "catalog", "schema"], Some(&[])),
    kind_of("vectorwise", &["database", "host"], None),
    kind_of("versant", &["database"], None),
    kind_of(
        "vertica",
        &["host", "port", "database", "schema"],
        Some(&[]),
    ),
    kind_of("zen", &["host", "database"], Some(&["port"])),
];
/// Types of servers whose data are read.
const READ: [&str; 3] = ["local", "azure", "databricks"];
/// Formats that are read.
const FORMATS: [&str; 7] = ["csv", "delta", "json", "jsonl", "ndjson", "parquet", "tsv"];

/// Looks at all servers.
pub(super) fn check(findings: &mut Findings<'_>) {
    let contract = findings.contract;
    if contract.servers().next().is_none() {
        let message = "the contract has no `servers`, so that nobody knows where the data are";
        let hint = "add servers: [{server: local, type: local, path: data/*.csv, format: csv}]";
        findings.hinted(&NO_SERVER, contract.root(), message, Some(hint.to_owned()));
    }
    for server in contract.servers() {
        self::server(findings, server);
    }
}

fn server(findings: &mut Findings<'_>, server: Server<'_>) {
    let name = server.kind();
    let Some(node) = server.node.get("type") else {
        return;
    };
    let Some(kind) = SERVERS.iter().find(|known| known.name == name) else {
        let hint = match name.as_ref() {
            "adls" | "abfss" | "blob" | "azureblob" | "adlsgen2" => {
                Some("did you mean `azure`?".to_owned())
            }
            "file" | "files" | "folder" => Some("did you mean `local`?".to_owned()),
            name => meant(name, SERVERS.iter().map(|known| known.name)),
        };
        return findings.hinted(
            &SERVER_TYPE,
            node,
            format!("`{name}` is no type of a server"),
            hint,
        );
    };
    keys(findings, server, kind);
    for key in kind.needs {
        if !is_given(server.node.get(key)) {
            lacking(findings, server, key);
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

/// That a server lacks a key. The format is read here from the ending of the place, where that says it.
fn lacking(findings: &mut Findings<'_>, server: Server<'_>, key: &str) {
    let message = format!("a server of type `{}` needs `{key}`", server.kind());
    let place = server.field("path").or_else(|| server.field("location"));
    let place = place.unwrap_or_default().to_lowercase();
    let ending = FORMATS.iter().find(|format| {
        let plain = place.trim_end_matches(".gz").trim_end_matches(".zst");
        plain.ends_with(&format!(".{format}"))
    });
    let (level, hint) = match ending.filter(|_| key == "format") {
        Some(format) => {
            let hint = format!("write `format: {format}`, which the ending alone says here");
            (Level::Warning, Some(hint))
        }
        None => (SERVER_KEY.level, None),
    };
    let at = findings.contract.position(server.node);
    findings.add(&SERVER_KEY, at, (level, message, hint));
}

/// Looks for keys that the type does not have: what is misspelt is not read.
fn keys(findings: &mut Findings<'_>, server: Server<'_>, kind: &ServerType) {
    let common = || {
        let keys = SERVER.keys.iter().flat_map(|keys| keys.iter());
        keys.map(|key| key.name)
    };
    let own = || kind.needs.iter().chain(kind.others.unwrap_or_default());
    let all = || {
        let needed = SERVERS.iter().flat_map(|server| server.needs.iter());
        let others = SERVERS.iter().filter_map(|server| server.others);
        needed.chain(others.flatten()).copied()
    };
    for member in server.node.members() {
        let key = member.key.as_str();
        let known = common().any(|known| known == key)
            || match kind.others {
                Some(_) => own().any(|known| *known == key),
                None => all().any(|known| known == key),
            };
        if known {
            continue;
        }
        let free = common().chain(own().copied());
        let free = free.filter(|name| server.node.get(name).is_none());
        let (level, hint) = match nearest(key, free) {
            Some(near) => (of_unknown(findings), format!("did you mean `{near}`?")),
            // Tools have keys of their own, which change nothing here.
            None => (
                Level::Warning,
                "what the standard does not know goes into `customProperties`".to_owned(),
            ),
        };
        let place = findings.contract.position_of(member.key_bytes.start);
        let message = format!("a server of type `{}` has no key `{key}`", kind.name);
        findings.add(&UNKNOWN_KEY, place, (level, message, Some(hint)));
    }
}
