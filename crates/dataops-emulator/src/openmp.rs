//! How the threads of OpenMP wait, which numeric packages of Python (scikit-learn, LightGBM) compute with.

use std::ffi::OsStr;

const POLICY: &str = "OMP_WAIT_POLICY";

/// What a Python process is given for it, unless somebody has decided.
///
/// By default such threads spin while they wait for each other. On a machine whose processors have other work too, as one
/// that runs a whole pipeline has, they then take the time that the thread needs which they wait for: a training of
/// seconds takes minutes.
pub(crate) fn environment() -> Option<(&'static str, &'static str)> {
    decided(std::env::var_os(POLICY).as_deref())
}

fn decided(policy: Option<&OsStr>) -> Option<(&'static str, &'static str)> {
    policy.is_none().then_some((POLICY, "passive"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_wait_without_work_unless_somebody_has_decided() {
        assert_eq!(decided(None), Some(("OMP_WAIT_POLICY", "passive")));
        assert_eq!(decided(Some(OsStr::new("active"))), None);
    }
}
