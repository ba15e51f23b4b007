//! Commands that CI systems read from a step's output.

use dataops_core::environment::Variables;

/// The CI system that a program runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ci {
    /// Azure Pipelines.
    AzurePipelines,
    /// GitHub Actions.
    GitHub,
}

impl Ci {
    /// The system that has set its variables, if any.
    #[must_use]
    pub(crate) fn detect(variables: &Variables) -> Option<Self> {
        let is = |name: &str| {
            variables
                .get(name)
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        match () {
            () if is("TF_BUILD") => Some(Self::AzurePipelines),
            () if is("GITHUB_ACTIONS") => Some(Self::GitHub),
            () => None,
        }
    }

    /// Starts a group of lines.
    #[must_use]
    pub(crate) fn group(self, title: &str) -> String {
        match self {
            Self::AzurePipelines => format!("##[group]{}", one_line(title)),
            Self::GitHub => format!("::group::{}", data(title)),
        }
    }

    /// Ends a group of lines.
    #[must_use]
    pub(crate) const fn end_group(self) -> &'static str {
        match self {
            Self::AzurePipelines => "##[endgroup]",
            Self::GitHub => "::endgroup::",
        }
    }

    /// An error that the system lists.
    #[must_use]
    pub(crate) fn error(self, message: &str) -> String {
        match self {
            Self::AzurePipelines => format!("##vso[task.logissue type=error]{}", vso(message)),
            Self::GitHub => format!("::error::{}", data(message)),
        }
    }

    /// A variable for later steps: on Azure Pipelines of this job. On GitHub variables go through the file `GITHUB_OUTPUT`
    /// instead, and there is no command.
    #[must_use]
    pub(crate) fn variable(self, name: &str, value: &str) -> Option<String> {
        match self {
            Self::AzurePipelines => Some(format!(
                "##vso[task.setvariable variable={}]{}",
                vso(name),
                vso(value)
            )),
            Self::GitHub => None,
        }
    }
}

/// Azure Pipelines' escapes; the percent sign goes first.
fn vso(text: &str) -> String {
    text.replace('%', "%AZP25")
        .replace(';', "%3B")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(']', "%5D")
}

/// GitHub's escapes.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_known_by_its_variables() {
        let detect = |name: &str| Ci::detect(&Variables::new([(name, "True")]));

        assert_eq!(detect("TF_BUILD"), Some(Ci::AzurePipelines));
        assert_eq!(detect("GITHUB_ACTIONS"), Some(Ci::GitHub));
        assert_eq!(detect("HOME"), None);
    }

    #[test]
    fn values_cannot_end_a_command() {
        let azure = Ci::AzurePipelines;

        assert_eq!(
            azure.error("50%; a]\nb"),
            "##vso[task.logissue type=error]50%AZP25%3B a%5D%0Ab"
        );
        assert_eq!(
            azure.variable("A.b", "1").unwrap(),
            "##vso[task.setvariable variable=A.b]1"
        );
        assert_eq!(Ci::GitHub.error("50%\nb"), "::error::50%25%0Ab");
    }
}
