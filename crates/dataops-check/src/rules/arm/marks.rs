//! Marks that do something else than they seem to.

use adf_arm::{DefinitionRule, Node, Origin};
use adf_model::Kind;
use adf_model::pointer::escape;
use adf_model::secret::is_secret_of_connection;
use adf_source::{Repository, SourceFile};
use serde_json::Value;

use super::definition::kind_of;
use super::export::Exported;
use crate::rules::rule;
use crate::{Finding, Findings, Rule};

pub(super) static COLON: Rule = rule!(
    "ARM110",
    "definition-colon",
    Warning,
    "A mark has text between its sign and the first colon, which is passed over"
);
pub(super) static EXPOSED: Rule = rule!(
    "ARM112",
    "exposed-secret",
    Warning,
    "A mark writes a secret into the template in clear text"
);
pub(super) static REPLACED: Rule = rule!(
    "ARM113",
    "replaced-definition",
    Note,
    "An entry for a type takes the place of `*`, and leaves out a property that `*` has"
);

pub(super) static CIRCULAR: Rule = rule!(
    "ARM104",
    "circular-parameter",
    Error,
    "A mark on a secret makes a parameter whose default refers to itself"
);

/// Parameters whose default refers to themselves, and the marks that make them.
pub(super) fn circular<'e>(
    exported: &'e Exported<'_>,
) -> impl Iterator<Item = (&'e DefinitionRule, &'e str)> {
    let parameters = exported.export.template.parameters.list().iter();
    parameters.filter_map(|parameter| {
        let Origin::Rule(number) = parameter.origin else {
            return None;
        };
        let default = parameter.default.as_ref().and_then(Node::text)?;
        let itself = default == format!("[parameters('{}')]", parameter.name);
        let rule = exported.definition.rules().get(number)?;
        itself.then_some((rule, &*parameter.name))
    })
}

pub(super) fn check(repository: &Repository, exported: &Exported<'_>, findings: &mut Findings) {
    let Some(file) = exported.definition.file() else {
        return;
    };
    let rules = exported.definition.rules();
    for rule in rules {
        check_colon(file, rule, findings);
        check_replaced(repository, file, rule, rules, findings);
    }
    for (rule, name) in circular(exported) {
        let message = format!("the default of the parameter `{name}` is the parameter `{name}`");
        let finding = Finding::at(&CIRCULAR, file, rule.pointer.as_str(), message);
        findings.add(
            finding
                .hint("the mark for a secret is `|`, such as `|:-connectionString:secureString`"),
        );
    }
    for parameter in exported.export.template.parameters.list() {
        let Origin::Rule(number) = parameter.origin else {
            continue;
        };
        let Some(rule) = rules.get(number) else {
            continue;
        };
        let text = parameter.default.as_ref().and_then(Node::text);
        let shown = text.is_some_and(is_clear);
        if shown && (parameter.is_secure() || is_secret_path(&rule.path)) {
            let name = &parameter.name;
            let message =
                format!("the template has the secret of `{name}` as its default, in clear text");
            let finding = Finding::at(&EXPOSED, file, rule.pointer.as_str(), message);
            findings
                .add(finding.hint("a mark that begins with `-` gives the parameter no default"));
        }
    }
}

fn check_colon(file: &SourceFile, rule: &DefinitionRule, findings: &mut Findings) {
    let first = rule.mark.split(':').next().unwrap_or_default();
    let passed: String = first.chars().skip(1).collect();
    if !passed.is_empty() {
        let sign = &first[..1];
        let message =
            format!("`{passed}` is passed over: the name of a parameter stands behind a colon");
        let rest = &rule.mark[first.len()..];
        let kind = rest.strip_prefix(':').filter(|kind| !kind.contains(':'));
        let right = match kind {
            Some(kind) => format!("{sign}:{passed}:{kind}"),
            None => format!("{sign}:{passed}"),
        };
        let finding = Finding::at(&COLON, file, rule.pointer.as_str(), message);
        findings.add(finding.hint(format!("write `{right}`")));
    }
}

/// A property that `*` makes a parameter, and that the entry of a type does not.
fn check_replaced(
    repository: &Repository,
    file: &SourceFile,
    rule: &DefinitionRule,
    rules: &[DefinitionRule],
    findings: &mut Findings,
) {
    let Some(kind @ (Kind::LinkedService | Kind::Dataset)) = kind_of(&rule.section) else {
        return;
    };
    let Some(path) = rule
        .path
        .strip_prefix("*.")
        .filter(|path| !path.contains('*'))
    else {
        return;
    };
    let section = file.json().get(&rule.section).and_then(Value::as_object);
    let types = section.into_iter().flatten().map(|(name, _)| name);
    for of_type in types.filter(|name| *name != "*") {
        let named = format!("{of_type}.{path}");
        if rules
            .iter()
            .any(|other| other.section == rule.section && other.path == named)
        {
            continue;
        }
        let pointer = format!("/{}", path.replace('.', "/"));
        let has = |json: &Value| {
            let same = json.pointer("/properties/type").and_then(Value::as_str) == Some(of_type);
            same && json.pointer(&pointer).is_some()
        };
        let found = repository
            .of_kind(kind)
            .find(|resource| has(resource.file.json()));
        if let Some(found) = found {
            let last = path.rsplit('.').next().unwrap_or(path);
            let message = format!(
                "`{last}` of the {} is no parameter: this entry takes the place of `*`",
                found.id
            );
            let place = format!("/{}/{}", escape(&rule.section), escape(of_type));
            let finding = Finding::at_key(&REPLACED, file, place, message);
            findings.add(finding.hint("repeat here what `*` has, where it is wanted"));
        }
    }
}

/// Whether a text is a value that somebody could use.
fn is_clear(text: &str) -> bool {
    !text.is_empty() && !text.starts_with(['@', '[']) && !text.chars().all(|letter| letter == '*')
}

/// Whether the last property of a path holds secrets.
fn is_secret_path(path: &str) -> bool {
    let last = path.rsplit('.').find(|key| *key != "value").unwrap_or(path);
    is_secret_of_connection(last)
}
