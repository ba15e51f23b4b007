//! Queries that ask for no more than one measure, so that who reads the data anyway can answer them without an engine of SQL.

use super::{ColumnId, Kind, Measure, ObjectId, Plan, Side, Step};

impl Plan {
    /// What a query asks for, where that is one measure of one object: `SELECT COUNT(*) FROM …`, or `AVG`, `SUM`, `MIN` or `MAX`
    /// of a column whose values are exact. `None` where it is anything more, or its names do not mean one thing.
    ///
    /// SQL takes a value that is not of its kind for NULL and a measure does not know it, which comes to the same.
    #[must_use]
    pub fn plain(&self, query: &str) -> Option<(ObjectId, Measure)> {
        let Words {
            function,
            column,
            table,
        } = Words::of(query)?;
        let is_table = |at: &usize| {
            let object = &self.objects[*at];
            same(&object.name, table) || same(&object.physical_name, table)
        };
        let object = only((0..self.objects.len()).filter(is_table))?;
        let Some(name) = column else {
            let counts = function.eq_ignore_ascii_case("count");
            return counts.then_some((ObjectId(object), Measure::Rows));
        };
        let columns = self.objects[object].columns.iter().enumerate();
        let (at, found) = only(columns.filter(|(_, column)| match column.path.as_slice() {
            [Step::Field(known)] => same(known, name),
            _ => false,
        }))?;
        let measure = measure(function, ColumnId(at), &found.kind)?;
        Some((ObjectId(object), measure))
    }
}

/// The measure that a function of SQL is.
fn measure(function: &str, column: ColumnId, kind: &Kind) -> Option<Measure> {
    let number = matches!(kind, Kind::Integer);
    let ordered = number || matches!(kind, Kind::Date { .. } | Kind::Timestamp { .. });
    match function.to_ascii_lowercase().as_str() {
        "avg" if number => Some(Measure::Mean(column)),
        "sum" if number => Some(Measure::Sum(column)),
        "min" if ordered => Some(Measure::Extreme(column, Side::Low)),
        "max" if ordered => Some(Measure::Extreme(column, Side::High)),
        _ => None,
    }
}

/// Whether names are the same in SQL, where case means nothing.
fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// The only one.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

/// The words of `SELECT function(column) FROM table`.
struct Words<'q> {
    function: &'q str,
    /// None where it is `*`.
    column: Option<&'q str>,
    table: &'q str,
}

impl<'q> Words<'q> {
    fn of(query: &'q str) -> Option<Self> {
        let mut rest = Rest(query);
        rest.keyword("select")?;
        let function = rest.word()?;
        rest.sign('(')?;
        let column = match rest.sign('*') {
            Some(()) => None,
            None => Some(rest.name()?),
        };
        rest.sign(')')?;
        if rest.keyword("as").is_some() {
            rest.name()?;
        }
        rest.keyword("from")?;
        let table = rest.name()?;
        let ended = rest.0.trim_ascii_start().is_empty();
        ended.then_some(Self {
            function,
            column,
            table,
        })
    }
}

/// What is left of a query.
struct Rest<'q>(&'q str);

impl<'q> Rest<'q> {
    fn sign(&mut self, sign: char) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(sign)?;
        Some(())
    }

    /// A word without quotes.
    fn word(&mut self) -> Option<&'q str> {
        let rest = self.0.trim_ascii_start();
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let (word, rest) =
            rest.split_at(rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()));
        self.0 = rest;
        let is_name = word.starts_with(|letter: char| !letter.is_ascii_digit());
        is_name.then_some(word)
    }

    fn keyword(&mut self, keyword: &str) -> Option<()> {
        let before = self.0;
        if self
            .word()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
        {
            return Some(());
        }
        self.0 = before;
        None
    }

    /// A word, or a name in quotes without one in it.
    fn name(&mut self) -> Option<&'q str> {
        let rest = self.0.trim_ascii_start();
        let Some(quote) = rest
            .chars()
            .next()
            .filter(|first| ['"', '`'].contains(first))
        else {
            return self.word();
        };
        let (name, rest) = rest[1..].split_once(quote)?;
        self.0 = rest;
        (!name.is_empty() && !rest.starts_with(quote)).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Column, Object};
    use super::*;

    fn plan() -> Plan {
        let column = |name: &str, kind| Column {
            path: vec![Step::Field(name.to_owned())],
            kind,
            wide: false,
            physical_type: None,
            optional: false,
            nullable: false,
            masked: false,
        };
        let columns = vec![
            column("Label", Kind::Integer),
            column("score", Kind::Number),
            column("first day", Kind::Date { format: None }),
            column("twice", Kind::Integer),
            column("Twice", Kind::Integer),
        ];
        let object = |name: &str, physical: &str| Object {
            name: name.to_owned(),
            physical_name: physical.to_owned(),
            columns: columns.clone(),
            measures: Vec::new(),
        };
        Plan {
            objects: vec![object("other", "t_1"), object("Events", "events")],
            ..Plan::default()
        }
    }

    #[test]
    fn what_is_one_measure_is_found_whatever_its_case_and_quotes() {
        let label = ColumnId(0);
        let day = ColumnId(2);
        for (query, object, measure) in [
            ("SELECT COUNT(*) FROM events", 1, Measure::Rows),
            ("select avg(LABEL)\n  from EVENTS", 1, Measure::Mean(label)),
            (
                "SELECT Sum ( `label` ) AS total FROM \"t_1\" ",
                0,
                Measure::Sum(label),
            ),
            (
                "SELECT MIN(label) FROM other",
                0,
                Measure::Extreme(label, Side::Low),
            ),
            (
                "SELECT MAX(`first day`) FROM `Events`",
                1,
                Measure::Extreme(day, Side::High),
            ),
        ] {
            let expected = Some((ObjectId(object), measure));
            assert_eq!(plan().plain(query), expected, "{query}");
        }
    }

    #[test]
    fn what_is_more_or_something_else_is_left_to_sql() {
        for query in [
            "SELECT AVG(label) FROM events WHERE label > 0",
            "SELECT AVG(DISTINCT label) FROM events",
            "SELECT AVG(label) + 1 FROM events",
            "SELECT AVG(label), 1 FROM events",
            "SELECT AVG(label + 1) FROM events",
            "SELECT AVG(e.label) FROM events e",
            "SELECT AVG(label) FROM main.events",
            "SELECT AVG(label) FROM events, other",
            "SELECT COUNT(label) FROM events",
            "SELECT AVG(*) FROM events",
            "SELECTAVG(label) FROM events",
            "SELECT AVG(label) FROMevents",
            "SELECT AVG(label) FROM events -- of all",
            "SELECT AVG('label') FROM events",
            "SELECT AVG(1) FROM events",
            "SELECT AVG(\"label\"\"\") FROM events",
            "SELECT AVG(label FROM events",
            "SELECT AVG(label) FROM `events",
            // NaN, of which SQL and a measure do not say the same.
            "SELECT AVG(score) FROM events",
            "SELECT MAX(score) FROM events",
            "SELECT SUM(`first day`) FROM events",
            "SELECT AVG(nothing) FROM events",
            "SELECT AVG(twice) FROM events",
            "SELECT COUNT(*) FROM nothing",
            "",
        ] {
            assert_eq!(plan().plain(query), None, "{query}");
        }
    }

    #[test]
    fn a_name_of_two_objects_means_neither() {
        let mut plan = plan();
        plan.objects[0].name = "EVENTS".to_owned();
        assert_eq!(plan.plain("SELECT COUNT(*) FROM events"), None);
        let other = plan.plain("SELECT COUNT(*) FROM t_1");
        assert_eq!(other, Some((ObjectId(0), Measure::Rows)));
    }
}
