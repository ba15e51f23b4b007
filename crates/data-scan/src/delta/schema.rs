//! The columns of a table, as the log writes them.

use arrow_schema::{DataType, TimeUnit};
use serde::Deserialize;
use serde_json::Value;

use crate::parquet::{By, Columns, Named, What};

/// Structs, lists and maps within each other more often than this are no columns.
const DEEPEST: usize = 100;

#[derive(Deserialize)]
struct Struct {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    r#type: Value,
    #[serde(default)]
    metadata: serde_json::Map<String, Value>,
}

/// How the columns of files are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mapping {
    /// By their names.
    #[default]
    None,
    /// By physical names.
    Name,
    /// By the numbers of fields.
    Id,
}

/// Reads the schema of a table.
pub(super) fn columns(text: &str, mapping: Mapping) -> Result<Columns, String> {
    let schema: Struct = serde_json::from_str(text)
        .map_err(|error| format!("the schema of the Delta table is not readable: {error}"))?;
    Ok(Columns {
        by: if mapping == Mapping::Id {
            By::Id
        } else {
            By::Name
        },
        columns: named(schema, mapping, &[])?,
    })
}

/// The fields of a struct, which is at a place that a way of names leads to.
fn named(of: Struct, mapping: Mapping, way: &[&str]) -> Result<Vec<Named>, String> {
    let named = of.fields.into_iter().map(|field| {
        let way = [way, &[field.name.as_str()]].concat();
        let metadata = |key: &str| field.metadata.get(key);
        let physical = metadata("delta.columnMapping.physicalName").and_then(Value::as_str);
        let physical = match (mapping, physical) {
            (Mapping::None, _) => field.name.clone(),
            (_, Some(physical)) => physical.to_owned(),
            (_, None) => {
                return Err(format!(
                    "the Delta table does not say what its files call the column `{}`",
                    way.join(".")
                ));
            }
        };
        let id = metadata("delta.columnMapping.id").and_then(Value::as_i64);
        Ok(Named {
            physical,
            id: id.and_then(|id| i32::try_from(id).ok()),
            what: what(field.r#type, mapping, &way)?,
            name: field.name.clone(),
        })
    });
    named.collect()
}

/// What the column that a way of names leads to is.
fn what(of: Value, mapping: Mapping, way: &[&str]) -> Result<What, String> {
    let wrong = |reason: &str| {
        let column = way.join(".");
        format!("the column `{column}` of the Delta table {reason}")
    };
    if way.len() > DEEPEST {
        return Err(wrong("is nested too deeply"));
    }
    let mut of = match of {
        Value::String(name) => return leaf(&name).map(What::Leaf).map_err(wrong),
        Value::Object(of) => of,
        _ => return Err(wrong("has no type")),
    };
    let kind = of.get("type").and_then(Value::as_str).map(str::to_owned);
    let mut inner = |name: &'static str, shown: &'static str| {
        let inner = of.remove(name).unwrap_or_default();
        what(inner, mapping, &[way, &[shown]].concat()).map(Box::new)
    };
    Ok(match kind.as_deref() {
        Some("array") => What::List(inner("elementType", "element")?),
        Some("map") => What::Map(inner("keyType", "key")?, inner("valueType", "value")?),
        Some("struct") => {
            let of = serde_json::from_value(Value::Object(of));
            let of = of.map_err(|error| wrong(&format!("is no struct: {error}")))?;
            What::Struct(named(of, mapping, way)?)
        }
        Some(name) => What::Leaf(leaf(name).map_err(wrong)?),
        None => return Err(wrong("has no type")),
    })
}

fn leaf(name: &str) -> Result<DataType, &'static str> {
    Ok(match name {
        "byte" => DataType::Int8,
        "short" => DataType::Int16,
        "integer" => DataType::Int32,
        "long" => DataType::Int64,
        "float" => DataType::Float32,
        "double" => DataType::Float64,
        "boolean" => DataType::Boolean,
        "binary" => DataType::Binary,
        "date" => DataType::Date32,
        "timestamp" => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        "timestamp_ntz" => DataType::Timestamp(TimeUnit::Microsecond, None),
        "void" => DataType::Null,
        "variant" => return Err("is a VARIANT, which is not supported"),
        name => decimal(name).unwrap_or(DataType::Utf8),
    })
}

/// `decimal(10,2)`.
fn decimal(name: &str) -> Option<DataType> {
    let (digits, scale) = match name.strip_prefix("decimal")? {
        "" => return Some(DataType::Decimal128(10, 0)),
        rest => rest.strip_prefix('(')?.strip_suffix(')')?.split_once(',')?,
    };
    let (digits, scale) = (digits.trim().parse().ok()?, scale.trim().parse().ok()?);
    let is_one = (1..=38).contains(&digits) && (0..=38).contains(&scale);
    is_one.then_some(DataType::Decimal128(digits, scale))
}
