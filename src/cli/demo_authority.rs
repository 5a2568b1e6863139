//! A throw-away certificate authority for `demo --tls`: browsers on this
//! machine can be told to trust it for a day of trying out. Its private key is
//! forgotten as soon as the server's certificate is signed.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};

use crate::error::{Internal, Result};

/// Where the files lie.
#[derive(Clone, Debug)]
pub struct DemoAuthority {
    /// The authority's certificate, to be trusted by browsers and portals.
    pub authority: PathBuf,
    /// The server's certificate for localhost and the loopback addresses.
    pub certificate: PathBuf,
    /// Its private key, mode 0600.
    pub key: PathBuf,
}

/// Makes an authority and a server certificate in `dir`, replacing what is
/// there. Both end with 2035, a date and not a term, so that no clock is asked.
///
/// # Errors
/// When a key cannot be made or a file cannot be written.
pub fn make(dir: &Path) -> Result<DemoAuthority> {
    fs::create_dir_all(dir)?;
    let mut params = params("Propusk demo authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let key = KeyPair::generate()?;
    let mut server = self::params("Propusk demo");
    for name in ["localhost", "127.0.0.1", "::1"] {
        let name = match name.parse() {
            Ok(ip) => rcgen::SanType::IpAddress(ip),
            Err(_) => rcgen::SanType::DnsName(name.try_into()?),
        };
        server.subject_alt_names.push(name);
    }
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server.use_authority_key_identifier_extension = true;
    let certificate = server.signed_by(&key, &authority)?;

    let paths = DemoAuthority {
        authority: dir.join("demo-authority.pem"),
        certificate: dir.join("demo-server.pem"),
        key: dir.join("demo-server.key"),
    };
    write(&paths.authority, &authority.pem(), 0o644)?;
    write(&paths.certificate, &certificate.pem(), 0o644)?;
    write(&paths.key, &key.serialize_pem(), 0o600)?;
    Ok(paths)
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2035, 12, 31);
    params
}

/// Writes a file that never existed with wider rights than it ends with.
fn write(path: &Path, text: &str, mode: u32) -> Result<()> {
    let written = fs::remove_file(path)
        .or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })
        .and_then(|()| {
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true).mode(mode);
            options.open(path)?.write_all(text.as_bytes())
        });
    written.map_err(|error| Internal::from(error).during(&format!("writing {}", path.display())))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn only_the_owner_reads_the_key_also_the_second_time() {
        let dir = std::env::temp_dir().join(format!("propusk-authority-{}", std::process::id()));
        for _ in 0..2 {
            let made = super::make(&dir).unwrap();
            let mode = std::fs::metadata(&made.key).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
