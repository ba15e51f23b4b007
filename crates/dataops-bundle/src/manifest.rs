//! `manifest.json`: what a bundle holds, where it came from, and the digest that names it.

use std::collections::HashSet;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::contents::{Contents, PathError, check_path, folded, twin};

/// The file's name.
pub const MANIFEST: &str = "manifest.json";
/// The form that this program writes and reads.
const FORMAT: u32 = 1;

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The form of bundle and manifest.
    pub format: u32,
    /// The digest of all that follows; it names the bundle.
    pub digest: Digest,
    /// The solution's name.
    pub name: String,
    /// The version of the program that made the bundle.
    pub tool: String,
    /// Where the files came from; none where that is not known.
    pub source: Option<Origin>,
    /// The files, in the order of the bytes of their paths.
    pub files: Vec<Entry>,
}

/// Where files came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The commit that was checked out.
    pub commit: String,
    /// Whether the files differ from those of the commit.
    pub dirty: bool,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The path from the bundle's folder, with `/`.
    pub path: String,
    /// The size in bytes.
    pub size: u64,
    /// The digest of the bytes.
    pub sha256: Digest,
}

/// A SHA-256 digest.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

/// A manifest that is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ManifestError {
    #[error("it is not the manifest of a bundle: {0}")]
    Malformed(#[from] serde_json::Error),
    #[error("its form is {0}, and this program reads form {FORMAT}")]
    Format(u32),
    #[error(transparent)]
    Path(#[from] PathError),
    #[error("its `{0}` is none")]
    Fact(&'static str),
    #[error("its files are not in order at `{0}`")]
    Order(String),
    #[error("it says {said}, and its contents make {found}")]
    Digest { said: Digest, found: Digest },
}

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            // Writing into memory cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text)
    }

    /// The sixty-four hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first digits, for people and file names.
    #[must_use]
    pub fn short(&self) -> &str {
        &self.0[..12]
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        match text.len() == 64 && text.bytes().all(is_digit) {
            true => Ok(Self(text)),
            false => Err("a digest has 64 hexadecimal digits, in lower case"),
        }
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

impl Manifest {
    /// The manifest of some files.
    #[must_use]
    pub(crate) fn of(name: &str, tool: &str, source: Option<Origin>, contents: &Contents) -> Self {
        let entry = |(path, bytes): (&str, &[u8])| Entry {
            path: path.to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        };
        let mut manifest = Self {
            format: FORMAT,
            digest: Digest::of(b""),
            name: name.to_owned(),
            tool: tool.to_owned(),
            source,
            files: contents.iter().map(entry).collect(),
        };
        manifest.digest = manifest.seal();
        manifest
    }

    /// The digest of everything but itself: that of a text with a line for each fact and each file.
    fn seal(&self) -> Digest {
        let mut text = format!(
            "dataops-bundle {}\nname {}\ntool {}\n",
            self.format, self.name, self.tool
        );
        if let Some(source) = &self.source {
            let state = if source.dirty { "dirty" } else { "clean" };
            let _ = writeln!(text, "source {} {state}", source.commit);
        }
        for file in &self.files {
            let _ = writeln!(text, "{} {} {}", file.sha256, file.size, file.path);
        }
        Digest::of(text.as_bytes())
    }

    /// Each fact has a line of its own in what the digest is made of: one with a line break in it could stand for two.
    fn check_facts(&self) -> Result<(), ManifestError> {
        let is_line = |text: &str| !text.is_empty() && !text.chars().any(char::is_control);
        if !is_line(&self.name) {
            return Err(ManifestError::Fact("name"));
        }
        if !is_line(&self.tool) {
            return Err(ManifestError::Fact("tool"));
        }
        let commit = self.source.as_ref().map(|source| source.commit.as_bytes());
        match commit.is_none_or(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            true => Ok(()),
            false => Err(ManifestError::Fact("source.commit")),
        }
    }

    /// The bytes of the file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("every key is text");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a manifest, and believes nothing that it does not prove.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let form: Form = serde_json::from_slice(bytes)?;
        if form.format != FORMAT {
            return Err(ManifestError::Format(form.format));
        }
        let manifest: Self = serde_json::from_slice(bytes)?;
        manifest.check_facts()?;
        let mut paths = HashSet::with_capacity(manifest.files.len());
        for file in &manifest.files {
            check_path(&file.path)?;
            if !paths.insert(folded(&file.path)) {
                return Err(twin(&file.path).into());
            }
        }
        if let Some(pair) = manifest
            .files
            .windows(2)
            .find(|pair| pair[0].path >= pair[1].path)
        {
            return Err(ManifestError::Order(pair[1].path.clone()));
        }
        let found = manifest.seal();
        match found == manifest.digest {
            true => Ok(manifest),
            false => Err(ManifestError::Digest {
                said: manifest.digest,
                found,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let mut contents = Contents::default();
        contents
            .insert("solution/dataops.yaml", b"name: x\n".to_vec())
            .unwrap();
        contents.insert("arm/t.json", b"{}".to_vec()).unwrap();
        let source = Origin {
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            dirty: false,
        };
        Manifest::of("x", "0.1.0", Some(source), &contents)
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let text = String::from_utf8(manifest().to_bytes()).unwrap();

        assert_eq!(Manifest::parse(text.as_bytes()).unwrap(), manifest());
        insta::assert_snapshot!(text, @r#"
        {
          "format": 1,
          "digest": "77720e08e6bf2ecfc60ca14fa146899df7d237a0a80d26f570d0b22f85bc7a1f",
          "name": "x",
          "tool": "0.1.0",
          "source": {
            "commit": "0123456789abcdef0123456789abcdef01234567",
            "dirty": false
          },
          "files": [
            {
              "path": "arm/t.json",
              "size": 2,
              "sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
            },
            {
              "path": "solution/dataops.yaml",
              "size": 8,
              "sha256": "a2a79ea37edb1963efaae29281523ab441a8a99df048d204f22f3f413e325afc"
            }
          ]
        }
        "#);
    }

    #[test]
    fn no_fact_can_be_changed() {
        let text = String::from_utf8(manifest().to_bytes()).unwrap();
        for (old, new) in [
            ("\"x\"", "\"y\""),
            ("0.1.0", "0.1.1"),
            ("0123456789abcdef0123", "0123456789abcdef0124"),
            ("false", "true"),
            ("\"size\": 2", "\"size\": 3"),
            ("arm/t.json", "arm/u.json"),
            ("44136fa3", "44136fa4"),
        ] {
            assert!(text.contains(old), "{old}");
            let error = Manifest::parse(text.replace(old, new).as_bytes()).unwrap_err();
            assert!(
                matches!(error, ManifestError::Digest { .. }),
                "{old}: {error}"
            );
        }
    }

    #[test]
    fn what_is_no_manifest_is_told() {
        let told = |text: &str| Manifest::parse(text.as_bytes()).unwrap_err().to_string();
        let written = String::from_utf8(manifest().to_bytes()).unwrap();

        assert_eq!(
            told(&written.replace("\"format\": 1", "\"format\": 2")),
            "its form is 2, and this program reads form 1"
        );
        assert!(told(&written.replace("arm/", "../")).ends_with("it leads to another folder"));
        assert_eq!(
            told(&written.replace("arm/", "zzz/")),
            "its files are not in order at `solution/dataops.yaml`"
        );
        assert_eq!(
            told(&written.replace("\"0.1.0\"", "\"0.1.0\\nsource 01 clean\"")),
            "its `tool` is none"
        );
        assert_eq!(
            told(&written.replace("0123456789abcdef0123", "x clean\\nx")),
            "its `source.commit` is none"
        );
        assert!(
            told(&written.replace("arm/t.json", "SOLUTION/dataops.yaml")).contains("case only")
        );
        assert!(told("{}").starts_with("it is not the manifest of a bundle: missing field"));
        assert!(told(&written.replace("44136fa3", "44136FA3")).contains("hexadecimal"));
    }
}
