//! Names in a query, whose case means nothing.
//!
//! Warehouses find `SELECT AVG(Age) FROM Events` whatever the case of the names; DataFusion makes names lower case unless they are
//! quoted. Tables and columns are known to it by lower case, so a quoted name is written anew in lower case where it is one of
//! them. Both quotes in use, `"` and `` ` ``, enclose names.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use crate::QueryError;

/// Names that are known, in lower case.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Of tables and columns.
    pub(crate) outer: HashSet<String>,
    /// Of what is within columns, which are names behind a dot or in quotes.
    pub(crate) inner: HashSet<String>,
}

/// The names of columns, and of what is within them.
pub(crate) fn of(fields: &Fields, outer: &mut HashSet<String>, inner: &mut HashSet<String>) {
    for field in fields {
        outer.insert(field.name().to_lowercase());
        within(field.data_type(), inner);
    }
}

fn within(data_type: &DataType, inner: &mut HashSet<String>) {
    match data_type {
        DataType::Struct(fields) => {
            for field in fields {
                inner.insert(field.name().to_lowercase());
                within(field.data_type(), inner);
            }
        }
        DataType::List(item) => within(item.data_type(), inner),
        _ => {}
    }
}

/// A field whose name, and those of what is within it, are in lower case.
pub(crate) fn lowered(field: &Field) -> Field {
    let name = field.name().to_lowercase();
    let data_type = lowered_type(field.data_type());
    field.clone().with_name(name).with_data_type(data_type)
}

fn lowered_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| lowered(field)).collect())
        }
        DataType::List(item) => {
            let inner = lowered_type(item.data_type());
            DataType::List(Arc::new(item.as_ref().clone().with_data_type(inner)))
        }
        other => other.clone(),
    }
}

/// The query with every known name as the engine knows it.
pub(crate) fn known(query: &str, names: &Names) -> Result<String, QueryError> {
    // Quotes within texts and names stay as they are written, so that they are again where these are written anew.
    let tokens = Tokenizer::new(&GenericDialect {}, query)
        .with_unescape(false)
        .tokenize()
        .map_err(|error| QueryError::Invalid(error.to_string()))?;
    let mut written = String::with_capacity(query.len());
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word) => {
                let lower = unquoted(&word.value, word.quote_style).to_lowercase();
                let plain = word.quote_style.is_none();
                let meant = plain && (is_called(&tokens[at + 1..]) || is_unit(&tokens[..at]));
                let behind_dot = at > 0 && tokens[at - 1] == Token::Period;
                let inner = (!plain || behind_dot) && names.inner.contains(&lower);
                match (names.outer.contains(&lower) || inner) && !meant {
                    true => quote(&mut written, &lower),
                    false => written.push_str(&token.to_string()),
                }
            }
            token => written.push_str(&token.to_string()),
        }
    }
    Ok(written)
}

/// A name without the doubling of quotes in it.
fn unquoted(name: &str, quote: Option<char>) -> String {
    match quote {
        Some(quote) => name.replace(&quote.to_string().repeat(2), &quote.to_string()),
        None => name.to_owned(),
    }
}

/// Whether what follows makes a word the name of a function.
fn is_called(rest: &[Token]) -> bool {
    let next = rest
        .iter()
        .find(|token| !matches!(token, Token::Whitespace(_)));
    matches!(next, Some(Token::LParen))
}

/// Whether what stands before makes a word a unit of time: `INTERVAL '1' DAY`, `EXTRACT(DAY FROM …`.
fn is_unit(before: &[Token]) -> bool {
    let mut before = before
        .iter()
        .rev()
        .filter(|token| !matches!(token, Token::Whitespace(_)));
    let opening = match before.next() {
        Some(Token::SingleQuotedString(_) | Token::Number(..)) => "interval",
        Some(Token::LParen) => "extract",
        _ => return false,
    };
    matches!(before.next(), Some(Token::Word(word)) if word.value.eq_ignore_ascii_case(opening))
}

fn quote(written: &mut String, name: &str) {
    written.push('"');
    written.push_str(&name.replace('"', "\"\""));
    written.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(query: &str) -> String {
        let outer = ["events", "age", "count", "first name"].map(str::to_owned);
        let inner = ["from", "zip"].map(str::to_owned);
        let (outer, inner) = (HashSet::from(outer), HashSet::from(inner));
        known(query, &Names { outer, inner }).expect("tokens")
    }

    #[test]
    fn names_are_found_in_any_case_and_quotes() {
        assert_eq!(
            names("SELECT AVG(Age) FROM Events WHERE `First Name` <> \"AGE\""),
            "SELECT AVG(\"age\") FROM \"events\" WHERE \"first name\" <> \"age\""
        );
    }

    #[test]
    fn names_of_what_is_within_are_found_behind_a_dot_and_in_quotes() {
        assert_eq!(
            names("SELECT Age.Zip, age.FROM, `Age`.`ZIP`, zip FROM events"),
            "SELECT \"age\".\"zip\", \"age\".\"from\", \"age\".\"zip\", zip FROM \"events\""
        );
    }

    #[test]
    fn units_of_time_are_no_names() {
        assert_eq!(
            names("SELECT age + INTERVAL '1' Age, extract( AGE FROM age), (age)"),
            "SELECT \"age\" + INTERVAL '1' Age, extract( AGE FROM \"age\"), (\"age\")"
        );
    }

    #[test]
    fn texts_functions_and_unknown_names_are_left_alone() {
        assert_eq!(
            names("SELECT COUNT (*) + count(x) + \"count\" FROM Other WHERE s = 'Events'"),
            "SELECT COUNT (*) + count(x) + \"count\" FROM Other WHERE s = 'Events'"
        );
    }

    #[test]
    fn quotes_in_texts_and_names_stay() {
        for query in [
            "SELECT 1 FROM Other WHERE s = 'it''s; x'",
            "SELECT \"a\"\"b\" FROM Other -- it's",
        ] {
            assert_eq!(names(query), query);
        }
    }
}
