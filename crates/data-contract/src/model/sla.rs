//! Agreements of service.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;

/// An entry of `slaProperties`.
#[derive(Clone, Copy, Debug)]
pub struct Sla<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl<'c> Sla<'c> {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> Option<Cow<'c, str>> {
        self.node.text("id")
    }

    /// What is agreed: `latency`, `retention` and so on.
    #[must_use]
    pub fn property(self) -> Cow<'c, str> {
        self.node.text("property").unwrap_or_default()
    }

    /// The value.
    #[must_use]
    pub fn value(self) -> Option<&'c Node> {
        self.node.get("value")
    }

    /// The unit.
    #[must_use]
    pub fn unit(self) -> Option<Cow<'c, str>> {
        self.node.text("unit")
    }

    /// The columns that it is about (`element`, and `column` of old), as they are written.
    #[must_use]
    pub fn elements(self) -> Vec<String> {
        let element = self.node.text("element");
        let element = element.or_else(|| self.node.text("column"));
        let names = element.as_deref().unwrap_or_default().split(',');
        let names = names.map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    }
}
