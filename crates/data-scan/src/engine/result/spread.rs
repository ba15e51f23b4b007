//! How numbers lie between the bounds of the parts of a reference.

use data_contract::plan::{
    ColumnId, Evidence, Gap, Measure, MeasureId, Measured, ObjectId, Spread, Value,
};

use super::assemble::{Assembly, none};

impl Assembly<'_> {
    /// Numbers of a column between the bounds of those of the reference.
    pub(super) fn parts(&self, id: MeasureId, reference: (ObjectId, ColumnId)) -> Measured {
        let Some(other) = self.objects.get(reference.0.0) else {
            return none(Gap::Failed("the reference was not read".to_owned()));
        };
        let compared = |measure: &Measure| {
            matches!(measure, Measure::Parts { column, of, of_column, .. }
                if (*of, *of_column) == reference && *column == reference.1)
        };
        if !other.measures.iter().any(compared) {
            return none(Gap::Failed("the reference was not measured".to_owned()));
        }
        let spread = self
            .spreads
            .get(self.place)
            .and_then(|known| known.get(&id));
        Measured {
            value: Ok(Value::Spread(
                spread.cloned().unwrap_or_else(Spread::nothing),
            )),
            evidence: Evidence::Scan,
            samples: Vec::new(),
            files: Vec::new(),
        }
    }
}
