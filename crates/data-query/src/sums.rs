//! Sums that do not wrap around.
//!
//! The sum of whole numbers of 64 bits is one of 64 bits in DataFusion, where it goes around without a word; decimals do the same beyond
//! 38 digits. In Spark and Databricks both are errors. Here they are sums of decimals with room for more rows than there are.

use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::sum::Sum;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, GroupsAccumulator, ReversedUDAF, Signature, Volatility,
};

/// The digits of 64 bits.
const DIGITS: u8 = 20;
/// The digits of decimals whose sum, which has ten more, is one of 128 bits still.
const MOST: u8 = 28;

/// `SUM`, of decimals in place of whole numbers.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct ExactSum {
    sum: Sum,
    signature: Signature,
}

impl Default for ExactSum {
    fn default() -> Self {
        Self {
            sum: Sum::new(),
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl AggregateUDFImpl for ExactSum {
    fn name(&self) -> &str {
        self.sum.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [one] => Ok(vec![summed(one)?]),
            _ => plan_err!("SUM is of one expression"),
        }
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.sum.return_type(types)
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        self.sum.accumulator(args)
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        self.sum.state_fields(args)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs<'_>) -> bool {
        self.sum.groups_accumulator_supported(args)
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        self.sum.create_groups_accumulator(args)
    }

    fn create_sliding_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn Accumulator>> {
        self.sum.create_sliding_accumulator(args)
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.sum.reverse_expr()
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.sum.order_sensitivity()
    }
}

/// The type that values of a type are summed as.
fn summed(of: &DataType) -> Result<DataType> {
    Ok(match of {
        DataType::Null => DataType::Decimal128(DIGITS, 0),
        of if of.is_integer() => DataType::Decimal128(DIGITS, 0),
        // Warehouses read numbers out of texts.
        of if of.is_floating() || of.is_string() => DataType::Float64,
        DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
            DataType::Decimal128(*precision, *scale)
        }
        DataType::Decimal128(precision, scale) if *precision > MOST => {
            DataType::Decimal256(*precision, *scale)
        }
        DataType::Decimal128(..)
        | DataType::Decimal256(..)
        | DataType::Duration(_)
        | DataType::Interval(_) => of.clone(),
        DataType::Dictionary(_, value) => summed(value)?,
        other => return plan_err!("SUM is of numbers, and not of values of type {other}"),
    })
}
