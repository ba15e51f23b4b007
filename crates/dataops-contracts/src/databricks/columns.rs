//! The columns of each object.

use data_contract::spark::{Answer, Schema, describe, full_types};

use super::compute::Runner;
use super::places::Place;
use crate::CheckError;

/// The columns of an object, or why nobody knows them.
pub(super) type Columns = Result<Schema, String>;

/// The columns of each object. Types that Spark cuts off are asked for once more.
pub(super) async fn of(runner: &mut Runner, places: &[Place]) -> Result<Vec<Columns>, CheckError> {
    let asked = places.iter().map(|place| describe(&place.source));
    let answers = runner.ask(asked.collect()).await?;
    let mut columns: Vec<Columns> = answers.into_iter().map(schema).collect();
    let mut places_of = Vec::new();
    let mut asked = Vec::new();
    for (at, (place, columns)) in places.iter().zip(&columns).enumerate() {
        if let Some(sql) = columns
            .as_ref()
            .ok()
            .and_then(|of| full_types(&place.source, of))
        {
            places_of.push(at);
            asked.push(sql);
        }
    }
    let answers = runner.ask(asked).await?;
    for (at, answer) in places_of.into_iter().zip(answers) {
        // Without an answer what is below such a column is not measured, and everything else is.
        if let (Some(Ok(schema)), Ok(rows)) = (columns.get_mut(at), answer) {
            schema.complete(rows.first().map(Vec::as_slice).unwrap_or_default());
        }
    }
    Ok(columns)
}

fn schema(answer: Answer) -> Columns {
    let rows = answer?;
    let columns = rows.iter().filter_map(|row| match row.as_slice() {
        [Some(name), Some(kind), ..] => Some((name.as_str(), kind.as_str())),
        _ => None,
    });
    Schema::read(columns).map_err(|error| error.to_string())
}
