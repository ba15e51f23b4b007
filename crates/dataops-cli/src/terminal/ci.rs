//! Commands that CI systems read from a step's output.

use std::io::Write;
use std::path::PathBuf;

use dataops_solution::environment::Variables;

use super::harmless;

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
            Self::AzurePipelines => format!("##[group]{}", harmless(title).replace('\n', " ")),
            Self::GitHub => format!("::group::{}", data(&harmless(title))),
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

    /// An error that the system lists, and shows at a place in a file where there is one.
    #[must_use]
    pub(crate) fn error(self, message: &str, place: Option<&Place>) -> String {
        let message = harmless(message);
        match (self, place) {
            (Self::AzurePipelines, None) => {
                format!("##vso[task.logissue type=error]{}", vso(&message))
            }
            (Self::AzurePipelines, Some(place)) => format!(
                "##vso[task.logissue type=error;sourcepath={};linenumber={};columnnumber={}]{}",
                vso(&place.file()),
                place.line,
                place.column,
                vso(&message)
            ),
            (Self::GitHub, None) => format!("::error::{}", data(&message)),
            (Self::GitHub, Some(place)) => format!(
                "::error file={},line={},col={}::{}",
                property(&place.file()),
                place.line,
                place.column,
                data(&message)
            ),
        }
    }

    /// Tells later steps a value: on Azure Pipelines by the command that is returned, which sets a variable of the job; on
    /// GitHub by a line in the file `GITHUB_OUTPUT`, as an output of the step whose name has `-` for each dot.
    pub(crate) fn tell(self, name: &str, value: &str, variables: &Variables) -> Option<String> {
        match self {
            Self::AzurePipelines => Some(format!(
                "##vso[task.setvariable variable={}]{}",
                vso(name),
                vso(&harmless(value))
            )),
            Self::GitHub => {
                let mut options = std::fs::OpenOptions::new();
                let file = options.append(true).create(true);
                let written = file.open(variables.get("GITHUB_OUTPUT")?).map(|mut file| {
                    let line = harmless(value).replace('\n', " ");
                    writeln!(file, "{}={line}", name.replace('.', "-"))
                });
                // The run's id is in the log too.
                drop(written);
                None
            }
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

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    /// From 1.
    pub(crate) line: u64,
    /// From 1.
    pub(crate) column: u64,
}

impl Place {
    fn file(&self) -> String {
        harmless(&self.path.to_string_lossy())
    }
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
            azure.error("50%; a]\nb", None),
            "##vso[task.logissue type=error]50%AZP25%3B a%5D%0Ab"
        );
        assert_eq!(
            azure.tell("A.b", "1", &Variables::default()).unwrap(),
            "##vso[task.setvariable variable=A.b]1"
        );
        assert_eq!(Ci::GitHub.error("50%\nb", None), "::error::50%25%0Ab");
        assert_eq!(
            azure.group("a\n##vso[task.complete result=Failed]"),
            "##[group]a **vso[task.complete result=Failed]"
        );
    }

    #[test]
    fn an_error_has_a_place() {
        let place = Place {
            path: PathBuf::from("a;b:c,d.yaml"),
            line: 3,
            column: 7,
        };

        assert_eq!(
            Ci::AzurePipelines.error("x", Some(&place)),
            "##vso[task.logissue type=error;sourcepath=a%3Bb:c,d.yaml;linenumber=3;columnnumber=7]x"
        );
        assert_eq!(
            Ci::GitHub.error("x", Some(&place)),
            "::error file=a;b%3Ac%2Cd.yaml,line=3,col=7::x"
        );
    }
}
