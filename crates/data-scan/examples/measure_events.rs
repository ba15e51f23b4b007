//! Measures a file of ten columns by 23 aggregates and a key, in one pass: what the benchmark of the project runs.
//!
//! `measure_events FILE.csv|FILE.parquet` prints each measure with its value.

#![expect(clippy::print_stdout, reason = "an example prints what it does")]
#![expect(clippy::too_many_lines, reason = "a contract is a list")]

use std::error::Error;
use std::sync::Arc;

use data_contract::plan::{
    Bound, Column, ColumnId, Kind, Literal, Measure, Object, Pattern, Side, Step,
};
use data_scan::{Dialect, Format, Local, Options, Progress, Source, scan};

fn main() -> Result<(), Box<dyn Error>> {
    let location = std::env::args().nth(1).ok_or("name a file")?;
    let format = if location.ends_with(".parquet") {
        Format::Parquet
    } else {
        Format::Csv(Dialect::default())
    };
    let (object, names) = events();
    let source = Source {
        storage: Arc::new(Local::new(".")),
        location,
        format,
    };

    let scans = scan(&[object], &[source], &Options::default(), &Progress::new())?;

    let scan = &scans[0];
    if let Some(reason) = &scan.missing {
        return Err(reason.clone().into());
    }
    for (name, measured) in names.iter().zip(&scan.measured) {
        let value = match &measured.value {
            Ok(value) => serde_json::to_string(value)?,
            Err(gap) => gap.to_string(),
        };
        println!("{name:16} {value:24} {:?}", measured.evidence);
    }
    for finding in &scan.findings {
        println!("{}: {} {}", finding.file, finding.count, finding.oddity);
    }
    Ok(())
}

/// The object, and a name for each of its measures.
fn events() -> (Object, Vec<&'static str>) {
    let columns = [
        ("id", Kind::Integer),
        ("customer_id", Kind::String),
        (
            "event_ts",
            Kind::Timestamp {
                format: None,
                zone: None,
            },
        ),
        ("age", Kind::Integer),
        ("income", Kind::Number),
        ("country", Kind::String),
        ("email", Kind::String),
        ("label", Kind::Integer),
        ("split", Kind::String),
        ("score", Kind::Number),
    ];
    let columns = columns.map(|(name, kind)| Column {
        path: vec![Step::Field(name.to_owned())],
        kind,
        wide: false,
        physical_type: None,
        optional: false,
        nullable: false,
        masked: false,
    });
    let [
        id,
        customer,
        time,
        age,
        income,
        country,
        email,
        label,
        split,
        score,
    ] = std::array::from_fn(ColumnId);
    let beyond = |column, side, bound| {
        Measure::Beyond(
            column,
            side,
            Bound {
                value: Literal::Integer(bound),
                exclusive: false,
            },
        )
    };
    let texts = |texts: &[&str]| {
        texts
            .iter()
            .map(|text| Literal::Text((*text).to_owned()))
            .collect::<Vec<_>>()
    };
    let among = |column, values| Measure::Invalid {
        column,
        values: Some(values),
        pattern: None,
    };
    let like = |column, pattern: &str| Measure::Invalid {
        column,
        values: None,
        pattern: Some(Pattern(pattern.to_owned())),
    };
    let measures = vec![
        ("row_count", Measure::Rows),
        ("label_avg", Measure::Mean(label)),
        ("id_null", Measure::Nulls(id)),
        ("cust_null", Measure::Nulls(customer)),
        ("cust_pattern", like(customer, "^C[0-9]{8}$")),
        ("ts_null", Measure::Nulls(time)),
        ("age_min", beyond(age, Side::Low, 0)),
        ("age_max", beyond(age, Side::High, 120)),
        ("age_null", Measure::Nulls(age)),
        ("income_min", beyond(income, Side::Low, 0)),
        ("income_null", Measure::Nulls(income)),
        ("country_minlen", Measure::Length(country, Side::Low, 2)),
        ("country_maxlen", Measure::Length(country, Side::High, 2)),
        (
            "country_enum",
            among(
                country,
                texts(&["DE", "FR", "NL", "PL", "IT", "ES", "SE", "AT"]),
            ),
        ),
        (
            "email_missing",
            Measure::Missing(email, texts(&["", "N/A"])),
        ),
        ("email_pattern", like(email, "^([^@ ]+@[^@ ]+[.][a-z]+)?$")),
        ("label_null", Measure::Nulls(label)),
        (
            "label_enum",
            among(label, vec![Literal::Integer(0), Literal::Integer(1)]),
        ),
        ("split_null", Measure::Nulls(split)),
        ("split_enum", among(split, texts(&["train", "test"]))),
        ("score_min", beyond(score, Side::Low, 0)),
        ("score_max", beyond(score, Side::High, 1)),
        ("ts_max", Measure::Extreme(time, Side::High)),
        ("dup_keys", Measure::RepeatedKeys(vec![id])),
        ("dup_surplus", Measure::Surplus(vec![id])),
    ];
    let wrong = std::array::from_fn::<_, 10, _>(|column| {
        ("wrong type", Measure::WrongType(ColumnId(column)))
    });
    let (names, measures) = measures.into_iter().chain(wrong).unzip();
    let object = Object {
        name: "events".to_owned(),
        physical_name: "events".to_owned(),
        columns: columns.into(),
        measures,
    };
    (object, names)
}
