//! Tables of what happened: sessions, sign-ins, the journal, notices, access
//! recovered.

use super::super::{actions, words};
use super::Words;
use crate::account::export::pdf::Section;
use crate::account::journal::{Actor, JournalLine};
use crate::texts::key;

impl Words<'_> {
    pub(super) fn recoveries(&self) -> Section {
        let rows = self.dossier.recoveries.iter().map(|one| {
            vec![
                self.at(one.begun_at),
                self.at(one.opens_at),
                self.end(one.cancelled_at),
                self.end(one.done_at),
            ]
        });
        let columns = [
            (key("export-began"), 1.0),
            (key("export-opens"), 1.0),
            (key("export-cancelled"), 1.0),
            (key("export-done"), 1.0),
        ];
        self.table(key("export-recoveries"), &columns, rows.collect())
    }

    pub(super) fn appeals(&self) -> Section {
        let rows = self.dossier.appeals.iter().map(|one| {
            vec![
                one.number.clone(),
                self.at(one.created_at),
                self.end(one.confirmed_at),
                self.end(one.opens_at),
                self.end(one.closed_at),
            ]
        });
        let columns = [
            (key("export-appeal-number"), 1.0),
            (key("export-began"), 1.0),
            (key("export-agreed"), 1.0),
            (key("export-opens"), 1.0),
            (key("export-closed"), 1.0),
        ];
        self.table(key("export-appeals"), &columns, rows.collect())
    }

    pub(super) fn trusted(&self) -> Section {
        let rows = self.dossier.trusted.iter().map(|(contact, one)| {
            vec![
                contact.clone(),
                self.at(one.invited_at),
                self.end(one.confirmed_at),
                self.end(one.ended_at),
            ]
        });
        let columns = [
            (key("export-whom"), 1.0),
            (key("export-began"), 1.0),
            (key("export-agreed"), 1.0),
            (key("export-closed"), 1.0),
        ];
        self.table(key("export-trusted"), &columns, rows.collect())
    }

    pub(super) fn sessions(&self) -> Section {
        let rows = self.dossier.sessions.iter().map(|one| {
            let sites: Vec<String> = one.clients.iter().map(|id| self.site(id)).collect();
            vec![
                self.at(one.created_at),
                self.at(one.last_seen_at),
                words::device_kind(self.texts, &one.device_kind),
                words::agent(self.texts, &one.details),
                one.details.address.clone(),
                sites.join(", "),
            ]
        });
        let columns = [
            (key("export-began"), 1.5),
            (key("export-last-use"), 1.5),
            (key("history-device"), 1.2),
            (key("history-browser"), 2.0),
            (key("history-address"), 1.5),
            (key("history-site"), 2.0),
        ];
        self.table(key("export-sessions"), &columns, rows.collect())
    }

    pub(super) fn devices(&self) -> Section {
        let devices = self.dossier.devices.iter();
        let rows = devices.map(|one| {
            vec![
                self.at(one.known_since),
                self.at(one.last_use),
                words::device_kind(self.texts, &one.kind),
                words::agent(self.texts, &one.details),
                words::device_rights(self.texts, one.rights),
            ]
        });
        let columns = [
            (key("export-began"), 1.5),
            (key("export-last-use"), 1.5),
            (key("history-device"), 1.2),
            (key("history-browser"), 2.0),
            (key("devices-rights"), 1.8),
        ];
        self.table(key("export-devices"), &columns, rows.collect())
    }

    pub(super) fn browsers(&self) -> Section {
        let rows = self.dossier.browsers.iter().map(|one| {
            vec![
                self.at(one.added_at),
                words::device_kind(self.texts, &one.device_kind),
                words::agent(self.texts, &one.details),
                one.details.address.clone(),
            ]
        });
        let columns = [
            (key("export-began"), 1.5),
            (key("history-device"), 1.2),
            (key("history-browser"), 2.0),
            (key("history-address"), 1.5),
        ];
        self.table(key("export-browsers"), &columns, rows.collect())
    }

    pub(super) fn sign_ins(&self) -> Section {
        let rows = self.dossier.sign_ins.iter().map(|one| {
            vec![
                self.at(one.at),
                words::status(self.texts, one.status),
                one.details.address.clone(),
                words::device_kind(self.texts, &one.device_kind),
                words::agent(self.texts, &one.details),
                words::factors(self.texts, &one.factors),
                one.client
                    .as_ref()
                    .map(|id| self.site(id))
                    .unwrap_or_default(),
            ]
        });
        let columns = [
            (key("history-when"), 1.7),
            (key("history-status"), 1.2),
            (key("history-address"), 1.4),
            (key("history-device"), 1.2),
            (key("history-browser"), 2.0),
            (key("history-factors"), 1.4),
            (key("history-site"), 1.6),
        ];
        self.table(key("export-sign-ins"), &columns, rows.collect())
    }

    pub(super) fn journal(&self) -> Section {
        let rows = self.dossier.journal.iter().map(|one| {
            vec![
                self.at(one.at),
                actions::title(self.texts, &one.action),
                actions::subject(self.texts, one).unwrap_or_default(),
                self.actor(one),
                one.address.clone().unwrap_or_default(),
            ]
        });
        let columns = [
            (key("journal-when"), 1.6),
            (key("journal-action"), 2.2),
            (key("journal-subject"), 2.6),
            (key("journal-actor"), 1.6),
            (key("history-address"), 1.4),
        ];
        self.table(key("export-journal"), &columns, rows.collect())
    }

    fn actor(&self, line: &JournalLine) -> String {
        match &line.actor {
            Actor::Citizen if actions::is_failed_try(&line.action) => self.texts.t("actor-unknown"),
            Actor::Citizen => self.texts.t("actor-citizen"),
            Actor::System => self.texts.t("actor-system"),
            Actor::Operator => self.texts.t("actor-operator"),
            Actor::Client(client) => self.site(client),
        }
    }

    pub(super) fn notices(&self) -> Section {
        let rows = self
            .dossier
            .notices
            .iter()
            .map(|one| vec![self.at(one.at), one.title.clone(), one.body.clone()]);
        let columns = [
            (key("export-when"), 1.0),
            (key("export-what"), 1.6),
            (key("export-text"), 4.0),
        ];
        self.table(key("export-notices"), &columns, rows.collect())
    }
}
