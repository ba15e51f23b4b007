//! Storages that are watched, and readers that break down.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_contract::plan::{Kind, Measure, Value};
use data_scan::{
    Dialect, Entry, Format, Layout, Local, Options, Progress, ReadAt, ReadError, Source, Storage,
    guess, read,
};

use crate::support::{A, csv, folder, object, run};

/// What is seen of a storage.
#[derive(Default)]
struct Seen {
    /// Files that are open, and the most that were at once.
    open: AtomicUsize,
    most: AtomicUsize,
    /// Bytes that were read.
    bytes: AtomicUsize,
}

/// Files of a folder, and what is done before bytes of them are read from a place on.
struct Watched {
    local: Local,
    seen: Arc<Seen>,
    before: Arc<dyn Fn(u64) + Send + Sync>,
    /// So many bytes are read at a time at most.
    most: usize,
}

struct Handle {
    file: Box<dyn ReadAt>,
    seen: Arc<Seen>,
    before: Arc<dyn Fn(u64) + Send + Sync>,
    most: usize,
}

impl Storage for Watched {
    fn list(&self, folder: &str) -> io::Result<Vec<Entry>> {
        self.local.list(folder)
    }

    fn head(&self, path: &str) -> io::Result<Option<Entry>> {
        self.local.head(path)
    }

    fn open(&self, entry: &Entry) -> io::Result<Box<dyn ReadAt>> {
        let file = self.local.open(entry)?;
        let open = self.seen.open.fetch_add(1, Ordering::SeqCst) + 1;
        self.seen.most.fetch_max(open, Ordering::SeqCst);
        Ok(Box::new(Handle {
            file,
            seen: Arc::clone(&self.seen),
            before: Arc::clone(&self.before),
            most: self.most,
        }))
    }
}

impl ReadAt for Handle {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (self.before)(offset);
        let most = buffer.len().min(self.most);
        let read = self.file.read_at(offset, &mut buffer[..most])?;
        self.seen.bytes.fetch_add(read, Ordering::SeqCst);
        Ok(read)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.seen.open.fetch_sub(1, Ordering::SeqCst);
    }
}

fn watched(
    folder: &tempfile::TempDir,
    (location, format): (&str, Format),
    before: impl Fn(u64) + Send + Sync + 'static,
) -> (Source, Arc<Seen>) {
    read_by(usize::MAX, folder, (location, format), before)
}

/// The same with reads of so many bytes at most.
fn read_by(
    most: usize,
    folder: &tempfile::TempDir,
    (location, format): (&str, Format),
    before: impl Fn(u64) + Send + Sync + 'static,
) -> (Source, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let storage = Watched {
        local: Local::new(folder.path()),
        seen: Arc::clone(&seen),
        before: Arc::new(before),
        most,
    };
    let source = Source {
        storage: Arc::new(storage),
        location: location.to_owned(),
        format,
    };
    (source, seen)
}

/// Rows of one column that do not compress, as a JSON array and as lines of CSV.
fn noise(rows: u64) -> Vec<String> {
    let mut state = 1_u64;
    let rows = (0..rows).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        format!("{state:x}{:x}", state.rotate_left(17))
    });
    rows.collect()
}

#[test]
fn a_receiver_that_has_enough_ends_the_reading_of_a_file_in_one_piece() {
    let rows = noise(200_000);
    let objects = rows.iter().map(|row| format!("{{\"a\":\"{row}\"}}"));
    let json = format!("[{}]", objects.collect::<Vec<_>>().join(",\n"));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut packed, format!("a\n{}\n", rows.join("\n")).as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    let folder = folder([("t.json", json.as_bytes()), ("t.csv.gz", packed.as_slice())]);
    let object = object(&[("a", Kind::String)], Vec::new());
    for (name, format, size) in [
        ("t.json", Format::Json, json.len()),
        ("t.csv.gz", csv(), packed.len()),
    ] {
        let (source, seen) = watched(&folder, (name, format), |_| {});
        let progress = Progress::new();
        let mut batches = 0;

        let result = read(
            &Layout::of(&object, &source),
            &source,
            &Options::default(),
            &progress,
            |_| {
                batches += 1;
                batches < 3
            },
        );

        assert!(matches!(result, Err(ReadError::Cancelled(_))));
        assert_eq!(batches, 3);
        let bytes = seen.bytes.load(Ordering::SeqCst);
        assert!(bytes < size / 3, "{name}: {bytes} of {size}");
        // Others may go on with it.
        assert!(!progress.is_cancelled());
    }
}

#[test]
fn files_whose_writing_is_guessed_are_open_one_by_one() {
    let names: Vec<String> = (0..20).map(|at| format!("{at}.csv")).collect();
    let files = names.iter().map(|name| (name.as_str(), &b"a;b\n1;2\n"[..]));
    let folder = folder(files);
    let dialect = Dialect {
        guessed: true,
        ..Dialect::default()
    };
    let (source, seen) = watched(&folder, ("*.csv", Format::Csv(dialect)), |_| {});

    let guess = guess(&source, None).unwrap().unwrap();

    assert_eq!(guess.dialect.delimiter, b';');
    assert_eq!(seen.most.load(Ordering::SeqCst), 1);
}

#[test]
fn a_reader_that_breaks_down_is_a_file_that_is_not_readable() {
    let folder = folder([("1.csv", &b"a\n1\n2\n"[..])]);
    let object = object(&[("a", Kind::Integer)], vec![Measure::Rows]);
    for threads in [1, 2] {
        let (source, _) = watched(&folder, ("*.csv", csv()), |_| panic!("a reader's fault"));
        let options = Options {
            threads,
            ..Options::default()
        };

        let scan = run(&object, source, &options);

        let reason = scan.files[0].unreadable.as_deref();
        assert_eq!(reason, Some("its reader gave up, as if it was damaged"));
        assert!(scan.measured[0].value.is_err());
    }
}

#[test]
fn a_reader_that_breaks_down_when_a_part_is_read_again_is_one_too() {
    // The chunk of the last record seems to begin before it, since lines end within quotes.
    let text = format!("a,b\n1,x\n2,\"{}\n\"\n3,z\n", "y\n".repeat(21));
    let folder = folder([("1.csv", text.as_bytes())]);
    let object = object(
        &[("a", Kind::Integer), ("b", Kind::String)],
        vec![Measure::Rows, Measure::WrongType(A)],
    );
    let wrong = text.find("3,z").unwrap() as u64;
    for threads in [1, 3] {
        let options = Options {
            threads,
            chunk: 10,
            ..Options::default()
        };
        let (good, _) = watched(&folder, ("*.csv", csv()), |_| {});
        let values: Vec<_> = run(&object, good, &options).measured;
        assert_eq!(values[0].value, Ok(Value::Count(3)));

        // Only what is read again is read from there on: other chunks begin one byte before their places.
        let (source, _) = watched(&folder, ("*.csv", csv()), move |from| {
            assert!(from != wrong, "a reader's fault");
        });
        let scan = run(&object, source, &options);

        let reason = scan.files[0].unreadable.as_deref();
        assert_eq!(reason, Some("its reader gave up, as if it was damaged"));
        assert!(scan.measured[0].value.is_err());
    }
}

#[test]
fn a_storage_may_read_as_few_bytes_as_it_likes() {
    let packed = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let csv_text = packed("a;b\n1;x\n2;y\n");
    let json = packed("{\"a\": 1}\n{\"a\": 2}\n");
    let marked = b"\xFF\xFE{\0\"\0a\0\"\0:\x001\0}\0\n\0{\0}\0";
    let folder = folder([
        ("t.csv.gz", &csv_text[..]),
        ("t.json.gz", &json),
        ("u.json", marked),
    ]);
    let object = object(
        &[("a", Kind::Integer)],
        vec![Measure::Rows, Measure::Absent(A)],
    );
    for most in [1, 3, usize::MAX] {
        for name in ["t.csv.gz", "t.json.gz", "u.json"] {
            let dialect = Dialect {
                guessed: true,
                ..Dialect::default()
            };
            let format = match name.contains("json") {
                true => Format::Json,
                false => Format::Csv(dialect),
            };
            let (mut source, _) = read_by(most, &folder, (name, format), |_| {});
            if let Some(guess) = guess(&source, None).unwrap() {
                assert_eq!(guess.dialect.delimiter, b';', "{name} {most}");
                source.format = Format::Csv(guess.dialect);
            }

            let scan = run(&object, source, &Options::default());

            let values: Vec<_> = scan.measured.iter().map(|it| it.value.clone()).collect();
            let expected = [Ok(Value::Count(2)), Ok(Value::Count(0))];
            assert_eq!(values, expected, "{name} {most}");
        }
    }
}
