//! The plan while it is made.

use std::collections::{BTreeSet, HashMap, HashSet};

use yaml_source::Node;

use crate::model::{Contract, Names, Object, Property};
use crate::plan::{
    Category, Check, ColumnId, Measure, MeasureId, ObjectId, Of, Operator, Plan, Severity, Test,
    Unit,
};

use super::Settings;
use super::ml::Lacking;

/// A plan that grows.
pub(super) struct Builder<'c> {
    pub(super) contract: &'c Contract,
    pub(super) names: Names<'c>,
    pub(super) settings: &'c Settings,
    pub(super) plan: Plan,
    pub(super) objects: Vec<Declared<'c>>,
    /// Whether stored profiles are not at hand, and taken to be there.
    pub(super) without_profiles: bool,
    /// What rules of our own engine lack.
    pub(super) lacking: Vec<Lacking>,
    /// The stored profiles that rules name.
    pub(super) profiles: BTreeSet<String>,
    ids: HashSet<String>,
    /// The measures of each column, and those of none.
    measures: HashMap<(ObjectId, Option<ColumnId>), Vec<MeasureId>>,
    repeated: HashMap<String, usize>,
}

/// An object with its columns.
pub(super) struct Declared<'c> {
    pub(super) object: Object<'c>,
    pub(super) columns: Vec<DeclaredColumn<'c>>,
    places: HashMap<*const Node, ColumnId>,
}

impl<'c> Declared<'c> {
    pub(super) fn new(object: Object<'c>, columns: Vec<DeclaredColumn<'c>>) -> Self {
        let places = columns.iter().enumerate().rev();
        let places = places.map(|(at, column)| (column.property.node as *const Node, ColumnId(at)));
        Self {
            object,
            places: places.collect(),
            columns,
        }
    }
}

/// A column with what its checks need to know.
#[derive(Clone)]
pub(super) struct DeclaredColumn<'c> {
    pub(super) property: Property<'c>,
    /// The contract's names, such as `address.city`.
    pub(super) name: String,
    /// Why its type cannot be checked, where it cannot.
    pub(super) untyped: Option<String>,
    /// Tags of the object and of what it is part of, too.
    pub(super) tags: Vec<String>,
    /// Whether it stands inside of an array.
    pub(super) in_array: bool,
    /// Whether it is the items of an array, the keys or the values of a map, which have no name.
    pub(super) nameless: bool,
}

/// What a check is about.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) object: ObjectId,
    pub(super) column: Option<ColumnId>,
    /// What ids begin with, such as `events.age`.
    pub(super) prefix: String,
    pub(super) tags: Vec<String>,
}

/// What a check says beside its test.
pub(super) struct Said<'s> {
    /// The last part of the id, or all of it.
    pub(super) id: Id<'s>,
    pub(super) title: String,
    pub(super) category: Category,
    pub(super) dimension: Option<&'s str>,
    pub(super) severity: Severity,
    pub(super) tags: Vec<String>,
}

/// The id of a check.
pub(super) enum Id<'s> {
    /// Behind the prefix of the subject.
    Part(&'s str),
    /// As the contract gives it.
    Whole(String),
}

impl<'s> Said<'s> {
    /// Of a property of the schema.
    pub(super) fn schema(part: &'s str, title: String, dimension: &'s str) -> Self {
        Self {
            id: Id::Part(part),
            title,
            category: Category::Schema,
            dimension: Some(dimension),
            severity: Severity::Error,
            tags: Vec::new(),
        }
    }
}

impl<'c> Builder<'c> {
    pub(super) fn new(contract: &'c Contract, settings: &'c Settings) -> Self {
        Self {
            contract,
            names: Names::of(contract),
            settings,
            plan: Plan {
                contract: contract.id().into_owned(),
                version: contract.version().into_owned(),
                ..Plan::default()
            },
            objects: Vec::new(),
            without_profiles: false,
            lacking: Vec::new(),
            profiles: BTreeSet::new(),
            ids: HashSet::new(),
            measures: HashMap::new(),
            repeated: HashMap::new(),
        }
    }

    pub(super) fn finish(self) -> Plan {
        self.plan
    }

    /// The subject of rules about an object.
    pub(super) fn object(&self, at: usize) -> Subject {
        Subject {
            object: ObjectId(at),
            column: None,
            prefix: self.plan.objects[at].name.clone(),
            tags: self.objects[at].object.tags(),
        }
    }

    /// The subject of rules about a column.
    pub(super) fn column(&self, at: usize, column: usize) -> Subject {
        let declared = &self.objects[at].columns[column];
        Subject {
            object: ObjectId(at),
            column: Some(ColumnId(column)),
            prefix: format!("{}.{}", self.plan.objects[at].name, declared.name),
            tags: declared.tags.clone(),
        }
    }

    /// The id of a column that is declared.
    pub(super) fn column_of(&self, at: usize, property: Property<'_>) -> Option<ColumnId> {
        let node: *const Node = property.node;
        self.objects.get(at)?.places.get(&node).copied()
    }

    /// The id of a column of a name, in an object.
    pub(super) fn column_named(&self, at: usize, name: &str) -> Option<ColumnId> {
        let path = self.names.column(self.objects.get(at)?.object, name)?;
        self.column_of(at, *path.last()?)
    }

    /// The place of an object of a name.
    pub(super) fn object_named(&self, name: &str) -> Option<usize> {
        self.names.object(name)
    }

    /// The id of a measure, which is added where it is not there.
    pub(super) fn measure(&mut self, object: ObjectId, measure: Measure) -> MeasureId {
        // Only those of the same column can be the same, and a wide object has very many.
        let of_column = self.measures.entry((object, measure.column())).or_default();
        let measures = &mut self.plan.objects[object.0].measures;
        if let Some(known) = of_column.iter().find(|id| measures[id.0] == measure) {
            return *known;
        }
        let id = MeasureId(measures.len());
        measures.push(measure);
        of_column.push(id);
        id
    }

    /// The same, with its object.
    pub(super) fn of(&mut self, object: ObjectId, measure: Measure) -> Of {
        Of {
            object,
            measure: self.measure(object, measure),
        }
    }

    /// Adds a check that something is counted nowhere.
    pub(super) fn none_of(
        &mut self,
        subject: &Subject,
        said: Said<'_>,
        at: &Node,
        measure: Measure,
    ) {
        let zero = Operator::MustBe(crate::plan::Literal::Integer(0));
        self.measured(subject, said, at, (measure, Unit::Rows, vec![zero]));
    }

    /// Adds a check of a measure.
    pub(super) fn measured(
        &mut self,
        subject: &Subject,
        said: Said<'_>,
        at: &Node,
        (measure, unit, operators): (Measure, Unit, Vec<Operator>),
    ) {
        let test = Test::Measured {
            measure: self.measure(subject.object, measure),
            unit,
            operators,
        };
        if unit == Unit::Percent
            && let Some(column) = subject.column
            && self.objects[subject.object.0].columns[column.0].in_array
        {
            self.measure(subject.object, Measure::Places(column));
        }
        self.check(subject, said, at, test);
    }

    /// Adds a line about what no machine decides.
    pub(super) fn not_executable(
        &mut self,
        subject: &Subject,
        said: Said<'_>,
        at: &Node,
        reason: impl Into<String>,
    ) {
        let reason = reason.into();
        self.check(subject, said, at, Test::NotExecutable { reason });
    }

    /// Adds a check.
    pub(super) fn check(&mut self, subject: &Subject, said: Said<'_>, at: &Node, test: Test) {
        let id = match said.id {
            Id::Part(part) => format!("{}.{part}", subject.prefix),
            Id::Whole(id) => id,
        };
        let id = self.distinct(&id);
        let mut tags = said.tags;
        for tag in &subject.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        self.plan.checks.push(Check {
            id,
            title: said.title,
            object: subject.object,
            column: subject.column,
            category: said.category,
            dimension: said.dimension.map(str::to_owned),
            severity: said.severity,
            tags,
            line: u64::try_from(self.contract.position(at).line).unwrap_or(1),
            test,
        });
    }

    /// An id that no other check has.
    fn distinct(&mut self, id: &str) -> String {
        let mut candidate = id.to_owned();
        while !self.ids.insert(candidate.clone()) {
            let number = self.repeated.entry(id.to_owned()).or_insert(1);
            *number += 1;
            candidate = format!("{id}-{number}");
        }
        candidate
    }
}
