//! `/rs/prns/{oid}`: what ESIA's dialect tells of a person, to whoever shows a
//! token of theirs. Fields and collections that a token has no scope for are
//! not there, or refused.

mod access;
mod documents;
mod elements;
mod organisation;
mod person;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Esia, permissions};
use crate::account::person::Person;
use crate::error::{Internal, Result};
use crate::model::scope::{OF_USR_INF, USR_INF};
use crate::model::timestamp::Timestamp;
use elements::{Collection, Element};

/// Why data are not told, with the code of ESIA.
#[derive(Debug)]
pub enum RsRefused {
    /// The token is not one, or not alive.
    InvalidToken,
    /// Its time is over.
    ExpiredToken,
    /// It has no scope for this, or is another person's.
    NotAllowed,
    /// An API key without a good signature of it.
    WrongSignature,
    /// Come back after so long.
    TooMany(Duration),
    /// There is no such thing.
    NotFound,
    /// Our own fault.
    Internal(Internal),
}

impl<E> From<E> for RsRefused
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Internal(Internal::from(error))
    }
}

impl RsRefused {
    /// `code` and `message`.
    pub const fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::InvalidToken => ("ESIA-005011", "SecurityErrorEnum.invalidToken"),
            Self::ExpiredToken => ("ESIA-005013", "SecurityErrorEnum.expiredToken"),
            Self::NotAllowed => ("ESIA-005029", "SecurityErrorEnum.scopeNotAllowed"),
            Self::WrongSignature => ("ESIA-007053", "OAuthErrorEnum.clientSecretWrong"),
            Self::TooMany(_) => ("ESIA-007008", "OAuthErrorEnum.temporarilyUnavailable"),
            Self::NotFound => ("ESIA-005002", "ResourceErrorEnum.notFound"),
            Self::Internal(_) => ("ESIA-005000", "ServerErrorEnum.internal"),
        }
    }
}

/// What is asked for.
pub struct Wanted<'a> {
    pub oid: i64,
    /// What stands behind the number in the path, without empty parts.
    pub rest: Vec<&'a str>,
    /// `embed`, as it came.
    pub embed: Option<&'a str>,
}

/// A JSON object to be sent.
pub struct Found {
    pub body: Value,
    /// The name and number of its schema, as ESIA calls them.
    pub schema: &'static str,
    /// Addresses of what belongs to it: relation, path, schema.
    pub links: Vec<(&'static str, String, &'static str)>,
}

/// Somebody's data, and what of them a token lets out.
struct Subject<'a> {
    esia: &'a Esia,
    person: Arc<Person>,
    oid: i64,
    scopes: Vec<String>,
    now: Timestamp,
}

impl Subject<'_> {
    fn has(&self, scope: &str) -> bool {
        let stands_for_it = |of: &str| of == USR_INF && OF_USR_INF.contains(&scope);
        self.scopes
            .iter()
            .any(|of| of == scope || stands_for_it(of))
    }

    fn url(&self, path: &str) -> String {
        self.esia
            .provider
            .url(&format!("/rs/prns/{}{path}", self.oid))
    }
}

impl Esia {
    /// Tells what is asked for, to who shows this access token.
    ///
    /// # Errors
    /// Why not.
    pub async fn resource(
        &self,
        token: Option<&str>,
        wanted: &Wanted<'_>,
        now: Timestamp,
    ) -> Result<Found, RsRefused> {
        let (grant, scopes, _) = self.accept(token, wanted.oid, now).await?;
        let person = self.provider.person(&grant.account_id).await?;
        let subject = Subject {
            esia: self,
            person: person.ok_or(RsRefused::InvalidToken)?,
            oid: wanted.oid,
            scopes,
            now,
        };
        let found = subject.find(wanted).await?;
        self.provider.claims.note_use(&grant.consent_id, now);
        Ok(found)
    }

    /// The scopes of the consents of the digital profile behind a token.
    ///
    /// # Errors
    /// Why they are not told.
    pub async fn permitted_scopes(
        &self,
        token: Option<&str>,
        oid: i64,
        now: Timestamp,
    ) -> Result<Value, RsRefused> {
        let (_, _, permissions) = self.accept(token, oid, now).await?;
        let scopes = permissions::scopes_of(&permissions);
        let elements: Vec<Value> = scopes
            .into_iter()
            .map(|scope| json!({ "sysname": scope }))
            .collect();
        Ok(json!({ "elements": elements }))
    }
}

impl Subject<'_> {
    async fn find(&self, wanted: &Wanted<'_>) -> Result<Found, RsRefused> {
        match wanted.rest.as_slice() {
            [] => self.whole(wanted.embed).await,
            [name] => {
                let collection = Collection::find(name).ok_or(RsRefused::NotFound)?;
                let elements = self.elements(collection).await?;
                let embed = wanted.embed.is_some_and(|embed| embeds(embed, "elements"));
                Ok(Found {
                    body: self.collected(collection, &elements, embed),
                    schema: collection.schema,
                    links: Vec::new(),
                })
            }
            [name, id] => {
                let collection = Collection::find(name).ok_or(RsRefused::NotFound)?;
                let elements = self.elements(collection).await?;
                let element = elements
                    .into_iter()
                    .find(|element| element.id.to_string() == *id);
                Ok(Found {
                    body: element.ok_or(RsRefused::NotFound)?.body,
                    schema: collection.element_schema,
                    links: Vec::new(),
                })
            }
            _ => Err(RsRefused::NotFound),
        }
    }

    /// The person, with what is to be put inside.
    async fn whole(&self, embed: Option<&str>) -> Result<Found, RsRefused> {
        let mut body = self.own_fields();
        if self.has("fullname") {
            let states = self.under_way().await?;
            body.extend(states.map(|(name, state)| (name.to_owned(), json!(state))));
        }
        let mut links = Vec::new();
        for collection in elements::COLLECTIONS {
            links.push((
                collection.relation,
                self.url(&format!("/{}", collection.path)),
                collection.schema,
            ));
            let inside = format!("{}.elements", collection.relation);
            if !embed.is_some_and(|embed| embeds(embed, &inside)) {
                continue;
            }
            // What there is no scope for is left out of a whole.
            let elements = match self.elements(collection).await {
                Ok(elements) => elements,
                Err(RsRefused::NotAllowed) => continue,
                Err(other) => return Err(other),
            };
            let collected = self.collected(collection, &elements, true);
            body.insert(collection.relation.to_owned(), collected);
        }
        Ok(Found {
            body: tagged("EntityRoot", body),
            schema: "prn/Person-3",
            links,
        })
    }

    fn collected(&self, collection: &Collection, elements: &[Element], embed: bool) -> Value {
        let listed: Vec<Value> = elements
            .iter()
            .map(|element| match embed || collection.always_inside {
                true => element.body.clone(),
                false => json!(self.url(&format!("/{}/{}", collection.path, element.id))),
            })
            .collect();
        let mut body = Map::new();
        body.insert("size".to_owned(), json!(listed.len()));
        body.insert("elements".to_owned(), json!(listed));
        tagged("hasSize", body)
    }
}

/// Whether `embed=(a.elements-1,b.elements)` names this; versions do not
/// matter.
fn embeds(embed: &str, name: &str) -> bool {
    embed
        .trim_matches(['(', ')'])
        .split(',')
        .map(|part| part.trim())
        .map(|part| part.split_once('-').map_or(part, |(name, _)| name))
        .any(|part| part == name)
}

/// An object with its state and its tag: forty digits that change with it.
fn tagged(state: &str, mut body: Map<String, Value>) -> Value {
    body.insert("stateFacts".to_owned(), json!([state]));
    let text = Value::Object(body.clone()).to_string();
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let tag: String = digest.as_ref()[..20]
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    body.insert("eTag".to_owned(), json!(tag));
    Value::Object(body)
}

/// A date as ESIA writes it, from `YYYY-MM-DD`.
fn date(text: &str) -> Option<String> {
    let date: jiff::civil::Date = text.parse().ok()?;
    Some(date.strftime("%d.%m.%Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn embedding_is_read_with_and_without_versions() {
        let embed = "(contacts.elements-1,documents.elements)";
        assert!(embeds(embed, "contacts.elements"));
        assert!(embeds(embed, "documents.elements"));
        assert!(!embeds(embed, "addresses.elements"));
        assert!(embeds("(elements)", "elements") && embeds("elements", "elements"));
        assert!(!embeds("(contacts.elements)", "elements"));
    }

    #[test]
    fn tags_change_with_what_they_are_of() {
        let body = |value: u8| Map::from_iter([("value".to_owned(), json!(value))]);
        let tag = |value| {
            tagged("x", body(value))["eTag"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(tag(1).len(), 40);
        assert_eq!(tag(1), tag(1));
        assert_ne!(tag(1), tag(2));
    }
}
