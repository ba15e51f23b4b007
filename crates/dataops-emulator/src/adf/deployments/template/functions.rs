//! The functions of the template language.

use serde_json::{Map, Value, json};

use super::{Result, TemplateError};

/// The value of a function that looks at nothing but its arguments; nothing when there is no such function here.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Result<Value>> {
    let called = Called { name, arguments };
    let value = match name.to_ascii_lowercase().as_str() {
        "concat" => called.concat(),
        "format" => called.format(),
        "tolower" => called.text(0).map(|text| text.to_lowercase().into()),
        "toupper" => called.text(0).map(|text| text.to_uppercase().into()),
        "trim" => called.text(0).map(|text| text.trim().into()),
        "replace" => called
            .three_texts()
            .map(|[text, old, new]| text.replace(old, new).into()),
        "split" => called.split(),
        "startswith" => called
            .two_texts()
            .map(|[text, part]| lower(text).starts_with(&lower(part)).into()),
        "endswith" => called
            .two_texts()
            .map(|[text, part]| lower(text).ends_with(&lower(part)).into()),
        "string" => called.one().map(|value| text_of(value).into()),
        "int" => called.int(),
        "float" => called.float(),
        "bool" => called.bool(),
        "json" => called.json(),
        "length" => called.length(),
        "empty" => called
            .one()
            .map(|value| (size(value) == Some(0) || value.is_null()).into()),
        "equals" => called.two().map(|[left, right]| (left == right).into()),
        "not" => called.flag(0).map(|flag| (!flag).into()),
        "and" => called
            .flags()
            .map(|flags| flags.into_iter().all(|flag| flag).into()),
        "or" => called
            .flags()
            .map(|flags| flags.into_iter().any(|flag| flag).into()),
        "coalesce" => Ok(arguments
            .iter()
            .find(|value| !value.is_null())
            .cloned()
            .unwrap_or_default()),
        "true" => Ok(true.into()),
        "false" => Ok(false.into()),
        "null" => Ok(Value::Null),
        "createarray" => Ok(arguments.into()),
        "createobject" => called.object(),
        "union" => called.union(),
        "first" => called.end(|items| items.first(), |text| text.chars().next()),
        "last" => called.end(|items| items.last(), |text| text.chars().last()),
        _ => return None,
    };
    Some(value)
}

/// A call: its name is part of what goes wrong.
struct Called<'c> {
    name: &'c str,
    arguments: &'c [Value],
}

impl<'c> Called<'c> {
    fn wrong(&self, what: &str) -> TemplateError {
        let name = self.name;
        TemplateError::invalid(format!(
            "the template function '{name}' has invalid arguments: {what}"
        ))
    }

    fn one(&self) -> Result<&'c Value> {
        match self.arguments {
            [value] => Ok(value),
            _ => Err(self.wrong("it takes one")),
        }
    }

    fn two(&self) -> Result<[&'c Value; 2]> {
        match self.arguments {
            [left, right] => Ok([left, right]),
            _ => Err(self.wrong("it takes two")),
        }
    }

    fn text(&self, at: usize) -> Result<&'c str> {
        let text = self.arguments.get(at).and_then(Value::as_str);
        text.ok_or_else(|| self.wrong(&format!("number {} is to be text", at + 1)))
    }

    fn two_texts(&self) -> Result<[&'c str; 2]> {
        self.two()?;
        Ok([self.text(0)?, self.text(1)?])
    }

    fn three_texts(&self) -> Result<[&'c str; 3]> {
        Ok([self.text(0)?, self.text(1)?, self.text(2)?])
    }

    fn flag(&self, at: usize) -> Result<bool> {
        let flag = self.arguments.get(at).and_then(Value::as_bool);
        flag.ok_or_else(|| self.wrong(&format!("number {} is to be true or false", at + 1)))
    }

    fn flags(&self) -> Result<Vec<bool>> {
        (0..self.arguments.len()).map(|at| self.flag(at)).collect()
    }

    /// Texts and numbers to a text, arrays to an array.
    fn concat(&self) -> Result<Value> {
        if self.arguments.first().is_some_and(Value::is_array) {
            let arrays = self.arguments.iter().map(|value| {
                let array = value.as_array();
                array.ok_or_else(|| self.wrong("arrays are joined with arrays only"))
            });
            let arrays: Vec<_> = arrays.collect::<Result<_>>()?;
            return Ok(arrays.into_iter().flatten().cloned().collect());
        }
        let texts = self.arguments.iter().map(|value| match value {
            Value::Object(_) | Value::Array(_) => {
                Err(self.wrong("only texts are joined to a text"))
            }
            value => Ok(text_of(value)),
        });
        Ok(texts.collect::<Result<String>>()?.into())
    }

    /// `{0}` and so on; other formats are .NET's.
    fn format(&self) -> Result<Value> {
        let mut text = String::new();
        let mut rest = self.text(0)?;
        while let Some(at) = rest.find(['{', '}']) {
            text.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                text.push_str(brace);
                rest = after;
                continue;
            }
            let end = rest.find('}').filter(|_| brace == "{");
            let end = end.ok_or_else(|| self.wrong("a brace stands alone"))?;
            let number: usize = rest[..end].trim().parse().map_err(|_| {
                TemplateError::lacking(format!(
                    "the format `{{{}}}` of the template function `format`",
                    &rest[..end]
                ))
            })?;
            let value = self.arguments.get(number.saturating_add(1));
            text.push_str(&text_of(
                value.ok_or_else(|| self.wrong("there is none of a number"))?,
            ));
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        Ok(text.into())
    }

    fn split(&self) -> Result<Value> {
        let [text, by] = self.two_texts()?;
        match by.is_empty() {
            true => Err(self.wrong("nothing divides nothing")),
            false => Ok(text.split(by).map(Value::from).collect()),
        }
    }

    fn int(&self) -> Result<Value> {
        let value = self.one()?;
        let number = match value {
            Value::String(text) => text.trim().parse::<i64>().ok(),
            value => value.as_i64(),
        };
        number
            .map(Value::from)
            .ok_or_else(|| self.wrong("it is no whole number"))
    }

    fn float(&self) -> Result<Value> {
        let value = self.one()?;
        let number = match value {
            Value::String(text) => text.trim().parse::<f64>().ok(),
            value => value.as_f64(),
        };
        let number = number.and_then(serde_json::Number::from_f64);
        number
            .map(Value::Number)
            .ok_or_else(|| self.wrong("it is no number"))
    }

    fn bool(&self) -> Result<Value> {
        match self.one()? {
            Value::Bool(flag) => Ok((*flag).into()),
            Value::Number(number) => Ok((number.as_i64() != Some(0)).into()),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true.into()),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false.into()),
            _ => Err(self.wrong("it is neither true nor false")),
        }
    }

    fn json(&self) -> Result<Value> {
        serde_json::from_str(self.text(0)?).map_err(|error| self.wrong(&error.to_string()))
    }

    fn length(&self) -> Result<Value> {
        let size = size(self.one()?);
        size.map(Value::from)
            .ok_or_else(|| self.wrong("it has no length"))
    }

    fn object(&self) -> Result<Value> {
        let pairs = self.arguments.chunks(2).map(|pair| match pair {
            [Value::String(name), value] => Ok((name.clone(), value.clone())),
            _ => Err(self.wrong("names and values come in pairs")),
        });
        Ok(Value::Object(pairs.collect::<Result<_>>()?))
    }

    fn union(&self) -> Result<Value> {
        if self.arguments.iter().all(Value::is_object) {
            let all = self.arguments.iter().filter_map(Value::as_object);
            let mut union = Map::new();
            all.for_each(|object| union.extend(object.clone()));
            return Ok(union.into());
        }
        let mut union: Vec<Value> = Vec::new();
        for value in self.arguments {
            let items = value.as_array();
            let items = items.ok_or_else(|| self.wrong("it takes objects, or arrays"))?;
            for item in items {
                if !union.contains(item) {
                    union.push(item.clone());
                }
            }
        }
        Ok(json!(union))
    }

    fn end(
        &self,
        item: impl Fn(&Vec<Value>) -> Option<&Value>,
        letter: impl Fn(&str) -> Option<char>,
    ) -> Result<Value> {
        match self.one()? {
            Value::Array(items) => Ok(item(items).cloned().unwrap_or_default()),
            Value::String(text) => Ok(letter(text).map(String::from).unwrap_or_default().into()),
            _ => Err(self.wrong("it takes an array, or text")),
        }
    }
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}

fn size(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        Value::Object(fields) => Some(fields.len()),
        _ => None,
    }
}

/// A value as text, as ARM writes it.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, arguments: &[Value]) -> Value {
        call(name, arguments).unwrap().unwrap()
    }

    #[test]
    fn functions_compute_what_arm_computes() {
        for (name, arguments, expected) in [
            (
                "concat",
                vec![json!("a"), json!(1), json!(true)],
                json!("a1True"),
            ),
            ("concat", vec![json!([1]), json!([2, 3])], json!([1, 2, 3])),
            (
                "format",
                vec![json!("{0}-{1}{{x}}"), json!("a"), json!(2)],
                json!("a-2{x}"),
            ),
            (
                "replace",
                vec![json!("a.b"), json!("."), json!("/")],
                json!("a/b"),
            ),
            ("split", vec![json!("a/b"), json!("/")], json!(["a", "b"])),
            ("float", vec![json!("1.5")], json!(1.5)),
            ("int", vec![json!("42")], json!(42)),
            ("bool", vec![json!("TRUE")], json!(true)),
            ("json", vec![json!("{\"a\": null}")], json!({"a": null})),
            ("empty", vec![json!({})], json!(true)),
            ("equals", vec![json!("a"), json!("A")], json!(false)),
            ("or", vec![json!(false), json!(true)], json!(true)),
            ("createObject", vec![json!("a"), json!(1)], json!({"a": 1})),
            (
                "union",
                vec![json!({"a": 1}), json!({"b": 2})],
                json!({"a": 1, "b": 2}),
            ),
            ("last", vec![json!("abc")], json!("c")),
            ("LENGTH", vec![json!("äb")], json!(2)),
        ] {
            assert_eq!(value(name, &arguments), expected, "{name}");
        }
    }

    #[test]
    fn wrong_arguments_are_refused_and_unknown_functions_are_none() {
        for (name, arguments) in [
            ("concat", vec![json!({})]),
            ("format", vec![json!("{0}")]),
            ("format", vec![json!("{0:N2}"), json!(1)]),
            ("format", vec![json!("}")]),
            ("split", vec![json!("a"), json!("")]),
            ("int", vec![json!("x")]),
            ("json", vec![json!("{")]),
            ("createObject", vec![json!("a")]),
            ("not", vec![]),
        ] {
            assert!(call(name, &arguments).unwrap().is_err(), "{name}");
        }
        assert!(call("reference", &[]).is_none());
    }
}
