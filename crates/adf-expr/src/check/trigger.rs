//! What the types of triggers have.

use super::checker::{Checker, Inferred};
use super::symbols::TriggerKind;
use super::{Certainty, IssueKind, Types};
use crate::ast::{Accessor, Call};
use crate::scope::Root;
use crate::value::same_ignoring_case;

impl Checker<'_> {
    /// The trigger, or what `path` leads to in it, with as many accessors as are looked at here.
    pub(super) fn trigger(&mut self, path: &[&str], call: &Call) -> (Inferred, usize) {
        let Some(kind) = self.symbols.trigger else {
            return (self.or_unavailable(None, Root::Trigger, call), 0);
        };
        let written = path.iter().map(|name| (*name, None));
        let selected = call.accessors.iter().map_while(|accessor| {
            let name = accessor.selector.constant_name()?;
            Some((name, Some(accessor)))
        });
        for (depth, (name, accessor)) in written.chain(selected).enumerate() {
            let is_name = |member: &&&str| same_ignoring_case(member, name);
            let Some(members) = kind.members(depth) else {
                break;
            };
            match members.iter().find(is_name) {
                None => {
                    self.trigger_lacks(kind, name, accessor, call);
                    break;
                }
                // Only these have members of their own.
                Some(&("outputs" | "body")) => {}
                Some(_) => {
                    let told = (depth + 1).saturating_sub(path.len());
                    return (Inferred::certain(Types::STRING), told);
                }
            }
        }
        (Inferred::ANY, 0)
    }

    fn trigger_lacks(
        &mut self,
        kind: TriggerKind,
        name: &str,
        accessor: Option<&Accessor>,
        call: &Call,
    ) {
        let forgiven = accessor.is_some_and(|accessor| accessor.optional);
        self.add(
            IssueKind::TriggerProperty,
            if forgiven {
                Certainty::Doubtful
            } else {
                Certainty::Fails
            },
            accessor.map_or(call.name_span, |accessor| accessor.span),
            format!("{} has no `{name}`", kind.noun()),
            Some(format!("there is {}", kind.examples())),
        );
    }
}

impl TriggerKind {
    /// The members of `trigger()`, of its `outputs`, and of their `body`; none where they are not known.
    fn members(self, depth: usize) -> Option<&'static [&'static str]> {
        match (self, depth) {
            (Self::Schedule, 0) => Some(&["scheduledTime", "startTime"]),
            (Self::TumblingWindow, 0) => Some(&["outputs", "scheduledTime", "startTime"]),
            (Self::TumblingWindow, 1) => Some(&["windowStartTime", "windowEndTime"]),
            (Self::BlobEvents | Self::CustomEvents, 0) => Some(&["outputs", "startTime"]),
            (Self::BlobEvents | Self::CustomEvents, 1) => Some(&["body"]),
            (Self::BlobEvents, 2) => Some(&["fileName", "folderPath"]),
            _ => None,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Anything => "the trigger",
            Self::Schedule => "a schedule trigger",
            Self::TumblingWindow => "a tumbling window trigger",
            Self::BlobEvents => "a storage event trigger",
            Self::CustomEvents => "a custom event trigger",
        }
    }

    fn examples(self) -> &'static str {
        match self {
            Self::Anything | Self::Schedule => {
                "`trigger().scheduledTime` and `trigger().startTime`"
            }
            Self::TumblingWindow => {
                "`trigger().outputs.windowStartTime` and `trigger().outputs.windowEndTime`"
            }
            Self::BlobEvents => "`triggerBody().fileName` and `triggerBody().folderPath`",
            Self::CustomEvents => "`triggerBody().event`",
        }
    }
}
