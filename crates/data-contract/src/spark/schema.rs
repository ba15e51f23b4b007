//! Columns of data as Spark describes them.

use crate::plan::{Kind, PhysicalType, Step};

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

    /// It as contracts call it.
    pub(super) fn physical(&self) -> PhysicalType {
        match self {
            // In Spark this is the one that is brought to UTC, and whole decimals have ten digits.
            Self::Plain(name) => match PhysicalType::read(name) {
                PhysicalType::Timestamp(None) => PhysicalType::Timestamp(Some(true)),
                PhysicalType::Decimal(None) => PhysicalType::Decimal(Some((10, 0))),
                other => other,
            },
            Self::Array(items) => PhysicalType::List(Some(Box::new(items.physical()))),
            Self::Map(key, value) => {
                PhysicalType::Map(Some(Box::new((key.physical(), value.physical()))))
            }
            Self::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, kind)| (name.to_lowercase(), kind.physical()));
                PhysicalType::Struct(Some(fields.collect()))
            }
        }
    }

    pub(super) fn shown(&self) -> String {
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
    use crate::plan::Fit;

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
    fn a_letter_whose_lower_case_is_longer_is_read() {
        let read = SparkType::read("STRUCT<\u{130}d:int,b:Array<int>>").unwrap();

        assert!(matches!(read, SparkType::Struct(fields) if fields.len() == 2));
    }

    #[test]
    fn types_are_those_that_contracts_name() {
        let fit = |own: &str, wanted: &str| {
            let own = SparkType::read(own).unwrap().physical();
            own.fit(&PhysicalType::read(wanted))
        };

        for (own, wanted) in [
            ("bigint", "int64"),
            ("double", "float64"),
            ("timestamp", "datetime"),
            ("timestamp", "TIMESTAMP_LTZ"),
            ("varchar(20)", "nvarchar(20)"),
            (
                "struct<Id:int,t:array<decimal(10,2)>>",
                "STRUCT<id INT, t ARRAY<DECIMAL(10,2)>>",
            ),
        ] {
            assert_eq!(fit(own, wanted), Fit::Same, "{own}, {wanted}");
        }
        assert_eq!(fit("int", "bigint"), Fit::Other);
        assert_eq!(fit("timestamp_ntz", "timestamp_ltz"), Fit::Other);
        assert_eq!(fit("string", "VARCHAR(10)"), Fit::Unknown);
        assert_eq!(fit("int", "int46"), Fit::Unknown);
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
