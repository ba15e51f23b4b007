//! `customProperties`, the one place for what the standard does not know.

use yaml_source::Node;

use super::fields::Fields;

/// The value of a custom property of `node`.
#[must_use]
pub fn custom_property<'c>(node: &'c Node, name: &str) -> Option<&'c Node> {
    let mut list = node.list("customProperties").iter();
    let custom = list.find(|custom| custom.text("property").as_deref() == Some(name))?;
    custom.get("value")
}
