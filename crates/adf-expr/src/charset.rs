//! The character sets that .NET knows by itself, as content types name them.

/// How bytes are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    Utf16 { big_endian: bool },
    Ascii,
    Latin1,
}

impl Charset {
    /// The one that a content type names, if it names one; the error is a name that is not known.
    pub(crate) fn named(content_type: &str) -> Result<Option<Self>, &str> {
        let parameters = content_type.split(';').skip(1);
        let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
        let Some((_, name)) = named.find(|(key, _)| key.trim().eq_ignore_ascii_case("charset"))
        else {
            return Ok(None);
        };
        let name = name.trim();
        match name.to_ascii_lowercase().as_str() {
            "utf-8" => Ok(Some(Self::Utf8)),
            "utf-16" | "utf-16le" | "unicode" => Ok(Some(Self::Utf16 { big_endian: false })),
            "utf-16be" | "unicodefffe" => Ok(Some(Self::Utf16 { big_endian: true })),
            "us-ascii" | "ascii" => Ok(Some(Self::Ascii)),
            "iso-8859-1" | "latin1" => Ok(Some(Self::Latin1)),
            _ => Err(name),
        }
    }

    pub(crate) fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16 { big_endian } => {
                let units = bytes.chunks(2).map(|pair| match pair {
                    [first, second] if big_endian => u16::from_be_bytes([*first, *second]),
                    [first, second] => u16::from_le_bytes([*first, *second]),
                    _ => u16::from(b'?'),
                });
                String::from_utf16_lossy(&units.collect::<Vec<_>>())
            }
            Self::Ascii => bytes
                .iter()
                .map(|byte| {
                    if byte.is_ascii() {
                        char::from(*byte)
                    } else {
                        '?'
                    }
                })
                .collect(),
            Self::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        }
    }
}
