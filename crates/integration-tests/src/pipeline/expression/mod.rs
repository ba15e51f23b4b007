//! The expressions of Azure Pipelines (`eq(a, b)`) and of GitHub Actions (`a == b`): one grammar of names, members and calls, two ways to compare.

mod functions;
mod parse;

use serde_json::Value;

use super::document::{Refused, text};

/// Whose expression it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Azure,
    GitHub,
}

/// What an expression can see.
pub(super) struct Scope<'s> {
    pub(super) dialect: Dialect,
    /// The contexts, as one object.
    pub(super) root: &'s Value,
    /// Whether what came before has ended in some way, such as `succeeded`; of the jobs or stages that are named, or of all.
    pub(super) status: &'s dyn Fn(&str, &[String]) -> Option<bool>,
}

/// What nothing has come before.
pub(super) fn no_status(_: &str, _: &[String]) -> Option<bool> {
    None
}

impl Scope<'_> {
    /// The value of an expression.
    pub(super) fn evaluate(&self, expression: &str) -> Refused<Value> {
        parse::Parser::new(expression, self)
            .whole()
            .map_err(|error| format!("`{}`: {error}", expression.trim()))
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &str) -> Refused<bool> {
        Ok(truthy(&self.evaluate(condition)?))
    }

    /// A text with `${{ … }}` replaced; one that is nothing else keeps its type.
    pub(super) fn fill(&self, filled: &str) -> Refused<Value> {
        let trimmed = filled.trim();
        if let Some(inner) = trimmed
            .strip_prefix("${{")
            .and_then(|it| it.strip_suffix("}}"))
            && !inner.contains("${{")
        {
            return self.evaluate(inner);
        }
        let (mut out, mut rest) = (String::new(), filled);
        while let Some((before, after)) = rest.split_once("${{") {
            let (inner, behind) = after
                .split_once("}}")
                .ok_or_else(|| format!("`{filled}`: an expression does not end"))?;
            out += before;
            out += &self.shown(&self.evaluate(inner)?);
            rest = behind;
        }
        Ok(Value::String(out + rest))
    }

    /// All texts of a value filled in.
    pub(super) fn fill_all(&self, value: &Value) -> Refused<Value> {
        Ok(match value {
            Value::String(text) => self.fill(text)?,
            Value::Array(items) => {
                let items = items.iter().map(|item| self.fill_all(item));
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let filled = members
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), self.fill_all(value)?)));
                Value::Object(filled.collect::<Refused<_>>()?)
            }
            other => other.clone(),
        })
    }

    /// A value within a text.
    fn shown(&self, value: &Value) -> String {
        match (self.dialect, value) {
            (Dialect::Azure, Value::Bool(true)) => "True".to_owned(),
            (Dialect::Azure, Value::Bool(false)) => "False".to_owned(),
            _ => text(value),
        }
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(it) => *it,
        Value::Number(it) => it.as_f64() != Some(0.0),
        Value::String(it) => !it.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests;
