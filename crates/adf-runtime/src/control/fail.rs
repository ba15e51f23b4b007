//! `Fail`: ends with the message and the code that the user chose, or with one that says what was wrong with them.

use adf_expr::evaluate_json;
use adf_model::{Expression, Fail};
use serde_json::{Map, Value, json};

use super::Turn;
use crate::ActivityFailure;
use crate::activity_run::Outcome;
use crate::variables::type_name;

const NOT_STRING: &str = "ErrorCodeNotString";

pub(super) fn execute(turn: &mut Turn<'_, '_>, fail: &Fail) -> Outcome {
    let message = text(turn, "message", fail.message.as_ref())?;
    let code = text(turn, "errorCode", fail.error_code.as_ref())?;
    let mut input = Map::new();
    for (name, value) in [("message", &message), ("errorCode", &code)] {
        if let Ok(text) = value {
            input.insert(name.to_owned(), json!(text));
        }
    }
    turn.record.input(&Value::Object(input));
    let neither = code.is_err();
    let message = message.unwrap_or_else(|fault| match fault {
        Fault::NotString(_) if neither => {
            format!(
                "Failed to interpret `message` and `errorCode` of `{}`",
                turn.name()
            )
        }
        Fault::Missing => "Fail message wasn't provided".to_owned(),
        Fault::Unread(why) => format!("Failed to interpret `message` of `{}`: {why}", turn.name()),
        Fault::NotString(given) => {
            format!("The fail message of type {given} couldn't be interpreted as a string")
        }
    });
    let code = code.unwrap_or_else(|_| NOT_STRING.to_owned());
    Err(ActivityFailure::user(code, message).into())
}

enum Fault {
    Missing,
    Unread(String),
    NotString(&'static str),
}

/// The text of a property, or why it has none. A constant that can never be text fails the activity for that.
fn text(
    turn: &Turn<'_, '_>,
    property: &str,
    expression: Option<&Expression>,
) -> Result<Result<String, Fault>, ActivityFailure> {
    let Some(expression) = expression.filter(|expression| !expression.0.is_null()) else {
        return Ok(Err(Fault::Missing));
    };
    let structured = match &expression.0 {
        Value::Array(_) => true,
        Value::Object(fields) => adf_expr::expression_object(fields).is_none(),
        _ => false,
    };
    if structured {
        let told = format!("Invalid value for property '{property}'");
        return Err(ActivityFailure::user("BadRequest", told));
    }
    Ok(match evaluate_json(&expression.0, &turn.sight()) {
        Ok(Value::String(text)) if !text.trim().is_empty() => Ok(text),
        Ok(Value::String(_)) => Err(Fault::Unread("it is empty".to_owned())),
        Ok(Value::Null) => Err(Fault::Unread("it is null".to_owned())),
        Ok(other) => Err(Fault::NotString(type_name(&other))),
        Err(error) => Err(Fault::Unread(error.to_string())),
    })
}
