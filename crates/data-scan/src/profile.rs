//! What data are like that nobody has described yet: a first contract is made of it, and pictures of reports.
//!
//! Nothing here reads files: it asks [`scan`] three times. Which columns there are, of which kinds all of their values are, and
//! what those are like.

mod days;
mod kinds;
mod spans;

use data_contract::infer::{ColumnProfile, Histogram, Profile};
use data_contract::plan::{
    Column, ColumnId, Format, Kind, Literal, Measure, MeasureId, Object, Side, Step, Value,
};

use self::kinds::{Asking, Found};
use self::spans::Spread;
use crate::engine::{ObjectScan, Options, ScannedFile, Source, scan};
use crate::progress::Progress;
use crate::{ReadError, kernel};

/// Most frequent values that are kept.
const TOP: u32 = 20;
/// Bins of a histogram.
const BINS: u32 = 20;

/// The formats that texts are looked at for.
const FORMATS: [Format; 5] = [
    Format::Email,
    Format::Uuid,
    Format::Uri,
    Format::Ipv4,
    Format::Ipv6,
];

/// Looks at all data of a source. Columns are those of the top level.
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
    let ask = |object: &Object, samples: usize| {
        let options = Options {
            samples,
            ..options.clone()
        };
        looked_at(object, source, &options, progress)
    };
    let mut object = Object {
        name: name.to_owned(),
        physical_name: name.to_owned(),
        ..Object::default()
    };
    object.measure(Measure::ExtraColumns);
    let names = names(&ask(&object, usize::MAX)?);

    let asking = Asking::of(name, &names);
    let kinds_scan = ask(&asking.object, 0)?;
    let mut kinds = asking.found(&kinds_scan);
    let like_days = asking.like_days(&kinds_scan, &kinds);
    let times = written_days((name, &names), (&mut kinds, like_days), &ask)?;

    let (object, asked) = values_object(name, &names, &kinds);
    let values = ask(&object, 0)?;
    let columns = names.iter().zip(&kinds).zip(&asked).zip(times);
    let broken = values.files.iter().filter_map(|file| {
        let reason = file.unreadable.as_ref()?;
        Some(format!("{}: {reason}", file.path))
    });
    let mut profile = Profile {
        object: name.to_owned(),
        unreadable: broken.collect(),
        rows: values.rows,
        columns: columns
            .map(|(((name, kind), asked), ways)| ColumnProfile {
                time_format: ways.first().filter(|_| ways.len() == 1).cloned(),
                possible_formats: Some(ways).filter(|ways| ways.len() > 1).unwrap_or_default(),
                name: name.clone(),
                logical_type: kind.as_ref().map(|(name, _)| (*name).to_owned()),
                ..asked.column(&values)
            })
            .collect(),
    };
    histograms(&mut profile, &object, &ask)?;
    Ok(profile)
}

/// Makes days of texts that are all written in one of the usual ways; says in which of these all texts of a column are.
fn written_days(
    (name, names): (&str, &[String]),
    (kinds, like_days): (&mut [Found], Vec<bool>),
    ask: &dyn Fn(&Object, usize) -> Result<ObjectScan, ReadError>,
) -> Result<Vec<Vec<String>>, ReadError> {
    let mut times = vec![Vec::new(); names.len()];
    let texts = like_days.into_iter().enumerate();
    let texts = texts.filter(|(_, is_like_days)| *is_like_days);
    let days = days::Days::of(name, names, texts.map(|(place, _)| place));
    if days.is_empty() {
        return Ok(times);
    }
    for (place, ways) in days.fitting(&ask(&days.object, 0)?) {
        if let [only] = ways.as_slice() {
            let format = Some((*only).to_owned());
            kinds[place] = Some(("date", Kind::Date { format }));
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
    let broken = |file: &ScannedFile| Some((file.path.clone(), file.unreadable.clone()?));
    let broken: Vec<_> = scan.files.iter().filter_map(broken).collect();
    match broken.first() {
        // What is like nothing at all is no data.
        Some((path, reason)) if broken.len() == scan.files.len() => {
            Err(ReadError::Missing(format!("{path}: {reason}")))
        }
        _ => Ok(scan),
    }
}

/// The names of all columns, in the order in which files have them.
fn names(scan: &ObjectScan) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in scan.measured[0]
        .samples
        .iter()
        .filter_map(|sample| sample.value.clone())
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn column(name: &str, kind: Kind) -> Column {
    Column {
        path: vec![Step::Field(name.to_owned())],
        kind,
        physical_type: None,
        optional: true,
        nullable: false,
        masked: false,
    }
}

/// Where the values of a column are measured.
struct Asked {
    nulls: MeasureId,
    empty: MeasureId,
    distinct: MeasureId,
    least: MeasureId,
    greatest: MeasureId,
    top: MeasureId,
    formats: Vec<(Format, MeasureId)>,
}

fn values_object(object: &str, names: &[String], kinds: &[Found]) -> (Object, Vec<Asked>) {
    let mut object = Object {
        name: object.to_owned(),
        ..Object::default()
    };
    let mut asked = Vec::new();
    for (name, kind) in names.iter().zip(kinds) {
        let kind = kind.as_ref().map_or(Kind::Any, |(_, kind)| kind.clone());
        let text = kind == Kind::String;
        object.columns.push(column(name, kind));
        let id = ColumnId(object.columns.len() - 1);
        let nothing = vec![Literal::Text(String::new())];
        let formats = FORMATS.iter().filter(|_| text);
        asked.push(Asked {
            nulls: object.measure(Measure::Nulls(id)),
            empty: object.measure(Measure::Missing(id, nothing)),
            distinct: object.measure(Measure::Distinct(vec![id])),
            least: object.measure(Measure::Extreme(id, Side::Low)),
            greatest: object.measure(Measure::Extreme(id, Side::High)),
            top: object.measure(Measure::Frequencies(id, TOP)),
            formats: formats
                .map(|format| (*format, object.measure(Measure::Malformed(id, *format))))
                .collect(),
        });
    }
    (object, asked)
}

impl Asked {
    fn column(&self, scan: &ObjectScan) -> ColumnProfile {
        let scalar = |id: MeasureId| match &scan.measured[id.0].value {
            Ok(Value::Scalar(literal)) => kernel::words(literal),
            _ => None,
        };
        let (top, rest) = match &scan.measured[self.top.0].value {
            Ok(Value::Frequencies { values, rest }) => (values.clone(), *rest),
            _ => (Vec::new(), 1),
        };
        let (missing, nulls) = (count(scan, self.empty), count(scan, self.nulls));
        let values = scan.rows.saturating_sub(nulls);
        let formats = self
            .formats
            .iter()
            .map(|(format, id)| (*format, values.saturating_sub(count(scan, *id))));
        ColumnProfile {
            // Of the kind that they are read as: an empty cell in quotes is a text, and no number.
            nulls,
            empty: missing.saturating_sub(nulls),
            distinct: matches!(scan.measured[self.distinct.0].value, Ok(Value::Count(_)))
                .then(|| count(scan, self.distinct)),
            least: scalar(self.least),
            greatest: scalar(self.greatest),
            top_is_all: rest == 0,
            top,
            formats: formats.filter(|(_, n)| *n > 0).collect(),
            ..ColumnProfile::default()
        }
    }
}

/// Spreads numbers, days and times over bins of equal width between the least and the greatest.
fn histograms(
    profile: &mut Profile,
    object: &Object,
    ask: &dyn Fn(&Object, usize) -> Result<ObjectScan, ReadError>,
) -> Result<(), ReadError> {
    let mut binned = Object {
        measures: Vec::new(),
        ..object.clone()
    };
    let mut asked = Vec::new();
    let mut spread = Vec::new();
    for (place, column) in profile.columns.iter().enumerate() {
        let asked_of = Spread::ask(&mut binned, ColumnId(place), column);
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
            let width = (greatest - least) / f64::from(BINS);
            let edges: Vec<f64> = (1..BINS)
                .map(|bin| least + width * f64::from(bin))
                .collect();
            let id = binned.measure(Measure::Histogram(ColumnId(place), edges.clone()));
            asked.push((place, id, edges));
        }
    }
    if asked.is_empty() && spread.is_empty() {
        return Ok(());
    }
    let scan = ask(&binned, 0)?;
    for (place, asked) in spread {
        let column = &mut profile.columns[place];
        column.spans = asked.counted(&scan, profile.rows.saturating_sub(column.nulls));
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

fn count(scan: &ObjectScan, id: MeasureId) -> u64 {
    match scan.measured[id.0].value {
        Ok(Value::Count(count)) => count,
        _ => 0,
    }
}
