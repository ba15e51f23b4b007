//! What holds a secret: the names that say so, and the texts that show it.
//!
//! Whoever hides secrets, plans with them or warns of them asks here, so that no two of them disagree.

mod argument;
mod given;
mod header;
mod line;
mod loose;
mod name;
mod pair;
mod phrase;
mod place;
mod shape;
mod take;
mod text;
mod values;

pub use argument::SecureParameters;
pub use loose::secrets_of_text;
pub use name::{is_connection_string_name, is_secret_name, is_secret_of_connection};
pub use place::Secrecy;
pub use take::Taken;
pub use text::{Secret, SecretKind, keys_in, masked, secrets_in};
pub use values::SecretValues;
