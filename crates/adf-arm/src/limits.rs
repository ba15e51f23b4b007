//! What ARM accepts of a template, and how much of that is used.

use std::fmt;

use crate::finding::Finding;

/// A limit of ARM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The parameters of a template.
    Parameters,
    /// The resources of a template.
    Resources,
    /// The bytes of a template.
    Template,
    /// The bytes of a resource.
    Resource,
    /// The characters of an expression.
    Expression,
    /// The bytes of a parameters file.
    ParametersFile,
}

impl Limit {
    /// How much ARM accepts.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Parameters => 256,
            Self::Resources => 800,
            Self::Template | Self::ParametersFile => 4 << 20,
            Self::Resource => 1 << 20,
            Self::Expression => 24_576,
        }
    }

    /// A name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parameters => "parameters",
            Self::Resources => "resources",
            Self::Template => "template bytes",
            Self::Resource => "bytes of a resource",
            Self::Expression => "characters of an expression",
            Self::ParametersFile => "parameters file bytes",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Parameters => "arm-parameters",
            Self::Resources => "arm-resources",
            Self::Template => "arm-template-size",
            Self::Resource => "arm-resource-size",
            Self::Expression => "arm-expression-length",
            Self::ParametersFile => "arm-parameters-file-size",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Parameters => {
                "mark fewer properties in arm-template-parameters-definition.json; linked templates do not help, since their master takes all parameters"
            }
            Self::Resources | Self::Template => {
                "deploy linkedTemplates/ArmTemplate_master.json, or deploy without ARM templates: `dataops deploy`"
            }
            Self::Resource => "split the resource",
            Self::Expression => "shorten the text, or move it into a parameter of the pipeline",
            Self::ParametersFile => "leave out the parameters that have their default",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// How much of a limit is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usage {
    /// The limit.
    pub limit: Limit,
    /// The file that uses the most.
    pub file: String,
    /// The resource that uses the most, where the limit is one of resources.
    pub resource: Option<String>,
    /// How much it uses.
    pub used: usize,
}

impl Usage {
    /// Whether it is more than ARM accepts.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.used > self.limit.most()
    }

    /// The finding that ARM will refuse it.
    pub(crate) fn finding(&self) -> Option<Finding> {
        let of = self
            .resource
            .as_ref()
            .map_or_else(String::new, |resource| format!(" ({resource})"));
        self.is_over().then(|| {
            let message = format!(
                "{}{of} has {} {}, and ARM accepts {}",
                self.file,
                self.used,
                self.limit,
                self.limit.most()
            );
            Finding::warning(self.limit.id(), message).hint(self.limit.hint())
        })
    }
}
