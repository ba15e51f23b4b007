//! Commands that CI systems read from a step's output.

use std::io::{self, Write};
use std::path::PathBuf;

use adf_source::Span;
use dataops_check::Severity;
use dataops_solution::environment::Variables;

use super::{from_repository, harmless};

/// The CI system that a program runs in, of those that take commands from a step's output. That a job of another one runs it is known to
/// `dataops_ledger::in_ci`.
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

    /// A warning that the system lists.
    #[must_use]
    pub(crate) fn warning(self, message: &str) -> String {
        let message = harmless(message);
        match self {
            Self::AzurePipelines => {
                format!("##vso[task.logissue type=warning]{}", vso(&message))
            }
            Self::GitHub => format!("::warning::{}", data(&message)),
        }
    }

    /// Something that the system lists, and shows at its place in a file.
    #[must_use]
    pub(crate) fn annotate(self, annotation: &Annotation<'_>) -> String {
        let message = harmless(annotation.message);
        let path = harmless(annotation.path);
        let start = annotation.span.map(|span| span.start);
        match self {
            Self::AzurePipelines => {
                let kind = match annotation.severity {
                    Severity::Error => "error",
                    Severity::Warning | Severity::Note => "warning",
                };
                let place = start.map_or(String::new(), |start| {
                    format!(";linenumber={};columnnumber={}", start.line, start.column)
                });
                format!(
                    "##vso[task.logissue type={kind};sourcepath={}{place};code={}]{}",
                    vso(&path),
                    vso(annotation.code),
                    vso(&message)
                )
            }
            Self::GitHub => {
                let kind = match annotation.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "notice",
                };
                let place = annotation.span.map_or(String::new(), github_place);
                format!(
                    "::{kind} file={}{place},title={}::{}",
                    property(&path),
                    property(annotation.title),
                    data(&message)
                )
            }
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
                // The run's id is in the log too.
                drop(append(variables.get("GITHUB_OUTPUT")?, name, value));
                None
            }
        }
    }

    /// Tells later jobs and stages a value, as an output of the step: on Azure Pipelines by the command that is returned; on GitHub by a
    /// line in the file `GITHUB_OUTPUT`.
    ///
    /// # Errors
    ///
    /// When the file cannot be written: whoever waits for the value would take its absence for an answer.
    pub(crate) fn put_out(
        self,
        name: &str,
        value: &str,
        variables: &Variables,
    ) -> io::Result<Option<String>> {
        match self {
            Self::AzurePipelines => Ok(Some(format!(
                "##vso[task.setvariable variable={};isOutput=true]{}",
                vso(name),
                vso(&harmless(value))
            ))),
            Self::GitHub => match variables.get("GITHUB_OUTPUT") {
                Some(file) => append(file, name, value).map(|()| None),
                None => Ok(None),
            },
        }
    }
}

/// Adds an output to GitHub's file.
fn append(file: &str, name: &str, value: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    let mut file = options.append(true).create(true).open(file)?;
    let line = harmless(value).replace('\n', " ");
    writeln!(file, "{}={line}", name.replace('.', "-"))
}

/// GitHub takes columns only of a place in one line.
fn github_place(span: &Span) -> String {
    let (start, end) = (span.start, span.end);
    match start.line == end.line {
        true => format!(
            ",line={},endLine={},col={},endColumn={}",
            start.line,
            end.line,
            start.column,
            end.column.max(start.column)
        ),
        false => format!(",line={},endLine={}", start.line, end.line),
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

/// Something to be shown at a place in a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Annotation<'a> {
    pub(crate) severity: Severity,
    pub(crate) title: &'a str,
    pub(crate) code: &'a str,
    /// From the root of the repository.
    pub(crate) path: &'a str,
    pub(crate) span: Option<&'a Span>,
    pub(crate) message: &'a str,
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
    /// The same place, from the root of the repository.
    #[must_use]
    pub(crate) fn in_repository(&self) -> Self {
        Self {
            path: from_repository(&self.path),
            ..*self
        }
    }

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

    #[test]
    fn an_annotation_cannot_be_left() {
        let text = "a, b: c\n::error::no";
        let span = Span::of(text, 0..1);
        let annotation = Annotation {
            severity: Severity::Warning,
            title: "ADF201 x",
            code: "ADF201",
            path: "a,b:c/50%;].json",
            span: Some(&span),
            message: "one]\n##vso[task.complete result=Failed]::error::two",
        };

        assert_eq!(
            Ci::GitHub.annotate(&annotation),
            "::warning file=a%2Cb%3Ac/50%25;].json,line=1,endLine=1,col=1,endColumn=2,title=ADF201 x::\
             one]%0A**vso[task.complete result=Failed]::error::two"
        );
        assert_eq!(
            Ci::AzurePipelines.annotate(&annotation),
            "##vso[task.logissue type=warning;sourcepath=a,b:c/50%AZP25%3B%5D.json;linenumber=1;columnnumber=1;code=ADF201]\
             one%5D%0A**vso[task.complete result=Failed%5D::error::two"
        );
    }
}
