//! Generated contracts, with data that are awkward on purpose.

use std::fmt::Write;

use serde_json::Value;

/// Numbers that look random and are the same in each run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % end
    }

    pub(crate) fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// A kind of column: its type, cells that are likely and unlikely, and what may be asked of it.
struct Kind {
    name: &'static str,
    spark: &'static str,
    usual: &'static [&'static str],
    odd: &'static [&'static str],
    options: &'static [&'static str],
}

const KINDS: [Kind; 12] = [
    Kind {
        name: "integer",
        spark: "BIGINT",
        usual: &["0", "1", "2", "3", "42", "-7", "100"],
        odd: &[
            "",
            " 7",
            "7 ",
            "+5",
            "007",
            "1.5",
            "7.0",
            "1e3",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "abc",
            "12a",
            "NaN",
            "--1",
            "1_000",
            "0x1F",
        ],
        options: &[
            "minimum: 1",
            "maximum: 40",
            "exclusiveMinimum: 0",
            "exclusiveMaximum: 42",
            "multipleOf: 3",
            "format: i8",
            "format: u16",
            "minimum: -9223372036854775808",
            "maximum: 9223372036854775807",
        ],
    },
    Kind {
        name: "number",
        spark: "DOUBLE",
        usual: &["0", "1", "1.5", "-2.25", "0.1", "0.3", "100.75"],
        odd: &[
            "",
            "-0",
            "1e3",
            "1E-3",
            "NaN",
            "nan",
            "Infinity",
            "-Infinity",
            "inf",
            "1d",
            "2f",
            "0x10",
            ".5",
            "5.",
            " 3.5 ",
            "abc",
            "1_000",
            "1e400",
            "+1.5",
            "infinity",
            "-inf",
            "9007199254740993",
        ],
        options: &[
            "minimum: 0",
            "maximum: 1.5",
            "exclusiveMinimum: 0.1",
            "exclusiveMaximum: 100.75",
            "multipleOf: 0.1",
            "multipleOf: 3",
            "minimum: 1",
            "maximum: -0.5",
        ],
    },
    Kind {
        name: "string",
        spark: "STRING",
        usual: &["a", "ab", "abc", "x y", "a@b.de", "42", "N/A"],
        odd: &[
            "",
            "\"\"",
            "é",
            "日本",
            "😀",
            "it's",
            "back\\slash",
            "\"a,b\"",
            "\"line\nbreak\"",
            " pad ",
            "NULL",
            "0",
            "A",
            "\"quo\"\"te\"",
            "äöü_1",
            "1.2.3.4",
            "123e4567-e89b-12d3-a456-426614174000",
            "http://x.test/a?b#c",
            "::1",
            "aGVsbG8=",
            "a.test",
            "tab\there",
        ],
        options: &[
            "minLength: 2",
            "maxLength: 2",
            "pattern: '^\\d+$'",
            "pattern: '\\w'",
            "pattern: '^[a-z]+$'",
            "pattern: '\\s'",
            "pattern: 'a|é'",
            "pattern: '^.{1,3}$'",
            "format: email",
            "format: uuid",
            "format: ipv4",
            "format: ipv6",
            "format: hostname",
            "format: byte",
            "format: uri",
        ],
    },
    Kind {
        name: "boolean",
        spark: "BOOLEAN",
        usual: &["true", "false"],
        odd: &["", "TRUE", "False", "t", "1", "yes", "0"],
        options: &[],
    },
    Kind {
        name: "date",
        spark: "DATE",
        usual: &["2026-01-05", "2026-02-28", "2025-12-31", "2026-01-06"],
        odd: &[
            "",
            "2026-1-5",
            "2026-02-30",
            "20260105",
            "2026-01-05T00:00:00",
            "0001-01-01",
            "9999-12-31",
            "2026-01-05 ",
            "2026-13-01",
            "26-01-05",
            "epoch",
            "today",
            "1969-12-31",
            "2024-02-29",
        ],
        options: &[
            "minimum: '2026-01-01'",
            "maximum: '2026-02-01'",
            "exclusiveMinimum: '2026-01-05'",
            "exclusiveMaximum: '2026-02-28'",
        ],
    },
    Kind {
        name: "timestamp",
        spark: "TIMESTAMP",
        usual: &[
            "2026-01-05T08:00:00Z",
            "2026-01-05 08:00:00",
            "2026-01-05T08:00:00+02:00",
            "2026-02-05T08:00:00",
        ],
        odd: &[
            "",
            "2026-01-05",
            "2026-01-05T08:00",
            "2026-01-05T08:00:00.123456",
            "2026-01-05T24:00:00",
            "2026-01-05T08:00:00.123456789",
            "2026-01-05T08:00:60",
            "2026-02-30T08:00:00",
            "abc",
            "2026-01-05T8:00:00",
            "1969-12-31T23:59:59.999999Z",
            "2026-01-05T08:00:00-11:30",
        ],
        options: &[
            "minimum: '2026-01-05T08:00:00Z'",
            "maximum: '2026-01-05T08:00:00Z'",
            "exclusiveMinimum: '2026-01-05T06:00:00Z'",
        ],
    },
    Kind {
        name: "timestamp",
        spark: "TIMESTAMP",
        usual: &[
            "2026-01-05T08:00:00",
            "2026-07-05 08:00:00",
            "2026-07-05T08:00:00+02:00",
        ],
        odd: &[
            "",
            "2026-03-29T02:30:00",
            "2026-10-25T02:30:00",
            "2026-01-05",
            "2026-01-05T08:00Z",
            "\"2026-01-05T08:00:00,5\"",
            "abc",
        ],
        options: &[
            "defaultTimezone: Europe/Berlin",
            "defaultTimezone: '+05:30'",
            "minimum: '2026-01-05T07:00:00Z'",
        ],
    },
    Kind {
        name: "timestamp",
        spark: "STRING",
        usual: &[
            "20260105080000000",
            "20260705080000250",
            "20251231235959999",
        ],
        odd: &[
            "",
            "20260105080000",
            "2026010508000025",
            "20260230080000000",
            "abc",
        ],
        options: &[
            "format: yyyyMMddHHmmssSSS",
            "format: 'yyyyMMddHHmmssSSS', defaultTimezone: Europe/Berlin",
        ],
    },
    Kind {
        name: "timestamp",
        spark: "STRING",
        usual: &[
            "05.01.2026 08:00",
            "05.01.2026 08:00:30.250",
            "05.07.2026 23:59:59",
        ],
        odd: &[
            "",
            "5.1.2026 08:00",
            "05.01.2026",
            "05.01.2026 08:00:30.25",
            "30.02.2026 08:00",
        ],
        options: &["format: 'dd.MM.yyyy HH:mm[:ss[.SSS]]'"],
    },
    Kind {
        name: "date",
        spark: "STRING",
        usual: &["\"Monday, 5 January 2026\"", "\"Tuesday, 6 January 2026\""],
        odd: &[
            "",
            "\"monday, 5 january 2026\"",
            "\"Tuesday, 5 January 2026\"",
            "\"Mon, 5 Jan 2026\"",
            "2026-01-05",
        ],
        options: &["format: 'EEEE, d MMMM yyyy'"],
    },
    Kind {
        name: "date",
        spark: "STRING",
        usual: &["2026-01-05+01:00", "2026-01-06Z", "2026-01-05-11:30"],
        odd: &[
            "",
            "2026-01-05",
            "2026-01-05+0100",
            "2026-02-30Z",
            "02026-01-05Z",
        ],
        options: &["format: yyyy-MM-ddXXX"],
    },
    Kind {
        name: "time",
        spark: "STRING",
        usual: &["08:00:00", "23:59:59.999999", "8:30", "00:00"],
        odd: &[
            "",
            "24:00:00",
            "08:60",
            " 08:00 ",
            "\"8:00:00,5\"",
            "08:00Z",
            "abc",
            "8",
        ],
        options: &["minimum: '08:30:00'", "exclusiveMaximum: '23:59:59.999999'"],
    },
];

/// A contract with its data as CSV.
pub(crate) struct Case {
    pub(crate) contract: String,
    pub(crate) csv: String,
    /// The same as JSON, an object a line, where each cell is the value that it looks like.
    pub(crate) json: String,
    /// The columns as a query that gives them their types.
    pub(crate) typed: String,
    /// Queries are in the engine's own dialect, and are no part of the agreement.
    pub(crate) seed: u64,
}

const ROWS: usize = 40;

const WIDE: &str = "  - {name: wide, logicalType: object, properties: [{name: f0, logicalType: integer, logicalTypeOptions: {minimum: 5}}, {name: 'f:29', logicalType: integer, required: true, unique: true}]}\n";

impl Case {
    /// The case of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let columns = 3 + random.below(6);
        let kinds: Vec<&Kind> = (0..columns).map(|_| random.of(&KINDS)).collect();
        let mut properties = String::new();
        for (at, kind) in kinds.iter().enumerate() {
            writeln!(properties, "  - {}", property(at, kind, &mut random)).unwrap();
        }
        // A struct of more fields than Spark tells, which only the JSON has.
        let wide = random.below(2) == 0;
        if wide {
            properties.push_str(WIDE);
        }
        let quality = quality(&kinds, &mut random);
        let contract = format!(
            "apiVersion: v3.1.0\nkind: DataContract\nid: c\nversion: 1.0.0\nstatus: active\nschema:\n- name: t\n  properties:\n{properties}{quality}"
        );
        let mut csv = (0..columns)
            .map(|at| format!("c{at}"))
            .collect::<Vec<_>>()
            .join(",");
        csv.push('\n');
        // Odd cells are rarer in some cases than in others, so that all of a column may be of its kind.
        let odd = *random.of(&[0, 2, 5, 9]);
        let mut json = String::new();
        for _ in 0..ROWS {
            let cells: Vec<_> = kinds
                .iter()
                .map(|kind| cell(kind, odd, &mut random))
                .collect();
            csv.push_str(&cells.join(","));
            csv.push('\n');
            json.push_str(&object(&kinds, &cells, wide));
            json.push('\n');
        }
        let typed = kinds.iter().enumerate().map(|(at, kind)| match kind.spark {
            "STRING" => format!("c{at}"),
            spark => format!("try_cast(trim(c{at}) AS {spark}) AS c{at}"),
        });
        Self {
            contract,
            csv,
            json,
            typed: typed.collect::<Vec<_>>().join(", "),
            seed,
        }
    }
}

/// A row as JSON. Spark gives a column one type, so that numbers and truth that are none are left out, and texts stand as they are.
fn object(kinds: &[&Kind], cells: &[String], wide: bool) -> String {
    let members = kinds.iter().zip(cells).enumerate();
    let members = members.filter_map(|(at, (kind, cell))| {
        let value = match kind.name {
            "integer" => Value::from(cell.parse::<i64>().ok()?),
            "number" => {
                let number = cell
                    .parse::<f64>()
                    .ok()
                    .filter(|number| number.is_finite())?;
                Value::from(number)
            }
            "boolean" => Value::from(cell.parse::<bool>().ok()?),
            _ => Value::from(cell.trim_matches('"').to_owned()),
        };
        Some((format!("c{at}"), value))
    });
    let mut members: serde_json::Map<_, _> = members.collect();
    if wide {
        let length = cells.concat().len();
        let fields = (0..29).map(|at| (format!("f{at}"), Value::from(length % (at + 7))));
        let mut fields: serde_json::Map<_, _> = fields.collect();
        fields.insert("f:29".to_owned(), Value::from(length));
        members.insert("wide".to_owned(), Value::Object(fields));
    }
    Value::Object(members).to_string()
}

fn cell(kind: &Kind, odd: usize, random: &mut Random) -> String {
    let all = if random.below(10) < odd {
        kind.odd
    } else {
        kind.usual
    };
    (*random.of(all)).to_owned()
}

fn property(at: usize, kind: &Kind, random: &mut Random) -> String {
    let mut fields = vec![
        format!("name: c{at}"),
        format!("logicalType: {}", kind.name),
    ];
    if random.below(3) == 0 {
        fields.push("required: true".to_owned());
    }
    if random.below(3) == 0 {
        fields.push("unique: true".to_owned());
    }
    // Without its format none of the cells would be of the kind.
    let mut options: Vec<&str> = Vec::new();
    if kind
        .options
        .iter()
        .any(|option| option.starts_with("format: "))
        && kind.name != "string"
        && kind.name != "integer"
    {
        options.push(*random.of(kind.options));
    }
    for _ in 0..random.below(3) {
        if kind.options.is_empty() || options.iter().any(|it| it.starts_with("format: ")) {
            break;
        }
        let option = *random.of(kind.options);
        let name = |option: &str| option.split(':').next().map(str::to_owned);
        if options.iter().all(|known| name(known) != name(option)) {
            options.push(option);
        }
    }
    if !options.is_empty() {
        fields.push(format!("logicalTypeOptions: {{{}}}", options.join(", ")));
    }
    // Values of a list are in the form of the standard, and those of a format are not.
    let is_listed = kind.spark != "STRING" || kind.name == "string";
    let mut rules = Vec::new();
    if random.below(2) == 0 {
        rules.push("{metric: nullValues, mustBeLessThan: 3}".to_owned());
    }
    if is_listed && random.below(2) == 0 {
        rules.push(format!(
            "{{metric: missingValues, arguments: {{missingValues: [null, '{}', '']}}, unit: percent, mustBeLessThan: 5}}",
            random.of(kind.usual)
        ));
    }
    if is_listed && random.below(2) == 0 {
        rules.push(format!(
            "{{metric: invalidValues, arguments: {{validValues: {}}}, mustBe: 0}}",
            values(kind, random)
        ));
    }
    if random.below(2) == 0 {
        rules.push("{metric: duplicateValues, mustBeLessThan: 4}".to_owned());
    }
    if !rules.is_empty() {
        fields.push(format!("quality: [{}]", rules.join(", ")));
    }
    format!("{{{}}}", fields.join(", "))
}

/// Some values of a kind, as YAML.
fn values(kind: &Kind, random: &mut Random) -> String {
    let quote = |text: &&str| match kind.name {
        "integer" | "number" | "boolean" => (*text).to_owned(),
        _ => format!("'{text}'"),
    };
    let from = random.below(kind.usual.len());
    let some: Vec<_> = kind.usual[from..].iter().map(quote).collect();
    format!("[{}]", some.join(", "))
}

/// Rules of the whole table: keys of several columns, distributions, ages.
fn quality(kinds: &[&Kind], random: &mut Random) -> String {
    let mut rules = String::from("  quality:\n  - {metric: rowCount, mustBeGreaterThan: 0}\n");
    let mut rule = |text: String| writeln!(rules, "  - {text}").unwrap();
    if random.below(2) == 0 {
        rule("{metric: duplicateValues, arguments: {properties: [c0, c1]}, mustBe: 0}".to_owned());
    }
    for (at, kind) in kinds.iter().enumerate() {
        match kind.name {
            "string" | "boolean" if random.below(2) == 0 => rule(format!(
                "{{type: custom, engine: dataops, implementation: {{check: classBalance, column: c{at}}}}}"
            )),
            "integer" | "number" if random.below(2) == 0 => rule(format!(
                "{{type: custom, engine: dataops, implementation: {{check: nearConstant, column: c{at}}}}}"
            )),
            // Against itself, which measures the bounds of its parts and how it lies between them.
            "integer" | "number" => rule(format!(
                "{{type: custom, engine: dataops, implementation: {{check: drift, column: c{at}, reference: {{object: t}}}}}}"
            )),
            _ => {}
        }
    }
    let aged = kinds
        .iter()
        .position(|kind| matches!(kind.name, "date" | "timestamp"));
    if let Some(at) = aged {
        writeln!(
            rules,
            "slaProperties: [{{property: latency, value: 1, unit: d, element: t.c{at}}}, {{property: retention, value: 1, unit: y, element: t.c{at}}}]"
        )
        .unwrap();
    }
    rules
}
