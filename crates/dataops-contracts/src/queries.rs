//! The rules in SQL: run on what the scan reads, over the same files.

use std::sync::Arc;

use data_contract::plan::{
    Evidence, Gap, Measure, MeasureId, Measured, Object, ObjectId, Plan, Value,
};
use data_query::{Queries, QueryError};
use data_scan::{Layout, ObjectScan, Options, Progress, Source};

pub use data_query::Limits;
pub(crate) use data_query::THREAD;

/// Answers the queries of a plan that have no answer yet.
pub(crate) async fn answer(
    plan: &Plan,
    sources: &[Source],
    scans: &mut [ObjectScan],
    limits: Limits,
    reading: (&Options, &Arc<Progress>),
) {
    let all = plan.objects.iter().zip(scans.iter());
    let all = all.flat_map(|(object, scan)| object.measures.iter().zip(&scan.measured));
    let asked: Vec<&String> = all.filter_map(open).collect();
    if asked.is_empty() {
        return;
    }
    let unread = reading.0.metadata_only;
    // No file need be looked at of what no query reads.
    let is_read = |object: &Object| !unread && asked.iter().any(|query| object.is_read_by(query));
    let tables = plan.objects.iter().zip(sources);
    let tables: Vec<_> = tables.filter(|(object, _)| is_read(object)).collect();
    let queries = match layouts(&tables).await {
        Ok(layouts) => queries(tables.into_iter().zip(layouts), limits, reading),
        Err(error) => Err(error),
    };
    for (at, (object, scan)) in plan.objects.iter().zip(scans).enumerate() {
        let measures = object.measures.iter().zip(&mut scan.measured);
        for (id, (measure, measured)) in measures.enumerate() {
            let Some(query) = open((measure, measured)) else {
                continue;
            };
            if unread {
                let reason = "a query reads values, and only metadata are to be read";
                measured.value = Err(Gap::NotMeasurable(reason.to_owned()));
                continue;
            }
            if let Some(reason) = &scan.missing {
                measured.value = Err(Gap::GivenUp(reason.clone()));
                continue;
            }
            let value = match &queries {
                Ok(queries) => queries.scalar(query).await,
                Err(error) => Err(QueryError::Failed(error.to_string())),
            };
            let hidden = plan.hides_failure(ObjectId(at), MeasureId(id));
            measured.value = value.map(Value::Scalar).map_err(|error| match error {
                error @ (QueryError::TimedOut(_)
                | QueryError::NoSpace { .. }
                | QueryError::NotReadOnly
                | QueryError::Invalid(_)
                | QueryError::NotOneValue { .. }) => Gap::GivenUp(error.to_string()),
                QueryError::TooLarge { limit, .. } if hidden => Gap::GivenUp(format!(
                    "the query needs more memory than the {limit} MiB that it may have"
                )),
                QueryError::Unreadable(_) if hidden => Gap::GivenUp(
                    "the data of a table cannot be read; what is told of its files says why"
                        .to_owned(),
                ),
                // What the engine says of a value may show it, and whoever judges hides it then.
                error => Gap::Failed(error.to_string()),
            });
            measured.evidence = Evidence::Query(query.clone());
        }
    }
}

/// The query of a measure, where it has no answer.
fn open<'q>((measure, measured): (&'q Measure, &Measured)) -> Option<&'q String> {
    match measure {
        Measure::Query(query) if measured.value.is_err() => Some(query),
        _ => None,
    }
}

/// The columns of each table. Who looks at files waits for them, which is no matter of the caller's thread.
async fn layouts(tables: &[(&Object, &Source)]) -> Result<Vec<Layout>, QueryError> {
    let own = |&(object, source): &(&Object, &Source)| (object.clone(), source.clone());
    let tables: Vec<_> = tables.iter().map(own).collect();
    let looking = tokio::task::spawn_blocking(move || {
        let all = tables.iter();
        all.map(|(object, source)| Layout::of(object, source))
            .collect()
    });
    looking
        .await
        .map_err(|error| QueryError::Broken(error.to_string()))
}

fn queries<'t>(
    tables: impl Iterator<Item = ((&'t Object, &'t Source), Layout)>,
    limits: Limits,
    (options, progress): (&Options, &Arc<Progress>),
) -> Result<Queries, QueryError> {
    let options = Options {
        samples: 0,
        ..options.clone()
    };
    let mut queries = Queries::new(limits)?;
    for ((object, source), layout) in tables {
        crate::table::add(&mut queries, object, (source, layout), (&options, progress))?;
    }
    Ok(queries)
}
