//! What a deployment has brought, as it is printed.

use std::io::{self, Write};

use dataops_core::apply::{Applied, Outcome, TroubleKind};
use dataops_core::deployment::Prepared;
use dataops_core::workspace;
use dataops_plan::Plan;
use serde::Serialize;

use super::stays::Stays;
use crate::commands::smoke::Smoked;
use crate::exit::Exit;
use crate::report::Report;
use crate::report::applied::{self, Done};

/// What was brought.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Brought {
    #[serde(flatten)]
    pub(super) prepared: Prepared,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) workspace: Option<workspace::Applied>,
    pub(super) factory: Applied,
    /// Whether it was removed.
    #[serde(skip)]
    pub(super) done: Done,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stays: Option<Stays>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) smoke: Option<Smoked>,
    /// What was gone back to when that did not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rollback: Option<Box<Self>>,
}

impl Brought {
    /// What a plan brings that has nothing to do.
    pub(super) fn as_it_was(plan: &Plan) -> Self {
        Self {
            prepared: Prepared::default(),
            workspace: None,
            factory: Applied::as_it_was(plan),
            done: Done::Deployed,
            stays: None,
            smoke: None,
            rollback: None,
        }
    }
}

impl Report for Brought {
    fn human(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(workspace) = &self.workspace {
            applied::notebooks(workspace, out)?;
        }
        applied::human(&self.factory, self.done, out)?;
        if let Some(stays) = &self.stays {
            stays.human(out)?;
        }
        if let Some(smoke) = &self.smoke {
            smoke.human(out)?;
        }
        match &self.rollback {
            Some(back) => {
                writeln!(out, "\nwent back:")?;
                back.human(out)
            }
            None => Ok(()),
        }
    }

    fn exit(&self) -> Exit {
        // What was tried has failed, also where the way back has led to its end.
        let back = self.rollback.as_ref().map(|back| back.exit());
        if let Some(exit) = back.filter(|exit| *exit != Exit::Ok) {
            return exit;
        }
        let smoked = self.smoke.as_ref().map_or(Exit::Ok, Report::exit);
        let applied = &self.factory;
        let kind = applied.first_trouble().map(|trouble| trouble.kind);
        match (applied.outcome, kind) {
            (Outcome::Done, _) if applied.triggers_are_as_desired() => smoked,
            (Outcome::Done, _) => Exit::Triggers,
            (Outcome::Interrupted, _) => Exit::Interrupted,
            (_, Some(TroubleKind::Unreachable | TroubleKind::TimedOut)) => Exit::Unreachable,
            _ => Exit::Refused,
        }
    }

    fn complaint(&self) -> String {
        match &self.smoke {
            Some(smoke) if smoke.exit() != Exit::Ok => smoke.complaint(),
            _ => applied::complaint(&self.factory, self.done),
        }
    }
}
