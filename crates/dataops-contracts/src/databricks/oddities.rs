//! What is told of files besides the checks of the contract, as far as Databricks says it: rows that it could not read as they are.

use data_contract::plan::{Evidence, Object, Plan, Severity};
use data_contract::spark::{Answer, Source, unfit};
use data_contract::verdict::{CheckResult, Status};

use super::columns::Columns;
use super::compute::Runner;
use super::places::Place;
use crate::CheckError;

/// Lines for each object; asked for where it is `read`, and where a column of Databricks tells it.
pub(super) async fn of(
    runner: &mut Runner,
    plan: &Plan,
    (places, columns): (&[Place], &[Columns]),
    read: &[bool],
) -> Result<Vec<Vec<CheckResult>>, CheckError> {
    let all = places.iter().zip(columns).zip(read);
    let asked = all.map(|((place, columns), read)| {
        let columns = columns.as_ref().ok().filter(|_| *read)?;
        unfit(&place.source, columns)
    });
    let asked: Vec<Option<String>> = asked.collect();
    let answers = runner
        .ask(asked.iter().flatten().cloned().collect())
        .await?;
    let mut answers = answers.into_iter();
    let objects = plan.objects.iter().zip(places).zip(columns).zip(asked);
    let told = objects.map(|(((object, place), columns), asked)| {
        let delimiter = columns
            .as_ref()
            .ok()
            .and_then(|_| delimiter(object, place, columns));
        let asked = asked.and_then(|sql| Some((sql, answers.next()?)));
        let rows = asked.map(|(sql, answer)| rows(object, &sql, answer));
        delimiter
            .into_iter()
            .chain(rows.into_iter().flatten())
            .collect()
    });
    Ok(told.collect())
}

/// What the answer says of rows; an answer that fails does so for the checks of the contract as well.
fn rows(object: &Object, sql: &str, answer: Answer) -> Vec<CheckResult> {
    let counts: Vec<u64> = answer
        .ok()
        .and_then(|rows| rows.into_iter().next())
        .map_or_else(Vec::new, |row| {
            row.iter()
                .map(|text| text.as_deref()?.parse().ok())
                .map(Option::unwrap_or_default)
                .collect()
        });
    let kinds = [
        (
            "files.fitting",
            "the rows fit to the columns that Databricks has found",
            "values that do not fit to the column are NULL, and stand in `_rescued_data`",
            Status::Warning,
        ),
        (
            "files.json",
            "each line is a JSON object",
            "a line is no JSON: it is a row of NULL in Databricks, and stands in `_corrupt_record`",
            Status::Failed,
        ),
    ];
    let told = kinds
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0);
    told.map(|((id, title, reason, status), count)| {
        let mut check = CheckResult::of_files(&object.name, id, title);
        check.status = status;
        check.severity = match status {
            Status::Warning => Severity::Warning,
            _ => Severity::Error,
        };
        check.measured = Some(match count {
            1 => "1 row".to_owned(),
            count => format!("{count} rows"),
        });
        check.value = Some(count as f64);
        check.reason = Some(reason.to_owned());
        check.evidence = Evidence::Query(sql.to_owned());
        check
    })
    .collect()
}

/// That a header has other delimiters than the one that Databricks reads by: nobody finds it out there.
fn delimiter(object: &Object, place: &Place, columns: &Columns) -> Option<CheckResult> {
    let Source::Files {
        format, options, ..
    } = &place.source
    else {
        return None;
    };
    let is_said = options
        .iter()
        .any(|(name, _)| name == "delimiter" || name == "header");
    let mut names = columns.as_ref().ok()?.names();
    let (only, other) = (names.next()?, names.find(|name| !name.starts_with('_')));
    if format != "csv" || is_said || other.is_some() {
        return None;
    }
    let shown = [(';', ";"), ('\t', "\\t"), ('|', "|")];
    let (_, shown) = shown
        .into_iter()
        .find(|(letter, _)| only.contains(*letter))?;
    let mut check = CheckResult::of_files(
        &object.name,
        "files.delimiter",
        "the contract says what is between cells",
    );
    check.status = Status::Warning;
    check.severity = Severity::Warning;
    check.reason = Some(format!(
        "the header looks as if `{shown}` were between cells, and Databricks reads by a comma: say `delimiter: '{shown}'` in the server; only where the data are read by this program it is found out"
    ));
    Some(check)
}
