//! What a plan cannot know: secrets that the service does not give back.

use crate::plan::{Because, Plan};

/// How many resources are named.
const MOST_NAMED: usize = 3;

/// What is to be said of resources that are as they ought to be as far as the service shows; nothing where it shows everything.
pub(super) fn unread(plan: &Plan) -> Option<String> {
    let resources = plan.resources.iter();
    let unread: Vec<_> = resources
        .filter(|resource| resource.because == Because::SameButSecrets)
        .map(|resource| resource.resource.to_string())
        .collect();
    if unread.is_empty() {
        return None;
    }
    let named = unread.len().min(MOST_NAMED);
    let more = match unread.len() - named {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "secrets of {}{more} cannot be compared, because the service does not show them; --put-secrets writes them",
        unread[..named].join(", "),
    ))
}
