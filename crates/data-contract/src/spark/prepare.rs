//! From a plan to statements.

use std::collections::BTreeMap;

use crate::plan::{
    ColumnId, Evidence, Fit, Gap, Measure, MeasureId, Measured, Object, ObjectId, PhysicalType,
    Plan, Sample, Step, Value,
};

use super::answer;
use super::expression::{Aggregates, aggregates};
use super::keyed::groups;
use super::pass::{Column, arrays, items_of, of_pass};
use super::sample::{self, Counted, Samples};
use super::schema::{Schema, SparkType, same};
use super::single::{Single, single};
use super::source::{ADDED, Source};
use super::statement::{Answer, Cell, Statement};
use super::value::Form;

/// How many columns that are not declared are named.
const NAMED: usize = 5;

/// What is to be asked of one object, and what is known without asking.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The statements, each for itself.
    pub statements: Vec<Statement>,
    known: Vec<(MeasureId, Measured)>,
    counted: Vec<Counted>,
    /// Types of columns that are not as they ought to be.
    types: Vec<(MeasureId, String)>,
    measures: usize,
}

impl Prepared {
    /// The values of all measures as far as the columns alone decide them.
    #[must_use]
    pub fn by_schema(&self) -> Vec<Measured> {
        let unread = "no values were read, and the columns alone do not say it";
        let mut values = vec![gap(Gap::NotMeasurable(unread.to_owned())); self.measures];
        for (id, known) in &self.known {
            if let Some(value) = values.get_mut(id.0) {
                value.clone_from(known);
            }
        }
        values
    }

    /// The statement for up to `most` rows of each measure that has counted some; none where none has.
    #[must_use]
    pub fn samples(&self, measured: &[Measured], most: usize) -> Option<Samples> {
        Samples::of(&self.counted, measured, most)
    }

    /// The values of all measures of the object, in their order, from the answers to the statements in theirs.
    #[must_use]
    pub fn measured(&self, answers: &[Answer]) -> Vec<Measured> {
        let mut values: BTreeMap<_, _> = self.known.iter().cloned().collect();
        for (at, statement) in self.statements.iter().enumerate() {
            let missing = Err("the statement was not run".to_owned());
            values.extend(answer::read(statement, answers.get(at).unwrap_or(&missing)));
        }
        for (id, kind) in &self.types {
            if let Some(measured) = values.get_mut(id) {
                measured.samples.push(Sample::of_type(kind));
            }
        }
        let all = (0..self.measures).map(|at| {
            let unknown = || gap(Gap::Failed("it was not asked for".to_owned()));
            values.remove(&MeasureId(at)).unwrap_or_else(unknown)
        });
        all.collect()
    }
}

/// Makes the statements of an object, with where each object of the plan is and what columns it has.
///
/// # Panics
///
/// When `id` is none of the plan, or there are fewer places than objects.
#[must_use]
pub fn prepare(plan: &Plan, id: ObjectId, places: &[(Source, Schema)]) -> Prepared {
    let object = &plan.objects[id.0];
    let (source, schema) = &places[id.0];
    let mut work = Work {
        plan,
        id,
        places,
        object,
        source,
        schema,
        passes: BTreeMap::new(),
        single: Vec::new(),
        known: Vec::new(),
        counted: Vec::new(),
        types: Vec::new(),
    };
    for (at, measure) in object.measures.iter().enumerate() {
        if let Err(reason) = work.add(MeasureId(at), measure) {
            work.known.push((MeasureId(at), gap(reason)));
        }
    }
    Prepared {
        measures: object.measures.len(),
        statements: work.statements(),
        known: work.known,
        counted: work.counted,
        types: work.types,
    }
}

/// What is asked so far.
pub(super) struct Work<'p> {
    pub(super) plan: &'p Plan,
    pub(super) id: ObjectId,
    pub(super) places: &'p [(Source, Schema)],
    pub(super) object: &'p Object,
    pub(super) source: &'p Source,
    pub(super) schema: &'p Schema,
    /// Aggregates by the arrays whose items they are about; none of the rows themselves.
    passes: BTreeMap<Vec<String>, Vec<Column>>,
    single: Vec<Statement>,
    known: Vec<(MeasureId, Measured)>,
    counted: Vec<Counted>,
    types: Vec<(MeasureId, String)>,
}

fn gap(gap: Gap) -> Measured {
    Measured {
        value: Err(gap),
        evidence: Evidence::None,
        samples: Vec::new(),
        files: Vec::new(),
    }
}

fn by_schema(count: usize) -> Measured {
    Measured {
        value: Ok(Value::Count(u64::try_from(count).unwrap_or(u64::MAX))),
        evidence: Evidence::Metadata,
        samples: Vec::new(),
        files: Vec::new(),
    }
}

/// A name of a column, which is no value.
fn named(name: &str) -> Sample {
    Sample {
        file: None,
        row: None,
        value: Some(name.to_owned()),
    }
}

impl Work<'_> {
    fn add(&mut self, id: MeasureId, measure: &Measure) -> Result<(), Gap> {
        match measure {
            Measure::Rows => {
                self.pass(Vec::new(), id, "COUNT(*)".to_owned());
                Ok(())
            }
            Measure::Absent(column) => {
                let there = self.schema.at(&self.object.column(*column).path).is_some();
                let names = self.schema.names().filter(|name| !self.is_declared(name));
                let measured = Measured {
                    samples: names.filter(|_| !there).map(named).collect(),
                    ..by_schema(usize::from(!there))
                };
                self.known.push((id, measured));
                Ok(())
            }
            Measure::ExtraColumns => {
                let rescued = |name: &str| self.source.has_files() && ADDED.contains(&name);
                let names = self.schema.names();
                let extra: Vec<_> = names
                    .filter(|name| !self.is_declared(name) && !rescued(name))
                    .collect();
                // Names are no values, so that some are told whoever asks.
                let measured = Measured {
                    samples: extra.iter().copied().take(NAMED).map(named).collect(),
                    ..by_schema(extra.len())
                };
                self.known.push((id, measured));
                Ok(())
            }
            Measure::WrongPhysicalType(column) => self.physical(id, *column),
            Measure::Surplus(columns) => {
                let key = self.key(columns)?;
                let sql = format!("COUNT({key}) - COUNT(DISTINCT {key})");
                self.pass(Vec::new(), id, sql);
                let keys = groups(self, columns, None, "COUNT(*) > 1")?;
                self.counted
                    .extend(keys.shown.map(|sql| Counted { id, sql }));
                Ok(())
            }
            Measure::Distinct(columns) => {
                let key = self.key(columns)?;
                self.pass(Vec::new(), id, format!("COUNT(DISTINCT {key})"));
                Ok(())
            }
            Measure::RepeatedKeys(_)
            | Measure::Frequencies(..)
            | Measure::Parts { .. }
            | Measure::Orphans { .. }
            | Measure::Shared { .. }
            | Measure::Divided { .. }
            | Measure::Query(_)
            | Measure::NewestFile => self.statement(id, measure),
            _ => self.aggregate(id, measure),
        }
    }

    fn is_declared(&self, name: &str) -> bool {
        let mut columns = self.object.columns.iter();
        columns.any(
            |column| matches!(column.path.first(), Some(Step::Field(first)) if same(first, name)),
        )
    }

    fn physical(&mut self, id: MeasureId, column: ColumnId) -> Result<(), Gap> {
        let column = self.object.column(column);
        let spark = self.schema.at(&column.path).ok_or(Gap::Absent)?;
        if self.source.is_text() {
            return Err(Gap::NotMeasurable("cells of text have no type".to_owned()));
        }
        let wanted = column.physical_type.as_deref().unwrap_or_default();
        let own = spark.physical();
        let wrong = match own.fit(&PhysicalType::read(wanted)) {
            Fit::Same => None,
            Fit::Other => Some(spark.shown()),
            Fit::Unknown => return Err(Gap::NotMeasurable(own.unknown(wanted))),
        };
        let measured = Measured {
            samples: wrong.iter().map(|kind| Sample::of_type(kind)).collect(),
            ..by_schema(usize::from(wrong.is_some()))
        };
        self.known.push((id, measured));
        Ok(())
    }

    fn aggregate(&mut self, id: MeasureId, measure: &Measure) -> Result<(), Gap> {
        let Some(column) = measure.column() else {
            return Err(Gap::NotMeasurable(
                "the measure is not one of Spark".to_owned(),
            ));
        };
        let reading = self.reading(column)?;
        let planned = self.object.column(column);
        let Aggregates {
            sqls,
            cell,
            counted,
        } = aggregates(measure, &planned.kind, &reading).map_err(Gap::NotMeasurable)?;
        if matches!(
            (measure, &reading.form),
            (Measure::WrongType(_), Form::None)
        ) {
            let kind = self.schema.at(&planned.path).map(SparkType::shown);
            self.types.extend(kind.map(|kind| (id, kind)));
        }
        let arrays = arrays(&planned.path);
        if let Some(condition) = counted {
            let from = items_of(self.source, &arrays);
            let place = (self.source, from.as_str());
            let rows = sample::rows(place, (planned, &reading.raw), &condition);
            self.counted.extend(rows.map(|sql| Counted { id, sql }));
        }
        let column = Column {
            id,
            sql: sqls.join(", "),
            cell,
            zoned: reading.zoned,
        };
        self.passes.entry(arrays).or_default().push(column);
        Ok(())
    }

    /// Adds a count to a pass.
    fn pass(&mut self, arrays: Vec<String>, id: MeasureId, sql: String) {
        let column = Column {
            id,
            sql,
            cell: Cell::Count,
            zoned: false,
        };
        self.passes.entry(arrays).or_default().push(column);
    }

    fn statement(&mut self, id: MeasureId, measure: &Measure) -> Result<(), Gap> {
        let Single { statement, shown } = single(self, id, measure)?;
        self.single.push(statement);
        self.counted.extend(shown.map(|sql| Counted { id, sql }));
        Ok(())
    }

    fn statements(&mut self) -> Vec<Statement> {
        let passes = std::mem::take(&mut self.passes);
        let passes = passes.into_iter();
        let mut statements: Vec<_> = passes
            .flat_map(|(arrays, columns)| of_pass(&items_of(self.source, &arrays), columns))
            .collect();
        statements.append(&mut self.single);
        statements
    }
}
