//! A real registry behind HTTP. A question is
//! `POST {url}/{registry}/checks` with a bearer token and JSON of exactly the
//! attributes that registry compares; the answer is `{"mismatch": []}` for a
//! match, or the names of the attributes that are otherwise there. `id` and
//! `Idempotency-Key` are the same at every repeat. docs/registry.md has the
//! whole contract.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{DocumentQuestion, Mismatch, Question, Registry, RegistryRow, Unavailable};
use crate::account::documents::FIELDS;
use crate::account::proofing::PersonalData;
use crate::clock::Clock;
use crate::egress::{Egress, EgressSettings};
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::secret;

/// After so many failures in a row the registry is left alone for a while.
const FAILURES: u32 = 5;
const REST: Duration = Duration::from_secs(30);

/// Section `[registry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpRegistrySettings {
    /// Where questions are posted, without a slash at the end.
    pub url: String,
    /// The bearer token, here or in a file.
    pub token: Option<Secret>,
    /// A file that holds the bearer token.
    pub token_file: Option<PathBuf>,
    /// Our certificate with its chain, PEM, for a registry that asks for one
    /// (mutual TLS); read at start, like its key.
    pub client_certificate_file: Option<PathBuf>,
    /// The key of that certificate, PEM.
    pub client_key_file: Option<PathBuf>,
    /// Whether it stands in a private network; without TLS it must.
    #[serde(default)]
    pub allow_private: bool,
    /// Seconds an answer may take.
    #[serde(default = "ten")]
    pub timeout_seconds: u64,
}

const fn ten() -> u64 {
    10
}

impl HttpRegistrySettings {
    /// Certificate and key in one text.
    fn identity(&self) -> Result<Option<Secret>> {
        let read = |key: &str, file: &Option<PathBuf>| secret(key, None, file.as_deref());
        let certificate = read("registry.client_certificate", &self.client_certificate_file)?;
        let key = read("registry.client_key", &self.client_key_file)?;
        match (certificate, key) {
            (Some(certificate), Some(key)) => {
                let both = format!("{}\n{}\n", certificate.expose(), key.expose());
                Ok(Some(Secret::new(both)))
            }
            (None, None) => Ok(None),
            _ => Err(Internal::new(
                "give registry.client_certificate_file and registry.client_key_file, or neither",
            )),
        }
    }
}

/// Registries behind one gateway.
pub struct HttpRegistry {
    url: String,
    token: Option<Secret>,
    egress: Egress,
    clock: Clock,
    breakers: Mutex<HashMap<&'static str, Breaker>>,
}

/// Leaves a registry alone that fails again and again: it recovers sooner, and
/// nobody's time is spent on waiting for it.
#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    closed_until: Option<Timestamp>,
}

impl HttpRegistry {
    /// Prepares the adapter with a door of its own.
    ///
    /// # Errors
    /// When a file of the settings is bad.
    pub fn new(
        settings: &HttpRegistrySettings,
        base: &EgressSettings,
        clock: Clock,
    ) -> Result<Self> {
        let mut door = base.clone();
        door.timeout = Duration::from_secs(settings.timeout_seconds);
        if settings.allow_private {
            door.open_private_networks();
        }
        door.identity_pem = settings.identity()?;
        Ok(Self {
            url: settings.url.trim_end_matches('/').to_owned(),
            token: secret(
                "registry.token",
                settings.token.as_ref(),
                settings.token_file.as_deref(),
            )?,
            egress: Egress::new(door)?,
            clock,
            breakers: Mutex::default(),
        })
    }

    /// Posts a question to one registry; gives what `read` makes of the answer.
    async fn post<T>(
        &self,
        registry: &'static str,
        id: &str,
        body: Value,
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Result<T, Unavailable> {
        if !self.may_ask(registry) {
            return Err(Unavailable("left alone after many failures".to_owned()));
        }
        let url = format!("{}/{registry}/checks", self.url);
        let key = [("Idempotency-Key", id)];
        let answer = self
            .egress
            .post_json(&url, self.token.as_ref(), body.to_string(), &key)
            .await
            .map_err(|refused| Unavailable(refused.to_string()))
            .and_then(|answer| {
                if !answer.is_success() {
                    return Err(Unavailable(format!("it answered {}", answer.status)));
                }
                read(&answer.body)
                    .ok_or_else(|| Unavailable("its answer is not of the contract".to_owned()))
            });
        self.note(registry, answer.is_ok());
        answer
    }

    fn may_ask(&self, registry: &str) -> bool {
        let breakers = self.breakers();
        let closed_until = breakers.get(registry).and_then(|one| one.closed_until);
        closed_until.is_none_or(|until| self.clock.now() >= until)
    }

    fn note(&self, registry: &'static str, answered: bool) {
        let mut breakers = self.breakers();
        if answered {
            breakers.remove(registry);
            return;
        }
        let breaker = breakers.entry(registry).or_default();
        breaker.failures += 1;
        if breaker.failures >= FAILURES {
            breaker.closed_until = Some(self.clock.now().plus(REST));
        }
    }

    fn breakers(&self) -> MutexGuard<'_, HashMap<&'static str, Breaker>> {
        self.breakers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Registry for HttpRegistry {
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Result<Mismatch, Unavailable>> {
        Box::pin(async move {
            let registry = question.registry;
            let answer = |answer: &[u8]| read(registry, answer);
            self.post(registry.name, question.id, body(&question), answer)
                .await
        })
    }

    fn ask_document<'a>(
        &'a self,
        question: DocumentQuestion<'a>,
    ) -> BoxFuture<'a, Result<Vec<&'static str>, Unavailable>> {
        Box::pin(async move {
            let (holder, data) = (question.holder, question.data);
            let body = json!({
                "id": question.id,
                "kind": question.kind,
                "family_name": holder.family_name,
                "given_name": holder.given_name,
                "middle_name": holder.middle_name,
                "birth_date": holder.birthdate,
                "number": data.number,
                "issued_on": data.issued_on,
                "issued_by": data.issued_by,
                "expires_on": data.expires_on,
            });
            self.post("documents", question.id, body, read_document)
                .await
        })
    }
}

/// An answer about a document, as strict as [`read`].
fn read_document(body: &[u8]) -> Option<Vec<&'static str>> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    let known = |name: &String| FIELDS.into_iter().find(|field| field == name);
    answer.mismatch.iter().map(known).collect()
}

#[derive(Deserialize)]
struct Answer {
    mismatch: Vec<String>,
}

/// Only what this registry compares leaves the house.
fn body(question: &Question<'_>) -> Value {
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(question.id));
    for attribute in question.registry.compares {
        let value = value(*attribute, question.data);
        body.insert(attribute.as_str().to_owned(), value);
    }
    Value::Object(body)
}

fn value(attribute: Attribute, data: &PersonalData) -> Value {
    let profile = &data.profile;
    match attribute {
        Attribute::FamilyName => json!(profile.family_name),
        Attribute::GivenName => json!(profile.given_name),
        Attribute::MiddleName => json!(profile.middle_name),
        Attribute::BirthDate => json!(profile.birthdate),
        Attribute::Sex => json!(profile.gender),
        Attribute::Snils => json!(data.snils.as_str()),
        Attribute::Passport => profile.passport.as_ref().map_or(Value::Null, |passport| {
            json!({
                "series": passport.series,
                "number": passport.number,
                "issued_on": passport.issued_on,
                "department_code": passport.department_code,
            })
        }),
        Attribute::Inn => json!(profile.inn.as_ref().map(|inn| inn.as_str())),
    }
}

/// An answer that names what was not asked is no answer.
fn read(registry: &RegistryRow, body: &[u8]) -> Option<Mismatch> {
    let answer: Answer = serde_json::from_slice(body).ok()?;
    answer
        .mismatch
        .iter()
        .map(|name| Attribute::parse(name).filter(|name| registry.compares.contains(name)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::find_registry;
    use super::*;

    #[test]
    fn only_answers_of_the_contract_count() {
        let passports = find_registry("passports").unwrap();
        assert_eq!(read(passports, br#"{"mismatch":[]}"#), Some(vec![]));
        assert_eq!(
            read(passports, br#"{"mismatch":["passport","sex"]}"#),
            Some(vec![Attribute::Passport, Attribute::Sex])
        );
        for wrong in [
            &b"{}"[..],
            b"",
            b"[]",
            br#"{"mismatch":true}"#,
            br#"{"mismatch":["snils"]}"#,
            br#"{"mismatch":["rank"]}"#,
            b"<html>",
        ] {
            assert_eq!(read(passports, wrong), None);
            assert_eq!(read_document(wrong), None);
        }
        let answer = read_document(br#"{"mismatch":["number"]}"#);
        assert_eq!(answer, Some(vec!["number"]));
    }
}
