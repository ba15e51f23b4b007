//! What is touched, for people, programs and pipelines.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dataops_solution::touched::{Part, Touched, Work};
use serde::Serialize;

use super::side::Head;
use super::since::Base;
use crate::report::{Report, rows};
use crate::terminal::harmless;

/// How many reasons are told to people.
const MOST: usize = 3;

/// What is touched.
#[derive(Debug, Serialize)]
pub(super) struct Changed {
    head: String,
    /// What is compared with, by environment where that is what is deployed.
    since: Vec<Since>,
    /// Whether each part is touched, and by what.
    parts: BTreeMap<&'static str, PartChanged>,
    environments: BTreeMap<String, Work>,
    /// All of them, in their order.
    #[serde(skip)]
    order: Vec<String>,
    /// Those that are deployed to in Azure, in their order.
    #[serde(skip)]
    targets: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Since {
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    /// What that is, or why there is none.
    what: String,
}

#[derive(Debug, Serialize)]
struct PartChanged {
    changed: bool,
    why: Vec<String>,
}

impl Changed {
    /// Puts together what is touched since each base; where a base is that of an environment, it speaks for this one alone.
    pub(super) fn of(head: &Head, all: Vec<(Option<String>, Touched, Base)>) -> Self {
        let mut whole = Touched::default();
        let mut since = Vec::new();
        let mut environments = BTreeMap::new();
        for (environment, mut touched, base) in all {
            let works = std::mem::take(&mut touched.environments).into_iter();
            let own = works.filter(|(name, _)| environment.as_ref().is_none_or(|it| it == name));
            environments.extend(own);
            whole.take_parts(touched);
            let (commit, what) = match base {
                Base::Commit { id, name } => (Some(id), name),
                Base::Nothing { why } => (None, format!("nothing: {why}")),
            };
            since.push(Since {
                environment,
                commit,
                what,
            });
        }
        Touched::pass_on(&mut environments, &head.settings);
        let part = |part: Part| {
            let why = whole.parts.get(&part).cloned();
            let changed = why.is_some();
            let why = why.unwrap_or_default();
            (part.name(), PartChanged { changed, why })
        };
        Self {
            head: head.id.clone(),
            since,
            parts: Part::ALL.into_iter().map(part).collect(),
            environments,
            order: head.settings.environments.keys().cloned().collect(),
            targets: head.targets.clone(),
        }
    }

    /// The values that a pipeline decides by.
    pub(super) fn outputs(&self) -> Vec<(String, String)> {
        let said = |name: &str, is: bool| (name.to_owned(), is.to_string());
        let parts = self.parts.iter();
        let mut outputs: Vec<_> = parts.map(|(name, it)| said(name, it.changed)).collect();
        let works = || self.environments.values();
        outputs.push(said("any", self.parts.values().any(|it| it.changed)));
        outputs.push(said("deploy", works().any(|work| work.deploy)));
        for (name, work) in &self.environments {
            let name = variable(name);
            outputs.push(said(&format!("deploy_{name}"), work.deploy));
            outputs.push(said(&format!("test_{name}"), work.test));
        }
        let is_due = |name: &&String| self.environments.get(*name).is_some_and(|it| it.test);
        let names = self.targets.iter().filter(is_due);
        let list = serde_json::Value::from_iter(names.cloned());
        outputs.push(("environments".to_owned(), list.to_string()));
        outputs
    }
}

/// A part of a variable's name.
fn variable(name: &str) -> String {
    name.replace(|it: char| !it.is_ascii_alphanumeric(), "_")
}

impl Report for Changed {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        for since in &self.since {
            let whose = match &since.environment {
                Some(environment) => format!("{}: ", harmless(environment)),
                None => String::new(),
            };
            writeln!(out, "{whose}compared with {}", harmless(&since.what))?;
        }
        let touched = self.parts.iter().filter(|(_, it)| it.changed);
        let parts: Vec<_> = touched
            .map(|(name, it)| [(*name).to_owned(), told(&it.why)])
            .collect();
        match parts.is_empty() {
            true => writeln!(out, "\nnothing of the solution is touched")?,
            false => writeln!(out, "\n{}", rows(&["touched", "by"], parts))?,
        }
        let works = self.order.iter();
        let works = works.filter_map(|name| self.environments.get_key_value(name));
        let works = works.map(|(name, work)| {
            let what = match (work.deploy, work.test) {
                (true, _) => "deploy and test",
                (false, true) => "test",
                (false, false) => "nothing",
            };
            [harmless(name), what.to_owned(), told(&work.why)]
        });
        match self.environments.is_empty() {
            true => Ok(()),
            false => writeln!(
                out,
                "\n{}",
                rows(&["environment", "to do", "because of"], works)
            ),
        }
    }
}

/// Some reasons, and how many more there are.
fn told(why: &[String]) -> String {
    let first: Vec<_> = why.iter().take(MOST).map(|it| harmless(it)).collect();
    match why.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{}, and {more} more", first.join(", ")),
    }
}
