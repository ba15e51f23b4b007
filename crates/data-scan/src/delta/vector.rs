//! Deletion vectors: which rows of a file are no longer in the table.

use std::fmt::Write as _;

use roaring::RoaringTreemap;
use serde::Deserialize;

use super::z85;
use crate::files::{Entry, Storage, read_exact_at};

/// The version of files of vectors.
const VERSION: u8 = 1;
/// What a vector begins with: the bitmap behind it is of the portable format.
const MAGIC: u32 = 1_681_511_377;
/// A vector with more bytes is not read: it would be a bit each for a quarter of a billion rows of one file.
const LARGEST: u64 = 32 << 20;
/// The characters of a UUID.
const UUID: usize = 20;

/// What the log says of a vector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    #[serde(default)]
    pub(super) storage_type: String,
    #[serde(default)]
    pub(super) path_or_inline_dv: String,
    pub(super) offset: Option<i64>,
    pub(super) size_in_bytes: Option<i64>,
    pub(super) cardinality: Option<i64>,
}

impl Descriptor {
    /// What tells a vector of a file from others of the same file.
    pub(super) fn id(&self) -> String {
        let mut id = format!("{}{}", self.storage_type, self.path_or_inline_dv);
        if let Some(offset) = self.offset {
            let _ = write!(id, "@{offset}");
        }
        id
    }

    /// The file that it is in, by its path in the table or a whole one; `None` where it stands in the log.
    pub(super) fn path(&self) -> Result<Option<String>, String> {
        let text = self.path_or_inline_dv.as_str();
        match self.storage_type.as_str() {
            "i" => Ok(None),
            "p" => Ok(Some(text.to_owned())),
            "u" => {
                let parts = text
                    .len()
                    .checked_sub(UUID)
                    .and_then(|at| text.split_at_checked(at));
                let named = parts
                    .and_then(|(folder, uuid)| Some((folder, canonical(&z85::decode(uuid)?)?)));
                let (folder, uuid) = named.ok_or("is in a file whose name cannot be read")?;
                let slash = if folder.is_empty() { "" } else { "/" };
                Ok(Some(format!("{folder}{slash}deletion_vector_{uuid}.bin")))
            }
            other => Err(format!("is kept in a way that nobody knows (`{other}`)")),
        }
    }
}

/// A UUID as it is usually written.
fn canonical(bytes: &[u8]) -> Option<String> {
    let text = format!("{:032x}", u128::from_be_bytes(bytes.try_into().ok()?));
    let part = |from, to| text.get(from..to);
    let parts = [
        part(0, 8)?,
        part(8, 12)?,
        part(12, 16)?,
        part(16, 20)?,
        part(20, 32)?,
    ];
    Some(parts.join("-"))
}

/// Where the bytes of a vector are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In the log itself.
    Log,
    /// In a file.
    File(Entry),
    /// Nowhere, and why.
    Nowhere(String),
}

/// A vector of a file of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Vector {
    pub(super) descriptor: Descriptor,
    pub(super) place: Place,
}

impl Vector {
    /// The rows that are deleted, by their places in the file, or what is wrong with the vector.
    pub(super) fn rows(&self, storage: &dyn Storage) -> Result<RoaringTreemap, String> {
        let size = self.descriptor.size_in_bytes;
        let size = size.and_then(|size| u64::try_from(size).ok());
        let size = size.ok_or("has no size")?;
        if size > LARGEST {
            return Err(format!("is too large to be read: it has {size} bytes"));
        }
        let bytes = match &self.place {
            Place::Nowhere(reason) => return Err(reason.clone()),
            Place::Log => inline(&self.descriptor.path_or_inline_dv, size)?,
            Place::File(entry) => {
                // The first one is behind the version of the file.
                let offset = self.descriptor.offset.unwrap_or(1).max(1);
                let offset = offset.unsigned_abs();
                let read = block(storage, entry, (offset, size));
                read.map_err(|reason| format!("in {} {reason}", entry.path))?
            }
        };
        let rows = decode(&bytes)?;
        let said = self.descriptor.cardinality;
        if said.and_then(|said| u64::try_from(said).ok()) == Some(rows.len()) {
            return Ok(rows);
        }
        let said = said.map_or_else(|| "no number of".to_owned(), |said| said.to_string());
        Err(format!(
            "has {} rows, and the log says {said} rows",
            rows.len()
        ))
    }
}

/// The bytes of a vector in the log. Text has them in fours, so that there may be up to three too many.
fn inline(text: &str, size: u64) -> Result<Vec<u8>, String> {
    let mut bytes = z85::decode(text).ok_or("is no text in Z85")?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if size.checked_next_multiple_of(4) != Some(bytes.len()) {
        return Err(format!(
            "has {} bytes, and the log says {size}",
            bytes.len()
        ));
    }
    bytes.truncate(size);
    Ok(bytes)
}

/// The bytes of a vector in a file with the vectors of several: its size, its bytes, and their checksum.
fn block(
    storage: &dyn Storage,
    entry: &Entry,
    (offset, size): (u64, u64),
) -> Result<Vec<u8>, String> {
    let file = storage.open(entry);
    let file = file.map_err(|error| format!("cannot be read: {error}"))?;
    let read = |at: u64, length: u64| {
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let read = read_exact_at(file.as_ref(), at, &mut bytes);
        read.map(|()| bytes)
            .map_err(|error| format!("cannot be read: {error}"))
    };
    let length = size + 8;
    let end = offset.checked_add(length);
    if end.is_none_or(|end| end > entry.size) {
        return Err("is not within the file".to_owned());
    }
    let version = read(0, 1)?;
    if version != [VERSION] {
        return Err(format!("is of version {} of such files", version[0]));
    }
    let mut bytes = read(offset, length)?;
    let sum = bytes.split_off(bytes.len() - 4);
    let (said, data) = bytes.split_at(4);
    if said != u32::try_from(size).unwrap_or(0).to_be_bytes() {
        return Err(format!("does not have the {size} bytes that the log says"));
    }
    let mut crc = flate2::Crc::new();
    crc.update(data);
    if sum != crc.sum().to_be_bytes() {
        return Err("is damaged: its checksum is another one".to_owned());
    }
    Ok(data.to_vec())
}

fn decode(bytes: &[u8]) -> Result<RoaringTreemap, String> {
    let (magic, mut rest) = bytes.split_first_chunk::<4>().ok_or("is too short")?;
    if u32::from_le_bytes(*magic) != MAGIC {
        return Err("is of a format that nobody knows".to_owned());
    }
    let rows = RoaringTreemap::deserialize_from(&mut rest);
    let rows = rows.map_err(|error| format!("is damaged: {error}"))?;
    if rest.is_empty() {
        Ok(rows)
    } else {
        Err(format!("is damaged: {} bytes are too many", rest.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Local;

    fn descriptor(storage_type: &str, text: &str) -> Descriptor {
        Descriptor {
            storage_type: storage_type.to_owned(),
            path_or_inline_dv: text.to_owned(),
            offset: Some(4),
            size_in_bytes: Some(40),
            cardinality: Some(6),
        }
    }

    #[test]
    fn the_name_of_a_file_is_made_of_a_uuid_and_a_folder() {
        let plain = "deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin";
        for (text, path) in [
            ("-aqEH.-t@S}K{vb[*k^", Err(())),
            ("^-aqEH.-t@S}K{vb[*k^", Ok(plain.to_owned())),
            ("ab^-aqEH.-t@S}K{vb[*k^", Ok(format!("ab/{plain}"))),
            ("ä^-aqEH.-t@S}K{vb[*kä", Err(())),
        ] {
            let found = descriptor("u", text).path().map_err(|_| ());
            assert_eq!(found, path.map(Some), "{text}");
        }
        assert_eq!(
            descriptor("p", "/t/x.bin").path(),
            Ok(Some("/t/x.bin".to_owned()))
        );
        assert!(descriptor("x", "").path().is_err());
        assert_eq!(descriptor("u", "a").id(), "ua@4");
    }

    #[test]
    fn a_vector_in_the_log_has_its_rows() {
        let text = "^Bg9^0rr910000000000iXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L";
        let descriptor = |text: &str| Descriptor {
            size_in_bytes: Some(44),
            ..descriptor("i", text)
        };
        let vector = Vector {
            descriptor: descriptor(text),
            place: Place::Log,
        };
        let rows = vector.rows(&Local::new("."));

        let rows: Vec<u64> = rows.unwrap().iter().collect();
        assert_eq!(rows, [3, 4, 7, 11, 18, 29]);
        for wrong in [
            Descriptor {
                cardinality: Some(5),
                ..vector.descriptor.clone()
            },
            Descriptor {
                size_in_bytes: Some(36),
                ..vector.descriptor.clone()
            },
            Descriptor {
                size_in_bytes: None,
                ..vector.descriptor.clone()
            },
            Descriptor {
                cardinality: None,
                ..vector.descriptor.clone()
            },
            descriptor(&text[..50]),
            descriptor(&text.replace("^Bg9^", "^Bg9!")),
            // What the protocol has as its example: of a format before this one.
            Descriptor {
                path_or_inline_dv: "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L".to_owned(),
                size_in_bytes: Some(40),
                ..vector.descriptor.clone()
            },
        ] {
            let wrong = Vector {
                descriptor: wrong,
                place: Place::Log,
            };
            assert!(wrong.rows(&Local::new(".")).is_err(), "{wrong:?}");
        }
    }
}
