//! Regular expressions of ECMA-262, as the standard asks for, and the same for the engines that search with them.
//!
//! Engines differ where nobody looks: whether `\d` and `\w` mean ASCII, where `$` is, what a brace alone is. So a pattern is read as
//! ECMA-262 and written anew for each engine, with everything spelled out that they could take differently.

mod class;
mod escape;
mod group;
mod parser;
mod quantifier;

pub use parser::{Engine, PatternError};

/// A pattern, written for an engine.
///
/// ```
/// use data_contract::pattern::{Engine, translate};
///
/// assert_eq!(translate(r"^\d{2}$", Engine::Rust)?, "^[0-9]{2}$");
/// assert_eq!(translate(r"^\d{2}$", Engine::Java)?, r"^[0-9]{2}\z");
/// assert!(translate("(?<!a)b", Engine::Rust).is_err());
/// # Ok::<(), data_contract::pattern::PatternError>(())
/// ```
///
/// # Errors
///
/// When it is no pattern of ECMA-262, or has something in it that the engine lacks.
pub fn translate(pattern: &str, engine: Engine) -> Result<String, PatternError> {
    parser::Parser::new(pattern, engine).parse()
}
