//! The types of a Parquet file, and which of its texts are kept as dictionaries.

use std::sync::Arc;

use arrow_schema::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{Encoding, Type};
use parquet::errors::Result;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::bytes::Chunks;
use super::columns::Columns;
use crate::files::ReadAt;

/// Dictionaries up to this size are worth keeping.
const LARGEST_DICTIONARY: i64 = 64 << 10;

/// A file's footer with two schemas: as its table has it, or it itself where it has none, and as it is read.
pub(super) struct Footer {
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) schema: SchemaRef,
    /// The places in the file of the columns of `schema`.
    roots: Vec<usize>,
    pub(super) reading: ArrowReaderMetadata,
}

impl Footer {
    /// A column of the schema, with its place in the file.
    pub(super) fn column(&self, name: &str) -> Option<(usize, &Field)> {
        let (place, field) = self.schema.fields().find(name)?;
        Some((*self.roots.get(place)?, field))
    }

    /// A column of the file, as it is there.
    pub(super) fn in_file(&self, root: usize) -> &Field {
        self.reading.schema().field(root)
    }
}

/// Reads the footer of a file.
pub(super) fn footer(chunks: &Chunks, columns: Option<&Columns>) -> Result<Footer> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let plain = ArrowReaderMetadata::load(chunks, options.clone())?;
    let metadata = plain.metadata().clone();
    let schema = wide(&metadata, plain.schema());
    let plain = match schema == *plain.schema() {
        true => plain,
        false => {
            let options = options.clone().with_schema(Arc::clone(&schema));
            ArrowReaderMetadata::try_new(metadata.clone(), options)?
        }
    };
    let coded = coded(&metadata, &schema);
    let reading = if coded == schema {
        plain
    } else {
        ArrowReaderMetadata::try_new(metadata.clone(), options.with_schema(coded)).unwrap_or(plain)
    };
    let (roots, schema) = match columns {
        None => ((0..schema.fields().len()).collect(), schema),
        Some(columns) => {
            let (roots, fields): (_, Vec<_>) = columns.of_file(&schema)?.into_iter().unzip();
            (roots, Arc::new(Schema::new(fields)))
        }
    };
    Ok(Footer {
        metadata,
        schema,
        roots,
        reading,
    })
}

/// The types of a file's columns.
pub(crate) fn types(file: Box<dyn ReadAt>, size: u64) -> Option<SchemaRef> {
    let chunks = Chunks {
        file: file.into(),
        size,
    };
    footer(&chunks, None).ok().map(|footer| footer.schema)
}

/// The schema in which times of 96 bits are microseconds: as nanoseconds, which they are read as otherwise, 64 bits hold those between
/// 1677 and 2262, and all others wrap around.
fn wide(metadata: &ParquetMetaData, schema: &SchemaRef) -> SchemaRef {
    let descriptor = metadata.file_metadata().schema_descr();
    let types = (0..descriptor.num_columns()).map(|leaf| descriptor.column(leaf).physical_type());
    if !types.clone().any(|of| of == Type::INT96) {
        return Arc::clone(schema);
    }
    let mut wide = types.map(|of| of == Type::INT96);
    let fields = schema
        .fields()
        .iter()
        .map(|field| widened(field, &mut wide));
    let fields: Vec<_> = fields.collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A field with microseconds in place of times of 96 bits; `wide` says of each leaf whether it is one.
fn widened(field: &FieldRef, wide: &mut impl Iterator<Item = bool>) -> FieldRef {
    let data_type = match field.data_type() {
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| widened(field, wide)).collect())
        }
        DataType::List(item) => DataType::List(widened(item, wide)),
        DataType::LargeList(item) => DataType::LargeList(widened(item, wide)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(widened(item, wide), *size),
        DataType::Map(entries, sorted) => DataType::Map(widened(entries, wide), *sorted),
        leaf => match wide.next() {
            Some(true) => DataType::Timestamp(TimeUnit::Microsecond, None),
            _ => leaf.clone(),
        },
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

/// The schema in which texts that have small dictionaries throughout the file are kept as such.
fn coded(metadata: &ParquetMetaData, schema: &SchemaRef) -> SchemaRef {
    let descriptor = metadata.file_metadata().schema_descr();
    let leaf = |root: usize| {
        (0..descriptor.num_columns()).find(|leaf| descriptor.get_column_root_idx(*leaf) == root)
    };
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .enumerate()
        .map(|(root, field)| {
            let has_dictionary = *field.data_type() == DataType::Utf8
                && metadata.num_row_groups() > 0
                && leaf(root).is_some_and(|leaf| {
                    metadata
                        .row_groups()
                        .iter()
                        .all(|group| is_coded(group.column(leaf)))
                });
            let field = field.as_ref().clone();
            if has_dictionary {
                field.with_data_type(DataType::Dictionary(
                    Box::new(DataType::Int32),
                    Box::new(DataType::Utf8),
                ))
            } else {
                field
            }
        })
        .collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// Whether all pages of a column refer to a small dictionary.
fn is_coded(column: &ColumnChunkMetaData) -> bool {
    let only = column.page_encoding_stats_mask().is_some_and(|mask| {
        mask.is_only(Encoding::RLE_DICTIONARY) || mask.is_only(Encoding::PLAIN_DICTIONARY)
    });
    let dictionary = column
        .dictionary_page_offset()
        .map(|offset| column.data_page_offset() - offset);
    only && dictionary.is_some_and(|length| (0..=LARGEST_DICTIONARY).contains(&length))
}
