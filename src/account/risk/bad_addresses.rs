//! Networks of bad repute: one in CIDR notation (or a single address) a line,
//! the rest of a line after `#` is a remark.

use std::net::IpAddr;

use ipnet::IpNet;

use super::watched::FromFile;
use crate::error::{Internal, Result};

/// Networks, none within another, in the order of their addresses.
pub struct BadAddresses(Vec<IpNet>);

impl FromFile for BadAddresses {
    fn parse(bytes: Vec<u8>) -> Result<Self> {
        let text = String::from_utf8(bytes)?;
        let mut networks = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let entry = line.split('#').next().unwrap_or_default().trim();
            if entry.is_empty() {
                continue;
            }
            let network = entry
                .parse::<IpNet>()
                .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from))
                .map_err(|_| {
                    Internal::new(format!(
                        "line {}: neither a network such as 192.0.2.0/24 nor an address",
                        number + 1
                    ))
                })?;
            networks.push(network.trunc());
        }
        let mut networks = IpNet::aggregate(&networks);
        networks.sort_unstable_by_key(IpNet::network);
        Ok(Self(networks))
    }
}

impl BadAddresses {
    /// The network that holds this address.
    pub fn find(&self, address: IpAddr) -> Option<IpNet> {
        let after = self.0.partition_point(|net| net.network() <= address);
        let candidate = self.0.get(after.checked_sub(1)?)?;
        candidate.contains(&address).then_some(*candidate)
    }
}
