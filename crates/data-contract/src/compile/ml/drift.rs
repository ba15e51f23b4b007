//! How far a column is from what it was.

use crate::model::as_number;
use crate::plan::{
    ColumnId, Formula, Kind, Literal, Measure, ObjectId, Of, Operator, Reference, Severity, Test,
};

use super::days;
use super::labels::both;
use super::rows::MOST;
use super::told::{Told, counterpart};
use super::{Compiled, Line};
use crate::compile::builder::{Builder, Subject};

/// Bins of equal width where nothing else is known.
const BINS: u32 = 10;

pub(super) fn drift(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let here = subject.object;
    let column = told.column.ok_or("`drift` needs `column`")?;
    if told.profile_name.is_some() && builder.without_profiles {
        return Ok(Vec::new());
    }
    let planned = builder.plan.objects[here.0].column(column);
    let (name, numeric) = (
        planned.name(),
        matches!(planned.kind, Kind::Integer | Kind::Number),
    );
    let binned =
        numeric && (told.bins.len() + usize::from(has_histogram(told)) > 0 || told.with.is_some());
    let method = told.method.as_deref().unwrap_or("psi");
    if method == "labelShift" {
        let there = told
            .with
            .ok_or("`labelShift` needs `reference: { object: … }`")?;
        let (one, other) = both(builder, here, column, there)?;
        let shift = (Formula::LabelShift(one, other), below(0.1));
        return Ok(vec![line(&name, method, shift)]);
    }
    if method == "ks" && !binned {
        return Err("`ks` compares numbers, and the column declares none".to_owned());
    }
    let (of, reference) = if binned {
        bins(builder, here, column, told)?
    } else {
        values(builder, here, column, told)?
    };
    Ok(match method {
        "ks" => vec![line(
            &name,
            method,
            (Formula::Ks(of, reference), below(0.1)),
        )],
        "chiSquare" => {
            let limit = Operator::MustBeGreaterOrEqualTo(Literal::Number(0.01));
            vec![line(
                &name,
                method,
                (Formula::ChiSquare(of, reference), limit),
            )]
        }
        _ => {
            let index = |limit| (Formula::Psi(of, reference.clone()), below(limit));
            let notice = Line {
                suffix: Some("notice".to_owned()),
                severity: Severity::Warning,
                ..line(&name, method, index(0.1))
            };
            vec![line(&name, method, index(0.25)), notice]
        }
    })
}

fn below(limit: f64) -> Operator {
    Operator::MustBeLessThan(Literal::Number(limit))
}

fn line(name: &str, method: &str, (formula, operator): (Formula, Operator)) -> Line {
    let what = match method {
        "ks" => "Kolmogorov-Smirnov distance",
        "chiSquare" => "likelihood (chi-square) of the spread",
        "labelShift" => "greatest difference of a share",
        _ => "population stability index",
    };
    let operators = vec![operator];
    Line::new(
        format!("{what} of `{name}`"),
        Test::Derived { formula, operators },
    )
}

fn has_histogram(told: &Told) -> bool {
    let profile = told.profile.as_ref();
    profile.is_some_and(|profile| profile.histogram.is_some())
}

fn bins(
    builder: &mut Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    told: &Told,
) -> Result<(Of, Reference), String> {
    let histogram = told
        .profile
        .as_ref()
        .and_then(|profile| profile.histogram.as_ref());
    if let Some(histogram) = histogram {
        if !told.bins.is_empty() && told.bins != histogram.edges {
            return Err("the profile has other bins than the rule".to_owned());
        }
        if histogram.counts.len() != histogram.edges.len() + 1 {
            return Err(
                "the profile's histogram has not one bin more than it has bounds".to_owned(),
            );
        }
        let of = builder.of(here, Measure::Histogram(column, histogram.edges.clone()));
        let counts = histogram.counts.iter().enumerate();
        let counts = counts.map(|(at, count)| (at.to_string(), *count));
        return Ok((of, Reference::Counts(counts.collect())));
    }
    let there = told
        .with
        .ok_or("the profile has no histogram of the column")?;
    let edges = match told.bins.as_slice() {
        [] => declared(builder, here, column).ok_or(
            "the rule has no `bins`, and the column no minimum and maximum to make some of",
        )?,
        bins => bins.to_vec(),
    };
    let other = counterpart(builder, here, column, there)?;
    let of = builder.of(here, Measure::Histogram(column, edges.clone()));
    let reference = builder.of(there, Measure::Histogram(other, edges));
    Ok((of, Reference::Measured(reference)))
}

/// Bounds of bins between the minimum and the maximum that the column declares.
fn declared(builder: &Builder<'_>, here: ObjectId, column: ColumnId) -> Option<Vec<f64>> {
    let property = builder.objects[here.0].columns[column.0].property;
    let bound = |names: [&str; 2]| {
        names
            .into_iter()
            .find_map(|name| as_number(property.option(name)?))
    };
    let low = bound(["minimum", "exclusiveMinimum"])?;
    let high = bound(["maximum", "exclusiveMaximum"])?;
    let width = (high - low) / f64::from(BINS);
    let edges: Vec<_> = (1..BINS).map(|at| low + width * f64::from(at)).collect();
    edges
        .windows(2)
        .all(|pair| pair[0] < pair[1])
        .then_some(edges)
}

fn values(
    builder: &mut Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    told: &Told,
) -> Result<(Of, Reference), String> {
    if let Some(there) = told.with {
        let (one, other) = both(builder, here, column, there)?;
        return Ok((one, Reference::Measured(other)));
    }
    let known = told
        .profile
        .as_ref()
        .filter(|profile| !profile.top.is_empty());
    let known = known.ok_or("the profile has neither a histogram nor values of the column")?;
    if !known.top_is_all {
        return Err("the profile has not each value of the column".to_owned());
    }
    let known = days::as_read(&builder.plan.objects[here.0].column(column).kind, known)?;
    let of = builder.of(here, Measure::Frequencies(column, MOST));
    Ok((of, Reference::Counts(known)))
}
