//! Queries with names in place of placeholders.

/// What stands for the object.
const OBJECT: [&str; 4] = ["object", "table", "model", "schema"];
/// What stands for the column.
const COLUMN: [&str; 3] = ["property", "column", "field"];

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
    let known = OBJECT.contains(&word) || COLUMN.contains(&word);
    known.then_some((word, end + 1))
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
    named
        .map(|word| (word, OBJECT.contains(&word) || COLUMN.contains(&word)))
        .collect()
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
    fn a_column_is_not_known_in_rules_of_an_object() {
        assert_eq!(
            filled("SELECT {column} FROM {table}", "t", None),
            "SELECT {column} FROM `t`"
        );
    }
}
