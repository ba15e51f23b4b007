//! What types that are named in a query are.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use datafusion::common::Result;
use datafusion::logical_expr::planner::TypePlanner;
use datafusion::logical_expr::sqlparser::ast;

/// Points in time are microseconds, as in warehouses: of nanoseconds there are none beyond 2262, and `TIMESTAMP '9999-12-31'` is how
/// people write that something is open.
#[derive(Debug)]
pub(crate) struct Microseconds;

impl TypePlanner for Microseconds {
    fn plan_type_field(&self, sql_type: &ast::DataType) -> Result<Option<FieldRef>> {
        let plain = matches!(
            sql_type,
            ast::DataType::Timestamp(
                None,
                ast::TimezoneInfo::None | ast::TimezoneInfo::WithoutTimeZone
            )
        );
        let micros = DataType::Timestamp(TimeUnit::Microsecond, None);
        Ok(plain.then(|| Arc::new(Field::new("", micros, true))))
    }
}
