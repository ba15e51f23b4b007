//! A plan on a terminal.

use super::unread::unread;
use super::{words, workspace};
use crate::cluster::{ClusterAction, ClusterPlan};
use crate::notebooks::{NotebookAction, NotebookPlan};
use crate::plan::{Action, Plan, ResourcePlan, Verdict};

/// What a line is like, for those who colour it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A heading.
    Heading,
    /// Something comes.
    Added,
    /// Something changes.
    Changed,
    /// Something goes.
    Removed,
    /// Something stands in the way.
    Error,
    /// Something a reader should know.
    Warning,
    /// Something that does not matter much.
    Quiet,
    /// Anything else.
    Plain,
}

/// A line of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is like.
    pub tone: Tone,
    /// The text, without a line break.
    pub text: String,
}

/// A plan in lines. `everything`: also what is left alone.
#[must_use]
pub fn human(plan: &Plan, everything: bool) -> Vec<Line> {
    let mut lines = Lines(Vec::new());
    lines.head(plan);
    lines.resources(plan, everything);
    lines.triggers(plan, everything);
    if let Some(notebooks) = &plan.notebooks {
        lines.notebooks(plan, notebooks, everything);
    }
    if let Some(cluster) = &plan.cluster {
        lines.cluster(cluster, everything);
    }
    lines.judgement(plan);
    lines.foot(plan);
    lines.0
}

struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, tone: Tone, text: impl Into<String>) {
        // Names may hold anything that a terminal would follow.
        let text: String = text.into();
        let text = text
            .chars()
            .map(|one| if one.is_control() { '\u{fffd}' } else { one });
        self.0.push(Line {
            tone,
            text: text.collect(),
        });
    }

    fn section(&mut self, title: &str) {
        self.add(Tone::Plain, "");
        self.add(Tone::Heading, title);
    }

    fn head(&mut self, plan: &Plan) {
        let factory = plan.factory.as_ref().map(|factory| {
            format!(
                ": factory {} in {}",
                factory.factory, factory.resource_group
            )
        });
        let title = format!(
            "{} {}{}",
            words::title(plan),
            plan.environment,
            factory.unwrap_or_default()
        );
        self.add(Tone::Heading, title);
        if let Some(bundle) = &plan.bundle {
            self.add(Tone::Quiet, format!("bundle {bundle}"));
        }
        let options = &plan.options;
        for (name, selectors) in [("only", &options.only), ("except", &options.except)] {
            if !selectors.is_empty() {
                self.add(Tone::Quiet, format!("{name} {}", selectors.join(", ")));
            }
        }
        if options.leaves_notebooks {
            self.add(Tone::Quiet, "notebooks are left alone");
        }
    }

    fn resources(&mut self, plan: &Plan, everything: bool) {
        let told = |resource: &&ResourcePlan| everything || words::is_told(resource);
        let mut told = plan.resources.iter().filter(told).peekable();
        if told.peek().is_some() {
            self.add(Tone::Plain, "");
        }
        for resource in told {
            self.resource(resource);
        }
    }

    fn resource(&mut self, resource: &ResourcePlan) {
        let tone = match resource.action {
            Action::Create => Tone::Added,
            Action::Update | Action::Replace => Tone::Changed,
            Action::Delete => Tone::Removed,
            Action::Unchanged | Action::Skip => Tone::Quiet,
        };
        let sign = words::sign(resource.action);
        let (name, because) = (words::name(resource), words::because(resource));
        self.add(tone, format!("  {sign} {name}: {because}"));
        let changes = resource.changes.iter().map(words::change);
        for (sign, text) in changes.chain(words::secrets(resource)) {
            let tone = match sign {
                "+" => Tone::Added,
                "-" => Tone::Removed,
                _ => Tone::Changed,
            };
            self.add(tone, format!("      {sign} {text}"));
        }
    }

    fn triggers(&mut self, plan: &Plan, everything: bool) {
        let triggers = words::Triggers::of(plan);
        let mut told = triggers.told(everything).peekable();
        if told.peek().is_some() {
            self.section("Triggers");
        }
        for trigger in told {
            let text = triggers.words(trigger);
            self.add(Tone::Plain, format!("  {}: {text}", trigger.trigger));
        }
    }

    fn notebooks(&mut self, plan: &Plan, notebooks: &NotebookPlan, everything: bool) {
        let idle = [NotebookAction::Unchanged, NotebookAction::Skip];
        let told = notebooks
            .objects
            .iter()
            .filter(|object| everything || !idle.contains(&object.action));
        let mut told = told.peekable();
        if told.peek().is_some() {
            self.section("Notebooks");
        }
        for object in told {
            let tone = match object.action {
                NotebookAction::Create => Tone::Added,
                NotebookAction::Update | NotebookAction::Replace => Tone::Changed,
                NotebookAction::Delete => Tone::Removed,
                NotebookAction::Clash => Tone::Error,
                NotebookAction::Unchanged | NotebookAction::Skip => Tone::Quiet,
            };
            let sign = workspace::notebook_sign(object.action);
            let because = workspace::notebook_because(plan, object);
            let (path, kind) = (&object.path, &object.kind);
            self.add(tone, format!("  {sign} {path}, {kind}: {because}"));
        }
    }

    fn cluster(&mut self, plan: &ClusterPlan, everything: bool) {
        if !everything && !plan.has_work() {
            return;
        }
        self.section("Cluster");
        let tone = match plan.action {
            ClusterAction::Create => Tone::Added,
            ClusterAction::Update => Tone::Changed,
            ClusterAction::Unchanged => Tone::Quiet,
        };
        let (sign, name) = (workspace::cluster_sign(plan.action), &plan.name);
        self.add(tone, format!("  {sign} {name}: {plan}"));
        for library in &plan.install {
            self.add(Tone::Added, format!("      + library {library}"));
        }
    }

    fn judgement(&mut self, plan: &Plan) {
        let findings = plan.findings.iter();
        let told: Vec<_> = findings
            .filter(|finding| finding.verdict != Verdict::Allowed)
            .collect();
        if !told.is_empty() {
            self.section("Policy");
        }
        for finding in told {
            let tone = match finding.verdict.stops() {
                true => Tone::Error,
                false => Tone::Warning,
            };
            let text = format!("  {}: {}", finding.verdict, words::finding(finding));
            self.add(tone, text);
        }
        if !plan.problems.is_empty() {
            self.section("Problems");
        }
        for problem in &plan.problems {
            self.add(
                Tone::Error,
                format!("  {}: {}", problem.resource, problem.text),
            );
            if let Some(hint) = &problem.hint {
                self.add(Tone::Plain, format!("    hint: {hint}"));
            }
        }
        if !plan.warnings.is_empty() {
            self.section("Warnings");
        }
        for warning in &plan.warnings {
            self.add(Tone::Warning, format!("  {warning}"));
            if let Some(hint) = &warning.hint {
                self.add(Tone::Plain, format!("    hint: {hint}"));
            }
        }
    }

    fn foot(&mut self, plan: &Plan) {
        self.add(Tone::Plain, "");
        self.add(Tone::Heading, words::summary(plan));
        if let Some(obstacle) = words::obstacle(plan) {
            self.add(Tone::Error, obstacle);
        }
        if let Some(unread) = unread(plan) {
            self.add(Tone::Quiet, unread);
        }
    }
}
