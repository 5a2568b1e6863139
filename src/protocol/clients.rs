//! Finding registered clients, parsed once for each version of their record.

use std::sync::Arc;

use moka::sync::Cache;

use crate::error::Result;
use crate::jose::Jwks;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::signature::SignerCertificate;
use crate::storage::{Cached, ClientRecord, Storage};

/// A client with its keys parsed.
pub struct Registered {
    pub client: Client,
    /// Inline keys; those of `jwks_uri` are fetched when needed.
    pub jwks: Option<Arc<Jwks>>,
    /// Certificates of a relying party of ESIA, as far as this machine reads
    /// them: GOST needs its engine.
    pub certificates: Vec<SignerCertificate>,
}

impl std::ops::Deref for Registered {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The registered clients.
pub struct Clients {
    storage: Storage,
    found: Cached<ClientId, Entry>,
    /// By id and version: on a shared database the record is read each time
    /// and parsed only when it changed.
    parsed: Cache<ClientId, (i64, Arc<Registered>)>,
}

struct Entry {
    enabled: bool,
    registered: Arc<Registered>,
}

impl Clients {
    /// A view of the clients in `storage`.
    pub fn new(storage: Storage) -> Self {
        Self {
            storage,
            found: Cached::new(10_000),
            parsed: Cache::new(10_000),
        }
    }

    /// The client of this id, unless it is disabled.
    ///
    /// # Errors
    /// When the database is away or the record is damaged.
    pub async fn find(&self, id: &ClientId) -> Result<Option<Arc<Registered>>> {
        let entry = self.entry(id).await?;
        Ok(entry
            .filter(|entry| entry.enabled)
            .map(|entry| entry.registered.clone()))
    }

    /// The client of this id, disabled or not: for pages that tell of it.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub async fn find_any(&self, id: &ClientId) -> Result<Option<Arc<Registered>>> {
        Ok(self.entry(id).await?.map(|entry| entry.registered.clone()))
    }

    async fn entry(&self, id: &ClientId) -> Result<Option<Arc<Entry>>> {
        // Ids nobody can have are not looked up, nor remembered.
        let printable = |b: u8| (0x20..=0x7e).contains(&b);
        if id.as_str().is_empty() || id.as_str().len() > 255 || !id.as_str().bytes().all(printable)
        {
            return Ok(None);
        }
        self.found
            .get(&self.storage, id, async {
                let Some(record) = self.storage.find_client(id).await? else {
                    return Ok(None);
                };
                Ok(Some(Entry {
                    enabled: record.disabled_at.is_none(),
                    registered: self.parse(&record)?,
                }))
            })
            .await
    }

    fn parse(&self, record: &ClientRecord) -> Result<Arc<Registered>> {
        if let Some((version, registered)) = self.parsed.get(&record.id)
            && version == record.version
        {
            return Ok(registered);
        }
        let client: Client = serde_json::from_str(&record.metadata)?;
        let jwks = match &client.jwks {
            Some(jwks) => Some(Arc::new(
                Jwks::parse(&jwks.to_string()).map_err(crate::error::Internal::new)?,
            )),
            None => None,
        };
        let certificates = client.esia.iter().flat_map(|esia| &esia.certificates);
        let certificates = certificates
            .filter_map(|pem| match SignerCertificate::read(pem.as_bytes()) {
                Ok(certificate) => Some(certificate),
                Err(fault) => {
                    tracing::warn!(client = %client.client_id, %fault, "a certificate is left out");
                    None
                }
            })
            .collect();
        let registered = Arc::new(Registered {
            jwks,
            certificates,
            client,
        });
        self.parsed
            .insert(record.id.clone(), (record.version, registered.clone()));
        Ok(registered)
    }
}
