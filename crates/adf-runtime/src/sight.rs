//! What the expressions of an activity can see.

use std::borrow::Cow;
use std::time::SystemTime;

use adf_expr::{Named, Root, Scope};
use serde_json::Value;

use crate::frame::Frame;
use crate::run::Run;

/// The view from one place of a running pipeline.
pub(crate) struct Sight<'a> {
    pub(crate) run: &'a Run,
    pub(crate) frame: &'a Frame<'a>,
    /// The activity that looks, which sees what is upstream of it; with none, everything in the frame is seen.
    pub(crate) node: Option<usize>,
    pub(crate) item: Option<&'a Value>,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(run: &'a Run, frame: &'a Frame<'a>, node: usize) -> Self {
        Self {
            run,
            frame,
            node: Some(node),
            item: frame.item,
        }
    }

    /// What `activity()` gives, by name.
    fn activities(&self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let mut seen: Vec<(&'a str, &'a Value)> = Vec::new();
        let mut place = Some((self.frame, self.node));
        while let Some((frame, node)) = place {
            let nodes: Vec<usize> = match node {
                Some(node) => frame.flow.upstream(node),
                None => (0..frame.ends.len()).collect(),
            };
            for node in nodes {
                let Some(ended) = frame.ends[node].get() else {
                    continue;
                };
                seen.push((frame.flow.nodes[node].activity.name.as_str(), &ended.view));
                let inside = ended.inside.iter();
                seen.extend(inside.map(|(name, view)| (name.as_str(), view)));
            }
            place = frame
                .outer
                .map(|(outer, container)| (outer, Some(container)));
        }
        seen.into_iter()
    }
}

impl Scope for Sight<'_> {
    fn root(&self, root: Root) -> Option<Cow<'_, Value>> {
        match root {
            Root::Pipeline => Some(Cow::Borrowed(&self.run.system)),
            Root::Item => self.item.map(Cow::Borrowed),
            _ => None,
        }
    }

    fn named(&self, kind: Named, name: &str) -> Option<Cow<'_, Value>> {
        match kind {
            Named::Variable => self.run.variables.get(name).map(Cow::Owned),
            Named::Activity => {
                let name = name.to_lowercase();
                let mut all = self.activities();
                let (_, view) = all.find(|(other, _)| other.to_lowercase() == name)?;
                Some(Cow::Borrowed(view))
            }
            _ => None,
        }
    }

    fn names(&self, kind: Named) -> Vec<String> {
        match kind {
            Named::Variable => self.run.variables.names(),
            Named::Activity => self.activities().map(|(name, _)| name.to_owned()).collect(),
            _ => Vec::new(),
        }
    }

    fn now(&self) -> SystemTime {
        self.run.host.now().into()
    }

    fn random(&self) -> u64 {
        uuid::Uuid::new_v4().as_u64_pair().0
    }
}
