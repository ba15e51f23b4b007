//! Activities that set variables.

use adf_expr::{Known, Symbols, Types};
use adf_model::Members as _;
use serde_json::{Map, Value};

use super::catalogue as rules;
use super::given::fits;
use super::judge::{Judge, Judged};
use super::pipeline::Placed;
use super::values::pointer;
use crate::walk::{Step, Way};
use crate::{Finding, Rule, suggestion};

/// The variable that holds what a pipeline returns.
const RETURN_VALUE: &str = "pipelineReturnValue";

impl Judge<'_, '_> {
    /// `SetVariable` and `AppendVariable`.
    pub(super) fn variable<'a>(
        &mut self,
        way: &mut Way<'a>,
        placed: &Placed<'a>,
        properties: &'a Map<String, Value>,
        symbols: &Symbols<'_>,
    ) {
        let (scope, kind) = (placed.scope, placed.kind());
        let name = properties.member("variableName").and_then(Value::as_str);
        let returns = returns(properties) && name == Some(RETURN_VALUE);
        let symbols = Symbols {
            // Only setting reads the variable that it writes.
            assigned: name.filter(|_| kind == "SetVariable" && !returns),
            ..*symbols
        };
        let before = self.findings.len();
        let found = properties.member("value").map(|value| {
            way.within(Step::Key("value"), |way| {
                let found = self.values(way, value, scope.look(&symbols));
                (value, found)
            })
        });
        let Some(name) = name.filter(|_| !returns) else {
            return;
        };
        let Some((known, types)) = scope.variables.find(name) else {
            return self.undeclared(way, name, symbols.variables);
        };
        if known != name {
            self.spelled(way, name, known);
        }
        // What a call gives that cannot be made is nothing to speak of.
        let is_told = |finding: &Finding| finding.rule.id == rules::ARGUMENT_TYPE.id;
        let told = self.findings.since(before).iter().any(is_told);
        match found {
            _ if kind == "AppendVariable" => self.appends(way, name, types),
            Some(found) if !told => self.sets(way, name, found, types),
            _ => {}
        }
    }

    fn undeclared(&mut self, way: &Way<'_>, name: &str, known: Known<'_>) {
        if matches!(known, Known::Anything) {
            return;
        }
        let message = format!("variable `{name}` is not declared");
        let pointer = format!("{}/variableName", way.pointer());
        let meant = match known {
            Known::Declared(declared) => suggestion::meant(name, declared.names()),
            _ => None,
        };
        let hint = meant.unwrap_or_else(|| "declare it in the pipeline's `variables`".to_owned());
        let finding = Finding::at(&rules::VARIABLE, self.file, pointer, message);
        self.findings.add(finding.hint(hint));
    }

    fn spelled(&mut self, way: &Way<'_>, name: &str, known: &str) {
        let message = format!("variable `{name}` is called `{known}`");
        let pointer = format!("{}/variableName", way.pointer());
        let finding = Finding::at(&rules::NAME_CASE, self.file, pointer, message);
        self.findings.add(finding.written_as(known));
    }

    fn appends(&mut self, way: &Way<'_>, name: &str, types: Types) {
        if types.overlaps(Types::ARRAY) {
            return;
        }
        let message = format!("variable `{name}` is {types}; only an Array can be appended to");
        let pointer = format!("{}/variableName", way.pointer());
        let finding = Finding::at(&rules::APPEND, self.file, pointer, message);
        self.findings
            .add(finding.hint("declare it as an Array, or set it"));
    }

    fn sets(&mut self, way: &Way<'_>, name: &str, (value, found): (&Value, Judged), types: Types) {
        let wrong = if found.literal {
            !fits(value, found, types)
        } else {
            !found.types.overlaps(types)
        };
        if !wrong {
            return;
        }
        let rule: &'static Rule = if found.certain && !found.literal {
            &rules::VARIABLE_TYPE
        } else {
            &rules::DOUBTFUL_VARIABLE_TYPE
        };
        let message = format!("variable `{name}` must be {types}, not {}", found.types);
        let pointer = pointer(&way.then(Step::Key("value")), value);
        let finding = Finding::at(rule, self.file, pointer, message);
        self.findings
            .add(finding.hint("convert the value, or declare the variable with its type"));
    }
}

fn returns(properties: &Map<String, Value>) -> bool {
    match properties.member("setSystemVariable") {
        Some(Value::Bool(returns)) => *returns,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}
