//! JSON and XML documents.

use serde_json::{Map, Value, json};

use super::signature::{ANY, OBJECT, STRING};
use super::{Answer, Args, Function, Problem, bounded, shown, strict};
use crate::budget::weight;
use crate::check::Types;
use crate::lenient_json;
use crate::value::{Binary, XML};
use crate::xml::{Document, NodeKind, from_json, read, to_json, write, write_indented};
use crate::xpath::{self, Outcome};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("json", 1, 1, json)
        .typed(&[STRING.or(OBJECT).or(Types::NULL)], ANY)
        .tried_with(&[]),
    strict("xml", 1, 1, xml)
        .typed(&[STRING.or(OBJECT)], OBJECT)
        .tried_with(&[]),
    strict("xpath", 2, 2, xpath).typed(&[OBJECT, STRING], ANY),
];

fn json(args: &Args<'_>) -> Answer {
    match args.value(0) {
        // The documentation promises an empty object.
        Value::Null => Ok(Value::Object(Map::new())),
        Value::String(text) => {
            lenient_json::parse(text).map_err(|why| Problem::in_argument(0, why))
        }
        value => match Binary::of(value) {
            Some(binary) if binary.is_xml() => Ok(to_json(&document(&binary.text())?)),
            Some(binary) => {
                lenient_json::parse(&binary.text()).map_err(|why| Problem::in_argument(0, why))
            }
            None => Err(Problem::expected(0, "a String or an XML value", value)),
        },
    }
}

fn document(text: &str) -> Result<Document, Problem> {
    read(text).map_err(|why| Problem::in_argument(0, format!("not valid XML: {why}")))
}

fn xml(args: &Args<'_>) -> Answer {
    let document = match args.value(0) {
        Value::String(text) => document(text)?,
        value @ Value::Object(object) => match Binary::of(value) {
            Some(binary) => document(&binary.text())?,
            None => from_json(object).map_err(|why| Problem::in_argument(0, why))?,
        },
        other => return Err(Problem::expected(0, "a String or Object", other)),
    };
    Ok(Binary::new(XML, write(&document)).into_value())
}

fn xpath(args: &Args<'_>) -> Answer {
    let source = Binary::of(args.value(0)).filter(Binary::is_xml);
    let source = source.ok_or_else(|| {
        Problem::expected(0, "an XML value", args.value(0)).with_hint("make one with xml()")
    })?;
    let mut document = document(&source.text())?;
    document.join_texts();
    let path = args.text(1)?;
    let outcome = xpath::evaluate(path, &document)
        .map_err(|why| Problem::in_argument(1, format!("XPath {}: {why}", shown(path))))?;
    Ok(match outcome {
        Outcome::Boolean(value) => Value::Bool(value),
        Outcome::Text(text) => Value::String(text),
        Outcome::Number(number) if number.is_finite() => json!(number),
        // JSON has no such numbers; the text is .NET's.
        Outcome::Number(number) if number.is_nan() => json!("NaN"),
        Outcome::Number(number) => json!(if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }),
        Outcome::Nodes(nodes) => {
            let mut size = 0;
            let values = nodes.into_iter().map(|id| {
                let value = node_value(&document, id)?;
                size += weight(&value);
                bounded(size).map(|()| value)
            });
            values.collect::<Result<Value, _>>()?
        }
    })
}

fn node_value(document: &Document, id: usize) -> Answer {
    match document.kind(id) {
        NodeKind::Root | NodeKind::Element { .. } => {
            Ok(Binary::new(XML, write_indented(document, id)).into_value())
        }
        // The value is not escaped.
        NodeKind::Attribute { name, value } => {
            Ok(json!(format!("{}=\"{value}\"", name.qualified())))
        }
        NodeKind::Text(text) | NodeKind::CData(text) => Ok(json!(text)),
        NodeKind::Declaration
        | NodeKind::DocType
        | NodeKind::Comment(_)
        | NodeKind::Instruction { .. } => {
            let problem =
                Problem::in_argument(1, "the XPath selects comments or processing instructions");
            Err(problem.with_hint("select elements, attributes, text() or string()"))
        }
    }
}
