//! Functions whose results may be far larger than what they are given: the engine counts what operators keep, and not what functions make.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::compute::kernels::length::length;
use datafusion::arrow::datatypes::{DataType, FieldRef, Int64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};
use datafusion::prelude::SessionContext;

/// How large a result is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Growth {
    /// The first argument, so often as the second says.
    Repeated,
    /// So many characters as the second says.
    Padded,
    /// So many items as the second says.
    Items,
    /// The numbers from one to another, by a step.
    Series,
}

const FUNCTIONS: [(&str, Growth); 7] = [
    ("repeat", Growth::Repeated),
    ("lpad", Growth::Padded),
    ("rpad", Growth::Padded),
    ("array_repeat", Growth::Repeated),
    ("array_resize", Growth::Items),
    ("generate_series", Growth::Series),
    ("range", Growth::Series),
];

/// The bytes of an item, or of what has no length of its own.
const ITEM: u128 = 8;

/// Makes these functions refuse results of more bytes than `most` at once.
pub(crate) fn limit(context: &SessionContext, most: usize) {
    for (name, growth) in FUNCTIONS {
        if let Ok(inner) = context.udf(name) {
            context.register_udf(ScalarUDF::from(Limited {
                inner,
                growth,
                most,
            }));
        }
    }
}

/// A function that is asked how large its result will be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Limited {
    inner: Arc<ScalarUDF>,
    growth: Growth,
    most: usize,
}

impl ScalarUDFImpl for Limited {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn aliases(&self) -> &[String] {
        self.inner.aliases()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.inner.return_type(types)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.inner.return_field_from_args(args)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(types)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let bytes = self.growth.bytes(&args)?;
        if bytes > self.most as u128 {
            let (name, made) = (self.name(), bytes >> 20);
            let text = format!("`{name}` would make {made} MiB at once");
            return Err(DataFusionError::ResourcesExhausted(text));
        }
        self.inner.invoke_with_args(args)
    }
}

impl Growth {
    /// The bytes of all results, nearly.
    fn bytes(self, args: &ScalarFunctionArgs) -> Result<u128> {
        let is_one = |value: &ColumnarValue| matches!(value, ColumnarValue::Scalar(_));
        let rows = match args.args.iter().all(is_one) {
            true => 1,
            false => args.number_rows,
        };
        let arrays = args.args.iter().map(|value| value.to_array(rows));
        let arrays: Vec<ArrayRef> = arrays.collect::<Result<_>>()?;
        let sizes = match (self, arrays.as_slice()) {
            (Self::Repeated, [value, times, ..]) => {
                let each = lengths(value).into_iter().zip(numbers(times));
                each.map(|(length, times)| length.saturating_mul(count(times)))
                    .collect()
            }
            (Self::Padded, [_, width, ..]) => numbers(width).into_iter().map(count).collect(),
            (Self::Items, [_, items, ..]) => numbers(items)
                .into_iter()
                .map(|items| count(items).saturating_mul(ITEM))
                .collect(),
            (Self::Series, [to]) => series(&vec![0; rows], &numbers(to), &vec![1; rows]),
            (Self::Series, [from, to]) => series(&numbers(from), &numbers(to), &vec![1; rows]),
            (Self::Series, [from, to, step, ..]) => {
                series(&numbers(from), &numbers(to), &numbers(step))
            }
            _ => Vec::new(),
        };
        Ok(sizes.into_iter().fold(0, u128::saturating_add))
    }
}

fn count(number: i64) -> u128 {
    u128::from(number.max(0).unsigned_abs())
}

/// Whole numbers, 0 where there is none; nothing where it is no number at all.
fn numbers(array: &ArrayRef) -> Vec<i64> {
    let is_number = array.data_type().is_integer();
    let Some(numbers) = is_number
        .then(|| cast(array, &DataType::Int64).ok())
        .flatten()
    else {
        return Vec::new();
    };
    let numbers = numbers.as_primitive::<Int64Type>();
    numbers.iter().map(Option::unwrap_or_default).collect()
}

/// The bytes of each text.
fn lengths(array: &ArrayRef) -> Vec<u128> {
    let is_text = matches!(
        array.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    );
    match is_text.then(|| length(array).ok()).flatten() {
        Some(lengths) => numbers(&lengths).into_iter().map(count).collect(),
        None => vec![ITEM; array.len()],
    }
}

/// The bytes of the numbers from each to each.
fn series(from: &[i64], to: &[i64], step: &[i64]) -> Vec<u128> {
    let all = from.iter().zip(to).zip(step);
    let items = all.map(|((from, to), step)| {
        let (way, step) = (i128::from(*to) - i128::from(*from), i128::from(*step));
        match step != 0 && (way >= 0) == (step > 0) {
            true => (way / step).unsigned_abs().saturating_mul(ITEM),
            false => 0,
        }
    });
    items.collect()
}
