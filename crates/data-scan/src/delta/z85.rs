//! Z85: bytes as text that JSON need not escape, four bytes in five characters.

const ALPHABET: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The bytes of a text; `None` where it is no such text.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let (groups, []) = text.as_bytes().as_chunks::<5>() else {
        return None;
    };
    let mut bytes = Vec::with_capacity(groups.len() * 4);
    for group in groups {
        let digit = |letter: &u8| ALPHABET.iter().position(|known| known == letter);
        let number = group.iter().try_fold(0_u64, |number, letter| {
            Some(number * 85 + digit(letter)? as u64)
        })?;
        bytes.extend(u32::try_from(number).ok()?.to_be_bytes());
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_as_the_specification_of_z85_has_it() {
        let bytes = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];

        assert_eq!(decode("HelloWorld"), Some(bytes.to_vec()));
        assert_eq!(decode(""), Some(Vec::new()));
        assert_eq!(decode("%nSc0"), Some(vec![0xFF; 4]));
        for wrong in ["Hello1", "Hell", "Hell\"", "%nSc1", "#####", "Höllo"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
