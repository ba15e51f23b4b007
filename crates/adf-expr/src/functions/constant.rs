//! Constant arguments that a function never accepts, found by trying them.

use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::{Args, Body, Function, Problem};
use crate::ast::{Expr, ExprKind};
use crate::eval::constant;
use crate::scope::{Named, Root, Scope};

/// What stands in for an argument that is not constant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sample {
    Text(&'static str),
    Integer(i64),
}

impl Function {
    /// The same function; constant arguments are tried, beside these where others are not constant. A function that has none
    /// of them is tried only with all arguments constant.
    pub(super) const fn tried_with(mut self, samples: &'static [Sample]) -> Self {
        self.samples = Some(samples);
        self
    }
}

/// Why a function never accepts one of its constant arguments, if so.
pub(crate) fn constant_problem(function: &Function, args: &[Expr]) -> Option<Problem> {
    let (Some(samples), Body::Strict(body)) = (function.samples, &function.body) else {
        return None;
    };
    let mut constants = 0;
    let values = args.iter().enumerate().map(|(at, arg)| {
        if let ExprKind::Literal(literal) = &arg.kind {
            constants += 1;
            return Some(Cow::Owned(constant(literal)));
        }
        Some(Cow::Owned(match samples.get(at)? {
            Sample::Text(text) => Value::from(*text),
            Sample::Integer(number) => Value::from(*number),
        }))
    });
    let values: Vec<_> = values.collect::<Option<_>>()?;
    if constants == 0 {
        return None;
    }
    let problem = body(&Args::new(values, &Nowhere)).err()?;
    let blamed = problem.argument.and_then(|at| args.get(at));
    let is_constant = |arg: &Expr| matches!(arg.kind, ExprKind::Literal(_));
    blamed
        .map_or(constants == args.len(), is_constant)
        .then_some(problem)
}

/// A scope in which there is nothing.
struct Nowhere;

impl Scope for Nowhere {
    fn root(&self, _root: Root) -> Option<Cow<'_, Value>> {
        None
    }

    fn named(&self, _kind: Named, _name: &str) -> Option<Cow<'_, Value>> {
        None
    }

    fn names(&self, _kind: Named) -> Vec<String> {
        Vec::new()
    }

    fn now(&self) -> SystemTime {
        UNIX_EPOCH
    }

    fn random(&self) -> u64 {
        0
    }
}
