//! What control activities need: expression objects, and values of certain types.

use adf_expr::{Types, expression_object};
use serde_json::Value;

use super::catalogue as rules;
use super::judge::{Judge, Judged};
use super::values::Look;
use crate::walk::Way;
use crate::{Finding, Fix, Rule};

/// What a property must be.
struct Wanted {
    types: Types,
    noun: &'static str,
    /// The rule where it is certainly something else, and the rule where it is declared as something else.
    rules: (&'static Rule, &'static Rule),
    hint: &'static str,
}

const ITEMS: Wanted = Wanted {
    types: Types::ARRAY,
    noun: "the items must be an Array",
    rules: (&rules::ITEMS, &rules::DOUBTFUL_ITEMS),
    hint: "give an Array, such as `output.value` of a Lookup with `firstRowOnly` false, or a result of createArray(), split() or json()",
};

const CONDITION: Wanted = Wanted {
    types: Types::BOOLEAN,
    noun: "the condition must be a Boolean",
    rules: (&rules::CONDITION, &rules::DOUBTFUL_CONDITION),
    hint: "compare with equals(), greater() or less(), or convert it with bool()",
};

const SWITCH: Wanted = Wanted {
    types: Types::STRING.or(Types::INTEGER),
    noun: "a switch goes by a String or an Integer",
    rules: (&rules::SWITCH, &rules::SWITCH),
    hint: "convert it with string()",
};

impl Judge<'_, '_> {
    /// The items of a loop or a filter.
    pub(super) fn items<'a>(&mut self, way: &mut Way<'a>, value: &'a Value, look: Look<'_>) {
        self.wanted(way, value, look, &ITEMS);
    }

    /// What decides whether something is done.
    pub(super) fn condition<'a>(&mut self, way: &mut Way<'a>, value: &'a Value, look: Look<'_>) {
        self.wanted(way, value, look, &CONDITION);
    }

    /// What a switch goes by.
    pub(super) fn switch_on<'a>(&mut self, way: &mut Way<'a>, value: &'a Value, look: Look<'_>) {
        self.wanted(way, value, look, &SWITCH);
    }

    fn wanted<'a>(&mut self, way: &mut Way<'a>, value: &'a Value, look: Look<'_>, wanted: &Wanted) {
        let found = self.values(way, value, look);
        if value.as_object().and_then(expression_object).is_none() {
            self.not_an_object(way, value);
            return;
        }
        if found.types.overlaps(wanted.types) {
            return;
        }
        let (certain, doubtful) = wanted.rules;
        // Nobody has measured what the service makes of a text that says true.
        let text_condition = wanted.types == Types::BOOLEAN
            && found.types.is_within(Types::STRING)
            && !found.literal;
        let rule = if found.certain && !found.literal && !text_condition {
            certain
        } else {
            doubtful
        };
        let message = format!("{}, not {}", wanted.noun, article(found));
        let finding = Finding::at(rule, self.file, format!("{}/value", way.pointer()), message);
        self.findings.add(finding.hint(wanted.hint));
    }

    /// The service reads an `Expression` object here and nothing else.
    fn not_an_object(&mut self, way: &Way<'_>, value: &Value) {
        let message = "the service reads an `Expression` object here, not a plain value";
        let finding = Finding::at(&rules::OBJECT_REQUIRED, self.file, way.pointer(), message);
        let finding = finding.hint("write `{ \"value\": \"@…\", \"type\": \"Expression\" }`");
        let bytes = finding.span.as_ref().map(|span| span.bytes.clone());
        let finding = match (value, bytes) {
            (Value::String(text), Some(bytes)) if text.starts_with('@') => {
                let written = &self.file.text()[bytes.clone()];
                finding.fix(Fix {
                    message: "put the expression into an `Expression` object".to_owned(),
                    text: format!("{{ \"value\": {written}, \"type\": \"Expression\" }}"),
                    bytes,
                })
            }
            _ => finding,
        };
        self.findings.add(finding);
    }
}

fn article(found: Judged) -> String {
    if found.literal {
        return "plain text: the service saves it, and no run gets past it".to_owned();
    }
    found.types.to_string()
}
