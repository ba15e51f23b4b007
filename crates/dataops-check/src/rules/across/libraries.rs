//! Libraries that activities bring to a cluster.

use std::collections::HashMap;

use adf_model::pointer::escape;
use dataops_solution::source::below_root;
use serde_json::Value;

use super::members;
use crate::notebooks::normal;
use crate::pipeline::{Activity, Pipeline};
use crate::rules::rule;
use crate::suggestion::meant;
use crate::text::word_at;
use crate::value::constant;
use crate::{Context, Finding, Findings, Related, Rule};

pub(super) static CONFLICT: Rule = rule!(
    "XA105",
    "library-conflict",
    Warning,
    "A Python package is wanted in two versions"
);
pub(super) static FILE: Rule = rule!(
    "XA106",
    "library-file",
    Error,
    "A library is a file of the solution's folder that is not there"
);
pub(super) static UNPINNED: Rule = rule!(
    "XA107",
    "unpinned-library",
    Note,
    "A Python package is wanted in any version"
);
pub(super) static EGG: Rule = rule!(
    "XA121",
    "egg-library",
    Warning,
    "A library is an egg, which new runtimes do not take"
);

pub(super) static KIND: Rule = rule!(
    "XA123",
    "library-kind",
    Warning,
    "A library is of no kind that Databricks installs"
);

/// What a library can be (Databricks REST, *Libraries - Install*).
const KINDS: [&str; 7] = ["jar", "egg", "whl", "pypi", "maven", "cran", "requirements"];

/// Whether a condition allows one version only.
fn is_exact(version: &str) -> bool {
    version.starts_with("==") && !version.contains(['*', ','])
}

/// A Python package as it is wanted somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    /// The name as pip compares it.
    name: String,
    /// The condition on its version, without blanks.
    version: String,
}

impl Wanted {
    /// Reads `name[extra] >= 1; marker`.
    fn parse(text: &str) -> Option<Self> {
        let text = text.split([';', '#']).next()?.trim();
        let end = text
            .find(|letter: char| {
                !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_' | '.')
            })
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let rest = match rest.trim_start().strip_prefix('[') {
            Some(extras) => extras.split_once(']')?.1,
            None => rest,
        };
        let version: String = rest.split_whitespace().collect();
        let known = version.is_empty() || version.starts_with(['=', '<', '>', '~', '!']);
        (!name.is_empty() && known).then(|| Self {
            name: name.to_ascii_lowercase().replace(['_', '.'], "-"),
            version,
        })
    }
}

pub(super) fn check(context: &Context<'_>, findings: &mut Findings) {
    let mut wanted = HashMap::new();
    requirements(context, &mut wanted);
    for pipeline in context.pipelines() {
        for activity in pipeline.active() {
            let libraries = activity
                .type_property("libraries")
                .and_then(Value::as_array);
            for (at, library) in libraries.into_iter().flatten().enumerate() {
                let place = Library {
                    context,
                    pipeline,
                    activity,
                    at,
                };
                for (kind, value) in members(Some(library)) {
                    place.check(kind, value, &mut wanted, findings);
                }
            }
        }
    }
}

/// The packages that local runs install, and where they are said.
fn requirements(context: &Context<'_>, wanted: &mut HashMap<String, (String, Related)>) {
    let Some(written) = context.written() else {
        return;
    };
    let path = written
        .settings
        .python
        .as_ref()
        .map(|python| &python.requirements);
    let path = path.and_then(|path| below_root(&path.to_string_lossy()));
    let Some((path, text)) = path.and_then(|path| {
        let text = written.solution.files.text(&path)?;
        Some((path, text))
    }) else {
        return;
    };
    for (number, line) in text.lines().enumerate() {
        if let Some(package) = Wanted::parse(line).filter(|package| !package.version.is_empty()) {
            let mut related = Related::in_file(&path, format!("`{}` here", line.trim()));
            related.span = Some(word_at(text, number + 1, 1));
            wanted
                .entry(package.name)
                .or_insert((package.version, related));
        }
    }
}

struct Library<'c, 'a> {
    context: &'c Context<'a>,
    pipeline: &'c Pipeline<'c>,
    activity: &'c Activity<'c>,
    at: usize,
}

impl Library<'_, '_> {
    fn pointer(&self, rest: &str) -> String {
        format!(
            "{}/typeProperties/libraries/{}/{rest}",
            self.activity.pointer, self.at
        )
    }

    fn finding(&self, rule: &'static Rule, pointer: &str, message: String) -> Finding {
        Finding::at(rule, &self.pipeline.resource.file, pointer, message)
    }

    fn check(
        &self,
        kind: &str,
        value: &Value,
        wanted: &mut HashMap<String, (String, Related)>,
        findings: &mut Findings,
    ) {
        let pointer = self.pointer(&escape(kind));
        match kind {
            "pypi" => {
                if let Some(text) = value.get("package").and_then(constant) {
                    self.check_package(text, &format!("{pointer}/package"), wanted, findings);
                }
            }
            "egg" | "whl" | "jar" | "requirements" => {
                if kind == "egg" {
                    let message = "Databricks Runtime 14 and later take no eggs".to_owned();
                    let finding = self.finding(&EGG, &pointer, message);
                    findings.add(finding.hint("build a wheel, and name it by `whl`"));
                }
                if let Some(path) = constant(value) {
                    self.check_file(path, &pointer, findings);
                }
            }
            _ if KINDS.contains(&kind) => {}
            _ => {
                let message = format!("`{kind}` is no kind of library, so the cluster refuses it");
                let finding = self.finding(&KIND, &pointer, message);
                let hint = meant(kind, KINDS);
                findings.add(finding.hint(hint.unwrap_or_else(|| KINDS.join(", "))));
            }
        }
    }

    fn check_package(
        &self,
        text: &str,
        pointer: &str,
        wanted: &mut HashMap<String, (String, Related)>,
        findings: &mut Findings,
    ) {
        let Some(package) = Wanted::parse(text) else {
            return;
        };
        if package.version.is_empty() {
            let message = format!("any version of `{text}` is installed, today's or tomorrow's");
            let finding = self.finding(&UNPINNED, pointer, message);
            let known = wanted.get(&package.name);
            let version = known.map_or("==1.2.3", |(version, _)| version.as_str());
            return findings.add(finding.hint(format!("write `{text}{version}`")));
        }
        if let Some((version, related)) = wanted.get(&package.name)
            && *version != package.version
            && is_exact(version)
            && is_exact(&package.version)
        {
            let message = format!(
                "`{text}` is wanted here, and `{}{version}` elsewhere",
                package.name
            );
            let finding = self.finding(&CONFLICT, pointer, message);
            findings.add(finding.related(related.clone()));
        }
        let related = Related::at(
            &self.pipeline.resource.file,
            pointer,
            format!("`{text}` here"),
        );
        wanted
            .entry(package.name)
            .or_insert((package.version, related));
    }

    /// A file below the folder that the solution's notebooks go to.
    fn check_file(&self, path: &str, pointer: &str, findings: &mut Findings) {
        let (Some(written), Some(notebooks)) = (self.context.written(), self.context.notebooks())
        else {
            return;
        };
        if !path.starts_with('/') {
            return;
        }
        let shown = normal(path);
        let below = shown
            .strip_prefix(&notebooks.target)
            .and_then(|rest| rest.strip_prefix('/'));
        let settings = written.settings.notebooks.as_ref();
        let root = settings.and_then(|notebooks| below_root(&notebooks.root.to_string_lossy()));
        let (Some(below), Some(root)) = (below, root) else {
            return;
        };
        let files = &written.solution.files;
        if !files.below(&root).any(|(file, _)| file == below) {
            let message = format!("there is no file `{below}` in the notebooks' folder");
            let finding = self.finding(&FILE, pointer, message);
            let near = meant(below, files.below(&root).map(|(file, _)| file));
            findings.add(finding.hint_if(near));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_as_pip_reads_them() {
        let parse = |text| Wanted::parse(text).map(|package| (package.name, package.version));
        let package = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));

        assert_eq!(
            parse("Scikit_Learn[all] >= 1.2, <2 ; x"),
            package("scikit-learn", ">=1.2,<2")
        );
        assert_eq!(parse("pandas==2.3.3  # why"), package("pandas", "==2.3.3"));
        assert_eq!(parse("pandas"), package("pandas", ""));
        for other in [
            "",
            "# only",
            "-r other.txt",
            "git+https://host.test/x",
            "a @ https://host.test/x",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
