//! Types as Spark describes them: `struct<a:int,b:array<string>>`.

use super::schema::SparkType;

/// How deep types nest.
const DEEPEST: usize = 32;

/// The type that all of a text describes; none where brackets do not fit, or it nests too deep.
pub(super) fn whole(text: &str) -> Option<SparkType> {
    let mut rest = text.trim();
    read(&mut rest, 0).filter(|_| rest.is_empty())
}

fn read(rest: &mut &str, depth: usize) -> Option<SparkType> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(inner) = within(rest, "struct<") {
        *rest = inner;
        return fields(rest, depth).map(SparkType::Struct);
    }
    if let Some(inner) = within(rest, "array<") {
        *rest = inner;
        let items = read(rest, depth + 1)?;
        *rest = rest.strip_prefix('>')?;
        return Some(SparkType::Array(Box::new(items)));
    }
    if let Some(inner) = within(rest, "map<") {
        *rest = inner;
        let key = read(rest, depth + 1)?;
        *rest = rest.strip_prefix(',')?.trim_start();
        let value = read(rest, depth + 1)?;
        *rest = rest.strip_prefix('>')?;
        return Some(SparkType::Map(Box::new(key), Box::new(value)));
    }
    // A comma between the brackets of a decimal belongs to it.
    let mut open = false;
    let end = rest.find(|letter| {
        match letter {
            '(' => open = true,
            ')' => open = false,
            _ => {}
        }
        !open && matches!(letter, ',' | '>' | '<')
    });
    let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
    let name = name.trim();
    // What is said beside a field of a struct.
    let name = name.split(" NOT NULL").next().unwrap_or(name);
    let name = name.split(" COMMENT").next().unwrap_or(name);
    *rest = after;
    (!name.is_empty()).then(|| SparkType::Plain(name.to_owned()))
}

/// What follows a word, in whatever case.
fn within<'r>(text: &'r str, word: &str) -> Option<&'r str> {
    let begins = text.get(..word.len())?.eq_ignore_ascii_case(word);
    begins.then(|| &text[word.len()..])
}

fn fields(rest: &mut &str, depth: usize) -> Option<Vec<(String, SparkType)>> {
    let mut fields = Vec::new();
    if let Some(after) = rest.strip_prefix('>') {
        *rest = after;
        return Some(fields);
    }
    loop {
        *rest = rest.trim_start();
        let (name, after) = field(rest)?;
        *rest = after.trim_start();
        fields.push((name, read(rest, depth + 1)?));
        match rest.chars().next()? {
            ',' => *rest = &rest[1..],
            '>' => {
                *rest = &rest[1..];
                return Some(fields);
            }
            _ => return None,
        }
    }
}

/// The name of a field, and what is behind its colon. Spark writes names as they are, so that the colon is the first one before a type;
/// Databricks puts backticks around some.
fn field(rest: &str) -> Option<(String, &str)> {
    if let Some(quoted) = rest.strip_prefix('`') {
        let mut name = String::new();
        let mut left = quoted;
        while let Some((part, after)) = left.split_once('`') {
            name.push_str(part);
            if let Some(after) = after.strip_prefix(':') {
                return Some((name, after));
            }
            name.push('`');
            left = after.strip_prefix('`')?;
        }
        return None;
    }
    let mut colons = rest.match_indices(':');
    let before_type = colons.find(|(at, _)| is_type(&rest[at + 1..]));
    let (at, _) = before_type.or_else(|| rest.match_indices(':').next())?;
    Some((rest[..at].to_owned(), &rest[at + 1..]))
}

/// Whether a text begins with the name of a type.
fn is_type(text: &str) -> bool {
    let text = text.trim_start();
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let (word, after) = text.split_at(end.unwrap_or(text.len()));
    let ends = after.is_empty() || after.starts_with([',', '>', '<', '(', ' ']);
    ends && TYPES.contains(&word.to_ascii_lowercase().as_str())
}

/// Names of types.
const TYPES: [&str; 34] = [
    "array",
    "bigint",
    "binary",
    "boolean",
    "byte",
    "char",
    "date",
    "dec",
    "decimal",
    "double",
    "float",
    "geography",
    "geometry",
    "int",
    "integer",
    "interval",
    "long",
    "map",
    "null",
    "numeric",
    "object",
    "real",
    "short",
    "smallint",
    "string",
    "struct",
    "time",
    "timestamp",
    "timestamp_ltz",
    "timestamp_ntz",
    "tinyint",
    "varchar",
    "variant",
    "void",
];
