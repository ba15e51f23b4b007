//! The rules in SQL: run on what the scan reads, over the same files.

use data_contract::plan::{Evidence, Gap, Measure, Plan, Value};
use data_query::{Queries, QueryError};
use data_scan::{ObjectScan, Source};

pub use data_query::Limits;

/// Answers the queries of a plan.
pub(crate) async fn answer(
    plan: &Plan,
    sources: &[Source],
    scans: &mut [ObjectScan],
    limits: Limits,
) {
    let asked = |object: &data_contract::plan::Object| {
        object
            .measures
            .iter()
            .any(|measure| matches!(measure, Measure::Query(_)))
    };
    if !plan.objects.iter().any(asked) {
        return;
    }
    let queries = queries(plan, sources, limits);
    for (object, scan) in plan.objects.iter().zip(scans) {
        for (measure, measured) in object.measures.iter().zip(&mut scan.measured) {
            let Measure::Query(query) = measure else {
                continue;
            };
            let value = match &queries {
                Ok(queries) => queries.scalar(query).await,
                Err(error) => Err(QueryError::Failed(error.to_string())),
            };
            let hidden = plan.hides(ObjectId(at), MeasureId(id));
            measured.value = value.map(Value::Scalar).map_err(|error| match error {
                // What the engine says of a value may show it.
                QueryError::Failed(_) if hidden => Gap::Failed(
                    "it fails on data of a classified column, which are not shown".to_owned(),
                ),
                error => Gap::Failed(error.to_string()),
            });
            measured.evidence = Evidence::Query(query.clone());
        }
    }
}

fn queries(plan: &Plan, sources: &[Source], limits: Limits) -> Result<Queries, QueryError> {
    let mut queries = Queries::new(limits)?;
    for (object, source) in plan.objects.iter().zip(sources) {
        crate::table::add(&mut queries, object, source)?;
    }
    Ok(queries)
}
