//! What a resource must have, and of which JSON type each part is.

mod activities;
mod choices;
mod declarations;
mod keys;
mod known;
mod parts;
mod references;
mod required;
mod slips;
mod streams;
mod types;

pub(crate) use types::misplaced;

use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::{Group, rule};
use crate::value::{constant, described, is_dynamic, whole_number};
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &NO_PROPERTIES,
        &JSON_TYPE,
        &NO_TYPE,
        &UNKNOWN_TYPE,
        &REQUIRED,
        &NO_NAME,
        &STATE,
        &OTHER_KIND,
        &CHOICE,
        &COPY_LISTS,
        &SLIP,
        &STREAM,
        &KEY_CASE,
        &MISPLACED,
    ],
    check,
};

static NO_PROPERTIES: Rule = rule!(
    "ADF101",
    "missing-properties",
    Error,
    "A resource has no properties"
);
static JSON_TYPE: Rule = rule!(
    "ADF102",
    "wrong-json-type",
    Error,
    "A member has another JSON type than Data Factory expects"
);
static NO_TYPE: Rule = rule!(
    "ADF103",
    "missing-type",
    Error,
    "A resource, an activity or a parameter does not say of which type it is"
);
static UNKNOWN_TYPE: Rule = rule!(
    "ADF104",
    "unknown-type",
    Note,
    "A type is not one of those that are known"
);
static REQUIRED: Rule = rule!(
    "ADF105",
    "missing-property",
    Error,
    "A property that the type needs is missing"
);
static NO_NAME: Rule = rule!("ADF106", "missing-name", Error, "An activity has no name");
static STATE: Rule = rule!(
    "ADF117",
    "activity-state",
    Warning,
    "An activity is in a state that Data Factory does not know"
);

static KEY_CASE: Rule = rule!(
    "ADF124",
    "key-case",
    Warning,
    "An object has two keys that differ in upper and lower case only"
);

static OTHER_KIND: Rule = rule!(
    "ADF118",
    "document-kind",
    Warning,
    "A document says that it is of another kind than its folder"
);

static MISPLACED: Rule = rule!(
    "ADF125",
    "misplaced-document",
    Error,
    "A document lies in the folder of another kind"
);

static CHOICE: Rule = rule!(
    "ADF119",
    "unknown-choice",
    Warning,
    "A property has a value that is none of those that Data Factory documents"
);
static COPY_LISTS: Rule = rule!(
    "ADF120",
    "copy-of-several",
    Error,
    "A Copy activity has more than one dataset to read or to write"
);

static SLIP: Rule = rule!(
    "ADF121",
    "misspelt-property",
    Warning,
    "A property is spelled nearly as one that has an effect, and has none"
);

static STREAM: Rule = rule!(
    "ADF123",
    "stream-without-script",
    Warning,
    "A data flow lists a source, a sink or a transformation that its script does not make"
);

/// A JSON type that is expected. Where a scalar is, an expression may be too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Object,
    Array,
    Text,
    /// An object, or an expression that gives one.
    ObjectOrExpression,
    /// An array, or an expression that gives one.
    ArrayOrExpression,
    /// A Boolean, its text, or an expression.
    Flag,
    /// A whole number, its text, or an expression.
    Number,
}

impl Expected {
    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Object => value.is_object(),
            Self::Array => value.is_array(),
            Self::Text => value.is_string(),
            Self::ObjectOrExpression => value.is_object() || is_dynamic(value),
            Self::ArrayOrExpression => value.is_array() || is_dynamic(value),
            Self::Flag => value.is_boolean() || is_dynamic(value) || is_flag(value),
            Self::Number => whole_number(value).is_some() || is_dynamic(value),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Object | Self::ObjectOrExpression => "an object",
            Self::Array | Self::ArrayOrExpression => "an array",
            Self::Text => "a string",
            Self::Flag => "a Boolean",
            Self::Number => "a whole number",
        }
    }
}

/// Whether a text says what a Boolean says.
fn is_flag(value: &Value) -> bool {
    let text = constant(value).map(str::trim);
    text.is_some_and(|text| text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"))
}

/// The members of `properties` of each kind whose type is certain.
const MEMBERS: [(Option<Kind>, &str, Expected); 14] = [
    (None, "annotations", Expected::Array),
    (None, "description", Expected::Text),
    (None, "type", Expected::Text),
    (None, "typeProperties", Expected::Object),
    (None, "parameters", Expected::Object),
    (None, "folder", Expected::Object),
    (Some(Kind::Factory), "globalParameters", Expected::Object),
    (Some(Kind::Pipeline), "activities", Expected::Array),
    (Some(Kind::Pipeline), "variables", Expected::Object),
    (Some(Kind::Pipeline), "runDimensions", Expected::Object),
    (Some(Kind::Dataset), "linkedServiceName", Expected::Object),
    (Some(Kind::LinkedService), "connectVia", Expected::Object),
    (Some(Kind::Trigger), "pipelines", Expected::Array),
    (Some(Kind::Trigger), "pipeline", Expected::Object),
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in &context.repository.resources {
        check_resource(resource, findings);
    }
    for pipeline in context.pipelines() {
        activities::check(pipeline, findings);
    }
}

fn check_resource(resource: &SourceResource, findings: &mut Findings) {
    let file = &resource.file;
    let kind = resource.id.kind;
    if let Some(other) = types::misplaced(resource) {
        return types::report_misplaced(resource, other, findings);
    }
    types::check_document(resource, findings);
    let above = || String::new();
    check_member(file, (file.json(), above), "name", Expected::Text, findings);
    keys::check(file, findings);
    let properties = match file.json().member("properties") {
        Some(Value::Object(_)) => &file.json()["properties"],
        Some(other) => {
            findings.add(wrong(file, "/properties", Expected::Object, other));
            return;
        }
        None if matches!(kind, Kind::Factory | Kind::ManagedVirtualNetwork) => return,
        None => {
            let message = format!("{} has no `properties`", resource.id);
            findings.add(Finding::at(&NO_PROPERTIES, file, "/name", message));
            return;
        }
    };
    for (of, member, expected) in MEMBERS {
        if of.is_none_or(|of| of == kind) {
            let above = || "/properties".to_owned();
            check_member(file, (properties, above), member, expected, findings);
        }
    }
    types::check(resource, properties, findings);
    declarations::check(resource, properties, findings);
    references::check(resource, properties, findings);
    required::check(resource, properties, findings);
    slips::check_resource(resource, properties, findings);
    streams::check(resource, properties, findings);
}

/// Checks a member that may be absent; `null` counts as that. The pointer of what it is a member of is asked for when it is wrong.
fn check_member(
    file: &SourceFile,
    (parent, above): (&Value, impl Fn() -> String),
    member: &str,
    expected: Expected,
    findings: &mut Findings,
) {
    match parent.member(member) {
        None | Some(Value::Null) => {}
        Some(value) if expected.accepts(value) => {}
        Some(value) => {
            let pointer = format!("{}/{member}", above());
            findings.add(wrong(file, &pointer, expected, value));
        }
    }
}

fn wrong(file: &SourceFile, pointer: &str, expected: Expected, found: &Value) -> Finding {
    let message = format!(
        "{} is {}; Data Factory expects {}",
        named(pointer),
        described(found),
        expected.words()
    );
    Finding::at_key(&JSON_TYPE, file, pointer, message)
}

/// What a pointer leads to, in words: a member by its name, an element by that of its list.
fn named(pointer: &str) -> String {
    let (above, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    match last.parse::<usize>() {
        Ok(_) => {
            let list = above.rsplit('/').next().unwrap_or(above);
            format!("an element of `{list}`")
        }
        Err(_) => format!("`{last}`"),
    }
}
