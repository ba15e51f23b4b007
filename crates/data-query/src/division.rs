//! Division of whole numbers, as warehouses have it.
//!
//! DataFusion's `1 / 5` is 0; that of Spark, Databricks and DuckDB is 0.2. A rule must mean the same in all of them.

use datafusion::arrow::datatypes::DataType;
use datafusion::common::{DFSchema, Result};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::sqlparser::ast::BinaryOperator;
use datafusion::logical_expr::{Expr, ExprSchemable, cast};

/// Divides whole numbers as numbers.
#[derive(Debug)]
pub(crate) struct TrueDivision;

impl ExprPlanner for TrueDivision {
    fn plan_binary_op(
        &self,
        mut raw: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        if raw.op == BinaryOperator::Divide && whole(&raw.left, schema) && whole(&raw.right, schema)
        {
            raw.left = cast(raw.left, DataType::Float64);
            raw.right = cast(raw.right, DataType::Float64);
        }
        Ok(PlannerResult::Original(raw))
    }
}

fn whole(expression: &Expr, schema: &DFSchema) -> bool {
    expression
        .get_type(schema)
        .is_ok_and(|kind| kind.is_integer() || matches!(kind, DataType::Decimal128(_, 0)))
}
