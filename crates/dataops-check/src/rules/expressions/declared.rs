//! Declarations of parameters and variables: their types and default values.

use adf_expr::Types;
use adf_model::{Kind, Members as _};
use serde_json::Value;

use super::catalogue as rules;
use super::declarations::entries;
use super::given::fits;
use super::judge::{Judge, Judged};
use super::literal_only;
use crate::walk::{Step, Way};
use crate::{Finding, suggestion};

/// The types of parameters, and those of variables.
const PARAMETERS: &[&str] = &[
    "String",
    "Int",
    "Float",
    "Bool",
    "Array",
    "Object",
    "SecureString",
];
const VARIABLES: &[&str] = &["String", "Boolean", "Integer", "Array"];
const GLOBALS: &[&str] = &["String", "Int", "Float", "Bool", "Array", "Object"];

/// Looks at the declarations of a pipeline, dataset or linked service.
pub(super) fn check(judge: &mut Judge<'_, '_>) {
    let Some(properties) = judge.file.json().member("properties") else {
        return;
    };
    judge.declarations(properties, "parameters", "parameter", PARAMETERS);
    if judge.owner == Kind::Pipeline {
        judge.declarations(properties, "variables", "variable", VARIABLES);
    }
}

/// Looks at the global parameters of a factory, or at those that have a file of their own.
pub(super) fn check_globals(judge: &mut Judge<'_, '_>) {
    let json = judge.file.json();
    let way = Way::default().then(Step::Key("properties"));
    let (all, way) = match judge.owner {
        Kind::GlobalParameters => (json.member("properties"), way),
        _ => (
            json.pointer("/properties/globalParameters"),
            way.then(Step::Key("globalParameters")),
        ),
    };
    for (name, declaration) in all.and_then(Value::as_object).into_iter().flatten() {
        judge.global(&way.then(Step::Key(name)), name, declaration);
    }
}

/// Whether a value is of a type without being converted; a whole number is a Float too.
fn is_written_as(declared: Types, found: Types) -> bool {
    found.overlaps(declared) || found.is_within(Types::NUMBER) && declared.is_within(Types::NUMBER)
}

/// Whether a type is written with this name, or with its short form.
fn is_type(name: &str, written: &str) -> bool {
    let other = match name {
        "Boolean" => "Bool",
        "Integer" => "Int",
        "Bool" => "Boolean",
        "Int" => "Integer",
        name => name,
    };
    written.eq_ignore_ascii_case(name) || written.eq_ignore_ascii_case(other)
}

impl Judge<'_, '_> {
    fn global(&mut self, way: &Way<'_>, name: &str, declaration: &Value) {
        let mut report = |place: &Way<'_>, message: String| {
            let finding =
                Finding::at_key(&rules::GLOBAL_VALUE, self.file, place.pointer(), message);
            self.findings.add(finding);
        };
        let kind = declaration.member("type").and_then(Value::as_str);
        let Some(kind) = kind else {
            report(way, format!("global parameter `{name}` has no type"));
            return;
        };
        let value = declaration.member("value").filter(|value| !value.is_null());
        let Some(value) = value else {
            report(way, format!("global parameter `{name}` has no value"));
            return;
        };
        let types = Types::declared(kind);
        let is_known = GLOBALS.iter().any(|known| is_type(known, kind));
        let Some(types) = types.filter(|_| is_known) else {
            self.unknown_type(way, ("global parameter", name, kind), GLOBALS);
            return;
        };
        let found = Judged::literal(Types::of(value));
        let message = format!(
            "global parameter `{name}` must be {types}, not {}",
            found.types
        );
        let place = way.then(Step::Key("value"));
        if !fits(value, found, types) {
            report(&place, message);
        } else if !is_written_as(types, found.types) {
            let finding = Finding::at_key(
                &rules::GLOBAL_CONVERTED,
                self.file,
                place.pointer(),
                message,
            );
            self.findings
                .add(finding.hint("write it as its type, or declare another type"));
        }
    }

    fn declarations(
        &mut self,
        properties: &Value,
        key: &'static str,
        noun: &str,
        known: &'static [&'static str],
    ) {
        let way = Way::default()
            .then(Step::Key("properties"))
            .then(Step::Key(key));
        for (name, declaration) in entries(properties, key) {
            let way = way.then(Step::Key(name));
            let kind = declaration.member("type").and_then(Value::as_str);
            let Some(kind) = kind else { continue };
            let Some(types) = Types::declared(kind) else {
                self.unknown_type(&way, (noun, name, kind), known);
                continue;
            };
            let is_written = |name: &&str| name.eq_ignore_ascii_case(kind);
            if noun == "parameter" && !known.iter().any(is_written) {
                let message = format!("parameter `{name}` has the type `{kind}` of a variable");
                let pointer = format!("{}/type", way.pointer());
                let finding = Finding::at(&rules::PARAMETER_KIND, self.file, pointer, message);
                let meant = known.iter().find(|known| is_type(known, kind));
                let hint = meant.map(|meant| format!("write `{meant}`"));
                self.findings.add(finding.hint_if(hint));
            }
            if noun == "variable" && !VARIABLES.iter().any(|known| is_type(known, kind)) {
                let message = format!("variable `{name}` has the type `{kind}` of a parameter");
                let pointer = format!("{}/type", way.pointer());
                let finding = Finding::at(&rules::VARIABLE_KIND, self.file, pointer, message);
                self.findings
                    .add(finding.hint(format!("types are {}", VARIABLES.join(", "))));
            }
            if let Some(default) = declaration.member("defaultValue") {
                let way = way.then(Step::Key("defaultValue"));
                self.default_value(&way, (noun, name, default), types);
            }
        }
    }

    fn unknown_type(
        &mut self,
        way: &Way<'_>,
        (noun, name, kind): (&str, &str, &str),
        known: &'static [&'static str],
    ) {
        let message = format!("{noun} `{name}` has a type `{kind}`, which does not exist");
        let hint = suggestion::meant(kind, known.iter().copied());
        let hint = hint.unwrap_or_else(|| format!("types are {}", known.join(", ")));
        let pointer = format!("{}/type", way.pointer());
        let finding = Finding::at(&rules::UNKNOWN_TYPE, self.file, pointer, message);
        self.findings.add(finding.hint(hint));
    }

    fn default_value(
        &mut self,
        way: &Way<'_>,
        (noun, name, default): (&str, &str, &Value),
        types: Types,
    ) {
        let place = format!("the default value of {noun} `{name}`");
        literal_only::check(self, way, default, &place);
        let found = Judged::literal(Types::of(default));
        if fits(default, found, types) {
            return;
        }
        let message = format!("{place} must be {types}, not {}", found.types);
        let finding = Finding::at(&rules::DEFAULT_TYPE, self.file, way.pointer(), message);
        self.findings
            .add(finding.hint("write it as its type, or declare another type"));
    }
}
