//! Queries with names in place of placeholders.

use crate::model::{OBJECT, is_placeholder};

/// The query with quoted names in place of `{object}`, `${table}`, `{property}` and the like.
///
/// Quotes that somebody put around a placeholder go; between single quotes, where text is meant, the plain name stands.
pub(super) fn filled(query: &str, object: &str, column: Option<&[String]>) -> String {
    let mut filled = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find('{') {
        let before = &rest[..at];
        let known = placeholder(&rest[at..]);
        let name = known.and_then(|(word, length)| {
            if OBJECT.contains(&word) {
                return Some((vec![object.to_owned()], length));
            }
            column.map(|path| (path.to_vec(), length))
        });
        let Some((path, length)) = name else {
            filled.push_str(&rest[..=at]);
            rest = &rest[at + 1..];
            continue;
        };
        filled.push_str(before.strip_suffix('$').unwrap_or(before));
        rest = &rest[at + length..];
        let quote = filled
            .chars()
            .next_back()
            .filter(|last| rest.starts_with(*last));
        match quote {
            Some('\'') => filled.push_str(&path.join(".")),
            Some('"' | '`') => {
                filled.pop();
                rest = &rest[1..];
                filled.push_str(&quoted(&path));
            }
            _ => filled.push_str(&quoted(&path)),
        }
    }
    filled + rest
}

/// The word of a placeholder at the beginning of `text`, and its length.
fn placeholder(text: &str) -> Option<(&str, usize)> {
    let end = text.find('}')?;
    let word = &text[1..end];
    is_placeholder(word).then_some((word, end + 1))
}

/// A query without the semicolons that end it, and without the comments behind them.
///
/// # Errors
///
/// Where something follows a semicolon: a rule asks one thing.
pub(crate) fn single(query: &str) -> Result<&str, &'static str> {
    let mut end = None;
    let mut rest = query;
    while let Some(letter) = rest.chars().next() {
        let at = query.len() - rest.len();
        let (length, says) = token(rest, letter);
        match (says, end) {
            (Token::End, None) => end = Some(at),
            (Token::Word, Some(_)) => return Err("the query is more than one statement"),
            _ => {}
        }
        rest = &rest[length..];
    }
    Ok(query[..end.unwrap_or(query.len())].trim())
}

/// What a part of a query is.
enum Token {
    /// What ends a statement.
    End,
    /// A part of a statement.
    Word,
    /// A blank or a comment.
    Nothing,
}

/// The part that a text begins with, and its length. What is quoted or a comment and never ends goes on to the end.
fn token(text: &str, letter: char) -> (usize, Token) {
    let upto = |begin: usize, mark: &str| {
        let found = text[begin..].find(mark);
        found.map_or(text.len(), |at| begin + at + mark.len())
    };
    match letter {
        ';' => (1, Token::End),
        '\'' | '"' | '`' => (quotation(text, letter), Token::Word),
        '-' if text.starts_with("--") => (upto(2, "\n"), Token::Nothing),
        '/' if text.starts_with("/*") => (upto(2, "*/"), Token::Nothing),
        letter if letter.is_whitespace() => (letter.len_utf8(), Token::Nothing),
        letter => (letter.len_utf8(), Token::Word),
    }
}

/// The length of a text in quotes. A doubled quote is the end of one text and the beginning of the next.
fn quotation(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The words in braces of a query, each with whether it stands for a name.
pub(crate) fn placeholders(query: &str) -> Vec<(&str, bool)> {
    let parts = query.split('{').skip(1);
    let words = parts.filter_map(|part| part.split_once('}').map(|(word, _)| word));
    let named = words.filter(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
    });
    let named = named.filter(|word| !word.bytes().all(|letter| letter.is_ascii_digit()));
    named.map(|word| (word, is_placeholder(word))).collect()
}

/// A name as it is an identifier both in Spark and in the embedded engine.
pub(crate) fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn quoted(path: &[String]) -> String {
    let names: Vec<_> = path.iter().map(|name| identifier(name)).collect();
    names.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_quoted_names() {
        let path = ["address".to_owned(), "zip code".to_owned()];
        let filled = |query| filled(query, "or`ders", Some(&path));

        assert_eq!(
            filled("SELECT MAX({property}) FROM {object}"),
            "SELECT MAX(`address`.`zip code`) FROM `or``ders`"
        );
        assert_eq!(
            filled("${table} {model} {schema}"),
            "`or``ders` `or``ders` `or``ders`"
        );
        assert_eq!(
            filled("\"{column}\" `{field}`"),
            "`address`.`zip code` `address`.`zip code`"
        );
        assert_eq!(filled("'{column}' {x} {"), "'address.zip code' {x} {");
    }

    #[test]
    fn a_query_is_one_statement() {
        for (query, one) in [
            ("SELECT 1", "SELECT 1"),
            (" SELECT 1 ; ;\n-- the end; really\n /* ; */", "SELECT 1"),
            (
                "SELECT ';', \"a;b\", `;` -- ;",
                "SELECT ';', \"a;b\", `;` -- ;",
            ),
            ("SELECT 'it''s; so';", "SELECT 'it''s; so'"),
            (r"SELECT 'it\'s; so';", r"SELECT 'it\'s; so'"),
            ("SELECT 'ä;' /* ; */ FROM t;", "SELECT 'ä;' /* ; */ FROM t"),
            (";", ""),
        ] {
            assert_eq!(single(query), Ok(one), "{query}");
        }
        for several in [
            "SELECT 1; SELECT 2",
            "SELECT 1;\n-- x\nDROP TABLE t;",
            "; x",
        ] {
            assert!(single(several).is_err(), "{several}");
        }
    }

    #[test]
    fn a_column_is_not_known_in_rules_of_an_object() {
        assert_eq!(
            filled("SELECT {column} FROM {table}", "t", None),
            "SELECT {column} FROM `t`"
        );
    }
}
