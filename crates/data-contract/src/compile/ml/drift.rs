//! How far a column is from what it was.

use crate::infer::ColumnProfile;
use crate::plan::{
    ColumnId, Formula, HUNDREDTHS, Kind, Literal, Measure, ObjectId, Of, Operator, Reference,
    Severity, Spread, TENTHS, Test,
};
use crate::text;

use super::days;
use super::labels::both;
use super::rows::MOST;
use super::told::{Told, counterpart};
use super::{Compiled, Line};
use crate::compile::builder::{Builder, Subject};

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
    let method = told.method.as_deref().unwrap_or("psi");
    let binned = numeric && method != "unseen" && (has_bins(told) || told.with.is_some());
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
        let parts = if method == "ks" { HUNDREDTHS } else { TENTHS };
        bins(builder, here, column, (told, parts))?
    } else {
        values(builder, here, column, told)?
    };
    Ok(judged(&name, method, of, reference))
}

/// The lines of a distance of a method.
fn judged(name: &str, method: &str, of: Of, reference: Reference) -> Vec<Line> {
    let (formula, limit) = match method {
        "ks" => (Formula::Ks(of, reference), below(0.1)),
        "chiSquare" => {
            let limit = Operator::MustBeGreaterOrEqualTo(Literal::Number(0.01));
            (Formula::ChiSquare(of, reference), limit)
        }
        "jensenShannon" => (Formula::JensenShannon(of, reference), below(0.1)),
        "unseen" => (Formula::Unseen(of, reference), below(0.1)),
        _ => {
            let index = |limit| (Formula::Psi(of, reference.clone()), below(limit));
            let notice = Line {
                suffix: Some("notice".to_owned()),
                severity: Severity::Warning,
                ..line(name, method, index(0.1))
            };
            return vec![line(name, method, index(0.25)), notice];
        }
    };
    vec![line(name, method, (formula, limit))]
}

fn below(limit: f64) -> Operator {
    Operator::MustBeLessThan(Literal::Number(limit))
}

fn line(name: &str, method: &str, (formula, operator): (Formula, Operator)) -> Line {
    let what = match method {
        "ks" => "Kolmogorov-Smirnov distance",
        "chiSquare" => "likelihood (chi-square) of the spread",
        "jensenShannon" => "Jensen-Shannon distance",
        "unseen" => "share of values that the reference lacks",
        "labelShift" => "greatest difference of a share",
        _ => "population stability index",
    };
    let operators = vec![operator];
    Line::new(
        format!("{what} of `{name}`"),
        Test::Derived { formula, operators },
    )
}

/// Whether a stored profile tells how numbers are spread.
fn has_bins(told: &Told) -> bool {
    let profile = told.profile.as_ref();
    profile.is_some_and(|profile| {
        profile.histogram.is_some() || profile.hundredths.is_some() || profile.is_empty()
    })
}

/// Numbers by the bins of the rule; without these, between the bounds of equal parts of the reference.
fn bins(
    builder: &mut Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    (told, parts): (&Told, u32),
) -> Result<(Of, Reference), String> {
    if let Some(profile) = &told.profile {
        return stored(builder, here, column, (told, profile, parts));
    }
    let there = told
        .with
        .ok_or("the profile has no histogram of the column")?;
    let other = counterpart(builder, here, column, there)?;
    let measure = |column| match told.bins.as_slice() {
        [] => Measure::Parts {
            column,
            of: there,
            of_column: other,
            parts,
        },
        bins => Measure::Histogram(column, bins.to_vec()),
    };
    let of = builder.of(here, measure(column));
    let reference = builder.of(there, measure(other));
    Ok((of, Reference::Measured(reference)))
}

/// The same of a stored profile. One that has bins of equal width alone is as good as these are.
fn stored(
    builder: &mut Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    (told, profile, parts): (&Told, &ColumnProfile, u32),
) -> Result<(Of, Reference), String> {
    if let (Some(spread), []) = (&profile.hundredths, told.bins.as_slice()) {
        if !spread.is_whole() {
            return Err(
                "the profile's hundredths have not the cells that their bounds make; \
                 write the profile anew"
                    .into(),
            );
        }
        let spread = spread.thinned(parts);
        let of = builder.of(here, Measure::Cells(column, spread.bounds.clone()));
        return Ok((of, Reference::Spread(spread)));
    }
    if profile.is_empty() {
        let of = builder.of(here, Measure::Cells(column, Vec::new()));
        return Ok((of, Reference::Spread(Spread::nothing())));
    }
    let histogram = profile.histogram.as_ref();
    let histogram = histogram.ok_or("the profile has no histogram of the column")?;
    if !told.bins.is_empty() && told.bins != histogram.edges {
        return Err("the profile has other bins than the rule".to_owned());
    }
    if histogram.counts.len() != histogram.edges.len() + 1 {
        return Err("the profile's histogram has not one bin more than it has bounds".to_owned());
    }
    let of = builder.of(here, Measure::Histogram(column, histogram.edges.clone()));
    Ok((of, Reference::EqualWidth(histogram.counts.clone())))
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
    let known = told.profile.as_ref().ok_or("there is no reference")?;
    let planned = builder.plan.objects[here.0].column(column);
    let counts = match known.counts() {
        _ if known.is_empty() => Vec::new(),
        Some(counts) if !counts.is_empty() => days::as_read(&planned.kind, known, counts)?,
        _ => return Err(unknown(&planned.name(), known)),
    };
    let of = builder.of(here, Measure::Frequencies(column, MOST));
    Ok((of, Reference::Counts(counts)))
}

/// Why the values of a profile are not those of the column.
fn unknown(name: &str, profile: &ColumnProfile) -> String {
    match (profile.distinct, &profile.withheld) {
        (_, Some(reason)) => format!("the profile has no values of `{name}`: {reason}"),
        (Some(distinct), None) if !profile.top.is_empty() => format!(
            "the profile has not each of the {} different values of `{name}`: it keeps up to {}, where each comes twice on average; compare with \
             `{{ object: … }}`",
            text::count(distinct),
            text::count(MOST.into())
        ),
        _ => format!("the profile has neither a histogram nor the values of `{name}`"),
    }
}
