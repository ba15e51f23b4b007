//! How a server's files are written, by its fields.

use data_contract::model::Server;
use data_scan::{Dialect, Encoding, Format};

use yaml_source::Value;

use super::ServerError;

/// The format of a server, or what its location ends in.
pub(crate) fn format(server: Server<'_>, location: &str) -> Result<Format, ServerError> {
    let named = server.field("format").filter(|format| !format.is_empty());
    Ok(match format_of_location(named.as_deref(), location)? {
        Format::Csv(plain) => Format::Csv(dialect(server, plain)?),
        Format::Json => {
            unicode(server)?;
            Format::Json
        }
        other => other,
    })
}

/// Refuses JSON in an encoding that it is not read in: it is UTF-8, or UTF-16 with a byte order mark.
fn unicode(server: Server<'_>) -> Result<(), ServerError> {
    let Some(label) = server.field("encoding") else {
        return Ok(());
    };
    match label.to_ascii_lowercase().starts_with("utf") {
        true => Ok(()),
        false => Err(
            ServerError::new(format!("JSON in the encoding `{label}` is not read"))
                .hint("JSON is UTF-8, or UTF-16 with a byte order mark"),
        ),
    }
}

/// The format of a name, or what a location ends in, written as it is usual.
///
/// # Errors
///
/// When neither says a format that is read here.
pub fn format_of_location(named: Option<&str>, location: &str) -> Result<Format, ServerError> {
    let format = match named {
        Some(format) => format.to_ascii_lowercase(),
        None => extension(location).ok_or_else(|| {
            ServerError::new("nobody says how the files are written")
                .hint("say format: csv, parquet, json or delta")
        })?,
    };
    match format.as_str() {
        "csv" => Ok(Format::Csv(Dialect {
            guessed: true,
            ..Dialect::default()
        })),
        "tsv" => Ok(Format::Csv(Dialect {
            delimiter: b'\t',
            ..Dialect::default()
        })),
        "parquet" => Ok(Format::Parquet),
        "json" | "jsonl" | "ndjson" => Ok(Format::Json),
        "delta" => Ok(Format::Delta),
        other => Err(
            ServerError::new(format!("files of the format `{other}` are not read"))
                .hint("csv, parquet, json and delta are read")
                .at("format"),
        ),
    }
}

/// The format that a location's extension stands for.
#[must_use]
pub fn extension(location: &str) -> Option<String> {
    let name = location.rsplit('/').next()?.to_ascii_lowercase();
    let name = [".gz", ".zst"]
        .iter()
        .find_map(|packed| name.strip_suffix(packed))
        .unwrap_or(&name);
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "" => return None,
        "txt" => "csv".to_owned(),
        "pq" => "parquet".to_owned(),
        "jsonl" | "ndjson" => "json".to_owned(),
        other => other.to_owned(),
    })
}

fn dialect(server: Server<'_>, mut dialect: Dialect) -> Result<Dialect, ServerError> {
    // `new_line` and `array` are about JSON.
    let delimiter = server
        .field("delimiter")
        .filter(|text| *text != "new_line" && *text != "array");
    if let Some(delimiter) = delimiter {
        dialect.delimiter = byte("delimiter", &delimiter)?;
        dialect.guessed = false;
    }
    for (name, field) in [
        ("quote", &mut dialect.quote),
        ("escape", &mut dialect.escape),
    ] {
        if let Some(text) = custom(server, name) {
            *field = match text.as_str() {
                "" | "none" => None,
                text => Some(byte(name, text)?),
            };
        }
    }
    if let Some(text) = custom(server, "header") {
        dialect.header = match text.as_str() {
            "true" => true,
            "false" => false,
            other => {
                return Err(
                    ServerError::new(format!("`header` is `{other}`")).hint("write true or false")
                );
            }
        };
    }
    dialect.null = custom(server, "nullValue");
    if let Some(label) = server.field("encoding") {
        let unknown = || {
            ServerError::new(format!("nobody knows the encoding `{label}`"))
                .hint("write utf-8, utf-16le, windows-1252 or another name that browsers know")
        };
        dialect.encoding = Encoding::of(&label).ok_or_else(unknown)?;
    }
    Ok(dialect)
}

/// The text of a custom property.
pub(crate) fn custom(server: Server<'_>, name: &str) -> Option<String> {
    match &server.custom(name)?.value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A delimiter as it is written.
///
/// # Errors
///
/// When it is more than an ASCII character.
pub fn delimiter(text: &str) -> Result<u8, ServerError> {
    byte("delimiter", text)
}

fn byte(name: &str, text: &str) -> Result<u8, ServerError> {
    let character = match text {
        "\\t" | "tab" => "\t",
        text => text,
    };
    match character.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => {
            Err(ServerError::new(format!("`{name}` is `{text}`")).hint("it is one ASCII character"))
        }
    }
}
