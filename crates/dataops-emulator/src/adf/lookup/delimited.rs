//! Delimited text, as the dataset says that it is delimited.

use adf_runtime::{ActivityFailure, ResolvedDataset};
use csv::{ReaderBuilder, StringRecord, Terminator};
use serde_json::{Map, Value};

use super::{ROWS, text};
use crate::adf::settings::{known, not_emulated};
use crate::adf::storage::{flag, user};

/// Settings of the dataset beside those of every text file.
pub(super) const SETTINGS: [&str; 6] = [
    "columnDelimiter",
    "rowDelimiter",
    "quoteChar",
    "escapeChar",
    "firstRowAsHeader",
    "nullValue",
];

/// A byte that no text has: where there is no delimiter, it is the delimiter.
const NEVER: u8 = 0xff;

/// How rows and columns are told apart, and what they mean.
pub(super) struct Format {
    column: u8,
    row: Terminator,
    quote: Option<u8>,
    escape: Option<u8>,
    header: bool,
    null: String,
    skipped: usize,
}

impl Format {
    /// Reads the settings of the dataset and of the source.
    pub(super) fn of(dataset: &ResolvedDataset, settings: &Value) -> Result<Self, ActivityFailure> {
        let place = format!("the dataset `{}`", dataset.name);
        let own = &dataset.properties;
        known(&place, own, &[&text::SETTINGS[..], &SETTINGS].concat())?;
        known("formatSettings", settings, &["type", "skipLineCount"])?;
        Ok(Self {
            column: character(own, "columnDelimiter", Some(b','))?.unwrap_or(NEVER),
            row: terminator(own)?,
            quote: character(own, "quoteChar", Some(b'"'))?,
            escape: character(own, "escapeChar", Some(b'\\'))?,
            header: flag(&own["firstRowAsHeader"]).unwrap_or(false),
            null: own["nullValue"].as_str().unwrap_or_default().to_owned(),
            skipped: skipped(&settings["skipLineCount"])?,
        })
    }

    /// The rows of a text.
    pub(super) fn rows(&self, text: &str) -> Result<Vec<Value>, String> {
        if let (None, Some(escape)) = (self.quote, self.escape)
            && text.as_bytes().contains(&escape)
        {
            return Err("an escapeChar without a quoteChar is not emulated".to_owned());
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.column)
            .terminator(self.row)
            .quoting(self.quote.is_some())
            .quote(self.quote.unwrap_or(b'"'))
            .escape(self.escape)
            .from_reader(text.as_bytes());
        let mut records = reader.records().skip(self.skipped);
        let header = match self.header {
            true => records.next().transpose().map_err(|it| it.to_string())?,
            false => None,
        };
        records
            .take(ROWS)
            .map(|record| match record {
                Ok(record) => self.row(header.as_ref(), &record),
                Err(error) => Err(error.to_string()),
            })
            .collect()
    }

    fn row(&self, header: Option<&StringRecord>, record: &StringRecord) -> Result<Value, String> {
        if header.is_some_and(|header| record.len() > header.len()) {
            return Err("a row has more columns than the header".to_owned());
        }
        let column = |at: usize| match header.and_then(|header| header.get(at)) {
            Some(name) => name.to_owned(),
            None => format!("Prop_{at}"),
        };
        let value = |text: &str| match text {
            text if text == self.null => Value::Null,
            text => text.into(),
        };
        let cells = record.iter().enumerate();
        let cells: Map<_, _> = cells.map(|(at, text)| (column(at), value(text))).collect();
        Ok(Value::Object(cells))
    }
}

fn invalid(what: &str) -> ActivityFailure {
    user("UserErrorInvalidDataset", what)
}

/// A setting of one character; an empty one switches it off.
fn character(
    settings: &Value,
    name: &str,
    default: Option<u8>,
) -> Result<Option<u8>, ActivityFailure> {
    match &settings[name] {
        Value::Null => Ok(default),
        Value::String(text) => match text.as_bytes() {
            [] => Ok(None),
            [one] if one.is_ascii() => Ok(Some(*one)),
            _ if text == "\\t" => Ok(Some(b'\t')),
            _ => Err(not_emulated(&format!("the {name} `{text}`"))),
        },
        _ => Err(invalid(&format!("the {name} is not text"))),
    }
}

/// What ends a row: any line end, unless another one is named.
fn terminator(settings: &Value) -> Result<Terminator, ActivityFailure> {
    match settings["rowDelimiter"].as_str() {
        Some("\r\n" | "\\r\\n") => Ok(Terminator::CRLF),
        Some("\\n") => Ok(Terminator::Any(b'\n')),
        Some("\\r") => Ok(Terminator::Any(b'\r')),
        _ => {
            let one = character(settings, "rowDelimiter", None)?;
            Ok(one.map_or(Terminator::CRLF, Terminator::Any))
        }
    }
}

/// How many rows are left out before anything else is read; empty ones do not count.
fn skipped(value: &Value) -> Result<usize, ActivityFailure> {
    let count = match value {
        Value::Null => Some(0),
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    };
    let count = count.and_then(|count| usize::try_from(count).ok());
    count.ok_or_else(|| invalid(&format!("the skipLineCount {value} is no count")))
}

#[cfg(test)]
mod tests {
    use adf_runtime::ResolvedLinkedService;
    use serde_json::json;

    use super::*;

    fn rows(dataset: Value, settings: &Value, text: &str) -> Result<Value, String> {
        let dataset = ResolvedDataset {
            name: "d".to_owned(),
            kind: "DelimitedText".to_owned(),
            properties: dataset,
            linked_service: ResolvedLinkedService {
                name: "s".to_owned(),
                kind: "AzureBlobStorage".to_owned(),
                properties: Value::Null,
            },
        };
        let format = Format::of(&dataset, settings).map_err(|failure| failure.message)?;
        format.rows(text).map(Value::from)
    }

    #[test]
    fn rows_are_skipped_before_the_header_is_read() {
        let text = "made by x\n\n2024\na,b\n1,2\n";
        let read = |count: Value| {
            rows(
                json!({"firstRowAsHeader": true}),
                &json!({"type": "DelimitedTextReadSettings", "skipLineCount": count}),
                text,
            )
        };

        assert_eq!(read(json!(2)), Ok(json!([{"a": "1", "b": "2"}])));
        assert_eq!(read(json!("2")), Ok(json!([{"a": "1", "b": "2"}])));
        assert!(read(json!(-1)).is_err_and(|told| told.contains("skipLineCount -1")));
    }

    #[test]
    fn rows_end_as_the_dataset_says() {
        for (delimiter, text) in [
            (Value::Null, "a\rb\r\nc\n"),
            (json!(";"), "a;b;c"),
            (json!("\n"), "a\nb\nc\n"),
            (json!("\r\n"), "a\r\nb\r\nc\r\n"),
        ] {
            let dataset = json!({"rowDelimiter": delimiter});
            let expected = json!([{"Prop_0": "a"}, {"Prop_0": "b"}, {"Prop_0": "c"}]);
            assert_eq!(rows(dataset, &Value::Null, text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn null_is_what_the_dataset_says() {
        let text = "NULL,,x\n";

        assert_eq!(
            rows(json!({"nullValue": "NULL"}), &Value::Null, text),
            Ok(json!([{"Prop_0": null, "Prop_1": "", "Prop_2": "x"}]))
        );
        assert_eq!(
            rows(json!({}), &Value::Null, text),
            Ok(json!([{"Prop_0": "NULL", "Prop_1": null, "Prop_2": "x"}]))
        );
    }

    #[test]
    fn without_a_delimiter_a_line_is_one_column() {
        assert_eq!(
            rows(json!({"columnDelimiter": ""}), &Value::Null, "a,ü\n"),
            Ok(json!([{"Prop_0": "a,ü"}]))
        );
    }

    #[test]
    fn what_is_not_read_is_refused_by_its_name() {
        for (dataset, settings, name) in [
            (json!({"columnDelimiter": "||"}), json!({}), "`||`"),
            (json!({"columnDelimiter": "§"}), json!({}), "`§`"),
            (
                json!({"treatEmptyAsNull": true}),
                json!({}),
                "`treatEmptyAsNull`",
            ),
            (
                json!({}),
                json!({"compressionProperties": {"type": "ZipDeflateReadSettings"}}),
                "`compressionProperties`",
            ),
            (json!({"quoteChar": ""}), json!({}), "escapeChar"),
        ] {
            let told = rows(dataset, &settings, "a\\,b").unwrap_err();
            assert!(told.contains(name), "{told}");
            assert!(told.contains("not emulated"), "{told}");
        }
    }
}
