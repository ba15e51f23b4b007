//! Sets of places: which columns or measures of an object something is said of.

/// Some of the places of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places(Vec<u64>);

const BITS: usize = 64;

impl Places {
    /// Adds a place.
    pub(crate) fn add(&mut self, place: usize) {
        let word = place / BITS;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (place % BITS);
    }

    /// Whether a place is one of them.
    pub(crate) fn has(&self, place: usize) -> bool {
        let word = self.0.get(place / BITS).copied().unwrap_or(0);
        word & (1 << (place % BITS)) != 0
    }
}

impl FromIterator<usize> for Places {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut all = Self::default();
        places.into_iter().for_each(|place| all.add(place));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_added_is_in_it() {
        let places: Places = [0, 63, 64, 200].into_iter().collect();
        let found: Vec<_> = (0..300).filter(|place| places.has(*place)).collect();
        assert_eq!(found, [0, 63, 64, 200]);
    }
}
