//! The ledger in a folder: what two agents, foreign files and a lost lease make of it.

use std::fs;
use std::path::Path;

use dataops_bundle::{Bundle, Contents, Sealed};
use dataops_ledger::{Claim, Did, Test, TestOutcome, Who};
use futures::future::join_all;

use super::*;
use crate::store::FolderStore;

fn ledger(folder: &Path) -> Ledger {
    Ledger::new(Arc::new(FolderStore::new(folder)), "qa")
}

fn entry(name: &str) -> Entry {
    let test = Test {
        name: name.to_owned(),
        began: now(),
        outcome: TestOutcome::Passed,
        interrupted: false,
        reason: None,
        deployment: None,
        bundle: None,
        run_id: None,
        cases: Vec::new(),
    };
    Entry {
        environment: "qa".to_owned(),
        at: now(),
        who: Who::default(),
        tool: "0".to_owned(),
        did: Did::Test(test),
    }
}

fn claim(id: &str) -> Claim {
    Claim {
        id: id.to_owned(),
        environment: "qa".to_owned(),
        who: Who::default(),
        what: "deployment".to_owned(),
    }
}

async fn take(ledger: &Ledger, id: &str, at: Time) -> Result<Holding, String> {
    match ledger.take(claim(id), at).await.unwrap() {
        Taken::Ours(holding) => Ok(*holding),
        Taken::Held(held) => Err(held.to_string()),
    }
}

#[tokio::test]
async fn records_of_several_agents_have_one_number_each() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<_> = (0..20).map(|number| format!("test {number}")).collect();
    let agents = names.iter().map(|name| {
        let agent = ledger(folder.path());
        async move { agent.append(entry(name)).await.unwrap().number }
    });

    let mut numbers = join_all(agents).await;

    numbers.sort_unstable();
    assert_eq!(numbers, (1..=20).collect::<Vec<_>>());
    let chain = ledger(folder.path()).chain().await.unwrap();
    assert_eq!((chain.records().len(), chain.breaks()), (20, &[][..]));
}

#[tokio::test]
async fn foreign_files_are_left_alone_and_missing_records_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    for name in ["a", "b", "c"] {
        ledger.append(entry(name)).await.unwrap();
    }
    let records = folder.path().join("records/qa");
    for (name, text) in [("notes.txt", "hello"), ("1.json", "{}"), (".hidden", "")] {
        fs::write(records.join(name), text).unwrap();
    }
    fs::create_dir(records.join("00000009.json")).unwrap();
    assert_eq!(ledger.chain().await.unwrap().breaks(), []);

    fs::remove_file(records.join("00000002.json")).unwrap();

    let chain = ledger.chain().await.unwrap();
    let told: Vec<_> = chain.breaks().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("qa, record 2: "), "{told:?}");
    assert_eq!(chain.records().len(), 2);
}

#[tokio::test]
async fn a_lease_is_refused_to_a_second_one_until_it_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let held = take(&ledger, "one", now()).await.unwrap();

    let refused = take(&ledger, "two", now()).await.unwrap_err();
    assert!(refused.starts_with("`qa` is held by "), "{refused}");
    assert!(held.release().await.unwrap());

    assert!(take(&ledger, "two", now()).await.is_ok());
}

#[tokio::test]
async fn a_lease_that_nobody_renews_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let dead = take(&ledger, "one", now()).await.unwrap();
    let later = now()
        .plus(dataops_ledger::TTL)
        .plus(dataops_ledger::GRACE * 2);

    let holding = take(&ledger, "two", later).await.unwrap();

    assert_eq!(holding.abandoned().unwrap().claim.id, "one");
    assert!(!dead.release().await.unwrap());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_lease_of_a_process_that_was_killed_is_taken_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let own = claim_id();
    let parts: Vec<_> = own.split('-').collect();
    let earlier = [parts[0], parts[1], parts[2], "1", "00000000"].join("-");
    let _killed = take(&ledger, &earlier, now()).await.unwrap();

    let holding = take(&ledger, &own, now()).await.unwrap();

    assert_eq!(holding.abandoned().unwrap().claim.id, earlier);
    assert!(take(&ledger, &claim_id(), now()).await.is_err());
}

#[tokio::test]
async fn who_loses_a_lease_hears_of_it_and_comes_to_an_end() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let held = take(&ledger, "one", now()).await.unwrap();
    let mut held = held.renewing_every(std::time::Duration::from_millis(1));
    let broken = dataops_ledger::Breaking::Holder("one".to_owned());
    ledger.break_lease(broken, now()).await.unwrap();
    let other = take(&ledger, "two", now()).await.unwrap();
    let (heard, hears) = futures::channel::oneshot::channel();

    let why = held.during(hears, |why| heard.send(why.to_owned()).unwrap());

    let why = why.await.unwrap();
    assert!(why.starts_with("`qa` is held by "), "{why}");
    assert!(!held.release().await.unwrap());
    assert!(other.release().await.unwrap());
}

#[tokio::test]
async fn a_lease_that_was_broken_is_seen_before_the_next_write() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    let held = take(&ledger, "one", now()).await.unwrap();
    let watch = held.watch();
    assert_eq!(watch.lost().await, None);
    let broken = dataops_ledger::Breaking::Holder("one".to_owned());
    ledger.break_lease(broken, now()).await.unwrap();

    let why = loop {
        // What was looked at just now counts for a moment.
        if let Some(why) = watch.lost().await {
            break why;
        }
        tokio::task::yield_now().await;
    };

    assert_eq!(why, "somebody has broken it");
    // Who takes it again later has another one.
    let _again = take(&ledger, "one", now()).await.unwrap();
    assert_eq!(watch.known_lost(), Some("somebody has broken it"));
    assert!(watch.lost().await.is_some());
}

#[tokio::test]
async fn a_deployment_that_did_not_end_is_found_by_the_last_records() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(folder.path());
    assert_eq!(ledger.unfinished().await.unwrap(), None);
    let deployment = |outcome| {
        let json = serde_json::json!({"deployment": {"began": now(), "outcome": outcome}});
        let mut entry = entry("");
        entry.did = serde_json::from_value(json).unwrap();
        entry
    };
    ledger.append(deployment("begun")).await.unwrap();
    ledger.append(entry("contract")).await.unwrap();

    let unfinished = ledger.unfinished().await.unwrap();

    assert_eq!(unfinished.map(|record| record.number), Some(1));
    ledger.append(deployment("failed")).await.unwrap();
    assert_eq!(ledger.unfinished().await.unwrap(), None);
}

fn bundle(folder: &Path, text: &str) -> Bundle {
    let mut contents = Contents::default();
    let yaml = "name: s\nenvironments: {}\n";
    contents
        .insert("solution/dataops.yaml", yaml.into())
        .unwrap();
    contents
        .insert("solution/adf/pipeline/p.json", text.into())
        .unwrap();
    Sealed::new("s", None, contents).write(folder).unwrap();
    Bundle::open(folder).unwrap()
}

#[tokio::test]
async fn a_bundle_comes_back_as_it_was_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder.path().join("records"));
    let first = folder.path().join("first");
    let bundle = bundle(&first, "{}");
    assert!(!ledger.has_bundle(bundle.digest()).await.unwrap());
    ledger.keep_bundle(&bundle).await.unwrap();
    ledger.keep_bundle(&bundle).await.unwrap();

    let back = folder.path().join("back");
    let brought = ledger.bring_bundle(bundle.digest(), &back).await.unwrap();

    assert_eq!(brought.contents(), bundle.contents());
}

#[tokio::test]
async fn a_bundle_that_was_edited_where_it_is_kept_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = ledger(&folder.path().join("records"));
    let first = folder.path().join("first");
    let bundle = bundle(&first, "{}");
    ledger.keep_bundle(&bundle).await.unwrap();
    let key = format!("records/files/{}", dataops_bundle::Digest::of(b"{}"));
    fs::write(folder.path().join(key), "{\"edited\":1}").unwrap();

    let back = folder.path().join("back");
    let refused = ledger.bring_bundle(bundle.digest(), &back).await;

    let said = refused.unwrap_err().to_string();
    assert!(said.contains("is not what was sealed"), "{said}");
    let unknown = dataops_bundle::Digest::of(b"unknown");
    let missing = ledger.bring_bundle(&unknown, &back).await.unwrap_err();
    assert!(missing.to_string().contains("is not in "), "{missing}");
}
