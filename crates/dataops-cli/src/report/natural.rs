//! The order in which people count: `t9` before `t10`.

use std::cmp::Ordering;

/// Compares names, ignoring case, with numbers in them by what they are worth.
pub(crate) fn natural(one: &str, other: &str) -> Ordering {
    let parts = parts(one).cmp(parts(other));
    parts.then_with(|| one.cmp(other))
}

/// The pieces of a name: texts, and numbers by length and digits.
fn parts(name: &str) -> impl Iterator<Item = (usize, String)> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_number = first.is_ascii_digit();
        let end = rest.find(|next: char| next.is_ascii_digit() != is_number);
        let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        Some(match is_number {
            true => {
                let digits = part.trim_start_matches('0');
                (digits.len() + 1, digits.to_owned())
            }
            // Texts come after numbers, as letters do after digits.
            false => (usize::MAX, part.to_lowercase()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_counted() {
        let mut names = ["t10", "t9", "T1", "t09", "", "t", "9", "t1b", "t1a", "10"];

        names.sort_by(|one, other| natural(one, other));

        assert_eq!(
            names,
            ["", "9", "10", "t", "T1", "t1a", "t1b", "t09", "t9", "t10"]
        );
    }
}
