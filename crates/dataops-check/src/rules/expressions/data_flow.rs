//! The parameters and streams of data flows.

use adf_expr::Types;
use adf_model::{Kind, Members as _, ResourceId, script_parameters};
use serde_json::Value;

use super::declarations::Parameter;

/// The parameters that a data flow's script declares; none where it cannot be read.
pub(super) fn parameters(properties: &Value) -> Option<Vec<Parameter>> {
    let declared = script_parameters(properties)?.into_iter();
    let parameters = declared.map(|parameter| Parameter {
        name: parameter.name,
        types: Types::ANY,
        required: !parameter.has_default,
    });
    Some(parameters.collect())
}

/// A source or sink of a data flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stream {
    pub(super) name: String,
    /// The dataset that it reads or writes, where it is one.
    pub(super) dataset: Option<ResourceId>,
}

/// The sources and sinks of a data flow.
pub(super) fn streams(properties: &Value) -> impl Iterator<Item = Stream> {
    let ends = ["sources", "sinks"].into_iter();
    let ends =
        ends.filter_map(move |end| properties.member("typeProperties")?.get(end)?.as_array());
    ends.flatten().filter_map(|stream| {
        let dataset = stream.member("dataset");
        let dataset = dataset.and_then(|dataset| dataset.member("referenceName")?.as_str());
        Some(Stream {
            name: stream.member("name")?.as_str()?.to_owned(),
            dataset: dataset.map(|dataset| ResourceId::new(Kind::Dataset, dataset)),
        })
    })
}
