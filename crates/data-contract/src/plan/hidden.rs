//! Queries whose value may be one of a classified column, so that it is shown nowhere, and failures that may tell one.

use super::{Column, Measure, MeasureId, ObjectId, Plan};

impl Plan {
    /// Whether a measure is a query that stands in a classified column or names one; one that only counts rows says no value.
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
        let checks = self.checks.iter().filter(|check| {
            let mut measures = check.measures().into_iter();
            measures.any(|of| of.object == object && of.measure == measure)
        });
        let mut columns = checks.filter_map(|check| of?.columns.get(check.column?.0));
        named || columns.any(|column| column.masked)
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
                    Some(Measure::Query(query)) => {
                        names(query, &other.name) || names(query, &other.physical_name)
                    }
                    _ => false,
                };
            is_read && other.columns.iter().any(|column| column.masked)
        })
    }
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
