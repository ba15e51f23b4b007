//! What is measured of the data, and which checks judge it.

mod check;
mod column;
mod decimal;
mod formula;
mod hidden;
mod literal;
mod measure;
mod measured;
mod physical;
mod plain;
mod prune;
mod spread;

pub use check::{Category, Check, Operator, Severity, Test, Unit};
pub use column::{Column, ColumnId, Kind, Step};
pub use decimal::Decimal;
pub use formula::{Formula, Of, Reference, Rows};
pub use literal::Literal;
pub use measure::{Bound, Format, Measure, MeasureId, Pattern, Side};
pub use measured::{Evidence, Gap, Measured, Sample, Value};
pub use physical::{Fit, PhysicalType};
pub use spread::{HUNDREDTHS, Spread, TENTHS, cell};

use serde::Serialize;

/// A contract, compiled: objects with what is measured of them, and the checks in the order of the report.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// The contract's `id`.
    pub contract: String,
    /// The contract's `version`.
    pub version: String,
    /// What is measured, object by object.
    pub objects: Vec<Object>,
    /// What is judged.
    pub checks: Vec<Check>,
}

/// A place in [`Plan::objects`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ObjectId(pub usize);

/// A table, a file or a folder of files, with all that is measured of it in one pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Object {
    /// The contract's `name`.
    pub name: String,
    /// The contract's `physicalName`; without one, the name.
    pub physical_name: String,
    /// The columns that the contract declares, nested ones after what they are part of.
    pub columns: Vec<Column>,
    /// What is measured, each once.
    pub measures: Vec<Measure>,
}

impl Object {
    /// The column behind an id of this object.
    ///
    /// # Panics
    ///
    /// When the id is of another object.
    #[must_use]
    pub fn column(&self, id: ColumnId) -> &Column {
        &self.columns[id.0]
    }

    /// The id of a measure, which is added unless it is there.
    pub fn measure(&mut self, measure: Measure) -> MeasureId {
        let known = self.measures.iter().position(|known| *known == measure);
        MeasureId(known.unwrap_or_else(|| {
            self.measures.push(measure);
            self.measures.len() - 1
        }))
    }

    /// The id of a measure that is not there yet. Of wide data there are very many, and looking for one among all of them costs the square.
    pub fn fresh(&mut self, measure: Measure) -> MeasureId {
        self.measures.push(measure);
        MeasureId(self.measures.len() - 1)
    }
}
