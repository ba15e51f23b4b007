//! Which rules are asked for.

use dataops_check::{Finding, RULES, Rule};

use crate::failure::{Failure, suggestion};

/// Which rules are asked for.
#[derive(Debug, Default)]
pub(super) struct Selection {
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Selection {
    /// The rules that `select` names, or all, without those that `ignore` names.
    pub(super) fn new(select: &[String], ignore: &[String]) -> Result<Self, Failure> {
        let upper = |names: &[String]| {
            names
                .iter()
                .map(|name| name.trim().to_ascii_uppercase())
                .collect()
        };
        let selection = Self {
            select: upper(select),
            ignore: upper(ignore),
        };
        for name in selection.select.iter().chain(&selection.ignore) {
            let id = name.split('/').next().unwrap_or_default();
            if !RULES.iter().any(|rule| names(id, rule.id, rule)) {
                return Err(unknown(name));
            }
        }
        let is_code = |name: &String| name.contains('/');
        if !selection.select.iter().any(is_code) && !RULES.iter().any(|rule| selection.has(rule)) {
            let message =
                "`--ignore` leaves out all that is asked for, so nothing would be looked at";
            return Err(Failure::usage(message).hint("leave one of the two away"));
        }
        Ok(selection)
    }

    /// Whether a rule is asked for.
    pub(super) fn has(&self, rule: &Rule) -> bool {
        self.has_id(rule.id, rule)
    }

    /// Whether a finding is asked for: its rule, or the code that another tool has for it.
    pub(super) fn has_finding(&self, finding: &Finding) -> bool {
        self.has_id(&finding.id(), finding.rule)
    }

    /// Whether there may be findings of rules whose ids begin so.
    pub(super) fn may_have(&self, beginning: &str) -> bool {
        let mut of_it = RULES.iter().filter(|rule| rule.id.starts_with(beginning));
        of_it.any(|rule| self.has(rule)) || self.names(beginning)
    }

    /// Whether rules whose ids begin so are asked for by name.
    pub(super) fn names(&self, beginning: &str) -> bool {
        let mut of_it = RULES.iter().filter(|rule| rule.id.starts_with(beginning));
        of_it.any(|rule| {
            self.select.iter().any(|name| {
                let (id, _) = name.split_once('/').unwrap_or((name, ""));
                names(id, rule.id, rule)
            })
        })
    }

    /// Where both lists name it, the longer name counts.
    fn has_id(&self, id: &str, rule: &Rule) -> bool {
        let longest = |list: &[String]| {
            let named = list.iter().filter(|name| names(name, id, rule));
            named.map(String::len).max()
        };
        match (longest(&self.select), longest(&self.ignore)) {
            (None, None) => self.select.is_empty(),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(selected), Some(ignored)) => selected > ignored,
        }
    }
}

/// Whether a name in capitals is that of the rule, or the beginning of the id.
fn names(name: &str, id: &str, rule: &Rule) -> bool {
    !name.is_empty() && (id.starts_with(name) || rule.name.eq_ignore_ascii_case(name))
}

/// A name that no rule has.
pub(super) fn unknown(name: &str) -> Failure {
    let failure = Failure::usage(format!("there is no rule `{name}`"));
    if data_contract::lint::rule(name.trim()).is_some() {
        return failure.hint(format!(
            "it is one of contracts: `dataops contract lint --explain {name}` tells of it"
        ));
    }
    let known = RULES
        .iter()
        .flat_map(|rule| [rule.id.to_owned(), rule.name.to_owned()]);
    let known: Vec<_> = known.filter(|meant| may_mean(name, meant)).collect();
    match suggestion::nearest(name, &known) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint("`dataops validate --rules` lists them"),
    }
}

/// Whether a name in the form of an id may mean this one: all ids are alike, so no more than one character may be another.
fn may_mean(name: &str, meant: &str) -> bool {
    let is_id = name.chars().any(|it| it.is_ascii_digit());
    let differ = name.chars().zip(meant.chars());
    let differ = differ.filter(|(one, other)| !one.eq_ignore_ascii_case(other));
    !is_id || (name.len() == meant.len() && differ.count() <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(select: &[&str], ignore: &[&str], id: &str) -> bool {
        let owned = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let selection = Selection::new(&owned(select), &owned(ignore)).unwrap();
        selection.has(dataops_check::rule(id).unwrap())
    }

    #[test]
    fn rules_are_named_by_id_beginning_and_name() {
        assert!(has(&[], &[], "ADF201"));
        assert!(has(&["adf2"], &[], "ADF201") && !has(&["ADF2"], &[], "ADF101"));
        assert!(
            has(&["missing-reference"], &[], "ADF201")
                && !has(&["missing-reference"], &[], "ADF202")
        );
        assert!(!has(&[], &["ADF2"], "ADF201") && has(&[], &["ADF2"], "ADF101"));
    }

    #[test]
    fn the_longer_name_counts() {
        assert!(has(&["ADF201"], &["ADF2"], "ADF201"));
        assert!(!has(&["ADF2"], &["ADF201"], "ADF201"));
    }

    #[test]
    fn codes_of_another_tool_are_named_behind_the_rule() {
        let ignoring = Selection::new(&[], &["py101/e5".to_owned()]).unwrap();
        let lint = dataops_check::rule("PY101").unwrap();
        let finding = |code: &str| {
            let mut finding = Finding::in_file(lint, "a.py", "x");
            finding.code = Some(code.to_owned());
            finding
        };

        assert!(!ignoring.has_finding(&finding("E501")) && ignoring.has_finding(&finding("F821")));
        assert!(ignoring.has(lint));
    }

    #[test]
    fn what_names_no_rule_is_refused() {
        let error = Selection::new(&["ADF2O1".to_owned()], &[])
            .unwrap_err()
            .render();

        assert!(
            error.contains("there is no rule `ADF2O1`") && error.contains("did you mean `ADF2"),
            "{error}"
        );
        for far in ["ADF999", "ADF2", "XY1"] {
            let error = unknown(far).render();
            assert!(error.contains("`dataops validate --rules`"), "{error}");
        }
    }
}
