//! Checks of machine learning.

mod days;
mod drift;
mod labels;
mod lack;
mod leakage;
mod rows;
mod sense;
mod told;

use std::borrow::Cow;

use yaml_source::{Limits, Node, Value};

use crate::ml::{ENGINE, Needs, Spec, spec};
use crate::model::{Fields, Rule, operators as given_operators};
use crate::plan::{Category, Formula, Operator, Severity, Test, Unit};
use crate::text::expected;

use super::builder::{Builder, Id, Said, Subject};
use super::operators::operators;

pub(crate) use lack::{Lack, Lacking};
use told::Told;

/// What a check is compiled to: one line of the report, or several.
type Compiled = Result<Vec<Line>, String>;

/// A line of the report.
struct Line {
    /// Behind the id, where there are several lines.
    suffix: Option<String>,
    /// What is measured, without what must hold of it.
    what: String,
    /// The whole title, where what must hold is more than operators say.
    title: Option<String>,
    /// The column, where it is another one than the rule's.
    column: Option<crate::plan::ColumnId>,
    /// What is compared; operators are put in place of these where the rule gives some.
    test: Test,
    /// What a failure means, where the rule does not say.
    severity: Severity,
}

impl Line {
    fn new(what: String, test: Test) -> Self {
        Self {
            suffix: None,
            what,
            title: None,
            column: None,
            test,
            severity: Severity::Error,
        }
    }

    /// That a stored profile does not serve. The contract is not wrong then, and its other checks are made.
    fn of_profile(name: &str, told: &Told, reason: String) -> Self {
        let what = format!("comparison with the profile `{name}`");
        Self {
            column: told.column,
            ..Self::new(what, Test::Undecided { reason })
        }
    }
}

/// Compiles a rule of this engine.
pub(super) fn compile(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, name: &str) {
    let implementation = implementation(rule);
    let check = implementation
        .as_ref()
        .ok()
        .and_then(|node| node.text("check").map(Cow::into_owned));
    // What stands in a text has no place of its own.
    let is_written = matches!(implementation, Ok(Cow::Borrowed(_)));
    let compiled = implementation
        .map_err(Lack::from)
        .and_then(|node| lines(builder, subject, (rule, &node), check.as_deref()));
    let part = check.as_deref().unwrap_or("custom").to_owned();
    match compiled {
        Ok(lines) => {
            for line in lines {
                add(builder, subject, rule, &part, line);
            }
        }
        Err(lack) => {
            let reason = lack.reason.clone();
            builder.lacking.push(lack.of(rule, is_written));
            let title = format!("{part} of `{name}`");
            let said = said(builder, rule, &part, title, Severity::Error);
            builder.not_executable(subject, said, rule.node, reason);
        }
    }
}

fn said<'s>(
    builder: &Builder<'_>,
    rule: Rule<'_>,
    part: &'s str,
    title: String,
    severity: Severity,
) -> Said<'s> {
    let own = rule.field("name");
    let given = rule.field("severity");
    Said {
        id: rule
            .id()
            .map_or(Id::Part(part), |id| Id::Whole(id.into_owned())),
        title: own.map_or(title, Cow::into_owned),
        category: Category::Ml,
        dimension: rule.field("dimension").map_or(Some("consistency"), |name| {
            super::rules::dimension_named(&name)
        }),
        severity: given.map_or(severity, |word| builder.settings.severity(Some(&word))),
        tags: rule.tags(),
    }
}

fn add(builder: &mut Builder<'_>, subject: &Subject, rule: Rule<'_>, part: &str, line: Line) {
    let condition = match &line.test {
        Test::Measured {
            operators, unit, ..
        } => expected(operators, *unit),
        Test::Derived { operators, .. } => expected(operators, Unit::Rows),
        Test::Age { limit, .. } => format!("< {}", crate::text::duration(*limit)),
        Test::NotExecutable { .. } | Test::Undecided { .. } => String::new(),
    };
    let title = line
        .title
        .unwrap_or_else(|| format!("{} {condition}", line.what));
    let mut said = said(
        builder,
        rule,
        part,
        title.trim_end().to_owned(),
        line.severity,
    );
    if let Some(suffix) = &line.suffix {
        said.id = Id::Whole(match said.id {
            Id::Whole(id) => format!("{id}.{suffix}"),
            Id::Part(part) => format!("{}.{part}.{suffix}", subject.prefix),
        });
    }
    let subject = Subject {
        column: line.column.or(subject.column),
        ..subject.clone()
    };
    builder.check(&subject, said, rule.node, line.test);
}

/// The mapping of `implementation`, which may be the text of one.
pub(crate) fn implementation(rule: Rule<'_>) -> Result<Cow<'_, Node>, String> {
    let node = rule
        .node
        .get("implementation")
        .ok_or("the rule has no `implementation`")?;
    match &node.value {
        Value::Mapping(_) => Ok(Cow::Borrowed(node)),
        Value::Text(text) => {
            let read = Node::read(text, Limits::SETTINGS);
            let read =
                read.map_err(|error| format!("the implementation cannot be read: {error}"))?;
            match read.value {
                Value::Mapping(_) => Ok(Cow::Owned(read)),
                _ => Err("the implementation is no mapping with a `check`".to_owned()),
            }
        }
        _ => Err("the implementation is no mapping with a `check`".to_owned()),
    }
}

fn lines(
    builder: &mut Builder<'_>,
    subject: &Subject,
    (rule, node): (Rule<'_>, &Node),
    check: Option<&str>,
) -> Result<Vec<Line>, Lack> {
    let check = check.ok_or_else(|| Lack::no_check(node))?;
    let spec = spec(check).ok_or_else(|| Lack::unknown_check(node, check))?;
    let given = given(rule, node, check)?;
    let told = told::read(builder, subject, node, spec)?;
    builder.profiles.extend(told.profile_name.clone());
    complete(spec, &told)?;
    sense::look(builder, subject, (check, node), &told)?;
    let mut lines = match check {
        "splitShare" => rows::split_share(builder, subject, &told),
        "reconciliation" => rows::reconciliation(builder, subject, &told),
        "runFolder" => rows::run_folder(builder, subject, &told),
        "volume" => with_profile(builder, &told, |builder| {
            rows::volume(builder, subject, &told)
        }),
        "identifier" => rows::identifier(builder, subject, &told),
        "constant" => rows::constant(builder, subject, &told),
        "nearConstant" => rows::near_constant(builder, subject, &told),
        "keyLeakage" => leakage::keys(builder, subject, &told, "keys"),
        "groupLeakage" => leakage::keys(builder, subject, &told, "groups"),
        "rowLeakage" => leakage::rows(builder, subject, &told),
        "conflictingLabels" => leakage::conflicts(builder, subject, &told),
        "timeLeakage" => leakage::time(builder, subject, &told),
        "stratification" => labels::stratification(builder, subject, &told),
        "classBalance" => labels::balance(builder, subject, &told),
        "newLabels" => labels::new(builder, subject, &told),
        _ => with_profile(builder, &told, |builder| {
            drift::drift(builder, subject, &told)
        }),
    }?;
    if !given.is_empty() {
        let of_columns = matches!(check, "constant" | "nearConstant" | "identifier");
        lines.truncate(if of_columns { usize::MAX } else { 1 });
        for line in &mut lines {
            line.title = None;
            replace(&mut line.test, &given);
        }
    }
    Ok(lines)
}

/// The lines of a check that may compare with a stored profile; what that lacks is no matter of the contract.
fn with_profile<'b>(
    builder: &mut Builder<'b>,
    told: &Told,
    lines: impl FnOnce(&mut Builder<'b>) -> Compiled,
) -> Compiled {
    let compiled = match &told.unusable {
        Some(reason) => Err(reason.clone()),
        None => lines(builder),
    };
    match &told.profile_name {
        Some(name) if !builder.without_profiles => {
            Ok(compiled.unwrap_or_else(|reason| vec![Line::of_profile(name, told, reason)]))
        }
        _ => compiled,
    }
}

/// What must hold in place of what is usual: it stands beside `implementation`, as in other rules, or in it.
fn given(rule: Rule<'_>, node: &Node, check: &str) -> Result<Vec<Operator>, String> {
    const OTHERS: [&str; 5] = ["unit", "arguments", "metric", "rule", "query"];
    if let Some(key) = OTHERS.iter().find(|key| rule.node.get(key).is_some()) {
        return Err(format!(
            "`{key}` says nothing to a check of `{ENGINE}`; what it needs stands in `implementation`"
        ));
    }
    let (outer, inner) = (
        operators(rule.operators())?,
        operators(given_operators(node))?,
    );
    if !outer.is_empty() && !inner.is_empty() {
        return Err(
            "there are operators in `implementation` and beside it; leave some out".to_owned(),
        );
    }
    let given = [outer, inner].concat();
    match check {
        "runFolder" if !given.is_empty() => {
            Err("`runFolder` says by `within` what must hold, and takes no operator".to_owned())
        }
        _ => Ok(given),
    }
}

fn replace(test: &mut Test, given: &[Operator]) {
    if let Test::Measured { operators, .. } | Test::Derived { operators, .. } = test {
        *operators = given.to_vec();
    }
    // What is allowed is told, so that neither chance nor a small share changes it.
    if let Test::Derived { formula, .. } = test
        && let Formula::UnlikelyShift(one, other) = formula
    {
        *formula = Formula::LabelShift(*one, *other);
    }
}

/// Whether the check was told all that it needs.
fn complete(spec: &Spec, told: &Told) -> Result<(), String> {
    for group in spec.one_of {
        if !group.iter().any(|key| told.has(key)) {
            let keys: Vec<_> = group.iter().map(|key| format!("`{key}`")).collect();
            return Err(format!("`{}` needs {}", spec.name, keys.join(" or ")));
        }
    }
    Ok(())
}

/// What a key needs, for people.
pub(crate) fn needed(needs: Needs) -> &'static str {
    match needs {
        Needs::Object => "the name of an object",
        Needs::Objects => "names of objects",
        Needs::Column => "the name of a column",
        Needs::Columns => "names of columns",
        Needs::Value => "a value",
        Needs::Values => "a list of values",
        Needs::Numbers => "numbers in ascending order",
        Needs::Duration => "a duration, such as `6 h`",
        Needs::Reference => "`{ object: … }` or `{ profile: … }`",
        Needs::Method => "`psi`, `ks`, `chiSquare`, `jensenShannon`, `unseen` or `labelShift`",
    }
}
