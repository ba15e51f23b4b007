//! What a reviewer should look at, of all that differs.

mod classify;
mod contract;
mod words;

use adf_graph::Node;
use adf_model::{Kind, ResourceId};
use serde_json::Value;

use crate::side::Side;
use crate::{How, Path, PropertyChange, ResourceChange, Subject, What};
use words::{brief, quoted};

/// Why something needs a look. The first ones weigh the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskKind {
    /// Something refers to what is not there.
    BrokenReference,
    /// A secret, or who signs in.
    Secret,
    /// Who can reach the factory or its data over the network.
    NetworkAccess,
    /// What callers hand over.
    Contract,
    /// When something starts, or whether at all.
    TriggerBehaviour,
    /// Which code, pipeline or statement does the work.
    WhatRuns,
    /// Where data are read or written.
    DataLocation,
    /// Where work is done.
    IntegrationRuntime,
    /// How long, how often, how much at a time, in which order.
    RunBehaviour,
}

impl RiskKind {
    /// What it is called.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BrokenReference => "broken reference",
            Self::Secret => "secret",
            Self::NetworkAccess => "network access",
            Self::Contract => "contract",
            Self::TriggerBehaviour => "trigger behaviour",
            Self::WhatRuns => "what runs",
            Self::DataLocation => "data location",
            Self::IntegrationRuntime => "integration runtime",
            Self::RunBehaviour => "run behaviour",
        }
    }
}

/// Something that needs a look. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Risk {
    /// Why.
    pub kind: RiskKind,
    /// What is the case, without a full stop.
    pub text: String,
    /// The place, where there is one.
    pub path: Option<Path>,
    /// What else should be known, without a full stop.
    pub note: Option<&'static str>,
}

/// The risks of a change, the heaviest first, each once.
pub(crate) fn risks(change: &ResourceChange, base: &Side<'_>, head: &Side<'_>) -> Vec<Risk> {
    let Subject::Resource(id) = &change.subject else {
        return Vec::new();
    };
    let mut risks = references(change, id, base, head);
    match change.how {
        How::Added => {
            if let Some(resource) = head.get(id) {
                risks.extend(of_whole(id, resource.file.json(), true));
            }
        }
        How::Removed => {
            if let Some(resource) = base.get(id) {
                risks.extend(of_whole(id, resource.file.json(), false));
            }
        }
        How::Changed | How::Renamed => {
            let real = change
                .properties
                .iter()
                .filter(|property| !property.is_noise && !property.follows_rename);
            risks.extend(real.filter_map(|property| of_property(id.kind, property)));
            risks.extend(contract::risks(change, id, base, head));
        }
    }
    risks.sort();
    risks.dedup();
    risks
}

fn risk(kind: RiskKind, text: String) -> Risk {
    Risk {
        kind,
        text,
        path: None,
        note: None,
    }
}

/// Those who still refer to what is gone, and new references to what is not there.
fn references(
    change: &ResourceChange,
    id: &ResourceId,
    base: &Side<'_>,
    head: &Side<'_>,
) -> Vec<Risk> {
    let mut risks = Vec::new();
    let gone = match (&change.was, change.how) {
        (Some(was), _) => Some(ResourceId {
            name: was.clone(),
            ..id.clone()
        }),
        (None, How::Removed) => Some(id.clone()),
        _ => None,
    };
    // A name that differs only in case still names the resource.
    if let Some(gone) = gone.filter(|gone| head.get(gone).is_none()) {
        let referrers = head.graph.referrers_of(&Node::Resource(gone.clone()));
        let mut names: Vec<_> = referrers
            .iter()
            .map(|reference| reference.from.to_string())
            .collect();
        names.dedup();
        if !names.is_empty() {
            let refer = if names.len() == 1 { "refers" } else { "refer" };
            let text = format!("{} still {refer} to {gone}", words::several(&names));
            risks.push(risk(RiskKind::BrokenReference, text));
        }
    }
    if change.how == How::Removed {
        return risks;
    }
    let node = Node::Resource(id.clone());
    for reference in head.graph.references_of(&node) {
        let Some(target) = reference.to.resource() else {
            continue;
        };
        let was_broken = base.graph.contains(reference.to) && !base.graph.is_defined(target);
        if !head.graph.is_defined(target) && !was_broken {
            let text = format!("refers to {target}, which does not exist");
            risks.push(risk(RiskKind::BrokenReference, text));
        }
    }
    risks
}

/// What it means that a whole resource is new or gone.
fn of_whole(id: &ResourceId, document: &Value, is_new: bool) -> Vec<Risk> {
    let text = |pointer: &str| {
        document
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    match id.kind {
        Kind::Trigger => {
            let starts: Vec<_> = adf_model::references(document)
                .into_iter()
                .filter(|reference| reference.target.kind == Kind::Pipeline)
                .map(|reference| quoted(&reference.target.name))
                .collect();
            let starts = if starts.is_empty() {
                "nothing".to_owned()
            } else {
                words::several(&starts)
            };
            let state = text("/properties/runtimeState");
            let text = match (is_new, state) {
                (true, "Started") => format!("starts {starts}, and is started"),
                (true, _) => format!("starts {starts} once it is started"),
                (false, _) => format!("no longer starts {starts}"),
            };
            vec![risk(RiskKind::TriggerBehaviour, text)]
        }
        Kind::LinkedService if is_new && classify::holds_secret(document) => {
            let text = "holds a secret in its document instead of a key vault";
            vec![risk(RiskKind::Secret, text.to_owned())]
        }
        Kind::IntegrationRuntime if !is_new => {
            let text = "what runs on it has to run elsewhere";
            vec![risk(RiskKind::IntegrationRuntime, text.to_owned())]
        }
        _ => Vec::new(),
    }
}

impl PropertyChange {
    /// What a reviewer should look at, where the place stands in a resource of this kind.
    #[must_use]
    pub fn risk(&self, kind: Kind) -> Option<Risk> {
        of_property(kind, self)
    }

    /// The difference in a few words, such as ``activity `copy`: `retry`: `0` → `3` ``.
    #[must_use]
    pub fn brief(&self) -> String {
        brief(self)
    }
}

/// What it means that a property differs.
fn of_property(kind: Kind, change: &PropertyChange) -> Option<Risk> {
    let risk_kind = match (&change.what, change.is_secret || change.other_secret) {
        (What::Moved { .. }, _) => classify::of_move(&change.path)?,
        (_, true) => RiskKind::Secret,
        (_, false) => classify::classify(kind, change)?,
    };
    Some(Risk {
        kind: risk_kind,
        text: brief(change),
        path: Some(change.path.clone()),
        note: classify::note(kind, change),
    })
}
