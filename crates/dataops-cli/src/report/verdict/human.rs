//! For a terminal: a table of checks per object, and below it what is behind those that do not hold.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use data_contract::plan::Category;
use data_contract::verdict::{CheckResult, Status};

use super::words::{details, is_notable, read, sign, summary, word};
use super::{Held, Outcome, Verdicts, databricks};
use crate::report::rows;
use crate::terminal::{grouped, harmless, one_line, shortened};

pub(super) fn render(verdicts: &Verdicts) -> String {
    let mut text = String::new();
    for held in &verdicts.contracts {
        contract(held, verdicts.all, &mut text);
    }
    let style = match verdicts.outcome() {
        Outcome::Holds => AnsiColor::Green.on_default().bold(),
        Outcome::Warns | Outcome::Undecided => AnsiColor::Yellow.on_default().bold(),
        Outcome::Fails => AnsiColor::Red.on_default().bold(),
    };
    text.push_str(&format!("{style}{}{style:#}\n", summary(verdicts)));
    text
}

fn contract(held: &Held, all: bool, text: &mut String) {
    let verdict = &held.verdict;
    let bold = Style::new().bold();
    let title = harmless(&format!("{} {}", verdict.contract, verdict.version));
    text.push_str(&format!(
        "{bold}{title}{bold:#}  {}\n",
        harmless(&held.file)
    ));
    for object in &verdict.objects {
        let checks: Vec<_> = verdict
            .checks
            .iter()
            .filter(|check| check.object == object.name)
            .collect();
        if checks.is_empty() {
            continue;
        }
        let read = read(object);
        let read = if read.is_empty() {
            read
        } else {
            format!(" ({read}, {:.1} s)", held.seconds)
        };
        let name = one_line(&object.name);
        text.push_str(&format!(
            "\n{bold}{name}{bold:#}  {}{read}\n",
            one_line(&object.location)
        ));
        table(checks, all, text);
    }
    let loose = held.loose();
    if !loose.is_empty() {
        text.push('\n');
        table(loose, all, text);
    }
    if let Some(took) = &held.databricks {
        let dimmed = Style::new().dimmed();
        let sentence = databricks::sentence(took);
        text.push_str(&format!("\n{dimmed}{sentence}{dimmed:#}\n"));
    }
    text.push('\n');
}

/// The checks of an object, and what is behind those that do not hold.
fn table(checks: Vec<&CheckResult>, all: bool, text: &mut String) {
    let (alike, checks) = alike(checks);
    let (folded, checks): (Vec<_>, Vec<_>) = checks
        .into_iter()
        .partition(|check| !all && is_folded(check));
    let shown = checks.iter().copied().map(row).chain(fold(folded.len()));
    text.push_str(&painted(&rows(
        &["", "check", "measured", "expected"],
        shown,
    )));
    text.push('\n');
    for check in checks.into_iter().filter(|check| is_notable(check)) {
        notable(check, text);
    }
    for (reason, count) in alike {
        let red = AnsiColor::Red.on_default();
        let count = grouped(count as u64);
        text.push_str(&format!(
            "\n{red}error{red:#}: {count} checks were not made: {}\n",
            harmless(reason)
        ));
    }
}

/// The lines of a table whose signs have colours.
fn painted(table: &str) -> String {
    let lines = table.lines().map(|line| {
        let signed = line.trim_start();
        let style = match signed.chars().next() {
            Some('✔') => AnsiColor::Green.on_default(),
            Some('✘') => AnsiColor::Red.on_default().bold(),
            Some('!') => AnsiColor::Yellow.on_default().bold(),
            _ => return line.to_owned(),
        };
        // The first cell has the sign alone, behind one blank.
        let (margin, rest) = line.split_at(line.len() - signed.len());
        let (sign, rest) = rest.split_at(rest.chars().next().map_or(0, char::len_utf8));
        match margin.len() {
            1 => format!("{margin}{style}{sign}{style:#}{rest}"),
            _ => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a check is told by number alone: what the schema declares, and what holds.
fn is_folded(check: &CheckResult) -> bool {
    check.status == Status::Passed && check.category == Category::Schema && check.line > 0
}

/// The row of those that are told by their number.
fn fold(count: usize) -> Option<[String; 4]> {
    let checks = match count {
        0 => return None,
        1 => "1 check of the schema".to_owned(),
        count => format!("{} checks of the schema", grouped(count as u64)),
    };
    let sign = sign(Status::Passed).to_owned();
    Some([sign, checks, "all hold".to_owned(), String::new()])
}

/// So many checks that were not made for one reason are told by their number.
const MANY: usize = 4;

/// Reasons for which many checks were not made, with how many, and the other checks.
fn alike(checks: Vec<&CheckResult>) -> (BTreeMap<&str, usize>, Vec<&CheckResult>) {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let reason = |check: &CheckResult| check.status == Status::Error && check.measured.is_none();
    for check in checks.iter().filter(|check| reason(check)) {
        *reasons
            .entry(check.reason.as_deref().unwrap_or_default())
            .or_default() += 1;
    }
    reasons.retain(|_, count| *count >= MANY);
    let others = checks.into_iter().filter(|check| {
        !(reason(check) && reasons.contains_key(check.reason.as_deref().unwrap_or_default()))
    });
    let others = others.collect();
    (reasons, others)
}

/// So wide is a value in a cell at most.
const WIDEST: usize = 80;

fn row(check: &CheckResult) -> [String; 4] {
    // A name of the data may have the end of a line in it, which would make lines of its own.
    let text = |text: &Option<String>| {
        let text = one_line(text.as_deref().unwrap_or_default());
        shortened(&text, WIDEST)
    };
    [
        sign(check.status).to_owned(),
        one_line(&check.title),
        text(&check.measured),
        text(&check.expected),
    ]
}

fn notable(check: &CheckResult, text: &mut String) {
    let mut details = details(check);
    if details.is_empty() {
        // The id alone may say nothing to whoever has not written the check.
        details.push(harmless(&check.title));
    }
    let style = match check.status {
        Status::Failed | Status::Error => AnsiColor::Red.on_default(),
        Status::Warning => AnsiColor::Yellow.on_default(),
        Status::Passed | Status::NotExecutable => Style::new().dimmed(),
    };
    let line = match check.line {
        0 => String::new(),
        line => format!(", line {}", grouped(line)),
    };
    text.push_str(&format!(
        "\n{style}{}{style:#}: {}{line}\n",
        word(check.status),
        harmless(&check.id)
    ));
    for detail in details {
        text.push_str(&format!("  {detail}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_details_is_told_by_its_name() {
        let mut check = CheckResult::of_files("ingestion", "1", "training folder exists");
        check.status = Status::Failed;
        check.measured = Some("ml/train has no data files".to_owned());
        let mut text = String::new();
        notable(&check, &mut text);
        check.reason = Some("why".to_owned());
        notable(&check, &mut text);

        let shown: Vec<_> = text.lines().filter(|line| line.starts_with("  ")).collect();
        check.title = "`a\
error: x`"
            .to_owned();
        assert!(row(&check).iter().all(|cell| !cell.contains('\n')));
        assert_eq!(shown, ["  training folder exists", "  why"]);
    }
}
