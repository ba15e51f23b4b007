//! Properties of objects and elements of arrays.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

use crate::ast::{Accessor, Selector};
use crate::budget::Evaluation;
use crate::error::{ErrorKind, Fault};
use crate::eval::eval;
use crate::suggest;
use crate::value::{lookup_key, type_name};

/// The selected property or element of a value.
pub(crate) fn select<'s>(
    base: Cow<'s, Value>,
    accessor: &Accessor,
    evaluation: &Evaluation<'s>,
) -> Result<Cow<'s, Value>, Fault> {
    if base.is_null() && accessor.optional {
        return Ok(base);
    }
    let index = match &accessor.selector {
        Selector::Name(name) => Cow::Owned(Value::from(name.as_str())),
        Selector::Index(index) => eval(index, evaluation)?,
    };
    let place = place(&base, &index).map_err(|(message, hint)| {
        Fault::new(ErrorKind::Selection(message), accessor.span).with_hint(hint)
    })?;
    match place {
        Place::Property(key) => Ok(member(base, &key)),
        Place::Element(position) => Ok(element(base, position)),
        Place::Missing(..) if accessor.optional => Ok(Cow::Owned(Value::Null)),
        Place::Missing(message, hint) => {
            Err(Fault::new(ErrorKind::Selection(message), accessor.span).with_hint(hint))
        }
    }
}

/// Where a selector leads.
enum Place {
    Property(String),
    Element(usize),
    /// Nowhere, which a `?` forgives: why, and a hint.
    Missing(String, Option<String>),
}

/// A message and a hint.
type Refusal = (String, Option<String>);

fn place(base: &Value, index: &Value) -> Result<Place, Refusal> {
    match (base, index) {
        (Value::Object(object), Value::String(name)) => Ok(property(object, name)),
        (Value::Array(items), Value::Number(number)) if !number.is_f64() => {
            Ok(numbered(items, number))
        }
        (Value::Array(_), Value::String(name)) => {
            let hint = name
                .eq_ignore_ascii_case("length")
                .then(|| "use length()".to_owned());
            let message = format!("an Array has no property `{name}`; its elements have numbers");
            Err((message, hint))
        }
        (Value::Array(_) | Value::Object(_), index) => {
            let (base, index) = (type_name(base), type_name(index));
            Err((
                format!("an {base} cannot be indexed by a value of type {index}"),
                None,
            ))
        }
        (scalar, _) => Err(unselectable(scalar)),
    }
}

fn property(object: &Map<String, Value>, name: &str) -> Place {
    match lookup_key(object, name) {
        Some(key) => Place::Property(key.to_owned()),
        None => {
            let hint = suggest::hint(name, object.keys().map(String::as_str));
            Place::Missing(format!("no property named `{name}`"), hint)
        }
    }
}

fn numbered(items: &[Value], number: &Number) -> Place {
    let position = number
        .as_u64()
        .and_then(|number| usize::try_from(number).ok());
    match position.filter(|position| *position < items.len()) {
        Some(position) => Place::Element(position),
        None => Place::Missing(
            format!("no element {number} in an array of {}", items.len()),
            None,
        ),
    }
}

fn unselectable(scalar: &Value) -> Refusal {
    let hint = match scalar {
        Value::Null => Some("put a `?` before the selector where null is possible"),
        Value::String(_) => Some("use substring(), or json() when the text is JSON"),
        _ => None,
    };
    let message = format!(
        "a value of type {} has no properties and elements",
        type_name(scalar)
    );
    (message, hint.map(str::to_owned))
}

/// The property of an object; the key must exist.
pub(crate) fn member<'s>(base: Cow<'s, Value>, key: &str) -> Cow<'s, Value> {
    match base {
        Cow::Borrowed(value) => value
            .get(key)
            .map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(mut value) => Cow::Owned(value.get_mut(key).map_or(Value::Null, Value::take)),
    }
}

/// The element of an array; it must exist.
fn element(base: Cow<'_, Value>, position: usize) -> Cow<'_, Value> {
    match base {
        Cow::Borrowed(value) => value
            .get(position)
            .map_or(Cow::Owned(Value::Null), Cow::Borrowed),
        Cow::Owned(mut value) => {
            Cow::Owned(value.get_mut(position).map_or(Value::Null, Value::take))
        }
    }
}
