//! Attack rows 31 and 32: nothing a stranger writes as an address leads into
//! our own network.

use std::net::IpAddr;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::address::Policy;
use super::super::{Egress, EgressRefused, EgressSettings, resolver};
use super::server::Server;

fn strict() -> Egress {
    Egress::new(EgressSettings::default()).unwrap()
}

async fn refused(egress: &Egress, url: &str) -> bool {
    matches!(egress.get(url).await, Err(EgressRefused::Refused(_)))
}

#[tokio::test]
async fn attack_31_own_addresses_in_any_spelling_are_refused() {
    let egress = strict();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2001:db8::1]",
        "[fd00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "①②⑦.⓪.⓪.①",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}/");
            assert!(refused(&egress, &url).await, "{url}");
        }
    }
}

#[tokio::test]
async fn attack_31_names_of_this_machine_are_refused() {
    // Whether a resolver knows these names differs between machines; that the
    // listener is never reached does not.
    let server = Server::answering("200 OK", "", "secret");
    for host in [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "localhost.localdomain",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/", server.port);
            assert!(strict().get(&url).await.is_err(), "{url}");
        }
    }
    assert_eq!(server.visits(), 0);
}

#[tokio::test]
async fn attack_31_other_schemes_and_user_names_are_refused() {
    let egress = strict();
    for url in [
        "file:///etc/passwd",
        "gopher://example.org/",
        "ftp://example.org/",
        "data:,x",
        "https://user@example.org/",
        "https://a:b@example.org/",
        "https:///",
        "example.org",
        "",
    ] {
        assert!(refused(&egress, url).await, "{url}");
    }
}

#[tokio::test]
async fn attack_31_names_that_resolve_inwards_are_refused() {
    let server = Server::answering("200 OK", "", "secret");
    let lookup: resolver::Lookup = Arc::new(|name| {
        let found = match name.as_str() {
            "inside.example" => vec!["127.0.0.1".parse().unwrap()],
            "mapped.example" => vec!["::ffff:127.0.0.1".parse().unwrap()],
            _ => Vec::new(),
        };
        Box::pin(async move { Ok(found) })
    });
    let egress = Egress::with_lookup(EgressSettings::default(), &lookup).unwrap();
    for name in ["inside.example", "mapped.example"] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{name}:{}/", server.port);
            assert!(refused(&egress, &url).await, "{url}");
        }
    }
    assert_eq!(server.visits(), 0);
    let unknown = egress.get("https://unknown.example/").await.unwrap_err();
    assert_eq!(
        unknown,
        EgressRefused::Unreachable("the name is not known".into())
    );
}

#[tokio::test]
async fn attack_31_only_the_admitted_address_of_a_name_is_called() {
    let server = Server::answering("200 OK", "", "ours");
    // The forbidden neighbour comes first and has a listener too.
    let lookup: resolver::Lookup = Arc::new(|_| {
        let found = ["127.0.0.1", "127.0.0.2"].map(|ip| ip.parse::<IpAddr>().unwrap());
        Box::pin(async move { Ok(found.to_vec()) })
    });
    let settings = EgressSettings {
        allow_private: vec!["127.0.0.2/32".parse().unwrap()],
        ..EgressSettings::default()
    };
    let egress = Egress::with_lookup(settings, &lookup).unwrap();
    let url = format!("http://two.example:{}/", server.port);
    let answer = egress.get(&url).await;
    assert!(matches!(answer, Err(EgressRefused::Unreachable(_))));
    assert_eq!(server.visits(), 0);
}

#[test]
fn public_addresses_are_admitted_by_tls_only() {
    for ip in [
        "8.8.8.8",
        "77.88.55.242",
        "2a02:6b8::feed:ff",
        "2606:4700::1",
    ] {
        let ip: IpAddr = ip.parse().unwrap();
        assert!(Policy::secure(Vec::new()).admits(ip), "{ip}");
        assert!(!Policy::plain(Vec::new()).admits(ip), "{ip}");
    }
}

#[test]
fn listed_networks_are_admitted_in_either_spelling() {
    let listed = || vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    for policy in [Policy::secure(listed()), Policy::plain(listed())] {
        for ip in ["10.9.8.7", "::ffff:10.9.8.7", "fd00::1"] {
            assert!(policy.admits(ip.parse().unwrap()), "{ip}");
        }
        assert!(!policy.admits("192.168.0.1".parse().unwrap()));
    }
}

proptest! {
    #[test]
    fn what_the_standard_library_calls_special_is_refused(bits in any::<u32>(), wide in any::<u128>()) {
        let policy = Policy::secure(Vec::new());
        let v4 = std::net::Ipv4Addr::from(bits);
        let special = v4.is_private() || v4.is_loopback() || v4.is_link_local()
            || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified()
            || v4.is_multicast();
        prop_assert!(!(special && policy.admits(v4.into())));
        prop_assert_eq!(policy.admits(v4.into()), policy.admits(v4.to_ipv6_mapped().into()));
        let v6 = std::net::Ipv6Addr::from(wide);
        let special = v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_multicast();
        prop_assert!(!(special && policy.admits(v6.into())));
    }
}
