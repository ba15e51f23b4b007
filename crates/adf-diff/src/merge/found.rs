//! What breaks in a merge, and how it is told.

use adf_model::ResourceId;

use super::need::Need;
use crate::{Path, Subject};

/// Who has done something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// Nobody: it was so before.
    Base,
    /// The first side.
    One,
    /// The other side.
    Other,
    /// Both sides.
    Both,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// On which side.
    pub whose: Whose,
    /// The resource whose document it is.
    pub resource: ResourceId,
    /// The JSON pointer in it.
    pub pointer: String,
}

/// What breaks.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// Both sides have changed one place, and differently.
    Conflict {
        /// The place; none where it is about the whole resource.
        path: Option<Path>,
        /// What is the case.
        text: String,
    },
    /// What one side needs is what the other has taken away, or has come to ask for.
    Broken {
        /// What is needed.
        need: Need,
        /// Who has come to need it.
        user: Whose,
        /// Who has broken it.
        breaker: Whose,
        /// What is needed is there under this name.
        renamed_to: Option<String>,
    },
    /// Resources, or activities of a pipeline, that go round in a circle.
    Circle {
        /// Their names, in the order of the circle.
        members: Vec<String>,
    },
    /// More than the service takes.
    Limit {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
}

/// A fault of what both sides make together.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The resource that breaks.
    pub subject: Subject,
    /// What breaks.
    pub fault: Fault,
    /// Where it can be seen.
    pub places: Vec<Place>,
}

impl Found {
    /// What is the case, with the names of the sides.
    #[must_use]
    pub fn text(&self, one: &str, other: &str) -> String {
        let name = |whose: Whose| match whose {
            Whose::Base => "nobody".to_owned(),
            Whose::One => one.to_owned(),
            Whose::Other => other.to_owned(),
            Whose::Both => format!("{one} and {other}"),
        };
        match &self.fault {
            Fault::Conflict { text, .. } => text.replacen("one side", "one branch", 1).replacen(
                "both sides",
                &format!("{one} and {other} both"),
                1,
            ),
            Fault::Broken {
                need,
                user,
                breaker,
                renamed_to,
            } => {
                let what = self.own(need);
                let breaker = name(*breaker);
                let broken = match (need, renamed_to) {
                    (Need::Argument(..), _) => format!("which {breaker} has made necessary"),
                    (_, Some(new)) => format!("which {breaker} has renamed to `{new}`"),
                    (_, None) => format!("which {breaker} has removed"),
                };
                match (need, user) {
                    (Need::Argument(..), Whose::Base) => {
                        format!("gives no value to {what}, {broken}")
                    }
                    (Need::Argument(..), user) => format!(
                        "{} makes it call without a value for {what}, {broken}",
                        name(*user)
                    ),
                    (_, Whose::Base) => format!("uses {what}, {broken}"),
                    (_, user) => format!("{} makes it use {what}, {broken}", name(*user)),
                }
            }
            Fault::Circle { members } => {
                let first = members.first().cloned().into_iter();
                let round: Vec<_> = members.iter().cloned().chain(first).collect();
                format!("goes round in a circle: {}", round.join(" → "))
            }
            Fault::Limit { what, count, most } => {
                format!("has {count} {what}, and may have {most}")
            }
        }
    }

    /// A need in words; what belongs to the resource itself is its own.
    fn own(&self, need: &Need) -> String {
        let (kind, id, name) = match need {
            Need::Variable(id, name) => ("variable", id, name),
            Need::Activity(id, name) => ("activity", id, name),
            Need::Parameter(id, name) => ("parameter", id, name),
            _ => return need.to_string(),
        };
        match &self.subject {
            Subject::Resource(own) if own == id => format!("its {kind} `{name}`"),
            _ => need.to_string(),
        }
    }
}
