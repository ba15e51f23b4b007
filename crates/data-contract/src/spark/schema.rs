//! Columns of data as Spark describes them.

use crate::plan::{Kind, Step};

/// How deep types nest.
const DEEPEST: usize = 32;

/// Columns with their types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema(pub(super) Vec<(String, SparkType)>);

/// A type of Spark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SparkType {
    /// Fields.
    Struct(Vec<(String, Self)>),
    /// Items.
    Array(Box<Self>),
    /// Keys and values.
    Map(Box<Self>, Box<Self>),
    /// Anything else, by its name, such as `decimal(10,2)`.
    Plain(String),
}

/// Why a description cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no type of Spark")]
pub struct SchemaError(pub String);

impl Schema {
    /// Reads the answer of [`describe`](super::describe): names and types.
    ///
    /// # Errors
    ///
    /// When a type cannot be read.
    pub fn read<'r>(
        rows: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Result<Self, SchemaError> {
        let columns = rows
            .into_iter()
            // Behind the columns there may be an empty line and what they are partitioned by.
            .take_while(|(name, _)| !name.is_empty() && !name.starts_with('#'))
            .map(|(name, kind)| Ok((name.to_owned(), SparkType::read(kind)?)));
        Ok(Self(columns.collect::<Result<_, _>>()?))
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The type at the end of a way; none where nothing is there.
    pub(super) fn at(&self, path: &[Step]) -> Option<&SparkType> {
        let (first, rest) = path.split_first()?;
        let Step::Field(name) = first else {
            return None;
        };
        let (_, kind) = self.0.iter().find(|(column, _)| same(column, name))?;
        kind.at(rest)
    }
}

/// Spark does not tell names apart by case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

impl SparkType {
    /// Reads a type, such as `struct<a:int,b:array<string>>`.
    ///
    /// # Errors
    ///
    /// When brackets do not fit, or it nests too deep.
    pub fn read(text: &str) -> Result<Self, SchemaError> {
        let wrong = || SchemaError(text.to_owned());
        let mut rest = text.trim();
        let kind = read(&mut rest, 0).ok_or_else(wrong)?;
        if rest.is_empty() {
            Ok(kind)
        } else {
            Err(wrong())
        }
    }

    fn at(&self, path: &[Step]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        match (first, self) {
            (Step::Field(name), Self::Struct(fields)) => {
                let (_, kind) = fields.iter().find(|(field, _)| same(field, name))?;
                kind.at(rest)
            }
            (Step::Items, Self::Array(items)) => items.at(rest),
            _ => None,
        }
    }

    /// Its name without what stands in brackets.
    pub(super) fn base(&self) -> String {
        match self {
            Self::Struct(_) => "struct".to_owned(),
            Self::Array(_) => "array".to_owned(),
            Self::Map(..) => "map".to_owned(),
            Self::Plain(name) => {
                let lower = name.to_lowercase();
                let base = lower.split(['(', ' ']).next().unwrap_or_default();
                base.to_owned()
            }
        }
    }

    /// Whether it has numbers with a fraction and without end: NaN is one of them.
    pub(super) fn is_float(&self) -> bool {
        matches!(self.base().as_str(), "float" | "double")
    }

    /// How many digits its decimals have behind the point; none of another type.
    pub(super) fn places(&self) -> Option<i32> {
        let Self::Plain(name) = self else {
            return None;
        };
        let name = name.to_lowercase().replace(' ', "");
        let arguments = name.strip_prefix("decimal")?;
        match arguments.trim_matches(['(', ')']).split_once(',') {
            Some((_, scale)) => scale.parse().ok(),
            // Without a scale a decimal is whole.
            None => Some(0),
        }
    }

    /// Whether a contract calls it so, by its name in Spark or in SQL.
    pub(super) fn is_called(&self, wanted: &str) -> bool {
        let normal = |name: &str| {
            let name: String = name.to_lowercase().split_whitespace().collect();
            let (base, rest) = name.split_at(name.find(['(', '<']).unwrap_or(name.len()));
            let base = match base {
                "integer" => "int",
                "long" => "bigint",
                "short" => "smallint",
                "byte" => "tinyint",
                "real" => "float",
                "numeric" | "dec" => "decimal",
                "bool" => "boolean",
                "text" => "string",
                "timestamp_ltz" => "timestamp",
                base => base,
            };
            format!("{base}{rest}")
        };
        let own = match self {
            Self::Plain(name) => normal(name),
            other => normal(&other.shown()),
        };
        let wanted = normal(wanted);
        // Spark keeps texts of any length as strings.
        let text = |name: &str| {
            name.starts_with("varchar") || name.starts_with("char") || name == "string"
        };
        own == wanted || (own == "string" && text(&wanted)) || (self.base() == wanted)
    }

    fn shown(&self) -> String {
        match self {
            Self::Plain(name) => name.clone(),
            Self::Array(items) => format!("array<{}>", items.shown()),
            Self::Map(key, value) => format!("map<{},{}>", key.shown(), value.shown()),
            Self::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, kind)| format!("{name}:{}", kind.shown()));
                format!("struct<{}>", fields.collect::<Vec<_>>().join(","))
            }
        }
    }

    /// Whether all values of it are of a kind.
    pub(super) fn holds(&self, kind: &Kind) -> bool {
        let base = self.base();
        let whole = || {
            self.places() == Some(0)
                || matches!(
                    base.as_str(),
                    "tinyint" | "smallint" | "int" | "integer" | "bigint" | "long"
                )
        };
        match kind {
            Kind::Any => true,
            Kind::String => matches!(base.as_str(), "string" | "varchar" | "char"),
            Kind::Integer => whole(),
            Kind::Number => whole() || matches!(base.as_str(), "float" | "double" | "decimal"),
            Kind::Boolean => base == "boolean",
            Kind::Date { .. } => base == "date",
            Kind::Timestamp { .. } => base.starts_with("timestamp"),
            Kind::Time { .. } => base == "time",
            Kind::Object => base == "struct",
            Kind::Map => base == "map",
            Kind::Array => base == "array",
            Kind::Vector => match self {
                Self::Array(items) => items.holds(&Kind::Number),
                _ => false,
            },
        }
    }
}

fn read(rest: &mut &str, depth: usize) -> Option<SparkType> {
    if depth > DEEPEST {
        return None;
    }
    let lower = rest.to_lowercase();
    if lower.starts_with("struct<") && lower.len() == rest.len() {
        *rest = &rest["struct<".len()..];
        return fields(rest, depth).map(SparkType::Struct);
    }
    if lower.starts_with("array<") && lower.len() == rest.len() {
        *rest = &rest["array<".len()..];
        let items = read(rest, depth + 1)?;
        *rest = rest.strip_prefix('>')?;
        return Some(SparkType::Array(Box::new(items)));
    }
    if lower.starts_with("map<") && lower.len() == rest.len() {
        *rest = &rest["map<".len()..];
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

fn fields(rest: &mut &str, depth: usize) -> Option<Vec<(String, SparkType)>> {
    let mut fields = Vec::new();
    if let Some(after) = rest.strip_prefix('>') {
        *rest = after;
        return Some(fields);
    }
    loop {
        *rest = rest.trim_start();
        let (name, after) = match rest.strip_prefix('`') {
            Some(quoted) => {
                let end = quoted.find('`')?;
                (
                    quoted[..end].to_owned(),
                    quoted[end + 1..].strip_prefix(':')?,
                )
            }
            None => {
                let (name, after) = rest.split_once(':')?;
                (name.to_owned(), after)
            }
        };
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn types_nest() {
        let read = SparkType::read(
            "struct<a:int,`b c`:array<struct<d:decimal(10,2)>>,m:map<string,bigint>>",
        )
        .unwrap();
        let schema = Schema(vec![("Top".to_owned(), read)]);
        let at = |path: &[Step]| schema.at(path).map(SparkType::base);
        let field = |name: &str| Step::Field(name.to_owned());

        assert_eq!(at(&[field("top"), field("A")]).as_deref(), Some("int"));
        assert_eq!(
            at(&[field("top"), field("b c"), Step::Items, field("d")]).as_deref(),
            Some("decimal")
        );
        assert_eq!(at(&[field("top"), field("m")]).as_deref(), Some("map"));
        assert_eq!(at(&[field("top"), field("x")]), None);
    }

    #[test]
    fn whole_decimals_are_integers() {
        let holds = |name: &str, kind: Kind| SparkType::read(name).unwrap().holds(&kind);

        assert!(holds("decimal(38,0)", Kind::Integer) && holds("bigint", Kind::Number));
        assert!(!holds("decimal(10,2)", Kind::Integer) && !holds("double", Kind::Integer));
        assert!(holds("decimal", Kind::Integer) && holds("DECIMAL(5)", Kind::Integer));
        assert!(holds("array<float>", Kind::Vector) && !holds("array<string>", Kind::Vector));
        assert!(holds(
            "timestamp_ntz",
            Kind::Timestamp {
                format: None,
                zone: None
            }
        ));
    }

    #[test]
    fn what_follows_the_columns_is_none_of_them() {
        let rows = [
            ("a", "int"),
            ("", ""),
            ("# Partition Information", ""),
            ("b", "int"),
        ];

        assert_eq!(
            Schema::read(rows).unwrap().names().collect::<Vec<_>>(),
            ["a"]
        );
    }

    proptest! {
        #[test]
        fn any_description_is_read_or_refused(text in "(struct<|array<|map<|int|[a-z`:,<>() é]){0,60}") {
            let _ = SparkType::read(&text);
        }
    }
}
