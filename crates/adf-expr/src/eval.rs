//! Evaluates templates and documents against a [`Scope`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::ast::{Call, Expr, ExprKind, Literal, Part, Span, Template};
use crate::budget::{Evaluation, MOST};
use crate::check;
use crate::error::{ErrorKind, EvalError, Fault};
use crate::functions::{Args, Body, Function, Lazy, Problem};
use crate::reference::Reference;
use crate::scope::Scope;
use crate::select::select;
use crate::text::render;

/// The value of a template.
///
/// # Errors
///
/// An [`EvalError`] that shows the template as it prints; its span belongs to the text the template was parsed from.
pub fn evaluate(template: &Template, scope: &dyn Scope) -> Result<Value, EvalError> {
    value_of(template, scope).map_err(|fault| fault.in_text(&template.to_string()))
}

/// The value of one string of a document.
///
/// # Errors
///
/// An [`EvalError`], also for text that is not a valid expression.
pub fn evaluate_text(text: &str, scope: &dyn Scope) -> Result<Value, EvalError> {
    let template = Template::parse(text).map_err(|error| EvalError {
        expression: text.to_owned(),
        span: error.span,
        kind: ErrorKind::Syntax(Box::new(error)),
        hint: None,
    })?;
    value_of(&template, scope).map_err(|fault| fault.in_text(text))
}

/// The value of a document: every string in it is evaluated, names of properties are not.
///
/// An object `{"value": "...", "type": "Expression"}` is replaced by the value of its string.
///
/// # Errors
///
/// The first [`EvalError`].
pub fn evaluate_json(document: &Value, scope: &dyn Scope) -> Result<Value, EvalError> {
    match document {
        Value::String(text) => evaluate_text(text, scope),
        Value::Array(items) => items
            .iter()
            .map(|item| evaluate_json(item, scope))
            .collect(),
        Value::Object(object) => {
            if let Some(value) = expression_object(object) {
                return evaluate_json(value, scope);
            }
            let entries = object
                .iter()
                .map(|(key, value)| Ok((key.clone(), evaluate_json(value, scope)?)));
            entries.collect::<Result<Map<_, _>, _>>().map(Value::Object)
        }
        other => Ok(other.clone()),
    }
}

/// The value inside `{"value": ..., "type": "Expression"}`.
#[must_use]
pub fn expression_object(object: &Map<String, Value>) -> Option<&Value> {
    // Most objects are none, and to look for a key in one costs more than to count its keys.
    if object.len() != 2 {
        return None;
    }
    let kind = object.get("type")?.as_str()?;
    match kind.eq_ignore_ascii_case("Expression") {
        true => object.get("value"),
        false => None,
    }
}

fn value_of(template: &Template, scope: &dyn Scope) -> Result<Value, Fault> {
    check::reject_bad_calls(template)?;
    let evaluation = Evaluation::new(scope);
    match template {
        Template::Literal(text) => Ok(Value::String(text.clone())),
        Template::Expression(expr) => Ok(eval(expr, &evaluation)?.into_owned()),
        Template::Interpolated(parts) => {
            let mut text = String::new();
            for part in parts {
                match part {
                    Part::Text(literal) => text.push_str(literal),
                    Part::Expr(expr) => {
                        text.push_str(&render(&*eval(expr, &evaluation)?));
                        if text.len() > MOST {
                            return Err(Fault::new(ErrorKind::TooLarge, expr.span));
                        }
                    }
                }
            }
            Ok(Value::String(text))
        }
    }
}

pub(crate) fn eval<'s>(expr: &Expr, evaluation: &Evaluation<'s>) -> Result<Cow<'s, Value>, Fault> {
    let call = match &expr.kind {
        ExprKind::Literal(literal) => return Ok(Cow::Owned(constant(literal))),
        ExprKind::Call(call) => call,
    };
    let mut value = match Reference::named(&call.name) {
        Some(reference) => reference.resolve(call, evaluation)?,
        None => apply(check::function_of(call)?, call, evaluation)?,
    };
    for accessor in &call.accessors {
        value = select(value, accessor, evaluation)?;
    }
    Ok(value)
}

pub(crate) fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Integer(number) => Value::from(*number),
        Literal::Float(number) => Value::from(*number),
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Null => Value::Null,
    }
}

fn apply<'s>(
    function: &Function,
    call: &Call,
    evaluation: &Evaluation<'s>,
) -> Result<Cow<'s, Value>, Fault> {
    match function.body {
        Body::Lazy(lazy) => apply_lazy(lazy, function, call, evaluation),
        Body::Strict(body) => {
            let values = call.args.iter().map(|arg| {
                let value = eval(arg, evaluation)?;
                if evaluation.takes(&value) {
                    Ok(value)
                } else {
                    Err(Fault::new(ErrorKind::TooLarge, arg.span))
                }
            });
            let args = Args::new(values.collect::<Result<_, _>>()?, evaluation.scope);
            let value = body(&args).map_err(|problem| {
                let arg = problem.argument.and_then(|i| call.args.get(i));
                let span = arg.map_or(call.name_span, |arg| arg.span);
                problem.at(function.name, span)
            })?;
            Ok(Cow::Owned(value))
        }
    }
}

fn apply_lazy<'s>(
    lazy: Lazy,
    function: &Function,
    call: &Call,
    evaluation: &Evaluation<'s>,
) -> Result<Cow<'s, Value>, Fault> {
    let condition = |i: usize| -> Result<bool, Fault> {
        let Some(arg) = call.args.get(i) else {
            return Err(check::argument_count(
                function.name,
                function.min,
                function.max,
                call,
            ));
        };
        let value = eval(arg, evaluation)?;
        let wrong = || Problem::expected(i, "a Boolean", &value).at(function.name, arg.span);
        value.as_bool().ok_or_else(wrong)
    };
    match lazy {
        Lazy::And => Ok(Cow::Owned(Value::Bool(condition(0)? && condition(1)?))),
        Lazy::Or => Ok(Cow::Owned(Value::Bool(condition(0)? || condition(1)?))),
        Lazy::If => {
            let chosen = if condition(0)? { 1 } else { 2 };
            call.args
                .get(chosen)
                .map_or(Ok(Cow::Owned(Value::Null)), |arg| eval(arg, evaluation))
        }
        Lazy::Coalesce => {
            for arg in &call.args {
                let value = eval(arg, evaluation)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Ok(Cow::Owned(Value::Null))
        }
    }
}

impl Problem {
    pub(crate) fn at(self, function: &str, span: Span) -> Fault {
        let kind = ErrorKind::Function {
            function: function.to_owned(),
            message: self.message,
        };
        Fault::new(kind, span).with_hint(self.hint)
    }
}
