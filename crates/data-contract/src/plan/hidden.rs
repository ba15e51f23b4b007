//! Queries whose value may be one of a classified column, so that it is shown nowhere, and failures that may tell one.

use super::{Column, Measure, MeasureId, Object, ObjectId, Plan};

impl Plan {
    /// Whether a measure is a query that stands in a classified column, names one, or takes all columns of an object that has one; one that
    /// only counts rows says no value.
    #[must_use]
    pub fn hides(&self, object: ObjectId, measure: MeasureId) -> bool {
        let of = self.objects.get(object.0);
        let Some(Measure::Query(query)) = of.and_then(|of| of.measures.get(measure.0)) else {
            return false;
        };
        if counts_rows(query) {
            return false;
        }
        let masked = |column: &&Column| column.masked;
        let columns = self.objects.iter().flat_map(|object| &object.columns);
        let named = columns
            .filter(masked)
            .any(|column| names(query, &column.name()));
        let starred = takes_all_columns(query)
            && self.objects.iter().any(|object| {
                object.is_read_by(query) && object.columns.iter().any(|column| column.masked)
            });
        let checks = self.checks.iter().filter(|check| {
            let mut measures = check.measures().into_iter();
            measures.any(|of| of.object == object && of.measure == measure)
        });
        let mut columns = checks.filter_map(|check| of?.columns.get(check.column?.0));
        named || starred || columns.any(|column| column.masked)
    }

    /// Whether what an engine says of a measure that fails may show a value of a classified column: a query may read any column of the
    /// objects that it names, and the other measures of an object are asked for together.
    #[must_use]
    pub fn hides_failure(&self, object: ObjectId, measure: MeasureId) -> bool {
        let of = self.objects.get(object.0);
        let measure = of.and_then(|of| of.measures.get(measure.0));
        let mut objects = self.objects.iter().enumerate();
        objects.any(|(at, other)| {
            let is_read = at == object.0
                || match measure {
                    Some(Measure::Query(query)) => other.is_read_by(query),
                    _ => false,
                };
            is_read && other.columns.iter().any(|column| column.masked)
        })
    }
}

impl Object {
    /// Whether a query may read the object: it has the object's name in it, or the name is one that SQL writes in another way.
    #[must_use]
    pub fn is_read_by(&self, query: &str) -> bool {
        let mut own = [&self.name, &self.physical_name].into_iter();
        own.any(|name| name.contains(['"', '`']) || names(query, name))
    }
}

/// Whether a query has `SELECT *` in it or its like: another name may be given to what comes of it.
fn takes_all_columns(query: &str) -> bool {
    let mut query = query.to_lowercase();
    query.retain(|letter| !letter.is_whitespace());
    ["select*", "distinct*", "all*", ",*", ".*"]
        .iter()
        .any(|all| query.contains(all))
}

/// Whether a query names a column, or the last part of its name; case means nothing in SQL.
fn names(query: &str, column: &str) -> bool {
    let query = query.to_lowercase();
    let last = column.rsplit('.').next().unwrap_or(column);
    let last = last.trim_end_matches("[]").to_lowercase();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    !last.is_empty()
        && query.match_indices(&last).any(|(at, name)| {
            !query[..at].ends_with(is_word) && !query[at + name.len()..].starts_with(is_word)
        })
}

/// Whether all that a query says is a number of rows: `SELECT COUNT(…) FROM …`.
fn counts_rows(query: &str) -> bool {
    let query = query.trim_start().to_lowercase();
    let count = query
        .strip_prefix("select")
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix("count"))
        .map(str::trim_start)
        .and_then(|rest| rest.strip_prefix('('));
    let Some(inside) = count else {
        return false;
    };
    let mut depth = 1_u32;
    let end = inside.find(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let rest = end.map_or("", |end| inside[end + 1..].trim_start());
    rest.starts_with("from") || rest.starts_with("as ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_whatever_its_case_and_quotes() {
        for query in [
            "SELECT MAX(Salary) FROM t",
            "SELECT MAX(`salary`) FROM t",
            "SELECT MAX(t.salary) FROM t",
        ] {
            assert!(names(query, "salary"), "{query}");
        }
        assert!(!names("SELECT MAX(salary_band) FROM t", "salary"));
    }

    #[test]
    fn all_columns_may_have_other_names() {
        for query in [
            "SELECT MAX(x) FROM (SELECT * FROM a) AS t(x)",
            "select max(x) from (select\n *, 1 from a) as t(x, y)",
            "SELECT MAX(x) FROM (SELECT 1, a.* FROM a) AS t(y, x)",
        ] {
            assert!(takes_all_columns(query), "{query}");
        }
        for query in ["SELECT COUNT(*) FROM a", "SELECT MAX(amount * 2) FROM a"] {
            assert!(!takes_all_columns(query), "{query}");
        }
    }

    #[test]
    fn a_number_of_rows_is_no_value() {
        assert!(counts_rows("select count(*) from t where salary < 0"));
        assert!(counts_rows(
            "SELECT COUNT (CASE WHEN (a) THEN 1 END) AS n FROM t"
        ));
        for query in [
            "SELECT COUNT(*) + MAX(salary) FROM t",
            "SELECT MAX(salary) FROM t",
            "SELECT COUNT(",
        ] {
            assert!(!counts_rows(query), "{query}");
        }
    }
}
