//! All that is measured of one column, in files in which it is of one nature.

use std::collections::HashMap;

use data_contract::plan::{ColumnId, Gap, Kind, Measure, MeasureId, Object};

use super::matcher::Matchers;
use super::slot::Slot;
use super::step::{Place, Step, compile};
use super::table::Ranges;
use crate::strip::{Column, Nature};

/// The steps of a column.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// The column.
    pub(crate) column: ColumnId,
    /// What its values are.
    pub(crate) nature: Nature,
    /// The properties that [`StructFacts::named`](crate::strip::StructFacts::named) has bits for.
    pub(crate) names: Vec<String>,
    /// Whether it asks for items that repeat.
    pub(crate) repeats: bool,
    /// What cannot be measured, and why.
    pub(crate) gaps: Vec<(MeasureId, Gap)>,
    steps: Vec<(MeasureId, Step)>,
}

/// Where measures are written to.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    /// A slot for each measure of the object.
    pub(crate) slots: &'a mut [Slot],
    /// The row, in the unit of work, in which the run begins.
    pub(crate) base: u64,
    /// So many hits of each measure are kept.
    pub(crate) samples: usize,
}

impl Program {
    /// The steps of measures of a column.
    pub(crate) fn new(
        object: &Object,
        (column, nature): (ColumnId, Nature),
        matchers: &Matchers,
        measures: impl Iterator<Item = MeasureId>,
    ) -> Self {
        let (mut steps, mut gaps, mut names, mut repeats) =
            (Vec::new(), Vec::new(), Vec::new(), false);
        for id in measures {
            let measure = &object.measures[id.0];
            repeats |= matches!(measure, Measure::RepeatedItems(_));
            match compile(measure, nature, matchers, &mut names) {
                Some(Ok(step)) => steps.push((id, step)),
                Some(Err(gap)) => gaps.push((id, gap)),
                None => {}
            }
        }
        Self {
            column,
            nature,
            names,
            repeats,
            gaps,
            steps,
        }
    }

    /// The same with only the measures that are wanted.
    pub(crate) fn only(&self, wanted: impl Fn(MeasureId) -> bool) -> Self {
        let steps = self.steps.iter().filter(|(id, _)| wanted(*id));
        let gaps = self.gaps.iter().filter(|(id, _)| wanted(*id));
        Self {
            steps: steps.cloned().collect(),
            gaps: gaps.cloned().collect(),
            names: self.names.clone(),
            ..*self
        }
    }

    /// The same, of which some measures look at numbers in ranges only.
    pub(crate) fn within(mut self, ranges: &HashMap<MeasureId, Ranges>) -> Self {
        for (id, step) in &mut self.steps {
            if let (Step::Table(within), Some(ranges)) = (step, ranges.get(id)) {
                *within = Some(ranges.clone());
            }
        }
        self
    }

    /// Whether nothing is left to measure of the values.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The measures that it brings.
    pub(crate) fn measures(&self) -> impl Iterator<Item = MeasureId> {
        self.steps.iter().map(|(id, _)| *id)
    }

    /// What a measure comes to where there is no row.
    pub(crate) fn zero(&self, id: MeasureId) -> Slot {
        let step = self.steps.iter().find(|(step, _)| *step == id);
        step.map_or(Slot::Idle, |(_, step)| step.fresh())
    }

    /// Measures a run of rows.
    pub(crate) fn run(&self, column: &Column<'_>, target: &mut Target<'_>) {
        let place = Place {
            nature: self.nature,
            base: target.base,
            most: target.samples,
        };
        for (id, step) in &self.steps {
            step.run(column, place, &mut target.slots[id.0]);
        }
    }
}

/// What the values of a kind are, where no file says otherwise.
pub(crate) fn nature_of(kind: &Kind) -> Nature {
    match kind {
        Kind::Any | Kind::String => Nature::Text,
        Kind::Integer => Nature::Integer,
        Kind::Number => Nature::Number,
        Kind::Boolean => Nature::Boolean,
        Kind::Date { .. } => Nature::Date,
        Kind::Timestamp { .. } => Nature::Timestamp,
        Kind::Time { .. } => Nature::Time,
        Kind::Object => Nature::Object,
        Kind::Array | Kind::Map | Kind::Vector => Nature::Array,
    }
}

/// The column that a measure is about, where that is one and its values are looked at one by one.
pub(crate) fn column_of(measure: &Measure) -> Option<ColumnId> {
    Some(match measure {
        Measure::WrongType(column)
        | Measure::Nulls(column)
        | Measure::Missing(column, _)
        | Measure::Invalid { column, .. }
        | Measure::Beyond(column, ..)
        | Measure::NotMultiple(column, _)
        | Measure::Length(column, ..)
        | Measure::Malformed(column, _)
        | Measure::Items(column, ..)
        | Measure::RepeatedItems(column)
        | Measure::LacksProperty(column, _)
        | Measure::Extreme(column, _)
        | Measure::Mean(column)
        | Measure::Sum(column)
        | Measure::Places(column)
        | Measure::Frequencies(column, _)
        | Measure::Labelled(column, _)
        | Measure::Histogram(column, _)
        | Measure::Cells(column, _)
        | Measure::Parts { column, .. } => *column,
        _ => return None,
    })
}
