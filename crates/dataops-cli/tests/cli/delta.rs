//! Delta tables as Databricks writes them: rows that are deleted by vectors, and columns that files call otherwise.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

use crate::environment::{Ended, Program, TestEnvironment};

const CONTRACT: &str = "\
apiVersion: v3.1.0
kind: DataContract
id: claims
name: claims
version: 1.2.0
status: active
servers:
  - { server: here, type: local, path: claims, format: delta }
schema:
  - name: claims
    quality:
      - { id: rows, metric: rowCount, mustBe: 3 }
      - { id: sum, type: sql, query: 'SELECT SUM(id) FROM Claims', mustBe: 14 }
    properties:
      - { name: id, logicalType: integer, required: true, unique: true }
      - { name: email, logicalType: string, logicalTypeOptions: { pattern: '@' } }
";

/// Six rows, of which the first three break the contract.
fn rows() -> Vec<u8> {
    let ids: ArrayRef = Arc::new(Int64Array::from(vec![
        Some(2),
        None,
        Some(5),
        Some(2),
        Some(5),
        Some(7),
    ]));
    let emails = ["nobody", "a@x", "b", "c@x", "d@x", "e@x"];
    let emails: ArrayRef = Arc::new(StringArray::from_iter_values(emails));
    let batch = RecordBatch::try_from_iter([("col-1", ids), ("col-2", emails)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A vector of the first rows, as one run of them; and its file, in which it is the only one.
fn first(rows: u16, cardinality: u16) -> (Value, Vec<u8>) {
    let mut data = vec![0xD1, 0xD3, 0x39, 0x64, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    data.extend([0x3B, 0x30, 0, 0, 1, 0, 0]);
    data.extend((rows - 1).to_le_bytes());
    data.extend([1, 0, 0, 0]);
    data.extend((rows - 1).to_le_bytes());
    let size = u32::try_from(data.len()).unwrap();
    let crc = !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    });
    let file = [&[1], &size.to_be_bytes()[..], &data, &crc.to_be_bytes()].concat();
    let descriptor = json!({
        "storageType": "u", "pathOrInlineDv": "^-aqEH.-t@S}K{vb[*k^", "offset": 1,
        "sizeInBytes": size, "cardinality": cardinality,
    });
    (descriptor, file)
}

/// A table whose first rows are deleted.
fn table((vector, file): (Value, Vec<u8>)) -> TestEnvironment {
    let features = ["columnMapping", "deletionVectors", "rowTracking"];
    let column = |name: &str, of: &str, id: u8| {
        json!({"name": name, "type": of, "nullable": true, "metadata": {
            "delta.columnMapping.physicalName": format!("col-{id}"), "delta.columnMapping.id": id,
        }})
    };
    let columns = [column("id", "long", 1), column("email", "string", 2)];
    let schema = json!({"type": "struct", "fields": columns});
    let log = [
        json!({"protocol": {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": features}}),
        json!({"metaData": {"id": "x", "partitionColumns": [], "schemaString": schema.to_string(),
            "configuration": {"delta.columnMapping.mode": "name", "delta.enableDeletionVectors": "true"}}}),
        json!({"add": {"path": "a.parquet", "partitionValues": {}, "size": 1, "dataChange": true,
            "modificationTime": 1, "deletionVector": vector}}),
    ];
    let log: String = log.iter().map(|action| format!("{action}\n")).collect();
    TestEnvironment::new()
        .file("c.yaml", CONTRACT)
        .file("claims/a.parquet", rows())
        .file(
            "claims/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin",
            file,
        )
        .file("claims/_delta_log/00000000000000000000.json", log)
}

fn test(environment: &TestEnvironment, further: &[&str]) -> Ended {
    let args = [&["--contract", "c.yaml"], further].concat();
    environment.run(Program::TestData, &args)
}

#[test]
fn rows_that_are_deleted_break_no_contract() {
    let table = table(first(3, 3));
    let ended = test(&table, &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("claims  claims (3 rows"), "{ended}");

    let init = table.run(Program::Dataops, &["contract", "init", "claims"]);
    assert_eq!(init.code, Some(0), "{init}");
    for line in ["format: delta", "name: id", "name: email"] {
        assert!(init.stdout.contains(line), "{line} {init}");
    }
    assert!(!init.stdout.contains("col-1"), "{init}");
}

#[test]
fn rows_that_are_left_have_the_numbers_that_they_have_in_the_file() {
    let ended = test(&table(first(2, 2)), &["--samples", "3", "--output", "json"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let report: Value = serde_json::from_str(&ended.stdout).unwrap();
    let text = report.to_string();
    assert!(text.contains(r#""row":3,"value":"b""#), "{ended}");
    assert!(text.contains(r#""row":5,"value":"5""#), "{ended}");
}

#[test]
fn a_vector_that_lies_is_told_and_no_rows_are_counted() {
    let ended = test(&table(first(3, 2)), &[]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let reason = "claims/a.parquet: its deletion vector has 3 rows, and the log says 2 rows";
    assert!(ended.stdout.contains(reason), "{ended}");
    assert!(!ended.stdout.contains("(6 rows"), "{ended}");
}
