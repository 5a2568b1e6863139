//! A certification authority made by the `openssl` program, in a folder of its
//! own: people's certificates, signatures and a list of revoked ones.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a key is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Rsa,
    Rsa1024,
    Ec,
    Gost256,
    Gost512,
    /// Of 256 bits, with this option of `openssl genpkey` (`paramset:…`).
    Gost256Of(&'static str),
    /// Of 512 bits, the same way.
    Gost512Of(&'static str),
}

impl Kind {
    fn key(self) -> Vec<&'static str> {
        match self {
            Self::Rsa => vec!["rsa:2048"],
            Self::Rsa1024 => vec!["rsa:1024"],
            Self::Ec => vec!["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Self::Gost256 => Self::Gost256Of("paramset:A").key(),
            Self::Gost512 => Self::Gost512Of("paramset:A").key(),
            Self::Gost256Of(set) => vec!["gost2012_256", "-pkeyopt", set],
            Self::Gost512Of(set) => vec!["gost2012_512", "-pkeyopt", set],
        }
    }

    fn digest(self) -> &'static str {
        match self {
            Self::Rsa | Self::Rsa1024 | Self::Ec => "sha256",
            Self::Gost256 | Self::Gost256Of(_) => "md_gost12_256",
            Self::Gost512 | Self::Gost512Of(_) => "md_gost12_512",
        }
    }
}

/// The person of `levels::DATA`, as a certificate names her.
pub const ANNA: &str =
    "/CN=Соколова Анна Павловна/SN=СОКОЛОВА/GN=Анна Павловна/SNILS=00000030000/INN=500100732259";
/// From before until after tests.
pub const TERM: [&str; 2] = ["20260101000000Z", "20270101000000Z"];
/// A qualified certificate of a person.
pub const QUALIFIED: &str =
    "keyUsage=critical,digitalSignature,nonRepudiation\ncertificatePolicies=1.2.643.100.113.1\n";

/// The authority.
pub struct Authority {
    pub folder: PathBuf,
    kind: Kind,
}

/// Somebody with a key and a certificate.
pub struct Certificate {
    key: PathBuf,
    pub file: PathBuf,
    kind: Kind,
}

static COUNT: AtomicUsize = AtomicUsize::new(0);

fn openssl(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let gost = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/openssl-gost.cnf");
    let done = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .env("OPENSSL_CONF", gost)
        .output()
        .expect("the openssl program is there");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "openssl {arguments:?}: {said}");
    done.stdout
}

impl Authority {
    pub fn new(kind: Kind, name: &str) -> Self {
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let folder = format!("propusk-authority-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(folder.join("trusted")).unwrap();
        let config = format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\ncrlnumber=crlnumber\n\
             new_certs_dir=.\nprivate_key=ca.key\ncertificate=ca.pem\ndefault_md={}\npolicy=p\n\
             unique_subject=no\npreserve=yes\n[p]\nC=optional\nO=optional\nOGRN=optional\nCN=optional\nSN=optional\nGN=optional\nSNILS=optional\nINN=optional\n[req]\n\
             distinguished_name=n\nstring_mask=utf8only\n[n]\n",
            kind.digest()
        );
        for (file, text) in [
            ("ca.cnf", config.as_str()),
            ("index.txt", ""),
            ("serial", "1000"),
            ("crlnumber", "01"),
        ] {
            std::fs::write(folder.join(file), text).unwrap();
        }
        let made = Self { folder, kind };
        let subject = format!("/C=RU/O=Test/CN={name}");
        made.request("ca", kind, &subject);
        let extensions = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n\
                          subjectKeyIdentifier=hash\n";
        let term = ["20250101000000Z", "20350101000000Z"];
        made.sign_request("ca", term, extensions, &["-selfsign"]);
        made.publish(["20260301000000Z", "20260501000000Z"]);
        std::fs::copy(
            made.folder.join("ca.pem"),
            made.folder.join("trusted/ca.pem"),
        )
        .unwrap();
        made
    }

    /// An authority below this one, whose certificate is trusted and whose own
    /// list is nowhere.
    pub fn below(&self) -> (Certificate, Self) {
        let extensions = "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\n\
                          subjectKeyIdentifier=hash\n";
        let term = ["20250101000000Z", "20340101000000Z"];
        let certificate = self.certify("/C=RU/O=Test/CN=Below", term, extensions);
        let below = Self::new(self.kind, "Other");
        std::fs::copy(&certificate.file, below.folder.join("ca.pem")).unwrap();
        std::fs::copy(&certificate.key, below.folder.join("ca.key")).unwrap();
        std::fs::copy(&certificate.file, self.trusted().join("below.pem")).unwrap();
        (certificate, below)
    }

    /// The folder that holds the certificate and the list.
    pub fn trusted(&self) -> PathBuf {
        self.folder.join("trusted")
    }

    /// A certificate with a key of the authority's kind.
    pub fn certify(&self, subject: &str, term: [&str; 2], extensions: &str) -> Certificate {
        self.certify_kind(self.kind, subject, term, extensions)
    }

    pub fn certify_kind(
        &self,
        kind: Kind,
        subject: &str,
        term: [&str; 2],
        extensions: &str,
    ) -> Certificate {
        let name = format!("p{}", COUNT.fetch_add(1, Ordering::SeqCst));
        self.request(&name, kind, subject);
        self.sign_request(&name, term, extensions, &[]);
        Certificate {
            key: self.folder.join(format!("{name}.key")),
            file: self.folder.join(format!("{name}.pem")),
            kind,
        }
    }

    /// A qualified certificate of Anna.
    pub fn anna(&self) -> Certificate {
        self.certify(ANNA, TERM, QUALIFIED)
    }

    /// Takes a certificate back and says so in the list.
    pub fn revoke(&self, certificate: &Certificate) {
        let file = certificate.file.to_str().unwrap();
        openssl(&self.folder, &["ca", "-config", "ca.cnf", "-revoke", file]);
        self.publish(["20260301000000Z", "20260501000000Z"]);
    }

    /// Writes the list of revoked certificates.
    pub fn publish(&self, [from, until]: [&str; 2]) {
        openssl(
            &self.folder,
            &[
                "ca",
                "-config",
                "ca.cnf",
                "-gencrl",
                "-crl_lastupdate",
                from,
                "-crl_nextupdate",
                until,
                "-out",
                "trusted/ca.crl",
            ],
        );
    }

    fn request(&self, name: &str, kind: Kind, subject: &str) {
        let (key, out) = (format!("{name}.key"), format!("{name}.csr"));
        let mut arguments = vec![
            "req", "-new", "-nodes", "-utf8", "-config", "ca.cnf", "-subj", subject, "-keyout",
            &key, "-out", &out, "-newkey",
        ];
        arguments.extend(kind.key());
        let digest = format!("-{}", kind.digest());
        arguments.push(&digest);
        openssl(&self.folder, &arguments);
    }

    fn sign_request(&self, name: &str, term: [&str; 2], extensions: &str, more: &[&str]) {
        let file = format!("{name}.ext");
        std::fs::write(self.folder.join(&file), extensions).unwrap();
        let (request, out) = (format!("{name}.csr"), format!("{name}.pem"));
        let own = format!("{name}.key");
        let key = if more.is_empty() { "ca.key" } else { &own };
        let mut arguments = vec![
            "ca",
            "-batch",
            "-notext",
            "-utf8",
            "-config",
            "ca.cnf",
            "-in",
            &request,
            "-out",
            &out,
            "-startdate",
            term[0],
            "-enddate",
            term[1],
            "-extfile",
            &file,
            "-keyfile",
            key,
        ];
        arguments.extend(more);
        openssl(&self.folder, &arguments);
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Certificate {
    /// A detached signature in DER.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        self.sign_with(text, &["-outform", "DER"])
    }

    /// The same by options of one's own.
    pub fn sign_with(&self, text: &[u8], more: &[&str]) -> Vec<u8> {
        let folder = self.file.parent().unwrap();
        let name = format!("text{}", COUNT.fetch_add(1, Ordering::SeqCst));
        std::fs::write(folder.join(&name), text).unwrap();
        let (file, key) = (self.file.to_str().unwrap(), self.key.to_str().unwrap());
        let mut arguments = vec!["cms", "-sign", "-signer", file, "-inkey", key, "-in", &name];
        if !more.contains(&"-md") {
            arguments.extend(["-md", self.kind.digest()]);
        }
        arguments.extend(more);
        openssl(folder, &arguments)
    }

    /// A bare signature, as programs that know no CMS write it.
    pub fn sign_raw(&self, text: &[u8]) -> Vec<u8> {
        let folder = self.file.parent().unwrap();
        let name = format!("text{}", COUNT.fetch_add(1, Ordering::SeqCst));
        std::fs::write(folder.join(&name), text).unwrap();
        let digest = format!("-{}", self.kind.digest());
        let key = self.key.to_str().unwrap();
        openssl(folder, &["dgst", &digest, "-sign", key, &name])
    }

    /// Its file and that of its key, for a second signer.
    pub fn files(&self) -> [&str; 2] {
        [self.file.to_str().unwrap(), self.key.to_str().unwrap()]
    }
}
