//! Reads an expression and computes it on the way: nothing that it calls does anything.

use serde_json::Value;

use super::super::document::Refused;
use super::{Dialect, Scope, functions, truthy};

pub(super) struct Parser<'p> {
    rest: &'p str,
    scope: &'p Scope<'p>,
}

impl<'p> Parser<'p> {
    pub(super) fn new(text: &'p str, scope: &'p Scope<'p>) -> Self {
        Self { rest: text, scope }
    }

    pub(super) fn whole(mut self) -> Refused<Value> {
        let value = self.either()?;
        match self.rest.trim() {
            "" => Ok(value),
            rest => Err(format!("`{rest}` was not expected")),
        }
    }

    fn takes(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        rest.map(|rest| self.rest = rest).is_some()
    }

    fn operator(&mut self, token: &str) -> bool {
        self.scope.dialect == Dialect::GitHub && self.takes(token)
    }

    fn either(&mut self) -> Refused<Value> {
        let mut value = self.both()?;
        while self.operator("||") {
            let other = self.both()?;
            value = if truthy(&value) { value } else { other };
        }
        Ok(value)
    }

    fn both(&mut self) -> Refused<Value> {
        let mut value = self.compared()?;
        while self.operator("&&") {
            let other = self.compared()?;
            value = if truthy(&value) { other } else { value };
        }
        Ok(value)
    }

    fn compared(&mut self) -> Refused<Value> {
        let value = self.negated()?;
        if self.operator("==") {
            return Ok(functions::same(self.scope.dialect, &value, &self.negated()?).into());
        }
        if self.operator("!=") {
            return Ok((!functions::same(self.scope.dialect, &value, &self.negated()?)).into());
        }
        Ok(value)
    }

    fn negated(&mut self) -> Refused<Value> {
        match self.operator("!") {
            true => Ok((!truthy(&self.negated()?)).into()),
            false => self.member(),
        }
    }

    fn member(&mut self) -> Refused<Value> {
        let mut value = self.primary()?;
        let mut is_each = false;
        loop {
            if self.takes(".*") {
                is_each = true;
            } else if self.takes(".") {
                let name = self.word().ok_or("a name was expected behind the dot")?;
                value = match (&value, is_each) {
                    (Value::Array(items), true) => {
                        items.iter().map(|item| find(item, &name)).collect()
                    }
                    _ => find(&value, &name),
                };
            } else if self.takes("[") {
                let key = self.either()?;
                if !self.takes("]") {
                    return Err("`]` was expected".to_owned());
                }
                value = match (&value, &key) {
                    (Value::Array(items), Value::Number(at)) => {
                        let at = at.as_u64().and_then(|at| usize::try_from(at).ok());
                        at.and_then(|at| items.get(at)).cloned().unwrap_or_default()
                    }
                    _ => find(&value, &super::text(&key)),
                };
            } else {
                return Ok(value);
            }
        }
    }

    fn primary(&mut self) -> Refused<Value> {
        if self.takes("(") {
            let value = self.either()?;
            return match self.takes(")") {
                true => Ok(value),
                false => Err("`)` was expected".to_owned()),
            };
        }
        if self.takes("'") {
            return self.quoted();
        }
        let name = self
            .word()
            .ok_or_else(|| format!("a value was expected before `{}`", self.rest.trim()))?;
        if self.takes("(") {
            let mut arguments = Vec::new();
            while !self.takes(")") {
                arguments.push(self.either()?);
                if !self.takes(",") && !self.rest.trim_start().starts_with(')') {
                    return Err(format!("`)` was expected at `{}`", self.rest));
                }
            }
            return functions::call(self.scope, &name, &arguments);
        }
        match name.to_ascii_lowercase().as_str() {
            "true" => Ok(true.into()),
            "false" => Ok(false.into()),
            "null" => Ok(Value::Null),
            _ if name.starts_with(|it: char| it.is_ascii_digit()) => {
                let number = name.parse::<i64>().map_err(|error| error.to_string())?;
                Ok(number.into())
            }
            _ => match self.scope.root.get(&name) {
                Some(value) => Ok(value.clone()),
                None => Err(format!("there is no `{name}` here")),
            },
        }
    }

    fn quoted(&mut self) -> Refused<Value> {
        let mut text = String::new();
        loop {
            let (before, after) = self.rest.split_once('\'').ok_or("a text does not end")?;
            text += before;
            self.rest = after;
            match self.rest.strip_prefix('\'') {
                Some(rest) => {
                    text.push('\'');
                    self.rest = rest;
                }
                None => return Ok(text.into()),
            }
        }
    }

    fn word(&mut self) -> Option<String> {
        let rest = self.rest.trim_start();
        let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '-');
        let end = rest.find(|it| !is_part(it)).unwrap_or(rest.len());
        (end > 0).then(|| {
            self.rest = &rest[end..];
            rest[..end].to_owned()
        })
    }
}

/// A member, whatever its case; nothing where there is none.
fn find(value: &Value, name: &str) -> Value {
    if let Some(found) = value.get(name) {
        return found.clone();
    }
    let members = value.as_object().into_iter().flatten();
    let mut found = members.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    found
        .next()
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}
