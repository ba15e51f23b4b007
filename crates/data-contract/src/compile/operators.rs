//! What must hold of a measured value.

use yaml_source::{Node, Value};

use crate::model::{as_text, number as exact};
use crate::plan::{Literal, Operator};

/// Reads operators, all of which must hold.
///
/// # Errors
///
/// Why one of them cannot be read.
pub(super) fn operators<'n>(
    given: impl Iterator<Item = (&'n str, &'n Node)>,
) -> Result<Vec<Operator>, String> {
    let operators = given.map(|(key, node)| operator(key, node));
    operators.collect()
}

/// Reads one operator.
///
/// # Errors
///
/// Why it cannot be read.
pub(crate) fn operator(key: &str, node: &Node) -> Result<Operator, String> {
    let end = |node| {
        exact(node).filter(|number| !matches!(number, Literal::Number(number) if number.is_nan()))
    };
    let number = || end(node).ok_or_else(|| format!("`{key}` needs a number"));
    let range = || match node.items() {
        [low, high] => {
            let ends = end(low).zip(end(high));
            ends.ok_or_else(|| format!("`{key}` needs two numbers"))
        }
        _ => Err(format!("`{key}` needs two numbers")),
    };
    Ok(match key {
        "mustBe" => Operator::MustBe(value(node).ok_or_else(|| format!("`{key}` needs a value"))?),
        "mustNotBe" => {
            Operator::MustNotBe(value(node).ok_or_else(|| format!("`{key}` needs a value"))?)
        }
        "mustBeGreaterThan" => Operator::MustBeGreaterThan(number()?),
        "mustBeGreaterOrEqualTo" => Operator::MustBeGreaterOrEqualTo(number()?),
        "mustBeLessThan" => Operator::MustBeLessThan(number()?),
        "mustBeLessOrEqualTo" => Operator::MustBeLessOrEqualTo(number()?),
        "mustBeBetween" => {
            let (low, high) = range()?;
            Operator::MustBeBetween(low, high)
        }
        "mustNotBeBetween" => {
            let (low, high) = range()?;
            Operator::MustNotBeBetween(low, high)
        }
        _ => return Err(format!("`{key}` is no operator")),
    })
}

fn value(node: &Node) -> Option<Literal> {
    Some(match &node.value {
        Value::Null => Literal::Null,
        Value::Bool(value) => Literal::Boolean(*value),
        _ => match exact(node) {
            Some(number) => number,
            None => Literal::Text(as_text(node)?.into_owned()),
        },
    })
}
