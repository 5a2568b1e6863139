//! Reading everything there is. Long lists come in portions, so that no other
//! question waits for them.

use std::collections::HashMap;

use serde_json::Value;

use super::Dossier;
use crate::account::Accounts;
use crate::account::person::Owner;
use crate::account::proofing::submission_field;
use crate::error::Result;
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::storage::HistoryFilter;
use crate::texts::{Lang, Texts};

/// Lines read at once.
const PORTION: i64 = 1000;

/// Something that was sent to prove who the person is.
pub struct Sent {
    /// `data`, `visit`, `letter` or `photographs`.
    pub channel: &'static str,
    pub at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub outcome: Option<String>,
    /// The data themselves, where they are kept.
    pub data: Option<Value>,
}

impl Accounts {
    pub(super) async fn gather(
        &self,
        owner: &Owner,
        texts: Texts,
        now: Timestamp,
    ) -> Result<Dossier> {
        let account = owner.id();
        let mut documents = Vec::new();
        for document in self.documents(account).await? {
            documents.extend(self.document(account, &document.id).await?);
        }
        let consents = self.storage.consents_of(account).await?;
        let mut support = Vec::new();
        for request in self.support_requests(account, now).await? {
            support.extend(self.support_thread(account, &request.number, now).await?);
        }
        let mut dossier = Dossier {
            made_at: now,
            person: self.person_of(owner).await?,
            esia_number: self.storage.find_oid(account).await?,
            agreements: self.storage.agreements_of(account).await?,
            documents,
            files: self.storage.files_of_account(account).await?,
            sites: HashMap::new(),
            consents,
            links: self.links(account).await?,
            factors: self.factors(account).await?,
            backup_codes: self.backup_codes_left(account).await?,
            recoveries: self.storage.recoveries_of(account).await?,
            appeals: self.storage.appeals_of(account).await?,
            trusted: self.all_trusted(owner).await?,
            notice_settings: owner.notice_settings()?,
            support,
            sessions: self.open_sessions(account, now).await?,
            devices: self.all_devices(account, PORTION, now).await?,
            browsers: self.told_browsers(account, None).await?,
            sent: self.sent(owner).await?,
            sign_ins: Vec::new(),
            journal: Vec::new(),
            notices: Vec::new(),
        };
        let part = |offset: usize| HistoryFilter {
            limit: PORTION,
            offset: i64::try_from(offset).unwrap_or(i64::MAX),
            ..HistoryFilter::default()
        };
        loop {
            let more = self.history(account, &part(dossier.sign_ins.len())).await?;
            if more.is_empty() {
                break;
            }
            dossier.sign_ins.extend(more);
        }
        loop {
            let part = part(dossier.journal.len());
            let more = self.journal(account, &part, false).await?;
            if more.is_empty() {
                break;
            }
            dossier.journal.extend(more);
        }
        loop {
            let offset = part(dossier.notices.len()).offset;
            let more = self.notices(account, texts, PORTION, offset).await?;
            if more.is_empty() {
                break;
            }
            dossier.notices.extend(more);
        }
        self.name_sites(&mut dossier, texts.lang()).await?;
        Ok(dossier)
    }

    /// What was sent last in each channel.
    async fn sent(&self, owner: &Owner) -> Result<Vec<Sent>> {
        let account = owner.id();
        let mut sent = Vec::new();
        if let Some(of) = self.storage.newest_submission(account).await? {
            let field = submission_field(&of.id);
            sent.push(Sent {
                channel: "data",
                at: of.created_at,
                closed_at: of.closed_at,
                outcome: of.outcome,
                data: Some(owner.key.open_json(&field, &of.data_sealed)?),
            });
        }
        if let Some(of) = self.storage.newest_visit(account).await? {
            sent.push(Sent {
                channel: "visit",
                at: of.created_at,
                closed_at: of.closed_at,
                outcome: of.outcome,
                data: None,
            });
        }
        if let Some(of) = self.storage.newest_letter(account).await? {
            let state = match (of.returned_at, of.posted_at) {
                (Some(_), _) => Some("returned"),
                (None, Some(_)) => Some("posted"),
                (None, None) => None,
            };
            sent.push(Sent {
                channel: "letter",
                at: of.ordered_at,
                closed_at: of.returned_at.or(of.posted_at),
                outcome: state.map(str::to_owned),
                data: None,
            });
        }
        if let Some(of) = self.storage.newest_photographs(account).await? {
            sent.push(Sent {
                channel: "photographs",
                at: of.created_at,
                closed_at: of.closed_at,
                outcome: of.outcome,
                data: None,
            });
        }
        Ok(sent)
    }

    async fn name_sites(&self, dossier: &mut Dossier, lang: Lang) -> Result<()> {
        let of_sessions = dossier.sessions.iter().flat_map(|session| &session.clients);
        let of_sign_ins = dossier
            .sign_ins
            .iter()
            .filter_map(|line| line.client.as_ref());
        let mut met: Vec<ClientId> = dossier
            .consents
            .iter()
            .map(|consent| &consent.client_id)
            .chain(of_sessions)
            .chain(of_sign_ins)
            .cloned()
            .collect();
        met.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        met.dedup();
        for id in met {
            let Some(record) = self.storage.find_client(&id).await? else {
                continue;
            };
            let client: Client = serde_json::from_str(&record.metadata)?;
            let name = match lang {
                Lang::Ru => client.name.ru,
                Lang::En => client.name.en,
            };
            dossier.sites.insert(id, name);
        }
        Ok(())
    }
}
