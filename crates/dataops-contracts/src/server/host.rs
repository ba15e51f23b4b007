//! Hosts of Azure storage: of which account each is, in which cloud.

/// The domains of accounts: of Azure, of Azure Government, and of Azure in China.
const CLOUDS: [&str; 3] = [
    "core.windows.net",
    "core.usgovcloudapi.net",
    "core.chinacloudapi.cn",
];

/// The domain of accounts in DNS zones, `ACCOUNT.zNN.blob.storage.azure.net`.
const ZONES: &str = "storage.azure.net";

/// What may stand behind the name of an account: other ways to the same one.
const WAYS: [&str; 5] = [
    "secondary",
    "ipv6",
    "dualstack",
    "secondary-ipv6",
    "secondary-dualstack",
];

/// The Blob service of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// The name of the account.
    pub account: String,
    /// Where its blobs are asked for.
    pub blobs: String,
}

impl Host {
    /// The host with this name, which may be that of its hierarchical namespace (`dfs`), and may have the port of https.
    ///
    /// `None` when it is none of Azure storage.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let name = text.strip_suffix(":443").unwrap_or(&text);
        let (own, behind) = name.split_once('.')?;
        let (account, way) = own.split_once('-').unwrap_or((own, ""));
        if !is_account(account) || !(way.is_empty() && own == account || WAYS.contains(&way)) {
            return None;
        }
        let (service, domain) = behind.split_once('.')?;
        let (zone, service, domain) = match is_zone(service) {
            true => {
                let (of_zone, domain) = domain.split_once('.')?;
                (format!("{service}."), of_zone, domain)
            }
            false => (String::new(), service, domain),
        };
        let is_known = match zone.is_empty() {
            true => CLOUDS.contains(&domain),
            false => domain == ZONES,
        };
        (is_known && matches!(service, "blob" | "dfs")).then(|| Self {
            account: account.to_owned(),
            blobs: format!("{own}.{zone}blob.{domain}"),
        })
    }

    /// That of an account of which nothing but its name is known.
    #[must_use]
    pub fn of_account(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            blobs: format!("{account}.blob.{}", CLOUDS[0]),
        }
    }

    /// The one of an account in a domain such as `core.windows.net`.
    pub(crate) fn of_suffix(account: &str, suffix: &str) -> Option<Self> {
        Self::read(&format!("{account}.blob.{suffix}"))
    }

    /// Whether both are of the same account.
    pub(crate) fn is_same_account(&self, other: &Self) -> bool {
        let domain = |host: &Self| host.blobs.split_once('.').map(|(_, it)| it.to_owned());
        self.account.eq_ignore_ascii_case(&other.account) && domain(self) == domain(other)
    }

    /// Where its hierarchical namespace is asked for.
    pub(crate) fn dfs(&self) -> String {
        self.blobs.replacen(".blob.", ".dfs.", 1)
    }
}

fn is_account(name: &str) -> bool {
    let is_own = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=24).contains(&name.len()) && name.bytes().all(is_own)
}

fn is_zone(label: &str) -> bool {
    label.strip_prefix('z').is_some_and(|number| {
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_all_clouds_are_known_by_their_whole_name() {
        let of = |text: &str| Host::read(text).map(|host| (host.account, host.blobs));
        let known = |account: &str, blobs: &str| Some((account.to_owned(), blobs.to_owned()));

        for cloud in CLOUDS {
            let blobs = format!("acct.blob.{cloud}");
            assert_eq!(of(&blobs), known("acct", &blobs));
            assert_eq!(of(&format!("ACCT.dfs.{cloud}:443")), known("acct", &blobs));
        }
        let zone = "acct.z10.blob.storage.azure.net";
        assert_eq!(of(zone), known("acct", zone));
        assert_eq!(of("acct.z10.dfs.storage.azure.net"), known("acct", zone));
        let second = "acct-secondary.blob.core.windows.net";
        assert_eq!(of(second), known("acct", second));
        for other in [
            "acct.blob.evil.example",
            "acct.blob.core.windows.net.evil.example",
            "acct.blob.core.windows.net:8443",
            "acct.z10.blob.core.windows.net",
            "acct.blob.storage.azure.net",
            "acct.file.core.windows.net",
            "a.b.blob.core.windows.net",
            "user:pw@acct.blob.core.windows.net",
            "onelake.dfs.fabric.microsoft.com",
            "acct-other.blob.core.windows.net",
            "acct-.blob.core.windows.net",
            ".blob.core.windows.net",
            "127.0.0.1:10000",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
