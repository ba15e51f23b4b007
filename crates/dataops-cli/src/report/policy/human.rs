//! For a terminal.

use std::io::{self, Write};

use branch_policy::{Action, Step};

use super::{Asked, PolicyReport};
use crate::report::difference::paint::{
    ADDED, CHANGED, QUIET, REMOVED, STRONG, WARNING, line, painted,
};

impl PolicyReport {
    pub(super) fn write_human(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = format!("{} on {}", self.repository, self.host);
        writeln!(out, "{}", painted(&line(&title), STRONG))?;
        for (target, steps) in self.by_target() {
            writeln!(out, "\n{}", painted(&line(&Self::target(target)), STRONG))?;
            for step in steps {
                self.write_step(step, out)?;
            }
            for note in self.plan.notes.iter().filter(|note| note.target == *target) {
                writeln!(out, "  {} {}", painted("note:", WARNING), line(&note.text))?;
            }
        }
        self.write_codeowners(out)?;
        writeln!(out, "\n{}", self.sum())?;
        if !self.unsettled.is_empty() {
            writeln!(out, "\nwritten, and it still differs:")?;
            for step in &self.unsettled {
                self.write_step(step, out)?;
            }
        }
        let stays = self
            .plan
            .steps
            .iter()
            .any(|step| step.action == Action::Leave && step.why.is_none());
        if stays && self.command != Asked::Check {
            let text = "what is left alone and guards nothing else goes with --prune";
            writeln!(out, "{}", painted(text, QUIET))?;
        }
        Ok(())
    }

    fn write_step(&self, step: &Step, out: &mut dyn Write) -> io::Result<()> {
        let id = step.id.map(|id| format!(" ({id})")).unwrap_or_default();
        let text = line(&format!("{}{id}", step.title));
        let done = self.command == Asked::Apply;
        let (sign, style, word) = match (step.action, done) {
            (Action::Create, false) => ("+", ADDED, "to create"),
            (Action::Create, true) => ("+", ADDED, "created"),
            (Action::Change, false) => ("~", CHANGED, "to change"),
            (Action::Change, true) => ("~", CHANGED, "changed"),
            (Action::Delete, false) => ("-", REMOVED, "to delete"),
            (Action::Delete, true) => ("-", REMOVED, "deleted"),
            (Action::Leave, _) => ("?", QUIET, "not in the file"),
            _ => ("=", QUIET, ""),
        };
        let word = match word {
            "" => String::new(),
            word => format!("  {}", painted(word, QUIET)),
        };
        writeln!(
            out,
            "  {} {}{word}",
            painted(sign, style),
            painted(&text, style)
        )?;
        if let Some(why) = &step.why {
            writeln!(
                out,
                "      {}",
                painted(&line(&format!("it stays: {why}")), QUIET)
            )?;
        }
        for change in &step.changes {
            let place = line(Self::place(change));
            let after = line(&self.shown(change.after.as_ref()));
            match step.action {
                Action::Create => writeln!(out, "      {place}: {}", painted(&after, ADDED))?,
                _ => writeln!(
                    out,
                    "      {place}: {} → {}",
                    painted(&line(&self.shown(change.before.as_ref())), REMOVED),
                    painted(&after, ADDED)
                )?,
            }
        }
        Ok(())
    }

    fn write_codeowners(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(codeowners) = &self.codeowners else {
            return Ok(());
        };
        let path = codeowners.path.as_deref().unwrap_or("CODEOWNERS");
        writeln!(out, "\n{}", painted(&line(path), STRONG))?;
        if codeowners.gaps.is_empty() {
            return writeln!(out, "  {} every path has its owners", painted("=", QUIET));
        }
        if codeowners.path.is_none() {
            writeln!(out, "  there is no such file in the working tree")?;
        } else {
            for gap in &codeowners.gaps {
                writeln!(
                    out,
                    "  {} {}",
                    painted("~", CHANGED),
                    line(&gap.to_string())
                )?;
            }
        }
        writeln!(out, "  it has to say:")?;
        for wanted in &codeowners.lines {
            writeln!(out, "      {}", painted(&line(wanted), ADDED))?;
        }
        Ok(())
    }
}
