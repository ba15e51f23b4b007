//! Reading a definition, with an eye on what looks like a rule and is none.

use std::collections::HashMap;

use adf_model::pointer::escape;
use adf_source::SourceFile;
use serde_json::{Map, Value};

use crate::definition::{
    Definition, DefinitionRule, Each, Fields, Mark, Rule, Section, has_type_level,
};
use crate::finding::Finding;
use crate::kind;

/// Reads a definition.
pub(super) fn definition(file: &SourceFile) -> (Definition, Vec<Finding>) {
    let mut reader = Reader {
        file,
        section: "",
        rules: Vec::new(),
        findings: Vec::new(),
    };
    let sections = reader.sections();
    let definition = Definition {
        sections,
        rules: reader.rules,
        file: Some(file.clone()),
    };
    (definition, reader.findings)
}

struct Reader<'f> {
    file: &'f SourceFile,
    section: &'f str,
    rules: Vec<DefinitionRule>,
    findings: Vec<Finding>,
}

impl<'f> Reader<'f> {
    fn sections(&mut self) -> HashMap<String, Section> {
        let Some(root) = self.file.json().as_object() else {
            self.findings.push(
                Finding::error(
                    "arm-definition-unreadable",
                    "the definition is not an object",
                )
                .hint("Data Factory takes its default definition; so do these templates")
                .at(self.file, ""),
            );
            return HashMap::new();
        };
        let mut sections = HashMap::new();
        for (name, value) in root {
            self.section = name;
            let place = Place::root(name);
            self.check_section(name, &place);
            let section = match value {
                Value::Object(entries) if has_type_level(name) => self.typed(entries, &place),
                Value::Object(entries) => {
                    self.check_star(entries, &place);
                    Section {
                        every: self.rule(value, &place),
                        of_type: HashMap::new(),
                    }
                }
                _ => continue,
            };
            sections.insert(name.clone(), section);
        }
        sections
    }

    fn typed(&mut self, entries: &'f Map<String, Value>, place: &Place) -> Section {
        let mut section = Section {
            every: Rule::Nothing,
            of_type: HashMap::new(),
        };
        for (name, value) in entries {
            let place = place.below(name);
            if name == "properties" {
                self.warn(
                    &place,
                    format!("`properties` is taken for a type of {} here, so nothing below it has an effect", kind::plural(self.section)),
                    "put it into an entry `*`, which stands for every type",
                );
            }
            let rule = self.rule(value, &place);
            if name == "*" {
                section.every = rule;
            } else {
                section.of_type.insert(name.clone(), rule);
            }
        }
        section
    }

    fn rule(&mut self, value: &'f Value, place: &Place) -> Rule {
        match value {
            Value::String(text) => self.mark(text, place),
            Value::Object(entries) => {
                let mut fields = Fields::default();
                for (key, value) in entries {
                    let rule = self.rule(value, &place.below(key));
                    if key == "*" {
                        fields.others = Some(Box::new(rule));
                    } else {
                        fields.named.insert(key.clone(), rule);
                    }
                }
                Rule::Fields(fields)
            }
            Value::Array(items) => self.each(items, place),
            _ => {
                self.warn(
                    place,
                    format!("`{value}` is no mark, so the value is no parameter"),
                    "a mark begins with =, - or |",
                );
                Rule::Nothing
            }
        }
    }

    fn each(&mut self, items: &'f [Value], place: &Place) -> Rule {
        let Some(first) = items.first() else {
            return Rule::Nothing;
        };
        let rule = self.rule(first, &place.below("0"));
        let id = match items.get(1) {
            Some(Value::String(path)) => path.split('.').map(str::to_owned).collect(),
            Some(_) => {
                self.warn(
                    &place.below("1"),
                    "only the first element of an array is a rule, and it holds for every element",
                    "the second one may be text, the path of an element's name in it",
                );
                Vec::new()
            }
            None => Vec::new(),
        };
        Rule::Each(Box::new(Each { rule, id }))
    }

    fn mark(&mut self, text: &str, place: &Place) -> Rule {
        let Some(mark) = Mark::parse(text, self.rules.len()) else {
            self.warn(
                place,
                format!("`{text}` is no mark, so the value is no parameter"),
                "a mark begins with = (keep the value as default), - (no default) or | (secret)",
            );
            return Rule::Nothing;
        };
        self.rules.push(DefinitionRule {
            section: self.section.to_owned(),
            path: place.path.clone(),
            mark: text.to_owned(),
            pointer: place.pointer.clone(),
        });
        Rule::Mark(mark)
    }

    fn check_section(&mut self, name: &str, place: &Place) {
        if kind::SECTIONS.contains(&name) {
            return;
        }
        let same = kind::SECTIONS
            .iter()
            .find(|section| section.eq_ignore_ascii_case(name));
        let hint = match same {
            Some(section) => format!("case matters: {section}"),
            None => format!("the types are {}", kind::SECTIONS.join(", ")),
        };
        self.warn(
            place,
            format!("`{name}` is no type of a Data Factory template"),
            hint,
        );
    }

    fn check_star(&mut self, entries: &Map<String, Value>, place: &Place) {
        if entries.contains_key("*") && !entries.contains_key("properties") {
            self.warn(
                &place.below("*"),
                format!(
                    "`*` is not a type of {} here, and nothing below it has an effect",
                    kind::plural(self.section)
                ),
                "begin with `properties`; only linked services and datasets have entries by type",
            );
        }
    }

    fn warn(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        let finding = Finding::warning("arm-definition", message).hint(hint);
        self.findings.push(finding.at(self.file, &place.pointer));
    }
}

/// A place in a definition.
struct Place {
    pointer: String,
    path: String,
}

impl Place {
    fn root(section: &str) -> Self {
        Self {
            pointer: format!("/{}", escape(section)),
            path: String::new(),
        }
    }

    fn below(&self, key: &str) -> Self {
        Self {
            pointer: format!("{}/{}", self.pointer, escape(key)),
            path: match self.path.is_empty() {
                true => key.to_owned(),
                false => format!("{}.{key}", self.path),
            },
        }
    }
}
