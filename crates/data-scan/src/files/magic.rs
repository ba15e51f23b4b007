//! Files of another format than they are said to be.

use super::ReadAt;

/// The first bytes of a Parquet file.
const PARQUET: &[u8] = b"PAR1";
/// So many bytes are looked at.
const LOOKED_AT: usize = 1024;

/// Why a file that is read as text is none.
pub(crate) fn no_text(file: &dyn ReadAt) -> Option<String> {
    let is_parquet = beginning(file).starts_with(PARQUET);
    is_parquet.then(|| "it is a Parquet file: write `format: parquet`".to_owned())
}

/// Why a file that is read as Parquet is none.
pub(crate) fn no_parquet(file: &dyn ReadAt) -> Option<String> {
    let bytes = beginning(file);
    if bytes.starts_with(PARQUET) {
        return None;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    // The last character may be cut.
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return None,
    };
    let is_control = |letter: char| letter.is_control() && !letter.is_whitespace();
    if valid.is_empty() || valid.contains(is_control) {
        return None;
    }
    let format = match valid.trim_start().starts_with(['{', '[']) {
        true => "json",
        false => "csv",
    };
    Some(format!(
        "it is a text and no Parquet file: write `format: {format}`"
    ))
}

fn beginning(file: &dyn ReadAt) -> Vec<u8> {
    let mut bytes = vec![0; LOOKED_AT];
    let mut read = 0;
    // Who reads the file says why it cannot be read.
    while read < bytes.len() {
        match file.read_at(read as u64, &mut bytes[read..]) {
            Ok(0) | Err(_) => break,
            Ok(more) => read += more,
        }
    }
    bytes.truncate(read);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    struct Bytes(Vec<u8>);

    impl ReadAt for Bytes {
        fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
            let rest = &self.0[usize::try_from(offset).unwrap().min(self.0.len())..];
            // A storage may give less than it is asked for.
            let read = rest.len().min(buffer.len()).min(100);
            buffer[..read].copy_from_slice(&rest[..read]);
            Ok(read)
        }
    }

    #[test]
    fn a_file_of_another_format_says_which() {
        let of = |bytes: &[u8]| no_parquet(&Bytes(bytes.to_vec())).unwrap_or_default();

        assert!(of(b"a,b\n1,2\n").ends_with("`format: csv`"));
        assert!(of(b" \n[{\"a\": 1}]").ends_with("`format: json`"));
        let cut = [vec![b'a'; LOOKED_AT - 1], "é".as_bytes().to_vec()].concat();
        assert!(of(&cut).ends_with("`format: csv`"));
        for other in [&b"PAR1xx"[..], b"", b"\x1f\x8b\x08", b"a\0b"] {
            assert_eq!(of(other), "", "{other:?}");
        }
        assert_eq!(no_text(&Bytes(b"a,b\n".to_vec())), None);
        assert!(no_text(&Bytes(b"PAR1\x15".to_vec())).is_some());
    }
}
