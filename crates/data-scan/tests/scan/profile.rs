//! What is found out about data that nobody has described.

use data_contract::infer::Profile;
use data_contract::plan::{Format as TextFormat, Step};
use data_scan::{Format, Options, Progress, profile};

use crate::support::{csv, folder, source};

#[test]
fn columns_have_the_narrowest_kind_of_all_their_values() {
    let content = "id,price,day,mail,flag,none\n\
        1,1,2026-01-01,a@b.test,yes,\n\
        2,2.5,,c@d.test,no,\n\
        3,,2026-01-03,\"\",no,\n";
    let folder = folder([("t.csv", content.as_bytes())]);

    let found = profile(
        "t",
        &source(folder.path(), "t.csv", csv()),
        &Options::default(),
        &Progress::new(),
    )
    .unwrap();

    assert_eq!(found.rows, 3);
    let kinds: Vec<_> = found
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.logical_type.as_deref()))
        .collect();
    let expected = [
        ("id", Some("integer")),
        ("price", Some("number")),
        ("day", Some("date")),
        ("mail", Some("string")),
        ("flag", Some("boolean")),
        ("none", None),
    ];
    assert_eq!(kinds, expected);
    let id = found.column("id").unwrap();
    assert_eq!(
        (id.least.as_deref(), id.greatest.as_deref(), id.distinct),
        (Some("1"), Some("3"), Some(3))
    );
    assert_eq!(id.histogram.as_ref().unwrap().counts.iter().sum::<u64>(), 3);
    let mail = found.column("mail").unwrap();
    assert_eq!(
        (mail.nulls, mail.empty, mail.formats.as_slice()),
        (0, 1, &[(TextFormat::Email, 2)][..])
    );
    let flag = found.column("flag").unwrap();
    assert_eq!(flag.top, [("false".to_owned(), 2), ("true".to_owned(), 1)]);
    assert!(flag.top_is_all);
    assert_eq!(
        found.column("day").unwrap().greatest.as_deref(),
        Some("2026-01-03")
    );
    assert_eq!(found.column("none").unwrap().nulls, 3);
}

#[test]
fn numbers_that_are_filled_up_with_zeros_are_text() {
    let folder = folder([(
        "t.csv",
        &b"id,zip,n,d,e\n00123,1,0,0.5,\n124,01067,10,00.5,\n"[..],
    )]);
    let source = source(folder.path(), "t.csv", csv());

    let found = data_scan::profile("t", &source, &Options::default(), &Progress::new()).unwrap();

    let kinds = found.columns.iter().map(|it| it.logical_type.as_deref());
    assert_eq!(
        kinds.collect::<Vec<_>>(),
        [
            Some("string"),
            Some("string"),
            Some("integer"),
            Some("string"),
            None
        ]
    );

    let folder = crate::support::folder([("t.json", &b"{\"id\": 10}\n{\"id\": 2}\n"[..])]);
    let source = crate::support::source(folder.path(), "t.json", data_scan::Format::Json);
    let found = data_scan::profile("t", &source, &Options::default(), &Progress::new()).unwrap();
    assert_eq!(found.columns[0].logical_type.as_deref(), Some("integer"));
}

/// The profile of a CSV file.
fn profiled(cells: &str) -> Profile {
    let folder = folder([("t.csv", cells.as_bytes())]);
    let source = source(folder.path(), "t.csv", csv());
    profile("t", &source, &Options::default(), &Progress::new()).unwrap()
}

#[test]
fn days_are_known_where_only_one_way_of_writing_them_fits() {
    let cells = "de,us,open,none\n31.12.2025,12/31/2025,01/02/2025,31.02.2025\n01.01.2026,01/02/2026,03/04/2025,01.01.2026\n,,,\n";

    let looked = profiled(cells);

    let told: Vec<_> = looked
        .columns
        .iter()
        .map(|it| {
            let format = it.time_format.as_deref();
            let possible = it.possible_formats.join(" or ");
            (it.logical_type.as_deref(), format, possible)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("date"), Some("dd.MM.yyyy"), String::new()),
            (Some("date"), Some("MM/dd/yyyy"), String::new()),
            (Some("string"), None, "MM/dd/yyyy or dd/MM/yyyy".to_owned()),
            (Some("string"), None, String::new()),
        ]
    );
    assert_eq!(looked.columns[0].greatest.as_deref(), Some("2026-01-01"));
}

#[test]
fn empty_cells_in_quotes_are_nulls_of_columns_that_are_no_text() {
    let cells = "i,iso,de,t\n\"1\",\"2025-12-31\",\"31.12.2025\",\"x\"\n\"\",\"\",\"\",\"\"\n\"3\",\"2025-12-30\",\"30.12.2025\",\"y\"\n";

    let looked = profiled(cells);

    let told: Vec<_> = looked
        .columns
        .iter()
        .map(|it| (it.logical_type.as_deref(), it.nulls, it.empty))
        .collect();
    assert_eq!(
        told,
        [
            (Some("integer"), 1, 0),
            (Some("date"), 1, 0),
            (Some("date"), 1, 0),
            (Some("string"), 0, 1),
        ]
    );
}

/// Names, kinds, values, NULLs and what is empty.
type Told<'a> = (&'a str, Option<&'a str>, u64, u64, u64);

fn told(profile: &Profile) -> Vec<Told<'_>> {
    let columns = profile.columns.iter().map(|it| {
        let kind = it.logical_type.as_deref();
        let values = it.values(profile.rows);
        (it.name.as_str(), kind, values, it.nulls, it.empty)
    });
    columns.collect()
}

#[test]
fn what_is_within_objects_and_arrays_is_looked_at_too() {
    let rows = "\
        {\"id\": 1, \"who\": {\"name\": \"x\", \"a.b\": 1}, \"lines\": [{\"n\": 1, \"day\": \"2026-01-01\"}, {\"n\": 2.5}], \"mixed\": {\"k\": 1}}\n\
        {\"id\": 2, \"who\": null, \"lines\": [], \"tags\": [\"p\", null, \"\"], \"mixed\": 7}\n\
        {\"id\": 3, \"who\": {\"name\": null}, \"lines\": [{\"n\": 3}], \"none\": []}\n";
    let folder = folder([("t.json", rows.as_bytes())]);
    let source = source(folder.path(), "t.json", Format::Json);

    let looked = profile("t", &source, &Options::default(), &Progress::new()).unwrap();

    let expected: [Told<'_>; 13] = [
        ("id", Some("integer"), 3, 0, 0),
        ("who", Some("object"), 2, 1, 0),
        ("who.name", Some("string"), 1, 2, 0),
        ("who.a.b", Some("integer"), 1, 2, 0),
        ("lines", Some("array"), 3, 0, 1),
        ("lines[]", Some("object"), 3, 0, 0),
        ("lines[].n", Some("number"), 3, 0, 0),
        ("lines[].day", Some("date"), 1, 2, 0),
        // What is within it is no column, where not all of it is an object.
        ("mixed", None, 2, 1, 0),
        ("tags", Some("array"), 1, 2, 0),
        ("tags[]", Some("string"), 2, 1, 1),
        ("none", Some("array"), 1, 2, 1),
        ("none[]", None, 0, 0, 0),
    ];
    assert_eq!(told(&looked), expected);
    let dotted = looked.column("who.a.b").unwrap();
    assert_eq!(
        dotted.path,
        [Step::Field("who".to_owned()), Step::Field("a.b".to_owned())]
    );
    assert_eq!(looked.column("lines[]").unwrap().places, Some(3));
    assert_eq!(
        looked.column("lines[].n").unwrap().greatest.as_deref(),
        Some("3")
    );
}

#[test]
fn days_and_times_are_spread_over_bins() {
    let looked = profiled(
        "day,de,time,one\n\
         2026-01-01,03.01.2026,2026-01-01T00:00:00Z,2026-01-01\n\
         ,01.01.2026,2026-01-01T00:06:40Z,2026-01-01\n\
         2026-01-03,31.12.2025,2026-01-01T00:06:39Z,2026-01-01\n",
    );

    let spans = |name: &str| looked.column(name).unwrap().spans.clone();
    let days = spans("day").unwrap();
    assert_eq!(days.edges, ["2026-01-02", "2026-01-03"]);
    assert_eq!(days.counts, [1, 0, 1]);
    assert_eq!(spans("de").unwrap().counts, [1, 1, 0, 1]);
    let times = spans("time").unwrap();
    assert_eq!((times.edges.len(), times.counts.len()), (19, 20));
    assert_eq!(times.edges[0], "2026-01-01T00:00:20Z");
    assert_eq!((times.counts[0], times.counts[19]), (1, 2));
    assert_eq!(spans("one"), None);
}

#[test]
fn what_is_no_number_and_what_is_nearly_of_another_type_is_counted() {
    let mut cells: Vec<_> = (0..500).map(|n| format!("{n},{n}.5,{n}")).collect();
    cells[7] = "two,NaN,7".to_owned();
    let profile = profiled(&format!("a,b,c\n{}\n", cells.join("\n")));
    let column = |name: &str| profile.column(name).unwrap();

    assert_eq!(column("a").logical_type.as_deref(), Some("string"));
    assert_eq!(column("a").nearly, Some(("integer".to_owned(), 1)));
    assert_eq!(column("b").logical_type.as_deref(), Some("number"));
    assert_eq!((column("b").nans, &column("b").nearly), (1, &None));
    assert_eq!((column("c").nans, &column("c").nearly), (0, &None));
}

#[test]
fn categories_are_kept_for_the_next_run_and_names_are_not() {
    let mut cells = "region,driver,twice,none\n".to_owned();
    for at in 0..120 {
        cells += &format!("R{},D{at},T{},\n", at % 30, at / 2);
    }
    let folder = folder([("a.csv", cells.as_bytes())]);
    let source = source(folder.path(), "a.csv", csv());

    let found = profile("a", &source, &Options::default(), &Progress::new()).unwrap();

    let [region, driver, twice, none] = found.columns.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!((region.top.len(), region.values.len()), (20, 30));
    assert_eq!(region.counts().map(<[_]>::len), Some(30));
    assert!(region.values.iter().all(|(_, n)| *n == 4));
    assert_eq!((driver.values.len(), driver.counts()), (0, None));
    assert_eq!(twice.values.len(), 60);
    assert!(none.is_empty() && none.counts().is_some_and(<[_]>::is_empty));
}
