//! Conversions between types and encodings.

use serde_json::{Value, json};

use super::signature::{
    ANY, ARRAY, BOOLEAN, FLOAT, INTEGER, NUMBER, OBJECT, SOME, STRING, Signature,
};
use super::{Answer, Args, Body, Function, Lazy, Problem, shown, strict, variadic};
use crate::charset::Charset;
use crate::check::Types;
use crate::lenient_json;
use crate::number;
use crate::text::{compact_json, render};
use crate::uri::{self, Content, Data};
use crate::value::{Binary, Num, OCTETS, from_base64, to_base64};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("array", 1, 1, array).typed(&[ANY], ARRAY),
    strict("base64", 1, 1, base64).typed(&[STRING.or(ARRAY).or(OBJECT)], STRING),
    strict("base64ToBinary", 1, 1, base64_to_binary)
        .typed(&[STRING], OBJECT)
        .tried_with(&[]),
    strict("base64ToString", 1, 1, base64_to_string)
        .typed(&[STRING], STRING)
        .tried_with(&[]),
    strict("binary", 1, 1, binary).typed(&[SOME], OBJECT),
    strict("bool", 1, 1, bool)
        .typed(&[BOOLEAN.or(NUMBER).or(STRING)], BOOLEAN)
        .tried_with(&[]),
    Function {
        name: "coalesce",
        min: 1,
        max: None,
        signature: Signature::OPEN,
        samples: None,
        body: Body::Lazy(Lazy::Coalesce),
    }
    .giving(|given| given.iter().copied().fold(Types::NONE, Types::or)),
    variadic("createArray", 1, |args| Ok(args.all().cloned().collect())).typed(&[ANY], ARRAY),
    strict("dataUri", 1, 1, data_uri).typed(&[SOME], STRING),
    strict("dataUriToBinary", 1, 1, data_uri_to_binary)
        .typed(&[STRING], OBJECT)
        .tried_with(&[]),
    strict("dataUriToString", 1, 1, data_uri_to_string)
        .typed(&[STRING], STRING)
        .tried_with(&[]),
    strict("decodeBase64", 1, 1, base64_to_string)
        .typed(&[STRING], STRING)
        .tried_with(&[]),
    strict("decodeDataUri", 1, 1, decode_data_uri)
        .typed(&[STRING], ANY)
        .tried_with(&[]),
    strict("decodeUriComponent", 1, 1, uri_component_to_string).typed(&[STRING], STRING),
    strict("encodeUriComponent", 1, 1, uri_component).typed(&[ANY], STRING),
    strict("float", 1, 1, float)
        .typed(&[BOOLEAN.or(NUMBER).or(STRING)], FLOAT)
        .tried_with(&[]),
    strict("int", 1, 1, int)
        .typed(&[BOOLEAN.or(NUMBER).or(STRING)], INTEGER)
        .tried_with(&[]),
    strict("string", 1, 1, |args| Ok(json!(render(args.value(0))))).typed(&[ANY], STRING),
    strict("uriComponent", 1, 1, uri_component).typed(&[ANY], STRING),
    strict("uriComponentToBinary", 1, 1, uri_component_to_binary).typed(&[STRING], OBJECT),
    strict("uriComponentToString", 1, 1, uri_component_to_string).typed(&[STRING], STRING),
];

fn array(args: &Args<'_>) -> Answer {
    match args.value(0) {
        array @ Value::Array(_) => Ok(array.clone()),
        value => Ok(json!([value])),
    }
}

fn base64(args: &Args<'_>) -> Answer {
    let encoded = match args.value(0) {
        Value::String(text) => to_base64(text.as_bytes()),
        value @ (Value::Array(_) | Value::Object(_)) => match Binary::of(value) {
            Some(binary) => to_base64(&binary.bytes),
            None => to_base64(compact_json(value).as_bytes()),
        },
        other => return Err(Problem::expected(0, "a String, Array or Object", other)),
    };
    Ok(Value::String(encoded))
}

fn decoded(args: &Args<'_>) -> Result<Vec<u8>, Problem> {
    from_base64(args.text(0)?)
        .ok_or_else(|| Problem::in_argument(0, "the text is not valid base64"))
}

fn base64_to_string(args: &Args<'_>) -> Answer {
    Ok(json!(String::from_utf8_lossy(&decoded(args)?)))
}

fn base64_to_binary(args: &Args<'_>) -> Answer {
    decoded(args)?;
    // The text stays as it is, blanks and all.
    Ok(json!({"$content-type": OCTETS, "$content": args.text(0)?}))
}

fn binary(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::Null => Err(Problem::expected(0, "a value", &Value::Null)),
        value => match Binary::of(value) {
            Some(binary) if binary.is_xml() => Ok(Binary::new(OCTETS, binary.bytes).into_value()),
            Some(_) => Ok(value.clone()),
            None => Ok(Binary::new(OCTETS, render(value).as_bytes()).into_value()),
        },
    }
}

fn bool(args: &Args<'_>) -> Answer {
    match args.value(0) {
        Value::Bool(value) => Ok(Value::Bool(*value)),
        Value::Number(number) => Ok(Value::Bool(Num::of(number).float() != 0.0)),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(Problem::in_argument(
                0,
                format!("{} is neither true nor false", shown(text)),
            )),
        },
        other => Err(Problem::expected(
            0,
            "a Boolean, a number or a String",
            other,
        )),
    }
}

fn int(args: &Args<'_>) -> Answer {
    let int = match args.value(0) {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Number(given) => match Num::of(given) {
            Num::Int(int) => Some(int),
            Num::Float(_) if !given.is_f64() => None,
            Num::Float(float) => number::integral(float),
        },
        Value::String(text) => number::parse_int(text),
        other => return Err(Problem::expected(0, "a number or a String", other)),
    };
    int.map(|int| json!(int)).ok_or_else(|| {
        let text = render(args.value(0));
        Problem::in_argument(0, format!("{} is not an integer of 64 bits", shown(&text)))
    })
}

fn float(args: &Args<'_>) -> Answer {
    let float = match args.value(0) {
        Value::Bool(value) => Some(f64::from(u8::from(*value))),
        Value::Number(number) => Some(Num::of(number).float()),
        Value::String(text) => number::parse_float(text),
        other => return Err(Problem::expected(0, "a number or a String", other)),
    };
    float.map(|float| json!(float)).ok_or_else(|| {
        let text = render(args.value(0));
        Problem::in_argument(0, format!("{} is not a number", shown(&text)))
    })
}

fn uri_component(args: &Args<'_>) -> Answer {
    Ok(json!(uri::encode(&render(args.value(0)))))
}

fn uri_component_to_string(args: &Args<'_>) -> Answer {
    Ok(json!(String::from_utf8_lossy(&uri::decode_form(
        args.text(0)?
    ))))
}

fn uri_component_to_binary(args: &Args<'_>) -> Answer {
    Ok(Binary::new(OCTETS, uri::decode_form(args.text(0)?)).into_value())
}

fn data_uri(args: &Args<'_>) -> Answer {
    let data = match args.value(0) {
        Value::Null => return Err(Problem::expected(0, "a value", &Value::Null)),
        Value::String(text) => Binary::new("text/plain;charset=utf-8", text.as_str()),
        value => match Binary::of(value) {
            Some(binary) => binary,
            None => Binary::new("application/json;charset=utf-8", render(value).as_bytes()),
        },
    };
    let encoded = to_base64(&data.bytes);
    Ok(json!(format!(
        "data:{};base64,{encoded}",
        data.content_type
    )))
}

fn parsed_data_uri(args: &Args<'_>) -> Result<Data, Problem> {
    uri::parse_data(args.text(0)?).ok_or_else(not_a_data_uri)
}

fn decoded_data_uri(args: &Args<'_>) -> Result<Binary, Problem> {
    parsed_data_uri(args)?.decoded().ok_or_else(not_a_data_uri)
}

fn not_a_data_uri() -> Problem {
    Problem::in_argument(0, "the text is not a data URI")
        .with_hint("it begins with `data:` and has a `,`")
}

fn data_uri_to_binary(args: &Args<'_>) -> Answer {
    let data = parsed_data_uri(args)?;
    let content = match data.content {
        Content::Base64(text) => text,
        Content::Bytes(bytes) => to_base64(&bytes),
    };
    Ok(json!({"$content-type": data.content_type, "$content": content}))
}

fn data_uri_to_string(args: &Args<'_>) -> Answer {
    let data = decoded_data_uri(args)?;
    match Charset::named(&data.content_type) {
        Ok(None | Some(Charset::Utf8)) => Ok(json!(data.text())),
        _ => Err(
            Problem::in_argument(0, "the charset of the data URI is not utf-8")
                .with_hint("decodeDataUri() takes others"),
        ),
    }
}

/// What the content type says: text, JSON, or else the bytes.
fn decode_data_uri(args: &Args<'_>) -> Answer {
    let mut data = decoded_data_uri(args)?;
    let charset = Charset::named(&data.content_type)
        .map_err(|name| Problem::in_argument(0, format!("no charset {}", shown(name))))?;
    let kind = data.content_type.to_ascii_lowercase();
    let text = |charset: Charset| charset.text(&data.bytes);
    if kind.starts_with("text/") {
        return Ok(json!(text(charset.unwrap_or(Charset::Ascii))));
    }
    if kind.starts_with("application/json") {
        let text = text(charset.unwrap_or(Charset::Ascii));
        return lenient_json::parse(&text).map_err(|why| Problem::in_argument(0, why));
    }
    if charset.is_none() {
        data.content_type.push_str(";charset=us-ascii");
    }
    Ok(data.into_value())
}
