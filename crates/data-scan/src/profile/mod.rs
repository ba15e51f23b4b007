//! What data are like that nobody has described yet: a first contract is made of it, and pictures of reports.
//!
//! Nothing here reads files: it asks [`scan`] three times. Which columns there are, of which kinds all of their values are, and
//! what those are like.

mod days;
mod kinds;
mod spans;
mod values;

use std::collections::HashMap;

use data_contract::infer::{ColumnProfile, Histogram, MOST_VALUES, Profile};
use data_contract::plan::{
    Column, ColumnId, Kind, Measure, MeasureId, Object, Spread, Step, Value,
};

use self::kinds::{Asking, Found};
use self::spans::Times;
use self::values::values_object;
use crate::ReadError;
use crate::engine::{ObjectScan, Options, ScannedFile, Source, scan};
use crate::finding::{Finding, Oddity};
use crate::progress::Progress;

/// Bins of a histogram.
const BINS: u32 = 20;

/// Looks at all data of a source: its columns, and what is within those that are objects or arrays.
///
/// # Errors
///
/// When it was cancelled, there is nothing to read, or none of it can be read.
pub fn profile(
    name: &str,
    source: &Source,
    options: &Options,
    progress: &Progress,
) -> Result<Profile, ReadError> {
    let options = Options {
        samples: 0,
        ..options.clone()
    };
    let ask = |object: &Object| looked_at(object, source, &options, progress);
    let (paths, files) = crate::engine::columns(source, (&options, progress))?;
    readable(&files)?;

    let asking = Asking::of(name, &paths);
    let kinds_scan = ask(&asking.object)?;
    let kinds = asking.found(&kinds_scan);
    let like_days = asking.like_days(&kinds_scan, &kinds);
    let nearly = asking.nearly(&kinds_scan, &kinds);
    let nearly: HashMap<_, _> = paths.iter().cloned().zip(nearly).collect();
    let mut columns = within_their_kinds(paths, kinds, like_days);
    let times = written_days(name, &mut columns, &ask)?;

    let (object, asked) = values_object(name, &columns);
    let values = ask(&object)?;
    let broken = values.files.iter().filter_map(|file| {
        let reason = file.unreadable.as_ref()?;
        Some(format!("{}: {reason}", file.path))
    });
    let profiled = columns.iter().zip(&asked).zip(times);
    let profiled = profiled.map(|((column, asked), ways)| ColumnProfile {
        time_format: ways.first().filter(|_| ways.len() == 1).cloned(),
        possible_formats: Some(ways).filter(|ways| ways.len() > 1).unwrap_or_default(),
        name: Step::name(&column.path),
        path: column.path.clone(),
        logical_type: column.kind.as_ref().map(|(name, _)| (*name).to_owned()),
        nearly: nearly.get(&column.path).cloned().flatten(),
        ..asked.column(&values)
    });
    let mut profile = Profile {
        object: name.to_owned(),
        unreadable: broken.collect(),
        odd: values.findings.iter().filter_map(odd).collect(),
        rows: values.rows,
        columns: profiled.collect(),
    };
    histograms(&mut profile, &object, &ask)?;
    Ok(profile)
}

/// What is said of something odd that a contract cannot allow.
fn odd(finding: &Finding) -> Option<String> {
    let rows = finding.rows.iter().map(u64::to_string);
    let rows = rows.collect::<Vec<_>>().join(", ");
    let first = match rows.as_str() {
        "" => String::new(),
        rows => format!(", first in row {rows}"),
    };
    match &finding.oddity {
        Oddity::Delimiter(_) | Oddity::NoRows | Oddity::Ignored => None,
        odd => Some(format!("{}: {odd}{first}", finding.file)),
    }
}

/// A column that is looked at.
struct Looked {
    path: Vec<Step>,
    kind: Found,
    /// Whether all of its texts have the shape of days.
    like_days: bool,
}

/// Columns without those that are within what is no object, or no array, throughout.
fn within_their_kinds(
    paths: Vec<Vec<Step>>,
    kinds: Vec<Found>,
    like_days: Vec<bool>,
) -> Vec<Looked> {
    let mut outer: HashMap<Vec<Step>, Kind> = HashMap::new();
    let mut columns = Vec::new();
    for ((path, kind), like_days) in paths.into_iter().zip(kinds).zip(like_days) {
        let is_part = match path.split_last() {
            Some((_, [])) | None => true,
            Some((Step::Field(_), way)) => outer.get(way) == Some(&Kind::Object),
            Some((Step::Items, way)) => outer.get(way) == Some(&Kind::Array),
        };
        if is_part {
            if let Some((_, kind @ (Kind::Object | Kind::Array))) = &kind {
                outer.insert(path.clone(), kind.clone());
            }
            columns.push(Looked {
                path,
                kind,
                like_days,
            });
        }
    }
    columns
}

/// Makes days of texts that are all written in one of the usual ways; says in which of these all texts of a column are.
fn written_days(
    name: &str,
    columns: &mut [Looked],
    ask: &dyn Fn(&Object) -> Result<ObjectScan, ReadError>,
) -> Result<Vec<Vec<String>>, ReadError> {
    let mut times = vec![Vec::new(); columns.len()];
    let days = days::Days::of(name, columns);
    if days.is_empty() {
        return Ok(times);
    }
    for (place, ways) in days.fitting(&ask(&days.object)?) {
        if let [only] = ways.as_slice() {
            let format = Some((*only).to_owned());
            columns[place].kind = Some(("date", Kind::Date { format }));
        }
        times[place] = ways.into_iter().map(str::to_owned).collect();
    }
    Ok(times)
}

/// What one pass over the source has measured.
fn looked_at(
    object: &Object,
    source: &Source,
    options: &Options,
    progress: &Progress,
) -> Result<ObjectScan, ReadError> {
    let scans = scan(
        std::slice::from_ref(object),
        std::slice::from_ref(source),
        options,
        progress,
    )?;
    let scan = scans
        .into_iter()
        .next()
        .ok_or_else(|| ReadError::Missing("nothing was read".to_owned()))?;
    if let Some(reason) = scan.missing {
        return Err(ReadError::Missing(reason));
    }
    readable(&scan.files)?;
    Ok(scan)
}

/// Refuses what is like nothing at all: it is no data.
fn readable(files: &[ScannedFile]) -> Result<(), ReadError> {
    let broken = |file: &ScannedFile| Some((file.path.clone(), file.unreadable.clone()?));
    let broken: Vec<_> = files.iter().filter_map(broken).collect();
    match broken.first() {
        Some((path, reason)) if broken.len() == files.len() => {
            Err(ReadError::Missing(format!("{path}: {reason}")))
        }
        _ => Ok(()),
    }
}

fn column(path: &[Step], kind: Kind) -> Column {
    Column {
        path: path.to_vec(),
        kind,
        wide: false,
        physical_type: None,
        optional: true,
        nullable: false,
        masked: false,
    }
}

/// Spreads numbers, days and times over bins of equal width between the least and the greatest, as a picture shows them.
fn histograms(
    profile: &mut Profile,
    object: &Object,
    ask: &dyn Fn(&Object) -> Result<ObjectScan, ReadError>,
) -> Result<(), ReadError> {
    let mut binned = Object {
        measures: Vec::new(),
        ..object.clone()
    };
    let mut asked = Vec::new();
    let mut spread = Vec::new();
    let mut values = Vec::new();
    for (place, column) in profile.columns.iter().enumerate() {
        if is_of_categories(column, profile.rows) {
            let all = Measure::Frequencies(ColumnId(place), MOST_VALUES);
            values.push((place, binned.measure(all)));
        }
        let asked_of = Times::ask(&mut binned, ColumnId(place), column);
        spread.extend(asked_of.map(|asked| (place, asked)));
        let numeric = matches!(column.logical_type.as_deref(), Some("integer" | "number"));
        let ends = column
            .least
            .as_deref()
            .zip(column.greatest.as_deref())
            .filter(|_| numeric);
        let ends = ends.and_then(|(least, greatest)| {
            Some((least.parse::<f64>().ok()?, greatest.parse::<f64>().ok()?))
        });
        if let Some((least, greatest)) =
            ends.filter(|(least, greatest)| least < greatest && (greatest - least).is_finite())
        {
            let whole = column.logical_type.as_deref() == Some("integer");
            let edges = edges((least, greatest), whole);
            let id = binned.fresh(Measure::Histogram(ColumnId(place), edges.clone()));
            asked.push((place, id, edges));
        }
    }
    if asked.is_empty() && spread.is_empty() && values.is_empty() {
        return Ok(());
    }
    let scan = ask(&binned)?;
    for (place, id) in values {
        if let Ok(Value::Frequencies {
            values, rest: 0, ..
        }) = &scan.measured[id.0].value
        {
            profile.columns[place].values.clone_from(values);
        }
    }
    for (place, asked) in spread {
        let column = &mut profile.columns[place];
        column.spans = asked.counted(&scan, column.values(profile.rows));
    }
    for (place, id, edges) in asked {
        if let Ok(Value::Bins(counts)) = &scan.measured[id.0].value {
            profile.columns[place].histogram = Some(Histogram {
                edges,
                counts: counts.clone(),
            });
        }
    }
    Ok(())
}

/// The bounds between bins of equal width. Those of whole numbers are whole, so that no bin is one that nothing can be in.
fn edges((least, greatest): (f64, f64), whole: bool) -> Vec<f64> {
    let width = (greatest - least) / f64::from(BINS);
    if !whole {
        let bins = 1..BINS;
        return bins.map(|bin| least + width * f64::from(bin)).collect();
    }
    let width = ((greatest - least + 1.0) / f64::from(BINS)).ceil();
    let bounds = (1..BINS).map(|bin| least + width * f64::from(bin));
    bounds.take_while(|bound| *bound <= greatest).collect()
}

/// Whether a column has categories that are kept for the next run, and no names of things: each comes twice on average.
fn is_of_categories(column: &ColumnProfile, rows: u64) -> bool {
    let numeric = matches!(column.logical_type.as_deref(), Some("integer" | "number"));
    let few = |distinct: u64| {
        distinct <= MOST_VALUES.into() && distinct.saturating_mul(2) <= column.values(rows)
    };
    !numeric && !column.top_is_all && column.distinct.is_some_and(few)
}

fn spread(scan: &ObjectScan, id: MeasureId) -> Option<Spread> {
    match &scan.measured[id.0].value {
        Ok(Value::Spread(spread)) if spread.total() > 0 => Some(spread.clone()),
        _ => None,
    }
}

fn count(scan: &ObjectScan, id: MeasureId) -> u64 {
    match scan.measured[id.0].value {
        Ok(Value::Count(count)) => count,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::edges;

    #[test]
    fn bins_of_whole_numbers_have_whole_bounds() {
        assert_eq!(edges((0.0, 3.0), true), [1.0, 2.0, 3.0]);
        assert_eq!(edges((0.0, 1.0), true), [1.0]);
        let many = edges((-5.0, 94.0), true);
        assert_eq!((many.len(), many[0], many[18]), (19, 0.0, 90.0));
        // Beyond 2^53 whole numbers are not told apart, and a bound stays one.
        assert!(edges((0.0, 1e18), true).len() == 19);
        assert_eq!(edges((0.0, 1.0), false)[0], 0.05);
    }
}
