//! One finding: what is wrong, its line, other lines that belong to it, and what to do.

use std::fmt::Write as _;

use adf_source::Span;
use anstyle::{AnsiColor, Style};
use dataops_check::Finding;

use super::excerpt::Excerpt;
use super::style;
use crate::report::findings::Findings;
use crate::terminal::{harmless, one_line};

/// Line numbers, and what holds lines together.
const MARGIN: Style = AnsiColor::BrightBlue.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
const BOLD: Style = Style::new().bold();

/// A place in a file that is shown.
struct Place<'f> {
    path: &'f str,
    span: Option<&'f Span>,
    /// What is there; nothing at the place that matters.
    label: Option<&'f str>,
}

/// Writes a finding, in lines of at most `width` columns where the message allows.
pub(super) fn write(text: &mut String, findings: &Findings<'_>, finding: &Finding, width: usize) {
    let rule = finding.rule;
    let severity = style(rule.severity);
    // Writing to a text cannot fail, here and below.
    let _ = writeln!(
        text,
        "{severity}{}[{} {}]{severity:#}{BOLD}: {}{BOLD:#}",
        rule.severity.word(),
        finding.id(),
        rule.name,
        one_line(&finding.message)
    );
    let places = places(finding);
    let lines = places
        .iter()
        .filter_map(|place| place.span)
        .map(|span| span.start.line);
    let digits = lines.max().unwrap_or(0).to_string().len();
    let mut paragraph = Paragraph {
        text,
        findings,
        digits,
        width,
        marker: severity,
    };
    paragraph.places(&places);
    match (&finding.hint, &finding.fix) {
        (Some(hint), Some(_)) => paragraph.help(&format!("{hint}; `--fix` does it")),
        (Some(hint), None) => paragraph.help(hint),
        (None, Some(fix)) => paragraph.help(&format!("{}; `--fix` does it", fix.message)),
        (None, None) => {}
    }
}

/// The place of the finding first, then those that belong to it: in the same file in the order of lines, then in others.
fn places(finding: &Finding) -> Vec<Place<'_>> {
    let mut places = vec![Place {
        path: &finding.path,
        span: finding.span.as_ref(),
        label: None,
    }];
    places.extend(finding.related.iter().map(|related| Place {
        path: &related.path,
        span: related.span.as_ref(),
        label: Some(&related.message),
    }));
    places
}

struct Paragraph<'p, 'f> {
    text: &'p mut String,
    findings: &'p Findings<'f>,
    /// The columns of the longest line number.
    digits: usize,
    width: usize,
    marker: Style,
}

impl Paragraph<'_, '_> {
    fn places(&mut self, places: &[Place<'_>]) {
        let Some(main) = places.first() else {
            return;
        };
        self.header("-->", main);
        let mut near: Vec<&Place<'_>> = places
            .iter()
            .filter(|place| place.path == main.path && place.span.is_some())
            .collect();
        near.sort_by_key(|place| place.span.map(|span| span.start));
        let mut line_before: Option<usize> = None;
        for place in near {
            let line = place.span.map_or(0, |span| span.start.line);
            let Some(excerpt) = self.cut_out(place) else {
                continue;
            };
            match line_before {
                None => self.margin(),
                Some(before) if before + 1 < line => self.gap(),
                Some(_) => {}
            }
            self.excerpt(place, line, &excerpt);
            line_before = Some(line);
        }
        for place in places.iter().filter(|place| place.path != main.path) {
            self.header(":::", place);
            match (place.span, self.cut_out(place)) {
                (Some(span), Some(excerpt)) => {
                    self.margin();
                    self.excerpt(place, span.start.line, &excerpt);
                }
                _ => self.note(place.label),
            }
        }
    }

    /// `--> path:line:column`
    fn header(&mut self, arrow: &str, place: &Place<'_>) {
        let path = one_line(&self.findings.shown(place.path));
        let at = place.span.map_or(String::new(), |span| {
            format!(":{}:{}", span.start.line, span.start.column)
        });
        let margin = " ".repeat(self.digits);
        let _ = writeln!(self.text, "{margin}{MARGIN}{arrow}{MARGIN:#} {path}{at}");
    }

    fn margin(&mut self) {
        let margin = " ".repeat(self.digits + 1);
        let _ = writeln!(self.text, "{margin}{MARGIN}|{MARGIN:#}");
    }

    fn gap(&mut self) {
        let margin = " ".repeat(self.digits + 1);
        let _ = writeln!(self.text, "{margin}{MARGIN}⋮{MARGIN:#}");
    }

    fn note(&mut self, label: Option<&str>) {
        let margin = " ".repeat(self.digits + 1);
        if let Some(label) = label {
            let _ = writeln!(self.text, "{margin}{MARGIN}={MARGIN:#} {}", harmless(label));
        }
    }

    /// The line of a place, as far as there is room for it.
    fn cut_out(&self, place: &Place<'_>) -> Option<Excerpt> {
        let text = self.findings.texts.text(place.path)?;
        let room = self.width.saturating_sub(self.digits + 5);
        let covered = self.findings.covered.in_file(place.path);
        Excerpt::of(&text, place.span?, covered, room)
    }

    /// The line, and a mark below the place.
    fn excerpt(&mut self, place: &Place<'_>, line: usize, excerpt: &Excerpt) {
        let digits = self.digits;
        let (sign, style) = match place.label {
            None => ("^", self.marker),
            Some(_) => ("-", MARGIN),
        };
        let marks = sign.repeat(excerpt.marked.max(1));
        let label = place
            .label
            .map_or(String::new(), |label| format!(" {}", harmless(label)));
        let indent = " ".repeat(excerpt.before);
        let margin = " ".repeat(digits);
        let _ = writeln!(
            self.text,
            "{MARGIN}{line:>digits$} |{MARGIN:#} {}",
            excerpt.line
        );
        let _ = writeln!(
            self.text,
            "{margin} {MARGIN}|{MARGIN:#} {indent}{style}{marks}{label}{style:#}"
        );
    }

    fn help(&mut self, hint: &str) {
        let margin = " ".repeat(self.digits + 1);
        let hint = one_line(hint);
        let _ = writeln!(
            self.text,
            "{margin}{MARGIN}={MARGIN:#} {HELP}help{HELP:#}: {hint}"
        );
    }
}
