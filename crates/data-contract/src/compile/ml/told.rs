//! What a rule tells a check, with names resolved.

use yaml_source::{Node, Value};

use crate::infer::{ColumnProfile, Profile};
use crate::ml::{METHODS, Needs, Spec};
use crate::model::{Fields, OPERATORS, as_number, as_text};
use crate::plan::{Column, ColumnId, ObjectId};
use crate::time::seconds_of;

use super::{Lack, needed};
use crate::compile::builder::{Builder, Subject};

/// What a check was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) keys: Vec<&'static str>,
    pub(super) column: Option<ColumnId>,
    pub(super) columns: Vec<ColumnId>,
    pub(super) except: Vec<ColumnId>,
    pub(super) split: Option<ColumnId>,
    pub(super) with: Option<ObjectId>,
    pub(super) objects: Vec<ObjectId>,
    pub(super) value: Option<String>,
    pub(super) values: Vec<String>,
    pub(super) bins: Vec<f64>,
    pub(super) within: Option<f64>,
    pub(super) method: Option<String>,
    pub(super) profile: Option<ColumnProfile>,
    pub(super) profile_name: Option<String>,
    /// Why the profile cannot be used.
    pub(super) unusable: Option<String>,
    /// Rows of the profile.
    pub(super) profile_rows: Option<u64>,
}

impl Told {
    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains(&key)
    }
}

/// Reads what a rule tells.
///
/// # Errors
///
/// Which key is not known, or holds something else, or names nothing.
pub(super) fn read(
    builder: &Builder<'_>,
    subject: &Subject,
    node: &Node,
    spec: &'static Spec,
) -> Result<Told, Lack> {
    let mut told = Told {
        column: subject.column,
        ..Told::default()
    };
    if let Some(column) = subject.column {
        told.columns.push(column);
        told.keys.extend(["column", "columns"]);
    }
    for member in node.members() {
        let key = member.key.as_str();
        if key == "check" || OPERATORS.contains(&key) {
            continue;
        }
        let known = spec.keys.iter().find(|(known, _)| *known == key);
        let (key, needs) = known.ok_or_else(|| {
            let reason = format!("`{}` has no key `{key}`", spec.name);
            let keys = spec.keys.iter().map(|(known, _)| *known);
            Lack {
                at: Some(member.key_bytes.start),
                ..Lack::name(&member.value, (reason, key), keys)
            }
        })?;
        told.keys.push(key);
        let wrong = || Lack {
            at: Some(member.value.bytes.start),
            ..format!("`{key}` needs {}", needed(*needs)).into()
        };
        take(builder, subject, &mut told, (key, *needs, &member.value))
            .map_err(|lack| lack.unwrap_or_else(wrong))?;
    }
    if let Some(name) = told.profile_name.clone()
        && !builder.without_profiles
    {
        match stored(builder, &name) {
            Ok(stored) => {
                told.profile_rows = Some(stored.rows);
                if spec.keys.iter().any(|(key, _)| *key == "column") {
                    let column = told.column.ok_or("`drift` needs `column`")?;
                    let column = builder.plan.objects[subject.object.0].column(column).name();
                    told.profile = stored.column(&column).cloned();
                    let missing = || format!("the profile `{name}` has no column `{column}`");
                    told.unusable = told.profile.is_none().then(missing);
                }
            }
            Err(reason) => told.unusable = Some(reason),
        }
    }
    Ok(told)
}

/// Takes a value; without a reason it is of another type than the key needs.
fn take(
    builder: &Builder<'_>,
    subject: &Subject,
    told: &mut Told,
    (key, needs, node): (&str, Needs, &Node),
) -> Result<(), Option<Lack>> {
    let here = subject.object;
    match needs {
        Needs::Object => told.with = Some(object(builder, node)?),
        Needs::Objects => {
            filled(node)?;
            let list = many(node).iter().map(|node| object(builder, node));
            told.objects = list.collect::<Result<_, _>>()?;
        }
        Needs::Column => {
            let column = column(builder, here, node)?;
            match key {
                "split" => told.split = Some(column),
                _ => told.column = Some(column),
            }
        }
        Needs::Columns => {
            if key == "columns" {
                filled(node)?;
            }
            let list = many(node).iter().map(|node| column(builder, here, node));
            let list = list.collect::<Result<_, _>>()?;
            match key {
                "except" => told.except = list,
                _ => told.columns = list,
            }
        }
        Needs::Value => told.value = Some(as_text(node).ok_or(None)?.into_owned()),
        Needs::Values => told.values = texts(node)?,
        Needs::Numbers => {
            let list = node.items().iter().map(|node| as_number(node).ok_or(None));
            told.bins = list.collect::<Result<_, _>>()?;
            if told.bins.is_empty() || !told.bins.windows(2).all(|pair| pair[0] < pair[1]) {
                return Err(None);
            }
        }
        Needs::Duration => {
            let text = as_text(node).ok_or(None)?;
            let seconds = seconds_of(&text, None);
            told.within = Some(seconds.map_err(|error| Some(format!("`{key}`: {error}").into()))?);
        }
        Needs::Method => {
            let method = as_text(node).ok_or(None)?;
            if !METHODS.contains(&method.as_ref()) {
                return Err(None);
            }
            told.method = Some(method.into_owned());
        }
        Needs::Reference => reference(builder, told, node)?,
    }
    Ok(())
}

fn reference(builder: &Builder<'_>, told: &mut Told, node: &Node) -> Result<(), Option<Lack>> {
    let (object_name, profile) = (node.get("object"), node.text("profile"));
    match (node.members().len(), object_name, profile) {
        (1, Some(other), None) => told.with = Some(object(builder, other)?),
        (1, None, Some(name)) => told.profile_name = Some(name.into_owned()),
        _ => return Err(None),
    }
    Ok(())
}

/// The texts of a list that is one.
fn texts(node: &Node) -> Result<Vec<String>, Option<Lack>> {
    match &node.value {
        Value::Sequence(items) if !items.is_empty() => {
            let texts = items.iter().map(|node| as_text(node).map(Into::into));
            texts.collect::<Option<_>>().ok_or(None)
        }
        _ => Err(None),
    }
}

/// Refuses a list of nothing.
fn filled(node: &Node) -> Result<(), Option<Lack>> {
    match many(node) {
        [] => Err(None),
        _ => Ok(()),
    }
}

fn many(node: &Node) -> &[Node] {
    match &node.value {
        Value::Sequence(items) => items,
        _ => std::slice::from_ref(node),
    }
}

fn object(builder: &Builder<'_>, node: &Node) -> Result<ObjectId, Option<Lack>> {
    let name = as_text(node).ok_or(None)?;
    let found = builder.object_named(&name);
    found.map(ObjectId).ok_or_else(|| {
        let known = builder
            .plan
            .objects
            .iter()
            .map(|object| object.name.as_str());
        let reason = format!("there is no object `{name}`");
        Some(Lack::name(node, (reason, &name), known))
    })
}

fn column(builder: &Builder<'_>, at: ObjectId, node: &Node) -> Result<ColumnId, Option<Lack>> {
    let name = as_text(node).ok_or(None)?;
    let found = builder.column_named(at.0, &name);
    found.ok_or_else(|| {
        let object = &builder.plan.objects[at.0];
        let known: Vec<_> = object.columns.iter().map(Column::name).collect();
        let reason = format!("`{}` has no column `{name}`", object.name);
        let known = known.iter().map(String::as_str);
        Some(Lack::name(node, (reason, &name), known))
    })
}

/// The stored profile of a name.
fn stored<'b>(builder: &'b Builder<'_>, name: &str) -> Result<&'b Profile, String> {
    if let Some(reason) = builder.settings.unusable.get(name) {
        return Err(reason.clone());
    }
    let profile = builder.settings.profiles.get(name);
    profile.ok_or_else(|| format!("there is no stored profile `{name}`"))
}

/// The column of the same name in another object.
pub(super) fn counterpart(
    builder: &Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    there: ObjectId,
) -> Result<ColumnId, String> {
    let path = &builder.plan.objects[here.0].column(column).path;
    let mut columns = builder.plan.objects[there.0].columns.iter();
    let found = columns
        .position(|candidate| candidate.path == *path)
        .map(ColumnId);
    found.ok_or_else(|| {
        let name = builder.plan.objects[here.0].column(column).name();
        format!(
            "`{}` has no column `{name}`",
            builder.plan.objects[there.0].name
        )
    })
}
