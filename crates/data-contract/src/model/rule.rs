//! Rules of quality.

use std::borrow::Cow;

use yaml_source::Node;

use super::fields::Fields;

/// The keys that say what must hold of a measured value.
pub const OPERATORS: [&str; 8] = [
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
];

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// A sentence for people.
    Text,
    /// A metric of the standard.
    Library,
    /// A query.
    Sql,
    /// Something that an engine understands.
    Custom,
}

/// A metric of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// NULL.
    NullValues,
    /// NULL, or a value that stands for it.
    MissingValues,
    /// Values that are none of those that are valid.
    InvalidValues,
    /// Keys that are there more than once.
    DuplicateValues,
    /// Rows.
    RowCount,
}

impl Metric {
    /// Each with its name.
    pub const ALL: [(&'static str, Self); 5] = [
        ("nullValues", Self::NullValues),
        ("missingValues", Self::MissingValues),
        ("invalidValues", Self::InvalidValues),
        ("duplicateValues", Self::DuplicateValues),
        ("rowCount", Self::RowCount),
    ];

    /// Names of 3.0's `rule`, in which nothing was fixed.
    const RULES: [(&'static str, Self); 9] = [
        ("duplicateCount", Self::DuplicateValues),
        ("uniqueCheck", Self::DuplicateValues),
        ("unique", Self::DuplicateValues),
        ("validValues", Self::InvalidValues),
        ("invalidCount", Self::InvalidValues),
        ("nullCheck", Self::NullValues),
        ("nullCount", Self::NullValues),
        ("missingCount", Self::MissingValues),
        ("countCheck", Self::RowCount),
    ];

    /// The metric of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }

    /// The metric that 3.0's `rule` of a name asks for.
    #[must_use]
    pub fn of_rule(name: &str) -> Option<Self> {
        let mut all = Self::RULES.into_iter().chain(Self::ALL);
        all.find(|(known, _)| *known == name).map(|(_, kind)| kind)
    }
}

/// A rule of quality.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'c> {
    /// All that is written of it.
    pub node: &'c Node,
}

impl<'c> Rule<'c> {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> Option<Cow<'c, str>> {
        self.node.text("id")
    }

    /// A field, such as `name`, `description`, `dimension`, `severity`, `unit`, `query`, `engine`, `schedule`.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Cow<'c, str>> {
        self.node.text(name)
    }

    /// What kind of rule it is.
    #[must_use]
    pub fn kind(self) -> Option<RuleKind> {
        match self.node.text("type").as_deref() {
            Some("text") => Some(RuleKind::Text),
            Some("library") => Some(RuleKind::Library),
            Some("sql") => Some(RuleKind::Sql),
            Some("custom") => Some(RuleKind::Custom),
            Some(_) => None,
            None if self.node.get("query").is_some() => Some(RuleKind::Sql),
            None if self.node.get("engine").is_some() => Some(RuleKind::Custom),
            None => Some(RuleKind::Library),
        }
    }

    /// The name of the metric, in `metric` or in 3.0's `rule`.
    #[must_use]
    pub fn metric_name(self) -> Option<Cow<'c, str>> {
        let metric = self.node.text("metric");
        metric.or_else(|| self.node.text("rule"))
    }

    /// The metric.
    #[must_use]
    pub fn metric(self) -> Option<Metric> {
        match self.node.text("metric") {
            Some(name) => Metric::named(&name),
            None => Metric::of_rule(&self.node.text("rule")?),
        }
    }

    /// An argument of the metric: in `arguments`, or beside them, as in 3.0 and by mistake.
    #[must_use]
    pub fn argument(self, name: &str) -> Option<&'c Node> {
        let arguments = self.node.get("arguments");
        let argument = arguments.and_then(|arguments| arguments.get(name));
        argument.or_else(|| self.node.get(name))
    }

    /// What must hold, with the key of each.
    pub fn operators(self) -> impl Iterator<Item = (&'c str, &'c Node)> {
        operators(self.node)
    }

    /// Tags.
    #[must_use]
    pub fn tags(self) -> Vec<String> {
        self.node.texts("tags")
    }
}

/// The operators among the members of a mapping.
pub(crate) fn operators(node: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let members = node.members().iter();
    let operators = members.filter(|member| OPERATORS.contains(&member.key.as_str()));
    operators.map(|member| (member.key.as_str(), &member.value))
}
