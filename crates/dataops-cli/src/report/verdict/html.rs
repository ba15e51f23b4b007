//! A page that needs nothing else: the checks, and what each column is like.

use data_contract::infer::Profile;
use data_contract::plan::Evidence;
use data_contract::verdict::{CheckResult, ObjectRead, Status};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::columns::columns;
use super::words::{details_without_query, is_notable, read, summary, word};
use super::{Held, Outcome, Verdicts, databricks};
use crate::terminal::{grouped, harmless_page};

const STYLE: &str = concat!(include_str!("../report.css"), include_str!("verdict.css"));

pub(super) fn render(verdicts: &Verdicts) -> String {
    let (class, verdict) = match verdicts.outcome() {
        Outcome::Holds => ("succeeded", "Holds"),
        Outcome::Warns => ("succeeded", "Holds, with warnings"),
        Outcome::Undecided => ("cancelled", "Not decided"),
        Outcome::Fails => ("failed", "Does not hold"),
    };
    let now = jiff::Timestamp::now();
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Data contracts: " (summary(verdicts)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Data contracts" }
                    p class=(format!("verdict {class}")) { (verdict) }
                }
                p class="summary" { (summary(verdicts)) }
                @for held in &verdicts.contracts { (contract(held)) }
                footer { "Made by dataops " (env!("CARGO_PKG_VERSION")) " at " (format!("{now:.0}")) }
            }
        }
    };
    harmless_page(&page.into_string())
}

fn contract(held: &Held) -> Markup {
    let (about, id) = (&held.about, held.verdict.contract.as_str());
    html! {
        h2 class="contract" { (about.title(id)) " " (held.verdict.version) " " code { (held.file) } }
        @if let Some(purpose) = &about.purpose { p class="purpose" { (purpose) } }
        @let facts = about.facts(id);
        @if !facts.is_empty() {
            dl { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
        }
        @for read in &held.verdict.objects {
            @let profile = held.profiles.iter().find(|profile| profile.object == read.name);
            (object(held, read, profile))
        }
        @let loose = held.loose();
        @if !loose.is_empty() { section { (table(loose)) } }
        @if let Some(took) = &held.databricks { p { (databricks::sentence(took)) } }
    }
}

fn object(held: &Held, object: &ObjectRead, profile: Option<&Profile>) -> Markup {
    let checks = held
        .verdict
        .checks
        .iter()
        .filter(|check| check.object == object.name);
    html! {
        section {
            h3 { (object.name) }
            p { code { (object.location) } " " (read(object)) }
            (table(checks.collect()))
            @if let Some(profile) = profile { (columns(profile)) }
        }
    }
}

/// So many checks that hold are shown at once; more of them are folded, for what does not hold is what people look for.
const UNFOLDED: usize = 12;

/// The checks, what does not hold first.
fn table(mut checks: Vec<&CheckResult>) -> Markup {
    checks.sort_by_key(|check| std::cmp::Reverse(check.status));
    let (notable, passed): (Vec<_>, Vec<_>) =
        checks.into_iter().partition(|check| is_notable(check));
    html! {
        @if passed.len() <= UNFOLDED {
            (rows(notable.into_iter().chain(passed)))
        } @else {
            @if !notable.is_empty() { (rows(notable)) }
            details { summary { (grouped(passed.len() as u64)) " checks hold" } (rows(passed)) }
        }
    }
}

fn rows<'c>(checks: impl IntoIterator<Item = &'c CheckResult>) -> Markup {
    html! {
        div class="wide" tabindex="0" role="region" aria-label="checks" {
            table {
                thead { tr { th scope="col" { "Status" } th scope="col" { "Check" } th scope="col" { "Measured" } th scope="col" { "Expected" } } }
                tbody { @for check in checks { (row(check)) } }
            }
        }
    }
}

const fn class(status: Status) -> &'static str {
    match status {
        Status::Passed => "succeeded",
        Status::NotExecutable => "skipped",
        Status::Warning => "cancelled",
        Status::Failed | Status::Error => "failed",
    }
}

fn row(check: &CheckResult) -> Markup {
    html! {
        tr {
            td { span class=(format!("status {}", class(check.status))) { (word(check.status)) } }
            td {
                (title(&check.title))
                div class="id" { (check.id) @if check.line > 0 { " · line " (check.line) } }
                @if is_notable(check) {
                    @for detail in details_without_query(check) { div class="detail" { (title(&detail)) } }
                }
                @if let Evidence::Query(query) = &check.evidence {
                    details { summary { "SQL" } pre { (query) } }
                }
            }
            td { (check.measured.as_deref().unwrap_or_default()) }
            td { (check.expected.as_deref().unwrap_or_default()) }
        }
    }
}

/// A title whose parts between backticks are code.
fn title(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
