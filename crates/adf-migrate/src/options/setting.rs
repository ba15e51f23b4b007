//! The settings in a line of a script, a pipeline or a JSON file.

/// A name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Setting<'l> {
    pub(super) name: &'l str,
    pub(super) value: &'l str,
    /// Where the name is in the line.
    pub(super) at: usize,
    /// Where the value is.
    pub(super) value_at: usize,
    /// Whether it is an argument of a call: `-Name value`.
    pub(super) is_argument: bool,
    /// The variable of a script that it is the value of.
    pub(super) variable: Option<&'l str>,
}

impl Setting<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// `Name: value`, `"Name": value`, `$x.Name = value`, `@{ Name = value; Name = value }` and `-Name value`.
pub(super) fn settings(line: &str) -> Vec<Setting<'_>> {
    let mut found = Vec::new();
    for (at, piece) in pieces(line) {
        let mut own = arguments(piece);
        if own.is_empty() {
            own.extend(assignment(piece));
        }
        found.extend(own.into_iter().map(|setting| Setting {
            at: setting.at + at,
            value_at: setting.value_at + at,
            ..setting
        }));
    }
    found
}

/// The parts of a line that stand for themselves: between semicolons, and within braces between commas.
fn pieces(line: &str) -> Vec<(usize, &str)> {
    let mut pieces = Vec::new();
    let mut scan = Scan::default();
    let (mut start, mut depth, mut before) = (0, 0_usize, ' ');
    for (at, c) in line.char_indices() {
        let is_open = scan.is_open(c);
        // `${name}` and `${{ name }}` are values.
        let is_variable = scan.variable > 0 || c == '{' && before == '$';
        if is_open && is_variable {
            match c {
                '{' => scan.variable += 1,
                '}' => scan.variable -= 1,
                _ => {}
            }
        } else if is_open {
            let ends = match c {
                '{' => {
                    depth += 1;
                    true
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    true
                }
                ',' => depth > 0,
                ';' => true,
                _ => false,
            };
            if ends {
                pieces.push((start, &line[start..at]));
                start = at + c.len_utf8();
            }
        }
        before = c;
    }
    pieces.push((start, &line[start..]));
    pieces
}

/// What of a line has been seen.
#[derive(Default)]
struct Scan {
    quote: Option<char>,
    /// Braces of a variable that are open.
    variable: usize,
}

impl Scan {
    /// Whether a character stands outside of quotes.
    fn is_open(&mut self, c: char) -> bool {
        match self.quote {
            Some(quote) if c == quote => {
                self.quote = None;
                false
            }
            Some(_) => false,
            None if matches!(c, '"' | '\'') => {
                self.quote = Some(c);
                false
            }
            None => true,
        }
    }
}

/// `-Name value`, `-Name:value` and `-Switch` of a call.
fn arguments(piece: &str) -> Vec<Setting<'_>> {
    let mut found = Vec::new();
    let mut scan = Scan::default();
    let mut before = ' ';
    for (at, c) in piece.char_indices() {
        if scan.is_open(c) && c == '-' && before.is_whitespace() {
            found.extend(argument(piece, at + 1));
        }
        before = c;
    }
    found
}

fn argument(piece: &str, start: usize) -> Option<Setting<'_>> {
    let rest = &piece[start..];
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let (name, behind) = rest.split_at(length);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic())
        || !behind.is_empty() && !behind.starts_with(|c: char| c == ':' || c.is_whitespace())
    {
        return None;
    }
    let value = behind.strip_prefix(':').unwrap_or(behind).trim_start();
    let value_at = piece.len() - value.len();
    let is_switch = |rest: &str| {
        rest.is_empty()
            || rest.starts_with(['`', '|', ')'])
            || rest
                .strip_prefix('-')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    };
    let (value, value_at) = match value.chars().next() {
        _ if is_switch(value) => ("true", start),
        Some(quote @ ('"' | '\'')) => {
            let inner = &value[1..];
            (inner.split(quote).next().unwrap_or(inner), value_at + 1)
        }
        _ => (
            value.split_whitespace().next().unwrap_or_default(),
            value_at,
        ),
    };
    Some(Setting {
        name,
        value,
        at: start,
        value_at,
        is_argument: true,
        variable: None,
    })
}

fn assignment(piece: &str) -> Option<Setting<'_>> {
    let sign = piece.find([':', '='])?;
    let left = piece[..sign].trim_end().trim_end_matches(['"', '\'']);
    let at = left
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |at| {
            at + left[at..].chars().next().map_or(1, char::len_utf8)
        });
    if at == left.len() {
        return None;
    }
    let value = piece[sign + 1..].split('#').next().unwrap_or_default();
    let value = value.trim().trim_end_matches([',', ';']).trim();
    let value = value.trim_matches(['"', '\'']);
    let value = value.rsplit("::").next().unwrap_or(value);
    let own = left[..at].trim_start();
    Some(Setting {
        name: &left[at..],
        value,
        at,
        value_at: piece[sign + 1..]
            .find(value)
            .map_or(sign + 1, |found| sign + 1 + found),
        is_argument: false,
        variable: (own == "$").then_some(&left[at..]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<(&str, &str)> {
        let found = settings(line).into_iter();
        found
            .inspect(|one| assert_eq!(line[one.at..].find(one.name), Some(0), "{line}"))
            .map(|one| (one.name, one.value))
            .collect()
    }

    #[test]
    fn a_call_has_many_settings() {
        assert_eq!(
            read(
                "Publish-AdfV2FromJson -RootFolder \"c:\\a b\" -ResourceGroupName 'rg-x' -Stage:UAT -DryRun -Option $opt"
            ),
            [
                ("RootFolder", "c:\\a b"),
                ("ResourceGroupName", "rg-x"),
                ("Stage", "UAT"),
                ("DryRun", "true"),
                ("Option", "$opt"),
            ]
        );
        assert_eq!(
            read("  -DataFactoryName adf-x `"),
            [("DataFactoryName", "adf-x")]
        );
        assert_eq!(read("  -Plan `"), [("Plan", "true")]);
    }

    #[test]
    fn a_map_on_one_line_has_many() {
        for line in [
            "$p = @{ ResourceGroupName = \"rg;x\"; DataFactoryName = 'adf-x' }",
            "  inputs: { ResourceGroupName: \"rg;x\", DataFactoryName: 'adf-x' }",
            "{\"ResourceGroupName\": \"rg;x\", \"DataFactoryName\": \"adf-x\"}",
        ] {
            let found = read(line);

            for expected in [("ResourceGroupName", "rg;x"), ("DataFactoryName", "adf-x")] {
                assert!(found.contains(&expected), "{line}: {found:?}");
            }
        }
    }

    #[test]
    fn braces_of_variables_belong_to_the_value() {
        assert_eq!(
            read("  DataFactoryName: ${{ parameters.factory }}"),
            [("DataFactoryName", "${{ parameters.factory }}")]
        );
        assert_eq!(
            read("  FilterText: +pipeline.*, -trigger.*"),
            [("FilterText", "+pipeline.*, -trigger.*")]
        );
    }
}
