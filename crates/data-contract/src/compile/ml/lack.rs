//! What a rule lacks: why, what may be meant, and where it stands.

use yaml_source::Node;

use crate::ml::CHECKS;
use crate::model::Rule;
use crate::suggestion::nearest;

/// Why a rule is not compiled.
#[derive(Clone, Debug)]
pub(crate) struct Lack {
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
    /// The byte of what is wrong.
    pub(crate) at: Option<usize>,
}

/// The same, with its place in the contract.
#[derive(Clone, Debug)]
pub(crate) struct Lacking {
    pub(crate) at: usize,
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
}

impl From<String> for Lack {
    fn from(reason: String) -> Self {
        Self {
            reason,
            hint: None,
            at: None,
        }
    }
}

impl From<&str> for Lack {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl Lack {
    /// A name that stands for nothing, among those that are known.
    pub(super) fn name<'k>(
        node: &Node,
        (reason, given): (String, &str),
        known: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        Self {
            reason,
            hint: Some(meant(given, &known.into_iter().collect::<Vec<_>>()))
                .filter(|hint| !hint.is_empty()),
            at: Some(node.bytes.start),
        }
    }

    /// That the implementation names no check.
    pub(super) fn no_check(node: &Node) -> Self {
        let names = CHECKS.each_ref().map(|spec| spec.name);
        Self {
            reason: "the implementation names no `check`".to_owned(),
            hint: Some(meant("", &names)),
            at: Some(node.bytes.start),
        }
    }

    /// That there is no check of a name.
    pub(super) fn unknown_check(node: &Node, check: &str) -> Self {
        let names = CHECKS.each_ref().map(|spec| spec.name);
        let reason = format!("there is no check `{check}`");
        let place = node.get("check").unwrap_or(node);
        Self::name(place, (reason, check), names)
    }

    /// The place where it is known, else that of the rule.
    pub(super) fn of(self, rule: Rule<'_>, is_written: bool) -> Lacking {
        Lacking {
            at: self
                .at
                .filter(|_| is_written)
                .unwrap_or(rule.node.bytes.start),
            reason: self.reason,
            hint: self.hint,
        }
    }
}

/// So many names are told.
const TOLD: usize = 20;

/// What may be meant: the names that are most like the one that is given, or all.
fn meant(given: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return String::new();
    }
    let lower = given.to_lowercase();
    let has = |name: &&str| lower.len() > 2 && name.to_lowercase().contains(&lower);
    let mut like: Vec<&str> = known.iter().copied().filter(has).collect();
    if like.is_empty() {
        like.extend(nearest(given, known.iter().copied()));
    }
    let quoted = |names: &[&str]| {
        let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        quoted
    };
    let quoted_like = quoted(&like);
    match quoted_like.split_last() {
        Some((last, [])) => format!("did you mean {last}?"),
        Some((last, more)) => format!("did you mean {} or {last}?", more.join(", ")),
        None => {
            let told = quoted(&known[..known.len().min(TOLD)]).join(", ");
            match known.len().saturating_sub(TOLD) {
                0 => format!("known are {told}"),
                more => format!("known are {told} and {more} more"),
            }
        }
    }
}
