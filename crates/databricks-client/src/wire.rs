//! How values travel: null for empty, base64 for bytes, names for enums.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Deserializer, Serializer, de};

/// Reads null as the default, which the service leaves out at other times.
pub(crate) fn null_as_default<'de, D, T>(input: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

/// Reads bytes from base64; null stands for none.
pub(crate) fn bytes_from_base64<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
    let text: Option<String> = Option::deserialize(input)?;
    BASE64_STANDARD
        .decode(text.unwrap_or_default())
        .map_err(|_| de::Error::custom("not base64"))
}

/// Writes bytes as base64.
pub(crate) fn bytes_to_base64<S: Serializer>(bytes: &&[u8], output: S) -> Result<S::Ok, S::Error> {
    output.serialize_str(&BASE64_STANDARD.encode(bytes))
}

/// Shows an enum by the name that the service uses for it.
macro_rules! display_as_sent {
    ($($name:ty),+ $(,)?) => {
        $(impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                serde::Serialize::serialize(self, out)
            }
        })+
    };
}

pub(crate) use display_as_sent;
