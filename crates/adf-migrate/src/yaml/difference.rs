//! The lines that a text has more, and those around them.

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It is in both texts.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Lines that are in both texts are left out here.
    Gap,
}

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What became of it.
    pub sign: Sign,
    /// The line.
    pub text: String,
}

/// How many lines are shown around a change.
const AROUND: usize = 2;

/// Compares two texts of which the new one has been made by adding lines, and by replacing few.
#[must_use]
pub fn difference(old: &str, new: &str) -> Vec<DiffLine> {
    let old: Vec<_> = old.lines().collect();
    let new: Vec<_> = new.lines().collect();
    let mut lines = Vec::new();
    let mut at = 0;
    for (number, text) in new.iter().enumerate() {
        // A line that does not come any more is gone.
        while at < old.len() && old[at] != *text && !new[number..].contains(&old[at]) {
            lines.push((Sign::Removed, old[at]));
            at += 1;
        }
        let is_same = old.get(at) == Some(text);
        lines.push((if is_same { Sign::Same } else { Sign::Added }, *text));
        at += usize::from(is_same);
    }
    lines.extend(
        old[at.min(old.len())..]
            .iter()
            .map(|text| (Sign::Removed, *text)),
    );
    around(&lines)
}

/// The changes with a few lines before and after.
fn around(lines: &[(Sign, &str)]) -> Vec<DiffLine> {
    let mut near = vec![false; lines.len()];
    for (at, (sign, _)) in lines.iter().enumerate() {
        if *sign != Sign::Same {
            let end = (at + AROUND + 1).min(lines.len());
            near[at.saturating_sub(AROUND)..end].fill(true);
        }
    }
    let mut shown: Vec<DiffLine> = Vec::new();
    for ((sign, text), near) in lines.iter().zip(near) {
        match near {
            true => shown.push(DiffLine {
                sign: *sign,
                text: (*text).to_owned(),
            }),
            false if shown.last().is_none_or(|last| last.sign != Sign::Gap) => {
                shown.push(DiffLine {
                    sign: Sign::Gap,
                    text: String::new(),
                });
            }
            false => {}
        }
    }
    shown
}
