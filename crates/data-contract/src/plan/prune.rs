//! Fewer checks, and only the measures that they need.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Formula, Measure, MeasureId, ObjectId, Of, Plan, Reference, Rows, Test};

impl Plan {
    /// Keeps the checks that are wanted, and the measures that they and their percentages are computed from.
    pub fn keep(&mut self, wanted: impl Fn(&Check) -> bool) {
        self.checks.retain(wanted);
        for at in 0..self.objects.len() {
            self.prune(ObjectId(at));
        }
    }

    fn prune(&mut self, id: ObjectId) {
        let mut used = BTreeMap::new();
        let mut inner = BTreeSet::new();
        for check in &self.checks {
            inner.extend(check.column.filter(|_| check.object == id));
            for of in check.measures() {
                if of.object == id {
                    used.insert(of.measure, MeasureId(0));
                }
            }
        }
        // Of how many rows and places percentages are.
        let is_whole = |measure: &Measure| match measure {
            Measure::Rows => true,
            Measure::Places(column) => inner.contains(column),
            _ => false,
        };
        let measures = self.objects[id.0].measures.iter().enumerate();
        let wholes = measures.filter(|(_, measure)| !used.is_empty() && is_whole(measure));
        let wholes: Vec<_> = wholes
            .map(|(at, _)| (MeasureId(at), MeasureId(0)))
            .collect();
        used.extend(wholes);
        let old = std::mem::take(&mut self.objects[id.0].measures);
        for (at, measure) in old.into_iter().enumerate() {
            if let Some(new) = used.get_mut(&MeasureId(at)) {
                *new = self.objects[id.0].fresh(measure);
            }
        }
        for check in &mut self.checks {
            let object = check.object;
            check.test.each_measure(object, &mut |object, measure| {
                if object == id {
                    *measure = used[measure];
                }
            });
        }
    }
}

impl Check {
    /// The measures that it is computed from.
    #[must_use]
    pub fn measures(&self) -> Vec<Of> {
        let mut measures = Vec::new();
        let mut test = self.test.clone();
        test.each_measure(self.object, &mut |object, measure| {
            measures.push(Of {
                object,
                measure: *measure,
            });
        });
        measures
    }
}

impl Test {
    fn each_measure(&mut self, own: ObjectId, visit: &mut impl FnMut(ObjectId, &mut MeasureId)) {
        match self {
            Self::Measured { measure, .. } | Self::Age { measure, .. } => visit(own, measure),
            Self::Derived { formula, .. } => formula.each_measure(visit),
            Self::NotExecutable { .. } | Self::Undecided { .. } => {}
        }
    }
}

impl Formula {
    fn each_measure(&mut self, visit: &mut impl FnMut(ObjectId, &mut MeasureId)) {
        let mut see = |of: &mut Of| visit(of.object, &mut of.measure);
        match self {
            Self::Share { part: one, rest }
            | Self::Difference {
                whole: one,
                parts: rest,
            } => {
                see(one);
                rest.iter_mut().for_each(see);
            }
            Self::LabelShift(one, other)
            | Self::UnlikelyShift(one, other)
            | Self::NewLabels(one, other) => {
                see(one);
                see(other);
            }
            Self::Ahead {
                earlier: one,
                later: other,
            }
            | Self::Ratio {
                part: one,
                whole: other,
            }
            | Self::LabelShare {
                part: one,
                whole: other,
                ..
            }
            | Self::NullsWithin {
                nulls: one,
                parents: other,
            } => {
                see(one);
                see(other);
            }
            Self::LeastShare { of, .. } | Self::GreatestShare(of) => see(of),
            Self::Volume { here, reference } => {
                see(here);
                if let Rows::Measured(other) = reference {
                    see(other);
                }
            }
            Self::Variety {
                distinct,
                rows,
                nulls,
            } => [distinct, rows, nulls].into_iter().for_each(see),
            Self::Psi(of, reference)
            | Self::Ks(of, reference)
            | Self::ChiSquare(of, reference)
            | Self::JensenShannon(of, reference)
            | Self::Unseen(of, reference) => {
                see(of);
                if let Reference::Measured(other) = reference {
                    see(other);
                }
            }
            Self::Sum(all) => all.iter_mut().for_each(see),
        }
    }
}
