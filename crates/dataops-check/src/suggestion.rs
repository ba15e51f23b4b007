//! What somebody may have meant.

pub(crate) use dataops_solution::suggestion::{is_slip, nearest};

/// The question after the known name that `given` is most like; none where it is like none.
pub(crate) fn meant<'k>(given: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(given, known).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_meant() {
        let meant = |given| meant(given, ["Incoming", "Staged", "Accounts"]);

        assert_eq!(
            meant("incomming").as_deref(),
            Some("did you mean `Incoming`?")
        );
        assert_eq!(meant("claims"), None);
    }
}
