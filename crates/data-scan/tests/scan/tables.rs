//! A small writer of Delta tables, which shares no code with what reads them.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};

/// A table in a folder.
pub(crate) struct Table {
    pub(crate) folder: tempfile::TempDir,
    version: u64,
}

impl Table {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder, version: 0 }
    }

    /// Writes a file below the table.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.folder.path().join("t").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    /// Writes a file of the log.
    pub(crate) fn log(&self, name: &str, bytes: &[u8]) -> &Self {
        self.file(&format!("_delta_log/{name}"), bytes)
    }

    /// Writes the next commit.
    pub(crate) fn commit(&mut self, actions: &[Value]) -> &mut Self {
        self.log(&format!("{:020}.json", self.version), &lines(actions));
        self.version += 1;
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Actions, one a line.
pub(crate) fn lines(actions: &[Value]) -> Vec<u8> {
    let lines = actions.iter().map(|action| format!("{action}\n"));
    lines.collect::<String>().into_bytes()
}

pub(crate) fn add(path: &str, vector: Option<&Value>) -> Value {
    json!({"add": {
        "path": path, "partitionValues": {}, "size": 1, "modificationTime": 1, "dataChange": true,
        "deletionVector": vector,
    }})
}

pub(crate) fn remove(path: &str, vector: Option<&Value>) -> Value {
    json!({"remove": {"path": path, "dataChange": true, "deletionVector": vector}})
}

/// What a reader has to know.
pub(crate) fn protocol(features: &[&str]) -> Value {
    json!({"protocol": {
        "minReaderVersion": 3, "minWriterVersion": 7,
        "readerFeatures": features, "writerFeatures": features,
    }})
}

/// The table with the columns of a schema.
pub(crate) fn metadata(fields: &Value, mode: &str) -> Value {
    let schema = json!({"type": "struct", "fields": fields});
    json!({"metaData": {
        "id": "x", "format": {"provider": "parquet", "options": {}}, "partitionColumns": [],
        "schemaString": schema.to_string(),
        "configuration": {"delta.columnMapping.mode": mode},
    }})
}

/// A column of a schema, with what files call it.
pub(crate) fn column(name: &str, of: &Value, (physical, id): (&str, i32)) -> Value {
    json!({"name": name, "type": of, "nullable": true, "metadata": {
        "delta.columnMapping.physicalName": physical, "delta.columnMapping.id": id,
    }})
}

/// Parquet files of columns, row group by row group.
pub(crate) fn parquet(fields: &[(Field, ArrayRef)], groups: &[usize]) -> Vec<u8> {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = fields.iter().cloned().unzip();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    let mut first = 0;
    for rows in groups.iter().filter(|rows| **rows > 0) {
        writer.write(&batch.slice(first, *rows)).unwrap();
        writer.flush().unwrap();
        first += rows;
    }
    writer
        .write(&batch.slice(first, batch.num_rows() - first))
        .unwrap();
    writer.close().unwrap();
    bytes
}

/// A file of deletion vectors.
pub(crate) struct Vectors(pub(crate) Vec<u8>);

impl Vectors {
    pub(crate) const NAME: &str = "deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin";

    pub(crate) fn new() -> Self {
        Self(vec![1])
    }

    /// Adds a vector, and gives back what the log says of it.
    pub(crate) fn add(&mut self, rows: &[u64]) -> Value {
        let data = vector(rows);
        let offset = self.0.len();
        self.0
            .extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        self.0.extend(&data);
        self.0.extend(crc32(&data).to_be_bytes());
        json!({
            "storageType": "u", "pathOrInlineDv": "^-aqEH.-t@S}K{vb[*k^",
            "offset": offset, "sizeInBytes": data.len(), "cardinality": rows.len(),
        })
    }
}

/// A vector in the log.
pub(crate) fn inline(rows: &[u64]) -> Value {
    let mut data = vector(rows);
    let size = data.len();
    data.resize(size.next_multiple_of(4), 0);
    json!({
        "storageType": "i", "pathOrInlineDv": z85(&data),
        "sizeInBytes": size, "cardinality": rows.len(),
    })
}

/// A vector of rows in their order: a magic number, and a bitmap of 64 bits of bitmaps of 32 bits.
pub(crate) fn vector(rows: &[u64]) -> Vec<u8> {
    let halves = |row: u64| (u32::try_from(row >> 32).unwrap(), row as u32);
    let mut bytes = 1_681_511_377_u32.to_le_bytes().to_vec();
    let buckets: Vec<&[u64]> = rows.chunk_by(|a, b| a >> 32 == b >> 32).collect();
    bytes.extend((buckets.len() as u64).to_le_bytes());
    for bucket in buckets {
        bytes.extend(halves(bucket[0]).0.to_le_bytes());
        let low: Vec<u32> = bucket.iter().map(|row| halves(*row).1).collect();
        bytes.extend(bitmap(&low));
    }
    bytes
}

/// A bitmap of 32 bits: arrays, and bits where there are more than 4096 values in a block.
fn bitmap(values: &[u32]) -> Vec<u8> {
    let blocks: Vec<&[u32]> = values.chunk_by(|a, b| a >> 16 == b >> 16).collect();
    let mut bytes = 12_346_u32.to_le_bytes().to_vec();
    bytes.extend(u32::try_from(blocks.len()).unwrap().to_le_bytes());
    let mut contents: Vec<Vec<u8>> = Vec::new();
    for block in &blocks {
        bytes.extend(((block[0] >> 16) as u16).to_le_bytes());
        bytes.extend(((block.len() - 1) as u16).to_le_bytes());
        contents.push(if block.len() > 4096 {
            let mut bits = vec![0_u8; 8192];
            for value in *block {
                bits[(value & 0xFFFF) as usize / 8] |= 1 << (value % 8);
            }
            bits
        } else {
            block
                .iter()
                .flat_map(|value| (*value as u16).to_le_bytes())
                .collect()
        });
    }
    let mut offset = 8 + 8 * blocks.len();
    for content in &contents {
        bytes.extend(u32::try_from(offset).unwrap().to_le_bytes());
        offset += content.len();
    }
    bytes.extend(contents.concat());
    bytes
}

/// The same as `rows` from one row on in runs, which bitmaps have, too.
pub(crate) fn runs(runs: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = 1_681_511_377_u32.to_le_bytes().to_vec();
    bytes.extend(1_u64.to_le_bytes());
    bytes.extend(0_u32.to_le_bytes());
    // One block, which is of runs.
    bytes.extend(12_347_u16.to_le_bytes());
    bytes.extend([0, 0, 1, 0, 0]);
    let all: u16 = runs.iter().map(|(_, rows)| rows).sum();
    bytes.extend((all - 1).to_le_bytes());
    bytes.extend(u16::try_from(runs.len()).unwrap().to_le_bytes());
    for (first, rows) in runs {
        bytes.extend(first.to_le_bytes());
        bytes.extend((rows - 1).to_le_bytes());
    }
    bytes
}

pub(crate) fn z85(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = ('0'..='9')
        .chain('a'..='z')
        .chain('A'..='Z')
        .chain(".-:+=^!/*?&<>()[]{}@%$#".chars())
        .collect();
    let digits = |group: &[u8]| {
        let number = u32::from_be_bytes(group.try_into().unwrap());
        [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1]
            .map(|power| alphabet[(number / power % 85) as usize])
    };
    bytes.chunks(4).flat_map(digits).collect()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

#[test]
fn the_writer_writes_what_others_write() {
    let text = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";

    assert_eq!(inline(&[3, 4, 7, 11, 18, 29])["pathOrInlineDv"], text);
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
}
