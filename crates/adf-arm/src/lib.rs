//! The ARM templates that Data Factory's Publish button makes, from a git repository.
