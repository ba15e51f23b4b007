//! How numbers lie between the bounds of the parts of a reference.
//!
//! Of columns with very many different numbers those that are near to each other were counted as one. Where such a one has a bound in
//! it, its numbers are counted again for themselves, so that each bound is a number of the data, whatever there are beside it.

use std::collections::{BTreeMap, HashMap};

use data_contract::plan::{ColumnId, Measure, MeasureId, Object, ObjectId, Spread};

use super::object::{Scanned, run};
use super::result::merged;
use super::scan::{Cancelled, Options, Source};
use super::work::Work;
use crate::files::DataFile;
use crate::kernel::{Crowd, Ranges, Slot, Table};
use crate::progress::Progress;

/// Spreads of an object, by the measure that asks for them.
pub(crate) type Spreads = HashMap<MeasureId, Spread>;

/// The spreads of each object.
pub(super) fn spreads(
    objects: &[Object],
    sources: &[Source],
    scanned: &[Scanned],
    (options, progress): (&Options, &Progress),
) -> Result<Vec<Spreads>, Cancelled> {
    let mut all = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        let pass = Pass {
            object,
            source: &sources[at],
            scanned: &scanned[at],
            options,
            progress,
        };
        all.push(pass.references(ObjectId(at))?);
    }
    let references = all.clone();
    for (at, object) in objects.iter().enumerate() {
        let pass = Pass {
            object,
            source: &sources[at],
            scanned: &scanned[at],
            options,
            progress,
        };
        let bounds = |of: ObjectId, column: ColumnId, parts: u32| {
            let id = by_itself(objects.get(of.0)?, (of, column), parts)?;
            references.get(of.0)?.get(&id)
        };
        let others = pass.others(&bounds, &all[at])?;
        all[at].extend(others);
    }
    Ok(all)
}

/// The measure of a reference by its own bounds.
fn by_itself(object: &Object, reference: (ObjectId, ColumnId), asked: u32) -> Option<MeasureId> {
    let at = object.measures.iter().position(|measure| {
        matches!(
            measure,
            Measure::Parts { column, of, of_column, parts }
                if (*of, *of_column) == reference && column == of_column && *parts == asked
        )
    });
    at.map(MeasureId)
}

/// Looks up the spread of a reference.
type Bounds<'b> = dyn Fn(ObjectId, ColumnId, u32) -> Option<&'b Spread> + 'b;

/// What further passes over an object need.
struct Pass<'p> {
    object: &'p Object,
    source: &'p Source,
    scanned: &'p Scanned,
    options: &'p Options,
    progress: &'p Progress,
}

impl Pass<'_> {
    /// The spreads of columns between their own bounds.
    fn references(&self, id: ObjectId) -> Result<Spreads, Cancelled> {
        let mut asked: BTreeMap<MeasureId, Reference> = BTreeMap::new();
        for (at, measure) in self.object.measures.iter().enumerate() {
            let Measure::Parts {
                column,
                of,
                of_column,
                parts,
            } = measure
            else {
                continue;
            };
            if (*of, of_column) != (id, column) {
                continue;
            }
            let crowds = self
                .table(MeasureId(at))
                .map_or_else(Vec::new, Table::crowds);
            let parts = *parts;
            asked.insert(MeasureId(at), Reference { crowds, parts });
        }
        loop {
            let ranges = asked
                .iter()
                .map(|(id, reference)| (*id, reference.ranges()));
            let ranges: HashMap<_, _> = ranges.filter(|(_, ranges)| !ranges.is_empty()).collect();
            if ranges.is_empty() {
                break;
            }
            for (id, table) in self.again(ranges)? {
                if let Some(reference) = asked.get_mut(&id) {
                    reference.refine(table.as_ref());
                }
            }
        }
        let spreads = asked.into_iter();
        Ok(spreads
            .map(|(id, reference)| (id, reference.spread()))
            .collect())
    }

    fn table(&self, id: MeasureId) -> Option<&Table> {
        match self.scanned.large(id) {
            Some(Slot::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Counts the numbers in ranges one by one.
    fn again(
        &self,
        ranges: HashMap<MeasureId, Ranges>,
    ) -> Result<Vec<(MeasureId, Option<Table>)>, Cancelled> {
        let mut again = self.blank();
        let mut within = HashMap::new();
        let mut asked = Vec::new();
        for (id, ranges) in ranges {
            // Those of one column differ in their parts, so that each stays a measure of its own.
            again.measures.push(self.object.measures[id.0].clone());
            let new = MeasureId(again.measures.len() - 1);
            within.insert(new, ranges);
            asked.push((id, new));
        }
        let mut work = Work::first(&again, &[], self.options, self.progress);
        work.within = within;
        run(self.source, self.files(), &work)?;
        let mut slots = work.together.slots();
        let tables = asked.into_iter().map(|(id, new)| {
            let slot = slots.get_mut(new.0);
            match slot.map(|slot| std::mem::replace(slot, Slot::Idle)) {
                Some(Slot::Table(table)) => (id, Some(table)),
                _ => (id, None),
            }
        });
        Ok(tables.collect())
    }

    /// The spreads of columns between the bounds of others.
    fn others(&self, bounds: &Bounds<'_>, known: &Spreads) -> Result<Spreads, Cancelled> {
        let mut spreads = Spreads::new();
        let mut again = self.blank();
        let mut asked = Vec::new();
        for (at, measure) in self.object.measures.iter().enumerate() {
            let Measure::Parts {
                column,
                of,
                of_column,
                parts,
            } = measure
            else {
                continue;
            };
            let id = MeasureId(at);
            let Some(reference) =
                bounds(*of, *of_column, *parts).filter(|_| !known.contains_key(&id))
            else {
                continue;
            };
            match self.table(id) {
                Some(table) if !table.is_exact() => {
                    let cells = Measure::Cells(*column, reference.bounds.clone());
                    asked.push((id, again.measure(cells), reference.bounds.clone()));
                }
                table => {
                    let numbers = table.map_or_else(Vec::new, Table::numbers);
                    spreads.insert(id, reference.of_others(&numbers));
                }
            }
        }
        if asked.is_empty() {
            return Ok(spreads);
        }
        let work = Work::first(&again, &[], self.options, self.progress);
        let results = run(self.source, self.files(), &work)?;
        for (id, cells, bounds) in asked {
            let files = results.iter().map(|(_, result)| result);
            if let Slot::Bins(cells) = merged(files, cells) {
                spreads.insert(id, Spread { bounds, cells });
            }
        }
        Ok(spreads)
    }

    fn blank(&self) -> Object {
        Object {
            measures: Vec::new(),
            ..self.object.clone()
        }
    }

    fn files(&self) -> Vec<DataFile> {
        let files = self.scanned.files.iter();
        files.map(|(file, _)| file.clone()).collect()
    }
}

/// Numbers that give bounds.
struct Reference {
    crowds: Vec<Crowd>,
    parts: u32,
}

impl Reference {
    fn spread(&self) -> Spread {
        let numbers = self.crowds.iter().map(|crowd| (crowd.least(), crowd.n));
        Spread::of(&numbers.collect::<Vec<_>>(), self.parts)
    }

    /// The ranges of what was counted as one and has a bound in it.
    fn ranges(&self) -> Ranges {
        let bounds = self.spread().bounds;
        let is_bound = |crowd: &&Crowd| {
            let found = bounds.binary_search_by(|bound| bound.total_cmp(&crowd.least()));
            found.is_ok()
        };
        let together = self.crowds.iter().filter(|crowd| !crowd.is_number());
        together.filter(is_bound).map(Crowd::range).collect()
    }

    /// Takes what was counted again in the place of what was counted as one.
    fn refine(&mut self, table: Option<&Table>) {
        let ranges = self.ranges();
        let parts = table.map_or_else(Vec::new, Table::crowds);
        let (asked, kept) = std::mem::take(&mut self.crowds)
            .into_iter()
            .partition::<Vec<_>, _>(|crowd| ranges.binary_search(&crowd.range()).is_ok());
        self.crowds = kept;
        for crowd in asked {
            let from = parts.partition_point(|part| part.range().0 < crowd.range().0);
            let within: Vec<_> = parts[from..]
                .iter()
                .take_while(|part| crowd.holds(part))
                .copied()
                .collect();
            match within.iter().map(|part| part.n).sum::<u64>() == crowd.n {
                true => self.crowds.extend(within),
                // The data are others than they were: what is known of them stays.
                false => self.crowds.push(crowd.as_number()),
            }
        }
        self.crowds.sort_unstable_by_key(|crowd| crowd.range().0);
    }
}
