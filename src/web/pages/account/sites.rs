//! Relying parties that lists tell of, each looked up once for a page.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::model::id::ClientId;
use crate::protocol::clients::Registered;
use crate::web::page::Site;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// Relying parties met so far, disabled ones too.
pub struct Sites<'a> {
    visit: &'a Visit,
    met: HashMap<ClientId, Option<Arc<Registered>>>,
}

impl<'a> Sites<'a> {
    /// None met yet.
    pub fn of(visit: &'a Visit) -> Self {
        Self {
            visit,
            met: HashMap::new(),
        }
    }

    /// The registration; none if it is gone.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find(&mut self, id: &ClientId) -> Result<Option<Arc<Registered>>, PageError> {
        Ok(match self.met.entry(id.clone()) {
            Entry::Occupied(met) => met.get().clone(),
            Entry::Vacant(new) => {
                let found = self.visit.app.provider.clients.find_any(id).await?;
                new.insert(found).clone()
            }
        })
    }

    /// As pages show it; one that is gone keeps its id.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn site(&mut self, id: &ClientId) -> Result<Site, PageError> {
        Ok(match self.find(id).await? {
            Some(client) => self.visit.site(&client),
            None => Site {
                name: id.to_string(),
                logo: None,
            },
        })
    }
}
