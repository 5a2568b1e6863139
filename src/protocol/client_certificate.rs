//! The certificate that a program has shown possession of: at our own TLS
//! handshake, or at that of a proxy that is believed (RFC 8705). Nothing here
//! says that it is trusted; [`super::mutual_tls`] and the methods of
//! [`super::client_authentication`] ask that.

use std::net::IpAddr;

use der::Decode as _;
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use crate::model::certificate_subject::{CertificateSubject, with_plain_domain};
use crate::model::distinguished_name::DistinguishedName;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

/// A certificate in DER, with those that were sent to build its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    pub der: Vec<u8>,
    /// The rest of what was sent, in its order; may be empty.
    pub intermediates: Vec<Vec<u8>>,
}

impl ClientCertificate {
    /// The certificate, unless it is none.
    pub fn read(der: Vec<u8>, intermediates: Vec<Vec<u8>>) -> Option<Self> {
        Certificate::from_der(&der)
            .is_ok()
            .then_some(Self { der, intermediates })
    }

    /// `x5t#S256` (RFC 8705 §3.1): SHA-256 of the DER, base64url. Tokens are
    /// bound to it.
    pub fn thumbprint(&self) -> String {
        Digest::of(&self.der).as_str().to_owned()
    }

    /// Whether its term has begun and not ended.
    pub(super) fn is_in_term(&self, now: Timestamp) -> bool {
        Certificate::from_der(&self.der).is_ok_and(|certificate| {
            let term = certificate.tbs_certificate.validity;
            let begin = Timestamp::default().plus(term.not_before.to_unix_duration());
            let end = Timestamp::default().plus(term.not_after.to_unix_duration());
            begin <= now && now <= end
        })
    }

    /// Whether it names this subject (RFC 8705 §2.1.2). Of several names of one
    /// kind any will do; a wildcard is a name like others and stands for none.
    pub(super) fn names(&self, subject: &CertificateSubject) -> bool {
        let Ok(certificate) = Certificate::from_der(&self.der) else {
            return false;
        };
        let data = &certificate.tbs_certificate;
        if let CertificateSubject::Name(wanted) = subject {
            return DistinguishedName::of(&data.subject).as_ref() == Some(wanted);
        }
        let Ok(Some((_, SubjectAltName(all)))) = data.get::<SubjectAltName>() else {
            return false;
        };
        all.iter()
            .any(|name| alternative(name).as_ref() == Some(subject))
    }
}

fn alternative(name: &GeneralName) -> Option<CertificateSubject> {
    Some(match name {
        GeneralName::DnsName(host) => CertificateSubject::Dns(host.as_str().to_ascii_lowercase()),
        GeneralName::UniformResourceIdentifier(uri) => {
            CertificateSubject::Uri(uri.as_str().to_owned())
        }
        GeneralName::Rfc822Name(address) => {
            CertificateSubject::Email(with_plain_domain(address.as_str()))
        }
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            let v6 = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
            CertificateSubject::Ip(v4.or(v6).ok()?)
        }
        _ => return None,
    })
}
