//! Calls that can never work: unknown functions, and wrong numbers of arguments.

use crate::ast::{Call, Expr, ExprKind, Part, Selector, Template};
use crate::error::{ErrorKind, Fault};
use crate::functions::{self, Function};
use crate::reference::{REFERENCES, Reference};
use crate::suggest;

/// The service refuses such expressions as a whole, even where the call would not be reached.
pub(crate) fn reject_bad_calls(template: &Template) -> Result<(), Fault> {
    let mut first = Ok(());
    each_call(template, &mut |call| {
        if first.is_ok() {
            first = callee(call).map(drop);
        }
    });
    first
}

/// What a call calls.
pub(super) enum Callee {
    Reference(Reference),
    Function(&'static Function),
}

/// What a call calls, with a number of arguments that it takes.
pub(super) fn callee(call: &Call) -> Result<Callee, Fault> {
    let given = call.args.len();
    if let Some(reference) = Reference::named(&call.name) {
        let wanted = reference.arity();
        if given != wanted {
            return Err(argument_count(&call.name, wanted, Some(wanted), call));
        }
        return Ok(Callee::Reference(reference));
    }
    let function = function_of(call)?;
    let (min, max) = (function.min, function.max);
    if given < min || max.is_some_and(|max| given > max) {
        return Err(argument_count(function.name, min, max, call));
    }
    Ok(Callee::Function(function))
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

pub(super) fn each_call<'t>(template: &'t Template, visit: &mut dyn FnMut(&'t Call)) {
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
