//! Which keys the measures of all objects need.

use data_contract::plan::{ColumnId, Measure, Object, ObjectId};

use super::set::KeySet;

/// How many bits of a key are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Width {
    /// 64: what repeats is looked at again.
    Single,
    /// 128: two objects are compared, or different values counted, without a second look.
    Double,
}

/// Keys of some columns of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeySpec {
    pub(crate) columns: Vec<ColumnId>,
    pub(crate) width: Width,
    /// Whether each is kept once.
    pub(crate) once: bool,
    /// Whether NULL is a value like any other.
    pub(crate) with_nulls: bool,
    /// A column whose values are kept beside each key.
    pub(crate) by: Option<ColumnId>,
}

impl KeySpec {
    fn new(columns: &[ColumnId], width: Width, once: bool) -> Self {
        Self {
            columns: columns.to_vec(),
            width,
            once,
            with_nulls: false,
            by: None,
        }
    }

    /// The keys that a measure needs of the object that it is about.
    pub(crate) fn of(measure: &Measure) -> Option<Self> {
        Some(match measure {
            Measure::Surplus(columns) | Measure::RepeatedKeys(columns) => {
                Self::new(columns, Width::Single, false)
            }
            Measure::Distinct(columns) => Self::new(columns, Width::Double, true),
            Measure::Orphans { columns, .. } => Self::new(columns, Width::Double, false),
            Measure::Shared { columns, rows, .. } => Self {
                with_nulls: *rows,
                ..Self::new(columns, Width::Double, !rows)
            },
            Measure::Divided { columns, rows, by } => {
                let keys = Self::new(columns, Width::Double, !rows);
                Self {
                    with_nulls: *rows,
                    by: Some(*by),
                    ..keys
                }
            }
            _ => return None,
        })
    }

    /// The keys that a measure needs of another object.
    pub(crate) fn elsewhere(measure: &Measure) -> Option<(ObjectId, Self)> {
        match measure {
            Measure::Orphans { to, to_columns, .. } => {
                Some((*to, Self::new(to_columns, Width::Double, true)))
            }
            Measure::Shared {
                with,
                with_columns,
                rows,
                ..
            } => {
                // Those of whole rows are needed of each object for both of them.
                let keys = Self::new(with_columns, Width::Double, !rows);
                Some((
                    *with,
                    Self {
                        with_nulls: *rows,
                        ..keys
                    },
                ))
            }
            _ => None,
        }
    }

    /// All columns that are read for them.
    pub(crate) fn reads(&self) -> impl Iterator<Item = ColumnId> {
        self.columns.iter().copied().chain(self.by)
    }

    /// An empty set for them.
    pub(crate) fn bag(&self) -> Bag {
        match self.width {
            Width::Single => Bag::Single {
                keys: KeySet::new(self.once),
                exact: true,
            },
            Width::Double => Bag::Double(KeySet::new(self.once)),
        }
    }
}

/// The keys that are needed of each object.
pub(crate) fn key_specs(objects: &[Object]) -> Vec<Vec<KeySpec>> {
    let mut specs = vec![Vec::new(); objects.len()];
    let mut add = |object: usize, spec: KeySpec| {
        if let Some(specs) = specs
            .get_mut(object)
            .filter(|specs: &&mut Vec<KeySpec>| !specs.contains(&spec))
        {
            specs.push(spec);
        }
    };
    for (place, object) in objects.iter().enumerate() {
        for measure in &object.measures {
            KeySpec::of(measure)
                .into_iter()
                .for_each(|spec| add(place, spec));
            KeySpec::elsewhere(measure)
                .into_iter()
                .for_each(|(other, spec)| add(other.0, spec));
        }
    }
    specs
}

/// Keys, as many bits of each as are needed.
#[derive(Debug)]
pub(crate) enum Bag {
    /// 64 bits, and whether equal ones are equal keys.
    Single {
        /// The keys.
        keys: KeySet<u64>,
        /// Whether equal ones are equal keys.
        exact: bool,
    },
    /// 128 bits.
    Double(KeySet<u128>),
}

/// The keys of a unit of work, until it is known to be right.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fill {
    pub(crate) first: Vec<u64>,
    /// The second hashes, where there are any.
    pub(crate) second: Vec<u64>,
    /// Whether equal hashes are not known to be equal keys.
    pub(crate) doubtful: bool,
}

impl Bag {
    /// Adds the keys of a unit of work.
    pub(crate) fn add(&mut self, fill: Fill) {
        match self {
            Self::Single { keys, exact } => {
                *exact &= !fill.doubtful;
                keys.extend(fill.first);
            }
            Self::Double(keys) => {
                let pairs = fill.first.into_iter().zip(fill.second);
                keys.extend(
                    pairs.map(|(first, second)| u128::from(first) << 64 | u128::from(second)),
                );
            }
        }
    }
}
