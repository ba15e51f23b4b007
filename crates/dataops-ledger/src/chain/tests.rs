//! That records come one after the other whatever happens at once, and that a removed or edited one is seen.

use proptest::prelude::*;

use super::*;
use crate::record::{Did, Outcome};
use crate::sample::{Environment, deployment, entry, hour, read};
use crate::store::memory::Memory;
use crate::store::{Answer, Next, Step, Task};

fn three() -> Environment {
    let mut qa = Environment::new("qa");
    qa.deploy("sha256:aaaaaaaa")
        .test("contract")
        .deploy("sha256:bbbbbbbb");
    qa
}

fn breaks(qa: &Environment) -> Vec<String> {
    qa.chain()
        .breaks()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn edit(qa: &mut Environment, number: u64, old: &str, new: &str) {
    let key = qa.keys().record(number);
    let (bytes, _) = qa.store.documents.get_mut(&key).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(old), "{text}");
    *bytes = text.replace(old, new).into_bytes();
}

#[test]
fn records_are_read_in_the_order_in_which_they_were_written() {
    let chain = three().chain();

    let numbers: Vec<_> = chain.records().iter().map(|record| record.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(chain.breaks().is_empty());
    assert_eq!(
        chain.last_deployment().unwrap().0.bundle(),
        Some("sha256:bbbbbbbb")
    );
    assert_eq!(chain.tests().count(), 1);
}

#[test]
fn an_edited_record_is_seen() {
    let mut qa = three();
    edit(&mut qa, 2, "\"passed\"", "\"failed\"");

    let told = breaks(&qa);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("qa, record 2: it was changed: its digest is "),
        "{told:?}"
    );
}

#[test]
fn a_record_that_was_edited_and_sealed_anew_is_seen() {
    let mut qa = three();
    for number in [2, 3] {
        let mut other = three();
        let chain = other.chain();
        let record = chain.record(number).unwrap().clone();
        let mut forged = entry("qa", record.at, record.did);
        forged.who.name = "nobody".to_owned();
        let bytes = forged.seal(number, record.previous).to_bytes();
        other
            .store
            .documents
            .get_mut(&qa.keys().record(number))
            .unwrap()
            .0 = bytes;
        let told = breaks(&other);
        let expected = match number {
            2 => {
                "qa, record 3: it does not follow the record before it, which was removed or edited"
            }
            _ => "qa, record 3: it is not the one that was written last",
        };
        assert_eq!(told, [expected]);
    }
    assert!(breaks(&qa).is_empty());
    edit(&mut qa, 1, "qa", "uat");
    assert!(!breaks(&qa).is_empty());
}

#[test]
fn a_removed_record_is_seen_wherever_it_was() {
    for number in 1..=3 {
        let mut qa = three();
        qa.store.documents.remove(&qa.keys().record(number));

        assert_eq!(
            breaks(&qa),
            [format!("qa, record {number}: it was removed")]
        );

        // And it stays seen when others are written after it.
        qa.deploy("sha256:cccccccc");
        assert_eq!(
            breaks(&qa),
            [format!("qa, record {number}: it was removed")]
        );
    }
}

#[test]
fn a_record_of_another_environment_is_none_of_this_one() {
    let mut qa = three();
    let mut uat = Environment::new("uat");
    uat.deploy("sha256:aaaaaaaa");
    let (key, other) = (qa.keys().record(3), uat.keys().record(1));
    let bytes = uat.store.documents[&other].clone();
    qa.store.documents.insert(key, bytes);

    assert_eq!(
        breaks(&qa),
        ["qa, record 3: it was written for another place"]
    );
}

#[test]
fn what_is_no_record_is_left_alone_and_what_cannot_be_read_is_told() {
    let mut qa = three();
    let records = qa.keys().records();
    for name in ["readme.txt", "4.json", "000000004.json", "x/00000004.json"] {
        qa.store
            .documents
            .insert(format!("{records}{name}"), (Vec::new(), 0));
    }
    assert!(breaks(&qa).is_empty());

    qa.store
        .documents
        .insert(qa.keys().record(4), (b"{\"schema\": 2}".to_vec(), 0));
    assert_eq!(
        breaks(&qa),
        ["qa, record 4: its schema is 2, and this program reads 1"]
    );
    qa.store
        .documents
        .insert(qa.keys().head(), (b"?".to_vec(), 0));
    assert!(breaks(&qa)[1].contains("what names the last record cannot be read"));

    // Whatever is there, the next record is written.
    qa.deploy("sha256:cccccccc");
    assert_eq!(qa.chain().records().last().unwrap().number, 5);
}

/// A writer that takes one step at a time.
struct Writer {
    task: Append<u64>,
    step: Option<Step<u64>>,
    written: Option<Record>,
}

impl Writer {
    fn new(number: u64) -> Self {
        let did = Did::Deployment(Box::new(deployment(
            "sha256:aaaaaaaa",
            hour(number),
            Outcome::Deployed,
        )));
        let mut task = Append::new(Keys::new("qa"), entry("qa", hour(number), did));
        let step = task.begin();
        Self {
            task,
            step: Some(step),
            written: None,
        }
    }

    fn step(&mut self, store: &mut Memory, is_lost: bool) {
        let Some(step) = self.step.take() else { return };
        let writes = matches!(step, Step::Put { .. });
        let answer = store.answer(step);
        let answer = if is_lost && writes {
            Answer::Conflict
        } else {
            answer
        };
        match self.task.next(answer) {
            Next::Do(step) => self.step = Some(step),
            Next::Done(record) => self.written = Some(record.unwrap()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Steps come in any order, answers may be lost, and writers may be killed: no record gets lost, none is written twice.
    #[test]
    fn writers_at_once_make_one_chain(
        script in prop::collection::vec((0..4_usize, prop::bool::weighted(0.2)), 0..60),
        killed in 0..5_usize,
    ) {
        let mut store = Memory::default();
        let mut writers: Vec<_> = (0..4).map(Writer::new).collect();
        for (who, is_lost) in script {
            writers[who].step(&mut store, is_lost);
        }
        for (who, writer) in writers.iter_mut().enumerate() {
            while who != killed && writer.step.is_some() {
                writer.step(&mut store, false);
            }
        }
        // The next one mends a head that is behind.
        let mut last = Writer::new(9);
        while last.step.is_some() {
            last.step(&mut store, false);
        }

        let chain = read("qa", &store);
        prop_assert_eq!(chain.breaks(), &[]);
        for writer in writers.iter().chain([&last]).filter_map(|writer| writer.written.as_ref()) {
            prop_assert_eq!(chain.record(writer.number), Some(writer));
        }
        let whole = writers.iter().filter(|writer| writer.written.is_some()).count() + 1;
        prop_assert!((whole..=whole + 1).contains(&chain.records().len()));
        let (head, _) = &store.documents[&Keys::new("qa").head()];
        let head: Head = serde_json::from_slice(head).unwrap();
        prop_assert_eq!(head.number, chain.records().len() as u64);
    }
}

#[test]
fn what_a_killed_deployment_did_is_untold_until_a_state_tells_all_of_the_factory() {
    let mut qa = Environment::new("qa");
    let left = |only: Option<&str>| {
        let mut deployment = deployment("sha256:aaaaaaaa", hour(0), Outcome::Deployed);
        deployment.only = only.map(str::to_owned).into_iter().collect();
        deployment.state = Some(Digest::of_bytes(b"state"));
        Did::Deployment(Box::new(deployment))
    };
    let untold = |qa: &Environment| qa.chain().untold().map(|(record, _)| record.number);

    qa.begin("sha256:bbbbbbbb", None).write(left(None));
    assert_eq!(untold(&qa), None);
    qa.begin("sha256:bbbbbbbb", None);
    assert_eq!(untold(&qa), Some(3));
    qa.write(left(Some("pipeline.ingest")))
        .deploy("sha256:cccccccc");
    assert_eq!(untold(&qa), Some(3));
    qa.write(left(None));
    assert_eq!(untold(&qa), None);
}
