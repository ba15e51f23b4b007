//! Calls and definitions in code.

use std::ops::Range;

use crate::Language;
use crate::arguments::{Argument, Arguments, Constants, Value, constant};
use crate::cell::Cell;
use crate::lex::{Kind, Token};
use crate::uses::{Read, Run, Uses, Widget, place};

/// How many tokens of an import are looked back at.
const LONGEST_IMPORT: usize = 200;

/// The code of a cell.
pub(crate) struct Code<'c> {
    pub(crate) cell: &'c Cell,
    /// Where the body begins in the cell's text.
    pub(crate) start: usize,
    pub(crate) body: &'c str,
    pub(crate) tokens: &'c [Token],
    pub(crate) language: Language,
    pub(crate) constants: &'c Constants,
}

impl Code<'_> {
    /// Notes what the code does.
    pub(crate) fn look(&self, uses: &mut Uses) {
        for at in 0..self.tokens.len() {
            if self.tokens[at].kind != Kind::Name || self.is_member(at) {
                continue;
            }
            match self.name(at) {
                "dbutils" => self.dbutils(at, uses),
                "getArgument" => self.get_argument(at, uses),
                "sys" | "os" if self.language == Language::Python => {
                    let end = self.chain(at);
                    let exits = matches!(end.path.as_slice(), ["exit" | "_exit"]);
                    if exits && self.opens(end.next) {
                        uses.process_exits.push(self.place(at..end.next));
                    }
                }
                "exit" | "quit" if self.begins(at) && self.opens(at + 1) => {
                    uses.process_exits.push(self.place(at..at + 1));
                }
                _ => {}
            }
        }
        if self.language == Language::Python {
            self.definitions(uses);
        }
    }

    fn name(&self, at: usize) -> &str {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Name);
        token.map_or("", |token| &self.body[token.bytes.clone()])
    }

    fn is(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(sign))
    }

    fn opens(&self, at: usize) -> bool {
        self.is(at, '(')
    }

    /// Whether the name is a member of something else.
    fn is_member(&self, at: usize) -> bool {
        at > 0 && self.is(at - 1, '.')
    }

    /// Whether a statement begins here.
    fn begins(&self, at: usize) -> bool {
        at == 0
            || self.tokens[at - 1].kind == Kind::Line
            || self.is(at - 1, ';')
            || self.is(at - 1, ':')
    }

    fn place(&self, tokens: Range<usize>) -> Range<usize> {
        let first = &self.tokens[tokens.start].bytes;
        let last = &self.tokens[tokens.end.saturating_sub(1).max(tokens.start)].bytes;
        place(self.cell, self.start, &(first.start..last.end))
    }

    fn place_of(&self, argument: &Argument) -> Range<usize> {
        place(self.cell, self.start, &argument.bytes)
    }

    /// The members after the name at `at`.
    fn chain(&self, at: usize) -> Chain<'_> {
        let mut path = Vec::new();
        let mut next = at + 1;
        while self.is(next, '.') && !self.name(next + 1).is_empty() {
            path.push(self.name(next + 1));
            next += 2;
        }
        Chain { path, next }
    }

    fn arguments(&self, open: usize) -> Arguments {
        Arguments::read(self.body, self.tokens, open, self.constants)
    }

    fn dbutils(&self, at: usize, uses: &mut Uses) {
        let chain = self.chain(at);
        let called = self.opens(chain.next);
        match chain.path.as_slice() {
            ["widgets", method] if called => {
                self.widgets(method, &self.arguments(chain.next), uses);
            }
            ["notebook", "run"] if called => self.run(&self.arguments(chain.next), uses),
            ["notebook", "exit"] if called => uses.exits.push(self.place(at..chain.next)),
            ["widgets", ..] => (uses.reads_more, uses.declares_more) = (true, true),
            ["notebook", ..] => uses.exits_more = true,
            [] if !self.is_given_a_value(at) && !self.is_imported(at) => {
                (uses.reads_more, uses.declares_more, uses.exits_more) = (true, true, true);
            }
            _ => {}
        }
    }

    fn widgets(&self, method: &str, arguments: &Arguments, uses: &mut Uses) {
        let name = arguments.get(0, &["name"]);
        let constant = name.and_then(|name| Some((name.text()?, self.place_of(name))));
        match (method, constant) {
            ("text" | "dropdown" | "combobox" | "multiselect", Some((name, place))) => {
                let default = arguments.get(1, &["defaultValue"]);
                let choices = arguments.get(2, &["choices"]);
                uses.widgets.push(Widget {
                    name: name.to_owned(),
                    kind: method.to_owned(),
                    default: default.and_then(Argument::text).map(str::to_owned),
                    choices: choices.filter(|_| method != "text").and_then(
                        |choices| match &choices.value {
                            Value::Texts(texts) => Some(texts.clone()),
                            _ => None,
                        },
                    ),
                    place,
                });
            }
            ("text" | "dropdown" | "combobox" | "multiselect", None) => uses.declares_more = true,
            ("get" | "getArgument", Some((name, place))) => uses.reads.push(Read {
                name: name.to_owned(),
                needed: method == "get"
                    || arguments.get(1, &["defaultValue", "optional"]).is_none(),
                place,
            }),
            ("get" | "getArgument" | "getAll", _) => uses.reads_more = true,
            _ => {}
        }
    }

    fn get_argument(&self, at: usize, uses: &mut Uses) {
        let defined = at > 0 && matches!(self.name(at - 1), "def");
        if defined || self.is_given_a_value(at) || self.is_imported(at) {
            return;
        }
        if self.opens(at + 1) {
            return self.widgets("getArgument", &self.arguments(at + 1), uses);
        }
        uses.reads_more = true;
    }

    fn run(&self, arguments: &Arguments, uses: &mut Uses) {
        let Some(path) = arguments.get(0, &["path"]) else {
            return;
        };
        let given = arguments.get(2, &["arguments"]);
        if let Some(text) = path.text() {
            uses.runs.push(Run {
                path: text.to_owned(),
                inline: false,
                arguments: match given.map(|given| &given.value) {
                    None => Some(Vec::new()),
                    Some(Value::Texts(names)) => Some(names.clone()),
                    Some(_) => None,
                },
                place: self.place_of(path),
            });
        }
    }

    /// Whether the name stands before a single `=`.
    fn is_given_a_value(&self, at: usize) -> bool {
        self.is(at + 1, '=') && !self.is(at + 2, '=')
    }

    /// Whether the sign at `at` is `=`, or the end of one such as `+=`, and no comparison.
    fn assigns(&self, at: usize) -> bool {
        let compares = at > 0
            && ['=', '!', '<', '>']
                .iter()
                .any(|sign| self.is(at - 1, *sign));
        self.is(at, '=') && !self.is(at + 1, '=') && !compares
    }

    /// Whether the name stands in an import.
    fn is_imported(&self, at: usize) -> bool {
        let statement = (0..at)
            .rev()
            .take(LONGEST_IMPORT)
            .take_while(|before| self.tokens[*before].kind != Kind::Line);
        let first = statement.last().unwrap_or(at);
        matches!(self.name(first), "from" | "import" | "global" | "del")
    }

    /// The names that Python code gives a value, and the modules that it imports.
    fn definitions(&self, uses: &mut Uses) {
        let mut first = 0;
        for at in 0..=self.tokens.len() {
            let ends = self
                .tokens
                .get(at)
                .is_none_or(|token| token.kind == Kind::Line || token.is(';'));
            if ends {
                self.statement(first..at, uses);
                first = at + 1;
            }
        }
    }

    fn statement(&self, tokens: Range<usize>, uses: &mut Uses) {
        let keyword = self.name(tokens.start);
        if matches!(keyword, "import" | "from") {
            return self.import(tokens, uses);
        }
        let mut names = Vec::new();
        let mut depth = 0_usize;
        let mut in_loop = false;
        for at in tokens.clone() {
            if ['(', '[', '{'].iter().any(|sign| self.is(at, *sign)) {
                depth += 1;
            } else if [')', ']', '}'].iter().any(|sign| self.is(at, *sign)) {
                depth = depth.saturating_sub(1);
            }
            let name = self.name(at);
            if name == "for" {
                in_loop = true;
                names.clear();
            } else if !name.is_empty() && !self.is_member(at) {
                names.push(name);
            }
            let before = if at > tokens.start {
                self.name(at - 1)
            } else {
                ""
            };
            if matches!(before, "def" | "class" | "as" | "for" | "global") && !name.is_empty() {
                uses.defines.insert(name.to_owned());
            }
            // In brackets, `=` stands for an argument, and `:=` for one name.
            let is_walrus = self.is(at, '=') && at > tokens.start && self.is(at - 1, ':');
            if is_walrus && at > tokens.start + 1 {
                uses.defines.insert(self.name(at - 2).to_owned());
            }
            let ends_targets = depth == 0 && !is_walrus && self.assigns(at);
            if ends_targets || (name == "in" && std::mem::take(&mut in_loop)) {
                uses.defines.extend(names.drain(..).map(str::to_owned));
            }
        }
    }

    /// `import a.b as c, d` or `from a.b import c as d`.
    fn import(&self, tokens: Range<usize>, uses: &mut Uses) {
        let from = self.name(tokens.start) == "from";
        let mut names = !from;
        let mut module = true;
        for at in tokens.start + 1..tokens.end {
            match self.name(at) {
                "" => {
                    uses.defines_more |= self.is(at, '*');
                    module |= !from && self.is(at, ',');
                }
                "import" => names = true,
                "as" => {}
                name => {
                    if module {
                        uses.modules.insert(name.to_owned());
                    }
                    if names {
                        uses.defines.insert(name.to_owned());
                    }
                    module = false;
                }
            }
        }
    }
}

/// The members behind a name, and the token after them.
struct Chain<'c> {
    path: Vec<&'c str>,
    next: usize,
}

/// The names that code gives a value, with the value where it is one constant text.
pub(crate) fn assignments<'b>(body: &'b str, tokens: &[Token]) -> Vec<(&'b str, Option<String>)> {
    let mut found = Vec::new();
    for (at, pair) in tokens.windows(2).enumerate() {
        let [name, equals] = pair else { continue };
        if name.kind != Kind::Name || !equals.is('=') {
            continue;
        }
        let value = &tokens[at + 2..];
        if value.first().is_some_and(|next| next.is('=')) {
            continue;
        }
        let end = value
            .iter()
            .position(|token| !matches!(token.kind, Kind::Text(_)))
            .unwrap_or(value.len());
        let whole = value.get(end).is_none_or(|next| next.kind == Kind::Line);
        let begins = at == 0
            || tokens[at - 1].kind == Kind::Line
            || matches!(&body[tokens[at - 1].bytes.clone()], "val");
        let text = constant(body, &value[..end], &Constants::new());
        found.push((&body[name.bytes.clone()], text.filter(|_| whole && begins)));
    }
    found
}
