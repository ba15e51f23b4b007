//! Names without regard to case, compared where they stand: a large factory compares them millions of times.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A name that is the same in capitals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folded<'a>(pub(crate) &'a str);

impl Folded<'_> {
    fn characters(self) -> impl Iterator<Item = char> {
        self.0.chars().flat_map(char::to_lowercase)
    }
}

impl PartialEq for Folded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
            || match self.0.is_ascii() && other.0.is_ascii() {
                true => self.0.eq_ignore_ascii_case(other.0),
                false => self.characters().eq(other.characters()),
            }
    }
}

impl Eq for Folded<'_> {}

impl PartialOrd for Folded<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Folded<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.characters().cmp(other.characters())
    }
}

impl Hash for Folded<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for character in self.characters() {
            state.write_u32(character.into());
        }
        // As of any text, so that two names in a row are not the same as two others.
        state.write_u8(0xff);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use proptest::prelude::*;

    use super::*;

    fn hash(name: &str) -> u64 {
        let mut state = DefaultHasher::new();
        Folded(name).hash(&mut state);
        state.finish()
    }

    proptest! {
        #[test]
        fn order_equality_and_hash_agree_with_lowercase_text(one in "[aAbBéÉß_1]{0,3}", other in "[aAbBéÉß_1]{0,3}") {
            let (lower, lower_other) = (one.to_lowercase(), other.to_lowercase());

            prop_assert_eq!(Folded(&one) == Folded(&other), lower == lower_other);
            prop_assert_eq!(Folded(&one).cmp(&Folded(&other)), lower.cmp(&lower_other));
            prop_assert_eq!(hash(&one) == hash(&other), lower == lower_other);
        }
    }
}
