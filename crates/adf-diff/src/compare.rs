//! Compares two JSON documents by what they mean.

use adf_model::Kind;
use adf_model::pointer::escape;
use adf_model::secret::Secrecy;
use serde_json::{Map, Value};

use crate::covered::{self, Covered};
use crate::expression;
use crate::identity::Identity;
use crate::noise::{self, Position};
use crate::pairing::{Pair, pairs};
use crate::renames::Renames;
use crate::script::{is_script, script};
use crate::{Path, PropertyChange, Step, What};

/// Values nested deeper are compared as a whole. Documents that were read are never that deep.
const DEEPEST: usize = 200;

/// A comparison on its way through two documents.
pub(crate) struct Comparison<'c> {
    kind: Option<Kind>,
    renames: &'c Renames,
    path: Vec<Step>,
    base: String,
    head: String,
    changes: Vec<PropertyChange>,
}

/// What is known about the place.
#[derive(Clone, Copy, Default)]
pub(crate) struct At {
    position: Position,
    secrecy: Secrecy,
    depth: usize,
}

impl At {
    /// The root of a document.
    pub(crate) fn root(kind: Option<Kind>) -> Self {
        Self {
            secrecy: kind.map(Secrecy::of).unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl<'c> Comparison<'c> {
    /// A comparison of documents of a kind; none for files that are no resources.
    pub(crate) fn new(kind: Option<Kind>, renames: &'c Renames) -> Self {
        Self {
            kind,
            renames,
            path: Vec::new(),
            base: String::new(),
            head: String::new(),
            changes: Vec::new(),
        }
    }

    /// What was found, without secrets.
    pub(crate) fn finish(self) -> Vec<PropertyChange> {
        self.changes
    }

    /// Goes on at another place of both documents.
    pub(crate) fn enter(&mut self, path: Path, base: String, head: String) {
        self.path = path.0;
        self.base = base;
        self.head = head;
    }

    /// Compares two values that stand at the same place.
    pub(crate) fn values(&mut self, base: &Value, head: &Value, at: At) {
        if base == head {
            return;
        }
        if at.depth < DEEPEST {
            match (base, head) {
                (Value::Array(base), Value::Array(head)) => return self.lists(base, head, at),
                (Value::Object(one), Value::Object(other))
                    if (expression::text(base).is_none() || expression::text(head).is_none())
                        && !other_sort(one, other) =>
                {
                    return self.objects(one, other, at);
                }
                _ => {}
            }
        }
        let same_text = match (expression::text(base), expression::text(head)) {
            (Some(before), Some(after)) => expression::mean_the_same(before, after),
            _ => false,
        };
        let is_noise = same_text
            || noise::mean_the_same(&self.path, base, head)
            || covered::is_hidden_by_service(at.secrecy, base, head)
            || (at.position.is_nothing(base) && at.position.is_nothing(head));
        let what = What::Changed {
            before: base.clone(),
            after: head.clone(),
        };
        self.note(what, is_noise, at);
    }

    fn objects(&mut self, base: &Map<String, Value>, head: &Map<String, Value>, at: At) {
        let follows = self.follows_rename(base, head);
        let in_script = self.scripts(base, head, at);
        let at_of = |key: &str| At {
            secrecy: at.secrecy.below(base, key).or(at.secrecy.below(head, key)),
            ..at
        };
        for (key, before) in base {
            let at = at_of(key);
            if in_script && is_script(key) {
                continue;
            }
            match head.get(key) {
                Some(after) => self.below(key, at, |walk, at| {
                    let first = walk.changes.len();
                    walk.values(before, after, at);
                    if follows && matches!(key.as_str(), "referenceName" | "activity") {
                        for change in &mut walk.changes[first..] {
                            change.follows_rename = true;
                        }
                    }
                }),
                None => self.below(key, at, |walk, at| walk.removed(before, at)),
            }
        }
        for (key, after) in head {
            if !(base.contains_key(key) || in_script && is_script(key)) {
                self.below(key, at_of(key), |walk, at| walk.added(after, at));
            }
        }
    }

    /// Whether two references name the same thing under its old and its new name.
    fn follows_rename(&self, base: &Map<String, Value>, head: &Map<String, Value>) -> bool {
        let names = |object: &Map<String, Value>| {
            ["referenceName", "activity"]
                .map(|key| object.get(key).and_then(Value::as_str).map(str::to_owned))
        };
        let (before, after) = (names(base), names(head));
        if before == after || before == [None, None] {
            return false;
        }
        let renamed = self.renames.of_reference(&Value::Object(base.clone()));
        renamed.is_some() && after.contains(&renamed)
    }

    /// Compares the scripts of data flows, which are one text in two ways of writing. Says whether there are any.
    fn scripts(&mut self, base: &Map<String, Value>, head: &Map<String, Value>, at: At) -> bool {
        let (Some((before, old)), Some((after, new))) = (script(base), script(head)) else {
            return false;
        };
        let is_noise = before == after;
        if is_noise && base.get(old) == head.get(new) {
            return true;
        }
        self.path.push(Step::Key("script".to_owned()));
        let places = (self.base.len(), self.head.len());
        self.base.push_str(&format!("/{old}"));
        self.head.push_str(&format!("/{new}"));
        let what = What::Changed {
            before: before.into(),
            after: after.into(),
        };
        let at = At {
            secrecy: at.secrecy.below(head, "script"),
            ..at
        };
        self.note(what, is_noise, at);
        self.base.truncate(places.0);
        self.head.truncate(places.1);
        self.path.pop();
        true
    }

    fn lists(&mut self, base: &[Value], head: &[Value], at: At) {
        let key = self.path.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            _ => None,
        });
        let identity = Identity::of(key.unwrap_or_default(), base, head);
        for pair in pairs(identity, base, head, |value| {
            self.renames.of_reference(value)
        }) {
            let element = pair
                .head
                .map(|at| &head[at])
                .or(pair.base.map(|at| &base[at]));
            let step = element.and_then(|element| identity.name(element)).map_or(
                Step::Index(pair.head.or(pair.base).unwrap_or_default()),
                Step::Name,
            );
            self.element(step, pair, (base, head), identity.is_ordered, at);
        }
    }

    fn element(
        &mut self,
        step: Step,
        pair: Pair,
        lists: (&[Value], &[Value]),
        is_ordered: bool,
        at: At,
    ) {
        let places = (self.base.len(), self.head.len());
        if let Some(place) = pair.base {
            self.base.push_str(&format!("/{place}"));
        }
        if let Some(place) = pair.head {
            self.head.push_str(&format!("/{place}"));
        }
        self.path.push(step);
        let at = At {
            position: at.position.element(),
            depth: at.depth + 1,
            ..at
        };
        match (pair.base, pair.head) {
            (Some(from), Some(to)) => {
                if pair.is_moved {
                    self.note(What::Moved { from, to }, !is_ordered, at);
                }
                self.values(&lists.0[from], &lists.1[to], at);
            }
            (Some(from), None) => self.removed(&lists.0[from], at),
            (None, Some(to)) => self.added(&lists.1[to], at),
            (None, None) => {}
        }
        self.path.pop();
        self.base.truncate(places.0);
        self.head.truncate(places.1);
    }

    fn below(&mut self, key: &str, at: At, look: impl FnOnce(&mut Self, At)) {
        let places = (self.base.len(), self.head.len());
        let pointer = format!("/{}", escape(key));
        self.base.push_str(&pointer);
        self.head.push_str(&pointer);
        self.path.push(Step::Key(key.to_owned()));
        let at = At {
            position: at.position.below(key),
            depth: at.depth + 1,
            ..at
        };
        look(self, at);
        self.path.pop();
        self.base.truncate(places.0);
        self.head.truncate(places.1);
    }

    fn added(&mut self, value: &Value, at: At) {
        let is_noise = at.position.is_nothing(value) || noise::is_default(&self.path, value);
        self.note(What::Added(value.clone()), is_noise, at);
    }

    fn removed(&mut self, value: &Value, at: At) {
        let is_noise = at.position.is_nothing(value) || noise::is_default(&self.path, value);
        self.note(What::Removed(value.clone()), is_noise, at);
    }

    /// Takes note of a difference at the present place.
    pub(crate) fn note(&mut self, what: What, is_noise: bool, at: At) {
        let base = (!matches!(what, What::Added(_))).then(|| self.base.clone());
        let head = (!matches!(what, What::Removed(_))).then(|| self.head.clone());
        let is_noise = is_noise || noise::is_volatile(self.kind, &self.path);
        let covered = Covered::of(what, at.secrecy);
        self.changes.push(PropertyChange {
            path: covered::path(&self.path),
            base,
            head,
            what: covered.what,
            is_noise,
            is_secret: covered.is_secret,
            other_secret: covered.other_secret,
            follows_rename: false,
        });
    }
}

/// Whether two objects stand for one value of different sorts, such as a secret here and its place in a key vault there.
fn other_sort(base: &Map<String, Value>, head: &Map<String, Value>) -> bool {
    let sort = |object: &Map<String, Value>| {
        let kind = object.get("type")?.as_str()?;
        let is_sort = matches!(kind, "SecureString" | "AzureKeyVaultSecret" | "Expression");
        (is_sort || Kind::of_reference(kind).is_some()).then(|| kind.to_owned())
    };
    sort(base) != sort(head)
}
