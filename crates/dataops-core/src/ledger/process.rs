//! Whether a process of this machine that had a lease is dead, so that nobody has to wait for its lease to end.
//!
//! The id of a claim names the machine since it was started, the namespace of its processes, the process and when that was started.
//! Where the system does not tell them, nothing is known, and a lease ends by itself.

use std::fs;

use dataops_plan::Digest;

/// How the id of a claim of this machine begins, and the parts after it.
const KNOWN: &str = "p";

/// An id for a claim of this process, which no other claim has.
#[must_use]
pub fn claim_id() -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    let process = std::process::id();
    match (machine(), started(process)) {
        (Some(machine), Some(started)) => {
            format!("{KNOWN}-{machine}-{process}-{started}-{}", &random[..8])
        }
        _ => random,
    }
}

/// Whether the id is that of a process of this machine that is no more.
pub(super) fn is_dead(id: &str) -> bool {
    let parts: Vec<_> = id.split('-').collect();
    let &[KNOWN, machine, process, started, _] = parts.as_slice() else {
        return false;
    };
    let Ok(process) = process.parse() else {
        return false;
    };
    self::machine().is_some_and(|here| here == machine)
        && self::started(process).is_none_or(|now| now.to_string() != started)
}

/// This machine since it was started, and the namespace of its processes.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    let text = format!("{} {}", boot.trim(), namespace.display());
    let digest = Digest::of_bytes(text.as_bytes());
    Some(digest.as_str()[..12].to_owned())
}

/// When a process was started; nothing where it does not run any more.
fn started(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The program's name, in parentheses, may have anything in it.
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_ascii_whitespace();
    let state = fields.next()?;
    // A process that was ended and that nobody has asked about.
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_that_runs_is_not_dead() {
        assert!(!is_dead(&claim_id()));
    }

    #[test]
    fn a_process_that_has_ended_is_dead() {
        let mut ended = Command::new("true").spawn().unwrap();
        ended.wait().unwrap();

        let id = format!("{KNOWN}-{}-{}-1-00000000", machine().unwrap(), ended.id());

        assert!(is_dead(&id));
    }

    #[test]
    fn a_process_whose_number_another_one_has_now_is_dead() {
        let here = machine().unwrap();
        let id = format!("{KNOWN}-{here}-{}-1-00000000", std::process::id());

        assert!(is_dead(&id));
    }

    #[test]
    fn nothing_is_known_of_other_machines() {
        for id in ["", "p-000000000000-1-1-00000000", "p-1", "0123456789abcdef"] {
            assert!(!is_dead(id), "{id}");
        }
    }
}
