//! Which addresses may be called. Everything that is not plainly a public
//! unicast address is refused, so a kind of address invented later is refused
//! too (IANA special-purpose registries, RFC 6890).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::EgressRefused;

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// IPv4 networks that are not the public internet.
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // "this network"; 0.0.0.0 reaches ourselves
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // carrier-grade NAT
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local, cloud metadata
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relays
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarking
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, broadcast
];

/// The only global unicast space so far. Loopback, unique local, link-local,
/// multicast and translated IPv4 (64:ff9b::/96) all lie outside.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

/// IPv6 networks within it that are not the public internet.
const SPECIAL_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),     // protocol assignments, Teredo, benchmarking
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x2002, 0, 16),     // 6to4: holds an IPv4 address
    v6(0x3fff, 0, 20),     // documentation
];

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => {
            GLOBAL_V6.contains(&ip) && !SPECIAL_V6.iter().any(|net| net.contains(&ip))
        }
    }
}

/// Where one kind of call may go.
#[derive(Debug)]
pub(super) struct Policy {
    allow_private: Vec<IpNet>,
    public: bool,
}

impl Policy {
    /// Calls by TLS: the public internet and the listed networks.
    pub(super) const fn secure(allow_private: Vec<IpNet>) -> Self {
        Self {
            allow_private,
            public: true,
        }
    }

    /// Calls without TLS: the listed networks only.
    pub(super) const fn plain(allow_private: Vec<IpNet>) -> Self {
        Self {
            allow_private,
            public: false,
        }
    }

    /// Whether this address may be called. An IPv4 address written as IPv6
    /// (`::ffff:10.0.0.1`) is judged as what it is.
    pub(super) fn admits(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.allow_private.iter().any(|net| net.contains(&ip)) || (self.public && is_public(ip))
    }

    /// Whether any address may be called.
    pub(super) const fn admits_any(&self) -> bool {
        self.public || !self.allow_private.is_empty()
    }

    /// What is said when no address was admitted.
    pub(super) const fn refusal(&self) -> EgressRefused {
        EgressRefused::Refused(if self.public {
            "the address is not public, nor among those allowed by configuration"
        } else {
            "without TLS only addresses allowed by configuration are called"
        })
    }
}
