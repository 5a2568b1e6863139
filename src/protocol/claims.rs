//! Claims about a person (OpenID Connect Core §5.1), produced from the account
//! and never from less than the level a claim demands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::Provider;
use crate::account::person::Person;
use crate::error::Result;
use crate::model::claim::find_claim;
use crate::model::id::{AccountId, ConsentId, GrantId};
use crate::model::timestamp::Timestamp;
use crate::storage::{Cached, GrantRecord};

/// Grants as last read, and which consents were used since they
/// were last written down.
pub(crate) struct People {
    grants: Cached<GrantId, GrantRecord>,
    used: Mutex<HashMap<ConsentId, Timestamp>>,
}

impl People {
    pub(crate) fn new() -> Self {
        Self {
            grants: Cached::new(20_000),
            used: Mutex::default(),
        }
    }

    /// A grant as it was given.
    pub(crate) async fn grant(
        &self,
        provider: &Provider,
        grant: &GrantId,
    ) -> Result<Option<Arc<GrantRecord>>> {
        self.grants
            .get(&provider.storage, grant, provider.storage.find_grant(grant))
            .await
    }

    /// The wanted claims, as far as there are values and the level supports
    /// them.
    pub(super) async fn of<'a>(
        &self,
        provider: &Provider,
        account: &AccountId,
        wanted: impl Iterator<Item = &'a str> + Send,
        now: Timestamp,
    ) -> Result<Map<String, Value>> {
        let Some(person) = provider.person(account).await? else {
            return Ok(Map::new());
        };
        let level = person.level(now);
        Ok(wanted
            .filter(|name| find_claim(name).is_some_and(|claim| level >= claim.minimum_level))
            .filter_map(|name| Some((name.to_owned(), value(&person, name, now)?)))
            .collect())
    }

    /// Remembers that a consent was used; written down by [`Self::take_used`]'s
    /// caller, many at a time.
    pub(crate) fn note_use(&self, consent: &ConsentId, now: Timestamp) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.insert(consent.clone(), now);
    }

    /// The consents used since this was last asked.
    pub(crate) fn take_used(&self) -> HashMap<ConsentId, Timestamp> {
        std::mem::take(&mut self.used.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The value of one claim; none when it is unknown.
pub fn value(person: &Person, name: &str, now: Timestamp) -> Option<Value> {
    let profile = &person.profile;
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    match name {
        "name" => text(&profile.full_name()),
        "family_name" => text(&profile.family_name),
        "given_name" => text(&profile.given_name),
        "middle_name" => text(&profile.middle_name),
        "gender" => text(&profile.gender),
        "birthdate" => text(&profile.birthdate),
        "zoneinfo" => text(&profile.zoneinfo),
        "locale" => text(person.locale.as_str()),
        "updated_at" => Some(json!(person.updated_at.seconds())),
        "email" => person
            .email
            .as_ref()
            .map(|email| json!(email.value.as_str())),
        "email_verified" => person.email.as_ref().map(|email| json!(email.confirmed)),
        "phone_number" => person
            .phone
            .as_ref()
            .map(|phone| json!(phone.value.as_str())),
        "phone_number_verified" => person.phone.as_ref().map(|phone| json!(phone.confirmed)),
        "address" => (!profile.address.is_empty()).then(|| {
            let address = &profile.address;
            let members = [
                ("formatted", address.formatted()),
                ("postal_code", address.postal_code.clone()),
                ("region", address.region.clone()),
                ("locality", address.locality.clone()),
                ("street_address", address.street_address.clone()),
                ("country", address.country.clone()),
            ];
            members
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .collect::<Map<_, _>>()
                .into()
        }),
        "snils" => person
            .snils
            .as_ref()
            .map(|snils| json!(snils.value.formatted())),
        "assurance_level" => Some(json!(person.level(now).as_str())),
        _ => None,
    }
}
