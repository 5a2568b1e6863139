//! Who is trusted to say who somebody is: a folder of certificates of
//! authorities and of their lists of revoked certificates. It is read at each
//! check, so that a new list counts at once.

use std::fs;
use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;
use openssl::ssl::SslFiletype;
use openssl::x509::store::{X509Lookup, X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParam};
use openssl::x509::{X509, X509Crl};
use serde::Deserialize;

use crate::error::Result;
use crate::model::timestamp::Timestamp;

/// `[signature]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignatureSettings {
    /// The folder of authorities (`.pem`, `.crt`, `.cer`, `.der`) and of lists
    /// of revoked certificates (`.crl`); by default `trusted-ca` beside the keys.
    pub trusted_ca: Option<PathBuf>,
    /// What follows when there is no list of an authority, or an old one.
    pub revocation: Revocation,
    /// A certificate has one of these policies; none asks for none.
    pub policies: Vec<String>,
    /// And one of these extended usages; none asks for none.
    pub extended_usages: Vec<String>,
}

/// How much a list of revoked certificates matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revocation {
    /// Without a fresh one, nobody is taken.
    Required,
    /// Whoever stands on the one there is, is not taken.
    IfPresent,
}

impl Default for SignatureSettings {
    fn default() -> Self {
        Self {
            trusted_ca: None,
            revocation: Revocation::Required,
            // Means of qualified signatures of the classes КС1 and КС2 (order
            // of the security service 795).
            policies: ["1.2.643.100.113.1", "1.2.643.100.113.2"]
                .map(str::to_owned)
                .to_vec(),
            extended_usages: Vec::new(),
        }
    }
}

/// What the folder holds.
pub struct Trust {
    pub(super) settings: SignatureSettings,
    roots: Vec<X509>,
    pub(super) intermediates: Vec<X509>,
    lists: Vec<List>,
    /// Files that are neither, by name.
    pub unreadable: Vec<String>,
}

struct List {
    file: PathBuf,
    kind: SslFiletype,
    first: X509Crl,
}

impl Trust {
    /// Reads the folder; nobody is trusted where there is none.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read(folder: &Path, settings: &SignatureSettings) -> Result<Self> {
        let mut trust = Self {
            settings: settings.clone(),
            roots: Vec::new(),
            intermediates: Vec::new(),
            lists: Vec::new(),
            unreadable: Vec::new(),
        };
        let Ok(entries) = fs::read_dir(folder) else {
            return Ok(trust);
        };
        let mut files: Vec<_> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?;
        files.sort();
        for file in files {
            let kind = file.extension().and_then(|kind| kind.to_str());
            let understood = match kind {
                Some("pem" | "crt" | "cer" | "der") => trust.add_authorities(&fs::read(&file)?),
                Some("crl") => trust.add_list(&file, &fs::read(&file)?),
                _ => true,
            };
            if !understood {
                let name = file.file_name().unwrap_or_default();
                trust.unreadable.push(name.to_string_lossy().into_owned());
            }
        }
        Ok(trust)
    }

    /// Whether anybody is trusted.
    pub fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    /// How many authorities are trusted by themselves.
    pub fn roots(&self) -> usize {
        self.roots.len()
    }

    /// How many lists are in date at `now`, and how many are not.
    pub fn lists(&self, now: Timestamp) -> (usize, usize) {
        let fresh = self.lists.iter().filter(|list| list.is_fresh(now)).count();
        (fresh, self.lists.len() - fresh)
    }

    /// What OpenSSL checks a chain with: as of `now` where lists must be in
    /// date, or as of no moment.
    pub(super) fn store(
        &self,
        now: Option<Timestamp>,
        flags: X509VerifyFlags,
    ) -> Result<X509Store, openssl::error::ErrorStack> {
        let mut store = X509StoreBuilder::new()?;
        for root in &self.roots {
            store.add_cert(root.clone())?;
        }
        let mut param = X509VerifyParam::new()?;
        param.set_flags(flags)?;
        if let Some(now) = now {
            param.set_time(now.seconds());
        }
        store.set_param(&param)?;
        if flags.contains(X509VerifyFlags::CRL_CHECK) {
            let lookup = store.add_lookup(X509Lookup::file())?;
            for list in &self.lists {
                lookup.load_crl_file(&list.file, list.kind)?;
            }
        }
        Ok(store.build())
    }

    fn add_authorities(&mut self, bytes: &[u8]) -> bool {
        let read = if bytes.starts_with(b"-----") {
            X509::stack_from_pem(bytes)
        } else {
            X509::from_der(bytes).map(|one| vec![one])
        };
        let Ok(read) = read else {
            return false;
        };
        for authority in read {
            let own_name = authority.issuer_name().to_der().ok();
            if own_name == authority.subject_name().to_der().ok() {
                self.roots.push(authority);
            } else {
                self.intermediates.push(authority);
            }
        }
        true
    }

    fn add_list(&mut self, file: &Path, bytes: &[u8]) -> bool {
        let (read, kind) = if bytes.starts_with(b"-----") {
            (X509Crl::from_pem(bytes), SslFiletype::PEM)
        } else {
            (X509Crl::from_der(bytes), SslFiletype::ASN1)
        };
        let Ok(first) = read else {
            return false;
        };
        self.lists.push(List {
            file: file.to_owned(),
            kind,
            first,
        });
        true
    }
}

impl List {
    fn is_fresh(&self, now: Timestamp) -> bool {
        let Ok(now) = Asn1Time::from_unix(now.seconds()) else {
            return false;
        };
        let is_over = self.first.next_update().is_none_or(|end| end <= now);
        self.first.last_update() <= now && !is_over
    }
}
