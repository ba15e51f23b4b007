//! Times of 96 bits, as Spark wrote them for years: as far away as people write them.

use std::sync::Arc;

use data_contract::plan::{Bound, Kind, Literal, Measure, Side, Value};
use data_scan::{Format, Options};
use parquet::data_type::{Int96, Int96Type};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::support::{A, B, folder, object, run, source, values};

const DAY: i64 = 86_400_000_000;
/// The days between the beginning of the count of Julius Scaliger and 1970.
const EPOCH: i64 = 2_440_588;

/// A file with times at the top level and within a struct.
fn file(times: &[i64]) -> Vec<u8> {
    let schema = "message t { required int96 a; optional group s { optional int96 b; } }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let times = times.iter().map(|micros| {
        let nanos = u64::try_from(micros.rem_euclid(DAY) * 1_000).unwrap();
        let day = u32::try_from(micros.div_euclid(DAY) + EPOCH).unwrap();
        let mut time = Int96::new();
        let low = u32::try_from(nanos & u64::from(u32::MAX)).unwrap();
        time.set_data(low, u32::try_from(nanos >> 32).unwrap(), day);
        time
    });
    let times: Vec<Int96> = times.collect();
    let there = vec![2; times.len()];
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for levels in [None, Some(there.as_slice())] {
        let mut column = group.next_column().unwrap().unwrap();
        let typed = column.typed::<Int96Type>();
        typed.write_batch(&times, levels, None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn times_of_96_bits_do_not_wrap_around() {
    let far = [
        -62_135_596_800_000_000,
        1,
        32_503_593_600_000_000,
        253_402_214_400_000_000,
    ];
    let time = Kind::Timestamp {
        format: None,
        zone: None,
    };
    let beyond = Bound {
        value: Literal::Timestamp(far[2]),
        exclusive: true,
    };
    let extreme = |column, side| Measure::Extreme(column, side);
    let object = object(
        &[("a", time.clone()), ("s.b", time)],
        vec![
            extreme(A, Side::Low),
            extreme(A, Side::High),
            extreme(B, Side::Low),
            extreme(B, Side::High),
            Measure::Beyond(A, Side::High, beyond),
        ],
    );
    let folder = folder([("t.parquet", file(&far).as_slice())]);

    let found = run(
        &object,
        source(folder.path(), "t.parquet", Format::Parquet),
        &Options::default(),
    );

    let time = |micros| Ok(Value::Scalar(Literal::Timestamp(micros)));
    assert_eq!(
        values(&found),
        [
            time(far[0]),
            time(far[3]),
            time(far[0]),
            time(far[3]),
            Ok(Value::Count(2)),
        ]
    );
}
