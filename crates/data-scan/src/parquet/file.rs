//! A Parquet file that is opened: its columns against those of the contract, and what is left to be read.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use data_contract::plan::{Column, ColumnId, Fit, MeasureId, PhysicalType, Step};
use parquet::basic::Compression;
use parquet::file::metadata::ColumnChunkMetaData;

use super::bytes::Chunks;
use super::columns::Columns;
use super::footer::{Part, decide, prove};
use super::rows::LeftOut;
use super::sound;
use super::types::{Footer, footer};
use super::units::{Group, Lane, ParquetFile};
use crate::cells::Constant;
use crate::columnar::{fit, physical, type_at};
use crate::engine::{Opened, Shape, Work, is_high};
use crate::files::{DataFile, ReadAt, no_parquet};
use crate::kernel::{Program, Slot, column_of};
use crate::strip::Nature;
use crate::tree::Tree;

/// A row group of which rows are left out has no more rows than these: there is a bit for each of them.
const MOST_ROWS: u64 = 1 << 30;

/// What the table of a file says of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The columns of the table.
    pub(crate) columns: Option<Arc<Columns>>,
    /// The rows that are not in the table any more.
    pub(crate) out: LeftOut,
}

/// A declared column in the file.
struct Found {
    id: ColumnId,
    /// Its root column in the file.
    root: usize,
    /// Its only leaf, where it is no nested one.
    leaf: Option<usize>,
    nature: Option<Nature>,
}

/// Opens a file for a pass over its rows.
pub(crate) fn open(
    file: Box<dyn ReadAt>,
    data: &DataFile,
    said: Said,
    work: &Work<'_>,
) -> Result<(Shape, Arc<dyn Opened>), String> {
    if data.entry.size == 0 {
        return Err("the file is empty".to_owned());
    }
    let chunks = Chunks {
        file: file.into(),
        size: data.entry.size,
    };
    let columns = said.columns.as_deref();
    let unreadable = |error| {
        no_parquet(chunks.file.as_ref())
            .unwrap_or_else(|| format!("it is no readable Parquet file: {error}"))
    };
    let footer = footer(&chunks, columns).map_err(unreadable)?;
    sound::check(&footer.metadata, chunks.size)?;
    let mut shape = Shape {
        typed: true,
        ..Shape::default()
    };
    let folders = &data.folders;
    let mut found = Vec::new();
    let mut constants = Vec::new();
    for (place, column) in work.object.columns.iter().enumerate() {
        let id = ColumnId(place);
        if let Some(column) = find(&footer, id, column, &mut shape) {
            found.push(column);
        } else if let Some((_, value)) = folders.iter().find(|(name, _)| *name == column.name()) {
            let (cells, program) = work.column(id, &mut shape);
            let value = value.clone();
            constants.push((program, Constant { cells, value }));
        } else if columns.is_some_and(|columns| columns.has(column)) {
            // A column that is younger than the file.
            let (cells, program) = work.column(id, &mut shape);
            let value = None;
            constants.push((program, Constant { cells, value }));
        } else {
            shape.absent.add(place);
        }
    }
    let declared: HashSet<&str> = work.object.columns.iter().filter_map(root_name).collect();
    let schema = columns.map_or_else(|| Arc::clone(&footer.schema), Columns::schema);
    let names = schema.fields().iter();
    shape.name(names.map(|field| field.name().as_str()), &declared, work);
    shape.tree = work.grows.then(|| Tree::of_schema(schema.fields()));
    let needed = work.columns();
    if work.tap.is_some()
        && let Some((id, name)) = shape.mistyped.iter().find(|(id, _)| needed.contains(id))
    {
        // Who asks for rows does not see what is not of its kind: NULL would be taken for what stands there.
        let column = work.object.column(*id).name();
        return Err(format!("the column {column} is of type {name}"));
    }
    if let Some(codec) = unread_codec(&footer).filter(|_| !work.options.metadata_only) {
        return Err(format!("its codec {codec} is not supported"));
    }
    let columns = (found.as_slice(), constants);
    let opened = plan(chunks, (footer, said), columns, &mut shape, work)?;
    Ok((shape, Arc::new(opened)))
}

/// A codec that columns of the file are compressed by, and that is not read here.
fn unread_codec(footer: &Footer) -> Option<Compression> {
    let groups = footer.metadata.row_groups().iter();
    let mut codecs =
        groups.flat_map(|group| group.columns().iter().map(ColumnChunkMetaData::compression));
    codecs.find(|codec| matches!(codec, Compression::BROTLI(_) | Compression::LZO))
}

fn root_name(column: &Column) -> Option<&str> {
    match column.path.first() {
        Some(Step::Field(name)) => Some(name),
        _ => None,
    }
}

/// Looks for a declared column, and compares its type.
fn find(footer: &Footer, id: ColumnId, column: &Column, shape: &mut Shape) -> Option<Found> {
    let (root, field) = footer.column(root_name(column)?)?;
    let data_type = type_at(field.data_type(), &column.path[1..])?;
    let nature = fit(&column.kind, data_type);
    match nature {
        Some(nature) => shape.natures.push((id, nature)),
        None => shape.mistyped.push((id, data_type.to_string())),
    }
    if let Some(wanted) = &column.physical_type {
        let own = physical(data_type);
        match own.fit(&PhysicalType::read(wanted)) {
            Fit::Same => {}
            Fit::Other => shape.physical.push((id, data_type.to_string())),
            Fit::Unknown => shape.vague.push((id, own.unknown(wanted))),
        }
    }
    let schema = footer.metadata.file_metadata().schema_descr();
    let mut leaves =
        (0..schema.num_columns()).filter(|leaf| schema.get_column_root_idx(*leaf) == root);
    let leaf = leaves
        .next()
        .filter(|leaf| column.path.len() == 1 && schema.column(*leaf).max_rep_level() == 0);
    let leaf = leaf.filter(|_| leaves.next().is_none() && !field.data_type().is_nested());
    Some(Found {
        id,
        root,
        leaf,
        nature,
    })
}

/// Decides what footers decide, and makes units of work of the rest.
fn plan(
    chunks: Chunks,
    (footer, said): (Footer, Said),
    (found, constants): (&[Found], Vec<(Arc<Program>, Constant)>),
    shape: &mut Shape,
    work: &Work<'_>,
) -> Result<ParquetFile, String> {
    let needed = work.columns();
    let mut rest = Rest {
        footer: &footer,
        work,
        programs: HashMap::new(),
        slots: vec![Slot::Idle; work.object.measures.len()],
        left: HashSet::new(),
    };
    let mut groups = Vec::new();
    let mut first = 0;
    for place in 0..footer.metadata.num_row_groups() {
        let rows = u64::try_from(footer.metadata.row_group(place).num_rows()).unwrap_or(0);
        let mut group = Group {
            place,
            first,
            rows,
            out: said.out.count(first, rows),
            lanes: Vec::new(),
        };
        first += rows;
        if group.out > 0 && rows > MOST_ROWS {
            return Err(format!("its row group {place} has {rows} rows"));
        }
        let columns = found.iter().filter(|column| needed.contains(&column.id));
        group.lanes = columns
            .filter_map(|column| rest.lane(&group, column))
            .collect();
        groups.push(group);
    }
    if let Some(row) = said.out.last().filter(|row| *row >= first) {
        return Err(format!(
            "its row {} is deleted, and it has {first} rows",
            row.saturating_add(1)
        ));
    }
    for program in rest.programs.values() {
        shape.gaps.extend(program.gaps.iter().cloned());
    }
    let (slots, mut left) = (rest.slots, rest.left);
    if work.options.metadata_only {
        shape.unread = left.iter().map(|id| id.0).collect();
        shape.keys_unread = true;
        groups.iter_mut().for_each(|group| group.lanes.clear());
    } else {
        let of_folders = constants.iter().flat_map(|(program, _)| program.measures());
        left.extend(of_folders);
    }
    let measures = work.object.measures.iter().enumerate();
    let about_columns = measures.filter(|(_, measure)| column_of(measure).is_some());
    let about_columns = about_columns.map(|(place, _)| MeasureId(place));
    let decided = about_columns.filter(|id| !left.contains(id));
    shape.decided = decided.map(|id| id.0).collect();
    let constants = (slots, constants);
    Ok(ParquetFile::new(
        chunks,
        (footer, said),
        groups,
        constants,
        work,
    ))
}

/// What is left when footers have decided what they can.
struct Rest<'w> {
    footer: &'w Footer,
    work: &'w Work<'w>,
    /// A program for each column and what is decided of it: row groups mostly have the same left.
    programs: HashMap<(ColumnId, Vec<MeasureId>), Arc<Program>>,
    /// What is decided.
    slots: Vec<Slot>,
    /// What is not.
    left: HashSet<MeasureId>,
}

impl Rest<'_> {
    /// What is read of a column in a row group; `None` where nothing is left.
    fn lane(&mut self, group: &Group, column: &Found) -> Option<Lane> {
        if group.rows > 0 && group.kept() == 0 {
            return None;
        }
        let metadata = self.footer.metadata.row_group(group.place);
        let data_type = self.footer.in_file(column.root).data_type();
        let nature = column.nature;
        let part = column.leaf.filter(|_| self.work.values);
        let part = part.map(|leaf| Part {
            chunk: metadata.column(leaf),
            data_type,
            nature,
            rows: group.rows,
            out: group.out,
        });
        let decided = part.map_or_else(Vec::new, |part| decide(part, column.id, self.work));
        let done: Vec<MeasureId> = decided.iter().map(|(id, _)| *id).collect();
        // Who reads values counts them all.
        let proven = part.filter(|_| self.work.options.metadata_only);
        let proven = proven.map_or_else(Vec::new, |part| prove(part, column.id, self.work));
        for (id, slot) in decided.into_iter().chain(proven) {
            let high = is_high(&self.work.object.measures[id.0]);
            self.slots[id.0].merge(slot, 0, 0, high);
        }
        let program = self.program(column, done);
        self.left.extend(program.measures());
        let is_key = self.work.is_key(column.id) && nature.is_some();
        (!program.is_empty() || is_key).then(|| Lane {
            program,
            root: column.root,
            path: self.work.object.column(column.id).path[1..].to_vec(),
            fits: nature.is_some(),
            weight: size(self.footer, group.place, column.root),
        })
    }

    fn program(&mut self, column: &Found, done: Vec<MeasureId>) -> Arc<Program> {
        let work = self.work;
        let program = self
            .programs
            .entry((column.id, done))
            .or_insert_with_key(|(_, done)| {
                let wanted = |id: MeasureId| !done.contains(&id);
                match column.nature {
                    Some(nature) => work.program_of(column.id, nature, wanted),
                    // Of values that are not of the kind it is known only how many there are.
                    None => work.presence(column.id, wanted),
                }
            });
        program.clone()
    }
}

/// The bytes of a root column in a row group.
fn size(footer: &Footer, group: usize, root: usize) -> i64 {
    let schema = footer.metadata.file_metadata().schema_descr();
    let columns = footer
        .metadata
        .row_group(group)
        .columns()
        .iter()
        .enumerate();
    let of_root = columns.filter(|(leaf, _)| schema.get_column_root_idx(*leaf) == root);
    of_root.map(|(_, column)| column.compressed_size()).sum()
}
