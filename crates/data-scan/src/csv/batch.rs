//! Some records of a block, and their cells.

/// A cell in the block, or (unescaped) in the batch's own text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    start: u32,
    pub(super) length: u32,
}

pub(super) const QUOTED: u32 = 1 << 31;
pub(super) const UNESCAPED: u32 = 1 << 30;
const LENGTH: u32 = UNESCAPED - 1;
const MISSING: Cell = Cell {
    start: 0,
    length: 0,
};

/// Some records of a block.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) cells: Vec<Cell>,
    pub(super) text: Vec<u8>,
    pub(super) width: usize,
    /// Where each record begins in the block.
    starts: Vec<u32>,
    /// How many records there are.
    pub(crate) rows: usize,
    /// Records with another number of cells, and that number.
    pub(crate) ragged: Vec<(u32, u32)>,
}

impl Batch {
    /// The cells of a column: text, and whether it was quoted.
    #[inline]
    pub(crate) fn column<'a>(
        &'a self,
        block: &'a [u8],
        column: usize,
    ) -> impl Iterator<Item = (&'a [u8], bool)> {
        let cells = self.cells.get(column..).unwrap_or_default();
        cells
            .iter()
            .step_by(self.width.max(1))
            .map(|cell| self.text(block, *cell))
    }

    #[inline]
    fn text<'a>(&'a self, block: &'a [u8], cell: Cell) -> (&'a [u8], bool) {
        let length = (cell.length & LENGTH) as usize;
        let from = if cell.length & UNESCAPED == 0 {
            block
        } else {
            &self.text
        };
        (
            &from[cell.start as usize..][..length],
            cell.length & QUOTED != 0,
        )
    }

    /// The cells of the only record, as text.
    pub(crate) fn row(&self, block: &[u8]) -> Vec<String> {
        let texts = self.cells.iter().map(|cell| self.text(block, *cell).0);
        texts
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect()
    }

    /// The bytes of each record in the block, with its end.
    pub(crate) fn lines<'a>(
        &'a self,
        block: &'a [u8],
        next: usize,
    ) -> impl Iterator<Item = &'a [u8]> {
        let ends = self
            .starts
            .iter()
            .skip(1)
            .map(|start| *start as usize)
            .chain([next]);
        self.starts
            .iter()
            .zip(ends)
            .map(|(start, end)| &block[*start as usize..end])
    }

    pub(super) fn clear(&mut self, width: usize) {
        self.cells.clear();
        self.text.clear();
        self.ragged.clear();
        self.starts.clear();
        self.rows = 0;
        self.width = width;
    }
}

impl Cell {
    /// Blocks have less than a gibibyte: a chunk of [`Options::chunk_of`](crate::Options::chunk_of) and a record.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "blocks are smaller")]
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self {
            start: start as u32,
            length: (end - start) as u32 & LENGTH,
        }
    }
}

impl Batch {
    /// Ends a record that has so many cells.
    #[inline]
    pub(super) fn finish(&mut self, start: usize, (before, count): (usize, usize)) {
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
        if self.width != 0 && count != self.width {
            self.cells.resize(before + self.width, MISSING);
            let row = u32::try_from(self.rows).unwrap_or(u32::MAX);
            self.ragged
                .push((row, u32::try_from(count).unwrap_or(u32::MAX)));
        }
        self.rows += 1;
    }

    /// What stood between quotes, and what came after them.
    #[cold]
    pub(super) fn joined(&mut self, block: &[u8], quoted: Cell, rest: Cell) -> Cell {
        let start = self.text.len();
        let whole = [self.text(block, quoted).0, self.text(block, rest).0].concat();
        self.text.extend_from_slice(&whole);
        let mut cell = Cell::new(start, self.text.len());
        cell.length |= UNESCAPED | QUOTED;
        cell
    }
}
