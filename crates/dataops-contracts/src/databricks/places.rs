//! Where Databricks finds the data of each object.

use data_contract::model::Server;
use data_contract::plan::{Object, Plan, Step};
use data_contract::spark::Source;
use data_scan::{Dialect, Encoding, Format};

use crate::server::{Address, Host, ServerError, format, locations};

/// Where the data of an object are.
pub(super) struct Place {
    /// For Spark.
    pub(super) source: Source,
    /// For people.
    pub(super) shown: String,
}

/// Where the data of each object are: tables of a server of the type `databricks`, and files of any other one, which Databricks reads
/// by rights of its own.
pub(super) fn places(
    server: Server<'_>,
    plan: &Plan,
    account: Option<&str>,
) -> Result<Vec<Place>, ServerError> {
    let kind = server.kind();
    match kind.as_ref() {
        "databricks" => Ok(plan
            .objects
            .iter()
            .map(|object| table(server, object))
            .collect()),
        "azure" => files(
            server,
            plan,
            "location",
            &|text| match Address::of_azure(text, account)? {
                Address::Blobs {
                    account,
                    host,
                    container,
                    path,
                    ..
                } => {
                    let host = host.unwrap_or_else(|| Host::of_account(&account));
                    Ok(format!("abfss://{container}@{}/{path}", host.dfs()))
                }
                Address::Local(path) => Ok(path),
            },
        ),
        "local" => {
            files(server, plan, "path", &|text| {
                match text.starts_with('/') || text.starts_with("dbfs:/") {
                true => Ok(text.to_owned()),
                false => Err(ServerError::new(format!(
                    "`{text}` is a path of this machine, and Databricks does not see it"
                ))
                .hint("paths such as /mnt/training/…, /Volumes/… and dbfs:/… are those of the workspace")),
            }
            })
        }
        other => Err(ServerError::new(format!(
            "servers of the type `{other}` are not measured in Databricks"
        ))
        .hint("servers of the types databricks, azure and local are")),
    }
}

/// A table by its physical name, which may have its schema and its catalog before it.
fn table(server: Server<'_>, object: &Object) -> Place {
    let own: Vec<String> = parts(&object.physical_name);
    let missing = 3_usize.saturating_sub(own.len());
    let before = ["catalog", "schema"].into_iter().take(missing);
    let before = before.filter_map(|field| {
        let text = server.field(field)?.trim_matches('`').to_owned();
        (!text.is_empty()).then_some(text)
    });
    let names: Vec<_> = before.chain(own).collect();
    Place {
        shown: names.join("."),
        source: Source::Table(names),
    }
}

/// The parts of a name; dots between backticks belong to it.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for letter in name.chars() {
        match (letter, parts.last_mut()) {
            ('`', _) => quoted = !quoted,
            ('.', _) if !quoted => parts.push(String::new()),
            (letter, Some(part)) => part.push(letter),
            (_, None) => {}
        }
    }
    parts
}

fn files(
    server: Server<'_>,
    plan: &Plan,
    field: &str,
    read: &dyn Fn(&str) -> Result<String, ServerError>,
) -> Result<Vec<Place>, ServerError> {
    let location = server.field(field).filter(|text| !text.is_empty());
    let location = location.ok_or_else(|| {
        ServerError::new(format!("the server `{}` has no `{field}`", server.name()))
    })?;
    let names = plan.objects.iter();
    let names: Vec<_> = names.map(|object| object.physical_name.as_str()).collect();
    let all = locations(&location, &names)?.into_iter().zip(&plan.objects);
    all.map(|(location, object)| {
        let path = read(&location)?;
        let (format, options) = match format::format(server, &path)? {
            Format::Csv(dialect) => ("csv", csv(server, &dialect, object)),
            Format::Json => ("json", json(server)),
            Format::Parquet => ("parquet", Vec::new()),
            Format::Delta => ("delta", Vec::new()),
        };
        Ok(Place {
            shown: path.clone(),
            source: Source::Files {
                path,
                format: format.to_owned(),
                options,
            },
        })
    })
    .collect()
}

/// An option of `read_files`.
type ReadOption = (String, String);

fn option(name: &str, value: impl Into<String>) -> ReadOption {
    (name.to_owned(), value.into())
}

/// The options of CSV files, where they are not the usual ones.
fn csv(server: Server<'_>, dialect: &Dialect, object: &Object) -> Vec<ReadOption> {
    let usual = Dialect::default();
    let character = |byte: u8| char::from(byte).to_string();
    let mut options = Vec::new();
    if dialect.delimiter != usual.delimiter {
        options.push(option("delimiter", character(dialect.delimiter)));
    }
    if dialect.quote != usual.quote {
        options.push(option(
            "quote",
            dialect.quote.map(character).unwrap_or_default(),
        ));
    }
    if let Some(escape) = dialect.escape.or(dialect.quote) {
        options.push(option("escape", character(escape)));
    }
    if let Some(null) = &dialect.null {
        options.push(option("nullValue", null.clone()));
    }
    if let Encoding::Other(encoding) = dialect.encoding {
        let said = server.field("encoding").unwrap_or_default();
        options.push(option("encoding", charset(&said, encoding.name())));
    }
    if !dialect.header {
        options.push(option("header", "false"));
        options.push(option("schema", texts(object)));
    }
    options
}

/// The name of an encoding for Spark. Browsers, and so files here, know the first one as windows-1252; Spark 4 has no other of these two.
fn charset(said: &str, name: &'static str) -> &'static str {
    let said: String = said
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    match said.as_str() {
        "latin1" | "iso88591" | "l1" | "isoir100" | "csisolatin1" => "ISO-8859-1",
        "ascii" | "usascii" => "US-ASCII",
        _ => name,
    }
}

/// The columns of a file without a header: those of the contract in its order, all of them text.
fn texts(object: &Object) -> String {
    let columns = object
        .columns
        .iter()
        .filter_map(|column| match column.path.as_slice() {
            [Step::Field(name)] => Some(format!("`{}` STRING", name.replace('`', "``"))),
            _ => None,
        });
    columns.collect::<Vec<_>>().join(", ")
}

/// The options of JSON files: objects line by line, unless they are in an array.
fn json(server: Server<'_>) -> Vec<ReadOption> {
    let array = server
        .field("delimiter")
        .is_some_and(|delimiter| delimiter == "array");
    match array {
        true => vec![option("multiLine", "true")],
        false => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use data_contract::Contract;
    use data_contract::compile::{Selection, Settings};
    use data_contract::model::Variables;
    use data_contract::spark::describe;

    use super::*;

    fn shown(server: &str, objects: &str) -> Result<Vec<String>, ServerError> {
        let text = format!(
            "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nservers:\n- {server}\nschema: {objects}\n"
        );
        let contract = Contract::read(&text, &Variables::default()).unwrap();
        let plan =
            data_contract::compile(&contract, &Selection::default(), &Settings::default()).unwrap();
        let server = contract.servers().next().unwrap();
        let places = places(server, &plan, Some("acct"))?;
        Ok(places.iter().map(|place| describe(&place.source)).collect())
    }

    #[test]
    fn tables_have_the_catalog_and_the_schema_of_the_server_unless_they_name_their_own() {
        let objects =
            "[{name: a}, {name: b, physicalName: other.b}, {name: c, physicalName: 'x.y.`c.d`'}]";
        let shown = shown(
            "{server: s, type: databricks, catalog: main, schema: sales}",
            objects,
        );

        assert_eq!(
            shown.unwrap(),
            [
                "DESCRIBE QUERY SELECT * FROM `main`.`sales`.`a`",
                "DESCRIBE QUERY SELECT * FROM `main`.`other`.`b`",
                "DESCRIBE QUERY SELECT * FROM `x`.`y`.`c.d`",
            ]
        );
    }

    #[test]
    fn files_are_read_as_the_dialect_says() {
        let server = "{server: s, type: azure, location: 'https://acct.blob.core.windows.net/training/{object}/*.csv', delimiter: ';', encoding: latin1, customProperties: [{property: header, value: false}]}";
        let objects = "[{name: a, properties: [{name: x, logicalType: integer}, {name: y}]}]";

        insta::assert_snapshot!(shown(server, objects).unwrap().join("\n"), @r#"DESCRIBE QUERY SELECT * FROM read_files('abfss://training@acct.dfs.core.windows.net/a/*.csv', format => 'csv', inferColumnTypes => 'false', multiLine => 'true', nullValue => '<no cell is this>', delimiter => ';', escape => '"', encoding => 'ISO-8859-1', header => 'false', schema => '`x` STRING, `y` STRING')"#);
    }

    #[test]
    fn a_path_of_this_machine_is_none_of_the_workspace() {
        let local = |path: &str| {
            let server = format!("{{server: s, type: local, path: '{path}', format: parquet}}");
            shown(&server, "[{name: a}]")
        };

        assert!(local("data/a.parquet").is_err());
        assert_eq!(
            local("/mnt/training/run-1").unwrap(),
            ["DESCRIBE QUERY SELECT * FROM read_files('/mnt/training/run-1', format => 'parquet')"]
        );
    }
}
