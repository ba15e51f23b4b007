//! `%run path $name="value" …`.

use crate::cell::Cell;
use crate::uses::{Run, Uses};

/// Notes the notebook that a cell of `%run` runs.
pub(crate) fn look(cell: &Cell, uses: &mut Uses) {
    if cell.magic.as_ref().is_none_or(|magic| magic.name != "run") {
        return;
    }
    let (start, body) = cell.body();
    let line = body.split('\n').next().unwrap_or_default();
    let mut words = words(line).into_iter();
    let Some((at, path)) = words.next() else {
        return;
    };
    let names = words.filter_map(|(_, word)| {
        let (name, _) = word.strip_prefix('$')?.split_once('=')?;
        Some(name.to_owned())
    });
    uses.runs.push(Run {
        arguments: Some(names.collect()),
        inline: true,
        place: cell.in_file(&(start + at.start..start + at.end)),
        path,
    });
}

/// The words of a line, as a shell parts them: quotes keep blanks, and go.
fn words(line: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let mut words: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut quote = None;
    let mut open = false;
    for (at, character) in line.char_indices() {
        let blank = quote.is_none() && character.is_whitespace();
        if blank {
            open = false;
            continue;
        }
        if !open {
            words.push((at..at, String::new()));
            open = true;
        }
        let Some((bytes, word)) = words.last_mut() else {
            continue;
        };
        bytes.end = at + character.len_utf8();
        match quote {
            Some(mark) if mark == character => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            _ => word.push(character),
        }
    }
    words
}
