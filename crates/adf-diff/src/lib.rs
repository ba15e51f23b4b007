//! What a change of a factory means, resource by resource, and whether two changes fit together.
