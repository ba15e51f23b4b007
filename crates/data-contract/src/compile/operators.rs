//! What must hold of a measured value.

use yaml_source::{Node, Value};

use crate::model::{as_number, as_text};
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
    let number = || {
        let number = as_number(node).filter(|number| !number.is_nan());
        number.ok_or_else(|| format!("`{key}` needs a number"))
    };
    let range = || match node.items() {
        [low, high] => {
            let ends = as_number(low).zip(as_number(high));
            let ends = ends.filter(|(low, high)| !low.is_nan() && !high.is_nan());
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
        Value::Integer(value) => Literal::Integer(*value),
        Value::Number(value) => Literal::Number(*value),
        _ => Literal::Text(as_text(node)?.into_owned()),
    })
}
