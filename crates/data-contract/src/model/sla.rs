//! Agreements of service.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;

/// What an agreement is about, of those that could show in data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Agreement {
    /// How old the newest data are: `latency`, which the standard prefers to `freshness`.
    Latency,
    /// How old the oldest data are.
    Retention,
    /// How often data come, which only their history shows.
    Frequency,
}

impl Agreement {
    /// Each with its names; what is asked for is the first of each.
    const NAMES: [(&'static str, Self); 7] = [
        ("latency", Self::Latency),
        ("freshness", Self::Latency),
        ("ly", Self::Latency),
        ("retention", Self::Retention),
        ("re", Self::Retention),
        ("frequency", Self::Frequency),
        ("fy", Self::Frequency),
    ];

    /// The agreement of a name, in whatever case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::NAMES.into_iter();
        all.find(|(known, _)| known.eq_ignore_ascii_case(name.trim()))
            .map(|(_, agreement)| agreement)
    }
}

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

    /// What is agreed, where it could show in data.
    #[must_use]
    pub fn agreement(self) -> Option<Agreement> {
        Agreement::named(&self.property())
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
