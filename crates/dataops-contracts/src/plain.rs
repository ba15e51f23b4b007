//! Queries that the scan answers on its way: each asks for one measure, so that neither a second pass nor an engine of SQL is
//! needed for it.

use data_contract::plan::{
    Evidence, Literal, Measure, MeasureId, Measured, Object, ObjectId, Plan, Value,
};
use data_scan::ObjectScan;

/// The queries of a plan that ask for one measure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plain(Vec<Asked>);

#[derive(Clone, Debug)]
struct Asked {
    query: String,
    /// Where the query stands.
    by: (ObjectId, MeasureId),
    /// The object that it is about.
    of: ObjectId,
    /// The measure that it asks for.
    answer: MeasureId,
    /// Values that are not of the column's kind: where there are any, SQL has the word.
    wrong: Option<MeasureId>,
}

impl Plain {
    /// What a plan asks for, and its objects with that among their measures, behind those of the plan.
    pub(crate) fn of(plan: &Plan) -> (Self, Vec<Object>) {
        let mut objects = plan.objects.clone();
        let mut asked = Vec::new();
        for (at, object) in plan.objects.iter().enumerate() {
            for (id, measure) in object.measures.iter().enumerate() {
                let Measure::Query(query) = measure else {
                    continue;
                };
                let Some((of, measure)) = plan.plain(query) else {
                    continue;
                };
                let object = &mut objects[of.0];
                let wrong = measure.column().map(Measure::WrongType);
                asked.push(Asked {
                    query: query.clone(),
                    by: (ObjectId(at), MeasureId(id)),
                    of,
                    wrong: wrong.map(|wrong| object.measure(wrong)),
                    answer: object.measure(measure),
                });
            }
        }
        (Self(asked), objects)
    }

    /// Answers the queries as far as the scan does, and leaves of it what the plan asks for.
    pub(crate) fn answer(&self, plan: &Plan, scans: &mut [ObjectScan]) {
        for asked in &self.0 {
            let Some(value) = asked.value(&scans[asked.of.0]) else {
                continue;
            };
            let (object, id) = asked.by;
            scans[object.0].measured[id.0] = Measured {
                value: Ok(Value::Scalar(value)),
                evidence: Evidence::Query(asked.query.clone()),
                samples: Vec::new(),
                files: Vec::new(),
            };
        }
        for (scan, object) in scans.iter_mut().zip(&plan.objects) {
            scan.measured.truncate(object.measures.len());
        }
    }
}

impl Asked {
    /// The value, where all rows were read and each value was of its kind.
    fn value(&self, scan: &ObjectScan) -> Option<Literal> {
        let value = |id: MeasureId| scan.measured[id.0].value.as_ref().ok();
        let right = |wrong: MeasureId| value(wrong) == Some(&Value::Count(0));
        let whole = scan.files.iter().all(|file| file.unreadable.is_none());
        match value(self.answer)? {
            _ if !whole || !self.wrong.is_none_or(right) => None,
            Value::Count(count) => Some(Literal::Integer((*count).into())),
            Value::Scalar(literal) => Some(literal.clone()),
            Value::AtLeast(..) | Value::Frequencies { .. } | Value::Bins(_) | Value::Spread(_) => {
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use data_contract::compile::{Selection, Settings};
    use data_contract::{Contract, compile};
    use data_scan::{Dialect, Format, Local, Options, Progress, Source, scan};

    use super::*;

    const CONTRACT: &str = "
apiVersion: v3.1.0
kind: DataContract
id: people
version: 1.0.0
status: active
schema:
  - name: people
    properties:
      - { name: age, logicalType: integer }
    quality:
      - { type: sql, query: SELECT COUNT(*) FROM people, mustBe: 3 }
      - { type: sql, query: SELECT AVG(age) FROM people, mustBe: 30 }
      - { type: sql, query: SELECT MAX(Age) FROM `people`, mustBe: 40 }
      - { type: sql, query: SELECT MAX(age) + 1 FROM people, mustBe: 41 }
";

    /// The values of the queries after the scan of a file.
    fn answers(file: &str, text: &str) -> Vec<Option<Literal>> {
        let contract = Contract::read(CONTRACT, &Default::default()).unwrap();
        let plan = compile(&contract, &Selection::default(), &Settings::default()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(file), text).unwrap();
        let source = Source {
            storage: Arc::new(Local::new(folder.path())),
            location: file.to_owned(),
            format: Format::Csv(Dialect::default()),
        };
        let (plain, objects) = Plain::of(&plan);
        let mut scans = scan(&objects, &[source], &Options::default(), &Progress::new()).unwrap();
        plain.answer(&plan, &mut scans);
        let measures = &plan.objects[0].measures;
        assert_eq!(scans[0].measured.len(), measures.len());
        let all = measures.iter().zip(&scans[0].measured);
        let queries = all.filter(|(measure, _)| matches!(measure, Measure::Query(_)));
        let values = queries.map(|(_, measured)| match &measured.value {
            Ok(Value::Scalar(literal)) => Some(literal.clone()),
            _ => None,
        });
        values.collect()
    }

    #[test]
    fn queries_for_one_measure_are_answered_by_the_scan() {
        let found = answers("people.csv", "age\n20\n40\n\"\"\n");
        let expected = [
            Some(Literal::Integer(3)),
            Some(Literal::Number(30.0)),
            Some(Literal::Integer(40)),
            None,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn values_of_another_kind_are_left_to_sql() {
        let found = answers("people.csv", "age\n20\nold\n");
        assert_eq!(found, [Some(Literal::Integer(2)), None, None, None]);
    }

    #[test]
    fn nothing_is_said_of_a_file_that_was_not_read_to_its_end() {
        let cut = "age\n20\n\"".to_owned() + &"x".repeat(17 << 20);
        assert_eq!(answers("people.csv", &cut), [None, None, None, None]);
    }
}
