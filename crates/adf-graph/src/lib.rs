//! How the resources of a factory and the activities of a pipeline hang together, and pictures of it.
