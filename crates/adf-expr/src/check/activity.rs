//! `activity()`, and what is selected from it.

use super::checker::{Checker, Inferred};
use super::symbols::{Output, Sight};
use super::{Certainty, IssueKind, Types};
use crate::ast::Call;
use crate::scope::Root;
use crate::suggest;
use crate::value::same_ignoring_case;

/// What an activity that has ended has beside other things.
const MEMBERS: [&str; 3] = ["output", "status", "error"];

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
            Sight::Ended(output) => {
                if let Some(known) = activities.spelling(name) {
                    self.spelled("activity", (name, known), arg.span);
                }
                self.ended(&output, call)
            }
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
            Some(member) => {
                let is_known = MEMBERS
                    .iter()
                    .any(|known| same_ignoring_case(known, member));
                if let Some(near) = suggest::slip(member, MEMBERS).filter(|_| !is_known) {
                    let message = format!("an activity that has ended has no `{member}`");
                    self.absent(call, 0, (message, meant(near)));
                }
                return (Inferred::ANY, 1);
            }
            None => return (Inferred::certain(Types::OBJECT), 0),
        }
        let Some(field) = name(1) else {
            return (Inferred::declared(Types::OBJECT), 1);
        };
        let absent = output
            .absent
            .iter()
            .find(|(absent, _)| same_ignoring_case(absent, field));
        let hint = match absent {
            Some((_, hint)) => Some((*hint).to_owned()),
            None => unknown(output, field),
        };
        if let Some(hint) = hint {
            let message = format!("the output of this activity has no `{field}`");
            self.absent(call, 1, (message, hint));
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

    fn absent(&mut self, call: &Call, accessor: usize, (message, hint): (String, String)) {
        if let Some(accessor) = call.accessors.get(accessor) {
            self.add(
                IssueKind::AbsentOutput,
                Certainty::Doubtful,
                accessor.span,
                message,
                Some(hint),
            );
        }
    }
}

/// What to do about a property that the output does not have; none where it may have it.
fn unknown(output: &Output, field: &str) -> Option<String> {
    let names = output.names.iter().copied();
    if names.clone().any(|known| same_ignoring_case(known, field)) {
        return None;
    }
    match suggest::slip(field, names.clone()) {
        Some(near) => Some(meant(near)),
        None if output.is_closed => suggest::hint(field, names),
        None => None,
    }
}

fn meant(near: &str) -> String {
    format!("did you mean `{near}`?")
}
