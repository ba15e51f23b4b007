//! What stays of what a way back undoes, and how that goes.

use std::io::{self, Write};

use anstyle::AnsiColor;
use dataops_ledger::{Cause, Created};
use dataops_plan::{Because, NotebookBecause, Plan, ResourceKey};
use serde::Serialize;

use super::Order;
use crate::terminal::harmless;

/// How many of them are told one by one.
const MOST_TOLD: usize = 50;

/// What the deployments that are undone have created, and nobody has asked to delete.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stays {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<ResourceKey>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notebooks: Vec<String>,
    /// The command that removes it.
    command: String,
}

impl Stays {
    /// What a plan leaves of it.
    pub(super) fn of(plan: &Plan, undone: &Created, order: &Order<'_>) -> Option<Self> {
        let Cause::Rollback { to, .. } = order.cause else {
            return None;
        };
        let resources = plan.resources.iter();
        let resources = resources.filter(|it| it.because == Because::Undone);
        let resources: Vec<_> = resources.map(|it| it.resource.clone()).collect();
        let created = |path: &str| undone.notebooks.iter().any(|it| plain(it) == plain(path));
        let objects = plan.notebooks.iter().flat_map(|it| &it.objects);
        let objects = objects.filter(|it| it.because == NotebookBecause::DeletionOff);
        let notebooks = objects
            .filter(|it| created(&it.path))
            .map(|it| it.path.clone());
        let notebooks: Vec<_> = notebooks.collect();
        let mut asks = Vec::new();
        if !resources.is_empty() {
            asks.push("--delete-not-in-source");
        }
        if !notebooks.is_empty() {
            asks.push("--remove-stale-notebooks");
        }
        let environment = &order.connection.environment().name;
        let asks = (!asks.is_empty()).then(|| asks.join(" "))?;
        Some(Self {
            resources,
            notebooks,
            command: format!("dataops rollback --env {environment} --to {to} {asks}"),
        })
    }

    pub(super) fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        let yellow = AnsiColor::Yellow.on_default();
        writeln!(
            out,
            "\n{yellow}what was undone has created these, and they stay:{yellow:#}"
        )?;
        let resources = self.resources.iter().map(ToString::to_string);
        let all = resources.chain(self.notebooks.iter().cloned());
        for name in all.take(MOST_TOLD) {
            writeln!(out, "  {}", harmless(&name))?;
        }
        let count = self.resources.len() + self.notebooks.len();
        let more = count.saturating_sub(MOST_TOLD);
        if more > 0 {
            writeln!(out, "  and {more} more")?;
        }
        writeln!(
            out,
            "`{}` removes them, and whatever else the bundle does not have",
            harmless(&self.command)
        )?;
        match self.resources.is_empty() {
            true => Ok(()),
            false => writeln!(
                out,
                "with `--only KIND.NAME,…` it removes only the resources that are named"
            ),
        }
    }
}

/// `/Workspace/x` and `/x` name the same object.
fn plain(path: &str) -> &str {
    path.strip_prefix("/Workspace").unwrap_or(path)
}
