//! What a run of a pipeline has done.

use std::collections::BTreeMap;
use std::fmt;

/// How a stage, a job or a step has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Succeeded,
    /// Not as it should.
    Failed,
    /// Its condition did not hold.
    Skipped,
}

impl Outcome {
    pub(super) const fn azure(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Skipped => "Skipped",
        }
    }

    pub(super) const fn github(self) -> &'static str {
        match self {
            Self::Succeeded => "success",
            Self::Failed => "failure",
            Self::Skipped => "skipped",
        }
    }
}

/// A step of a job.
#[derive(Clone, Debug)]
pub struct Step {
    /// The job, with its stage or the job that called it before it.
    pub job: String,
    /// What it is called.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What it wrote.
    pub said: String,
}

/// What a run has done.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The steps that were looked at, in order.
    pub steps: Vec<Step>,
    /// How jobs have ended, by `stage/job`.
    pub jobs: BTreeMap<String, Outcome>,
    /// How stages have ended; of GitHub the jobs of the workflow itself.
    pub stages: BTreeMap<String, Outcome>,
    /// What happened beside steps, in order: artifacts that were published, environments whose checks were asked.
    pub events: Vec<String>,
    /// Errors and warnings that the system lists.
    pub issues: Vec<String>,
    /// The pages that are shown with the run.
    pub summaries: Vec<String>,
    /// The test results that were published.
    pub results: Vec<String>,
}

impl Report {
    /// Whether nothing has failed.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.jobs
            .values()
            .all(|outcome| *outcome != Outcome::Failed)
    }

    /// A step by the end of its job's name, and its own.
    #[must_use]
    pub fn step(&self, job: &str, name: &str) -> &Step {
        let mut steps = self.steps.iter();
        let found = steps.find(|step| step.job.ends_with(job) && step.name == name);
        found.unwrap_or_else(|| panic!("there is no step `{name}` in `{job}`\n{self}"))
    }

    /// The steps that have failed.
    #[must_use]
    pub fn failed(&self) -> Vec<(&str, &str)> {
        let failed = self.steps.iter();
        let failed = failed.filter(|step| step.outcome == Outcome::Failed);
        failed
            .map(|step| (step.job.as_str(), step.name.as_str()))
            .collect()
    }

    /// The stages that ran.
    #[must_use]
    pub fn ran(&self) -> Vec<&str> {
        let stages = self.stages.iter();
        let ran = stages.filter(|(_, outcome)| **outcome != Outcome::Skipped);
        ran.map(|(name, _)| name.as_str()).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(out, "{:?} {}: {}", step.outcome, step.job, step.name)?;
            if step.outcome == Outcome::Failed {
                for line in step.said.lines() {
                    writeln!(out, "    {line}")?;
                }
            }
        }
        writeln!(out, "stages {:?}\njobs {:?}", self.stages, self.jobs)?;
        writeln!(out, "{}", self.events.join("\n"))
    }
}
