//! Making the changes that findings offer.

use crate::{Finding, Fix};

/// A text after changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The text.
    pub text: String,
    /// How many changes were made. Those that overlap an earlier one were not.
    pub changes: usize,
}

/// Makes the changes that `findings`, all about one file with this text, offer.
#[must_use]
pub fn mend<'f>(text: &str, findings: impl IntoIterator<Item = &'f Finding>) -> Mended {
    let offered = findings
        .into_iter()
        .filter_map(|finding| finding.fix.as_ref());
    let mut fixes: Vec<&Fix> = offered.filter(|fix| fits(text, fix)).collect();
    fixes.sort_by_key(|fix| (fix.bytes.start, fix.bytes.end));
    let mut mended = Mended {
        text: String::with_capacity(text.len()),
        changes: 0,
    };
    let mut at = 0;
    for fix in fixes {
        if fix.bytes.start < at {
            continue;
        }
        mended.text.push_str(&text[at..fix.bytes.start]);
        mended.text.push_str(&fix.text);
        at = fix.bytes.end;
        mended.changes += 1;
    }
    mended.text.push_str(&text[at..]);
    mended
}

fn fits(text: &str, fix: &Fix) -> bool {
    text.get(fix.bytes.clone()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RULES;

    fn finding(bytes: std::ops::Range<usize>, text: &str) -> Finding {
        Finding::in_file(RULES[0], "a.json", "x").fix(Fix {
            message: String::new(),
            bytes,
            text: text.to_owned(),
        })
    }

    #[test]
    fn changes_are_made_from_the_beginning_and_do_not_overlap() {
        let findings = [
            finding(5..6, "F"),
            finding(0..2, ""),
            finding(1..3, "x"),
            finding(9..12, "y"),
        ];

        let mended = mend("abcdefgh", &findings);

        assert_eq!((mended.text.as_str(), mended.changes), ("cdeFgh", 2));
    }

    #[test]
    fn a_change_does_not_part_a_character() {
        let mended = mend("é", &[finding(0..1, "x")]);

        assert_eq!((mended.text.as_str(), mended.changes), ("é", 0));
    }
}
