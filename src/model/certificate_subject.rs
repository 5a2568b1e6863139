//! Whom the certificate of a `tls_client_auth` client must name: exactly one
//! of the five members of RFC 8705 §2.1.2.

use std::net::IpAddr;

use super::client::{Client, Fault};
use super::distinguished_name::DistinguishedName;

/// The one thing that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateSubject {
    Name(DistinguishedName),
    Dns(String),
    Uri(String),
    Ip(IpAddr),
    Email(String),
}

/// A member of the registration and how it is read.
struct Member {
    field: &'static str,
    value: fn(&Client) -> &Option<String>,
    read: fn(&str) -> Option<CertificateSubject>,
    mend: &'static str,
}

const MEMBERS: &[Member] = &[
    Member {
        field: "tls_client_auth_subject_dn",
        value: |client| &client.tls_client_auth_subject_dn,
        read: |text| DistinguishedName::parse(text).map(CertificateSubject::Name),
        mend: "must be a name such as CN=portal,O=Region,C=RU (RFC 4514)",
    },
    Member {
        field: "tls_client_auth_san_dns",
        value: |client| &client.tls_client_auth_san_dns,
        read: |text| plain(text).map(|name| CertificateSubject::Dns(name.to_ascii_lowercase())),
        mend: "must be a host name such as portal.example.ru",
    },
    Member {
        field: "tls_client_auth_san_uri",
        value: |client| &client.tls_client_auth_san_uri,
        read: |text| plain(text).map(|uri| CertificateSubject::Uri(uri.to_owned())),
        mend: "must be a URI",
    },
    Member {
        field: "tls_client_auth_san_ip",
        value: |client| &client.tls_client_auth_san_ip,
        read: |text| text.parse().ok().map(CertificateSubject::Ip),
        mend: "must be an IP address such as 192.0.2.7 or 2001:db8::7",
    },
    Member {
        field: "tls_client_auth_san_email",
        value: |client| &client.tls_client_auth_san_email,
        read: |text| {
            let address = plain(text).filter(|text| text.contains('@'))?;
            Some(CertificateSubject::Email(with_plain_domain(address)))
        },
        mend: "must be a mail address",
    },
];

/// Text that a certificate can hold there: IA5, and something at all.
fn plain(text: &str) -> Option<&str> {
    let fits = text.is_ascii() && !text.is_empty() && !text.contains(char::is_whitespace);
    fits.then_some(text)
}

/// A mail address whose domain is in lower case: it is a host name (RFC 5280
/// §7.5); what stands before it is its server's to compare.
pub fn with_plain_domain(address: &str) -> String {
    match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => address.to_owned(),
    }
}

impl CertificateSubject {
    /// What the client is registered with.
    ///
    /// # Errors
    /// When that is not exactly one member, or it cannot be compared with.
    pub fn of(client: &Client) -> Result<Self, Fault> {
        let mut given = MEMBERS
            .iter()
            .filter_map(|member| Some((member, (member.value)(client).as_deref()?)));
        let (Some((member, text)), None) = (given.next(), given.next()) else {
            let names: Vec<_> = MEMBERS.iter().map(|member| member.field).collect();
            return Err(Fault {
                field: "token_endpoint_auth_method",
                mend: format!("tls_client_auth needs exactly one of {}", names.join(", ")),
            });
        };
        (member.read)(text).ok_or_else(|| Fault {
            field: member.field,
            mend: format!("{text}: {}", member.mend),
        })
    }
}
