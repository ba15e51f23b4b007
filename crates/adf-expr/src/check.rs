//! Looks at templates without a run: which names they use, and which calls can never work.

use crate::ast::{Call, Expr, ExprKind, Part, Selector, Span, Template};
use crate::error::{ErrorKind, EvalError, Fault};
use crate::functions::{self, Function};
use crate::reference::{REFERENCES, Reference};
use crate::scope::{Named, Root};
use crate::suggest;
use crate::value::same_ignoring_case;

/// Something a template refers to by a constant name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The name as written.
    pub name: String,
    /// Where the reference stands.
    pub span: Span,
}

/// What a template uses, in the order of the text. Names that are computed are not listed.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct References {
    /// `activity('name')`
    pub activities: Vec<Reach>,
    /// `variables('name')`
    pub variables: Vec<Reach>,
    /// `pipeline().parameters.name`
    pub parameters: Vec<Reach>,
    /// `pipeline().globalParameters.name`
    pub global_parameters: Vec<Reach>,
    /// `dataset().name`
    pub dataset_parameters: Vec<Reach>,
    /// `linkedService().name`
    pub linked_service_parameters: Vec<Reach>,
    /// The references without arguments, such as `item()`. `triggerBody()` and `triggerOutputs()` count as `trigger()`.
    pub roots: Vec<(Root, Span)>,
    /// Unknown functions and wrong numbers of arguments.
    pub problems: Vec<EvalError>,
}

impl References {
    /// Whether the template asks for the current element of a loop.
    #[must_use]
    pub fn uses_item(&self) -> bool {
        self.roots.iter().any(|(root, _)| *root == Root::Item)
    }
}

/// Lists what a template uses, and its calls that can never work.
#[must_use]
pub fn check(template: &Template) -> References {
    let mut references = References::default();
    let mut faults = Vec::new();
    each_call(template, &mut |call| {
        if let Err(fault) = check_call(call) {
            faults.push(fault);
        }
        record(call, &mut references);
    });
    let text = if faults.is_empty() {
        String::new()
    } else {
        template.to_string()
    };
    references.problems = faults
        .into_iter()
        .map(|fault| fault.in_text(&text))
        .collect();
    references
}

/// The service refuses such expressions as a whole, even where the call would not be reached.
pub(crate) fn reject_bad_calls(template: &Template) -> Result<(), Fault> {
    let mut first = Ok(());
    each_call(template, &mut |call| {
        if first.is_ok() {
            first = check_call(call);
        }
    });
    first
}

fn check_call(call: &Call) -> Result<(), Fault> {
    if let Some(reference) = Reference::named(&call.name) {
        let wanted = reference.arity();
        if call.args.len() != wanted {
            return Err(argument_count(&call.name, wanted, Some(wanted), call));
        }
        return Ok(());
    }
    let function = function_of(call)?;
    let given = call.args.len();
    if given < function.min || function.max.is_some_and(|max| given > max) {
        return Err(argument_count(
            function.name,
            function.min,
            function.max,
            call,
        ));
    }
    Ok(())
}

/// The function a call names.
pub(crate) fn function_of(call: &Call) -> Result<&'static Function, Fault> {
    if let Some(function) = functions::find(&call.name) {
        return Ok(function);
    }
    let name = call.name.clone();
    if let Some(hint) = functions::foreign(&name) {
        let fault = Fault::new(ErrorKind::UnsupportedFunction { name }, call.name_span);
        return Err(fault.with_hint((!hint.is_empty()).then(|| hint.to_owned())));
    }
    let known = functions::names().chain(REFERENCES.iter().map(|(name, _)| *name));
    let hint = match functions::substitute(&name) {
        Some(substitute) => Some(format!("use {substitute}")),
        None => suggest::nearest(&name, known).map(|near| format!("did you mean `{near}`?")),
    };
    Err(Fault::new(ErrorKind::UnknownFunction { name }, call.name_span).with_hint(hint))
}

pub(crate) fn argument_count(function: &str, min: usize, max: Option<usize>, call: &Call) -> Fault {
    let count = |n: usize| match n {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        n => format!("{n} arguments"),
    };
    let expected = match max {
        Some(max) if max == min => count(min),
        Some(max) => format!("{min} to {max} arguments"),
        None => format!("at least {}", count(min)),
    };
    let kind = ErrorKind::ArgumentCount {
        function: function.to_owned(),
        expected,
        given: call.args.len(),
    };
    Fault::new(kind, call.name_span)
}

fn each_call<'t>(template: &'t Template, visit: &mut dyn FnMut(&'t Call)) {
    match template {
        Template::Literal(_) => {}
        Template::Expression(expr) => walk(expr, visit),
        Template::Interpolated(parts) => {
            for part in parts {
                if let Part::Expr(expr) = part {
                    walk(expr, visit);
                }
            }
        }
    }
}

fn walk<'t>(expr: &'t Expr, visit: &mut dyn FnMut(&'t Call)) {
    if let ExprKind::Call(call) = &expr.kind {
        visit(call);
        for arg in &call.args {
            walk(arg, visit);
        }
        for accessor in &call.accessors {
            if let Selector::Index(index) = &accessor.selector {
                walk(index, visit);
            }
        }
    }
}

fn record(call: &Call, references: &mut References) {
    let Some(reference) = Reference::named(&call.name) else {
        return;
    };
    let selected = |i: usize| {
        let accessor = call.accessors.get(i)?;
        let name = accessor.selector.constant_name()?.to_owned();
        Some((name, accessor.span))
    };
    let reach = |i: usize| selected(i).map(|(name, span)| Reach { name, span });
    match reference {
        Reference::Named(kind) => {
            let Some(arg) = call.args.first() else { return };
            let name = arg.as_text().map(|name| Reach {
                name: name.to_owned(),
                span: arg.span,
            });
            match kind {
                Named::Activity => references.activities.extend(name),
                Named::Variable => references.variables.extend(name),
            }
        }
        Reference::Root(root) => {
            references.roots.push((root, call.name_span));
            match (root, selected(0)) {
                (Root::Pipeline, Some((name, _))) if same_ignoring_case(&name, "parameters") => {
                    references.parameters.extend(reach(1));
                }
                (Root::Pipeline, Some((name, _)))
                    if same_ignoring_case(&name, "globalParameters") =>
                {
                    references.global_parameters.extend(reach(1));
                }
                (Root::Dataset, _) => references.dataset_parameters.extend(reach(0)),
                (Root::LinkedService, _) => references.linked_service_parameters.extend(reach(0)),
                _ => {}
            }
        }
        Reference::TriggerBody | Reference::TriggerOutputs => {
            references.roots.push((Root::Trigger, call.name_span));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(reaches: &[Reach]) -> Vec<&str> {
        reaches.iter().map(|reach| reach.name.as_str()).collect()
    }

    #[test]
    fn lists_what_a_template_uses() {
        let text = "@{activity('A').output[item().k]}@{variables('v')}@{pipeline().Parameters['p q']}@{pipeline().globalParameters?.g}@{dataset().d}";

        let found = check(&Template::parse(text).unwrap());

        assert_eq!(names(&found.activities), ["A"]);
        assert_eq!(names(&found.variables), ["v"]);
        assert_eq!(names(&found.parameters), ["p q"]);
        assert_eq!(names(&found.global_parameters), ["g"]);
        assert_eq!(names(&found.dataset_parameters), ["d"]);
        assert!(found.uses_item());
        assert_eq!(found.problems, []);
    }

    #[test]
    fn reports_calls_that_can_never_work() {
        let template = Template::parse("@if(true, cnocat('a'), sub(1))").unwrap();

        let problems: Vec<String> = check(&template)
            .problems
            .iter()
            .map(ToString::to_string)
            .collect();

        assert_eq!(
            problems,
            [
                "expression `@if(true, cnocat('a'), sub(1))`: no function named `cnocat`; did you mean `concat`?",
                "expression `@if(true, cnocat('a'), sub(1))`: function `sub` takes 2 arguments, not 1",
            ]
        );
    }
}
