//! Encodings of text.

/// An encoding of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, whose errors are counted.
    Utf8,
    /// Another one that browsers know, such as `windows-1252`.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of a label, such as `latin1` or `utf-16le`; `None` where nobody knows it.
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        let encoding = encoding_rs::Encoding::for_label(label.trim().as_bytes())?;
        Some(if encoding == encoding_rs::UTF_8 {
            Self::Utf8
        } else {
            Self::Other(encoding)
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Utf8 => "UTF-8".to_owned(),
            Self::Other(encoding) => encoding.name().to_owned(),
        }
    }
}
