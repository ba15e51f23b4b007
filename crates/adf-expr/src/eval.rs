//! Evaluates templates and documents against a [`Scope`].

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::ast::{Accessor, Call, Expr, ExprKind, Literal, Part, Selector, Span, Template};
use crate::check;
use crate::error::{ErrorKind, EvalError, Fault};
use crate::functions::{Args, Body, Function, Lazy, Problem};
use crate::scope::{Named, Root, Scope};
use crate::suggest;
use crate::text::render;
use crate::value::{lookup_key, type_name};

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
        kind: ErrorKind::Syntax(error),
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
    let kind = object.get("type")?.as_str()?;
    if object.len() == 2 && kind.eq_ignore_ascii_case("Expression") {
        return object.get("value");
    }
    None
}

fn value_of(template: &Template, scope: &dyn Scope) -> Result<Value, Fault> {
    check::reject_bad_calls(template)?;
    match template {
        Template::Literal(text) => Ok(Value::String(text.clone())),
        Template::Expression(expr) => Ok(eval(expr, scope)?.into_owned()),
        Template::Interpolated(parts) => {
            let mut text = String::new();
            for part in parts {
                match part {
                    Part::Text(literal) => text.push_str(literal),
                    Part::Expr(expr) => text.push_str(&render(&*eval(expr, scope)?)),
                }
            }
            Ok(Value::String(text))
        }
    }
}

fn eval<'s>(expr: &Expr, scope: &'s dyn Scope) -> Result<Cow<'s, Value>, Fault> {
    let call = match &expr.kind {
        ExprKind::Literal(literal) => return Ok(Cow::Owned(constant(literal))),
        ExprKind::Call(call) => call,
    };
    let mut value = match Reference::named(&call.name) {
        Some(reference) => reference.resolve(call, scope)?,
        None => apply(check::function_of(call)?, call, scope)?,
    };
    for accessor in &call.accessors {
        value = select(value, accessor, scope)?;
    }
    Ok(value)
}

fn constant(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Integer(number) => Value::from(*number),
        Literal::Float(number) => Value::from(*number),
        Literal::Boolean(value) => Value::Bool(*value),
        Literal::Null => Value::Null,
    }
}

/// A call that asks the scope instead of computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Root(Root),
    TriggerOutputs,
    TriggerBody,
    Named(Named),
}

/// The spelling of each reference.
pub(crate) const REFERENCES: [(&str, Reference); 9] = [
    ("pipeline", Reference::Root(Root::Pipeline)),
    ("item", Reference::Root(Root::Item)),
    ("dataset", Reference::Root(Root::Dataset)),
    ("linkedService", Reference::Root(Root::LinkedService)),
    ("trigger", Reference::Root(Root::Trigger)),
    ("triggerOutputs", Reference::TriggerOutputs),
    ("triggerBody", Reference::TriggerBody),
    ("variables", Reference::Named(Named::Variable)),
    ("activity", Reference::Named(Named::Activity)),
];

impl Reference {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = REFERENCES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, reference)| *reference)
    }

    fn spelling(self) -> &'static str {
        let found = REFERENCES.iter().find(|(_, reference)| *reference == self);
        found.map_or("", |(name, _)| name)
    }

    /// How many arguments it takes.
    pub(crate) fn arity(self) -> usize {
        usize::from(matches!(self, Self::Named(_)))
    }

    fn resolve<'s>(self, call: &Call, scope: &'s dyn Scope) -> Result<Cow<'s, Value>, Fault> {
        match self {
            Self::Root(root) => self.root(root, call, scope),
            Self::TriggerOutputs => self.trigger(&["outputs"], call, scope),
            Self::TriggerBody => self.trigger(&["outputs", "body"], call, scope),
            Self::Named(kind) => self.find(kind, call, scope),
        }
    }

    fn root<'s>(
        self,
        root: Root,
        call: &Call,
        scope: &'s dyn Scope,
    ) -> Result<Cow<'s, Value>, Fault> {
        scope.root(root).ok_or_else(|| {
            let kind = ErrorKind::NotAvailable {
                reference: self.spelling().to_owned(),
            };
            let hint = match root {
                Root::Pipeline => "it belongs to pipelines",
                Root::Item => "it belongs to ForEach and Filter activities",
                Root::Dataset => "it belongs to the JSON of datasets",
                Root::LinkedService => "it belongs to the JSON of linked services",
                Root::Trigger => "it belongs to triggers: map it to a pipeline parameter there",
            };
            Fault::new(kind, call.name_span).with_hint(Some(hint.to_owned()))
        })
    }

    fn trigger<'s>(
        self,
        path: &[&str],
        call: &Call,
        scope: &'s dyn Scope,
    ) -> Result<Cow<'s, Value>, Fault> {
        let mut value = self.root(Root::Trigger, call, scope)?;
        for name in path {
            let key = value
                .as_object()
                .and_then(|object| lookup_key(object, name));
            let Some(key) = key.map(str::to_owned) else {
                let reference = self.spelling().to_owned();
                let fault = Fault::new(ErrorKind::NotAvailable { reference }, call.name_span);
                return Err(fault.with_hint(Some(format!("the trigger has no `{name}`"))));
            };
            value = member(value, &key);
        }
        Ok(value)
    }

    fn find<'s>(
        self,
        kind: Named,
        call: &Call,
        scope: &'s dyn Scope,
    ) -> Result<Cow<'s, Value>, Fault> {
        let function = self.spelling();
        let Some(arg) = call.args.first() else {
            return Err(check::argument_count(function, 1, Some(1), call));
        };
        let name = eval(arg, scope)?;
        let Some(name) = name.as_str() else {
            let problem = Problem::expected(0, "a String", &name);
            return Err(problem.at(function, arg.span));
        };
        scope.named(kind, name).ok_or_else(|| {
            let word = match kind {
                Named::Variable => "variable",
                Named::Activity => "finished activity",
            };
            let missing = ErrorKind::Missing {
                kind: word,
                name: name.to_owned(),
            };
            let known = scope.names(kind);
            Fault::new(missing, arg.span)
                .with_hint(suggest::hint(name, known.iter().map(String::as_str)))
        })
    }
}

fn apply<'s>(
    function: &Function,
    call: &Call,
    scope: &'s dyn Scope,
) -> Result<Cow<'s, Value>, Fault> {
    match function.body {
        Body::Lazy(lazy) => apply_lazy(lazy, function, call, scope),
        Body::Strict(body) => {
            let values: Result<Vec<_>, Fault> =
                call.args.iter().map(|arg| eval(arg, scope)).collect();
            let args = Args::new(values?, scope);
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
    scope: &'s dyn Scope,
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
        let value = eval(arg, scope)?;
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
                .map_or(Ok(Cow::Owned(Value::Null)), |arg| eval(arg, scope))
        }
        Lazy::Coalesce => {
            for arg in &call.args {
                let value = eval(arg, scope)?;
                if !value.is_null() {
                    return Ok(value);
                }
            }
            Ok(Cow::Owned(Value::Null))
        }
    }
}

fn select<'s>(
    base: Cow<'s, Value>,
    accessor: &Accessor,
    scope: &'s dyn Scope,
) -> Result<Cow<'s, Value>, Fault> {
    let fail = |message: String| Fault::new(ErrorKind::Selection(message), accessor.span);
    if base.is_null() {
        return if accessor.optional {
            Ok(base)
        } else {
            let hint = "put a `?` before the selector where null is possible";
            Err(fail("null has no properties and elements".to_owned())
                .with_hint(Some(hint.to_owned())))
        };
    }
    let index = match &accessor.selector {
        Selector::Name(name) => Cow::Owned(Value::from(name.as_str())),
        Selector::Index(index) => eval(index, scope)?,
    };
    match (&*base, &*index) {
        (Value::Object(object), Value::String(name)) => {
            if let Some(key) = lookup_key(object, name).map(str::to_owned) {
                return Ok(member(base, &key));
            }
            if accessor.optional {
                return Ok(Cow::Owned(Value::Null));
            }
            let hint = suggest::hint(name, object.keys().map(String::as_str));
            Err(fail(format!("no property named `{name}`")).with_hint(hint))
        }
        (Value::Array(items), Value::Number(number)) if !number.is_f64() => {
            let position = number.as_u64().and_then(|n| usize::try_from(n).ok());
            match position.filter(|position| *position < items.len()) {
                Some(position) => Ok(element(base, position)),
                None if accessor.optional => Ok(Cow::Owned(Value::Null)),
                None => Err(fail(format!(
                    "no element {number} in an array of {}",
                    items.len()
                ))),
            }
        }
        (Value::Array(_), Value::String(name)) => {
            let hint = (name.eq_ignore_ascii_case("length")).then(|| "use length()".to_owned());
            Err(fail(format!(
                "an Array has no property `{name}`; its elements have numbers"
            ))
            .with_hint(hint))
        }
        (Value::String(_), _) => {
            let hint = "use substring(), or json() when the text is JSON";
            Err(fail("a String has no properties and elements".to_owned())
                .with_hint(Some(hint.to_owned())))
        }
        (base @ (Value::Array(_) | Value::Object(_)), index) => {
            let (base, index) = (type_name(base), type_name(index));
            Err(fail(format!(
                "an {base} cannot be indexed by a value of type {index}"
            )))
        }
        (scalar, _) => {
            let name = type_name(scalar);
            Err(fail(format!(
                "a value of type {name} has no properties and elements"
            )))
        }
    }
}

/// The property of an object; the key must exist.
fn member<'s>(base: Cow<'s, Value>, key: &str) -> Cow<'s, Value> {
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

impl Problem {
    fn at(self, function: &str, span: Span) -> Fault {
        let kind = ErrorKind::Function {
            function: function.to_owned(),
            message: self.message,
        };
        Fault::new(kind, span).with_hint(self.hint)
    }
}
