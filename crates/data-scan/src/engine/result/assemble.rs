//! The value of each measure from what files and keys came to, with the files and rows behind it.

use std::collections::{BTreeSet, HashSet};

use data_contract::plan::{
    ColumnId, Evidence, Gap, Literal, Measure, MeasureId, Measured, Object, Sample, Spread, Value,
};

use super::super::file::FileResult;
use super::super::object::Scanned;
use super::super::sought::Sought;
use super::super::spreads::Spreads;
use crate::files::DataFile;
use crate::kernel::{Hit, Program, Slot, column_of, nature_of};
use crate::strip::Nature;

/// So many columns that are not declared are named in any case.
const NAMED: usize = 5;

/// One object of a scan.
pub(super) struct Assembly<'a> {
    pub(super) objects: &'a [Object],
    pub(super) scanned: &'a [Scanned],
    /// Rows of each object whose keys are not as they ought to be.
    pub(super) sought: &'a [Sought],
    /// How numbers of each object lie between bounds.
    pub(super) spreads: &'a [Spreads],
    pub(super) place: usize,
    pub(super) object: &'a Object,
}

impl Assembly<'_> {
    /// The values of the object's measures.
    pub(super) fn measured(&self) -> Vec<Measured> {
        let ids = (0..self.object.measures.len()).map(MeasureId);
        ids.map(|id| self.one(id, &self.object.measures[id.0]))
            .collect()
    }

    pub(super) fn scanned(&self) -> &Scanned {
        &self.scanned[self.place]
    }

    fn files(&self) -> impl Iterator<Item = &(DataFile, FileResult)> {
        self.scanned().files.iter()
    }

    /// Files that were opened, so that their columns are known.
    pub(super) fn known(&self) -> impl Iterator<Item = &(DataFile, FileResult)> {
        self.files().filter(|(_, result)| result.shape.known)
    }

    fn one(&self, id: MeasureId, measure: &Measure) -> Measured {
        if let Some(reason) = &self.scanned().missing {
            return none(Gap::GivenUp(reason.clone()));
        }
        match measure {
            Measure::Rows => self.rows(),
            Measure::NewestFile => {
                let newest = self
                    .files()
                    .filter_map(|(file, _)| file.entry.modified)
                    .max();
                metadata(Value::Scalar(
                    newest.map_or(Literal::Null, Literal::Timestamp),
                ))
            }
            Measure::Query(_) => none(Gap::NotMeasurable("it is a query".to_owned())),
            _ if self.files().next().is_none() => self.nothing(id, measure),
            _ if self.known().next().is_none() => {
                none(Gap::GivenUp("none of its files could be read".to_owned()))
            }
            Measure::Absent(_) | Measure::ExtraColumns
                if self
                    .known()
                    .any(|(_, result)| result.shape.late && result.shape.rows_unread) =>
            {
                none(unread())
            }
            Measure::Absent(column) => self.absent(*column),
            Measure::ExtraColumns => {
                let names: BTreeSet<&String> = self
                    .known()
                    .flat_map(|(_, result)| &result.shape.extra)
                    .collect();
                let measured = self.files_where(|result| result.shape.extra.clone());
                let count = names.len() as u64;
                let more = self.known().any(|(_, result)| result.shape.more_extra);
                Measured {
                    value: Ok(match more {
                        true => Value::AtLeast(count, not_all_names()),
                        false => Value::Count(count),
                    }),
                    samples: self.extra_names(),
                    ..measured
                }
            }
            Measure::WrongPhysicalType(column) => self.physical(*column),
            _ => match column_of(measure) {
                Some(column) => self.column(id, measure, column),
                None => self.keys(id, measure),
            },
        }
    }

    /// What a measure comes to in a table without files.
    fn nothing(&self, id: MeasureId, measure: &Measure) -> Measured {
        if let Measure::Parts { .. } = measure {
            return metadata(Value::Spread(Spread::nothing()));
        }
        let zero = column_of(measure).and_then(|column| {
            let nature = nature_of(&self.object.column(column).kind);
            self.zero(id, column, nature).value(nature, 0)
        });
        metadata(zero.unwrap_or(Value::Count(0)))
    }

    /// What a measure of a column comes to where there is no row.
    pub(super) fn zero(&self, id: MeasureId, column: ColumnId, nature: Nature) -> Slot {
        let matchers = &self.scanned().matchers;
        let measures = std::iter::once(id);
        Program::new(self.object, (column, nature), matchers, measures).zero(id)
    }

    fn rows(&self) -> Measured {
        if self.known().any(|(_, result)| result.shape.rows_unread) {
            return none(unread());
        }
        let rows = self.files().map(|(_, result)| result.rows).sum();
        let value = match self.partly() {
            None => Value::Count(rows),
            Some(reason) if self.none_whole() => return none(Gap::Failed(reason)),
            Some(reason) => Value::AtLeast(rows, Gap::Failed(reason)),
        };
        let files = self
            .files()
            .map(|(file, result)| (file.entry.path.clone(), result.rows));
        let measured = Measured {
            files: self.by_file(files),
            value: Ok(value),
            ..counted(rows)
        };
        let typed = self.known().all(|(_, result)| result.shape.typed);
        Measured {
            evidence: if typed {
                Evidence::Metadata
            } else {
                Evidence::Scan
            },
            ..measured
        }
    }

    /// Columns that are not declared, each once. Names are no values, so that some are told whoever asks.
    fn extra_names(&self) -> Vec<Sample> {
        let mut seen = HashSet::new();
        let all = self.known().flat_map(|(file, result)| {
            let names = result.shape.extra.iter();
            names.map(move |name| (file, name))
        });
        let new = all.filter(|(_, name)| !name.is_empty() && seen.insert(*name));
        let samples = new.take(self.scanned().samples.max(NAMED));
        samples
            .map(|(file, name)| Sample {
                file: Some(file.entry.path.clone()),
                row: None,
                value: Some(name.clone()),
            })
            .collect()
    }

    /// The number of files of which something is found, each thing being a sample.
    pub(super) fn files_where(&self, found: impl Fn(&FileResult) -> Vec<String>) -> Measured {
        let found: Vec<(&DataFile, Vec<String>)> = self
            .known()
            .map(|(file, result)| (file, found(result)))
            .collect();
        let found: Vec<_> = found
            .into_iter()
            .filter(|(_, found)| !found.is_empty())
            .collect();
        let samples = found.iter().flat_map(|(file, names)| {
            let named = names.iter().filter(|name| !name.is_empty());
            named.map(|name| Sample {
                file: Some(file.entry.path.clone()),
                row: None,
                value: Some(name.clone()),
            })
        });
        let files = found
            .iter()
            .map(|(file, names)| (file.entry.path.clone(), names.len() as u64));
        Measured {
            samples: samples.take(self.scanned().samples).collect(),
            files: self.by_file(files),
            ..metadata(Value::Count(found.len() as u64))
        }
    }

    fn physical(&self, column: ColumnId) -> Measured {
        if self.known().all(|(_, result)| !result.shape.typed) {
            return none(Gap::NotMeasurable(
                "files of this format have no types".to_owned(),
            ));
        }
        if self
            .known()
            .all(|(_, result)| result.shape.absent.has(column.0))
        {
            return none(Gap::Absent);
        }
        let of_column = |found: &[(ColumnId, String)]| {
            let mut found = found.iter().filter(|(found, _)| *found == column);
            found.next().map(|(_, said)| said.clone())
        };
        let mut vague = self.known().map(|(_, result)| &result.shape.vague);
        if let Some(reason) = vague.find_map(|found| of_column(found))
            && self
                .known()
                .all(|(_, result)| of_column(&result.shape.physical).is_none())
        {
            return none(Gap::NotMeasurable(reason));
        }
        let measured = self.files_where(|result| {
            let wrong = result
                .shape
                .physical
                .iter()
                .filter(|(wrong, _)| *wrong == column);
            wrong.map(|(_, name)| name.clone()).collect()
        });
        Measured {
            samples: self.types(|shape| &shape.physical, column),
            ..measured
        }
    }

    /// Why no file was read to its end, of those where a measure needs it. What such files have come to is no proof.
    pub(super) fn broken(&self, needs: impl Fn(&FileResult) -> bool) -> Option<String> {
        let mut failed = self.known().map(|(file, result)| {
            let reason = result.failed.as_ref().filter(|_| needs(result))?;
            Some(format!("{}: {reason}", file.entry.path))
        });
        let first = failed.next()??;
        failed.all(|failed| failed.is_some()).then_some(first)
    }

    /// Why some file was not read to its end, so that what is added up over all of them is not all there is.
    pub(super) fn partly(&self) -> Option<String> {
        self.files().find_map(|(file, result)| {
            let reason = result.failed.as_ref()?;
            Some(format!("{}: {reason}", file.entry.path))
        })
    }

    /// Whether there are files, and none was read to its end.
    fn none_whole(&self) -> bool {
        self.files().all(|(_, result)| result.failed.is_some())
    }

    /// What the values of a column are: as the first file says that has it, or as the contract does.
    pub(super) fn nature(&self, column: ColumnId) -> Nature {
        let mut natures = self.known().flat_map(|(_, result)| &result.shape.natures);
        let found = natures
            .find(|(found, _)| *found == column)
            .map(|(_, nature)| *nature);
        found.unwrap_or_else(|| nature_of(&self.object.column(column).kind))
    }

    pub(super) fn sample(&self, file: &str, hit: &Hit, columns: &[ColumnId]) -> Sample {
        let masked = columns
            .iter()
            .any(|column| self.object.column(*column).masked);
        Sample {
            file: Some(file.to_owned()),
            row: Some(hit.row + 1),
            value: hit.value.clone().filter(|_| !masked),
        }
    }

    /// The files of a count; none where there is one file only.
    pub(super) fn by_file(&self, files: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
        if self.scanned().files.len() > 1 {
            files.collect()
        } else {
            Vec::new()
        }
    }
}

/// That nothing was read of it, as it was asked for.
pub(super) fn unread() -> Gap {
    Gap::NotMeasurable("no values were read, and metadata do not say it".to_owned())
}

/// That a file has so many columns that some of their names were not kept.
fn not_all_names() -> Gap {
    Gap::NotMeasurable("not all names of columns are kept".to_owned())
}

pub(super) fn counted(n: u64) -> Measured {
    Measured {
        value: Ok(Value::Count(n)),
        evidence: Evidence::Scan,
        samples: Vec::new(),
        files: Vec::new(),
    }
}

pub(super) fn metadata(value: Value) -> Measured {
    Measured {
        value: Ok(value),
        evidence: Evidence::Metadata,
        samples: Vec::new(),
        files: Vec::new(),
    }
}

pub(super) fn none(gap: Gap) -> Measured {
    Measured {
        value: Err(gap),
        evidence: Evidence::None,
        samples: Vec::new(),
        files: Vec::new(),
    }
}
