//! What is written of a column.

use crate::plan::{Format, Step};
use crate::text::{count, number};

use super::profile::{ColumnProfile, Profile};
use super::write::{Yaml, scalar};

/// The most values of a set.
const SET: usize = 20;
/// How often a value of a set is there, on average, so that the set is no chance.
const OFTEN: u64 = 20;
/// The values of a set that are told with their shares.
const SHOWN: usize = 5;
/// Percentages that people use as limits.
const LIMITS: [f64; 9] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 90.0];
/// How deep columns nest in a contract.
const DEEPEST: usize = 12;

/// Columns that are fields of another one, or of the row.
pub(super) fn children<'p>(columns: &'p [ColumnProfile], outer: &[Step]) -> Vec<&'p ColumnProfile> {
    let inner = |column: &&ColumnProfile| match column.way().split_last() {
        Some((Step::Field(_), way)) => way == outer,
        _ => false,
    };
    columns.iter().filter(inner).collect()
}

/// The column that looks like the primary key: the first one that is never null, never repeats, and is called so.
pub(super) fn key(profile: &Profile) -> Option<&ColumnProfile> {
    let mut columns = profile
        .columns
        .iter()
        .filter(|column| column.way().len() == 1);
    columns.find(|column| {
        let name = column.name.to_lowercase();
        let called = name == "id"
            || name.ends_with("_id")
            || name == "key"
            || name == "uuid"
            || column.name.ends_with("Id");
        called && is_unique(profile, column) && column.nulls == 0
    })
}

fn is_unique(profile: &Profile, column: &ColumnProfile) -> bool {
    profile.rows > 1 && column.distinct == Some(profile.rows.saturating_sub(column.nulls))
}

/// Writes a column.
pub(super) fn write(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile, is_key: bool) {
    nested(yaml, profile, column, (is_key, 0));
}

fn nested(
    yaml: &mut Yaml,
    profile: &Profile,
    column: &ColumnProfile,
    (is_key, depth): (bool, usize),
) {
    let way = column.way();
    let top = way.len() == 1;
    match (way.last(), &column.logical_type) {
        (Some(Step::Field(name)), _) => yaml.text("name", name),
        (_, None) => yaml.text("description", "the items"),
        (_, Some(_)) => {}
    }
    if let Some(kind) = &column.logical_type {
        yaml.text("logicalType", kind);
        if let Some(doubt) = doubts(profile, column) {
            yaml.note(&doubt);
        }
        if !column.possible_formats.is_empty() {
            let ways = column.possible_formats.join(" or ");
            yaml.note(&format!(
                "days, as it seems, written as {ways}; say which by logicalType date and a format"
            ));
        }
    }
    if let Some(physical) = &column.physical_type {
        yaml.text("physicalType", physical);
    }
    if top {
        keys(yaml, profile, column, is_key);
    } else {
        always(yaml, profile, column);
    }
    options(yaml, profile, column);
    quality(yaml, profile, column, top);
    if depth >= DEEPEST {
        return;
    }
    match column.logical_type.as_deref() {
        Some("object") => {
            let fields = children(&profile.columns, &way);
            if fields.is_empty() {
                return;
            }
            yaml.open("properties");
            for field in fields {
                yaml.item(|yaml| nested(yaml, profile, field, (false, depth + 1)));
            }
            yaml.close();
        }
        Some("array") => {
            if let Some(items) = within(profile, &[&way, &[Step::Items][..]].concat()) {
                yaml.open("items");
                nested(yaml, profile, items, (false, depth + 1));
                yaml.close();
            }
        }
        _ => {}
    }
}

/// What nearly holds of the values, and whoever keeps the contract may want to hold.
fn doubts(profile: &Profile, column: &ColumnProfile) -> Option<String> {
    let values = column.values(profile.rows);
    if column.nans > 0 {
        let (nans, values) = (count(column.nans), count(values));
        return Some(format!(
            "{nans} of {values} are NaN, which is beyond any bound"
        ));
    }
    if let Some((kind, others)) = &column.nearly {
        let others = count(*others);
        return Some(format!("all but {others} of {} are {kind}", count(values)));
    }
    let nearly =
        |(_, matching): &&(Format, u64)| *matching < values && values - matching <= values / 100;
    let (format, matching) = column.formats.iter().find(nearly)?;
    let mut names = Format::ALL.into_iter();
    let (name, _) = names.find(|(_, known)| known == format)?;
    let others = count(values - matching);
    Some(format!(
        "all but {others} of {} are of the format {name}",
        count(values)
    ))
}

fn within<'p>(profile: &'p Profile, way: &[Step]) -> Option<&'p ColumnProfile> {
    profile.columns.iter().find(|column| *column.way() == *way)
}

/// Says that a field of each object, or each item, is there, where one was ever there.
fn always(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile) {
    let way = column.way();
    let Some((last, outer)) = way.split_last() else {
        return;
    };
    // What is not there has no fields.
    let (all, nulls) = match last {
        Step::Items => (column.places, column.nulls),
        Step::Field(_) => match within(profile, outer) {
            Some(outer) => (
                Some(outer.values(profile.rows)),
                column.nulls.saturating_sub(outer.nulls),
            ),
            None => (None, column.nulls),
        },
    };
    if let Some(all) = all.filter(|all| *all > 0 && nulls == 0) {
        yaml.pair("required", "true");
        yaml.note(&format!("none of {} is null", count(all)));
    }
}

fn keys(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile, is_key: bool) {
    if is_key {
        yaml.pair("primaryKey", "true");
        yaml.note("it looks like one: never null, never twice, and called so");
    }
    if column.nulls == 0 && profile.rows > 0 {
        yaml.pair("required", "true");
        yaml.note(&format!("none of {} is null", count(profile.rows)));
    }
    let whole = matches!(column.logical_type.as_deref(), Some("string" | "integer"));
    if whole && is_unique(profile, column) {
        yaml.pair("unique", "true");
        yaml.note(&format!(
            "{} different values",
            count(column.distinct.unwrap_or_default())
        ));
    }
}

fn options(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile) {
    let mut lines: Vec<(&str, String, String)> = Vec::new();
    let kind = column.logical_type.as_deref().unwrap_or_default();
    match kind {
        "date" | "timestamp" | "time" => {
            if let Some(format) = &column.time_format {
                lines.push(("format", scalar(format), "all are written so".to_owned()));
            }
        }
        "integer" | "number" => numbers(profile, column, &mut lines),
        "string" if column.possible_formats.is_empty() => texts(profile, column, &mut lines),
        "array" => {
            let values = column.values(profile.rows);
            let seen = match (column.shortest, column.longest) {
                (Some(0), _) => None,
                (Some(least), Some(most)) => {
                    Some(format!("from {} to {} items", count(least), count(most)))
                }
                _ if values > 0 && column.empty == 0 => {
                    Some(format!("none of {} is empty", count(values)))
                }
                _ => None,
            };
            lines.extend(seen.map(|seen| ("minItems", "1".to_owned(), seen)));
        }
        _ => {}
    }
    if lines.is_empty() {
        return;
    }
    yaml.open("logicalTypeOptions");
    for (key, value, evidence) in lines {
        yaml.pair(key, &value);
        yaml.note(&evidence);
    }
    yaml.close();
}

/// Bounds that mean something: nothing below 0, shares, and what is seen of numbers that do not grow.
fn numbers(profile: &Profile, column: &ColumnProfile, lines: &mut Vec<(&str, String, String)>) {
    let read = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
    let Some((least, most)) = read(&column.least).zip(read(&column.greatest)) else {
        return;
    };
    let is_bounded = least.is_finite() && most.is_finite() && column.nans == 0;
    if !is_bounded || set(profile, column).is_some() {
        return;
    }
    let seen = format!("from {} to {}", number(least), number(most));
    if least >= 0.0 {
        lines.push(("minimum", "0".to_owned(), seen.clone()));
    }
    let share = column.logical_type.as_deref() == Some("number") && least >= 0.0 && most <= 1.0;
    if share {
        lines.push(("maximum", "1".to_owned(), seen));
    }
}

fn texts(profile: &Profile, column: &ColumnProfile, lines: &mut Vec<(&str, String, String)>) {
    let values = column.values(profile.rows);
    let all = |(format, matches): &&(Format, u64)| {
        *matches == values && values > 0 && format.range().is_none()
    };
    if let Some((format, _)) = column.formats.iter().find(all) {
        let mut names = Format::ALL.into_iter();
        if let Some((name, _)) = names.find(|(_, known)| known == format) {
            lines.push((
                "format",
                name.to_owned(),
                format!("all {} are of it", count(values)),
            ));
            return;
        }
    }
    if set(profile, column).is_some() {
        return;
    }
    if let (Some(least), Some(most)) = (column.shortest, column.longest) {
        if least == most && values > 1 && most > 0 {
            let seen = format!("each of {} has so many", count(values));
            lines.push(("minLength", least.to_string(), seen.clone()));
            lines.push(("maxLength", most.to_string(), seen));
        } else if least > 0 && values > 1 {
            lines.push((
                "minLength",
                "1".to_owned(),
                format!("from {} to {} characters", count(least), count(most)),
            ));
        }
    }
}

/// The values of a column, where they are few, and each is there often enough.
fn set<'p>(profile: &Profile, column: &'p ColumnProfile) -> Option<&'p [(String, u64)]> {
    let kind = column.logical_type.as_deref();
    // Days that are few by chance are no list of what is valid.
    let days = !column.possible_formats.is_empty();
    let small = !days && column.top_is_all && (1..=SET).contains(&column.top.len());
    let values = column.values(profile.rows);
    let often =
        u64::try_from(column.top.len()).is_ok_and(|different| values / different.max(1) >= OFTEN);
    let few = kind == Some("string") || (kind == Some("integer") && column.top.len() <= 10);
    (small && often && few).then_some(column.top.as_slice())
}

fn quality(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile, top: bool) {
    let set = set(profile, column);
    let limit = if top {
        limit(profile.rows, column.nulls)
    } else {
        None
    };
    if set.is_none() && limit.is_none() {
        return;
    }
    yaml.open("quality");
    if let Some(set) = set {
        yaml.item(|yaml| valid(yaml, profile, column, set));
    }
    if let Some(limit) = limit {
        yaml.item(|yaml| {
            yaml.pair("metric", "nullValues");
            yaml.pair("unit", "percent");
            yaml.pair("mustBeLessThan", &limit.to_string());
            let share = crate::verdict::percent(column.nulls, profile.rows);
            yaml.note(&format!(
                "{} of {} are null, {} %",
                count(column.nulls),
                count(profile.rows),
                number(share)
            ));
        });
    }
    yaml.close();
}

fn valid(yaml: &mut Yaml, profile: &Profile, column: &ColumnProfile, set: &[(String, u64)]) {
    let whole = column.logical_type.as_deref() == Some("integer");
    let values = set
        .iter()
        .map(|(value, _)| if whole { value.clone() } else { scalar(value) });
    let values: Vec<_> = values.collect();
    yaml.pair("metric", "invalidValues");
    yaml.pair(
        "arguments",
        &format!("{{ validValues: [{}] }}", values.join(", ")),
    );
    let seen = set.iter().take(SHOWN).map(|(value, times)| {
        let share = crate::verdict::percent(*times, column.all(profile.rows));
        format!("{value} {} %", number(share))
    });
    let more = if set.len() > SHOWN { ", …" } else { "" };
    yaml.note(&format!("{}{more}", seen.collect::<Vec<_>>().join(", ")));
    yaml.pair("mustBe", "0");
}

/// The least limit of the usual ones that is well above what was seen; none where there is none, or nothing to limit.
fn limit(rows: u64, nulls: u64) -> Option<f64> {
    if nulls == 0 || nulls == rows {
        return None;
    }
    let share = crate::verdict::percent(nulls, rows);
    LIMITS.into_iter().find(|limit| share * 1.5 < *limit)
}
