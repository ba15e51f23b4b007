//! Where the bytes are that give CSV its structure: 64 bytes at a time, a bit each.

/// The bytes that matter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Needles([u8; 4]);

impl Needles {
    /// Up to four different bytes; one may be given several times.
    pub(super) fn new(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// A bit for each of the 64 bytes that is one of them.
    #[inline]
    fn mask(self, bytes: &[u8; 64]) -> u64 {
        let [a, b, c, d] = self.0;
        // Without a branch, so that the compiler compares sixteen bytes at a time.
        let found = bytes.map(|it| u8::from((it == a) | (it == b) | (it == c) | (it == d)));
        let (words, _) = found.as_chunks::<8>();
        let mut mask = 0;
        for (place, word) in words.iter().enumerate() {
            mask |= gathered(*word) << (8 * place);
        }
        mask
    }
}

/// The lowest bits of eight bytes that are 0 or 1, side by side: each product lands in the highest byte at its own place.
#[inline]
fn gathered(word: [u8; 8]) -> u64 {
    u64::from_le_bytes(word).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The places of the bytes that matter, one after the other.
#[derive(Clone, Debug)]
pub(super) struct Marks<'a> {
    data: &'a [u8],
    needles: Needles,
    base: usize,
    bits: u64,
}

impl<'a> Marks<'a> {
    /// The places from `from` on.
    pub(super) fn new(data: &'a [u8], needles: Needles, from: usize) -> Self {
        let base = from - from % 64;
        let mut marks = Self {
            data,
            needles,
            base,
            bits: 0,
        };
        marks.bits = marks.load() & (u64::MAX << (from % 64));
        marks
    }

    #[inline]
    fn load(&self) -> u64 {
        let rest = &self.data[self.base.min(self.data.len())..];
        match rest.first_chunk::<64>() {
            Some(bytes) => self.needles.mask(bytes),
            None => self.load_last(rest),
        }
    }

    #[cold]
    fn load_last(&self, rest: &[u8]) -> u64 {
        let mut bytes = [0; 64];
        bytes[..rest.len()].copy_from_slice(rest);
        self.needles.mask(&bytes) & ((1 << rest.len()) - 1)
    }

    /// The next place.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.bits == 0 {
            self.base += 64;
            if self.base >= self.data.len() {
                self.base = self.data.len();
                return None;
            }
            self.bits = self.load();
        }
        let place = self.base + self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_where_the_bytes_are(data in proptest::collection::vec(0_u8..8, 0..400), from in 0_usize..400) {
            let from = from.min(data.len());
            let mut marks = Marks::new(&data, Needles::new([1, 3, 3, 7]), from);
            let found: Vec<usize> = std::iter::from_fn(|| marks.next()).collect();
            let expected: Vec<usize> = (from..data.len()).filter(|place| [1, 3, 7].contains(&data[*place])).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
