//! The source format: a header line, cells between separators, lines of other languages behind a mark.

use std::ops::Range;

use crate::cell::{Cell, Line};
use crate::magic::{is_cell_magic, is_magic, magic_name};
use crate::{Language, Notebook, Oddity, OddityKind};

/// A line of the file, without its end.
type FileLine<'t> = (Range<usize>, &'t str);

/// Reads a text whose first line is the header.
pub(crate) fn read(text: &str, language: Language) -> Notebook {
    let mut cells = Vec::new();
    let mut block = Vec::new();
    let mut oddities = Vec::new();
    for line in lines(text).skip(1) {
        if line.1.trim().starts_with(language.separator()) {
            cells.extend(cell(&block, language, &mut oddities));
            block.clear();
            continue;
        }
        if let Some(kind) = near_miss(line.1, language) {
            oddities.push(Oddity {
                kind,
                bytes: line.0.clone(),
            });
        }
        block.push(line);
    }
    cells.extend(cell(&block, language, &mut oddities));
    oddities.sort_by_key(|oddity| oddity.bytes.start);
    Notebook {
        language,
        cells,
        oddities,
    }
}

/// Reads a source file that has no header: one cell.
pub(crate) fn read_plain(text: &str, language: Language) -> Notebook {
    let lines: Vec<_> = lines(text).map(|line| place(line, language)).collect();
    Notebook {
        language,
        cells: vec![Cell::new(lines, false)],
        oddities: Vec::new(),
    }
}

fn lines(text: &str) -> impl Iterator<Item = FileLine<'_>> {
    let mut start = 0;
    text.split('\n').map(move |whole| {
        let line = whole.strip_suffix('\r').unwrap_or(whole);
        let bytes = start..start + line.len();
        start += whole.len() + 1;
        (bytes, line)
    })
}

/// The line in its cell: without the mark of a magic.
fn place<'t>((bytes, line): FileLine<'t>, language: Language) -> (Line, &'t str) {
    let content = match line.strip_prefix(language.magic()) {
        Some("") => Some(""),
        Some(rest) => rest.strip_prefix(' '),
        None => None,
    };
    let shown = content.unwrap_or(line);
    let place = Line {
        start: 0,
        file: bytes.end - shown.len()..bytes.end,
        plain: true,
        marked: content.is_some(),
    };
    (place, shown)
}

/// A cell of the lines between two separators, without its title and blank lines around it.
fn cell(block: &[FileLine<'_>], language: Language, oddities: &mut Vec<Oddity>) -> Option<Cell> {
    let mut lines = trimmed(block);
    let title = format!("{} DBTITLE ", language.comment());
    if lines.first().is_some_and(|line| line.1.starts_with(&title)) {
        lines = trimmed(&lines[1..]);
    }
    if lines.is_empty() {
        return None;
    }
    let placed = lines.iter().map(|line| place(line.clone(), language));
    let mut cell = Cell::new(placed.collect(), false);
    cell.markdown = matches!(
        cell.magic.as_ref().map(|magic| magic.name.as_str()),
        Some("md" | "md-sandbox")
    );
    look_at_magics(&cell, language, oddities);
    Some(cell)
}

fn trimmed<'l, 't>(lines: &'l [FileLine<'t>]) -> &'l [FileLine<'t>] {
    let blank = |line: &&FileLine<'_>| line.1.trim().is_empty();
    let first = lines.iter().take_while(blank).count();
    let last = lines.iter().rev().take_while(blank).count();
    lines.get(first..lines.len() - last).unwrap_or_default()
}

/// What the magics of a cell do not do. Databricks itself writes a magic that stands for one line without a mark where its cell
/// begins with something else.
fn look_at_magics(cell: &Cell, language: Language, oddities: &mut Vec<Oddity>) {
    let whole = cell.language(language) != Some(language) || cell.markdown;
    for (at, line) in cell.lines.iter().enumerate() {
        let end = cell
            .lines
            .get(at + 1)
            .map_or(cell.text.len(), |next| next.start - 1);
        let text = &cell.text[line.start..end];
        let Some((name, length)) = magic_name(text.trim_start()) else {
            continue;
        };
        let first = cell.text[..line.start].trim().is_empty();
        let start = end - text.trim_start().len();
        let bytes = cell.in_file(&(start..start + length));
        let mut add = |kind| {
            oddities.push(Oddity {
                kind,
                bytes: bytes.clone(),
            });
        };
        let code = !whole || first;
        if code && !line.marked && (first || is_cell_magic(name)) {
            let right = format!("{} {}", language.magic(), text.trim_start());
            add(OddityKind::Unmarked { right });
        } else if code && line.marked && !is_magic(name) {
            add(OddityKind::Unknown {
                name: name.to_owned(),
            });
        } else if code && !first && is_cell_magic(name) {
            add(OddityKind::Below {
                name: name.to_owned(),
            });
        }
    }
    look_at_run(cell, oddities);
}

/// A `%run` stands alone in its cell, with a path.
fn look_at_run(cell: &Cell, oddities: &mut Vec<Oddity>) {
    let Some(magic) = cell.magic.as_ref().filter(|magic| magic.name == "run") else {
        return;
    };
    let (start, body) = cell.body();
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let mut add = |kind, part: Range<usize>| {
        oddities.push(Oddity {
            kind,
            bytes: cell.in_file(&part),
        });
    };
    if first.trim().is_empty() {
        add(OddityKind::RunOfNothing, magic.bytes.clone());
    }
    let mut at = start + first.len() + 1;
    for line in rest.split('\n') {
        let code = line.trim();
        if !code.is_empty() && !code.starts_with('#') {
            add(OddityKind::NotAlone, at..at + line.len());
            return;
        }
        at += line.len() + 1;
    }
}

/// A comment that is nearly a part of the format.
fn near_miss(line: &str, language: Language) -> Option<OddityKind> {
    let comment = line.trim_start().strip_prefix(language.comment())?;
    let words = comment.trim_start_matches(|sign| language.comment().contains(sign));
    let words = words.trim();
    let starts = |word: &str| {
        let found = words.get(..word.len())?;
        found
            .eq_ignore_ascii_case(word)
            .then(|| words[word.len()..].trim_start())
    };
    if let Some(dashes) = starts("COMMAND") {
        let only = dashes.len() >= 4
            && dashes
                .chars()
                .all(|sign| matches!(sign, '-' | ' ' | '–' | '—' | '_' | '='));
        return only.then_some(OddityKind::Separator {
            right: language.separator(),
        });
    }
    let rest = starts("MAGIC")?;
    let exact = line.starts_with(language.magic()) && {
        let rest = &line[language.magic().len()..];
        rest.is_empty() || rest.starts_with(' ')
    };
    let (name, _) = magic_name(rest)?;
    (!exact && is_magic(name)).then(|| OddityKind::Mark {
        right: format!("{} {rest}", language.magic()),
    })
}
