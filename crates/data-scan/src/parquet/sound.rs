//! Whether the places that a footer names are in the file: the reader of its pages takes that for granted.

use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

/// Why the footer cannot be that of a file of so many bytes.
pub(super) fn check(metadata: &ParquetMetaData, size: u64) -> Result<(), String> {
    for (group, row_group) in metadata.row_groups().iter().enumerate() {
        if row_group.num_rows() < 0 {
            return Err(format!(
                "it is damaged: row group {group} has a negative count of rows"
            ));
        }
        for column in row_group.columns() {
            if end(column).is_none_or(|end| end > size) {
                let name = column.column_path().string();
                return Err(format!(
                    "it is damaged: the column {name} of row group {group} is outside of the file"
                ));
            }
        }
    }
    Ok(())
}

/// Where a column ends; `None` where it begins before the file, or has a negative length.
fn end(column: &ColumnChunkMetaData) -> Option<u64> {
    let data = u64::try_from(column.data_page_offset()).ok()?;
    let start = match column.dictionary_page_offset() {
        Some(dictionary) => u64::try_from(dictionary).ok()?,
        None => data,
    };
    start.checked_add(u64::try_from(column.compressed_size()).ok()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::file::metadata::{FileMetaData, RowGroupMetaData};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::SchemaDescriptor;

    use super::*;

    fn of(offset: i64, length: i64) -> Result<(), String> {
        let schema = parse_message_type("message m { required int64 a; }").unwrap();
        let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
        let column = ColumnChunkMetaData::builder(schema.column(0))
            .set_data_page_offset(offset)
            .set_total_compressed_size(length)
            .build()
            .unwrap();
        let group = RowGroupMetaData::builder(Arc::clone(&schema))
            .set_num_rows(1)
            .set_column_metadata(vec![column])
            .build()
            .unwrap();
        let file = FileMetaData::new(2, 1, None, None, schema, None);
        check(&ParquetMetaData::new(file, vec![group]), 100)
    }

    #[test]
    fn a_column_is_within_its_file() {
        assert_eq!(of(4, 96), Ok(()));
        for (offset, length) in [(-4, 10), (4, -10), (4, 97), (i64::MAX, i64::MAX)] {
            let reason = of(offset, length).unwrap_err();
            assert!(reason.contains("the column a of row group 0"), "{reason}");
        }
    }
}
