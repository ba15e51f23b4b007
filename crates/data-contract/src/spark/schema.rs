//! Columns of data as Spark describes them.

use crate::plan::{Kind, PhysicalType, Step};

use super::described;

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
    /// What a description does not tell in full, as far as it does.
    Unknown(String),
}

/// Why a description cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// A type that is none.
    #[error("`{0}` is no type of Spark")]
    Type(String),
    /// Two columns that differ by case alone.
    #[error(
        "two columns are called `{0}` and `{1}`: Spark does not tell names apart by case, and cannot measure either"
    )]
    Twice(String, String),
}

impl Schema {
    /// Reads the answer of [`describe`](super::describe): names and types.
    ///
    /// # Errors
    ///
    /// When two columns have one name.
    pub fn read<'r>(
        rows: impl IntoIterator<Item = (&'r str, &'r str)>,
    ) -> Result<Self, SchemaError> {
        let columns = rows
            .into_iter()
            // Behind the columns there may be an empty line and what they are partitioned by.
            .take_while(|(name, _)| !name.is_empty() && !name.starts_with('#'))
            .map(|(name, kind)| {
                let known = SparkType::read(kind);
                let kind = known.unwrap_or_else(|_| SparkType::Unknown(kind.to_owned()));
                (name.to_owned(), kind)
            });
        let columns: Vec<_> = columns.collect();
        // Spark would not tell which of them is meant.
        let mut known = std::collections::HashMap::new();
        for (name, _) in &columns {
            if let Some(other) = known.insert(name.to_lowercase(), name) {
                return Err(SchemaError::Twice(other.clone(), name.clone()));
            }
        }
        if let Some((one, other)) = renamed(&columns) {
            return Err(SchemaError::Twice(one, other));
        }
        Ok(Self(columns))
    }

    /// The columns whose types are not known in full.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        let unknown = |(_, kind): &&(String, SparkType)| matches!(kind, SparkType::Unknown(_));
        self.0.iter().filter(unknown).map(|(name, _)| name.as_str())
    }

    /// Puts types that are told in full, in the order of the columns that [`full_types`](super::full_types) asks for.
    pub fn complete(&mut self, types: &[Option<String>]) {
        let unknown = |(_, kind): &&mut (String, SparkType)| matches!(kind, SparkType::Unknown(_));
        for ((_, kind), told) in self.0.iter_mut().filter(unknown).zip(types) {
            if let Some(Ok(told)) = told.as_deref().map(SparkType::read) {
                *kind = told;
            }
        }
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

/// Two names that Spark has changed since they differ by case alone: those of a header get the number of their column.
fn renamed(columns: &[(String, SparkType)]) -> Option<(String, String)> {
    let mut known: std::collections::HashMap<String, &str> = std::collections::HashMap::new();
    for (at, (name, _)) in columns.iter().enumerate() {
        let Some(own) = name
            .strip_suffix(&at.to_string())
            .filter(|own| !own.is_empty())
        else {
            continue;
        };
        match known.insert(own.to_lowercase(), own) {
            Some(other) if other != own => return Some((other.to_owned(), own.to_owned())),
            _ => {}
        }
    }
    None
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
        described::whole(text).ok_or_else(|| SchemaError::Type(text.to_owned()))
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
            // Whether it is there is not known, and neither what it is.
            (_, Self::Unknown(_)) => Some(self),
            _ => None,
        }
    }

    /// Its name without what stands in brackets.
    pub(super) fn base(&self) -> String {
        match self {
            Self::Struct(_) => "struct".to_owned(),
            Self::Array(_) => "array".to_owned(),
            Self::Map(..) => "map".to_owned(),
            Self::Unknown(_) => "unknown".to_owned(),
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
            // What it consists of is not known.
            Self::Unknown(name) => {
                let name = name.to_lowercase();
                match name.split_once('<').map(|(base, _)| base) {
                    Some("struct") => PhysicalType::Struct(None),
                    Some("array") => PhysicalType::List(None),
                    Some("map") => PhysicalType::Map(None),
                    _ => PhysicalType::Other(name),
                }
            }
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

    /// The type of values of a kind where the column has nothing but NULL, and so no type.
    pub(super) fn of_nulls(&self, kind: &Kind) -> Option<&'static str> {
        let of_kind = match kind {
            Kind::Any | Kind::String => "STRING",
            Kind::Integer | Kind::Time { .. } => "BIGINT",
            Kind::Number => "DOUBLE",
            Kind::Boolean => "BOOLEAN",
            Kind::Date { .. } => "DATE",
            Kind::Timestamp { .. } => "TIMESTAMP",
            Kind::Object | Kind::Map => "MAP<STRING,STRING>",
            Kind::Array => "ARRAY<STRING>",
            Kind::Vector => "ARRAY<DOUBLE>",
        };
        matches!(self.base().as_str(), "void" | "null").then_some(of_kind)
    }

    pub(super) fn shown(&self) -> String {
        match self {
            Self::Plain(name) | Self::Unknown(name) => name.clone(),
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
            // A map has properties too, with names of its own.
            Kind::Object => matches!(base.as_str(), "struct" | "map"),
            Kind::Map => base == "map",
            Kind::Array => base == "array",
            Kind::Vector => match self {
                Self::Array(items) => items.holds(&Kind::Number),
                _ => false,
            },
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
