//! How numbers lie between the bounds of the parts of a reference.

use data_contract::plan::{
    ColumnId, Evidence, Gap, Measure, MeasureId, Measured, ObjectId, Spread, Value,
};

use super::assemble::{Assembly, none};
use crate::kernel::{Slot, Table};

impl Assembly<'_> {
    /// Numbers of a column between the bounds of those of the reference.
    pub(super) fn parts(
        &self,
        (id, column): (MeasureId, ColumnId),
        reference: (ObjectId, ColumnId),
        parts: u32,
    ) -> Measured {
        let Some(other) = self.at(reference.0) else {
            return none(Gap::Failed("the reference was not read".to_owned()));
        };
        let Some(of) = other.position(reference) else {
            return none(Gap::Failed("the reference was not measured".to_owned()));
        };
        let left_out = self.left_out(reference);
        let there = other.numbers(of, left_out);
        let bounds = Spread::of(&there, parts);
        let itself = reference == (ObjectId(self.place), column);
        let spread = match itself {
            true => bounds,
            false => bounds.of_others(&self.numbers(id, left_out)),
        };
        Measured {
            value: Ok(Value::Spread(spread)),
            evidence: Evidence::Scan,
            samples: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The bits that are left out of numbers by the reference or by any that is compared with it, so that all have the same cells.
    fn left_out(&self, reference: (ObjectId, ColumnId)) -> u32 {
        let objects = (0..self.objects.len()).filter_map(|place| self.at(ObjectId(place)));
        let tables = objects.flat_map(|other| {
            let compared = other.compared_with(reference);
            compared
                .filter_map(|id| Some(other.table(id)?.left_out()))
                .collect::<Vec<_>>()
        });
        tables.max().unwrap_or_default()
    }

    /// The measures of columns that are compared with a reference.
    fn compared_with(&self, reference: (ObjectId, ColumnId)) -> impl Iterator<Item = MeasureId> {
        let measures = self.object.measures.iter().enumerate();
        let compared = measures.filter(move |(_, measure)| {
            matches!(measure, Measure::Parts { of, of_column, .. } if (*of, *of_column) == reference)
        });
        compared.map(|(at, _)| MeasureId(at))
    }

    /// The measure of a reference by itself.
    fn position(&self, reference: (ObjectId, ColumnId)) -> Option<MeasureId> {
        let mut compared = self.compared_with(reference);
        compared.find(|id| self.object.measures[id.0].column() == Some(reference.1))
    }

    fn table(&self, id: MeasureId) -> Option<&Table> {
        match self.scanned().large(id) {
            Some(Slot::Table(table)) => Some(table),
            _ => None,
        }
    }

    fn numbers(&self, id: MeasureId, left_out: u32) -> Vec<(f64, u64)> {
        let table = self.table(id);
        table.map_or_else(Vec::new, |table| table.numbers(left_out))
    }

    fn at(&self, id: ObjectId) -> Option<Assembly<'_>> {
        Some(Assembly {
            objects: self.objects,
            scanned: self.scanned,
            orphans: self.orphans,
            place: id.0,
            object: self.objects.get(id.0)?,
        })
    }
}
