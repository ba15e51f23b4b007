//! What pipelines, datasets, linked services and data flows are given, against what they declare.

use adf_expr::{Types, expression_object};
use adf_model::ResourceId;
use serde_json::{Map, Value};

use super::catalogue as rules;
use super::declarations::{Parameter, Parameters};
use super::judge::{Judge, Judged};
use super::values::{Look, pointer};
use crate::walk::{Step, Way};
use crate::{Finding, Rule, suggestion};

/// What a resource is given at one place.
pub(super) struct Given<'g, 'a> {
    pub(super) target: &'g ResourceId,
    pub(super) declared: &'g Parameters<'g>,
    /// The values by name.
    pub(super) values: Option<&'a Value>,
    /// Where they stand, or would.
    pub(super) at: &'g [Step<'a>],
    /// Where the reference stands that lacks them.
    pub(super) reference: &'static str,
    pub(super) missing: Missing,
}

/// Where values usually stand, beside the reference.
pub(super) const PARAMETERS: &[Step<'static>] = &[Step::Key("parameters")];

/// The most declarations that a finding shows.
const MOST_SHOWN: usize = 3;

/// What a missing value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Whatever uses it fails.
    Fails,
    /// What uses it may fail; the service saves it, and publishes it.
    MayFail,
    /// The run that is to be started is refused.
    RunRefused,
    /// Nothing.
    Allowed,
}

impl Judge<'_, '_> {
    /// Looks at the values, which stand below what `way` leads to, and compares names and types.
    pub(super) fn given<'a>(&mut self, way: &mut Way<'a>, given: &Given<'_, 'a>, look: Look<'_>) {
        let values = match given.values {
            None | Some(Value::Null) => None,
            Some(Value::Object(values)) if expression_object(values).is_none() => Some(values),
            Some(other) => {
                // Something that gives them all, or that cannot be understood.
                way.within_all(given.at, |way| self.values(way, other, look));
                return;
            }
        };
        let is_given = way.within_all(given.at, |way| self.given_values(way, given, values, look));
        let parameters = given.declared.iter().enumerate();
        let missing = parameters.filter(|(at, parameter)| parameter.required && !is_given[*at]);
        let missing: Vec<_> = missing
            .map(|(_, parameter)| parameter.name.as_str())
            .collect();
        if !missing.is_empty() {
            self.missing(way, given, &missing);
        }
    }

    fn given_values<'a>(
        &mut self,
        way: &mut Way<'a>,
        given: &Given<'_, 'a>,
        values: Option<&'a Map<String, Value>>,
        look: Look<'_>,
    ) -> Vec<bool> {
        let mut is_given = vec![false; given.declared.iter().count()];
        for (name, value) in values.into_iter().flatten() {
            way.within(Step::Key(name), |way| {
                let found = self.values(way, value, look);
                let position = given.declared.position(name);
                match position.and_then(|at| Some((at, given.declared.get(at)?))) {
                    None => self.unknown(way, given, name),
                    Some((at, parameter)) => {
                        is_given[at] = true;
                        self.argument_case(way, given, (name, &parameter.name));
                        self.given_type(way, given, (value, found), parameter);
                    }
                }
            });
        }
        is_given
    }

    fn unknown(&mut self, way: &Way<'_>, given: &Given<'_, '_>, name: &str) {
        let message = format!("{} has no parameter `{name}`", given.target);
        let known = given
            .declared
            .iter()
            .map(|parameter| parameter.name.as_str());
        let hint = suggestion::meant(name, known);
        let hint = hint.unwrap_or_else(|| "take it away, or declare it there".to_owned());
        let finding = Finding::at_key(&rules::UNKNOWN_ARGUMENT, self.file, way.pointer(), message);
        self.findings.add(finding.hint(hint));
    }

    fn argument_case(
        &mut self,
        way: &Way<'_>,
        given: &Given<'_, '_>,
        (written, declared): (&str, &str),
    ) {
        if written == declared {
            return;
        }
        let message = format!(
            "parameter `{written}` of {} is called `{declared}`",
            given.target
        );
        let mut finding = Finding::at_key(&rules::ARGUMENT_CASE, self.file, way.pointer(), message);
        finding.related.extend(given.declared.declared_at(declared));
        self.findings
            .add(finding.hint(format!("write `{declared}`")));
    }

    fn missing(&mut self, way: &Way<'_>, given: &Given<'_, '_>, names: &[&str]) {
        let rule: &'static Rule = match given.missing {
            Missing::Fails => &rules::MISSING_ARGUMENT,
            Missing::MayFail => &rules::MISSING_CONNECTION_ARGUMENT,
            Missing::RunRefused => &rules::MISSING_RUN_ARGUMENT,
            Missing::Allowed => return,
        };
        let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        let (noun, have) = match names {
            [_] => ("parameter", "has"),
            _ => ("parameters", "have"),
        };
        let message = format!(
            "{} is not given {noun} {}, which {have} no default value",
            given.target,
            quoted.join(", "),
        );
        let pointer = format!("{}{}", way.pointer(), given.reference);
        let mut finding = Finding::at(rule, self.file, pointer, message);
        let declared = names.iter().take(MOST_SHOWN);
        finding.related = declared
            .filter_map(|name| given.declared.declared_at(name))
            .collect();
        self.findings
            .add(finding.hint("give it under `parameters`, or declare a default value"));
    }

    fn given_type(
        &mut self,
        way: &Way<'_>,
        given: &Given<'_, '_>,
        (value, found): (&Value, Judged),
        parameter: &Parameter,
    ) {
        if !found.certain || fits(value, found, parameter.types) {
            return;
        }
        let message = format!(
            "parameter `{}` of {} must be {}, not {}",
            parameter.name,
            given.target,
            parameter.types,
            found.types.name()
        );
        let place = pointer(way, value);
        let mut finding = Finding::at(&rules::ARGUMENT_MISMATCH, self.file, place, message);
        finding
            .related
            .extend(given.declared.declared_at(&parameter.name));
        self.findings.add(finding);
    }
}

/// Whether a value can be one of the declared types. Text and what text can stand for are not told apart where the service
/// may convert it.
pub(super) fn fits(value: &Value, found: Judged, declared: Types) -> bool {
    let nullable = declared.or(Types::NULL);
    if found.types.overlaps(nullable) {
        return true;
    }
    let scalar = Types::NUMBER.or(Types::BOOLEAN).or(Types::STRING);
    let convertible = found.types.is_within(scalar) && declared.is_within(scalar);
    if !convertible {
        return false;
    }
    if declared.is_within(Types::STRING) || !found.literal {
        return true;
    }
    match written(value) {
        Value::String(text) => text_fits(text, declared),
        Value::Number(number) if declared.is_within(Types::INTEGER) => {
            number.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => false,
    }
}

/// The value itself, where it stands in an expression object.
fn written(value: &Value) -> &Value {
    let object = value.as_object();
    object.and_then(expression_object).unwrap_or(value)
}

/// Whether text reads as a value of a type.
fn text_fits(text: &str, declared: Types) -> bool {
    let text = text.trim();
    if declared.overlaps(Types::FLOAT) && text.parse::<f64>().is_ok() {
        return true;
    }
    if declared.overlaps(Types::INTEGER) && text.parse::<i64>().is_ok() {
        return true;
    }
    let boolean = text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false");
    // Nothing at all stands for no value.
    text.is_empty() || declared.overlaps(Types::BOOLEAN) && boolean
}
