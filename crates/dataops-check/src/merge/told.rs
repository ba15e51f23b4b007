//! What the comparison of contracts tells too, and better.

use adf_diff::{Fault, Found, Need, Step, Subject as About};

use super::{Breach, Words};
use crate::Subject;

impl Breach {
    /// Whether this is what `found` tells, which knows who has done it.
    #[must_use]
    pub fn is_told_by(&self, found: &Found, result: &Subject<'_>) -> bool {
        let About::Resource(id) = &found.subject else {
            return false;
        };
        let file = result.repository.get(id).map(|resource| &resource.file);
        let is_there = file.is_some_and(|file| {
            self.finding.path.strip_prefix(result.prefix) == Some(file.path.as_str())
        });
        let words = Words::of(&self.finding.message);
        match &found.fault {
            Fault::Broken { need, .. } => is_there && words.has(name(need)),
            Fault::Conflict { path, .. } => {
                let last = path.as_ref().and_then(|path| path.0.last());
                let name = last.and_then(|step| match step {
                    Step::Key(name) | Step::Name(name) => Some(name.as_str()),
                    Step::Index(_) => None,
                });
                is_there && name.is_some_and(|name| words.has(name))
            }
            Fault::Circle { members } => members.iter().all(|member| words.has(member)),
            Fault::Limit { most, .. } => {
                is_there && self.finding.message.contains(&most.to_string())
            }
        }
    }
}

fn name(need: &Need) -> &str {
    match need {
        Need::Resource(id) => &id.name,
        Need::Parameter(_, name)
        | Need::Variable(_, name)
        | Need::Activity(_, name)
        | Need::GlobalParameter(name)
        | Need::Argument(_, name) => name,
    }
}
