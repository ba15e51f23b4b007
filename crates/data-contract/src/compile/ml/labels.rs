//! How labels are spread.

use crate::plan::{ColumnId, Formula, Literal, Measure, ObjectId, Of, Operator, Test};

use super::rows::MOST;
use super::sense;
use super::told::{Told, counterpart};
use super::{Compiled, Line};
use crate::compile::builder::{Builder, Subject};

/// The frequencies of a column here and of the same column there.
pub(super) fn both(
    builder: &mut Builder<'_>,
    here: ObjectId,
    column: ColumnId,
    there: ObjectId,
) -> Result<(Of, Of), String> {
    let other = counterpart(builder, here, column, there)?;
    let one = builder.of(here, Measure::Frequencies(column, MOST));
    Ok((one, builder.of(there, Measure::Frequencies(other, MOST))))
}

fn pair(
    builder: &mut Builder<'_>,
    subject: &Subject,
    told: &Told,
) -> Result<(Of, Of, String, String), String> {
    let column = told.column.ok_or("the check needs `column`")?;
    let there = told.with.ok_or("the check needs `with`")?;
    let (one, other) = both(builder, subject.object, column, there)?;
    let name = builder.plan.objects[subject.object.0].column(column).name();
    Ok((one, other, name, builder.plan.objects[there.0].name.clone()))
}

pub(super) fn stratification(
    builder: &mut Builder<'_>,
    subject: &Subject,
    told: &Told,
) -> Compiled {
    let (one, other, name, object) = pair(builder, subject, told)?;
    let what = format!("greatest difference of a share of `{name}` from `{object}`");
    let test = Test::Derived {
        formula: Formula::UnlikelyShift(one, other),
        operators: vec![Operator::MustBeLessOrEqualTo(Literal::Number(0.02))],
    };
    let title = format!(
        "shares of `{name}` are those of `{object}`, to 0.02 (small ones to a fifth) or by chance"
    );
    Ok(vec![Line {
        title: Some(title),
        ..Line::new(what, test)
    }])
}

pub(super) fn new(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let (one, other, name, object) = pair(builder, subject, told)?;
    let what = format!("values of `{name}` in `{object}` only");
    let test = Test::Derived {
        formula: Formula::NewLabels(one, other),
        operators: vec![Operator::MustBe(Literal::Integer(0))],
    };
    Ok(vec![Line::new(what, test)])
}

pub(super) fn balance(builder: &mut Builder<'_>, subject: &Subject, told: &Told) -> Compiled {
    let column = told.column.ok_or("`classBalance` needs `column`")?;
    let name = builder.plan.objects[subject.object.0].column(column).name();
    let of = builder.of(subject.object, Measure::Frequencies(column, MOST));
    let kind = &builder.plan.objects[subject.object.0].column(column).kind;
    let expected = told.values.iter().map(|value| sense::label(kind, value));
    let formula = Formula::LeastShare {
        of,
        expected: expected.collect::<Result<_, _>>()?,
    };
    let operators = vec![Operator::MustBeGreaterOrEqualTo(Literal::Number(0.01))];
    let what = format!("least share of a value of `{name}`");
    Ok(vec![Line::new(what, Test::Derived { formula, operators })])
}
