//! The address of the caller. Forwarded headers are believed only of
//! configured proxies, read from the right: everything left of the first
//! stranger may be made up (attack row 29).

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// Whether who connected is one of our proxies.
pub fn is_trusted(peer: SocketAddr, trusted: &[IpNet]) -> bool {
    let peer = peer.ip().to_canonical();
    trusted.iter().any(|net| net.contains(&peer))
}

/// The client's address, given who connected and what they forwarded.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_proxy = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let peer = peer.ip().to_canonical();
    if !is_proxy(&peer) {
        return peer;
    }
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|part| part.trim().parse().ok())
        .collect();
    forwarded
        .into_iter()
        .rev()
        .find(|address| !is_proxy(address))
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        client_address(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_say_where_they_are() {
        assert_eq!(seen("203.0.113.9:1", "198.51.100.1"), "203.0.113.9");
    }

    #[test]
    fn a_proxy_is_believed_about_its_own_peer_only() {
        assert_eq!(seen("10.0.0.1:1", "1.2.3.4, 198.51.100.1"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:1", "198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(seen("10.0.0.1:1", "nonsense"), "10.0.0.1");
    }
}
