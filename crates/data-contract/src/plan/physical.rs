//! Types of columns as databases, Spark, Parquet and Arrow call them (`physicalType`), read by one table wherever data are measured.

/// How deep types nest.
const DEEPEST: usize = 32;

/// A type of a column in data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhysicalType {
    /// True or false.
    Boolean,
    /// Whole numbers of so many bits, with a sign.
    Signed(u16),
    /// Whole numbers of so many bits, without a sign.
    Unsigned(u16),
    /// Numbers with a floating point, of so many bits.
    Float(u16),
    /// Decimals; with how many digits, and how many of these behind the point, where it is said.
    Decimal(Option<(u32, i32)>),
    /// Text; with the greatest length, where there is one.
    Text(Option<u64>),
    /// Bytes.
    Binary,
    /// Days.
    Date,
    /// Points in time; and whether they are brought to UTC, where it is said.
    Timestamp(Option<bool>),
    /// Times of a day.
    Time,
    /// Fields by name, where they are said.
    Struct(Option<Vec<(String, Self)>>),
    /// Items, where they are said.
    List(Option<Box<Self>>),
    /// Keys and values, where they are said.
    Map(Option<Box<(Self, Self)>>),
    /// A type that is known by its name only.
    Other(String),
}

/// Whether a type is the one that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is.
    Same,
    /// It is another one.
    Other,
    /// The data do not say as much as is wanted.
    Unknown,
}

impl Fit {
    fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Other }
    }

    /// Of all parts: one that differs decides.
    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        parts
            .into_iter()
            .fold(Self::Same, |one, other| match (one, other) {
                (Self::Other, _) | (_, Self::Other) => Self::Other,
                (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
                (Self::Same, Self::Same) => Self::Same,
            })
    }

    /// What is said is wanted, and the data say it or not.
    fn said<T: PartialEq>(own: Option<&T>, wanted: Option<&T>) -> Self {
        match (own, wanted) {
            (_, None) => Self::Same,
            (None, Some(_)) => Self::Unknown,
            (Some(own), Some(wanted)) => Self::of(own == wanted),
        }
    }
}

impl PhysicalType {
    /// Reads a type, such as `DECIMAL(10, 2)` or `array<struct<a: int64>>`. What nobody knows is [`Other`](Self::Other).
    #[must_use]
    pub fn read(text: &str) -> Self {
        let words: Vec<_> = text.split_whitespace().collect();
        let name = words.join(" ").to_lowercase();
        named(&name, 0).unwrap_or(Self::Other(name))
    }

    /// Whether data of this type are as a contract wants them.
    #[must_use]
    pub fn fit(&self, wanted: &Self) -> Fit {
        match (self, wanted) {
            (Self::Other(own), Self::Other(wanted)) if own == wanted => Fit::Same,
            (_, Self::Other(_)) => Fit::Unknown,
            (Self::Decimal(own), Self::Decimal(wanted)) => Fit::said(own.as_ref(), wanted.as_ref()),
            (Self::Text(own), Self::Text(wanted)) => Fit::said(own.as_ref(), wanted.as_ref()),
            (Self::Timestamp(own), Self::Timestamp(wanted)) => {
                Fit::said(own.as_ref(), wanted.as_ref())
            }
            (Self::List(Some(own)), Self::List(Some(wanted))) => own.fit(wanted),
            (Self::Map(Some(own)), Self::Map(Some(wanted))) => {
                Fit::all([own.0.fit(&wanted.0), own.1.fit(&wanted.1)])
            }
            (Self::Struct(Some(own)), Self::Struct(Some(wanted))) => {
                let names = own.iter().map(|(name, _)| name);
                if !names.eq(wanted.iter().map(|(name, _)| name)) {
                    return Fit::Other;
                }
                let pairs = own.iter().zip(wanted);
                Fit::all(pairs.map(|((_, own), (_, wanted))| own.fit(wanted)))
            }
            (Self::List(_), Self::List(None))
            | (Self::Map(_), Self::Map(None))
            | (Self::Struct(_), Self::Struct(None)) => Fit::Same,
            (Self::List(None), Self::List(_))
            | (Self::Map(None), Self::Map(_))
            | (Self::Struct(None), Self::Struct(_)) => Fit::Unknown,
            (own, wanted) => Fit::of(own == wanted),
        }
    }

    /// Why it cannot be compared with what is wanted.
    #[must_use]
    pub fn unknown(&self, said: &str) -> String {
        let wanted = Self::read(said);
        match (self, wanted) {
            (_, Self::Other(_)) => format!("`{said}` is no type that is known here"),
            (Self::Text(_), _) => {
                "data of this format do not say how long their texts may be; `maxLength` is checked"
                    .to_owned()
            }
            _ => format!("the data do not say as much of their type as `{said}` does"),
        }
    }
}

/// The type of a name in lower case, with single blanks; `None` where it is not known.
fn named(name: &str, depth: usize) -> Option<PhysicalType> {
    if depth > DEEPEST {
        return None;
    }
    if let Some(items) = name.strip_suffix("[]") {
        let items = named(items.trim(), depth + 1)?;
        return Some(PhysicalType::List(Some(Box::new(items))));
    }
    if let Some((base, inner)) = enclosed(name, '<', '>') {
        return nested(base, inner, depth);
    }
    match enclosed(name, '(', ')') {
        Some((base @ ("array" | "list" | "map" | "row" | "struct"), inner)) => {
            nested(base, inner, depth)
        }
        Some((base, inner)) => with_arguments(base, inner),
        None => plain(name).or_else(|| zoned(name)),
    }
}

/// What stands before brackets, and in them, where these end the name.
fn enclosed(name: &str, open: char, close: char) -> Option<(&str, &str)> {
    let (base, rest) = name.split_once(open)?;
    Some((base.trim(), rest.strip_suffix(close)?.trim()))
}

fn nested(base: &str, inner: &str, depth: usize) -> Option<PhysicalType> {
    let parts = parts(inner)?;
    match (base, parts.as_slice()) {
        ("array" | "list" | "large_list", [item]) => {
            let items = named(after_name(item), depth + 1)?;
            Some(PhysicalType::List(Some(Box::new(items))))
        }
        ("map", [key, value]) => {
            let side = |text: &str| named(text.trim(), depth + 1);
            let sides = (side(key)?, side(value)?);
            Some(PhysicalType::Map(Some(Box::new(sides))))
        }
        ("struct" | "row" | "record", fields) => {
            let fields = fields.iter().map(|part| field(part, depth));
            Some(PhysicalType::Struct(Some(fields.collect::<Option<_>>()?)))
        }
        _ => None,
    }
}

/// The type of an item, which Arrow gives a name: `item: int64`, and `element: int64`.
fn after_name(item: &str) -> &str {
    let named = ["item:", "element:"].into_iter();
    let mut named = named.filter_map(|name| item.strip_prefix(name));
    named.next().unwrap_or(item).trim()
}

/// A field: `a: int`, `a int`, or with a name in quotes.
fn field(text: &str, depth: usize) -> Option<(String, PhysicalType)> {
    let quoted = ['`', '"'].into_iter().find_map(|quote| {
        let (name, rest) = text.strip_prefix(quote)?.split_once(quote)?;
        Some((name, rest.trim().trim_start_matches(':')))
    });
    let (name, rest) = quoted.or_else(|| text.split_once([':', ' ']))?;
    let rest = rest.trim().trim_start_matches(':').trim();
    let rest = rest.split(" comment ").next().unwrap_or(rest);
    let rest = rest.strip_suffix(" not null").unwrap_or(rest);
    Some((name.trim().to_owned(), named(rest.trim(), depth + 1)?))
}

/// What commas part outside of all brackets; `None` where brackets do not fit.
fn parts(text: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' => depth += 1,
            '>' | ')' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    (depth == 0).then_some(parts)
}

/// A type with a length or digits. How wide whole numbers are shown, and how precise times are, is no matter of the type.
fn with_arguments(base: &str, inner: &str) -> Option<PhysicalType> {
    let numbers = inner.split(',').map(|number| number.trim().parse().ok());
    let numbers: Option<Vec<i32>> = numbers.collect();
    let whole = |number: i32| u32::try_from(number).ok();
    match (plain(base), numbers.as_deref()) {
        (Some(PhysicalType::Decimal(_)), Some([digits])) => {
            Some(PhysicalType::Decimal(Some((whole(*digits)?, 0))))
        }
        (Some(PhysicalType::Decimal(_)), Some([digits, scale])) => {
            Some(PhysicalType::Decimal(Some((whole(*digits)?, *scale))))
        }
        // Without digits it has none that are fixed.
        (None, Some([digits])) if base == "number" => {
            Some(PhysicalType::Decimal(Some((whole(*digits)?, 0))))
        }
        (None, Some([digits, scale])) if base == "number" => {
            Some(PhysicalType::Decimal(Some((whole(*digits)?, *scale))))
        }
        (Some(PhysicalType::Text(_)), Some([length])) => {
            Some(PhysicalType::Text(Some(whole(*length)?.into())))
        }
        (Some(PhysicalType::Text(_)), None) if inner == "max" => Some(PhysicalType::Text(None)),
        (Some(PhysicalType::Text(_)), None) => {
            // Oracle: `varchar2(20 char)`.
            let (length, _) = inner.split_once(' ')?;
            Some(PhysicalType::Text(Some(length.parse().ok()?)))
        }
        (
            Some(
                kind @ (PhysicalType::Signed(_)
                | PhysicalType::Timestamp(_)
                | PhysicalType::Time
                | PhysicalType::Binary),
            ),
            _,
        ) => Some(kind),
        _ => None,
    }
}

/// Points in time as SQL spells them out, also with digits: `timestamp(6) with time zone`.
fn zoned(name: &str) -> Option<PhysicalType> {
    let (base, rest) = name.split_once(['(', ' '])?;
    let rest = rest.split_once(')').map_or(rest, |(_, rest)| rest);
    match (base, rest.trim()) {
        ("timestamp", "with time zone" | "with local time zone") => {
            Some(PhysicalType::Timestamp(Some(true)))
        }
        ("timestamp", "without time zone") => Some(PhysicalType::Timestamp(Some(false))),
        ("time", "without time zone") => Some(PhysicalType::Time),
        _ => None,
    }
}

fn plain(name: &str) -> Option<PhysicalType> {
    Some(match name {
        "boolean" | "bool" | "bit" => PhysicalType::Boolean,
        "tinyint" | "int8" | "byte" => PhysicalType::Signed(8),
        "smallint" | "int16" | "short" | "int2" => PhysicalType::Signed(16),
        "int" | "integer" | "int32" | "int4" => PhysicalType::Signed(32),
        "bigint" | "int64" | "long" => PhysicalType::Signed(64),
        "uint8" => PhysicalType::Unsigned(8),
        "uint16" => PhysicalType::Unsigned(16),
        "uint32" => PhysicalType::Unsigned(32),
        "uint64" => PhysicalType::Unsigned(64),
        "float16" | "halffloat" => PhysicalType::Float(16),
        "float" | "real" | "float32" | "float4" => PhysicalType::Float(32),
        "double" | "double precision" | "float64" | "float8" => PhysicalType::Float(64),
        "decimal" | "numeric" | "dec" => PhysicalType::Decimal(None),
        "string" | "varchar" | "text" | "char" | "utf8" | "nvarchar" | "nchar" | "large_string"
        | "varchar2" | "nvarchar2" | "bpchar" | "character" | "character varying" => {
            PhysicalType::Text(None)
        }
        "binary" | "varbinary" | "bytes" | "bytea" => PhysicalType::Binary,
        "date" | "date32" => PhysicalType::Date,
        "timestamp" | "datetime" | "datetime2" => PhysicalType::Timestamp(None),
        "timestamp_ntz" => PhysicalType::Timestamp(Some(false)),
        "timestamp_ltz" | "timestamp_tz" | "timestamptz" | "datetimeoffset" => {
            PhysicalType::Timestamp(Some(true))
        }
        "time" => PhysicalType::Time,
        "struct" | "row" | "record" => PhysicalType::Struct(None),
        "map" => PhysicalType::Map(None),
        "list" | "array" => PhysicalType::List(None),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fit(own: &str, wanted: &str) -> Fit {
        PhysicalType::read(own).fit(&PhysicalType::read(wanted))
    }

    #[test]
    fn one_type_has_many_names() {
        for (own, wanted) in [
            ("bigint", "INT64"),
            ("double", "Float64"),
            ("int", "INTEGER(11)"),
            ("string", "text"),
            ("varchar(20)", "NVARCHAR( 20 )"),
            ("varchar(20)", "varchar2(20 char)"),
            ("string", "nvarchar(max)"),
            ("decimal(10,2)", "NUMERIC(10, 2)"),
            ("decimal(38,0)", "NUMBER(38)"),
            ("decimal(10,2)", "decimal"),
            ("timestamp_ntz", "datetime"),
            ("timestamp_ltz", "TIMESTAMP(6) WITH TIME ZONE"),
            ("array<int>", "list<element: int32>"),
            ("array<int>", "integer[]"),
            ("array<int>", "ARRAY"),
            ("map<string,bigint>", "MAP(VARCHAR, BIGINT)"),
            (
                "struct<a:int,b:array<decimal(10,2)>>",
                "STRUCT<a INT NOT NULL, `b`: ARRAY<DECIMAL(10, 2)>>",
            ),
            ("variant", "VARIANT"),
        ] {
            assert_eq!(fit(own, wanted), Fit::Same, "{own}, {wanted}");
        }
    }

    #[test]
    fn other_types_are_told_apart() {
        for (own, wanted) in [
            ("int", "bigint"),
            ("decimal(10,2)", "NUMBER(38,0)"),
            ("varchar(20)", "varchar(10)"),
            ("array<bigint>", "ARRAY<STRING>"),
            ("map<string,int>", "MAP<STRING,STRING>"),
            ("struct<a:int>", "struct<b:int>"),
            ("struct<a:int>", "struct<a:int,b:int>"),
            ("timestamp_ntz", "timestamptz"),
            ("string", "array<string>"),
            ("variant", "string"),
        ] {
            assert_eq!(fit(own, wanted), Fit::Other, "{own}, {wanted}");
        }
    }

    #[test]
    fn what_is_not_known_is_no_proof() {
        for (own, wanted) in [
            ("int", "int46"),
            ("string", "varcahr(10)"),
            ("string", "VARCHAR(1)"),
            ("string", "array<"),
            ("array<int>", "array<nonsense>"),
            ("double", "number"),
            ("double", "float(53)"),
        ] {
            assert_eq!(fit(own, wanted), Fit::Unknown, "{own}, {wanted}");
        }
        let text = PhysicalType::Text(None);
        assert!(text.unknown("VARCHAR(1)").contains("maxLength"));
        assert!(text.unknown("int46").contains("`int46` is no type"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_type(text in "(struct|array|map|int|decimal|[a-z`:,<>()\\[\\] é0-9]){0,40}") {
            let read = PhysicalType::read(&text);
            prop_assert_ne!(read.fit(&read), Fit::Other);
        }
    }
}
