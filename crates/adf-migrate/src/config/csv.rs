//! `config-<stage>.csv` as PowerShell's `Import-Csv` reads it, with the place of each cell.

use crate::note::{InputError, Note, NoteKind, Notes, Severity};
use crate::text::Text;

/// A cell, and where its characters are in the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    start: usize,
    /// The places of its bytes, where they are not one after the other.
    places: Option<Vec<usize>>,
}

impl Cell {
    /// A text that is written somewhere in one piece, or whose characters are not asked for.
    pub(crate) fn new(text: impl Into<String>, start: usize) -> Self {
        Self {
            text: text.into(),
            start,
            places: None,
        }
    }

    /// The place of a byte of the text.
    pub(crate) fn at(&self, offset: usize) -> usize {
        match &self.places {
            Some(places) => places.get(offset).copied().unwrap_or(self.start),
            None => self.start + offset.min(self.text.len()),
        }
    }
}

/// A line that says something.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) start: usize,
    pub(crate) cells: Vec<Cell>,
}

/// The names of the columns.
const HEADER: [&str; 4] = ["type", "name", "path", "value"];
/// The longest name or path.
const LONGEST: usize = 4096;

/// Reads all lines behind the header.
pub(crate) fn read(file: &Text, notes: &mut Notes) -> Result<Vec<Row>, InputError> {
    let mut reader = Reader {
        text: &file.text,
        at: 0,
        unclosed: None,
    };
    let header = reader.row().unwrap_or(Row {
        start: 0,
        cells: Vec::new(),
    });
    let names = header.cells.iter().map(|cell| cell.text.trim());
    if !names
        .clone()
        .map(str::to_ascii_lowercase)
        .eq(HEADER.map(str::to_owned))
    {
        return Err(InputError {
            spot: file.spot(header.start),
            reason: "the first line is not `type,name,path,value`".to_owned(),
            hint: hint(&file.text[header.start..]),
        });
    }
    let mut rows = Vec::new();
    while let Some(row) = reader.row() {
        match fault(&row) {
            Some((at, message)) => notes.add(
                Note::new(Severity::Lost, NoteKind::Malformed, file.spot(at), message)
                    .hint_if(what_to_do(&row)),
            ),
            None => rows.push(row),
        }
    }
    match reader.unclosed {
        // Everything behind it would be one value, and nothing of it is that.
        Some(at) => Err(InputError {
            spot: file.spot(at),
            reason: "the quote that opens here is not closed".to_owned(),
            hint: Some(
                "close it, and double each quote that belongs to the value; nothing of the file is taken over"
                    .to_owned(),
            ),
        }),
        None => Ok(rows),
    }
}

fn hint(text: &str) -> Option<String> {
    let line = text.lines().next().unwrap_or_default();
    match line.contains(';') {
        true => Some("columns are separated by commas, not by semicolons".to_owned()),
        false => Some("the four columns stand in this order".to_owned()),
    }
}

fn fault(row: &Row) -> Option<(usize, String)> {
    let long = row
        .cells
        .iter()
        .take(3)
        .find(|cell| cell.text.len() > LONGEST);
    if let Some(cell) = long {
        return Some((
            cell.at(0),
            format!("a name or path of more than {LONGEST} bytes"),
        ));
    }
    match row.cells.as_slice() {
        [_, _, _, _, fifth, ..] => Some((
            fifth.at(0),
            format!("the line has {} cells, and four are read", row.cells.len()),
        )),
        // What is removed needs no value.
        [_, _, path] if path.text.trim_start().starts_with('-') => None,
        [_, _, _] => Some((
            row.start,
            "the line has 3 of four cells: it has no value".to_owned(),
        )),
        [_, _] | [_] => Some((
            row.start,
            format!("the line has {} of four cells", row.cells.len()),
        )),
        _ => None,
    }
}

fn what_to_do(row: &Row) -> Option<String> {
    let hint = match row.cells.len() {
        3 => {
            "an empty value is a comma at the end of the line; what `-` before the path removes needs none"
        }
        5.. => "a value with commas stands in quotes, and a quote in it is doubled",
        _ => return None,
    };
    Some(hint.to_owned())
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    unclosed: Option<usize>,
}

impl Reader<'_> {
    /// The next line that is neither empty nor a comment. A comment may stand in quotes.
    fn row(&mut self) -> Option<Row> {
        loop {
            self.blanks();
            match self.peek()? {
                b'\n' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'#' => {
                    self.skip_line();
                    continue;
                }
                _ => {}
            }
            let start = self.at;
            let mut cells = vec![self.cell()];
            while self.peek() == Some(b',') {
                self.at += 1;
                cells.push(self.cell());
            }
            if !cells[0].text.starts_with('#') {
                return Some(Row { start, cells });
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').unwrap_or(rest.len());
    }

    fn cell(&mut self) -> Cell {
        self.blanks();
        if self.peek() == Some(b'"') {
            return self.quoted();
        }
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest.find([',', '\n']).unwrap_or(rest.len());
        self.at = start + length;
        Cell::new(rest[..length].trim_end_matches('\r'), start)
    }

    /// A quoted cell: two quotes are one. What follows the last quote belongs to it as it stands.
    fn quoted(&mut self) -> Cell {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        let mut places = Vec::new();
        let mut inside = true;
        while let Some(character) = self.text[self.at..].chars().next() {
            let at = self.at;
            match character {
                '"' if inside => {
                    self.at += 1;
                    if self.peek() != Some(b'"') {
                        inside = false;
                        continue;
                    }
                }
                ',' | '\n' if !inside => break,
                _ => {}
            }
            self.at += character.len_utf8();
            if inside || !matches!(character, ' ' | '\t' | '\r') {
                text.push(character);
                places.resize(text.len(), at);
            }
        }
        if inside {
            self.unclosed = self.unclosed.or(Some(open));
        }
        Cell {
            text,
            start: open,
            places: Some(places),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::InputFile;

    fn cells(text: &str) -> (Vec<Vec<String>>, Vec<String>) {
        let mut notes = Notes::default();
        let file = InputFile::new("config-qa.csv", format!("Type, Name,PATH,value\n{text}"));
        let file = Text::read(&file, &mut notes);
        let rows = read(&file, &mut notes).unwrap();
        let rows = rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect());
        let notes = notes
            .list
            .iter()
            .map(|note| format!("{}: {}", note.spot, note.message));
        (rows.collect(), notes.collect())
    }

    #[test]
    fn cells_are_read_as_powershell_reads_them() {
        for (line, expected) in [
            ("pipeline,PL,a.b,x y ", ["pipeline", "PL", "a.b", "x y "]),
            (
                "pipeline, PL, activities[\"Copy Data\"].x,{\"a\": \"b\"}\r",
                [
                    "pipeline",
                    "PL",
                    "activities[\"Copy Data\"].x",
                    "{\"a\": \"b\"}",
                ],
            ),
            (
                "dataset,\"D\",\"a\",\"say \"\"x\"\", twice\nor so\"",
                ["dataset", "D", "a", "say \"x\", twice\nor so"],
            ),
            ("trigger,T,a,", ["trigger", "T", "a", ""]),
        ] {
            let (rows, notes) = cells(&format!("\n  \n# a comment, \"with\n{line}\n"));
            assert_eq!(
                (rows, notes),
                (vec![expected.map(str::to_owned).to_vec()], vec![])
            );
        }
        assert_eq!(cells("trigger,T,-a").0[0].len(), 3);
    }

    #[test]
    fn lines_that_are_no_lines_are_told_and_left_out() {
        let (rows, notes) = cells(
            "pipeline,P,a,1,2\npipeline,P\npipeline,P,a,x\npipeline,P,a\npipeline,P,-a\npipeline,P,a,\n",
        );

        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [4, 3, 4]);
        assert_eq!(
            notes,
            [
                "config-qa.csv:2:16: the line has 5 cells, and four are read",
                "config-qa.csv:3:1: the line has 2 of four cells",
                "config-qa.csv:5:1: the line has 3 of four cells: it has no value"
            ]
        );
    }

    #[test]
    fn a_quote_that_is_not_closed_takes_nothing_with_it() {
        let mut notes = Notes::default();
        let text = "type,name,path,value\npipeline,P,a,1\npipeline,P,b,\"x\ndataset,D,c,2\n";
        let file = InputFile::new("c.csv", text);

        let error = read(&Text::read(&file, &mut notes), &mut notes).unwrap_err();

        assert_eq!(
            error.to_string(),
            "c.csv:3:14: the quote that opens here is not closed"
        );
    }

    #[test]
    fn another_header_is_refused() {
        let mut notes = Notes::default();
        let file = InputFile::new("c.csv", "type;name;path;value\n");
        let error = read(&Text::read(&file, &mut notes), &mut notes).unwrap_err();

        assert_eq!(
            error.to_string(),
            "c.csv:1:1: the first line is not `type,name,path,value`"
        );
        assert!(error.hint.unwrap().contains("semicolons"));
    }
}
