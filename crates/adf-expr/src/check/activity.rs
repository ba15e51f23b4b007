//! `activity()`, and what is selected from it.

use super::checker::{Checker, Inferred};
use super::symbols::{Output, Sight};
use super::{Certainty, IssueKind, Types};
use crate::ast::Call;
use crate::scope::Root;
use crate::suggest;
use crate::value::same_ignoring_case;

impl Checker<'_> {
    pub(super) fn activity(&mut self, call: &Call) -> (Inferred, usize) {
        let Some(arg) = call.args.first() else {
            return (Inferred::ANY, 0);
        };
        let given = self.expr(arg);
        let Some(activities) = self.symbols.activities else {
            self.not_available("activity()", Root::Pipeline, call.name_span);
            return (Inferred::ANY, 0);
        };
        self.name_argument(call, given);
        let Some(name) = arg.as_text() else {
            return (Inferred::certain(Types::OBJECT), 0);
        };
        match activities.sight(name) {
            Sight::Ended(output) => self.ended(&output, call),
            Sight::NotUpstream { refused, why, hint } => {
                let certainty = match refused {
                    true => Certainty::Refused,
                    false => Certainty::Doubtful,
                };
                let message = format!("activity `{name}` may not have ended here: {why}");
                self.add(
                    IssueKind::NotUpstream,
                    certainty,
                    arg.span,
                    message,
                    Some(hint),
                );
                (Inferred::ANY, 0)
            }
            Sight::Missing => {
                let hint = suggest::hint(name, activities.names());
                self.add(
                    IssueKind::UnknownActivity,
                    Certainty::Refused,
                    arg.span,
                    format!("the pipeline has no activity `{name}`"),
                    hint,
                );
                (Inferred::ANY, 0)
            }
        }
    }

    /// What is selected from an activity that has ended.
    fn ended(&mut self, output: &Output, call: &Call) -> (Inferred, usize) {
        let name = |at: usize| call.accessors.get(at)?.selector.constant_name();
        match name(0) {
            Some(member) if same_ignoring_case(member, "status") => {
                return (Inferred::certain(Types::STRING), 1);
            }
            Some(member) if same_ignoring_case(member, "output") => {}
            Some(_) => return (Inferred::ANY, 1),
            None => return (Inferred::certain(Types::OBJECT), 0),
        }
        let Some(field) = name(1) else {
            return (Inferred::declared(Types::OBJECT), 1);
        };
        let absent = output
            .absent
            .iter()
            .find(|(absent, _)| same_ignoring_case(absent, field));
        if let (Some((_, hint)), Some(accessor)) = (absent, call.accessors.get(1)) {
            self.add(
                IssueKind::AbsentOutput,
                Certainty::Doubtful,
                accessor.span,
                format!("the output of this activity has no `{field}`"),
                Some((*hint).to_owned()),
            );
            return (Inferred::ANY, 2);
        }
        let known = output
            .fields
            .iter()
            .find(|(known, _)| same_ignoring_case(known, field));
        (
            known.map_or(Inferred::ANY, |(_, types)| Inferred::declared(*types)),
            2,
        )
    }
}
