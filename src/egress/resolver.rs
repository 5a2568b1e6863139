//! Names to addresses, with the forbidden ones taken out. The HTTP client
//! connects to what is returned here and does not ask again, so an answer that
//! changes in between (DNS rebinding) gains nothing.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::EgressRefused;
use super::address::Policy;
use super::refused::Forbidden;

type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// How a name is looked up; tests bring their own.
pub(super) type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// The system's resolver.
pub(super) fn system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// A resolver that returns admitted addresses only.
pub(super) struct Guarded {
    policy: Arc<Policy>,
    lookup: Lookup,
}

impl Guarded {
    pub(super) const fn new(policy: Arc<Policy>, lookup: Lookup) -> Self {
        Self { policy, lookup }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.policy.clone();
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let found = found.await.unwrap_or_default();
            if found.is_empty() {
                let unknown = EgressRefused::Unreachable("the name is not known".into());
                return Err(Forbidden(unknown).into());
            }
            let admitted: Vec<_> = found
                .into_iter()
                .filter(|ip| policy.admits(*ip))
                // Port 0 leaves the port to the URL.
                .map(|ip| SocketAddr::new(ip, 0))
                .collect();
            if admitted.is_empty() {
                return Err(Forbidden(policy.refusal()).into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}
