//! What each column of a page is like.

use data_contract::infer::{ColumnProfile, Profile};
use maud::{Markup, html};

use crate::terminal::{grouped, shortened};

/// So wide is a value in a cell at most.
const WIDEST: usize = 24;

pub(super) fn columns(profile: &Profile) -> Markup {
    html! {
        h4 { "Columns" }
        div class="wide" tabindex="0" role="region" aria-label="columns" {
            table class="columns" {
                thead { tr {
                    th scope="col" { "Column" } th scope="col" { "Type" } th scope="col" { "NULL" } th scope="col" class="number" { "Distinct" }
                    th scope="col" { "Least … greatest" } th scope="col" { "Values" }
                } }
                tbody { @for column in &profile.columns { (row(column, profile.rows)) } }
            }
        }
    }
}

fn row(column: &ColumnProfile, rows: u64) -> Markup {
    let rows = column.all(rows);
    // Within an array there are several to a row, or none.
    let unit = column.places.map_or("rows", |_| "values");
    let kind = column
        .logical_type
        .as_deref()
        .or(column.physical_type.as_deref());
    html! {
        tr {
            td class="name" { (column.name) }
            td { (kind.unwrap_or_default()) }
            td class="nulls" {
                span class="track nulls" title=(format!("{} of {} {unit} are NULL", grouped(column.nulls), grouped(rows))) {
                    (fill(column.nulls, rows))
                }
                span class="share" { (share(column.nulls, rows)) }
            }
            td class="number" { @if let Some(distinct) = column.distinct { (grouped(distinct)) } }
            @if let Some(reason) = &column.withheld {
                td class="range withheld" colspan="2" { (reason) }
            } @else {
                td class="range" {
                    @if let (Some(least), Some(greatest)) = (&column.least, &column.greatest) { (end(least)) " … " (end(greatest)) }
                }
                td { (spread(column, (rows, unit))) }
            }
        }
    }
}

/// A bar; what is there at all is seen.
fn fill(count: u64, rows: u64) -> Markup {
    let share = count as f64 / rows.max(1) as f64 * 100.0;
    let least = if count > 0 { ";min-width:1px" } else { "" };
    html! { span class="fill" style=(format!("width:{share:.1}%{least}")) {} }
}

/// A share in percent. Neither a few nor all but a few are rounded away.
fn share(count: u64, rows: u64) -> String {
    let share = count as f64 / rows.max(1) as f64 * 100.0;
    match share {
        share if count > 0 && share < 0.05 => "< 0.1 %".to_owned(),
        share if count < rows && share >= 99.95 => "> 99.9 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

/// An end of the values. Of a number with many digits seven are shown; a pointer on it tells all.
fn end(text: &str) -> Markup {
    let short = match text.parse::<f64>() {
        Ok(number) if text.contains('.') && text.len() > 10 => digits(number),
        _ => shortened(text, WIDEST),
    };
    html! { @if short == text { (text) } @else { span title=(text) { (short) } } }
}

fn digits(number: f64) -> String {
    let rounded = format!("{number:.6e}").parse().unwrap_or(number);
    match number != 0.0 && !(1e-6..1e15).contains(&number.abs()) {
        true => format!("{rounded:e}"),
        false => format!("{rounded}"),
    }
}

/// A histogram of numbers, days or times, or the most frequent values.
fn spread(column: &ColumnProfile, (rows, unit): (u64, &str)) -> Markup {
    if let Some(histogram) = &column.histogram {
        let numbers = Edges::of(&histogram.edges);
        return bars(&histogram.counts, |at| numbers.bin(at));
    }
    if let Some(spans) = &column.spans {
        let edge = |at: usize| {
            spans
                .edges
                .get(at)
                .map(|edge| edge.trim_end_matches("T00:00:00Z"))
        };
        return bars(&spans.counts, |at| {
            match (at.checked_sub(1).and_then(edge), edge(at)) {
                (Some(from), Some(to)) => format!("from {from}, before {to}"),
                (None, Some(to)) => format!("before {to}"),
                (Some(from), None) => format!("from {from} on"),
                (None, None) => String::new(),
            }
        });
    }
    html! {
        div class="tops" {
            @for (value, count) in column.top.iter().take(5) {
                div class="top" title=(format!("{value}: {} {unit}", grouped(*count))) {
                    span class="value" { (shortened(value, WIDEST)) }
                    span class="track" { (fill(*count, rows)) }
                    span class="share" { (share(*count, rows)) }
                }
            }
        }
    }
}

/// The width and height of a histogram.
const SIZE: (f64, f64) = (180.0, 36.0);

fn bars(counts: &[u64], label: impl Fn(usize) -> String) -> Markup {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let wide = SIZE.0 / counts.len().max(1) as f64;
    html! {
        svg class="histogram" viewBox=(format!("0 0 {} {}", SIZE.0, SIZE.1)) role="img" aria-label=(told(counts, &label)) {
            @for (at, count) in counts.iter().enumerate() {
                @let high = *count as f64 / most * (SIZE.1 - 1.0);
                rect x=(format!("{:.2}", at as f64 * wide)) y=(format!("{:.2}", SIZE.1 - high)) width=(format!("{:.2}", (wide - 1.0).max(0.5)))
                    height=(format!("{high:.2}")) { title { (label(at)) ": " (grouped(*count)) } }
            }
        }
    }
}

/// A histogram for those who do not see it.
fn told(counts: &[u64], label: impl Fn(usize) -> String) -> String {
    let most = counts.iter().enumerate().max_by_key(|(_, count)| **count);
    let most = most.map_or_else(String::new, |(at, count)| {
        format!(", most of them, {}, {}", grouped(*count), label(at))
    });
    let all: u64 = counts.iter().sum();
    format!("{} values in {} bins{most}", grouped(all), counts.len())
}

/// Ends of bins, with as many digits as tell them apart.
struct Edges<'e> {
    edges: &'e [f64],
    places: usize,
}

impl<'e> Edges<'e> {
    fn of(edges: &'e [f64]) -> Self {
        let width = match edges {
            [first, second, ..] => second - first,
            [only] => *only,
            [] => 1.0,
        };
        // Two digits of the width.
        let digits = 1.0 - width.abs().log10().floor();
        let places = if digits.is_finite() {
            digits.clamp(0.0, 17.0)
        } else {
            2.0
        };
        Self {
            edges,
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "it is from 0 to 17"
            )]
            places: places as usize,
        }
    }

    fn bin(&self, at: usize) -> String {
        let edge = |at: usize| self.edges.get(at).map(|edge| self.shown(*edge));
        match (at.checked_sub(1).and_then(edge), edge(at)) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (None, Some(to)) => format!("less than {to}"),
            (Some(from), None) => format!("{from} and more"),
            (None, None) => String::new(),
        }
    }

    fn shown(&self, edge: f64) -> String {
        if edge != 0.0 && !(1e-9..1e15).contains(&edge.abs()) {
            return format!("{edge:.3e}");
        }
        let text = format!("{edge:.*}", self.places);
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_bins_have_the_digits_that_mean_something() {
        let of = |edges: &[f64]| Edges::of(edges).bin(1);

        assert_eq!(of(&[51.699_999_999_999_996, 53.4]), "51.7 to 53.4");
        assert_eq!(of(&[1_000.0, 2_000.0]), "1000 to 2000");
        assert_eq!(of(&[0.1 + 0.2, 0.4]), "0.3 to 0.4");
        assert_eq!(of(&[1e-5, 2e-5]), "0.00001 to 0.00002");
        assert_eq!(of(&[1e300, 2e300]), "1.000e300 to 2.000e300");
        assert_eq!(of(&[3.0]), "3 and more");
    }

    #[test]
    fn a_few_are_not_rounded_away() {
        assert_eq!(share(0, 200_000), "0.0 %");
        assert_eq!(share(12, 200_000), "< 0.1 %");
        assert_eq!(share(199_999, 200_000), "> 99.9 %");
        assert_eq!(share(3, 3), "100.0 %");
        assert_eq!(share(0, 0), "0.0 %");
    }

    #[test]
    fn numbers_have_the_digits_that_people_read() {
        let shown = |text: &str| end(text).into_string();
        assert_eq!(
            shown("155851.627482157"),
            "<span title=\"155851.627482157\">155851.6</span>"
        );
        assert_eq!(
            shown("0.000006910016092015895"),
            "<span title=\"0.000006910016092015895\">0.000006910016</span>"
        );
        assert_eq!(shown("43.25"), "43.25");
        assert_eq!(shown("T00001"), "T00001");
    }

    #[test]
    fn days_have_bars_and_what_is_not_shown_a_reason() {
        let days = ColumnProfile {
            spans: Some(data_contract::infer::Spans {
                edges: vec!["2026-01-02".to_owned(), "2026-01-03T00:00:00Z".to_owned()],
                counts: vec![1, 2, 3],
            }),
            ..ColumnProfile::default()
        };
        let bars = spread(&days, (6, "rows")).into_string();
        for text in [
            "before 2026-01-02: 1",
            "from 2026-01-02, before 2026-01-03: 2",
            "from 2026-01-03 on: 3",
        ] {
            assert!(bars.contains(text), "no `{text}`: {bars}");
        }

        let hidden = ColumnProfile {
            withheld: Some("not shown: <why>".to_owned()),
            ..ColumnProfile::default()
        };
        let shown = row(&hidden, 1).into_string();
        assert!(shown.contains("not shown: &lt;why&gt;"), "{shown}");
    }

    #[test]
    fn what_is_within_arrays_is_counted_in_values() {
        let of = |places| ColumnProfile {
            places,
            nulls: 1,
            top: vec![("a".to_owned(), 3)],
            ..ColumnProfile::default()
        };

        let items = row(&of(Some(9)), 2).into_string();
        let plain = row(&of(None), 4).into_string();

        for (shown, texts) in [
            (items, ["1 of 9 values are NULL", "a: 3 values"]),
            (plain, ["1 of 4 rows are NULL", "a: 3 rows"]),
        ] {
            for text in texts {
                assert!(shown.contains(text), "no `{text}`: {shown}");
            }
        }
    }
}
