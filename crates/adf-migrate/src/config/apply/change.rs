//! One line meets one document.

use adf_model::Kind;
use serde_json::Value;

use super::place::{existing, make, pointer};
use super::{Apply, Refusal};
use crate::config::convert::{convert, scalar};
use crate::config::edit::{Action, Edit};
use crate::config::expand::Expanded;
use crate::config::path::{Missing, PropertyPath, Step, child, child_mut};
use crate::note::NoteKind;
use crate::note::Severity;
use crate::text::short;

impl Apply<'_, '_> {
    pub(super) fn one(
        &mut self,
        at: usize,
        edit: &Edit<'_>,
        path: &PropertyPath,
        expanded: &Expanded,
    ) -> Result<(), Refusal> {
        match edit.action {
            Action::Update => self.update(at, edit, path, expanded),
            Action::Add => self.add(at, edit, path, expanded),
            Action::Remove => self.remove(at, edit, path),
        }
    }

    fn update(
        &mut self,
        at: usize,
        edit: &Edit<'_>,
        path: &PropertyPath,
        expanded: &Expanded,
    ) -> Result<(), Refusal> {
        let properties = &self.drafts.list[at].after["properties"];
        let parts = path
            .locate(properties)
            .map_err(|missing| self.nowhere(at, edit, path, &missing))?;
        let there = parts
            .iter()
            .try_fold(properties, |here, part| child(here, part))
            .unwrap_or(&Value::Null);
        let place = pointer(&parts);
        let there = self.drafts.list[at].typed.get(&place).unwrap_or(there);
        let converted = convert(there, expanded).map_err(|misfit| Refusal {
            kind: misfit.kind,
            spot: edit.value.spot(0),
            message: misfit.reason,
            hint: misfit.hint.map(str::to_owned),
        })?;
        let is_same = *there == converted.value;
        let is_typed = converted.value.is_string() && (there.is_number() || there.is_boolean());
        let typed = is_typed.then(|| there.clone());
        for (kind, message) in converted.notes {
            let severity = match kind {
                NoteKind::Tolerated => Severity::Remark,
                _ => Severity::Accident,
            };
            self.note(severity, kind, edit.value.spot(0), message);
        }
        self.spelling(edit, path, &parts);
        self.renamed.used(at, path, &parts, edit, self.notes);
        if is_same && !self.set.contains_key(&(at, parts.clone())) {
            let message = format!("{} has this value anyway", self.drafts.list[at].id);
            self.note(
                Severity::Remark,
                NoteKind::NoEffect,
                edit.value.spot(0),
                message,
            );
        }
        self.put(at, edit, &parts, converted.value);
        let all = &mut self.drafts.list[at].typed;
        all.extend(typed.map(|there| (place, there)));
        Ok(())
    }

    /// Remembers that a line is about a place.
    fn mark(&mut self, at: usize, edit: &Edit<'_>, parts: &[String]) {
        let pointer = pointer(parts);
        let origins = &mut self.drafts.list[at].origins;
        origins.entry(pointer).or_insert_with(|| edit.path_spot(0));
    }

    /// Puts a value at a place that there is.
    fn put(&mut self, at: usize, edit: &Edit<'_>, parts: &[String], value: Value) {
        self.mark(at, edit, parts);
        self.drafts.list[at].forget(&pointer(parts));
        let mut here = self.drafts.list[at].properties();
        for part in parts {
            let Some(next) = child_mut(here, part) else {
                return;
            };
            here = next;
        }
        let old = std::mem::replace(here, value);
        let new = here.as_str().unwrap_or_default().to_owned();
        let spot = edit.path_spot(0);
        if let Some(first) = self.set.insert((at, parts.to_vec()), spot.clone()) {
            let message = format!(
                "line {} has set the same place; this value counts",
                first.line
            );
            self.note(Severity::Remark, NoteKind::SetTwice, spot.clone(), message);
        }
        let is_name = parts
            .last()
            .is_some_and(|last| last.eq_ignore_ascii_case("name"));
        if let (true, Some(old)) = (is_name, old.as_str())
            && old != new
        {
            self.renamed.add(at, parts, old, &new, spot);
        }
    }

    /// Tells what is written in other letters than in the document.
    fn spelling(&mut self, edit: &Edit<'_>, path: &PropertyPath, parts: &[String]) {
        let steps = path.steps.iter().zip(parts).enumerate();
        let mut other = steps.filter_map(|(at, (step, part))| match step {
            Step::Member(name) if name != part => Some((path.starts[at], part)),
            _ => None,
        });
        if let Some((start, part)) = other.next_back() {
            let message = format!("the document writes `{}`; case did not count", short(part));
            let spot = edit.path_spot(start);
            self.note(Severity::Remark, NoteKind::LetterCase, spot, message);
        }
    }

    fn add(
        &mut self,
        at: usize,
        edit: &Edit<'_>,
        path: &PropertyPath,
        expanded: &Expanded,
    ) -> Result<(), Refusal> {
        self.drafts.list[at].properties();
        let properties = &self.drafts.list[at].after["properties"];
        let (parts, existing) = existing(properties, path);
        if let Some(step) = path.steps[parts.len()..]
            .iter()
            .find(|step| !matches!(step, Step::Member(_)))
        {
            let missing = Missing {
                at: parts.len(),
                here: existing,
            };
            let mut refusal = self.nowhere(at, edit, path, &missing);
            if matches!(step, Step::At(_)) {
                refusal.hint = Some("`+` makes properties, not elements of arrays".to_owned());
            }
            return Err(refusal);
        }
        let is_open = existing.is_object() || parts.len() == path.steps.len();
        if !is_open && !existing.is_null() {
            return Err(self.nowhere(
                at,
                edit,
                path,
                &Missing {
                    at: parts.len(),
                    here: existing,
                },
            ));
        }
        let names: Vec<_> = path.steps[parts.len()..]
            .iter()
            .filter_map(|step| match step {
                Step::Member(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let whole: Vec<_> = parts.iter().cloned().chain(names).collect();
        self.naive(edit, path);
        self.spelling(edit, path, &parts);
        self.text_only(at, edit, &whole, expanded);
        make(self.drafts.list[at].properties(), &whole);
        self.put(at, edit, &whole, expanded.text.clone().into());
        Ok(())
    }

    /// `+` writes text, whatever it looks like.
    fn text_only(&mut self, at: usize, edit: &Edit<'_>, whole: &[String], expanded: &Expanded) {
        let spot = edit.value.spot(0);
        let is_factory = self.drafts.list[at].id.kind == Kind::Factory;
        if let [globals, name, last] = whole
            && is_factory
            && globals.eq_ignore_ascii_case("globalParameters")
        {
            if last.eq_ignore_ascii_case("value") {
                self.added_globals.push((at, name.clone(), spot));
            }
            return;
        }
        let text = expanded.text.trim();
        let looks = scalar(text).is_some() || (text.starts_with(['{', '[']) && text.len() > 1);
        if looks {
            let message = "`+` always writes text, so what looks like a number, a Boolean, an object or an array is deployed as text";
            self.note(
                Severity::Accident,
                NoteKind::NumberBecameText,
                spot,
                message,
            );
        }
    }

    fn remove(&mut self, at: usize, edit: &Edit<'_>, path: &PropertyPath) -> Result<(), Refusal> {
        let properties = &self.drafts.list[at].after["properties"];
        let parts = path
            .locate(properties)
            .map_err(|missing| self.nowhere(at, edit, path, &missing))?;
        self.naive(edit, path);
        self.spelling(edit, path, &parts);
        self.mark(at, edit, &parts);
        self.drafts.list[at].forget(&pointer(&parts));
        let Some((last, before)) = parts.split_last() else {
            return Ok(());
        };
        let mut here = self.drafts.list[at].properties();
        for part in before {
            match child_mut(here, part) {
                Some(next) => here = next,
                None => return Ok(()),
            }
        }
        match here {
            Value::Object(object) => {
                object.shift_remove(last);
            }
            Value::Array(items) => {
                let number = last.parse::<usize>().ok();
                if let Some(number) = number.filter(|number| *number < items.len()) {
                    items.remove(number);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn naive(&mut self, edit: &Edit<'_>, path: &PropertyPath) {
        if path.has_marks {
            let message = "with `+` and `-` the old tool takes quotes and brackets for parts of names; the path is taken as it was meant";
            self.note(
                Severity::Accident,
                NoteKind::NaivePath,
                edit.path_spot(0),
                message,
            );
        }
    }
}
