//! What expressions of a template see: its parameters and variables, and where it is deployed.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::expression::{Expression, Text, read};
use super::functions;
use super::parameters::Parameter;
use super::within::Within;
use super::{Result, TemplateError};

/// How deep a parameter or variable may lean on others.
const DEEPEST: usize = 32;

/// What expressions see.
pub(super) struct Scope<'s> {
    pub(super) within: &'s Within,
    parameters: HashMap<String, Parameter>,
    variables: HashMap<String, Value>,
}

impl<'s> Scope<'s> {
    pub(super) fn new(
        within: &'s Within,
        parameters: Vec<(String, Parameter)>,
        variables: Option<&Value>,
    ) -> Result<Self> {
        let lower = |(name, parameter): (String, Parameter)| (name.to_lowercase(), parameter);
        let variables = variables.and_then(Value::as_object);
        let variables = variables.into_iter().flatten();
        let scope = Self {
            within,
            parameters: parameters.into_iter().map(lower).collect(),
            variables: variables
                .map(|(name, value)| (name.to_lowercase(), value.clone()))
                .collect(),
        };
        if scope.variables.contains_key("copy") {
            return Err(TemplateError::lacking("`copy` in variables"));
        }
        scope
            .parameters
            .keys()
            .try_for_each(|name| scope.parameter(name, 0).map(|_| ()))?;
        Ok(scope)
    }

    /// A value of the template, with its expressions evaluated.
    pub(super) fn value(&self, value: &Value) -> Result<Value> {
        self.at(value, 0)
    }

    fn at(&self, value: &Value, depth: usize) -> Result<Value> {
        match value {
            Value::String(text) => match read(text)? {
                Text::Literal(text) => Ok(text.into()),
                Text::Expression(expression) => self.evaluate(&expression, depth),
            },
            Value::Array(items) => {
                let items = items.iter().map(|item| self.at(item, depth));
                Ok(Value::Array(items.collect::<Result<_>>()?))
            }
            Value::Object(fields) => {
                let fields = fields.iter().map(|(key, value)| {
                    let Value::String(key) = self.at(&Value::from(key.as_str()), depth)? else {
                        let message = format!("the property name {key} is no text");
                        return Err(TemplateError::invalid(message));
                    };
                    Ok((key, self.at(value, depth)?))
                });
                Ok(Value::Object(fields.collect::<Result<_>>()?))
            }
            plain => Ok(plain.clone()),
        }
    }

    fn evaluate(&self, expression: &Expression, depth: usize) -> Result<Value> {
        match expression {
            Expression::Text(text) => Ok(text.as_str().into()),
            Expression::Number(number) => Ok((*number).into()),
            Expression::Property(of, name) => {
                let of = self.evaluate(of, depth)?;
                property(&of, name)
            }
            Expression::Index(of, index) => {
                let (of, index) = (self.evaluate(of, depth)?, self.evaluate(index, depth)?);
                match &index {
                    Value::String(name) => property(&of, name),
                    index => {
                        let at = index.as_u64().and_then(|at| usize::try_from(at).ok());
                        let found = at.and_then(|at| of.get(at));
                        found.cloned().ok_or_else(|| {
                            TemplateError::invalid(format!("there is no element {index}"))
                        })
                    }
                }
            }
            Expression::Call(name, arguments) => self.call(name, arguments, depth),
        }
    }

    fn call(&self, name: &str, arguments: &[Expression], depth: usize) -> Result<Value> {
        if name.eq_ignore_ascii_case("if") {
            // The branch that is not taken is not evaluated.
            let [condition, then, otherwise] = arguments else {
                return Err(TemplateError::invalid(
                    "the template function 'if' takes three arguments",
                ));
            };
            return match self.evaluate(condition, depth)? {
                Value::Bool(true) => self.evaluate(then, depth),
                Value::Bool(false) => self.evaluate(otherwise, depth),
                _ => Err(TemplateError::invalid(
                    "the condition of 'if' is neither true nor false",
                )),
            };
        }
        let arguments = arguments
            .iter()
            .map(|argument| self.evaluate(argument, depth));
        let arguments: Vec<_> = arguments.collect::<Result<_>>()?;
        match (name.to_ascii_lowercase().as_str(), arguments.as_slice()) {
            ("parameters", [Value::String(name)]) => self.parameter(&name.to_lowercase(), depth),
            ("variables", [Value::String(name)]) => self.variable(name, depth),
            ("subscription", []) => Ok(self.within.subscription()),
            ("resourcegroup", []) => Ok(self.within.group()),
            ("deployment", []) => Ok(json!({"name": self.within.deployment})),
            ("resourceid", arguments) => self.resource_id(arguments),
            (_, arguments) => functions::call(name, arguments).unwrap_or_else(|| {
                Err(TemplateError::lacking(format!(
                    "the template function `{name}`"
                )))
            }),
        }
    }

    /// `name` in lower case.
    fn parameter(&self, name: &str, depth: usize) -> Result<Value> {
        let Some(parameter) = self.parameters.get(name) else {
            let message = format!("the template parameter '{name}' is not found");
            return Err(TemplateError::invalid(message));
        };
        let value = match (parameter.given(), parameter.default()) {
            (Some(given), _) => given.clone(),
            (None, Some(default)) => self.deeper(default, depth, name)?,
            (None, None) => Value::Null,
        };
        parameter.check(name, &value)?;
        Ok(value)
    }

    fn variable(&self, name: &str, depth: usize) -> Result<Value> {
        match self.variables.get(&name.to_lowercase()) {
            Some(value) => self.deeper(value, depth, name),
            None => Err(TemplateError::invalid(format!(
                "the template variable '{name}' is not found"
            ))),
        }
    }

    fn deeper(&self, value: &Value, depth: usize, name: &str) -> Result<Value> {
        match depth < DEEPEST {
            true => self.at(value, depth + 1),
            false => Err(TemplateError::invalid(format!(
                "circular dependency detected on '{name}'"
            ))),
        }
    }

    /// `resourceId(type, name…)`, with a resource group or a subscription and a group before it.
    fn resource_id(&self, arguments: &[Value]) -> Result<Value> {
        let texts: Option<Vec<_>> = arguments.iter().map(Value::as_str).collect();
        let wrong =
            || TemplateError::invalid("the template function 'resourceId' has invalid arguments");
        let texts = texts.ok_or_else(wrong)?;
        let at = texts
            .iter()
            .position(|text| text.contains('/'))
            .ok_or_else(wrong)?;
        let (subscription, group) = match &texts[..at] {
            [] => (
                self.within.subscription.as_str(),
                self.within.group.as_str(),
            ),
            [group] => (self.within.subscription.as_str(), *group),
            [subscription, group] => (*subscription, *group),
            _ => return Err(wrong()),
        };
        let path = below(texts[at], &texts[at + 1..]).ok_or_else(wrong)?;
        Ok(format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{path}").into())
    }
}

/// `Provider/type/name/type/name` of a type and names, of which there is one for each part of the type.
pub(super) fn below(kind: &str, names: &[&str]) -> Option<String> {
    let mut kinds = kind.split('/');
    let mut path = kinds.next()?.to_owned();
    let mut names = names.iter();
    for kind in kinds {
        let name = names.next()?;
        path.push_str(&format!("/{kind}/{name}"));
    }
    names.next().is_none().then_some(path)
}

fn property(of: &Value, name: &str) -> Result<Value> {
    let none = Map::new();
    let fields = of.as_object().unwrap_or(&none);
    let found = fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name));
    let found = found.map(|(_, value)| value.clone());
    found.ok_or_else(|| TemplateError::invalid(format!("the property '{name}' does not exist")))
}
