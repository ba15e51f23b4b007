//! What is in training and in test data.

use crate::plan::{
    ColumnId, Formula, Kind, Literal, Measure, ObjectId, Operator, Side, Test, Unit,
};

use super::rows::chosen;
use super::sense;
use super::told::{Told, counterpart};
use super::{Compiled, Line};
use crate::compile::builder::{Builder, Subject};
use crate::compile::titles;

pub(super) fn keys(
    builder: &mut Builder<'_>,
    subject: &Subject,
    told: &Told,
    thing: &str,
) -> Compiled {
    let columns = told.columns.clone();
    sense::plain(builder, subject.object, &columns)?;
    let (what, measure) = leaks(builder, subject, told, (&columns, false))?;
    let test = Test::Measured {
        measure: builder.measure(subject.object, measure),
        unit: Unit::Rows,
        operators: vec![Operator::MustBe(Literal::Integer(0))],
    };
    Ok(vec![Line::new(format!("{thing}{what}"), test)])
}

pub(super) fn rows(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let columns: Vec<_> = chosen(builder, subject, told)
        .into_iter()
        .filter(|column| Some(*column) != told.split)
        .collect();
    if columns.is_empty() {
        return Err("no column is left to compare rows by".to_owned());
    }
    let here = subject.object;
    sense::plain(builder, here, &columns)?;
    let (what, measure) = leaks(builder, subject, told, (&columns, true))?;
    let mut all = vec![builder.of(here, measure.clone())];
    if let Measure::Shared {
        rows,
        columns,
        with,
        with_columns,
    } = measure
    {
        // A row may be here once and there a hundred times: those of either part are counted.
        let there = Measure::Shared {
            rows,
            columns: with_columns,
            with: here,
            with_columns: columns,
        };
        all.push(builder.of(with, there));
    }
    let test = Test::Derived {
        formula: Formula::Sum(all),
        operators: vec![Operator::MustBe(Literal::Integer(0))],
    };
    Ok(vec![Line::new(format!("rows{what}"), test)])
}

/// What is compared, for people, and the measure of it.
fn leaks(
    builder: &Builder<'_>,
    subject: &Subject,
    told: &Told,
    (columns, rows): (&[ColumnId], bool),
) -> Result<(String, Measure), String> {
    let here = subject.object;
    let by = named(builder, here, columns);
    let name = |object: ObjectId| &builder.plan.objects[object.0].name;
    match (told.with, told.split) {
        (Some(there), None) => {
            let with_columns = columns
                .iter()
                .map(|column| counterpart(builder, here, *column, there));
            let with_columns = with_columns.collect::<Result<_, _>>()?;
            let measure = Measure::Shared {
                rows,
                columns: columns.to_vec(),
                with: there,
                with_columns,
            };
            let what = match rows {
                true => format!("{by} that `{}` and `{}` both have", name(here), name(there)),
                false => format!("{by} that `{}` has too", name(there)),
            };
            Ok((what, measure))
        }
        (None, Some(split)) => {
            let split_name = builder.plan.objects[here.0].column(split).name();
            let measure = Measure::Divided {
                rows,
                columns: columns.to_vec(),
                by: split,
            };
            Ok((
                format!("{by} with several values of `{split_name}`"),
                measure,
            ))
        }
        _ => Err("either `with` or `split` says what the other part is".to_owned()),
    }
}

/// Which columns are compared, where they are few.
fn named(builder: &Builder<'_>, here: ObjectId, columns: &[ColumnId]) -> String {
    if columns.len() > 3 {
        return String::new();
    }
    let names = columns
        .iter()
        .map(|column| builder.plan.objects[here.0].column(*column).name());
    format!(" by {}", titles::names(&names.collect::<Vec<_>>()))
}

pub(super) fn conflicts(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let here = subject.object;
    let label = told.column.ok_or("`conflictingLabels` needs `column`")?;
    let told = Told {
        // A rule in the column of the label has that column, and compares rows by the others.
        columns: told
            .columns
            .iter()
            .copied()
            .filter(|column| *column != label)
            .collect(),
        ..told.clone()
    };
    let columns: Vec<_> = chosen(builder, subject, &told)
        .into_iter()
        .filter(|column| *column != label)
        .collect();
    if columns.is_empty() {
        return Err("no column is left to compare rows by".to_owned());
    }
    sense::plain(builder, here, &columns)?;
    let name = builder.plan.objects[here.0].column(label).name();
    let measure = Measure::Divided {
        rows: true,
        columns,
        by: label,
    };
    let test = Test::Measured {
        measure: builder.measure(here, measure),
        unit: Unit::Percent,
        operators: vec![Operator::MustBeLessOrEqualTo(Literal::Number(0.1))],
    };
    Ok(vec![Line::new(
        format!("equal rows with several values of `{name}`"),
        test,
    )])
}

pub(super) fn time(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let here = subject.object;
    let column = told.column.ok_or("`timeLeakage` needs `column`")?;
    let there = told.with.ok_or("`timeLeakage` needs `with`")?;
    let other = counterpart(builder, here, column, there)?;
    let name = builder.plan.objects[here.0].column(column).name();
    let object = builder.plan.objects[there.0].name.clone();
    let formula = Formula::Ahead {
        earlier: builder.of(here, Measure::Extreme(column, Side::High)),
        later: builder.of(there, Measure::Extreme(other, Side::Low)),
    };
    let operators = vec![Operator::MustBeGreaterThan(Literal::Integer(0))];
    let kind = &builder.plan.objects[here.0].column(column).kind;
    let what = match kind {
        Kind::Integer | Kind::Number => {
            format!("distance from the greatest `{name}` to the least one of `{object}`")
        }
        _ => format!("seconds from the newest `{name}` to the oldest one of `{object}`"),
    };
    Ok(vec![Line::new(what, Test::Derived { formula, operators })])
}
