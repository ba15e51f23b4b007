//! Evaluates XPath expressions.

use std::cell::Cell;

use super::axis::{along, passes};
use super::parse::parse;
use super::{Axis, Expr, Operator, Outcome, Start, Step, call};
use crate::xml::{Document, NodeId};

/// The most nodes that an evaluation looks at, counting repetitions; predicates inside predicates multiply.
const MOST_STEPS: usize = 3_000_000;

/// How many bytes of text count as a node.
const TEXT_OF_A_NODE: usize = 32;

/// Evaluates a path against a whole document; the error says what is wrong with the path.
pub(crate) fn evaluate(path: &str, document: &Document) -> Result<Outcome, String> {
    let steps = Cell::new(MOST_STEPS);
    let context = Context {
        document,
        steps: &steps,
        node: 0,
        position: 1,
        size: 1,
    };
    context.eval(&parse(path)?)
}

#[derive(Clone, Copy)]
pub(super) struct Context<'d> {
    pub(super) document: &'d Document,
    /// How many nodes may still be looked at.
    steps: &'d Cell<usize>,
    pub(super) node: NodeId,
    pub(super) position: usize,
    pub(super) size: usize,
}

impl Context<'_> {
    pub(super) fn eval(&self, expr: &Expr) -> Result<Outcome, String> {
        match expr {
            Expr::Literal(text) => Ok(Outcome::Text(text.clone())),
            Expr::Number(number) => Ok(Outcome::Number(*number)),
            Expr::Negated(expr) => Ok(Outcome::Number(-self.number(&self.eval(expr)?))),
            Expr::Call(name, args) => {
                let value = call::call(self, name, args)?;
                if let Outcome::Text(text) = &value {
                    self.spend(text.len() / TEXT_OF_A_NODE)?;
                }
                Ok(value)
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right),
            Expr::Filtered(expr, predicates) => {
                let nodes = nodes(self.eval(expr)?)?;
                Ok(Outcome::Nodes(self.filter(nodes, predicates)?))
            }
            Expr::Path { start, steps } => {
                let mut current = match start {
                    Start::Root => vec![0],
                    Start::Context => vec![self.node],
                    Start::Expr(expr) => nodes(self.eval(expr)?)?,
                };
                for step in steps {
                    current = self.step(&current, step)?;
                }
                Ok(Outcome::Nodes(current))
            }
        }
    }

    /// Counts nodes that are looked at.
    fn spend(&self, nodes: usize) -> Result<(), String> {
        let left = self.steps.get().checked_sub(nodes);
        self.steps.set(left.unwrap_or(0));
        left.map(drop)
            .ok_or_else(|| format!("it looks at more than {MOST_STEPS} nodes"))
    }

    fn step(&self, from: &[NodeId], step: &Step) -> Result<Vec<NodeId>, String> {
        let mut found = Vec::new();
        for node in from {
            let mut candidates = along(self.document, step.axis, *node);
            self.spend(candidates.len() + 1)?;
            candidates.retain(|candidate| passes(self.document, step.axis, &step.test, *candidate));
            found.extend(self.filter(candidates, &step.predicates)?);
        }
        if from.len() > 1
            || matches!(
                step.axis,
                Axis::Ancestor | Axis::AncestorOrSelf | Axis::Preceding | Axis::PrecedingSibling
            )
        {
            found.sort_unstable();
            found.dedup();
        }
        Ok(found)
    }

    fn filter(&self, mut nodes: Vec<NodeId>, predicates: &[Expr]) -> Result<Vec<NodeId>, String> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (i, node) in nodes.into_iter().enumerate() {
                let context = Context {
                    node,
                    position: i + 1,
                    size,
                    ..*self
                };
                let keep = match context.eval(predicate)? {
                    Outcome::Number(number) => number == count(i + 1),
                    other => boolean(&other),
                };
                if keep {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    fn binary(&self, operator: Operator, left: &Expr, right: &Expr) -> Result<Outcome, String> {
        let left = self.eval(left)?;
        match operator {
            Operator::Or if boolean(&left) => return Ok(Outcome::Boolean(true)),
            Operator::And if !boolean(&left) => return Ok(Outcome::Boolean(false)),
            _ => {}
        }
        let right = self.eval(right)?;
        let (a, b) = (&left, &right);
        let numbers =
            |compute: fn(f64, f64) -> f64| Outcome::Number(compute(self.number(a), self.number(b)));
        Ok(match operator {
            Operator::Or | Operator::And => Outcome::Boolean(boolean(b)),
            Operator::Plus => numbers(|a, b| a + b),
            Operator::Minus => numbers(|a, b| a - b),
            Operator::Times => numbers(|a, b| a * b),
            Operator::Divide => numbers(|a, b| a / b),
            Operator::Modulo => numbers(|a, b| a % b),
            Operator::Union => {
                let mut all = nodes(left)?;
                all.extend(nodes(right)?);
                all.sort_unstable();
                all.dedup();
                Outcome::Nodes(all)
            }
            comparison => {
                self.spend(size(a).saturating_mul(size(b)))?;
                Outcome::Boolean(self.compare(comparison, a, b))
            }
        })
    }

    /// Node sets compare when any of their nodes does.
    fn compare(&self, operator: Operator, a: &Outcome, b: &Outcome) -> bool {
        match (a, b) {
            (Outcome::Nodes(nodes), Outcome::Boolean(_)) => {
                self.compare_plain(operator, &Outcome::Boolean(!nodes.is_empty()), b)
            }
            (Outcome::Boolean(_), Outcome::Nodes(nodes)) => {
                self.compare_plain(operator, a, &Outcome::Boolean(!nodes.is_empty()))
            }
            (Outcome::Nodes(nodes), _) => nodes
                .iter()
                .any(|node| self.compare(operator, &Outcome::Text(self.document.text(*node)), b)),
            (_, Outcome::Nodes(nodes)) => nodes.iter().any(|node| {
                self.compare_plain(operator, a, &Outcome::Text(self.document.text(*node)))
            }),
            _ => self.compare_plain(operator, a, b),
        }
    }

    fn compare_plain(&self, operator: Operator, a: &Outcome, b: &Outcome) -> bool {
        if matches!(operator, Operator::Equal | Operator::NotEqual) {
            let equal = match (a, b) {
                (Outcome::Boolean(_), _) | (_, Outcome::Boolean(_)) => boolean(a) == boolean(b),
                (Outcome::Number(_), _) | (_, Outcome::Number(_)) => {
                    self.number(a) == self.number(b)
                }
                _ => self.text(a) == self.text(b),
            };
            return equal == (operator == Operator::Equal);
        }
        let (a, b) = (self.number(a), self.number(b));
        match operator {
            Operator::Less => a < b,
            Operator::LessOrEqual => a <= b,
            Operator::Greater => a > b,
            _ => a >= b,
        }
    }

    pub(super) fn text(&self, outcome: &Outcome) -> String {
        match outcome {
            Outcome::Nodes(nodes) => nodes
                .first()
                .map(|node| self.document.text(*node))
                .unwrap_or_default(),
            Outcome::Boolean(value) => value.to_string(),
            Outcome::Number(number) if number.is_infinite() => if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }
            .to_owned(),
            // Adding zero turns -0 into 0.
            Outcome::Number(number) => (number + 0.0).to_string(),
            Outcome::Text(text) => text.clone(),
        }
    }

    pub(super) fn number(&self, outcome: &Outcome) -> f64 {
        match outcome {
            Outcome::Number(number) => *number,
            Outcome::Boolean(value) => f64::from(u8::from(*value)),
            other => {
                let text = self.text(other);
                let text = text.trim();
                let plain = text.bytes().enumerate().all(|(i, byte)| {
                    byte.is_ascii_digit() || byte == b'.' || (byte == b'-' && i == 0)
                });
                text.parse().ok().filter(|_| plain).unwrap_or(f64::NAN)
            }
        }
    }
}

/// How many values a comparison with it looks at.
fn size(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Nodes(nodes) => nodes.len(),
        _ => 1,
    }
}

pub(super) fn boolean(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Nodes(nodes) => !nodes.is_empty(),
        Outcome::Boolean(value) => *value,
        Outcome::Number(number) => *number != 0.0 && !number.is_nan(),
        Outcome::Text(text) => !text.is_empty(),
    }
}

pub(super) fn nodes(outcome: Outcome) -> Result<Vec<NodeId>, String> {
    match outcome {
        Outcome::Nodes(nodes) => Ok(nodes),
        _ => Err("a set of nodes is needed".to_owned()),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "documents have fewer nodes than a float has integers"
)]
pub(super) fn count(count: usize) -> f64 {
    count as f64
}
