//! The environments, in the order in which `dataops.yaml` has them: a solution goes through them in that order, and whoever is told of
//! them reads them so.

use std::fmt;
use std::marker::PhantomData;

use indexmap::IndexMap;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::settings::EnvironmentSettings;

/// The environments by name, in the order of `dataops.yaml`.
pub type Environments = IndexMap<String, EnvironmentSettings>;

/// Reads a mapping, and keeps its order.
pub(crate) fn in_order<'de, V, D>(deserializer: D) -> Result<IndexMap<String, V>, D::Error>
where
    V: Deserialize<'de>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(InOrder(PhantomData))
}

struct InOrder<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for InOrder<V> {
    type Value = IndexMap<String, V>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = IndexMap::new();
        while let Some((name, value)) = map.next_entry()? {
            read.insert(name, value);
        }
        Ok(read)
    }
}
