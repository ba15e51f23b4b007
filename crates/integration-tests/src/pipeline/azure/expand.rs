//! What is done before a pipeline starts: parameters, templates, `${{ if }}`, `${{ each }}`.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::document::{Refused, list, members, only, read, text};
use super::super::expression::{Dialect, Scope, no_status};

/// A pipeline without templates.
pub(super) struct Expanded {
    pub(super) pipeline: Value,
}

/// Where an expression stands.
struct Frame<'f> {
    /// The repository.
    root: &'f Path,
    /// The file, from there.
    file: PathBuf,
    /// What it sees.
    scope: Value,
}

/// Reads a pipeline.
pub(super) fn pipeline(root: &Path, file: &str, given: &Value) -> Refused<Expanded> {
    let document = read(&root.join(file))?;
    let frame = Frame {
        root,
        file: PathBuf::from(file),
        scope: json!({"parameters": parameters(&document, given, file)?}),
    };
    let mut expanded = Map::new();
    for (key, value) in members(&document) {
        let value = match key.as_str() {
            "parameters" => value.clone(),
            _ => frame.value(value, key)?,
        };
        expanded.insert(key.clone(), value);
    }
    Ok(Expanded {
        pipeline: Value::Object(expanded),
    })
}

/// The values of the parameters of a file; all of them must be declared and given.
fn parameters(document: &Value, given: &Value, file: &str) -> Refused<Value> {
    let mut values = Map::new();
    for declared in list(&document["parameters"]) {
        let known = ["name", "type", "default", "values", "displayName"];
        only(&declared, &known, file)?;
        let name = text(&declared["name"]);
        let value = given.get(&name).or_else(|| declared.get("default"));
        let value = value.ok_or_else(|| format!("{file}: no value is given for `{name}`"))?;
        let allowed = list(&declared["values"]);
        if !allowed.is_empty() && !allowed.contains(value) {
            return Err(format!("{file}: `{}` is no value of `{name}`", text(value)));
        }
        let value = match (text(&declared["type"]).as_str(), value) {
            ("boolean", Value::String(it)) => it.eq_ignore_ascii_case("true").into(),
            ("boolean", Value::Bool(_)) | ("object", _) => value.clone(),
            ("string", Value::String(_)) => value.clone(),
            (kind, _) => return Err(format!("{file}: `{name}` is no {kind}")),
        };
        values.insert(name, value);
    }
    for (name, _) in members(given) {
        if !values.contains_key(name) {
            return Err(format!("{file}: it has no parameter `{name}`"));
        }
    }
    Ok(Value::Object(values))
}

/// A key that is an instruction.
enum Instruction<'i> {
    If(&'i str),
    ElseIf(&'i str),
    Else,
    Each(&'i str, &'i str),
}

impl<'i> Instruction<'i> {
    fn of(key: &'i str) -> Option<Refused<Self>> {
        let inner = key.strip_prefix("${{")?.strip_suffix("}}")?.trim();
        let (word, rest) = inner.split_once(' ').unwrap_or((inner, ""));
        Some(match word {
            "if" => Ok(Self::If(rest)),
            "elseif" => Ok(Self::ElseIf(rest)),
            "else" => Ok(Self::Else),
            "each" => match rest.split_once(" in ") {
                Some((name, items)) => Ok(Self::Each(name.trim(), items)),
                None => Err(format!("`{key}` has no `in`")),
            },
            // An expression in the place of a key.
            _ => return None,
        })
    }
}

impl Frame<'_> {
    fn scope(&self) -> Scope<'_> {
        Scope {
            dialect: Dialect::Azure,
            root: &self.scope,
            status: &no_status,
        }
    }

    /// The same with one name more.
    fn with(&self, name: &str, value: Value) -> Self {
        let mut scope = self.scope.clone();
        scope[name] = value;
        Self {
            root: self.root,
            file: self.file.clone(),
            scope,
        }
    }

    /// A value below a key; the key tells what templates in a list bring.
    fn value(&self, value: &Value, key: &str) -> Refused<Value> {
        Ok(match value {
            Value::String(text) => self.scope().fill(text)?,
            Value::Array(items) => Value::Array(self.items(items, key)?),
            Value::Object(entries) => self.entries(entries)?,
            other => other.clone(),
        })
    }

    fn items(&self, items: &[Value], key: &str) -> Refused<Vec<Value>> {
        let (mut out, mut is_done) = (Vec::new(), false);
        for item in items {
            let entries = item.as_object().filter(|it| it.len() == 1);
            let only = entries.and_then(|it| it.iter().next());
            let instruction = only
                .and_then(|(name, _)| Instruction::of(name))
                .transpose()?;
            if let (Some(instruction), Some((_, inner))) = (instruction, only) {
                for frame in self.taken(&instruction, &mut is_done)? {
                    match inner {
                        Value::Array(inner) => out.extend(frame.items(inner, key)?),
                        inner => out.push(frame.value(inner, key)?),
                    }
                }
            } else if item.get("template").is_some() {
                out.extend(self.template(item, key)?);
            } else {
                out.push(self.value(item, "")?);
            }
        }
        Ok(out)
    }

    fn entries(&self, entries: &Map<String, Value>) -> Refused<Value> {
        let (mut out, mut is_done) = (Map::new(), false);
        for (key, value) in entries {
            match Instruction::of(key).transpose()? {
                Some(instruction) => {
                    for frame in self.taken(&instruction, &mut is_done)? {
                        out.extend(members(&frame.value(value, "")?).map(owned));
                    }
                }
                None => {
                    let name = text(&self.scope().fill(key)?);
                    out.insert(name, self.value(value, key)?);
                }
            }
        }
        Ok(Value::Object(out))
    }

    /// The frames in which what an instruction holds stands. `is_done` tells whether a branch of a chain was taken.
    fn taken(&self, instruction: &Instruction<'_>, is_done: &mut bool) -> Refused<Vec<Self>> {
        let same = || self.with("__same", Value::Null);
        Ok(match instruction {
            Instruction::If(condition) => {
                *is_done = self.scope().holds(condition)?;
                is_done.then(same).into_iter().collect()
            }
            Instruction::ElseIf(condition) => {
                let is_taken = !*is_done && self.scope().holds(condition)?;
                *is_done |= is_taken;
                is_taken.then(same).into_iter().collect()
            }
            Instruction::Else => (!*is_done).then(same).into_iter().collect(),
            Instruction::Each(name, items) => {
                let items = list(&self.scope().evaluate(items)?);
                items
                    .into_iter()
                    .map(|item| self.with(name, item))
                    .collect()
            }
        })
    }

    /// The items that a template brings into a list.
    fn template(&self, item: &Value, key: &str) -> Refused<Vec<Value>> {
        only(item, &["template", "parameters"], "a template")?;
        let name = text(&self.scope().fill(&text(&item["template"]))?);
        let file = self.file.parent().unwrap_or(Path::new("")).join(&name);
        let document = read(&self.root.join(&file))?;
        only(&document, &["parameters", key], &name)?;
        let given = self.value(&item["parameters"], "")?;
        let frame = Self {
            root: self.root,
            scope: json!({"parameters": parameters(&document, &given, &name)?}),
            file,
        };
        match &document[key] {
            Value::Array(items) => frame.items(items, key),
            Value::Object(variables) if key == "variables" => {
                let entries = frame.entries(variables)?;
                let pairs = members(&entries);
                Ok(pairs
                    .map(|(name, value)| json!({"name": name, "value": value}))
                    .collect())
            }
            _ => Err(format!(
                "{name}: it has no `{key}`, which is what stands there"
            )),
        }
    }
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}
