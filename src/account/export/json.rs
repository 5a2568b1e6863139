//! The dossier for programs. The keys are a contract: docs/export.md names
//! them, and what is renamed here gets another `format`.

use serde_json::{Value, json};

use super::{Dossier, given_by};
use crate::account::documents::{DocumentState, DocumentVersion};
use crate::account::journal::Actor;
use crate::account::person::Contact;
use crate::account::proofing::asserted::Channel;
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::storage::FileRecord;

/// The version of the keys.
const FORMAT: &str = "propusk-export-1";

impl Dossier {
    /// Everything as JSON.
    pub fn json(&self, issuer: &str) -> Value {
        json!({
            "format": FORMAT,
            "issuer": issuer,
            "made_at": time(self.made_at),
            "account": self.account(),
            "profile": self.person.profile,
            "contacts": self.contacts(),
            "agreements": self.agreements.iter().map(|one| json!({
                "document": one.document, "version": one.version,
                "accepted_at": time(one.accepted_at),
            })).collect::<Vec<_>>(),
            "evidence": self.person.evidence.iter().map(|one| json!({
                "source": one.source.as_str(), "given_by": given_by(one), "at": time(one.at),
                "expires_at": end(one.expires_at), "withdrawn_at": end(one.withdrawn_at),
            })).collect::<Vec<_>>(),
            "sent": self.sent.iter().map(|one| json!({
                "channel": one.channel, "at": time(one.at), "closed_at": end(one.closed_at),
                "outcome": one.outcome, "data": one.data,
            })).collect::<Vec<_>>(),
            "documents": self.documents.iter().map(|(document, before)| json!({
                "kind": document.kind.name,
                "current": version(&document.current),
                "replaced": before.iter().map(version).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "consents": self.consents(),
            "links": self.links.iter().map(|one| json!({
                "channel": match one.channel {
                    Channel::Bank => "bank",
                    Channel::Signature => "signature",
                },
                "issuer": one.issuer, "linked_at": time(one.linked_at),
            })).collect::<Vec<_>>(),
            "second_factors": self.factors.iter().map(|one| json!({
                "kind": one.kind.as_str(), "name": one.name, "added_at": time(one.added_at),
                "last_used_at": one.last_used_at.map(time),
            })).collect::<Vec<_>>(),
            "backup_codes_left": self.backup_codes,
            "recoveries": self.recoveries.iter().map(|one| json!({
                "contact": one.contact_kind, "begun_at": time(one.begun_at),
                "opens_at": time(one.opens_at), "cancelled_at": end(one.cancelled_at),
                "done_at": end(one.done_at),
            })).collect::<Vec<_>>(),
            "recovery_forms": self.appeals.iter().map(|one| json!({
                "number": one.number, "sent_at": time(one.created_at),
                "agreed_at": end(one.proposed_at), "confirmed_at": end(one.confirmed_at),
                "opens_at": end(one.opens_at), "closed_at": end(one.closed_at),
                "outcome": one.outcome,
            })).collect::<Vec<_>>(),
            "trusted_contacts": self.trusted.iter().map(|(contact, one)| json!({
                "contact": contact, "invited_at": time(one.invited_at),
                "confirmed_at": end(one.confirmed_at), "ended_at": end(one.ended_at),
            })).collect::<Vec<_>>(),
            "notice_settings": self.notice_settings,
            "support": self.support.iter().map(|one| json!({
                "number": one.request.number, "topic": one.request.topic,
                "created_at": time(one.request.created_at),
                "messages": one.messages.iter().map(|message| json!({
                    "at": time(message.at), "by_support": message.by_support,
                    "text": message.text,
                })).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "sessions": self.sessions.iter().map(|one| json!({
                "began_at": time(one.created_at), "last_seen_at": time(one.last_seen_at),
                "device": one.device_kind, "address": one.details.address,
                "os": one.details.os, "browser": one.details.browser,
                "sites": one.clients.iter().map(|id| self.site(id)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "devices": self.devices.iter().map(|one| json!({
                "known_since": time(one.known_since), "last_used_at": time(one.last_use),
                "device": one.kind, "os": one.details.os, "browser": one.details.browser,
                "rights": one.rights.as_str(), "trusted_until": one.trusted_until.map(time),
            })).collect::<Vec<_>>(),
            "notice_browsers": self.browsers.iter().map(|one| json!({
                "added_at": time(one.added_at), "device": one.device_kind,
                "os": one.details.os, "browser": one.details.browser,
                "address": one.details.address,
            })).collect::<Vec<_>>(),
            "sign_ins": self.sign_ins.iter().map(|one| json!({
                "at": time(one.at), "status": one.status.as_str(), "device": one.device_kind,
                "address": one.details.address, "os": one.details.os,
                "browser": one.details.browser, "agent": one.details.agent,
                "block_number": one.details.block_number, "methods": one.factors,
                "site": one.client.as_ref().map(|id| self.site(id)),
            })).collect::<Vec<_>>(),
            "journal": self.journal.iter().map(|one| json!({
                "at": time(one.at), "action": one.action, "subject": one.subject,
                "address": one.address,
                "actor": match &one.actor {
                    Actor::Citizen => json!("citizen"),
                    Actor::Operator => json!("operator"),
                    Actor::System => json!("system"),
                    Actor::Client(id) => self.site(id),
                },
            })).collect::<Vec<_>>(),
            "notices": self.notices.iter().map(|one| json!({
                "at": time(one.at), "kind": one.kind, "title": one.title, "text": one.body,
                "read": one.read,
            })).collect::<Vec<_>>(),
        })
    }

    fn account(&self) -> Value {
        let person = &self.person;
        json!({
            "created_at": time(person.created_at),
            "updated_at": time(person.updated_at),
            "language": person.locale.as_str(),
            "level": person.level(self.made_at).as_str(),
            "blocked": person.blocked,
            "esia_number": self.esia_number,
        })
    }

    fn contacts(&self) -> Value {
        fn shown<T>(
            kind: &str,
            contact: Option<&Contact<T>>,
            value: fn(&T) -> &str,
        ) -> Option<Value> {
            let contact = contact?;
            Some(json!({
                "kind": kind, "value": value(&contact.value), "confirmed": contact.confirmed,
            }))
        }
        let person = &self.person;
        [
            shown("phone", person.phone.as_ref(), |phone| phone.as_str()),
            shown("email", person.email.as_ref(), |email| email.as_str()),
            shown("snils", person.snils.as_ref(), |snils| snils.as_str()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn consents(&self) -> Value {
        let line = |one: &crate::storage::ConsentRecord| {
            json!({
                "site": self.site(&one.client_id),
                "asked": one.asked.split_whitespace().collect::<Vec<_>>(),
                "scopes": one.scopes.split_whitespace().collect::<Vec<_>>(),
                "claims": serde_json::from_str::<Value>(&one.claims).unwrap_or_default(),
                "given_at": time(one.given_at), "decided_at": time(one.decided_at),
                "expires_at": end(one.expires_at), "withdrawn_at": end(one.withdrawn_at),
                "last_used_at": end(one.last_used_at),
            })
        };
        self.consents.iter().map(line).collect()
    }

    fn site(&self, id: &ClientId) -> Value {
        json!({ "id": id, "name": self.sites.get(id) })
    }
}

fn version(one: &DocumentVersion) -> Value {
    json!({
        "added_at": time(one.added_at),
        "replaced_at": end(one.replaced_at),
        "data": one.data,
        "check": match &one.state {
            DocumentState::Unchecked => "unchecked",
            DocumentState::Waiting | DocumentState::InProgress => "under_way",
            DocumentState::Matched => "matched",
            DocumentState::Mismatch(_) => "mismatch",
            DocumentState::Unavailable => "unavailable",
        },
        "scans": one.scans.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(one: &FileRecord) -> Value {
    json!({
        "kind": one.kind, "media_type": one.media_type, "size": one.size,
        "added_at": time(one.created_at),
    })
}

/// RFC 3339 in UTC.
fn time(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.millis());
    at.map(|at| at.to_string()).unwrap_or_default()
}

fn end(at: Option<Timestamp>) -> Option<String> {
    at.map(time)
}
