//! References: `pipeline()`, `activity()` and the others, with what is behind them.

use super::checker::{Checker, Inferred};
use super::declared::Declared;
use super::symbols::{Known, System};
use super::{Certainty, IssueKind, Types};
use crate::ast::{Accessor, Call, Span};
use crate::reference::{Reference, unavailable};
use crate::scope::{Named, Root};
use crate::suggest;
use crate::value::same_ignoring_case;

/// The members of `pipeline()` that every run has, as the service documents them.
const SYSTEM: [&str; 8] = [
    "DataFactory",
    "Pipeline",
    "RunId",
    "GroupId",
    "TriggerId",
    "TriggerName",
    "TriggerTime",
    "TriggerType",
];

/// Those that only runs have that another pipeline has started.
const OF_CHILDREN: [&str; 2] = ["TriggeredByPipelineName", "TriggeredByPipelineRunId"];

/// Members of `pipeline()` of which nothing more is known.
const OPEN: [&str; 1] = ["libraryVariables"];

impl Checker<'_> {
    /// What a reference gives, with as many of its accessors as are looked at here.
    pub(super) fn reference(&mut self, reference: Reference, call: &Call) -> (Inferred, usize) {
        match reference {
            Reference::Root(Root::Pipeline) => self.pipeline(call),
            Reference::Root(Root::Item) => {
                let found = self.symbols.item.map(Inferred::certain);
                (self.or_unavailable(found, Root::Item, call), 0)
            }
            Reference::Root(Root::Dataset) => {
                self.arguments(self.symbols.dataset, Root::Dataset, call)
            }
            Reference::Root(Root::LinkedService) => {
                self.arguments(self.symbols.linked_service, Root::LinkedService, call)
            }
            Reference::Root(Root::Trigger) => self.trigger(&[], call),
            Reference::TriggerOutputs => self.trigger(&["outputs"], call),
            Reference::TriggerBody => self.trigger(&["outputs", "body"], call),
            Reference::Named(Named::Variable) => (self.variable(call), 0),
            Reference::Named(Named::Activity) => self.activity(call),
        }
    }

    pub(super) fn or_unavailable(
        &mut self,
        found: Option<Inferred>,
        root: Root,
        call: &Call,
    ) -> Inferred {
        found.unwrap_or_else(|| {
            self.not_available(&format!("{}()", call.name), root, call.name_span);
            Inferred::ANY
        })
    }

    pub(super) fn not_available(&mut self, what: &str, root: Root, span: Span) {
        self.add(
            IssueKind::NotAvailable,
            match root {
                // The service lets it pass, and knows no trigger in the run.
                Root::Trigger => Certainty::Fails,
                _ => Certainty::Refused,
            },
            span,
            format!("`{what}` is not available here"),
            Some(unavailable(root).to_owned()),
        );
    }

    fn pipeline(&mut self, call: &Call) -> (Inferred, usize) {
        let object = Inferred::certain(Types::OBJECT);
        let symbols = self.symbols;
        let nowhere = symbols.system == System::NotHere
            && matches!(symbols.parameters, Known::NotHere)
            && matches!(symbols.global_parameters, Known::NotHere);
        if nowhere {
            return (self.or_unavailable(None, Root::Pipeline, call), 0);
        }
        let Some(member) = call.accessors.first() else {
            return (object, 0);
        };
        let Some(name) = member.selector.constant_name() else {
            return (object, 0);
        };
        if same_ignoring_case(name, "parameters") {
            self.declared(symbols.parameters, Declared::PARAMETER, call, 1)
        } else if same_ignoring_case(name, "globalParameters") {
            self.declared(symbols.global_parameters, Declared::GLOBAL, call, 1)
        } else {
            self.system_variable(name, member);
            (Inferred::ANY, 1)
        }
    }

    fn system_variable(&mut self, name: &str, member: &Accessor) {
        let is_one_of = |names: &[&str]| names.iter().any(|known| same_ignoring_case(known, name));
        if self.symbols.system != System::Documented || is_one_of(&SYSTEM) || is_one_of(&OPEN) {
            return;
        }
        if is_one_of(&OF_CHILDREN) {
            if !member.optional {
                let message = format!(
                    "only runs that another pipeline has started have `{name}`; in others the expression fails"
                );
                self.add(
                    IssueKind::UnguardedSystemVariable,
                    Certainty::Doubtful,
                    member.span,
                    message,
                    Some(format!("write `pipeline()?.{name}`")),
                );
            }
            return;
        }
        let known = SYSTEM.into_iter().chain(OF_CHILDREN);
        let known = known.chain(["parameters", "globalParameters"]);
        self.add(
            IssueKind::UnknownSystemVariable,
            if member.optional {
                Certainty::Doubtful
            } else {
                Certainty::Refused
            },
            member.span,
            format!("`pipeline()` has no `{name}`"),
            suggest::hint(name, known),
        );
    }

    /// `dataset()` and `linkedService()`, whose members are their arguments.
    fn arguments(&mut self, known: Known<'_>, root: Root, call: &Call) -> (Inferred, usize) {
        let what = if root == Root::Dataset {
            Declared::OF_DATASET
        } else {
            Declared::OF_LINKED_SERVICE
        };
        match known {
            Known::NotHere => (self.or_unavailable(None, root, call), 0),
            known => self.declared(known, what, call, 0),
        }
    }

    /// The name that a reference is given must be text.
    pub(super) fn name_argument(&mut self, call: &Call, given: Inferred) {
        let Some(arg) = call.args.first() else { return };
        if !given.types.overlaps(Types::STRING) {
            let found = given.types.name();
            let message = format!(
                "function `{}`: argument 1 must be a String, not {found}",
                call.name
            );
            self.add(
                IssueKind::ArgumentType,
                Certainty::Refused,
                arg.span,
                message,
                None,
            );
        }
    }
}
