//! What data are like that nobody has described yet: a first contract is made of it, and pictures of reports.
//!
//! Nothing here reads files: it asks [`scan`] three times. Which columns there are, of which kinds all of their values are, and
//! what those are like.

mod days;

use data_contract::infer::{ColumnProfile, Histogram, Profile};
use data_contract::plan::{
    Column, ColumnId, Format, Kind, Literal, Measure, MeasureId, Object, Pattern, Side, Step, Value,
};

use crate::engine::{ObjectScan, Options, ScannedFile, Source, scan};
use crate::progress::Progress;
use crate::{ReadError, kernel};

/// Most frequent values that are kept.
const TOP: u32 = 20;
/// Bins of a histogram.
const BINS: u32 = 20;

/// Kinds, the narrowest first, with their names in contracts.
fn kinds() -> [(&'static str, Kind); 7] {
    [
        ("integer", Kind::Integer),
        ("number", Kind::Number),
        ("boolean", Kind::Boolean),
        ("date", Kind::Date { format: None }),
        (
            "timestamp",
            Kind::Timestamp {
                format: None,
                zone: None,
            },
        ),
        ("time", Kind::Time { format: None }),
        ("string", Kind::String),
    ]
}

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

    let (object, nulls, wrong, plain) = kinds_object(name, &names);
    let kinds_scan = ask(&object, 0)?;
    let mut kinds: Vec<Found> = wrong
        .iter()
        .zip(nulls.iter().zip(&plain))
        .map(|(wrong, (nulls, plain))| match kind(&kinds_scan, wrong) {
            Some((_, Kind::Integer | Kind::Number))
                if padded(&kinds_scan, wrong, (*nulls, *plain)) =>
            {
                Some(("string", Kind::String))
            }
            kind => kind,
        })
        .collect();

    let times = written_days(name, (&names, &mut kinds), &ask)?;

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
            .map(|(((name, kind), asked), time_format)| ColumnProfile {
                time_format,
                name: name.clone(),
                logical_type: kind.as_ref().map(|(name, _)| (*name).to_owned()),
                ..asked.column(&values)
            })
            .collect(),
    };
    histograms(&mut profile, &object, &ask)?;
    Ok(profile)
}

/// The logical type of a column and how its values are read; none where there are no values.
type Found = Option<(&'static str, Kind)>;

/// Makes days of texts that are all written in one of the usual ways; says how, and for texts that could be several, which.
fn written_days(
    name: &str,
    (names, kinds): (&[String], &mut [Found]),
    ask: &dyn Fn(&Object, usize) -> Result<ObjectScan, ReadError>,
) -> Result<Vec<Option<String>>, ReadError> {
    let mut times = vec![None; names.len()];
    let is_text = |kind: &Option<(&str, Kind)>| matches!(kind, Some((_, Kind::String)));
    let texts = kinds.iter().enumerate().filter(|(_, kind)| is_text(kind));
    let days = days::Days::of(name, names, texts.map(|(place, _)| place));
    if days.is_empty() {
        return Ok(times);
    }
    for (place, ways) in days.fitting(&ask(&days.object, 0)?) {
        if let [only] = ways.as_slice() {
            let format = Some((*only).to_owned());
            kinds[place] = Some(("date", Kind::Date { format }));
        }
        times[place] = (!ways.is_empty()).then(|| ways.join(" or "));
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

/// Numbers that are filled up with zeros, as ids and postal codes are: read as numbers they would lose them.
const PADDED: &str = "^0[0-9]";

/// Whether all values of a column are text, and any of them is filled up with zeros.
fn padded(scan: &ObjectScan, wrong: &[MeasureId], (nulls, plain): (MeasureId, MeasureId)) -> bool {
    let value = |id: MeasureId| scan.measured[id.0].value.as_ref();
    let text = wrong.last().map(|id| value(*id)) == Some(Ok(&Value::Count(0)));
    match value(plain) {
        Ok(Value::Count(plain)) => text && scan.rows > plain + count(scan, nulls),
        _ => false,
    }
}

/// Where the NULLs of each column are counted, the values that are not of each kind, and those that are not filled up with zeros.
type Asking = (Object, Vec<MeasureId>, Vec<Vec<MeasureId>>, Vec<MeasureId>);

/// Each column as each kind.
fn kinds_object(object: &str, names: &[String]) -> Asking {
    let mut object = Object {
        name: object.to_owned(),
        ..Object::default()
    };
    let (mut nulls, mut wrong, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for name in names {
        let mut of_name = Vec::new();
        for (_, kind) in kinds() {
            object.columns.push(column(name, kind));
            let id = ColumnId(object.columns.len() - 1);
            of_name.push(object.measure(Measure::WrongType(id)));
        }
        // The last kind is text.
        let text = ColumnId(object.columns.len() - 1);
        nulls.push(object.measure(Measure::Nulls(text)));
        plain.push(object.measure(Measure::Invalid {
            column: text,
            values: None,
            pattern: Some(Pattern(PADDED.to_owned())),
        }));
        wrong.push(of_name);
    }
    (object, nulls, wrong, plain)
}

/// The narrowest kind that all values have; none where there is no value or no such kind.
fn kind(scan: &ObjectScan, wrong: &[MeasureId]) -> Found {
    let fits = |id: &MeasureId| matches!(scan.measured[id.0].value, Ok(Value::Count(0)));
    let mut fitting = kinds()
        .into_iter()
        .zip(wrong)
        .filter(|(_, id)| fits(id))
        .map(|(kind, _)| kind);
    let narrowest = fitting.next()?;
    // What is of every kind has no value at all.
    (fitting.count() < wrong.len() - 1).then_some(narrowest)
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

/// Spreads numbers over bins of equal width between the least and the greatest.
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
    for (place, column) in profile.columns.iter().enumerate() {
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
    if asked.is_empty() {
        return Ok(());
    }
    let scan = ask(&binned, 0)?;
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
