//! Checks of whole objects: how many rows, how new, and whether a column says anything.

use crate::plan::{
    ColumnId, Formula, Kind, Literal, Measure, ObjectId, Operator, Rows, Severity, Side, Step,
    Test, Unit,
};

use super::sense;
use super::told::{Told, counterpart};
use super::{Compiled, Line};
use crate::compile::builder::{Builder, Subject};

/// The most values that are counted one by one.
pub(super) use crate::infer::MOST_VALUES as MOST;

pub(super) fn split_share(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let here = subject.object;
    let name = builder.plan.objects[here.0].name.clone();
    let (what, formula) = match (&told.value, told.column) {
        (Some(value), Some(column)) => {
            let planned = builder.plan.objects[here.0].column(column);
            let value = &sense::label(&planned.kind, value)?;
            let column_name = planned.name();
            let formula = Formula::LabelShare {
                label: value.clone(),
                part: builder.of(here, Measure::Labelled(column, value.clone())),
                whole: builder.of(here, Measure::Rows),
            };
            let what = format!("share of rows where `{column_name}` is {value}");
            (what, formula)
        }
        (Some(_), None) => return Err("`value` needs `column`".to_owned()),
        (None, _) => {
            let part = builder.of(here, Measure::Rows);
            let rest = told
                .objects
                .iter()
                .map(|object| builder.of(*object, Measure::Rows));
            let rest = rest.collect();
            (
                format!("share of `{name}` in all rows"),
                Formula::Share { part, rest },
            )
        }
    };
    let operators = vec![Operator::MustBeBetween(
        Literal::Number(0.78),
        Literal::Number(0.82),
    )];
    Ok(vec![Line::new(what, Test::Derived { formula, operators })])
}

pub(super) fn reconciliation(
    builder: &mut Builder<'_>,
    subject: &Subject,
    told: &Told,
) -> Compiled {
    let here = subject.object;
    // The rule may stand in a column, whose sum is meant then.
    let measure = |builder: &Builder<'_>, object: ObjectId| match told.column {
        None => Ok(Measure::Rows),
        Some(column) => counterpart(builder, here, column, object).map(Measure::Sum),
    };
    let whole = measure(builder, here)?;
    let whole = builder.of(here, whole);
    let mut parts = Vec::new();
    let mut names = Vec::new();
    for object in &told.objects {
        let part = measure(builder, *object)?;
        parts.push(builder.of(*object, part));
        names.push(builder.plan.objects[object.0].name.clone());
    }
    let name = &builder.plan.objects[here.0].name;
    let what = match told.column {
        None => "rows".to_owned(),
        Some(column) => format!(
            "sum of `{}`",
            builder.plan.objects[here.0].column(column).name()
        ),
    };
    let what = format!(
        "{what} in `{name}` less {}",
        crate::compile::titles::names(&names)
    );
    let formula = Formula::Difference { whole, parts };
    let operators = vec![Operator::MustBe(Literal::Integer(0))];
    Ok(vec![Line::new(what, Test::Derived { formula, operators })])
}

pub(super) fn run_folder(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let limit = told.within.ok_or("`runFolder` needs `within`")?;
    let name = builder.plan.objects[subject.object.0].name.clone();
    let test = Test::Age {
        measure: builder.measure(subject.object, Measure::NewestFile),
        side: Side::High,
        limit,
    };
    Ok(vec![Line::new(
        format!("age of the newest file of `{name}`"),
        test,
    )])
}

pub(super) fn volume(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let name = builder.plan.objects[subject.object.0].name.clone();
    let (reference, other) = match (told.with, &told.profile_name, told.profile_rows) {
        (Some(object), ..) => {
            let name = builder.plan.objects[object.0].name.clone();
            (Rows::Measured(builder.of(object, Measure::Rows)), name)
        }
        (None, Some(name), Some(rows)) => (Rows::Known(rows), name.clone()),
        (None, Some(_), None) if builder.without_profiles => return Ok(Vec::new()),
        _ => return Err("`volume` needs `reference`".to_owned()),
    };
    let formula = Formula::Volume {
        here: builder.of(subject.object, Measure::Rows),
        reference,
    };
    let operators = vec![Operator::MustBeBetween(
        Literal::Number(0.5),
        Literal::Number(1.5),
    )];
    let what = format!("rows of `{name}` per row of `{other}`");
    Ok(vec![Line {
        severity: Severity::Warning,
        ..Line::new(what, Test::Derived { formula, operators })
    }])
}

/// Columns that are named; without names those that may be features and would be ids where each value comes once: texts and whole
/// numbers that the contract does not declare to be unique.
pub(super) fn identifier(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let here = subject.object;
    let mut lines = Vec::new();
    for column in chosen(builder, subject, told) {
        let planned = builder.plan.objects[here.0].column(column);
        let declared = &builder.objects[here.0].columns[column.0].property;
        let may_be = matches!(planned.kind, Kind::String | Kind::Integer | Kind::Any)
            && !declared.unique()
            && !declared.primary_key();
        if !may_be && told.columns.is_empty() {
            continue;
        }
        let name = planned.name();
        let formula = Formula::Variety {
            distinct: builder.of(here, Measure::Distinct(vec![column])),
            rows: builder.of(here, Measure::Rows),
            nulls: builder.of(here, Measure::Nulls(column)),
        };
        let operators = vec![Operator::MustBeLessThan(Literal::Integer(1))];
        let what = format!("different values per value of `{name}`");
        lines.push(Line {
            suffix: Some(name),
            column: Some(column),
            severity: Severity::Warning,
            ..Line::new(what, Test::Derived { formula, operators })
        });
    }
    if lines.is_empty() {
        return Err("no column is left to look at".to_owned());
    }
    Ok(lines)
}

pub(super) fn constant(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let mut lines = Vec::new();
    for column in chosen(builder, subject, told) {
        let name = builder.plan.objects[subject.object.0].column(column).name();
        let measure = builder.measure(subject.object, Measure::Distinct(vec![column]));
        let test = Test::Measured {
            measure,
            unit: Unit::Rows,
            operators: vec![Operator::MustBeGreaterThan(Literal::Integer(1))],
        };
        lines.push(Line {
            suffix: Some(name.clone()),
            column: Some(column),
            severity: Severity::Warning,
            ..Line::new(format!("different values of `{name}`"), test)
        });
    }
    if lines.is_empty() {
        return Err("no column is left to look at".to_owned());
    }
    Ok(lines)
}

/// The columns that are named; without names all that are values of a row. Those in `except` are left out.
pub(super) fn chosen(builder: &Builder<'_>, subject: &Subject, told: &Told) -> Vec<ColumnId> {
    let columns = &builder.plan.objects[subject.object.0].columns;
    let all = columns.iter().enumerate();
    let all = all.filter(|(_, column)| matches!(column.path.as_slice(), [Step::Field(_)]));
    let all: Vec<_> = all.map(|(at, _)| ColumnId(at)).collect();
    let named = if told.columns.is_empty() {
        all
    } else {
        told.columns.clone()
    };
    let kept = named
        .into_iter()
        .filter(|column| !told.except.contains(column));
    kept.collect()
}

pub(super) fn near_constant(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    if let Some(column) = told.column {
        return Ok(vec![most_frequent(builder, subject, column)]);
    }
    let mut lines = Vec::new();
    for column in chosen(builder, subject, told) {
        let planned = builder.plan.objects[subject.object.0].column(column);
        let nested = matches!(
            planned.kind,
            Kind::Object | Kind::Array | Kind::Map | Kind::Vector
        );
        // Those that are named are told that they have no such share.
        if nested && told.columns.is_empty() {
            continue;
        }
        let name = planned.name();
        lines.push(Line {
            suffix: Some(name),
            ..most_frequent(builder, subject, column)
        });
    }
    if lines.is_empty() {
        return Err("no column is left to look at".to_owned());
    }
    Ok(lines)
}

fn most_frequent(builder: &mut Builder<'_>, subject: &Subject, column: ColumnId) -> Line {
    let name = builder.plan.objects[subject.object.0].column(column).name();
    let of = builder.of(subject.object, Measure::Frequencies(column, MOST));
    let test = Test::Derived {
        formula: Formula::GreatestShare(of),
        operators: vec![Operator::MustBeLessThan(Literal::Number(0.99))],
    };
    let what = format!("share of the most frequent value of `{name}`");
    Line {
        column: Some(column),
        severity: Severity::Warning,
        ..Line::new(what, test)
    }
}
