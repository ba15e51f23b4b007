//! The calls that ask the scope: `pipeline()`, `variables('name')` and the like.

use std::borrow::Cow;

use serde_json::Value;

use crate::ast::Call;
use crate::budget::Evaluation;
use crate::check;
use crate::error::{ErrorKind, Fault};
use crate::eval::eval;
use crate::functions::Problem;
use crate::scope::{Named, Root};
use crate::select::member;
use crate::suggest;
use crate::value::lookup_key;

/// A call that asks the scope instead of computing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    Root(Root),
    TriggerOutputs,
    TriggerBody,
    Named(Named),
}

/// The spelling of each reference.
pub(crate) const REFERENCES: [(&str, Reference); 9] = [
    ("pipeline", Reference::Root(Root::Pipeline)),
    ("item", Reference::Root(Root::Item)),
    ("dataset", Reference::Root(Root::Dataset)),
    ("linkedService", Reference::Root(Root::LinkedService)),
    ("trigger", Reference::Root(Root::Trigger)),
    ("triggerOutputs", Reference::TriggerOutputs),
    ("triggerBody", Reference::TriggerBody),
    ("variables", Reference::Named(Named::Variable)),
    ("activity", Reference::Named(Named::Activity)),
];

/// Where a reference belongs, for those who use it elsewhere.
pub(crate) fn unavailable(root: Root) -> &'static str {
    match root {
        Root::Pipeline => "it belongs to pipelines",
        Root::Item => "it belongs to ForEach and Filter activities",
        Root::Dataset => "it belongs to the JSON of datasets",
        Root::LinkedService => "it belongs to the JSON of linked services",
        Root::Trigger => "it belongs to triggers: map it to a pipeline parameter there",
    }
}

impl Reference {
    pub(crate) fn named(name: &str) -> Option<Self> {
        let found = REFERENCES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, reference)| *reference)
    }

    fn spelling(self) -> &'static str {
        let found = REFERENCES.iter().find(|(_, reference)| *reference == self);
        found.map_or("", |(name, _)| name)
    }

    /// How many arguments it takes.
    pub(crate) fn arity(self) -> usize {
        usize::from(matches!(self, Self::Named(_)))
    }

    pub(crate) fn resolve<'s>(
        self,
        call: &Call,
        evaluation: &Evaluation<'s>,
    ) -> Result<Cow<'s, Value>, Fault> {
        match self {
            Self::Root(root) => self.root(root, call, evaluation),
            Self::TriggerOutputs => self.trigger(&["outputs"], call, evaluation),
            Self::TriggerBody => self.trigger(&["outputs", "body"], call, evaluation),
            Self::Named(kind) => self.find(kind, call, evaluation),
        }
    }

    fn root<'s>(
        self,
        root: Root,
        call: &Call,
        evaluation: &Evaluation<'s>,
    ) -> Result<Cow<'s, Value>, Fault> {
        evaluation.scope.root(root).ok_or_else(|| {
            let kind = ErrorKind::NotAvailable {
                reference: self.spelling().to_owned(),
            };
            let hint = unavailable(root);
            Fault::new(kind, call.name_span).with_hint(Some(hint.to_owned()))
        })
    }

    fn trigger<'s>(
        self,
        path: &[&str],
        call: &Call,
        evaluation: &Evaluation<'s>,
    ) -> Result<Cow<'s, Value>, Fault> {
        let mut value = self.root(Root::Trigger, call, evaluation)?;
        for name in path {
            let key = value
                .as_object()
                .and_then(|object| lookup_key(object, name));
            let Some(key) = key.map(str::to_owned) else {
                let reference = self.spelling().to_owned();
                let fault = Fault::new(ErrorKind::NotAvailable { reference }, call.name_span);
                return Err(fault.with_hint(Some(format!("the trigger has no `{name}`"))));
            };
            value = member(value, &key);
        }
        Ok(value)
    }

    fn find<'s>(
        self,
        kind: Named,
        call: &Call,
        evaluation: &Evaluation<'s>,
    ) -> Result<Cow<'s, Value>, Fault> {
        let function = self.spelling();
        let Some(arg) = call.args.first() else {
            return Err(check::argument_count(function, 1, Some(1), call));
        };
        let name = eval(arg, evaluation)?;
        let Some(name) = name.as_str() else {
            let problem = Problem::expected(0, "a String", &name);
            return Err(problem.at(function, arg.span));
        };
        let scope = evaluation.scope;
        scope.named(kind, name).ok_or_else(|| {
            let word = match kind {
                Named::Variable => "variable",
                Named::Activity => "finished activity",
            };
            let missing = ErrorKind::Missing {
                kind: word,
                name: name.to_owned(),
            };
            let known = scope.names(kind);
            Fault::new(missing, arg.span)
                .with_hint(suggest::hint(name, known.iter().map(String::as_str)))
        })
    }
}
