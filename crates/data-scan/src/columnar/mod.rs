//! Arrow arrays as readings: values of a nature where the type has them without any loss.

mod nested;
mod numbers;
mod read;
mod repeats;
mod types;

pub(crate) use nested::View;
pub(crate) use read::read;
pub(crate) use types::{fit, physical, type_at};
